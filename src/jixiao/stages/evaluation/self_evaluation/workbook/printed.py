"""项目支出绩效自评表, laid out as 财预〔2020〕10号附1 prints it: a worksheet per subject, with what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import amount_plain, plain
from jixiao.kit import layouts, layouts_docx
from jixiao.kit.layouts import Box, Form, Look

from ..models import Score, SelfEvaluation
from .differing import CELLS, WHOLE

TITLE = "绩效自评表"
TOTAL = "总分"
FOOT = "说明："
OFFICIAL = ("一级指标", "二级指标", "三级指标", "年度指标值", CELLS["actual"], "分值", "得分", CELLS["cause"])
MORE = (CELLS["tier"], CELLS["claim"])
WIDTHS = (11, 12, 23, 15, 15, 10, 11, 26)
MONEY = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
WIDE = len(OFFICIAL)
HEADER_ROW = 13


def written(sheets: Iterable[SelfEvaluation], departments: Mapping[str, str]) -> bytes:
    """The workbook of these sheets, scores prefetched; `departments` names units of the first level by path."""
    forms = [
        Form(f"{n}.{sheet.subject_year.name}", (*WIDTHS, 14, 24), list(_boxes(sheet, departments, more=True)))
        for n, sheet in enumerate(sheets, 1)
    ]
    return layouts.written(forms or [Form(TITLE, (60,), [Box(0, 0, "没有要填的自评表", Look.NOTE)])])


def printed(sheets: Iterable[SelfEvaluation], departments: Mapping[str, str]) -> bytes:
    """The same forms in Word to be signed: the columns of the official form alone, A4 upright, a page break between."""
    forms = [
        Form(sheet.subject_year.name, WIDTHS, list(_boxes(sheet, departments, more=False)), upright=True)
        for sheet in sheets
    ]
    return layouts_docx.written(forms)


def _boxes(sheet: SelfEvaluation, departments: Mapping[str, str], *, more: bool) -> Iterable[Box]:
    scores = sorted(sheet.scores.all(), key=lambda one: one.position)
    yield from _head(sheet, departments)
    yield from _money(sheet)
    yield from _goal(sheet)
    for column, name in enumerate((*OFFICIAL, *MORE) if more else OFFICIAL):
        yield Box(HEADER_ROW, column, name, Look.LABEL)
    for place, score in enumerate(scores, HEADER_ROW + 1):
        yield from _line(place, score, more=more)
    last = HEADER_ROW + 1 + len(scores)
    whole = sum((score.line.weight for score in scores), sheet.execution_weight)
    yield Box(last, 0, TOTAL, Look.LABEL, columns=5)
    yield Box(last, 5, plain(whole))
    yield Box(last, 6, "" if sheet.total is None else plain(sheet.total))
    yield Box(last, 7, sheet.grade.label if sheet.grade else "")
    if more:
        yield Box(
            last + 1,
            0,
            f"{FOOT}白格可填。实际完成值只填数字；定性指标另填完成度 0—100。得分由系统计算，要自报较低的，"
            "在得分格改写并填理由。不要增删指标行，不要改动指标值、分值和表号。",
            Look.NOTE,
            columns=WIDE,
        )


def _head(sheet: SelfEvaluation, departments: Mapping[str, str]) -> Iterable[Box]:
    """The title, whose sheet it is, and the subject."""
    subject = sheet.subject_year
    kind = "项目" if subject.in_total else subject.kind.label
    yield Box(0, 0, subject.money.say(f"{kind}支出{TITLE}"), Look.TITLE, columns=WIDE)
    yield Box(1, 0, f"（{subject.year}年度）　单位：万元", Look.NOTE, columns=5)
    yield Box(1, 5, f"表号：{sheet.pk}-{sheet.version}", Look.NOTE, columns=3)
    department = departments.get(f"{subject.unit_path.split('/')[0]}/", subject.unit_name)
    name = "项目名称" if subject.in_total else "对象名称"
    rows = (
        ((name, subject.name), ("项目编码", subject.code)),
        (("主管部门", department), ("实施单位", subject.unit_name)),
    )
    for row, pairs in enumerate(rows, 2):
        for (label, value), (column, width) in zip(pairs, ((0, 3), (4, 3)), strict=True):
            yield Box(row, column, label, Look.LABEL)
            yield Box(row, column + 1, value, columns=width)


def _money(sheet: SelfEvaluation) -> Iterable[Box]:
    """项目资金: the whole with its points, and what it is made of; 上年结转 and 其他 are the unit's to fill."""
    say = sheet.subject_year.money.say
    yield Box(4, 0, say("项目资金（万元）"), Look.LABEL, rows=5)
    yield Box(4, 1, "", Look.LABEL)
    for column, name in enumerate(MONEY, 2):
        yield Box(4, column, say(name), Look.LABEL)
    for place, row in enumerate(sheet.fund_rows):
        filled = Look.FILLED if place > 1 else Look.GIVEN
        yield Box(5 + place, 1, row.label, Look.LABEL)
        yield Box(5 + place, 2, _amount(row.initial))
        yield Box(5 + place, 3, _amount(row.budget or (None if place > 1 else 0)), filled)
        yield Box(5 + place, 4, _amount(row.spent or (None if place > 1 else row.spent)), filled)
        scored = place == 0
        yield Box(5 + place, 5, plain(sheet.execution_weight) if scored else "—")
        yield Box(5 + place, 6, "" if row.rate is None else f"{plain(row.rate)}%")
        yield Box(5 + place, 7, _points(sheet.execution_points) if scored else "—")


def _goal(sheet: SelfEvaluation) -> Iterable[Box]:
    """年度总体目标, what became of it, and what the unit says of the whole."""
    goal = sheet.target_version.goal or sheet.subject_year.goal
    yield Box(9, 0, "年度总体目标", Look.LABEL, rows=2)
    yield Box(9, 1, "预期目标", Look.LABEL, columns=3)
    yield Box(9, 4, WHOLE["achieved"], Look.LABEL, columns=4)
    yield Box(10, 1, goal, columns=3)
    yield Box(10, 4, sheet.achieved, Look.FILLED, columns=4)
    for row, key in ((11, "execution_cause"), (12, "findings")):
        yield Box(row, 0, sheet.subject_year.money.say(WHOLE[key]), Look.LABEL, columns=2)
        yield Box(row, 2, getattr(sheet, key), Look.FILLED, columns=6)


def _line(row: int, score: Score, *, more: bool) -> Iterable[Box]:
    line = score.line
    for column, known in enumerate((line.level1.label, line.level2, line.name, target_of(score))):
        yield Box(row, column, known)
    yield Box(row, 4, score.actual, Look.FILLED)
    yield Box(row, 5, plain(line.weight))
    yield Box(row, 6, _points(score.points), Look.FILLED)
    yield Box(row, 7, score.cause, Look.FILLED)
    if more:
        qualitative = line.comparison is Comparison.QUALITATIVE
        yield Box(row, WIDE, _points(score.tier), Look.FILLED if qualitative else Look.GIVEN)
        yield Box(row, WIDE + 1, score.claim, Look.FILLED)


def target_of(score: Score) -> str:
    """The approved target as it is printed."""
    line = score.line
    return f"{line.comparison.label} {line.target} {line.unit}".strip()


def _amount(fen: int | None) -> str:
    return "" if fen is None else amount_plain(fen)


def _points(points: Decimal | None) -> str:
    return "" if points is None else plain(points)
