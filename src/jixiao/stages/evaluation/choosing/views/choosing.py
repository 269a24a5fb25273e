"""选评 pages: the ranked candidates of an 评价方式, one candidate with its mark explained, and what is decided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Refused
from jixiao.domain.vocabulary import EvaluationMethod, SubjectKind
from jixiao.kit import xlsx
from jixiao.kit.acting import Repeated, Stale, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.asking import keys, number, text
from jixiao.kit.web.history import steps_of
from jixiao.kit.web.pages import render
from jixiao.kit.web.saving import saved, version_of
from jixiao.policies import for_region
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..forms import DescribeForm, ReasonForm
from ..models import Choice, Profile
from ..reports import lists
from ..reports.finding import Candidate, candidates, object_year_of
from ..reports.hits import unexamined
from ..rules import KINDS, WHO, ChoosingRules, may_choose, may_describe
from ..workflow import State

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
METHODS = tuple(WHO)
DONE = {
    "choose": "已选定 {} 个",
    "reject": "已记下不选 {} 个",
    "start": "已为 {} 个对象开展评价，列在“部门与财政评价”里",
}


def _where(request: SignedIn, asked: Any) -> actions.Where:
    """Work year, evaluated year and 评价方式 that a page is asked for; the role's own method is the default."""
    own = EvaluationMethod.DEPARTMENT if request.actor.role is Role.DEPARTMENT else EvaluationMethod.KEY
    said = text(asked, "method")
    method = next((one for one in METHODS if one.value == said), own)
    year = request.shell.year
    usual = object_year_of(request.actor.region, year)
    object_year = number(asked, "object_year", usual)
    return actions.Where(year, object_year if year - 5 <= object_year <= year else usual, method)


def _found(actor: Actor, where: actions.Where) -> list[Candidate]:
    return candidates(actor, where.year, where.object_year, where.method, for_region(actor.region, where.year))


def choosing(request: SignedIn) -> HttpResponse:
    """The candidates, best mark first; who chooses has boxes and buttons."""
    return _page(request, _where(request, request.GET))


def _page(request: SignedIn, where: actions.Where, form: ReasonForm | None = None, status: int = 200) -> HttpResponse:
    policy = for_region(request.actor.region, where.year)
    found = _found(request.actor, where)
    shown = lists.asked_for(found, request.GET)
    part = lists.sliced(shown, request.GET)
    states = [lists.standing(one) for one in found]
    border = policy.provenance(ChoosingRules.section, "weights")
    context = {
        "where": where,
        "methods": [(one.value, one.label) for one in METHODS],
        "years": [(str(year), f"{year} 年") for year in range(where.year - 5, where.year + 1)],
        "kinds": [(kind.value, kind.label) for kind in SubjectKind if kind in KINDS[where.method]],
        "states": lists.STATES[1:],
        "asked": {name: text(request.GET, name) for name in ("q", "kind", "state", "suggested")},
        "count": len(found),
        "chosen": sum(state in (State.CHOSEN, State.OPENED) for state in states),
        "opened": states.count(State.OPENED),
        "suggested": sum(one.suggested for one in found),
        "listed": part,
        "rows": [(one, lists.candidate_row(one, where.method, where.object_year)) for one in part.rows],
        "columns": lists.COLUMNS,
        "may": may_choose(request.actor, where.method),
        "unexamined": unexamined(request.actor, where.year),
        "examines": request.actor.role is Role.PERFORMANCE_OFFICE,
        "form": form or ReasonForm(),
        "ticked": set(keys(request.POST, "candidate")),
        "rules": policy.section(ChoosingRules),
        "source": f"{border.source}{'，分值为推断' if border.guess else ''}",
        "token": token(),
    }
    return render(request, "choosing/candidates.html", context, status=status)


@require_POST
def decide(request: SignedIn) -> HttpResponse:
    """Choose, do not choose, or open what is chosen: several candidates at once, all or none."""
    where, form, verb = _where(request, request.POST), ReasonForm(request.POST), text(request.POST, "verb")
    if verb not in DONE:
        raise Http404
    if not form.is_valid():
        return _page(request, where, form, 422)
    versions = {key: number(request.POST, f"version-{key}", 0) for key in keys(request.POST, "candidate")}
    back = f"{reverse('choosing')}?method={where.method.value}&object_year={where.object_year}"
    reason, spent = form.cleaned_data["reason"], request.POST.get("token", "")
    try:
        if verb == "start":
            count = actions.start(request.actor, where, versions, timezone.localdate(), token=spent)
        else:
            count = actions.choose(request.actor, where, versions, chosen=verb == "choose", reason=reason, token=spent)
        messages.success(request, DONE[verb].format(count))
    except Repeated as repeated:
        messages.info(request, f"{DONE[verb].format(repeated.answer['count'])}，没有重复办理")
    except Stale as stale:
        context = {"who": stale.who, "at": stale.at, "differences": [("理由", stale.stands, reason)], "reload": back}
        return render(request, "409.html", context, status=409)
    except (Refused, TokenReused) as refused:
        form.add_error(None, str(refused))
        return _page(request, where, form, 422)
    return htmx.redirect(request, back)


@require_safe
def table(request: SignedIn) -> HttpResponse:
    """The candidates as Excel, as the list is filtered."""
    where = _where(request, request.GET)
    rows = lists.asked_for(_found(request.actor, where), request.GET)
    response = HttpResponse(xlsx.write(lists.TABLE, lists.table_rows(rows)), content_type=XLSX)
    name = f"{where.year}年{where.method.label}候选对象.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def candidate(request: SignedIn, pk: int) -> HttpResponse:
    """One candidate: its mark with every part, what is known of it, and what was decided in the work year."""
    return _candidate_page(request, find(SubjectYear.objects, request, pk))


def _candidate_page(
    request: SignedIn, subject: SubjectYear, typed: DescribeForm | None = None, status: int = 200
) -> HttpResponse:
    asked = _where(request, request.GET)
    where = actions.Where(asked.year, subject.year, asked.method)
    one = next((found for found in _found(request.actor, where) if found.subject.pk == subject.pk), None)
    profile = Profile.objects.filter(subject_year=subject).first()
    choices = Choice.objects.visible_to(request.actor).filter(subject_year=subject).order_by("-year", "method")
    context = {
        "subject": subject,
        "where": where,
        "one": one,
        "profile": profile,
        "form": typed or (_stands(profile) if may_describe(request.actor) else None),
        "typed_version": version_of(request) if typed else (profile.version if profile else 0),
        "choices": [(choice, steps_of(choice)) for choice in choices],
        "token": token(),
    }
    return render(request, "choosing/candidate.html", context, status=status)


def _stands(profile: Profile | None) -> DescribeForm:
    names = ("concern_basis", "reach", "first_year", "last_year")
    initial = {name: getattr(profile, name) for name in names} if profile else {}
    return DescribeForm(initial={**initial, "concern": str(profile.concern or "") if profile else ""})


@require_POST
def describe(request: SignedIn, pk: int) -> HttpResponse:
    """Save 选评信息; what cannot be saved comes back with its text."""
    subject = find(SubjectYear.objects, request, pk)
    form = DescribeForm(request.POST)

    def save(**proof: Any) -> Profile:
        return actions.describe(subject, request.actor, form.said(), **proof)

    def again(status: int) -> HttpResponse:
        return _candidate_page(request, subject, form, status)

    stored = _stands(Profile.objects.filter(subject_year=subject).first())
    back = reverse("choosing-candidate", args=[pk])
    return saved(request, form, save, again, back, "已保存选评信息", stored)
