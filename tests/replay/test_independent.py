"""The independent script must know the five districts by heart before it may judge the product."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from tests.replay.independent import District, figures, grade, line_points, self_scores

DEMO = Path(__file__).resolve().parents[2] / "demo"
DISTRICTS = ("county-x-2020", "donghu-2022", "gaoxin-2021", "qingshanhu-2022", "xixia-2022")
# 湖财字〔2022〕132号 and the measures under it: values of the policy, not of any row.
POLICY_VALUES = {
    "qingshanhu-2022": {
        "key.monitoring.min": "10",
        "evaluation.department.units.min": "60",
        "evaluation.department.funds.min": "60",
        "spotcheck.min": "30",
        "exante.new.threshold": "500",
        "exante.growth.threshold": "30",
    }
}


def published(district: str) -> dict:
    return json.loads((DEMO / district / "figures.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("district", DISTRICTS)
def test_the_rows_of_a_district_add_up_to_every_figure_it_published(district):
    document = published(district)
    computed = figures(DEMO / district, document["year"], POLICY_VALUES.get(district))
    for figure in document["figures"]:
        assert computed[figure["key"]] == figure["value"], figure["key"]


def test_there_are_sixty_eight_figures():
    assert sum(len(published(district)["figures"]) for district in DISTRICTS) == 68


@pytest.mark.parametrize("district", ["donghu-2022", "qingshanhu-2022", "xixia-2022"])
def test_every_printed_point_total_and_grade_of_a_self_evaluation_is_reproduced(district):
    d = District(DEMO / district, published(district)["year"])
    for row in d.rows("self_evaluation_scores"):
        assert line_points(row) == Fraction(row["得分"]), row
    totals = self_scores(d)
    for row in d.self_evaluations():
        total = totals[row["对象年度"], row["项目编码"]]
        assert (total, grade(total)) == (Fraction(row["评价得分"]), row["评价等级"]), row


def test_the_replay_holds_3974_scored_lines():
    assert sum(len(District(DEMO / key, 2022).rows("self_evaluation_scores")) for key in DISTRICTS) == 3974


@pytest.mark.parametrize("district", DISTRICTS)
def test_the_marks_of_an_evaluation_add_up_to_its_printed_points_and_grade(district):
    d = District(DEMO / district, published(district)["year"])
    for row in d.rows("evaluations"):
        assert (d.total(row), grade(d.total(row))) == (Fraction(row["得分"]), row["等级"]), row["评价编号"]
