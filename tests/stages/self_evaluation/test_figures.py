"""Figures of self-evaluations in the demo districts, and what their import left unsaid."""

from __future__ import annotations

import pytest
from tests.factories import actor, figure_values

from jixiao.domain.actors import Role
from jixiao.kit.figures import Scope, answer
from jixiao.stages.evaluation.self_evaluation.figures import FIGURES
from jixiao.stages.evaluation.self_evaluation.invariants import INVARIANTS
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation

pytestmark = pytest.mark.usefixtures("demo")


def test_nothing_is_missing_and_frozen_scores_recompute(demo):
    assert [gap.message for outcome in demo.values() for gap in outcome.gaps if gap.table.startswith("self_")] == []
    assert [text for invariant in INVARIANTS for text in invariant.check()] == []


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
