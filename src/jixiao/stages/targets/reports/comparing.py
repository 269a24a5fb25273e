"""What stood when: last year's values beside a sheet, the turns of 二上二下, and how two states differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jixiao.kit.numerals import han
from jixiao.kit.web.history import Step
from jixiao.registers.indicators.models import Observation
from jixiao.registers.subjects.models import SubjectYear

from ..models import Horizon, IndicatorLine, LineSource, TargetTurn, TargetVersion
from ..saying import Filled
from ..workflow import MACHINE, State
from .lists import wanted


def last_year(subject: SubjectYear, horizon: Horizon) -> dict[str, str]:
    """Last year's target and actual of the same subject, by lineage: 上年目标 ≥95%，完成 96%."""
    lines = IndicatorLine.objects.filter(
        source=LineSource.TARGET,
        version__state=State.APPROVED,
        version__sheet__horizon=horizon,
        version__sheet__subject_year__subject=subject.subject_id,
        version__sheet__subject_year__year=subject.year - 1,
    )
    seen = Observation.objects.filter(subject_year__subject=subject.subject_id, year=subject.year - 1)
    actuals = dict(seen.exclude(actual="").values_list("entry_id", "actual"))
    said = {}
    for line in lines:
        actual = actuals.get(line.entry_id) if line.entry_id is not None else None
        said[line.lineage] = f"上年目标 {wanted(line)}" + (f"，完成 {actual}{line.unit}" if actual else "")
    return said


@dataclass(frozen=True, slots=True)
class Stand:
    """One state of a sheet that can be laid beside another."""

    key: str
    label: str
    filled: Filled


def turn_label(turn: TargetTurn) -> str:
    return f"{han(turn.no)}{turn.direction.label}"


def stands_of(version: TargetVersion) -> list[Stand]:
    """The version it adjusts, its turns in order, and what it says now."""
    found = []
    if version.adjusts_id is not None:
        before: Any = version.adjusts
        found.append(Stand(f"v{before.pk}", f"第 {before.no} 版（已批复）", before.filled))
    found += [
        Stand(f"t{turn.pk}", f"{turn_label(turn)}（{turn.at:%Y-%m-%d}，{turn.actor}）", Filled.of(turn.content))
        for turn in version.turns.order_by("id")
    ]
    found.append(Stand("now", f"第 {version.no} 版现在的内容", version.filled))
    return found


def dates_of(version: TargetVersion, steps: Sequence[Step]) -> list[tuple[str, Any]]:
    """四同步: when it was filed, reviewed, approved and made public; what has not come is None. Newest step first."""
    labels = {move.code: move.label for move in MACHINE.moves}
    return [
        ("申报", _on(steps, {label for code, label in labels.items() if code.startswith("submit")})),
        ("审核", _on(steps, {labels["pass"]})),
        ("批复", _on(steps, {labels["approve"]})),
        ("公开", version.disclosed_on),
    ]


def _on(steps: Sequence[Step], labels: set[str]) -> Any:
    return next((step.at for step in steps if step.act in labels), None)
