"""评价底稿 and one expert's 打分表 as a worksheet: what is known, and white cells for what is to be written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jixiao.domain.quantities import plain
from jixiao.kit import layouts
from jixiao.kit.layouts import Box, Form, Look

from ..models import Evaluation, Mark, PanelMember
from ..rules import WITH_EXPERTS

HEADER_ROW = 4
TOTAL = "合计"
FOOT = "说明："


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of worksheet: its title, the columns that are to be filled by the field of the form, and its foot."""

    title: str
    columns: dict[str, str]
    foot: str


PAPERS = Sheet(
    "评价底稿和评分表",
    {
        "points": "得分",
        "found": "核实情况",
        "basis": "取证依据",
        "calculation": "计算过程",
        "reason": "差异理由",
    },
    "白格可填。得分不高于分值，最多两位小数；与原得分不同的写明差异理由。不要增删指标行，不要改动表号。",
)
MARKS = Sheet(
    "专家打分表",
    {"points": "打分", "reason": "理由"},
    "白格可填。打分不高于分值，最多两位小数；合分以前只有本人看得到。不要增删指标行，不要改动表号。",
)
OPINION = "总体意见"
KNOWN = ("一级指标", "二级指标", "三级指标", "分值", "要点和评分标准")
WIDTHS = (11, 14, 24, 8, 40)


def papers(sheet: Evaluation, *, hidden: bool) -> bytes:
    """The work papers of an evaluation; `hidden`: experts mark, so that points are not to be written here."""
    marks = list(sheet.marks.order_by("position"))
    before = any(mark.before is not None for mark in marks)
    head = [*KNOWN, *(("专家平均" if sheet.panel_closed_at else "原得分",) if before else ())]
    boxes = [*_head(PAPERS, sheet, sheet.pk, sheet.version, head), *_whole(marks, len(head), sheet.total)]
    for row, mark in enumerate(marks, HEADER_ROW + 1):
        boxes += _known(row, mark)
        if before:
            boxes.append(Box(row, len(KNOWN), _points(mark.before)))
        for column, key in enumerate(PAPERS.columns, len(head)):
            closed = (key == "points" and hidden) or (key == "reason" and mark.before is None)
            points = WITH_EXPERTS if hidden else _points(mark.points)
            value = points if key == "points" else getattr(mark, key)
            boxes.append(Box(row, column, value, Look.GIVEN if closed else Look.FILLED))
    widths = (*WIDTHS, *((9,) if before else ()), 9, 34, 26, 26, 22)
    return layouts.written([Form(f"{sheet.number}底稿", widths, [*boxes, _foot(PAPERS, len(marks))])])


def marks(member: PanelMember) -> bytes:
    """The sheet of one expert's own marks."""
    sheet = member.evaluation
    given = {one.mark_id: one for one in member.marks.all()}
    items = list(sheet.marks.order_by("position"))
    head = [*KNOWN, "核实情况"]
    boxes = list(_head(MARKS, sheet, member.pk, member.version, head))
    for row, mark in enumerate(items, HEADER_ROW + 1):
        mine = given.get(mark.pk)
        boxes += [*_known(row, mark), Box(row, len(KNOWN), mark.found)]
        boxes.append(Box(row, len(head), _points(mine.points) if mine else "", Look.FILLED))
        boxes.append(Box(row, len(head) + 1, mine.reason if mine else "", Look.FILLED))
    boxes.append(Box(HEADER_ROW - 1, 0, OPINION, Look.LABEL))
    boxes.append(Box(HEADER_ROW - 1, 1, member.opinion, Look.FILLED, columns=len(head)))
    widths = (*WIDTHS, 30, 9, 30)
    return layouts.written([Form(f"{sheet.number}打分", widths, [*boxes, _foot(MARKS, len(items))])])


def _head(kind: Sheet, sheet: Evaluation, key: int, version: int, known: list[str]) -> Iterable[Box]:
    """The title, the number by which the worksheet is known again, whose evaluation it is, and the header."""
    subject, wide = sheet.subject_year, len(known) + len(kind.columns)
    yield Box(0, 0, kind.title, Look.TITLE, columns=wide)
    yield Box(1, 0, f"{sheet.number}　{subject.year} 年度　{sheet.framework_name}", Look.NOTE, columns=4)
    yield Box(1, 4, f"表号：{key}-{version}", Look.NOTE, columns=wide - 4)
    for column, (label, value) in enumerate((("评价对象", subject.name), ("单位", subject.unit_name))):
        yield Box(2, column * 3, label, Look.LABEL)
        yield Box(2, column * 3 + 1, value, columns=2 if column == 0 else wide - 4)
    for column, name in enumerate((*known, *kind.columns.values())):
        yield Box(HEADER_ROW, column, name, Look.LABEL)


def _known(row: int, mark: Mark) -> Iterable[Box]:
    look = "；".join(text for text in (mark.explanation, mark.criteria) if text)
    for column, value in enumerate((mark.level1, mark.level2, mark.name, plain(mark.weight), look)):
        yield Box(row, column, value)


def _whole(marks: list[Mark], column: int, total: Decimal | None) -> Iterable[Box]:
    """The line of the sums."""
    row = HEADER_ROW + 1 + len(marks)
    yield Box(row, 0, TOTAL, Look.LABEL, columns=3)
    yield Box(row, 3, plain(sum((mark.weight for mark in marks), Decimal(0))))
    given = [mark.points for mark in marks if mark.points is not None]
    added = sum(given, Decimal(0)) if marks and len(given) == len(marks) else total
    yield Box(row, column, _points(added))


def _foot(kind: Sheet, rows: int) -> Box:
    return Box(HEADER_ROW + 2 + rows, 0, f"{FOOT}{kind.foot}", Look.NOTE, columns=len(KNOWN) + len(kind.columns))


def _points(points: Decimal | None) -> str:
    return "" if points is None else plain(points)
