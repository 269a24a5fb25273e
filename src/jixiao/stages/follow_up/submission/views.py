"""报送人大和政府: what was handed to whom, and when."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpResponse

from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import page_of
from jixiao.stages.follow_up.disclosure.models import Material

from .models import Recipient, Submission
from .reports import COLUMNS, ORDERS, rows_of
from .workflow import State

WITHIN = ("evaluation_number", "code", "subject_year__name")


def submissions(request: SignedIn) -> HttpResponse:
    """The materials handed in during the work year."""
    mine = Submission.objects.visible_to(request.actor).filter(year=request.shell.year)
    rows = narrowed(mine, request.GET, exact=("recipient", "material", "state"), within=WITHIN)
    about = ("subject_year", "evaluation__subject_year")
    listed = page_of(rows.select_related(*about), request.GET, ORDERS)
    sent = mine.filter(state=State.SENT).order_by().values("recipient").annotate(n=Count("pk"))
    counted = {found["recipient"]: found["n"] for found in sent}
    context = {
        "counts": [(recipient, counted[recipient]) for recipient in Recipient if recipient in counted],
        "count": sum(counted.values()),
        "listed": listed,
        "rows": rows_of(listed.rows, request.actor),
        "columns": COLUMNS,
        "asked": {name: text(request.GET, name) for name in ("q", "recipient", "material", "state")},
        "recipients": Recipient.choices(),
        "materials": Material.choices(),
        "states": State.choices(),
        "year": request.shell.year,
    }
    return render(request, "submission/list.html", context)
