"""1,000,000 indicator lines through the product's scoring, against a bare loop with the same arithmetic.

The bare loop divides, multiplies and rounds as exactly (Fraction in, Decimal out); it reads no text, chooses no
method, flags nothing and explains nothing.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from benchmarks.showing import show, timed, tiny

from jixiao.domain.scoring import Comparison, LineFacts, ScoringRules, score_line
from jixiao.policies import load


def lines() -> Iterator[LineFacts]:
    """Ten kinds of lines in turn, with thousands of different targets and actuals, without an end."""
    number = 0
    while True:
        number += 1
        whole, done = number * 7919 % 4999 + 1, number * 104729 % 5003
        weight = Decimal(5 + number % 16)
        for comparison, target, actual, method, unit in (
            (Comparison.AT_LEAST, f"{whole}", f"{done}", None, "个"),
            (Comparison.AT_LEAST, f"{whole}.5", f"{done}.25", None, "万元"),
            (Comparison.MORE, f"{whole:,}", f"{done:,}", None, "人"),
            (Comparison.AT_MOST, f"{whole}", f"{done + 1}", None, "元"),
            (Comparison.EQUAL, f"{whole}", f"{done}", None, "户"),
            (Comparison.AT_LEAST, "90%", f"{done % 101}%", "满意度赋分", "%"),
            (Comparison.AT_LEAST, f"{whole}", f"{done}", "每少1个扣0.5分", "个"),
            (Comparison.AT_LEAST, f"{whole}", f"{done}", "100%得满分，90%以上得8分，80%以上得60%", "个"),
            (Comparison.EQUAL, "11月底前", f"{done % 12 + 1}月{done % 28 + 1}日", "date/1", ""),
        ):
            yield LineFacts("指标", "产出指标", "数量指标", comparison, target, actual, weight, None, method, unit)
        tier = Decimal(done % 101)
        yield LineFacts("指标", "效益指标", "社会效益", Comparison.QUALITATIVE, "较好", "较好", weight, tier)


def score(count: int, rules: ScoringRules) -> int:
    """Score so many lines; how many got points."""
    return sum(score_line(line, rules).points is not None for line in islice(lines(), count))


def bare(count: int) -> int:
    """weight × actual ÷ target, capped and rounded, for as many numbers."""
    reached = 0
    for number in range(count):
        whole, done = number * 7919 % 4999 + 1, number * 104729 % 5003
        points = min(Fraction(1), Fraction(done, whole)) * (5 + number % 16)
        reached += Decimal((200 * points.numerator + points.denominator) // (2 * points.denominator)).scaleb(-2) >= 0
    return reached


def main() -> None:
    count = 1_000 if tiny(__doc__) else 1_000_000
    rules = load("national/2020").section(ScoringRules)
    making, _ = timed(lambda: sum(1 for _ in islice(lines(), count)))
    theirs, _ = timed(lambda: bare(count))
    ours, scored = timed(lambda: score(count, rules))
    ours -= making
    rows = [
        {"way": way, "seconds": round(took, 2), "lines/s": round(count / took), "µs/line": round(took / count * 1e6, 2)}
        for way, took in (("bare loop", theirs), ("score_line", ours))
    ]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    facts = {"memory_mib": memory}
    show("scoring", rows, lines=count, scored=scored, ratio=round(ours / theirs, 2), **facts)
