"""What must be true of rounds, their sheets and readings."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef

from jixiao.kit.invariants import Invariant
from jixiao.registers.subjects.models import Hold, HoldKind

from .models import Reading, ReadingSheet, Recovery, Round
from .workflow import RoundState, State


def _lines() -> Iterator[str]:
    wrong = Reading.objects.exclude(sheet__subject_year=F("line__version__sheet__subject_year"))
    for reading in wrong.select_related("line"):
        yield f"监控读数 {reading.pk} 引用的指标“{reading.line.name}”不是同一对象的指标"


def _places() -> Iterator[str]:
    wrong = ReadingSheet.objects.exclude(
        region=F("round__region"), year=F("round__year"), subject_year__region=F("region"), subject_year__year=F("year")
    )
    for sheet in wrong:
        yield f"监控表 {sheet.pk} 的区划或年度与其轮次或对象不符"


def _closed() -> Iterator[str]:
    still = ReadingSheet.objects.filter(round=OuterRef("pk")).exclude(state=State.CONCLUDED)
    for held in Round.objects.filter(Exists(still), state=RoundState.CLOSED):
        yield f"{held.region} {held.year} 年第 {held.no} 轮监控已结束，仍有监控表没有审定"


def _recoveries() -> Iterator[str]:
    stop = Hold.objects.filter(subject_year=OuterRef("subject_year"), kind=HoldKind.RECOVERED)
    for recovery in Recovery.objects.filter(~Exists(stop)).select_related("subject_year"):
        yield f"{recovery.region} {recovery.subject_year.code} 于 {recovery.on} 收回资金，却没有相应的暂停记录"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("monitoring.lines", "监控读数只引用同一对象的指标", _lines),
    Invariant("monitoring.place", "监控表与其轮次、对象同区划、同年度", _places),
    Invariant("monitoring.closed", "已结束的轮次没有未审定的监控表", _closed),
    Invariant("monitoring.recovery", "每笔收回都有一条暂停记录", _recoveries),
)
