"""Ex-ante figures of the demo districts equal what the districts published."""

import pytest
from tests.factories import actor, figure_values

from jixiao.domain.actors import Role
from jixiao.stages.ex_ante.figures import FIGURES

pytestmark = pytest.mark.usefixtures("demo")
XIXIA, COUNTY_X, QINGSHANHU = "411323", "990001", "360111"


def test_departments_and_towns_are_counted_apart():
    values = figure_values(FIGURES, actor(code=XIXIA))
    assert (values["exante.first_level_units"], values["exante.towns"]) == ("64", "19")


def test_policies_and_projects_are_counted_by_the_year_of_the_work():
    values = figure_values(FIGURES, actor(code=COUNTY_X), 2020)
    assert (values["exante.policies"], values["exante.projects"]) == ("2", "3")


def test_thresholds_are_the_regions_own():
    values = figure_values(FIGURES, actor(code=QINGSHANHU))
    assert (values["exante.new.threshold"], values["exante.growth.threshold"]) == ("500", "30")


def test_a_region_without_thresholds_states_none():
    assert "exante.new.threshold" not in figure_values(FIGURES, actor(code=XIXIA))


def test_a_unit_counts_only_its_own_assessments():
    values = figure_values(FIGURES, actor(Role.UNIT, XIXIA, unit_path="101/"))
    assert values["exante.first_level_units"] == "1"


def test_every_figure_says_how_it_is_counted():
    assert all(figure.definition.endswith("。") for figure in FIGURES)
