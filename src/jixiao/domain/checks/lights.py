"""红黄绿灯 of 运行监控: money and results against time and each other, and what can still be reached.

Thresholds stand in the policy section `lights`. A light whose facts are absent is 未检查, never green.
依据: 财预〔2019〕136号 names what is looked at; it sets no numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from ..indicators import Comparison
from ..money_words import SPENDING, MoneyWords
from ..policy import Percent
from ..quantities import plain, round2
from ..scoring.values import Value, Wording, read_value
from ..terms import Term
from ..vocabulary import IndicatorLevel1, Likelihood

WHOLE = Fraction(100)


class Tone(Term):
    """What a light says, from silence to alarm."""

    UNCHECKED = "unchecked", "未检查"
    GREEN = "green", "绿灯"
    YELLOW = "yellow", "黄灯"
    RED = "red", "红灯"


class Lamp(Term):
    """What a light looks at."""

    PACE = "pace", "支出进度"
    OUTPUT = "output", "产出进度"
    OUTLOOK = "outlook", "全年预计"
    DIVERGENCE = "divergence", "资金与产出背离"
    IDLE = "idle", "资金闲置"


@dataclass(frozen=True)
class LightRules:
    """Thresholds in percent points; a light changes when a border is exceeded, not when it is reached.

    `expected_yellow`: share of the target below which the year's expectation is yellow; `idle_from`: share of the year
    from which a budget without any payment lies idle.
    """

    section: ClassVar[str] = "lights"

    pace_yellow: Percent
    pace_red: Percent
    output_yellow: Percent
    output_red: Percent
    expected_yellow: Percent
    divergence_yellow: Percent
    divergence_red: Percent
    idle_from: Percent


@dataclass(frozen=True, slots=True)
class LineProgress:
    """One indicator: shares of its target in percent, None where they cannot be told.

    `accumulates`: an output that grows through the year, so that it can be held against time.
    """

    name: str
    weight: Decimal
    accumulates: bool
    reached: Fraction | None
    expected: Fraction | None
    likelihood: Likelihood | None


@dataclass(frozen=True, slots=True)
class LightFacts:
    """One subject at a cut-off: `time` is the share of the year gone by in percent, amounts in fen."""

    time: Fraction
    budget: int
    spent: int
    stopped: bool
    lines: tuple[LineProgress, ...]
    money: MoneyWords = SPENDING

    @property
    def rate(self) -> Fraction | None:
        """Spent of the budget in percent; None without a budget."""
        return Fraction(self.spent * 100, self.budget) if self.budget > 0 else None

    @property
    def done(self) -> Fraction | None:
        """What the accumulating outputs have reached in percent, by weight, each counted up to its target."""
        counted = [(line.weight, line.reached) for line in self.lines if line.accumulates and line.weight > 0]
        known = [(Fraction(weight), min(reached, WHOLE)) for weight, reached in counted if reached is not None]
        weights = sum((weight for weight, _ in known), Fraction(0))
        return sum((weight * reached for weight, reached in known), Fraction(0)) / weights if weights else None


@dataclass(frozen=True, slots=True)
class Light:
    """One verdict with the sentence that says why, and the document behind its threshold."""

    lamp: Lamp
    tone: Tone
    because: str
    citation: str
    money: MoneyWords = SPENDING

    @property
    def name(self) -> str:
        """What it looks at, in the words of the subject's money."""
        return self.money.say(self.lamp.label)


Verdict = tuple[Tone, str]


def share_reached(comparison: Comparison, target: str, written: str, unit: str) -> Fraction | None:
    """How much of a target a value is, in percent; None where the two cannot be compared.

    A limit (≤, <) that is kept counts as 100; above it the target's share of the value.
    """
    aim, value = read_value(target, unit), read_value(written, unit)
    if value is None:
        return None
    if aim is None or not aim.is_number or not value.is_number:
        return {Wording.REACHED: WHOLE, Wording.MISSED: Fraction(0)}.get(value.wording) if value.wording else None
    wanted, got = _number(aim), _number(value)
    if comparison in (Comparison.AT_MOST, Comparison.LESS):
        return WHOLE if got <= wanted else max(wanted / got * 100, Fraction(0)) if got > 0 else Fraction(0)
    return got / wanted * 100 if wanted > 0 else None


def accumulates(level1: IndicatorLevel1, comparison: Comparison, target: str, unit: str) -> bool:
    """Whether an indicator grows through the year: an output to be reached, that is no rate and no limit."""
    aim = read_value(target, unit)
    rate = "%" in unit or "％" in unit or (aim is not None and aim.percent)
    limit = comparison in (Comparison.AT_MOST, Comparison.LESS)
    return level1 is IndicatorLevel1.OUTPUT and not rate and not limit


def judge(facts: LightFacts, rules: LightRules, cite: Callable[[str], str]) -> tuple[Light, ...]:
    """Every light of a subject. `cite` gives the source of a threshold by its key in the policy."""
    if facts.stopped:
        because = "项目已暂停、停止或收回资金，不再亮灯"
        return tuple(Light(lamp, Tone.UNCHECKED, because, "", facts.money) for lamp, _, _ in LIGHTS)
    return tuple(Light(lamp, *verdict(facts, rules), cite(key), facts.money) for lamp, key, verdict in LIGHTS)


def worst(lights: Sequence[Light]) -> Tone:
    """The tone of a subject: that of its most alarming light."""
    order = list(Tone)
    return max((light.tone for light in lights), key=order.index, default=Tone.UNCHECKED)


def _number(value: Value) -> Fraction:
    return Fraction(value.num or 0, value.den)


def _said(points: Fraction) -> str:
    return plain(round2(points))


def _graded(gap: Fraction, yellow: Decimal, red: Decimal) -> tuple[Tone, str]:
    """The tone of a gap and the words about the border that decided."""
    for border, tone in ((red, Tone.RED), (yellow, Tone.YELLOW)):
        if gap > Fraction(border):
            return tone, f"超过 {plain(border)} 个百分点"
    return Tone.GREEN, f"没有超过 {plain(yellow)} 个百分点"


def _behind(facts: LightFacts, name: str, reached: Fraction, yellow: Decimal, red: Decimal) -> Verdict:
    gap = facts.time - reached
    tone, border = _graded(gap, yellow, red)
    place = f"落后 {_said(gap)} 个百分点" if gap > 0 else "不落后"
    return tone, f"时序进度 {_said(facts.time)}%，{name} {_said(reached)}%，{place}，{border}"


def _pace(facts: LightFacts, rules: LightRules) -> Verdict:
    if facts.rate is None:
        return Tone.UNCHECKED, facts.money.say("全年预算为 0，没有支出进度")
    return _behind(facts, facts.money.say("支出进度"), facts.rate, rules.pace_yellow, rules.pace_red)


def _output(facts: LightFacts, rules: LightRules) -> Verdict:
    if facts.done is None:
        return Tone.UNCHECKED, "没有可以按时间比较的产出完成值"
    return _behind(facts, "产出完成", facts.done, rules.output_yellow, rules.output_red)


def _outlook(facts: LightFacts, rules: LightRules) -> Verdict:
    impossible = [line.name for line in facts.lines if line.likelihood == Likelihood.IMPOSSIBLE]
    if impossible:
        return Tone.RED, f"完全不可能完成：{'、'.join(impossible)}"
    expected = [(line.name, line.expected) for line in facts.lines if line.expected is not None]
    border = Fraction(rules.expected_yellow)
    short = [f"{name} {_said(share)}%" for name, share in expected if share < border]
    if short:
        return Tone.YELLOW, f"全年预计完成不到指标值的 {plain(rules.expected_yellow)}%：{'、'.join(short)}"
    if not expected and not any(line.likelihood for line in facts.lines):
        return Tone.UNCHECKED, "没有填写全年预计和完成可能性"
    return Tone.GREEN, f"没有指标完全不可能完成，全年预计都不低于指标值的 {plain(rules.expected_yellow)}%"


def _divergence(facts: LightFacts, rules: LightRules) -> Verdict:
    if facts.rate is None or facts.done is None:
        return Tone.UNCHECKED, facts.money.say("缺少全年预算或产出完成值，不能比较")
    gap = abs(facts.rate - facts.done)
    tone, border = _graded(gap, rules.divergence_yellow, rules.divergence_red)
    which = "钱花在前、产出在后" if facts.rate > facts.done else "产出在前、钱没有花"
    both = f"支出进度 {_said(facts.rate)}%，产出完成 {_said(facts.done)}%，相差 {_said(gap)} 个百分点，{border}"
    return tone, facts.money.say(both if tone is Tone.GREEN else f"{both}：{which}")


def _idle(facts: LightFacts, rules: LightRules) -> Verdict:
    tone, because = _unspent(facts, rules)
    return tone, facts.money.say(because)


def _unspent(facts: LightFacts, rules: LightRules) -> Verdict:
    if facts.rate is None:
        return Tone.UNCHECKED, "全年预算为 0，没有可以闲置的资金"
    if facts.spent > 0:
        return Tone.GREEN, "已有支出"
    since = f"时序进度 {_said(facts.time)}%"
    if facts.time >= Fraction(rules.idle_from):
        return Tone.RED, f"{since}，已到 {plain(rules.idle_from)}%，仍没有一笔支出，疑似闲置"
    return Tone.GREEN, f"{since}，没有支出，但未到 {plain(rules.idle_from)}%"


LIGHTS: tuple[tuple[Lamp, str, Callable[[LightFacts, LightRules], Verdict]], ...] = (
    (Lamp.PACE, "pace_yellow", _pace),
    (Lamp.OUTPUT, "output_yellow", _output),
    (Lamp.OUTLOOK, "expected_yellow", _outlook),
    (Lamp.DIVERGENCE, "divergence_yellow", _divergence),
    (Lamp.IDLE, "idle_from", _idle),
)
