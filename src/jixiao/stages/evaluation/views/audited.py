"""The findings of the audit on the page of a recheck."""

from __future__ import annotations

from typing import Any

from jixiao.kit.web.acts import SignedIn
from jixiao.registers.organizations.scopes import EXTERNAL

from ..findings.models import AuditFinding
from ..findings.reports.lists import JUDGING_COLUMNS, judging_rows
from ..findings.reports.risks import hits
from ..models import Evaluation
from ..rules import may_work
from ..self_evaluation.models import SelfEvaluation
from ..workflow import State


def audited(request: SignedIn, found: Evaluation) -> dict[str, Any] | None:
    """What the page of a recheck shows of the audit; None for other evaluations, and where findings are not shown."""
    sheet = rechecked_by(request, found)
    if sheet is None:
        return None
    mine = AuditFinding.objects.visible_to(request.actor)
    rows = mine.filter(self_evaluation=sheet).select_related("subject_year").order_by("pk")
    waiting = sum(row.waiting for row in rows)
    open_now = found.state == State.WORKING
    return {
        "sheet": sheet,
        "examined": hasattr(sheet, "examination"),
        "columns": JUDGING_COLUMNS,
        "rows": judging_rows(rows, hits(mine.filter(code__in={row.code for row in rows})), request.actor),
        "waiting": waiting,
        "judge": bool(waiting and open_now and may_work(request.actor, found.facts(), open_now=True)),
    }


def rechecked_by(request: SignedIn, found: Evaluation) -> SelfEvaluation | None:
    """The self-evaluation that a recheck marks again, for who may read it; nobody who is engaged reads findings."""
    if request.actor.role in EXTERNAL:
        return None
    sheet = found.rechecked
    mine = SelfEvaluation.objects.visible_to(request.actor).select_related("examination")
    return None if sheet is None else mine.filter(pk=sheet.pk).first()
