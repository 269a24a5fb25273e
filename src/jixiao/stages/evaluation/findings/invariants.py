"""What must be true of findings at any time."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from jixiao.kit.invariants import Invariant

from .models import AuditFinding
from .workflow import JUDGED, State


def _closed() -> Iterator[str]:
    for finding in AuditFinding.objects.filter(state=State.CLOSED, holds=True).select_related("subject_year"):
        yield f"{finding.subject_year.name}的疑点“{finding}”已消除，却仍记为成立"


def _dated() -> Iterator[str]:
    judged = Q(state__in=JUDGED)
    early = ~judged & (Q(judged_on__isnull=False) | ~Q(judged_in=""))
    wrong = AuditFinding.objects.filter((judged & Q(judged_on=None)) | early)
    for finding in wrong.select_related("subject_year"):
        yield f"{finding.subject_year.name}的疑点“{finding}”的判断日期或复核编号与状态不符"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("audit_findings.closed", "已消除的疑点不再成立", _closed),
    Invariant("audit_findings.dated", "判断过的疑点有判断日期，其他的没有日期和复核编号", _dated),
)
