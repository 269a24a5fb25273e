"""What must be true of engagements: days in order, subjects of their own region, points that add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F

from jixiao.kit.invariants import Invariant

from .models import AgencyScore, Engagement, EngagementSubject


def _days() -> Iterator[str]:
    for row in Engagement.objects.filter(since__gt=F("until")).order_by("pk"):
        yield f"委托 {row.pk} 的截止日期 {row.until} 早于开始日期 {row.since}"


def _regions() -> Iterator[str]:
    foreign = EngagementSubject.objects.exclude(subject_year__region=F("engagement__region"))
    for row in foreign.order_by("pk"):
        yield f"委托 {row.engagement_id} 打开了别的区划的对象 {row.subject_year_id}"


def _scores() -> Iterator[str]:
    for score in AgencyScore.objects.prefetch_related("marks").order_by("pk"):
        found = sum((mark.points for mark in score.marks.all()), Decimal(0))
        if found != score.total:
            yield f"委托 {score.engagement_id} 的考核得分 {score.total} 不等于各项之和 {found}"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("engagements.days", "委托的起止日期先后不颠倒", _days),
    Invariant("engagements.region", "委托只打开本区划的对象", _regions),
    Invariant("engagements.quality", "机构考核得分等于各项之和", _scores),
)
