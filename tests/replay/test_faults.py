"""Every table of the demo districts with one fault: told with its place in Chinese, and nothing is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from tests import factories
from tests.replay.faults import Fault, faults

from jixiao.cli.demo_workbooks import DISTRICTS, TITLES, make_workbooks
from jixiao.kit.importing import Outcome, Source, run
from jixiao.overview.catalogue import IMPORTERS

CHINESE = re.compile("[\u4e00-\u9fff]")
KINDS = ("wrong_amount", "broken_formula", "wrong_date", "unknown_code", "blank_code", "duplicate_key")
WHOLE = ("missing_column", "missing_sheet")
# The district whose folder holds the table with the fewest rows: a workbook is opened once per fault.
HOMES = {
    stem: min(found, key=lambda path: path.stat().st_size)
    for stem in TITLES
    if (found := [path for key in DISTRICTS for path in (factories.DEMO / key).glob(f"{stem}.csv")])
}
# Rows that no sheet is known for are listed as a gap; what was published or handed over is kept as it was written.
LISTED = {
    *("evaluation_scores", "problems", "suggestions", "rectifications", "disclosures", "reports_to"),
    *("monitoring_readings", "self_evaluation_scores"),
}
# With another code of its own a row is another row, and these registers may do without the number of an evaluation.
NO_FAULT = {
    *((table, "unknown_code") for table in ("units", "projects", "evaluations")),
    *((table, "blank_code") for table in ("disclosures", "reports_to")),
    ("reports_to", "missing_column"),
}


@pytest.fixture(autouse=True)
def untouched(demo: object) -> Iterator[None]:
    """Every fault meets the districts as they were imported."""
    with factories.undone():
        yield


def stored() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


@cache
def spoilt(stem: str, folder: Path) -> dict[str, Fault]:
    source = folder / stem
    source.mkdir(parents=True, exist_ok=True)
    (source / f"{stem}.csv").write_bytes(HOMES[stem].read_bytes())
    (book,) = make_workbooks(source, folder / f"{stem}-books")
    return {fault.kind: fault for fault in faults(book)}


def imported(stem: str, fault: Fault) -> Outcome:
    district = DISTRICTS[HOMES[stem].parent.name]
    scope = factories.scope(district.region_code, district.year)
    before = stored()
    outcome = run([Source(f"{TITLES[stem]}.xlsx", fault.content)], IMPORTERS, scope, commit=True)
    assert outcome.stored or stored() == before
    return outcome


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


def test_every_table_is_spoilt():
    assert len(HOMES) == len(TITLES) == 23


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*KINDS, *WHOLE])
@pytest.mark.parametrize("stem", HOMES)
def test_a_fault_is_told_with_its_place_and_stores_nothing(stem, kind, folder):
    fault = spoilt(stem, folder).get(kind)
    if fault is None:
        return  # no amount, no date or no code in this table
    outcome = imported(stem, fault)
    if (stem, kind) in NO_FAULT:
        assert not outcome.problems
        return
    if kind == "unknown_code" and stem in LISTED:
        assert not outcome.problems
        assert any(gap.table == stem and fault.row in gap.rows for gap in outcome.gaps)
        return
    assert outcome.problems
    assert not outcome.stored
    found = [problem for _, problem in outcome.problems]
    assert all(CHINESE.search(problem.message) for problem in found)
    if kind in KINDS:
        places = {(problem.sheet, problem.row) for problem in found}
        assert places == {(TITLES[stem], fault.row)}, [str(problem) for problem in found]
        # A known voucher of another project, or of none, is told at the voucher.
        if fault.column and (stem, kind) not in (("payments", "unknown_code"), ("payments", "blank_code")):
            assert fault.column in {problem.column for problem in found}
    elif kind == "missing_column" and stem != "disclosures":  # where only the same material comes twice without it
        assert any(fault.column.removesuffix("（万元）") in problem.message for problem in found)
