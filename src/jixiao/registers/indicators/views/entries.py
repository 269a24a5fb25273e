"""One entry: what it says, its standards, what was observed of it, its versions; proposed, edited, moved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from jixiao.domain.decisions import Refused
from jixiao.kit.acting import Repeated, Stale, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, begun, buttons, find, take_move, token
from jixiao.kit.web.asking import number
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..distribution import sentence, usual
from ..forms import EntryForm
from ..models import CONTENT, Entry
from ..observing import distributions, library_rules, samples
from ..rules import may_propose

SHEETS = 12
GROUP_COLUMNS = (
    Shown("label", "分组"),
    Shown("count", "观测数", "integer"),
    Shown("targets", "指标值通常"),
    Shown("actuals", "完成值通常"),
)


def entry(request: SignedIn, pk: int) -> HttpResponse:
    """One entry of the library."""
    found: Entry = find(Entry.objects.select_related("document", "variant_of"), request, pk)
    rules = library_rules(request.actor.region, request.shell.year)
    listed = samples(found, request.actor)
    usually = usual((sample.actual or sample.target for sample in listed), rules, found.unit)
    used = SubjectYear.objects.visible_to(request.actor).filter(observations__entry=found).distinct()
    context = {
        "entry": found,
        "standards": list(found.standards.order_by("kind", "id")),
        "usual": sentence(usually),
        "count": len(listed),
        "rules": rules,
        "groups": {name: _rows(groups) for name, groups in distributions(found, listed, rules).items()},
        "columns": GROUP_COLUMNS,
        "sheets": list(used.order_by("-year", "code")[:SHEETS]),
        "variants": list(found.variants.order_by("name")),
        "edits": list(found.edits.order_by("-no")),
        "changes": _changes(found),
        "steps": steps_of(found),
        "editable": actions.editable(found, request.actor),
        **buttons(request, found),
    }
    return render(request, "indicators/entry.html", context)


def _rows(groups: list[Any]) -> list[dict[str, Any]]:
    """Groups as a table shows them; with too few numbers it says so."""
    few = "数值太少"
    return [
        {
            "label": group.label,
            "count": group.count,
            "targets": group.targets.words if group.targets else few,
            "actuals": group.actuals.words if group.actuals else few,
        }
        for group in groups
    ]


def _changes(found: Entry) -> dict[int, list[tuple[str, str, str]]]:
    """What each version changed against the one before: field, before, after."""
    names = {f.name: str(f.verbose_name) for f in Entry._meta.concrete_fields if f.name in CONTENT}
    names["standards"] = "标准"
    told: dict[int, list[tuple[str, str, str]]] = {}
    before: dict[str, Any] = {}
    for version in found.edits.order_by("no"):
        if before:
            told[version.no] = [
                (label, _said(before.get(name)), _said(version.content.get(name)))
                for name, label in names.items()
                if before.get(name) != version.content.get(name)
            ]
        before = version.content
    return told


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "；".join(" ".join(part for part in parts[1:] if part) for parts in value)
    return str(value or "")


def propose(request: SignedIn) -> HttpResponse:
    """Propose a new entry."""
    may_propose(request.actor).demand()
    form = EntryForm(None, request.POST if request.method == "POST" else None)
    answer = begun(
        request,
        form,
        lambda spent: actions.propose(request.actor, form.entry_values(), form.standards(), token=spent),
        lambda key: reverse("indicator", args=[key]),
        lambda _: "已申报，待绩效股审核入库",
    )
    if answer:
        return answer
    context = {"entry": None, "form": form, "token": token(), "version": None}
    context["action"] = reverse("indicator-propose")
    return render(request, "indicators/form.html", context, status=422 if form.errors else 200)


def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Edit an entry as a new version; what cannot be saved comes back with its text."""
    found: Entry = find(Entry.objects, request, pk)
    back = reverse("indicator", args=[pk])
    decision = actions.editable(found, request.actor)
    if not decision:
        messages.error(request, "；".join(decision.reasons))
        return htmx.redirect(request, back)
    form = EntryForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid() and (answer := _save(request, found, form, back)):
        return answer
    context = {"entry": found, "form": form, "token": token(), "action": reverse("indicator-edit", args=[pk])}
    # What was typed was typed against the version that was seen, not against the one that stands now.
    context["version"] = number(request.POST, "version", found.version)
    return render(request, "indicators/form.html", context, status=422 if form.errors else 200)


def _save(request: SignedIn, found: Entry, form: EntryForm, back: str) -> HttpResponse | None:
    """The answer to a valid form; None if it was refused, with the reasons in the form."""
    said, reason = (form.entry_values(), form.standards()), form.cleaned_data["reason"]
    version, sent = number(request.POST, "version", 0), request.POST.get("token", "")
    try:
        actions.edit(found, request.actor, *said, version=version, reason=reason, token=sent)
        messages.success(request, "已保存为新的一版")
    except Repeated:
        messages.info(request, "这份内容已经保存过，没有重复保存")
    except Stale as stale:
        found.refresh_from_db()
        context = {"who": stale.who, "at": stale.at, "differences": _differences(found, form), "reload": back}
        return render(request, "409.html", context, status=409)
    except (Refused, TokenReused) as refused:
        form.add_error(None, str(refused))
        return None
    return htmx.redirect(request, back)


def _differences(found: Entry, form: EntryForm) -> list[tuple[str, Any, Any]]:
    """Where the loser's text differs from what stands now."""
    typed = form.entry_values()
    return [
        (str(form.fields[name].label), getattr(found, name), typed[name])
        for name in CONTENT
        if getattr(found, name) != typed[name]
    ]


def move(request: SignedIn, pk: int) -> HttpResponse:
    """Take a step with an entry: into the library, out of it."""
    return take_move(request, Entry.objects, pk, reverse("indicator", args=[pk]))
