"""制度库: the region's 1+N documents, and which rules rest on them."""

from __future__ import annotations

from django.http import HttpResponse

from jixiao.kit.web import asking
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.pages import render
from jixiao.policies import for_region
from jixiao.registers.parameters.names import key_name, section_name

from .citations import citations
from .models import Document


def documents(request: SignedIn) -> HttpResponse:
    """The year's documents with the rules that cite them, and cited documents that the register lacks."""
    year, region = request.shell.year, request.actor.region
    known = list(Document.objects.visible_to(request.actor).filter(year=year).order_by("stage", "id"))
    cited, unknown = citations(for_region(region, year), known)
    shown = asking.narrowed(
        Document.objects.visible_to(request.actor).filter(year=year), request.GET, ("stage",), ("title", "doc_no")
    )
    wanted = set(shown.values_list("pk", flat=True))
    rows = [
        {"document": document, "rules": [(section, _rule(section, key)) for section, key in cited[document.pk]]}
        for document in known
        if document.pk in wanted
    ]
    context = {
        "rows": rows,
        "total": len(known),
        "cited": sum(1 for document in known if cited[document.pk]),
        "unknown": unknown,
        "stages": [(stage, stage) for stage in dict.fromkeys(document.stage for document in known) if stage],
        "asked": {name: asking.text(request.GET, name) for name in ("q", "stage")},
    }
    return render(request, "documents/list.html", context)


def _rule(section: str, key: str) -> str:
    return f"{section_name(section)}：{key_name(section, key)}"
