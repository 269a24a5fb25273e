"""The replay: five districts' own numbers come out of their imported rows, every one of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.factories import DEMO, figure_values

from jixiao.cli.demo_workbooks import DISTRICTS
from jixiao.domain.actors import system
from jixiao.overview.catalogue import FIGURES
from jixiao.stages.evaluation.self_evaluation.models import Score, SelfEvaluation

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("demo")]


def published(key: str) -> dict[str, Any]:
    document = json.loads((DEMO / key / "figures.json").read_text(encoding="utf-8"))
    return {figure["key"]: figure["value"] for figure in document["figures"]}


@pytest.mark.parametrize("key", DISTRICTS)
def test_every_figure_of_a_district_equals_the_published_value(key):
    district, wanted = DISTRICTS[key], published(key)
    found = figure_values(FIGURES, system(district.region_code), district.year)
    assert {name: found.get(name) for name in wanted} == wanted


def test_the_districts_published_68_figures():
    assert sum(len(published(key)) for key in DISTRICTS) == 68


def test_every_line_of_every_self_evaluation_gets_its_printed_points():
    lines = Score.objects.values_list("evaluation", "position", "points", "printed_points")
    assert [line for line in lines if line[2] is None or line[2] != line[3]] == []
    assert len(lines) == 3974


def test_every_self_evaluation_gets_its_printed_total_and_grade():
    sheets = SelfEvaluation.objects.values_list("pk", "total", "grade", "printed_total", "printed_grade")
    assert [sheet for sheet in sheets if None in sheet or sheet[1:3] != sheet[3:]] == []
    assert len(sheets) == 597
