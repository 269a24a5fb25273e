"""Average, spread and deviation of experts' points, by hand."""

from decimal import Decimal

import pytest

from jixiao import policies
from jixiao.domain.vocabulary import Verdict
from jixiao.stages.ex_ante.marks import because, cut, spread
from jixiao.stages.ex_ante.rules import ExAnteRules

GATE = policies.load("qingshanhu/2022").section(ExAnteRules)


@pytest.mark.parametrize(
    ("points", "average", "width", "deviation"),
    [
        ("5", "5", "0", "0"),
        ("4 4.5 5", "4.5", "1", "0.41"),  # √(0.5/3) = 0.40824…
        ("3 4", "3.5", "1", "0.5"),
        ("1 2 2", "1.67", "1", "0.47"),  # √(2/9) = 0.47140…
        ("0 0 0 1", "0.25", "1", "0.43"),  # √(3/16) = 0.43301…
        ("0 0.01", "0.01", "0.01", "0.01"),  # 0.005 is rounded up, both times
        ("2 4 4 4 5 5 7 9", "5", "7", "2"),
        ("0 100", "50", "100", "50"),
    ],
)
def test_the_spread_is_exact_to_the_hundredth(points, average, width, deviation):
    found = spread([Decimal(one) for one in points.split()])
    assert (found.average, found.width, found.deviation) == (Decimal(average), Decimal(width), Decimal(deviation))


def test_nobody_scored_is_no_spread():
    assert spread([]) is None


def test_what_is_cut_is_computed_and_open_while_an_amount_is():
    assert cut(600, 450) == 150
    assert cut(600, None) is None
    assert cut(None, 450) is None


def test_the_reason_adds_the_points_and_names_the_borders():
    points = {"立项必要性": Decimal("18.5"), "投入经济性": Decimal(61)}
    said = because(points, Verdict.ADJUSTED, "", GATE, "某办法")
    borders = "80 分以上支持、60 分以上调整完善后支持（某办法），调整完善后支持"
    assert said == f"立项必要性 18.5 + 投入经济性 61 = 79.5 分；{borders}"
