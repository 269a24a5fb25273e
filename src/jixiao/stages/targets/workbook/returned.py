"""申报表 as it comes back from Excel or Word, by whatever hand: what it says, with every problem at its place."""

from __future__ import annotations

from dataclasses import replace

from jixiao.domain.indicators import Comparison, indicator_class
from jixiao.domain.quantities import Unreadable, normalize
from jixiao.domain.terms import UnknownTerm
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit.cells import Broken, fold, is_blank, read_text
from jixiao.kit.columns import Problem
from jixiao.kit.returned import Page, Printed, number_in, pages
from jixiao.kit.uploads import UploadRefused

from ..models import TargetVersion
from ..saying import Cell, Filled, Said, read_target, read_weight
from . import tasks
from .printed import FOOT, GOAL_LABEL, ORDER, TITLE

LONGEST = {Cell.LEVEL2: 60, Cell.NAME: 200, Cell.TARGET: 200, Cell.UNIT: 20, Cell.LEVEL1: 40, Cell.COMPARISON: 20}
LONGEST_GOAL = 2000
_NAMES = {
    Cell.LEVEL1: ("一级指标",),
    Cell.LEVEL2: ("二级指标",),
    Cell.NAME: ("三级指标", "指标名称", "绩效指标"),
    Cell.COMPARISON: ("指标性质", "符号", "指标方向"),
    Cell.TARGET: ("指标值", "年度指标值", "目标值", "中期指标值"),
    Cell.UNIT: ("计量单位", "度量单位", "单位"),
    Cell.WEIGHT: ("分值", "权重"),
    ORDER: (ORDER,),
}


def understood(content: bytes, filename: str, version: TargetVersion) -> tuple[Filled, list[Problem]]:
    """What the form says for this version, and every problem with its place. Saves nothing.

    Raises UploadRefused for what is no such form, or one of another sheet.
    """
    found = pages(content, filename)
    forms = [form for page in found if (form := _Returned(page)).header >= 0]
    if not forms:
        raise UploadRefused(f"没有找到“{TITLE}”的表头（一级指标、三级指标、指标值），请下载申报表，填好后再上传")
    if number := number_in(found):
        if number[0] != version.pk:
            raise UploadRefused("这是另一份绩效目标的申报表，请到那一份的页面上传，不要改动表号")
        if number[1] != version.version:
            raise UploadRefused("这份绩效目标在下载之后又保存过，请重新下载申报表，再把填的内容粘贴过去")
    filled = forms[0].filled(version)
    return replace(filled, plan=tasks.understood(found, version.filled, forms[0].problems)), forms[0].problems


class _Returned(Printed):
    """One page as it came back."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, _NAMES, (Cell.LEVEL1, Cell.NAME, Cell.TARGET), [])

    def filled(self, version: TargetVersion) -> Filled:
        """What the form says; a row goes on with the line of its number, else with the one of its name."""
        stored = version.filled
        lines: list[Said] = []
        above = ("", "")
        for number in range(self.header + 1, len(self.rows)):
            cells = {cell: self._text(number, cell) for cell in Cell}
            if cells[Cell.LEVEL1].startswith(FOOT.rstrip("：")) or "合计" in cells[Cell.LEVEL1]:
                break
            if not any(cells[cell] for cell in (Cell.NAME, Cell.TARGET, Cell.UNIT, Cell.WEIGHT)):
                continue
            # A cell that was joined over several rows is said in the first of them.
            above = (cells[Cell.LEVEL1] or above[0], cells[Cell.LEVEL2] or above[1])
            lines.append(self._line(number, cells | {Cell.LEVEL1: above[0], Cell.LEVEL2: above[1]}, stored))
        return Filled(self._goal(stored.goal), tuple(lines))

    def _line(self, row: int, cells: dict[Cell, str], stored: Filled) -> Said:
        level1 = indicator_class(cells[Cell.LEVEL1], "")
        if level1 is None:
            self.wrong(
                row, Cell.LEVEL1.label, f"“{cells[Cell.LEVEL1][:20]}”不是一级指标，请填产出、效益、满意度或成本指标"
            )
        for cell in (Cell.LEVEL2, Cell.NAME):
            if not cells[cell]:
                self.wrong(row, cell.label, f"请填写{cell.label}")
        comparison, target, unit, weight = Comparison.QUALITATIVE, cells[Cell.TARGET], cells[Cell.UNIT], read_weight("")
        try:
            comparison = Comparison.of(cells[Cell.COMPARISON])
            target, comparison, unit = read_target(target, comparison, unit)
        except (Unreadable, UnknownTerm) as flaw:
            self.wrong(row, Cell.COMPARISON.label if isinstance(flaw, UnknownTerm) else Cell.TARGET.label, str(flaw))
        try:
            weight = read_weight(cells[Cell.WEIGHT])
        except Unreadable as flaw:
            self.wrong(row, Cell.WEIGHT.label, str(flaw))
        kept = self._kept(row, cells, stored)
        lineage, entry = (kept.lineage, kept.entry) if kept else ("", None)
        said = (
            level1 or IndicatorLevel1.OUTPUT,
            cells[Cell.LEVEL2],
            cells[Cell.NAME],
            comparison,
            target,
            unit,
            weight,
        )
        return Said(*said, lineage, entry)

    def _kept(self, row: int, cells: dict[Cell, str], stored: Filled) -> Said | None:
        cell = self.cell(row, self.places.get(ORDER))
        number = "" if is_blank(cell) or isinstance(cell, Broken) else normalize(read_text(cell)).removesuffix(".0")
        if ORDER not in self.places:
            named = [one for one in stored.lines if fold(one.name) == fold(cells[Cell.NAME])]
            return named[0] if len(named) == 1 else None
        if not (number.isascii() and number.isdigit() and len(number) < 4):
            return None
        place = int(number) - 1
        return stored.lines[place] if 0 <= place < len(stored.lines) else None

    def _goal(self, stands: str) -> str:
        """What stands beside the label of the goal; a form without the label leaves the goal as it is."""
        for number, row in enumerate(self.rows[: self.header]):
            for place, cell in enumerate(row):
                if fold(cell).endswith((GOAL_LABEL, "总体目标", "年度目标")):
                    beside = (n for n in range(place + 1, len(row)) if not is_blank(row[n]))
                    return self.text(number, next(beside, None), GOAL_LABEL, LONGEST_GOAL)
        return stands

    def _text(self, row: int, cell: Cell) -> str:
        longest = LONGEST.get(cell, 20)
        place = self.places.get(cell)
        # The note below the indicators begins in their first column and is longer than any of its cells.
        if str(self.cell(row, place)).startswith(FOOT):
            return FOOT
        return self.text(row, place, cell.label, longest)
