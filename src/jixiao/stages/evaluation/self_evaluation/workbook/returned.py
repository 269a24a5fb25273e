"""自评表 as it comes back filled, from Excel or Word: what it says of each sheet, with every problem at its place.

A cell that still says what was printed keeps what stands, so that an unedited return changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from jixiao.domain.money_words import MoneyWords
from jixiao.domain.quantities import Unreadable, amount_plain, normalize, plain, read_amount
from jixiao.domain.scoring import ScoringRules, score_line
from jixiao.kit.cells import fold
from jixiao.kit.columns import Problem
from jixiao.kit.returned import LONGEST, Page, Printed, number_in, pages
from jixiao.kit.uploads import UploadRefused
from jixiao.stages.monitoring.saying import read_actual

from ..models import Score, SelfEvaluation
from ..rules import Filled, Funds, Said
from ..saying import read_points, read_tier
from .differing import CELLS, PARAGRAPH, WHOLE, Brought, differences
from .printed import FOOT, TITLE, TOTAL, target_of

T = TypeVar("T")
NAME, TARGET, WEIGHT, POINTS = "三级指标", "年度指标值", "分值", "得分"
COLUMNS = {
    "level2": ("二级指标",),
    NAME: (NAME, "指标名称", "绩效指标"),
    TARGET: (TARGET, "指标值", "目标值", "年度目标值", "年初指标值", "绩效目标值"),
    "actual": (
        CELLS["actual"],
        "全年实际完成值",
        "全年完成值",
        "全年实际值",
        "实际值",
        "完成值",
        "实际完成情况",
        "完成情况",
    ),
    WEIGHT: (WEIGHT, "权重", "指标分值"),
    POINTS: (POINTS, "自评得分"),
    "cause": (
        CELLS["cause"],
        "偏差原因分析",
        "偏差原因",
        "偏差原因及改进措施",
        "未完成原因分析",
        "未完成原因",
        "未完成原因及拟采取的改进措施",
        "偏离原因分析及改进措施",
    ),
    "tier": (CELLS["tier"], "定性完成度", "完成度"),
    "claim": (CELLS["claim"], "自报较低得分的理由"),
}
NEEDED = (NAME, "actual")
MONEY = {"budget": "全年预算数", "spent": "全年执行数"}
SOURCES = {"carried": "上年结转资金", "other": "其他资金"}


def understood(
    content: bytes, filename: str, sheets: Mapping[int, SelfEvaluation]
) -> tuple[list[Brought], list[Problem]]:
    """What the file says of these sheets (by key, scores prefetched), and every problem with its place. Saves nothing.

    Sheets that come back unedited are left out. Raises UploadRefused for what is no such form.
    """
    problems: list[Problem] = []
    read = pages(content, filename)
    # In Word the number stands in a paragraph above its table.
    above = number_in(read[0]) if read and not read[0].name and len(read) == 2 else None
    forms = [one for one in (_Returned(page, problems) for page in read) if one.header >= 0]
    if not forms:
        raise UploadRefused(f"没有找到“{TITLE}”的表头（三级指标、实际完成值），请下载自评表，填好后再上传")
    found: dict[int, Brought] = {}
    for form in forms:
        sheet, version = form.identified(sheets, above)
        if sheet is None:
            form.wrong(0, "", "没有这张待填的自评表，或已经报送；请重新下载自评表，不要改动表号和项目编码")
        elif sheet.pk in found:
            form.wrong(0, "", f"“{sheet.subject_year.name}”的自评表出现了两次，请只保留一张")
        else:
            scores = sorted(sheet.scores.all(), key=lambda one: one.position)
            filled = form.filled(sheet, scores)
            found[sheet.pk] = one = Brought(sheet, version, filled, differences(sheet, scores, filled))
            if version != sheet.version and one.differences:
                form.stale(one)
    return [one for one in found.values() if one.differences], problems


class _Returned(Printed):
    """One form as it came back."""

    def __init__(self, page: Page, problems: list[Problem]) -> None:
        super().__init__(page, COLUMNS, NEEDED, problems)

    def stale(self, brought: Brought) -> None:
        """Somebody saved after this form was printed: say where the two differ."""
        cells = "；".join(f"{label}：现为“{then}”，表里是“{now}”" for label, then, now in brought.differences[:5])
        more = f"等 {len(brought.differences)} 处" if len(brought.differences) > 5 else ""
        name = brought.sheet.subject_year.name
        self.wrong(0, "", f"“{name}”在下载之后已有人保存，请重新下载后再填。不同之处：{cells}{more}")

    def identified(
        self, sheets: Mapping[int, SelfEvaluation], above: tuple[int, int] | None
    ) -> tuple[SelfEvaluation | None, int]:
        """The sheet that this form is of and the version it was printed from; typed by hand it goes by the code."""
        if number := number_in(self.page) or above:
            return sheets.get(number[0]), number[1]
        code = self.beside("项目编码")
        mine = [sheet for sheet in sheets.values() if code and sheet.subject_year.code == code]
        return (mine[0], mine[0].version) if len(mine) == 1 else (None, 0)

    def filled(self, sheet: SelfEvaluation, scores: list[Score]) -> Filled:
        """What the form says; whatever cannot be read is a problem with its row and column."""
        waiting: dict[str, list[Score]] = defaultdict(list)
        for score in scores:
            waiting[fold(score.line.name)].append(score)
        scoring = sheet.snapshot.policy().section(ScoringRules)
        said: dict[int, Said] = {}
        for row in range(self.header + 1, len(self.rows)):
            first = fold(self.cell(row, 0))
            if first.startswith(fold(FOOT)) or first in (TOTAL, "合计", "总计"):
                break
            name = self.text(row, self.places[NAME], NAME)
            if name and (mine := waiting.get(fold(name))):
                score = mine.pop(self._which(row, mine))
                said[score.pk] = self._read(row, score, scoring)
            elif name:
                self.wrong(row, NAME, f"这个项目没有“{name[:40]}”这个指标，或出现了两次，请不要增改指标行")
        if missing := "、".join(one.line.name for rest in waiting.values() for one in rest):
            self.wrong(self.header, NAME, f"“{sheet.subject_year.name}”缺少指标行：{missing}，请重新下载自评表后填写")
        money = sheet.subject_year.money
        whole = {
            key: self._whole((money.say(WHOLE[key]), WHOLE[key]), getattr(sheet, key), below=key == "achieved")
            for key in ("achieved", "execution_cause", "findings")
        }
        # The printed form has no place for it: the reason is given on the page and stands.
        whole["carried_reason"] = sheet.carried_reason
        return Filled(said, funds=self._funds(sheet.funds, money), **whole)

    def _which(self, row: int, mine: list[Score]) -> int:
        """Among indicators of one name that of the row's own 二级指标, else the first."""
        level2 = fold(self.cell(row, self.places.get("level2"))).removesuffix("指标")
        fitting = (n for n, one in enumerate(mine) if fold(one.line.level2).removesuffix("指标") == level2)
        return next(fitting, 0)

    def _whole(self, labels: tuple[str, str], stands: str, *, below: bool) -> str:
        """What is said of the whole sheet; a form without the label leaves it as it is."""
        found = self.label(*labels)
        if found is None:
            return stands
        if below:
            return self.text(found[0] + 1, found[1], labels[0], PARAGRAPH)
        return self.beside(*labels, longest=PARAGRAPH)

    def _funds(self, stands: Funds, money: MoneyWords) -> Funds:
        """上年结转资金 and 其他资金; what the form does not have, or leaves as printed, stands."""
        read: dict[str, int] = {}
        for source, name in SOURCES.items():
            row = self.label(name)
            for part, header in MONEY.items():
                column = self.label(money.say(header), header)
                key = f"{source}_{part}"
                if row is not None and column is not None and column[0] < row[0]:
                    read[key] = self._money(row[0], column[1], f"{name}·{header}", getattr(stands, key))
        return replace(stands, **read)

    def _money(self, row: int, place: int, label: str, stands: int) -> int:
        written = self.text(row, place, label)
        if normalize(written) == (amount_plain(stands) if stands else ""):
            return stands
        try:
            fen = read_amount(written) if normalize(written) not in ("", "—", "-") else 0
            if fen < 0:
                raise Unreadable("不能是负数，请核对")
        except Unreadable as flaw:
            self.wrong(row, label, str(flaw))
            return stands
        return fen

    def _read(self, row: int, score: Score, scoring: ScoringRules) -> Said:
        stands, line = score.said, score.line
        self._same(row, TARGET, target_of(score), "指标值以批复的为准，不能在自评表里改动；要调整请先办理目标调整")
        self._same(row, WEIGHT, plain(line.weight), "分值以批复的为准，不能在自评表里改动")
        said = Said(
            self._value(row, "actual", stands.actual, lambda text: read_actual(text, line.target, line.unit), ""),
            self._value(row, "tier", stands.tier, read_tier, None),
            self._value(row, "cause", stands.cause, str, "", PARAGRAPH),
            None,
            self._value(row, "claim", stands.claim, str, ""),
        )
        return self._claimed(row, score, said, scoring)

    def _value(self, row: int, key: str, stands: T, read: Callable[[str], T], blank: T, longest: int = LONGEST) -> T:
        """A cell as it is kept: as it stands where it still says so, or where the form has no such column."""
        if key not in self.places:
            return stands
        title = self.title(key)
        written = self.text(row, self.places[key], title, longest)
        if normalize(written) == normalize(plain(stands) if isinstance(stands, Decimal) else stands):
            return stands
        try:
            return read(written) if written else blank
        except Unreadable as flaw:
            self.wrong(row, title, str(flaw))
            return stands

    def _claimed(self, row: int, score: Score, said: Said, scoring: ScoringRules) -> Said:
        """得分: as printed it says nothing new; what differs from it is the unit's own, and never above the rule's."""
        shown = "" if score.points is None else plain(score.points)
        written = normalize(self.text(row, self.places.get(POINTS), POINTS)) if POINTS in self.places else shown
        mine = replace(score.line_facts(), actual=said.actual or None, tier=said.tier, claimed=None, claim="")
        rule = score_line(mine, scoring).points
        try:
            own = score.claimed if _same_number(written, shown) else self._own(written, score.line.weight)
        except Unreadable as flaw:
            self.wrong(row, POINTS, str(flaw))
            return said
        if own is not None and rule is not None and own == rule:
            own = None
        if own is not None and (rule is None or own > rule):
            gives = "还不能按规则计分" if rule is None else f"高于按规则计算的 {plain(rule)} 分"
            self.wrong(row, POINTS, f"得分 {plain(own)} {gives}，请改为不高于规则的分数，或清空由系统计算")
        return replace(said, claimed=own)

    def _own(self, written: str, weight: Decimal) -> Decimal | None:
        return read_points(written, weight) if written and written != "—" else None

    def _same(self, row: int, key: str, printed: str, message: str) -> None:
        """A column that is given, if the form has it, has to say what was printed."""
        if key in self.places:
            written = self.text(row, self.places[key], key)
            if written and not _says(written, printed):
                self.wrong(row, self.title(key), f"表里是“{written[:30]}”，批复的是“{printed}”：{message}")


def _says(written: str, printed: str) -> bool:
    return "".join(normalize(written).split()) == "".join(normalize(printed).split()) or _same_number(written, printed)


def _same_number(written: str, shown: str) -> bool:
    try:
        return Decimal(normalize(written)) == Decimal(shown)
    except ArithmeticError:
        return normalize(written) == shown
