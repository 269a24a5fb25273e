"""The replayed districts: every printed line, total and grade is reproduced, and the published figures with them."""

from __future__ import annotations

import json

import pytest
from tests.factories import DEMO, DISTRICTS, REGISTERS, actor, figure_values, load_demo, undone

from jixiao.domain.actors import Role
from jixiao.kit.figures import Scope, answer
from jixiao.stages.evaluation.self_evaluation.figures import FIGURES
from jixiao.stages.evaluation.self_evaluation.importer import IMPORTERS as SELF_EVALUATION
from jixiao.stages.evaluation.self_evaluation.invariants import INVARIANTS
from jixiao.stages.evaluation.self_evaluation.models import Score, SelfEvaluation
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

KEYS = ("xixia-2022", "donghu-2022", "qingshanhu-2022")
ALL = (*REGISTERS, *TARGETS, *SELF_EVALUATION)


@pytest.fixture(scope="module", autouse=True)
def replayed(django_db_setup, django_db_blocker):
    """The three districts that have self-evaluations, and what their imports said."""
    with django_db_blocker.unblock(), undone():
        yield {key: load_demo(key, ALL) for key in KEYS}


def test_every_printed_line_is_reproduced():
    scores = Score.objects.select_related("line")
    assert [str(score) for score in scores if score.points != score.printed_points] == []
    assert scores.count() == 3974


def test_every_printed_total_and_grade_is_reproduced():
    sheets = SelfEvaluation.objects.values_list("total", "grade", "printed_total", "printed_grade")
    assert [s for s in sheets if s[:2] != s[2:]] == []
    assert len(sheets) == 597


def test_nothing_is_missing_and_frozen_scores_recompute(replayed):
    assert [gap.message for outcome in replayed.values() for gap in outcome.gaps] == []
    assert [text for invariant in INVARIANTS for text in invariant.check()] == []


@pytest.mark.parametrize("key", KEYS)
def test_the_figures_are_those_that_the_district_published(key):
    district = DISTRICTS[key]
    published = json.loads((DEMO / key / "figures.json").read_text(encoding="utf-8"))["figures"]
    wanted = {figure["key"]: figure["value"] for figure in published}
    values = figure_values(FIGURES, actor(code=district.region_code), district.year)
    common = wanted.keys() & values.keys()
    assert {name: values[name] for name in common} == {name: wanted[name] for name in common}
    assert not [name for name in wanted if name.startswith("self.") and name not in values]


def test_all_four_grades_add_up_to_all_sheets():
    values = figure_values(FIGURES, actor(code="411323"), 2022)
    grades = [int(values[f"self.{grade}"]) for grade in ("excellent", "good", "fair", "poor")]
    assert sum(grades) == int(values["self.projects"]) == 252


def test_without_self_evaluations_there_are_no_shares():
    values = figure_values(FIGURES, actor(code="411323"), 2019)
    assert values["self.projects"] == "0"
    assert "self.excellent.share" not in values


def test_a_unit_counts_only_its_own_sheets():
    sheet = SelfEvaluation.objects.filter(region="411323").select_related("subject_year").first()
    path = sheet.subject_year.unit_path
    reader = actor(Role.UNIT, code="411323", unit_path=path)
    figure = next(figure for figure in FIGURES if figure.key == "self.projects")
    rows = answer(figure, Scope("411323", 2022, reader)).rows
    assert 0 < len(rows) < 252
    assert all(row.subject_year.unit_path.startswith(path) for row in rows)
    assert [figure.columns[0].read(row) for row in rows] == [row.subject_year.code for row in rows]
