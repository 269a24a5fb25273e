"""What must be true of clearing runs and their candidates."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef

from jixiao.kit.invariants import Invariant
from jixiao.registers.subjects.models import BudgetLine
from jixiao.stages.monitoring.models import Recovery

from .models import Candidate, ClearingRun
from .rules import Measure
from .workflow import RunState, State


def _places() -> Iterator[str]:
    same = {"region": F("run__region"), "year": F("run__year")}
    for one in Candidate.objects.exclude(**same, subject_year__region=F("region"), subject_year__year=F("year")):
        yield f"清理项目 {one.pk} 的区划或年度与其清理或对象不符"


def _closed() -> Iterator[str]:
    still = Candidate.objects.filter(run=OuterRef("pk")).exclude(state=State.DECIDED)
    for run in ClearingRun.objects.filter(Exists(still), state=RunState.CLOSED):
        yield f"{run.region} {run.title}已结束，仍有项目没有处理"


def _carried_out() -> Iterator[str]:
    place = {"subject_year": OuterRef("subject_year"), "doc_no": OuterRef("doc_no")}
    decided = Candidate.objects.filter(state=State.DECIDED).select_related("subject_year")
    taken = Recovery.objects.filter(**place, fen=OuterRef("fen"))
    for one in decided.filter(~Exists(taken), measure=Measure.RECOVER):
        yield f"{one.region} {one.subject_year.code} 清理决定收回，却没有相应的资金收回记录"
    lines = BudgetLine.objects.filter(**place, fen=-OuterRef("fen"))
    for one in decided.filter(~Exists(lines), measure=Measure.REDUCE):
        yield f"{one.region} {one.subject_year.code} 清理决定调减，却没有相应的预算行"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("clearing.place", "清理项目与其清理、对象同区划、同年度", _places),
    Invariant("clearing.closed", "已结束的清理没有未处理的项目", _closed),
    Invariant("clearing.carried_out", "清理决定收回、调减的，有相应的收回记录、预算行", _carried_out),
)
