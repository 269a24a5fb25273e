"""What a unit says of its sheet and how it differs from what stands, whichever door it came through."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from jixiao.domain.quantities import amount_plain, normalize, plain

from ..models import Score, SelfEvaluation
from ..rules import Filled, Funds, Said

PARAGRAPH = 1000
CELLS = {
    "actual": "实际完成值",
    "tier": "定性完成度（%）",
    "cause": "偏差原因分析及改进措施",
    "claimed": "自报得分",
    "claim": "自报低分的理由",
}
WHOLE = {"achieved": "实际完成情况", "execution_cause": "执行率偏低的原因和改进措施", "findings": "自查发现的问题"}
FUNDS = {
    "carried_budget": "上年结转资金·全年预算数",
    "carried_spent": "上年结转资金·全年执行数",
    "other_budget": "其他资金·全年预算数",
    "other_spent": "其他资金·全年执行数",
}


@dataclass(slots=True)
class Brought:
    """What a workbook says of one sheet, and how that differs from what stands: label, then, now."""

    sheet: SelfEvaluation
    version: int
    filled: Filled
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def differences(sheet: SelfEvaluation, scores: list[Score], filled: Filled) -> list[tuple[str, str, str]]:
    """Label, what stands, what was brought, for whatever is not the same."""
    say = sheet.subject_year.money.say
    pairs: list[tuple[str, Any, Any]] = [
        (say(label), getattr(sheet, key), getattr(filled, key)) for key, label in WHOLE.items()
    ]
    pairs += [
        (say(FUNDS[one.name]), _yuan(getattr(sheet.funds, one.name)), _yuan(getattr(filled.funds, one.name)))
        for one in fields(Funds)
    ]
    for score in scores:
        now = filled.scores.get(score.pk, score.said)
        pairs += [
            (f"{score.line.name}·{CELLS[one.name]}", getattr(score.said, one.name), getattr(now, one.name))
            for one in fields(Said)
        ]
    shown = [(label, _shown(then), _shown(now)) for label, then, now in pairs]
    return [one for one in shown if normalize(one[1]) != normalize(one[2])]


def _yuan(fen: int) -> str:
    return f"{amount_plain(fen)} 万元" if fen else ""


def _shown(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value or "")
