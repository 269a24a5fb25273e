"""Finding: indicators for one project in five ways, and what the sheets propose to the library."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.kit.web import asking
from jixiao.kit.web.acts import SignedIn, find, pressed, token
from jixiao.kit.web.pages import render
from jixiao.registers.subjects.models import SubjectYear

from .. import actions
from ..learning import put_forward
from ..models import Entry
from ..observing import library_rules
from ..suggesting import suggestions

SHOWN = 60


def for_subject(request: SignedIn, pk: int) -> HttpResponse:
    """The five groups for a project, each entry with the reason and the standard."""
    subject: SubjectYear = find(SubjectYear.objects, request, pk)
    words = asking.text(request.GET, "q")
    groups = suggestions(request.actor, subject, asked=words)
    context = {
        "subject": subject,
        "groups": groups,
        "asked": words,
        "count": len({one.entry.pk for group in groups for one in group.suggestions}),
        "empty": not Entry.objects.visible_to(request.actor).exists(),
    }
    return render(request, "indicators/for_subject.html", context)


def proposals(request: SignedIn) -> HttpResponse:
    """What approved and evaluated sheets put forward, other wordings under one name."""
    rules = library_rules(request.actor.region, request.shell.year)
    found = put_forward(request.actor.region, rules.seen_in)
    waiting = Entry.objects.visible_to(request.actor).filter(state="proposed", variant_of=None)
    context = {
        "clusters": found[:SHOWN],
        "more": max(len(found) - SHOWN, 0),
        "many": sum(bool(one.variants) for one in found),
        "proposed": list(waiting.exclude(provenance="learned").order_by("-pk")[:SHOWN]),
        "seen_in": rules.seen_in,
        "token": token(),
    }
    return render(request, "indicators/proposals.html", context)


@require_POST
def gather(request: SignedIn, pk: int) -> HttpResponse:
    """Put the ticked wordings under this entry."""
    leader: Entry = find(Entry.objects, request, pk)
    variants = Entry.objects.visible_to(request.actor).filter(pk__in=asking.keys(request.POST, "variant"))

    def act(spent: str) -> str:
        count = actions.gather(leader, list(variants), request.actor, token=spent)
        return f"{count} 个写法归入“{leader.name}”"

    return pressed(request, act, reverse("indicator-proposals"))
