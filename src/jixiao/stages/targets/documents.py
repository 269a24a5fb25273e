"""绩效目标批复 as a 公文, with the approved sheet annexed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from jixiao.domain.quantities import format_amount, plain
from jixiao.kit.moving import timeline
from jixiao.kit.paper import Attachment, Block, Column, Heading, Paper, Paragraph, Table
from jixiao.registers.organizations.models import Region, UnitYear
from jixiao.registers.subjects.models import SubjectYear

from .models import DepartmentApproval, TargetVersion
from .workbook.printed import shown_targets


def approval(version: TargetVersion) -> Paper:
    """The approval of one version. Depends on its rows alone. Raises Region.DoesNotExist."""
    region, subject = Region.objects.get(pk=version.region), version.sheet.subject_year
    approved = timeline(version).filter(move__in=("approve", "record")).last()
    adjusted = "（调整）" if version.adjusts_id else ""
    return Paper(
        title=f"关于{version.year}年{subject.name}绩效目标{adjusted}的批复",
        issuer=region.issuer,
        date=timezone.localdate(approved.at) if approved else dt.date(version.work_year, 1, 1),
        number=version.doc_no or None,
        recipient=subject.unit_name,
        blocks=_body(version),
        attachments=(Attachment(f"{subject.name}绩效目标表", _annex(version)),),
        banner=region.banner,
    )


def _body(version: TargetVersion) -> tuple[Block, ...]:
    subject = version.sheet.subject_year
    money = format_amount(subject.initial + subject.added)
    lines = version.filled.lines
    grounds = f"根据你单位的调整申请（{version.reason.rstrip('。')}），" if version.adjusts_id else ""
    follows = f"预算调整文号：{version.budget_doc_no}。" if version.budget_doc_no else ""
    return (
        Paragraph.of(
            f"你单位报送的{version.year}年{subject.name}绩效目标收悉。{grounds}经审核，同意所报{version.sheet.horizon.label}"
            f"绩效目标，共设绩效指标{len(lines)}个，{_with_money(subject)}{money}万元一并批复。{follows}现就有关事项通知如下："
        ),
        *_asked(),
    )


def _asked() -> tuple[Block, ...]:
    return (
        Heading(1, "严格执行绩效目标"),
        Paragraph.of(
            "绩效目标是预算执行、绩效监控和绩效评价的依据，确定后一般不予调整；确需调整的，随预算调整按程序报批。"
        ),
        Heading(1, "开展绩效监控和自评"),
        Paragraph.of("执行中对绩效目标实现程度和预算执行进度实行双监控；年度结束后报送自评表，并配合绩效评价。"),
        Heading(1, "公开绩效目标"),
        Paragraph.of("除不宜公开的内容外，绩效目标随部门预算一并公开。"),
    )


def department_approval(
    place: UnitYear, versions: Sequence[TargetVersion], numbered: DepartmentApproval | None = None
) -> Paper:
    """One approval for the approved sheets of a department, a table for each annexed. Raises Region.DoesNotExist.

    `numbered`: under which number and day; without it a draft of what would be approved today.
    """
    region = Region.objects.get(pk=place.region)
    rows = tuple(
        (str(number), one.sheet.subject_year.name, one.sheet.subject_year.unit_name, one.sheet.horizon.label)
        for number, one in enumerate(versions, 1)
    )
    numbers = "、".join(dict.fromkeys(one.doc_no for one in versions if one.doc_no))
    lead = (
        f"你单位及所属单位报送的{place.year}年绩效目标收悉。经审核，同意绩效目标{len(versions)}份，随预算一并批复，"
        f"目标表附后。{f'已单独批复的文号：{numbers}。' if numbers else ''}现就有关事项通知如下："
    )
    return Paper(
        title=f"关于{place.year}年{place.name}绩效目标的批复",
        issuer=region.issuer,
        date=numbered.on if numbered else timezone.localdate(),
        number=numbered.doc_no if numbered else None,
        recipient=place.name,
        blocks=(Paragraph.of(lead), Table(tuple(map(Column, ("序号", "对象", "单位", "期限"))), rows), *_asked()),
        attachments=tuple(Attachment(f"{one.sheet.subject_year.name}绩效目标表", _annex(one)) for one in versions),
        banner=region.banner,
    )


def _with_money(subject: SubjectYear) -> str:
    return "随预算" if subject.money.plain else f"随{subject.money.whole}"


def _annex(version: TargetVersion) -> tuple[Block, ...]:
    columns = ("一级指标", "二级指标", "三级指标", "指标值", "分值")
    rows = tuple(shown_targets(version))
    total = sum(line.weight for line in version.filled.lines)
    return (
        Paragraph.of(f"总体目标：{version.filled.goal or version.sheet.subject_year.goal}"),
        Table(
            tuple(Column(name, "right" if name == "分值" else "left") for name in columns),
            rows,
            total=("合计", "", "", "", plain(total)) if total else None,
        ),
    )
