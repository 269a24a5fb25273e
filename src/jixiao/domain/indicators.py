"""指标 as they stand in target sheets and self-evaluation tables: the sign, the classes, one line's facts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from .quantities import normalize
from .terms import Term
from .vocabulary import IndicatorLevel1


class Comparison(Term):
    """指标性质：the sign between indicator and target (财预〔2021〕101号：≥ ≤ = > < 定性)."""

    AT_LEAST = "at_least", "≥", ">=", "≧", "大于等于", "不低于", "不少于", "正向"
    AT_MOST = "at_most", "≤", "<=", "≦", "小于等于", "不高于", "不超过", "反向"
    EQUAL = "equal", "=", "＝", "==", "等于"
    MORE = "more", ">", "＞", "大于"
    LESS = "less", "<", "＜", "小于"
    QUALITATIVE = "qualitative", "定性", "定性指标"

    @classmethod
    def of(cls, text: object) -> Comparison:
        """The sign as written in a table; a blank cell stands before a 定性 indicator. Raises UnknownTerm."""
        written = normalize(text)
        return cls.read(written) if written else cls.QUALITATIVE


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One indicator with its target and what was achieved, as text where the table holds text.

    `weight` in 分. `tier` is the share (%) granted to a 定性 indicator. `method` overrides the policy's choice:
    a method's name ("exact/1") or the rule as the table words it ("每少1个扣1分").
    """

    name: str
    level1: str
    level2: str
    comparison: Comparison
    target: str | None
    actual: str | None
    weight: Decimal
    tier: Decimal | None = None
    method: str | None = None
    unit: str = ""
    claimed: Decimal | None = None
    claim: str = ""


_COST = ("成本",)
_SATISFACTION = ("满意",)
_BENEFIT = ("效益", "效果", "效应", "成效", "可持续", "影响", "长效", "结果")
_OUTPUT = ("产出", "数量", "质量", "时效", "进度", "完成", "及时")


@lru_cache(maxsize=4096)
def indicator_class(level1: str, level2: str) -> IndicatorLevel1 | None:
    """成本, 产出, 效益 or 满意度, however the table words it ("产出指标", "社会效益" as level 1); None if neither.

    成本 under 产出 (财预〔2020〕10号) counts as cost, 满意度 under 效益 as satisfaction: the finer word decides.
    """
    for text in (level2, level1):
        for words, kind in (
            (_SATISFACTION, IndicatorLevel1.SATISFACTION),
            (_BENEFIT, IndicatorLevel1.BENEFIT),
            (_COST, IndicatorLevel1.COST),
            (_OUTPUT, IndicatorLevel1.OUTPUT),
        ):
            if any(word in text for word in words):
                return kind
    return None


def is_output(level1: str, level2: str) -> bool:
    """Whether a line stands under 产出, cost indicators left out."""
    return indicator_class(level1, level2) is IndicatorLevel1.OUTPUT
