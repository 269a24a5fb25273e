"""kill -9 in the middle of an import: afterwards there are no rows or all of them, and the doctor finds nothing."""

from __future__ import annotations

import time

import pytest
from tests.cli.places import folder

KILLS = 20
PROJECTS, PAYMENTS = 1000, 2000
WHERE = ("--region", "999999", "--name", "甲县", "--year", 2022)
TABLES = ("organizations_unityear", "subjects_subjectyear", "subjects_payment", "kit_upload", "organizations_region")
NOTHING, EVERYTHING = [0, 0, 0, 0, 0], [1, PROJECTS, PAYMENTS, 3, 1]


@pytest.mark.slow
def test_an_import_killed_anywhere_leaves_nothing_or_everything(new_place, tmp_path):
    tables = folder(tmp_path / "tables", projects=PROJECTS, payments=PAYMENTS)
    place = new_place()
    began = time.monotonic()
    place.run("import", tables, *WHERE)
    whole = time.monotonic() - began
    assert place.count(*TABLES) == EVERYTHING

    place, outcomes = new_place(), []
    for number in range(KILLS):
        process = place.start("import", tables, *WHERE)
        # Starting up takes a part of the time in which nothing can be lost: the kills crowd into the rest.
        time.sleep(whole * (0.3 + 0.7 * number / KILLS))
        place.kill(process)
        outcomes.append(place.count(*TABLES))
        assert outcomes[-1] in (NOTHING, EVERYTHING)
        place.run("doctor")
        if outcomes[-1] == EVERYTHING:
            place = new_place()
    assert NOTHING in outcomes
    place.run("import", tables, *WHERE)
    assert place.count(*TABLES) == EVERYTHING
