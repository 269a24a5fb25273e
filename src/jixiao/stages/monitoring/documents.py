"""运行监控情况分析报告: one round as a 公文. Every number is counted from the rows that the round's page shows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jixiao.domain.actors import Actor
from jixiao.domain.checks.lights import Lamp, Tone
from jixiao.domain.quantities import format_amount, plain, round2, share
from jixiao.kit.paper import Block, Column, Heading, Paper, Paragraph, Table
from jixiao.kit.web.filters import day
from jixiao.registers.organizations.models import Region

from .models import Attention, Handling, ReadingSheet, Recovery, Round
from .reports.judging import Alarms, Pace, Summary, judged, summary
from .reports.live import WITH_LINES, Standing, sentence, standings_of
from .rules import time_progress
from .saying import Cause, read_causes

MONEY = "（万元）"


@dataclass(frozen=True)
class Material:
    """What the report is written from: the reader's sheets of the round, judged, 部门整体 apart from the projects."""

    held: Round
    sheets: list[Any]
    overall: list[Any]
    standings: list[Standing]
    summary: Summary
    before: tuple[Round, Summary] | None
    pace: Pace
    recoveries: list[Recovery]

    @property
    def slow(self) -> list[Any]:
        return [sheet for sheet in self.sheets if self.pace.judge(sheet).slow]


def material_of(held: Round, actor: Actor) -> Material:
    """Everything the report on a round needs, as the actor may see it."""
    mine = ReadingSheet.objects.visible_to(actor).filter(round=held)
    rows = judged(mine).select_related("subject_year", "round").prefetch_related(WITH_LINES)
    sheets = list(rows.projects().order_by("subject_year__code"))
    overall = list(rows.exclude(subject_year__in_total=True).order_by("subject_year__unit_path"))
    pace = Pace.of(held)
    earlier = Round.objects.visible_to(actor).filter(year=held.year, no__lt=held.no).select_related("snapshot")
    last = earlier.order_by("-no").first()
    before = None
    if last is not None:
        then = ReadingSheet.objects.visible_to(actor).filter(round=last)
        before = (last, summary(then, last, Pace.of(last)))
    taken = (
        Recovery.objects.visible_to(actor).filter(year=held.year).select_related("subject_year").order_by("on", "id")
    )
    standings = standings_of(sheets, Alarms.of(held))
    return Material(held, sheets, overall, standings, summary(mine, held, pace), before, pace, list(taken))


def report(held: Round, actor: Actor, today: dt.date) -> Paper:
    """The analysis of one round. Depends on its rows and the day alone. Raises Region.DoesNotExist."""
    region, material = Region.objects.get(pk=held.region), material_of(held, actor)
    return Paper(
        title=f"{region.name}{held.year}年第{held.no}轮绩效运行监控情况分析报告",
        issuer=region.issuer,
        date=today,
        blocks=(
            *_overview(material),
            *_results(material),
            *_slow(material),
            *_causes(material),
            *_handling(material),
        ),
        banner=region.banner,
    )


def _overview(material: Material) -> Iterable[Block]:
    held, found = material.held, material.summary
    yield Heading(1, "总体情况")
    purpose = f"本轮用意为{held.purpose}。" if held.purpose else ""
    yield Paragraph.of(
        f"截至{day(held.cutoff)}，纳入本轮绩效运行监控的预算单位{found.units}个、项目{found.sheets}个，"
        f"全年预算{format_amount(found.budget)}万元，累计支出{format_amount(found.spent)}万元，"
        f"执行率{_percent(found.rate)}，时间进度{_percent(round2(time_progress(held.cutoff) * 100))}。{purpose}"
    )
    key = sum(sheet.attention is Attention.KEY for sheet in material.sheets)
    if key:
        yield Paragraph.of(f"其中重点监控{key}个。")
    if material.before:
        yield _compared(material.before[0], material.before[1], found)
    yield _by_department(material)
    if material.overall:
        yield from _overall(material)


def _compared(last: Round, then: Summary, now: Summary) -> Paragraph:
    words = f"与第{last.no}轮（截至{day(last.cutoff)}）相比，执行率由{_percent(then.rate)}变为{_percent(now.rate)}"
    return Paragraph.of(f"{words}，支出进度慢的项目由{then.slow}个变为{now.slow}个。")


def _by_department(material: Material) -> Table:
    """Units of the round with their money, the least spent first."""
    groups: dict[str, list[Any]] = {}
    for sheet in material.sheets:
        groups.setdefault(sheet.subject_year.unit_name, []).append(sheet)
    rows = [(name, len(mine), sum(s.budget for s in mine), sum(s.spent for s in mine)) for name, mine in groups.items()]
    rows.sort(key=lambda row: (share(row[3], row[2]) or 0, row[0]))
    found = material.summary
    return Table(
        (Column("单位"), Column("项目", "right"), *_money("全年预算", "累计支出"), Column("执行率", "right")),
        tuple((n, str(k), format_amount(b), format_amount(s), _percent(share(s, b))) for n, k, b, s in rows),
        "各单位支出进度",
        ("合计", str(found.sheets), format_amount(found.budget), format_amount(found.spent), _percent(found.rate)),
    )


def _overall(material: Material) -> Iterable[Block]:
    """部门整体 stand apart: their money is that of the projects once more."""
    found = [(sheet, material.pace.judge(sheet)) for sheet in material.overall]
    slow = sum(progress.slow for _, progress in found)
    counts = f"另监控部门整体支出{len(found)}个，其中支出进度慢的{slow}个"
    yield Paragraph.of(f"{counts}；其资金含所属项目，不与项目相加。")
    yield Table(
        (Column("部门"), *_money("全年预算", "累计支出"), Column("执行率", "right"), Column("完成目标可能性")),
        tuple(
            (
                sheet.subject_year.name,
                format_amount(sheet.budget),
                format_amount(sheet.spent),
                _percent(progress.rate),
                getattr(sheet.likelihood, "label", "未填写"),
            )
            for sheet, progress in found
        ),
        "部门整体支出监控",
    )


def _results(material: Material) -> Iterable[Block]:
    yield Heading(1, "目标完成和灯色")
    tones = Counter(one.tone for one in material.standings if not one.facts.stopped)
    if not any(one.lights for one in material.standings):
        yield Paragraph.of("本轮开启时的规则没有红黄绿灯，不作判断。")
        return
    yield Paragraph.of(
        f"亮红灯的项目{tones[Tone.RED]}个，黄灯{tones[Tone.YELLOW]}个，绿灯{tones[Tone.GREEN]}个，"
        f"缺少数据没有检查的{tones[Tone.UNCHECKED]}个。{sentence(material.standings)}"
    )
    by_lamp = [
        (lamp, Counter(light.tone for one in material.standings for light in one.lights if light.lamp is lamp))
        for lamp in Lamp
    ]
    yield Table(
        (
            Column("看什么"),
            *(Column(tone.label, "right") for tone in (Tone.RED, Tone.YELLOW, Tone.GREEN, Tone.UNCHECKED)),
        ),
        tuple(
            (lamp.label, *(str(found[tone]) for tone in (Tone.RED, Tone.YELLOW, Tone.GREEN, Tone.UNCHECKED)))
            for lamp, found in by_lamp
        ),
        "各方面的灯色（项目数）",
    )


def _slow(material: Material) -> Iterable[Block]:
    yield Heading(1, "支出进度慢的项目")
    border = f"落后时间进度超过{plain(material.pace.rules.slow_behind)}个百分点（{material.pace.citation}）"
    yield Paragraph.of(f"{border}且仍在实施的项目{material.summary.slow}个。")
    if material.slow:
        yield Table(
            (
                Column("项目"),
                Column("单位"),
                *_money("全年预算", "累计支出"),
                Column("执行率", "right"),
                Column("偏差原因"),
            ),
            tuple(
                (
                    sheet.subject_year.money.marked(sheet.subject_year.name),
                    sheet.subject_year.unit_name,
                    format_amount(sheet.budget),
                    format_amount(sheet.spent),
                    _percent(share(sheet.spent, sheet.budget)),
                    sheet.causes or "未填写",
                )
                for sheet in material.slow
            ),
            "支出进度慢的项目",
        )


def _causes(material: Material) -> Iterable[Block]:
    yield Heading(1, "偏差原因")
    read = [found for sheet in material.sheets if (found := _named(sheet)) is not None]
    classes = Counter(cause for causes in read for cause in causes)
    unclassed = sum(not causes for causes in read)
    if not read:
        yield Paragraph.of("本轮没有项目填写偏差原因。")
        return
    named = "，".join(f"{cause.label}{classes[cause]}个" for cause in Cause)
    more = f"另有{unclassed}个只有文字说明、没有归类" if unclassed else "都已归类"
    yield Paragraph.of(f"填写偏差原因的项目{len(read)}个，一个项目可有几类原因：{named}；{more}。")


def _named(sheet: Any) -> set[Cause] | None:
    """The classes of cause that a sheet names for its money or for an indicator; None where it gives no cause."""
    texts = [text for text in (sheet.causes, *(reading.causes for reading in sheet.readings.all())) if text]
    return {cause for text in texts for cause in read_causes(text)[0]} if texts else None


def _handling(material: Material) -> Iterable[Block]:
    yield Heading(1, "处置")
    counted = Counter(sheet.handling for sheet in material.sheets)
    named = "，".join(f"{handling.label}{counted[handling]}个" for handling in Handling if counted[handling])
    if named:
        yield Paragraph.of(f"按处置意见分：{named}。")
    stopped = [sheet for sheet in material.sheets if sheet.stops or sheet.on_hold]
    if stopped:
        names = "、".join(sheet.subject_year.name for sheet in stopped)
        yield Paragraph.of(f"已停止、暂停或收回资金的项目{len(stopped)}个：{names}。")
    if material.recoveries:
        yield _recovered(material)


def _recovered(material: Material) -> Table:
    total = sum(recovery.fen for recovery in material.recoveries)
    return Table(
        (Column("项目"), Column("单位"), *_money("收回金额"), Column("原因"), Column("文号"), Column("日期")),
        tuple(
            (
                recovery.subject_year.name,
                recovery.subject_year.unit_name,
                format_amount(recovery.fen),
                recovery.reason,
                recovery.doc_no,
                day(recovery.on),
            )
            for recovery in material.recoveries
        ),
        f"{material.held.year}年收回的资金",
        ("合计", "", format_amount(total), "", "", ""),
    )


def _money(*names: str) -> tuple[Column, ...]:
    return tuple(Column(f"{name}{MONEY}", "right") for name in names)


def _percent(points: Any) -> str:
    return "—" if points is None else f"{plain(points)}%"
