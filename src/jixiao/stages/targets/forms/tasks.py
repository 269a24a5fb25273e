"""部门职责、年度主要任务 and which indicators serve which duty, as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from jixiao.domain.quantities import Unreadable, amount_plain, read_amount
from jixiao.kit.web.asking import number

from ..saying import DUTIES, SERVES, Filled, Plan, Said, Task

MOST_TASKS, MOST_DUTIES = 60, 40
BLANK_ROWS = 3
MORE_ROWS = 5
TYPED = {"name": "任务名称", "content": "主要内容", "fiscal": "财政拨款", "other": "其他资金", "duty": SERVES}
LONGEST = {"name": 200, "content": 1000, "fiscal": 30, "other": 30, "duty": 4}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of the grid, with its controls by the name of their column."""

    number: int
    controls: tuple[tuple[str, BoundField], ...]


class PlanForm(forms.Form):
    """The plan of an overall sheet: duties a line each, tasks a row each, and a duty's number for each indicator."""

    duties = forms.CharField(
        label=DUTIES,
        required=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 6}),
        help_text="每行一条，从上到下就是第 1、2、3… 项，下面用编号对应",
    )

    def __init__(self, filled: Filled, data: Any = None, *, more: bool = False) -> None:
        plan = filled.plan or Plan()
        self.lines = filled.lines
        asked = number(data, "rows", 0) if data is not None else 0
        wanted = max(asked, len(plan.tasks) + (0 if data is not None else BLANK_ROWS)) + MORE_ROWS * more
        self.count = min(wanted, max(MOST_TASKS, len(plan.tasks)))
        initial: dict[str, Any] = {"duties": "\n".join(plan.duties)}
        for place, task in enumerate(plan.tasks):
            initial |= _initial(place, task)
        initial |= {f"serves-{lineage}": str(no) for lineage, no in plan.serves}
        if more:
            initial |= {name: data[name] for name in data if name not in ("more", "token")}
        super().__init__(None if more else data, initial=initial)
        for place in range(self.count):
            for name, label in TYPED.items():
                self.fields[f"{name}-{place}"] = _text(f"第 {place + 1} 行{label}", LONGEST[name])
        for line in self.lines:
            self.fields[f"serves-{line.lineage}"] = _text(f"“{line.name}”的{SERVES}", LONGEST["duty"])

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(TYPED.values())

    @property
    def rows(self) -> list[TaskRow]:
        """The tasks in order, blank ones last."""
        return [
            TaskRow(place + 1, tuple((label, self[f"{name}-{place}"]) for name, label in TYPED.items()))
            for place in range(self.count)
        ]

    @property
    def indicators(self) -> list[tuple[Said, BoundField]]:
        """The indicators, each with the control for its duty."""
        return [(line, self[f"serves-{line.lineage}"]) for line in self.lines]

    def clean_duties(self) -> tuple[str, ...]:
        said = tuple(text for line in self.cleaned_data["duties"].splitlines() if (text := line.strip()))
        if len(said) > MOST_DUTIES:
            raise forms.ValidationError(f"最多 {MOST_DUTIES} 条，请合并")
        if long := [str(no) for no, text in enumerate(said, 1) if len(text) > 500]:
            raise forms.ValidationError(f"第 {'、'.join(long)} 条超过 500 字，请精简")
        return said

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        most = len(values.get("duties") or ())
        tasks: list[Task] = []
        seen: dict[str, int] = {}
        for place in range(self.count):
            typed = {name: str(values.get(f"{name}-{place}") or "") for name in TYPED}
            if not any(typed.values()):
                continue
            if not typed["name"]:
                self.add_error(f"name-{place}", "请填写任务名称，不要这一行就把各格清空")
            elif typed["name"] in seen:
                self.add_error(f"name-{place}", f"与第 {seen[typed['name']]} 行重复，请合并或改名")
            seen.setdefault(typed["name"], place + 1)
            money = [self._amount(f"{name}-{place}", typed[name]) for name in ("fiscal", "other")]
            duty = self._duty(f"duty-{place}", typed["duty"], most)
            tasks.append(Task(typed["name"], typed["content"], money[0], money[1], duty))
        served = {line.lineage: self._duty(f"serves-{line.lineage}", _said(values, line), most) for line in self.lines}
        self.plan = Plan(values.get("duties") or (), tuple(tasks), tuple((key, no) for key, no in served.items() if no))
        return values

    def _amount(self, name: str, written: str) -> int:
        try:
            fen = read_amount(written) if written else 0
        except Unreadable as error:
            self.add_error(name, str(error))
            return 0
        if fen < 0:
            self.add_error(name, "金额不能为负，请改正")
        return fen

    def _duty(self, name: str, written: str, most: int) -> int | None:
        if not written:
            return None
        found = int(written) if written.isascii() and written.isdigit() else 0
        if not 1 <= found <= most:
            self.add_error(name, f"填职责的编号 1 至 {most}" if most else "还没有部门职责，请先填写上面的职责")
            return None
        return found


def _said(values: Mapping[str, Any], line: Said) -> str:
    return str(values.get(f"serves-{line.lineage}") or "")


def _initial(place: int, task: Task) -> dict[str, str]:
    money = {name: amount_plain(fen) if fen else "" for name, fen in (("fiscal", task.fiscal), ("other", task.other))}
    said = {"name": task.name, "content": task.content, "duty": str(task.duty or ""), **money}
    return {f"{name}-{place}": value for name, value in said.items()}


def _text(label: str, longest: int) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=longest, strip=True, widget=widget)
