"""What must be true of draws and choices: every draw can be drawn again, every opened choice has its evaluation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db.models import F, Q

from jixiao.kit.invariants import Invariant

from .models import Choice, Draw
from .reports.population import drawn_again, identity_of
from .workflow import State


def _draws() -> Iterator[str]:
    for held in Draw.objects.order_by("pk").iterator(chunk_size=20):
        if hashlib.sha256(held.population.encode()).hexdigest() != held.digest:
            yield f"{held.region} {held.title}的总体与摘要不符"
        picks = held.picks.select_related("subject_year").order_by("position")
        if [identity_of(one.subject_year) for one in picks] != drawn_again(held):
            yield f"{held.region} {held.title}按种子重算的结果与记录不符"


def _choices() -> Iterator[str]:
    opened = Q(state=State.OPENED)
    broken = Choice.objects.filter((opened & Q(evaluation=None)) | (~opened & ~Q(evaluation=None)))
    for choice in broken.order_by("pk").iterator(chunk_size=500):
        yield f"选评 {choice.pk} 的状态与它开展的评价不符"
    foreign = Choice.objects.exclude(evaluation=None).exclude(
        evaluation__subject_year=F("subject_year"), evaluation__method=F("method"), evaluation__year=F("year")
    )
    for choice in foreign.order_by("pk").iterator(chunk_size=500):
        yield f"选评 {choice.pk} 开展的评价不是这个对象、方式和年度的"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("choosing.draws", "每次抽样按种子、总体和方法重算，结果与记录相同", _draws),
    Invariant("choosing.choices", "已开展的选评都有它的评价", _choices),
)
