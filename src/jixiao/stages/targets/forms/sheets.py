"""What is typed on the pages of 绩效目标: the sheet itself, opinions on it, an adjustment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from jixiao.domain.grades import Grade
from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import Unreadable, amount_plain, plain
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.kit.web.asking import number
from jixiao.kit.web.fields import DayField
from jixiao.registers.subjects.models import BudgetLine

from ..models import IndicatorLine, OpinionKind, TargetOpinion
from ..reviewing import Marked, Reviewed
from ..saying import GOAL, Cell, Filled, Said, read_target, read_weight

# A page draws so many rows at most; the region's own limit is a rule and is said when the sheet is sent.
MOST_ROWS = 120
BLANK_ROWS = 3
MORE_ROWS = 5
TYPED = (Cell.LEVEL2, Cell.NAME, Cell.TARGET, Cell.UNIT)
LONGEST = {Cell.LEVEL2: 60, Cell.NAME: 200, Cell.TARGET: 200, Cell.UNIT: 20, Cell.WEIGHT: 10}
LEVEL2 = (
    *("数量指标", "质量指标", "时效指标", "经济成本指标", "社会成本指标", "生态环境成本指标"),
    *("经济效益指标", "社会效益指标", "生态效益指标", "服务对象满意度指标"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of the grid: its controls, what last year said, and the opinions on it."""

    number: int
    controls: tuple[tuple[Cell, BoundField], ...]
    hidden: tuple[BoundField, ...]
    remove: BoundField
    before: str
    opinions: tuple[TargetOpinion, ...]
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a line of this lineage: last year's target and actual, and what reviewers ask for."""

    before: Mapping[str, str]
    asked: Mapping[str, Sequence[TargetOpinion]]


class TargetForm(forms.Form):
    """A unit's target sheet: its goal and its indicators, a row each, with blank rows at the end.

    With `more` it is drawn again with what was typed and further rows; `added` fills the first blank row.
    """

    goal = forms.CharField(label=GOAL, max_length=2000, required=False, strip=True, widget=forms.Textarea({"rows": 4}))

    def __init__(
        self,
        filled: Filled,
        offered: Iterable[IndicatorLevel1],
        beside: Beside,
        data: Any = None,
        *,
        more: bool = False,
        added: Said | None = None,
        annual: bool = True,
    ) -> None:
        self.filled_before, self.beside, self.annual = filled, beside, annual
        asked = number(data, "rows", 0) if data is not None else 0
        wanted = max(asked, len(filled.lines) + (0 if data is not None else BLANK_ROWS)) + MORE_ROWS * more
        self.count = min(wanted, max(MOST_ROWS, len(filled.lines)))
        initial: dict[str, Any] = {"goal": filled.goal}
        for place, line in enumerate(filled.lines):
            initial |= _initial(place, line)
        if more:
            initial |= {name: data[name] for name in data if name not in ("more", "add", "token")}
        if added:
            free = (place for place in range(self.count) if not initial.get(f"name-{place}"))
            initial |= _initial(next(free, self.count - 1), added)
        super().__init__(None if more else data, initial=initial)
        classes = [("", "请选择"), *((level.value, level.label) for level in offered)]
        used = {(line.level1.value, line.level1.label) for line in filled.lines}
        classes += [one for one in sorted(used) if one not in classes]
        self.fields |= {
            name: made for place in range(self.count) for name, made in _controls(place, classes, annual).items()
        }

    @property
    def rows(self) -> list[Row]:
        """The indicators in order, blank ones last."""
        return [self._row(place) for place in range(self.count)]

    def _row(self, place: int) -> Row:
        lineage = str(self[f"lineage-{place}"].value() or "")
        asked = tuple(self.beside.asked.get(lineage, ())) if lineage else ()
        cells = [cell for cell in Cell if self.annual or cell is not Cell.WEIGHT]
        return Row(
            place + 1,
            tuple((cell, self[f"{cell.value}-{place}"]) for cell in cells),
            (self[f"lineage-{place}"], self[f"entry-{place}"]),
            self[f"remove-{place}"],
            self.beside.before.get(lineage, "") if lineage else "",
            asked,
            frozenset(cell for opinion in asked for cell in opinion.cells),
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.understood: list[tuple[int, Said]] = []
        names: dict[tuple[str, str], int] = {}
        for place in range(self.count):
            if values.get(f"remove-{place}") or not self._begun(place, values):
                continue
            line = self._line(place, values)
            key = (line.level2, line.name)
            if line.name and key in names:
                self.add_error(f"name-{place}", f"与第 {names[key]} 行重复，请删去一行或改名")
            names.setdefault(key, place + 1)
            self.understood.append((place, line))
        return values

    def _begun(self, place: int, values: Mapping[str, Any]) -> bool:
        """Was anything typed in this row? A sign or a class alone was only chosen in passing."""
        return any(values.get(f"{cell.value}-{place}") for cell in (*TYPED, Cell.WEIGHT)) or any(
            f"{cell.value}-{place}" in self.errors for cell in Cell
        )

    def _line(self, place: int, values: Mapping[str, Any]) -> Said:
        def typed(cell: Cell) -> str:
            return str(values.get(f"{cell.value}-{place}") or "")

        for cell in (Cell.LEVEL1, Cell.LEVEL2, Cell.NAME):
            if not typed(cell) and f"{cell.value}-{place}" not in self.errors:
                self.add_error(f"{cell.value}-{place}", f"请填写{cell.label}，不要这一行就勾选“删”")
        comparison = Comparison(typed(Cell.COMPARISON) or Comparison.QUALITATIVE)
        target, unit = typed(Cell.TARGET), typed(Cell.UNIT)
        try:
            target, comparison, unit = read_target(target, comparison, unit)
        except Unreadable as error:
            self.add_error(f"target-{place}", str(error))
        try:
            weight = read_weight(typed(Cell.WEIGHT))
        except Unreadable as error:
            weight = read_weight("")
            self.add_error(f"weight-{place}", str(error))
        level1 = IndicatorLevel1(typed(Cell.LEVEL1) or IndicatorLevel1.OUTPUT)
        lineage, entry = (str(values.get(f"{part}-{place}") or "") for part in ("lineage", "entry"))
        known = int(entry) if entry.isascii() and entry.isdigit() and len(entry) < 16 else None
        said = (level1, typed(Cell.LEVEL2), typed(Cell.NAME), comparison, target, unit, weight)
        return Said(*said, lineage, known)

    def filled(self) -> Filled:
        """The sheet as understood."""
        return Filled(self.cleaned_data["goal"], tuple(line for _, line in self.understood))


def _initial(place: int, line: Said) -> dict[str, Any]:
    said = {f"{cell.value}-{place}": getattr(line, cell.value) for cell in Cell}
    said[f"weight-{place}"] = plain(line.weight) if line.weight else ""
    return said | {f"lineage-{place}": line.lineage, f"entry-{place}": line.entry or ""}


def _controls(place: int, classes: list[tuple[str, str]], annual: bool) -> dict[str, forms.Field]:
    """The fields of one row."""

    def called(cell: Cell) -> str:
        return f"第 {place + 1} 行{cell.label}"

    made: dict[str, forms.Field] = {
        "level1": forms.ChoiceField(label=called(Cell.LEVEL1), choices=classes, required=False)
    }
    for cell in (Cell.LEVEL2, Cell.NAME):
        made[cell.value] = _text(called(cell), cell)
    made["comparison"] = forms.ChoiceField(
        label=called(Cell.COMPARISON), choices=Comparison.choices(), required=False, initial=Comparison.AT_LEAST.value
    )
    for cell in (Cell.TARGET, Cell.UNIT, Cell.WEIGHT):
        made[cell.value] = _text(called(cell), cell)
    for name in ("lineage", "entry"):
        made[name] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    made["remove"] = forms.BooleanField(label=f"删去第 {place + 1} 行", required=False)
    if not annual:
        made[Cell.WEIGHT.value].widget = forms.HiddenInput()
    return {f"{name}-{place}": field for name, field in made.items()}


def _text(label: str, cell: Cell) -> forms.CharField:
    attrs = {"list": "level2-known"} if cell is Cell.LEVEL2 else {}
    if cell is Cell.WEIGHT:
        attrs = {"inputmode": "decimal"}
    widget = forms.TextInput(attrs | {"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=LONGEST[cell], strip=True, widget=widget)


MARKED = (Cell.LEVEL2, Cell.NAME, Cell.TARGET, Cell.UNIT, Cell.WEIGHT)


class ReviewForm(forms.Form):
    """Opinions on the goal and on each indicator; finance also grades, and writes down what an expert said."""

    expert = forms.CharField(
        label="专家姓名", required=False, max_length=40, help_text="代专家登记意见时填写；不填就是本人的意见"
    )
    result = forms.ChoiceField(label="审核结果", required=False, choices=[("", "暂不评定"), *Grade.choices()])
    words = forms.CharField(
        label="总体意见", required=False, max_length=1000, widget=forms.Textarea({"rows": 2}), strip=True
    )

    def __init__(
        self, lines: Sequence[IndicatorLine], given: Mapping[str, TargetOpinion], finance: bool, *args: Any, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.subjects = [("", GOAL), *((line.lineage, line.name) for line in lines)]
        if not finance:
            self.fields.clear()
        for place, (lineage, name) in enumerate(self.subjects):
            own = given.get(lineage)
            self.fields |= _opinion(place, name, own, bool(lineage))

    @property
    def rows(self) -> list[tuple[str, BoundField, BoundField | None, BoundField]]:
        """Name, kind, cells (none for the goal) and words of each."""
        return [
            (name, self[f"kind-{place}"], self[f"cells-{place}"] if lineage else None, self[f"said-{place}"])
            for place, (lineage, name) in enumerate(self.subjects)
        ]

    @property
    def own(self) -> list[BoundField]:
        """What is said of the whole sheet."""
        return [self[name] for name in ("result", "words", "expert") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for place, (_, name) in enumerate(self.subjects):
            kind, words = values.get(f"kind-{place}"), values.get(f"said-{place}")
            if kind in (OpinionKind.CHANGE, OpinionKind.REMOVE) and not words:
                self.add_error(f"said-{place}", f"请写明“{name}”怎样{OpinionKind(kind).label}、为什么")
            elif words and not kind:
                self.add_error(f"kind-{place}", f"“{name}”写了说明，请选择意见")
        return values

    def reviewed(self) -> Reviewed:
        """The review as understood."""
        values = self.cleaned_data
        marks = tuple(
            Marked(
                lineage,
                OpinionKind(values[f"kind-{place}"]),
                tuple(map(Cell, values.get(f"cells-{place}", ()))),
                values[f"said-{place}"],
            )
            for place, (lineage, _) in enumerate(self.subjects)
            if values[f"kind-{place}"]
        )
        result = Grade(values["result"]) if values.get("result") else None
        return Reviewed(marks, values.get("expert", ""), result, values.get("words", ""))


def _opinion(place: int, name: str, own: TargetOpinion | None, line: bool) -> dict[str, forms.Field]:
    kinds = [("", "—"), *(pair for pair in OpinionKind.choices() if line or pair[0] != OpinionKind.REMOVE)]
    made: dict[str, forms.Field] = {
        f"kind-{place}": forms.ChoiceField(
            label=f"对“{name}”的意见", choices=kinds, required=False, initial=own.kind.value if own else ""
        )
    }
    if line:
        made[f"cells-{place}"] = forms.MultipleChoiceField(
            label=f"“{name}”要改的格",
            choices=[(cell.value, cell.label) for cell in MARKED],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            initial=own.cells if own else [],
        )
    made[f"said-{place}"] = forms.CharField(
        label=f"对“{name}”的说明", required=False, max_length=500, strip=True, initial=own.words if own else ""
    )
    return made


class AdjustForm(forms.Form):
    """调整: why, and the budget decision that it follows."""

    reason = forms.CharField(
        label="调整理由", max_length=1000, strip=True, widget=forms.Textarea({"rows": 2}), required=False
    )
    budget_line = forms.ChoiceField(label="对应的预算调整", required=False)
    budget_doc_no = forms.CharField(
        label="预算调整文号", required=False, max_length=80, help_text="预算调整还没有登记时填写"
    )

    def __init__(self, lines: Sequence[BudgetLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(line.pk): line for line in lines}
        choices = [(key, _money(line)) for key, line in self.known.items()]
        self.fields["budget_line"].choices = [("", "没有登记"), *choices]  # type: ignore[attr-defined]

    def clean_budget_line(self) -> BudgetLine | None:
        return self.known.get(self.cleaned_data["budget_line"])


def _money(line: BudgetLine) -> str:
    doc_no = f"，{line.doc_no}" if line.doc_no else ""
    return f"{line.effective_on} {line.phase.label} {amount_plain(line.fen)} 万元{doc_no}"


class ApprovalForm(forms.Form):
    """批复文号."""

    doc_no = forms.CharField(label="批复文号", max_length=80, required=False, strip=True)


class DisclosedForm(forms.Form):
    """公开日期."""

    on = DayField(label="公开日期", required=False)
