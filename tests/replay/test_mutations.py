"""Districts changed at random: what the product counts is what the independent script counts on the same rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import factories
from tests.replay import independent
from tests.replay.mutate import MODES, mutate

from jixiao.cli.demo_workbooks import DISTRICTS
from jixiao.domain.actors import system
from jixiao.kit.figures import Value
from jixiao.overview.catalogue import FIGURES, IMPORTERS
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.self_evaluation.models import Score, SelfEvaluation

pytestmark = pytest.mark.django_db
QUICK, SEEDS = "gaoxin-2021", (21, 22)
OTHERS = [
    pytest.param(district, mode, seed, marks=pytest.mark.slow)
    for district in DISTRICTS
    for mode in MODES
    for seed in SEEDS
    if (district, seed) != (QUICK, SEEDS[0])
]
EMPTY = (None, "0", {})


def load(key: str, folder: Path) -> None:
    district = DISTRICTS[key]
    factories.load_folder(folder, IMPORTERS, code=district.region_code, name=district.name, year=district.year)


def counted(key: str) -> dict[str, Value]:
    district = DISTRICTS[key]
    return factories.figure_values(FIGURES, system(district.region_code), district.year)


def differences(wanted: dict[str, Value], found: dict[str, Value]) -> dict[str, tuple[Value, Value | None]]:
    """By key what was wanted and found; nothing counted and nothing to count are the same."""
    both = {key: (value, found.get(key)) for key, value in wanted.items()}
    return {key: pair for key, pair in both.items() if pair[0] != pair[1] and not all(v in EMPTY for v in pair)}


def points() -> dict[str, list[tuple[object, ...]]]:
    """Every line and every sheet with what it got."""
    subject = "subject_year__code"
    lines = Score.objects.values_list(f"evaluation__{subject}", "evaluation__year", "position", "points", "because")
    sheets = SelfEvaluation.objects.values_list(subject, "year", "execution_points", "total", "grade")
    evaluations = Evaluation.objects.values_list("number", "total", "grade")
    return {"lines": sorted(lines), "sheets": sorted(sheets), "evaluations": sorted(evaluations)}


@pytest.mark.parametrize(("district", "mode", "seed"), [*((QUICK, mode, SEEDS[0]) for mode in MODES), *OTHERS])
def test_a_district_changed_at_random_counts_as_the_independent_script_says(district, mode, seed, tmp_path):
    mutate(factories.DEMO / district, tmp_path, seed, mode)
    load(district, tmp_path)
    assert differences(independent.figures(tmp_path, DISTRICTS[district].year), counted(district)) == {}


@pytest.mark.parametrize(
    "district", [QUICK, *(pytest.param(key, marks=pytest.mark.slow) for key in DISTRICTS if key != QUICK)]
)
def test_without_the_printed_points_every_line_gets_the_same(district, tmp_path):
    with factories.undone():
        load(district, factories.DEMO / district)
        full = points()
    mutate(factories.DEMO / district, tmp_path, 1, "blank")
    with factories.undone():
        load(district, tmp_path)
        blank = points()
    assert full["lines"] or full["evaluations"]
    assert blank == full
