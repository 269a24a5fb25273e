"""Figures of targets in the demo districts equal what the districts published."""

import pytest
from tests.factories import actor, figure_values

from jixiao.kit.figures import Scope, answer
from jixiao.stages.targets.figures import FIGURES

pytestmark = pytest.mark.usefixtures("demo")
XIXIA, DONGHU, QINGSHANHU, COUNTY_X = "411323", "360102", "360111", "990001"


def test_general_and_policy_projects_add_up_to_the_published_amount():
    values = figure_values(FIGURES, actor(code=XIXIA))
    assert {key: value for key, value in values.items() if key.startswith("targets.")} == {
        "targets.projects": "510",
        "targets.amount": "118198",
        "targets.amount.general": "79120",
        "targets.amount.policy": "39078",
    }


@pytest.mark.parametrize(
    ("region", "year", "key", "value"),
    [
        (QINGSHANHU, 2022, "indicators.max", "16"),
        (DONGHU, 2022, "overall.targets", "59"),
        (COUNTY_X, 2020, "overall.pilots", "5"),
        (COUNTY_X, 2018, "overall.pilots", "0"),
    ],
)
def test_a_published_figure_comes_out_of_the_rows(region, year, key, value):
    assert figure_values(FIGURES, actor(code=region), year)[key] == value


def test_the_rows_behind_an_amount_add_up_to_it():
    figure = next(figure for figure in FIGURES if figure.key == "targets.amount")
    found = answer(figure, Scope(XIXIA, 2022, actor(code=XIXIA)))
    assert sum(row.initial for row in found.rows) == 118_198 * 1_000_000


def test_every_column_of_a_drill_down_can_be_read():
    for figure in FIGURES:
        found = answer(figure, Scope(COUNTY_X, 2020, actor(code=COUNTY_X)))
        assert all(column.read(row) is not None for row in found.rows[:3] for column in figure.columns)
