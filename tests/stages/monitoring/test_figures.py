"""Figures of monitoring equal what the districts published, and an independent count of changed rows."""

import pytest
from tests.factories import DEMO, REGISTERS, actor, figure_values, load_folder
from tests.replay.independent import figures
from tests.replay.mutate import mutate

from jixiao.kit.figures import Scope, answer
from jixiao.stages.monitoring.figures import FIGURES
from jixiao.stages.monitoring.importer import IMPORTERS
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

ALL = (*REGISTERS, *TARGETS, *IMPORTERS)
XIXIA, GAOXIN, QINGSHANHU, COUNTY_X, CHANGED = "411323", "360193", "360111", "990001", "888888"


@pytest.fixture(scope="module", autouse=True)
def changed(demo, tmp_path_factory):
    """The districts as published, and 西峡 with rows dropped and amounts moved under another code."""
    folder = tmp_path_factory.mktemp("changed") / "xixia-2022"
    mutate(DEMO / "xixia-2022", folder, 3, "cascade")
    load_folder(folder, ALL, code=CHANGED, name="乙县", year=2022)
    return figures(folder, 2022)


def test_the_last_round_is_counted_as_published():
    values = figure_values(FIGURES, actor(code=XIXIA))
    assert {key: value for key, value in values.items() if not key.startswith("monitoring.key")} == {
        "monitoring.rounds": "1",
        "monitoring.projects": "234",
        "monitoring.units": "112",
        "monitoring.amount": "70233",
        "monitoring.spent": "37580.6",
        "monitoring.rate": "53.51",
        "monitoring.slow": "26",
        "monitoring.period": "1-7",
        "recovery.amount": "9",
    }


def test_key_subjects_of_all_rounds_are_counted_once_each():
    values = figure_values(FIGURES, actor(code=GAOXIN), 2021)
    assert (values["monitoring.key"], values["monitoring.key.amount"]) == ("4", "3365.2")
    assert values["monitoring.key.rate"]["公务员事务项目"] == "54.6"


def test_the_period_ends_with_the_month_of_the_cutoff():
    assert figure_values(FIGURES, actor(code=COUNTY_X), 2020)["monitoring.period"] == "1-8"


def test_the_minimum_of_key_monitoring_is_the_regions_own():
    assert figure_values(FIGURES, actor(code=QINGSHANHU))["key.monitoring.min"] == "10"


def test_a_year_without_monitoring_has_counts_but_no_rate():
    values = figure_values(FIGURES, actor(code=XIXIA), 2019)
    assert values["monitoring.projects"] == "0"
    assert {"monitoring.rate", "monitoring.period"} & values.keys() == set()


def test_changed_rows_give_what_an_independent_count_gives(changed):
    values = figure_values(FIGURES, actor(code=CHANGED))
    assert values == {key: changed[key] for key in values}


def test_every_column_of_a_drill_down_can_be_read():
    for figure in FIGURES:
        found = answer(figure, Scope(XIXIA, 2022, actor(code=XIXIA)))
        assert all(column.read(row) is not None for row in found.rows[:3] for column in figure.columns)
