"""What must be true of target versions and their lines."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from jixiao.domain.quantities import plain
from jixiao.kit.fields import PointsField
from jixiao.kit.invariants import Invariant
from jixiao.kit.models import Transition

from .models import DepartmentApproval, IndicatorLine, LineSource, TargetDuty, TargetSheet, TargetTask, TargetVersion
from .rules import TargetRules
from .workflow import State


def _one_in_force() -> Iterator[str]:
    approved = Count("versions", filter=Q(versions__state=State.APPROVED))
    sheets = TargetSheet.objects.annotate(in_force=approved).filter(in_force__gt=1)
    for sheet in sheets.select_related("subject_year"):
        code = sheet.subject_year.code
        yield f"{sheet.region} {sheet.year} 年 {code} 的绩效目标同时有 {sheet.in_force} 个有效版本"


def _places() -> Iterator[str]:
    wrong = TargetVersion.objects.exclude(
        region=F("sheet__region"), year=F("sheet__year"), sheet__subject_year__region=F("region")
    )
    for version in wrong:
        yield f"目标版本 {version.pk} 的区划或年度与其绩效目标不符"


def _weights() -> Iterator[str]:
    """Approved in the system, hence under the guard. History may lack points; the import lists it."""
    moved = Transition.objects.filter(sheet_type=TargetVersion._meta.label_lower, move="approve")
    summed = Sum("lines__weight", filter=Q(lines__source=LineSource.TARGET), output_field=PointsField())
    versions = TargetVersion.objects.filter(state=State.APPROVED, pk__in=moved.values("sheet_id"))
    for version in versions.annotate(points=summed).select_related("snapshot"):
        wanted = version.snapshot.policy().section(TargetRules).indicator_weight_total
        if version.points != wanted:
            found = "0" if version.points is None else plain(version.points)
            yield f"{version.region} 目标版本 {version.pk} 的指标分值合计 {found} 分，应为 {plain(wanted)} 分"


def _entries() -> Iterator[str]:
    for line in IndicatorLine.objects.exclude(entry=None).exclude(entry__region=F("version__region")):
        yield f"绩效指标 {line.pk}（{line.name}）引用了另一区划的指标库条目"


def _approvals() -> Iterator[str]:
    """What a numbered 批复文 names was approved, in its region and year, of its department or below."""
    links = DepartmentApproval.versions.through.objects.select_related(
        "departmentapproval", "targetversion__sheet__subject_year"
    )
    for link in links.order_by("pk"):
        paper, version = link.departmentapproval, link.targetversion
        place = (version.region, version.year) == (paper.region, paper.year)
        below = version.sheet.subject_year.unit_path.startswith(paper.unit_path)
        if not place or not below or version.state not in (State.APPROVED, State.SUPERSEDED):
            yield f"{paper.region} 批复文 {paper.doc_no} 列了不是该部门已批复的目标版本 {version.pk}"


def _adjusts() -> Iterator[str]:
    """An adjustment goes out from an earlier version of its own sheet, and says why and with which budget decision."""
    wrong = Q(adjusts__sheet=F("sheet"), adjusts__no__lt=F("no"))
    for version in TargetVersion.objects.exclude(adjusts=None).exclude(wrong):
        yield f"目标版本 {version.pk} 调整的不是同一份绩效目标的较早版本"
    grounds = Q(reason="") | (Q(budget_line=None) & Q(budget_doc_no=""))
    for version in TargetVersion.objects.exclude(adjusts=None).filter(grounds):
        yield f"目标版本 {version.pk} 的调整没有理由，或没有对应的预算调整"
    strange = TargetVersion.objects.exclude(budget_line=None).exclude(
        budget_line__subject_year=F("sheet__subject_year")
    )
    for version in strange:
        yield f"目标版本 {version.pk} 对应的预算调整是另一个对象的"


def _duties() -> Iterator[str]:
    """A task or an indicator names a duty that its version has."""
    for model, name in ((TargetTask, "年度主要任务"), (IndicatorLine, "绩效指标")):
        known = TargetDuty.objects.filter(version=OuterRef("version"), position=OuterRef("duty"))
        for row in model.objects.exclude(duty=None).filter(~Exists(known)):
            yield f"{name} {row.pk}（{row.name}）对应的第 {row.duty} 项职责不存在"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("targets.in_force", "一份绩效目标最多有一个有效版本", _one_in_force),
    Invariant("targets.place", "目标版本与其绩效目标同区划、同年度", _places),
    Invariant("targets.weights", "在系统内批复的目标，指标分值合计等于规则规定的分值", _weights),
    Invariant("targets.approvals", "部门批复文列的都是该部门及所属单位已批复的绩效目标", _approvals),
    Invariant("targets.adjusts", "调整的版本出自同一份目标的较早版本，写明理由和预算调整", _adjusts),
    Invariant("targets.duty", "任务和指标对应的职责在同一版本里", _duties),
    Invariant("targets.entry", "绩效指标引用本区划的指标库条目", _entries),
)
