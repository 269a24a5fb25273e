"""The mutations must stay readable and really change something, or they prove nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.replay.independent import figures
from tests.replay.mutate import LEAVES, MODES, mutate, orphans, read
from tests.replay.test_independent import DEMO, DISTRICTS, POLICY_VALUES

pytestmark = pytest.mark.slow


def year_of(district: str) -> int:
    return json.loads((DEMO / district / "figures.json").read_text(encoding="utf-8"))["year"]


def headers(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes().split(b"\r\n", 1)[0] for path in sorted(folder.glob("*.csv"))}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("district", DISTRICTS)
def test_a_mutated_folder_keeps_its_tables_headers_and_byte_order_mark(district, mode, tmp_path):
    written = mutate(DEMO / district, tmp_path, 1, mode)
    assert headers(tmp_path) == headers(DEMO / district)
    assert read(tmp_path) == written


@pytest.mark.parametrize("district", DISTRICTS)
def test_after_a_cascade_no_row_refers_to_a_dropped_parent(district, tmp_path):
    before = read(DEMO / district)
    assert orphans(before) == []
    after = mutate(DEMO / district, tmp_path, 2, "cascade")
    assert orphans(after) == []
    assert sum(map(len, after.values())) < sum(map(len, before.values()))


@pytest.mark.parametrize("district", DISTRICTS)
def test_dropping_leaves_leaves_every_other_table_as_long_as_it_was(district, tmp_path):
    before, after = read(DEMO / district), mutate(DEMO / district, tmp_path, 3, "leaf")
    for name in before:
        if name in LEAVES:
            assert len(after[name]) <= len(before[name])
        else:
            assert len(after[name]) == len(before[name])
    assert len(after["payments"]) < len(before["payments"])


@pytest.mark.parametrize("mode", MODES)
def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(mode, tmp_path):
    for name, seed in {"a": 7, "b": 7, "c": 8}.items():
        mutate(DEMO / "xixia-2022", tmp_path / name, seed, mode)
    bytes_of = {
        name: b"".join(path.read_bytes() for path in sorted((tmp_path / name).iterdir())) for name in ("a", "b", "c")
    }
    assert bytes_of["a"] == bytes_of["b"]
    assert (bytes_of["a"] == bytes_of["c"]) == (mode == "blank")


@pytest.mark.parametrize("mode", ["cascade", "leaf"])
@pytest.mark.parametrize("district", ["donghu-2022", "xixia-2022"])
def test_the_figures_of_a_mutated_district_can_be_computed_and_differ(district, mode, tmp_path):
    mutate(DEMO / district, tmp_path, 4, mode)
    changed = figures(tmp_path, year_of(district))
    original = figures(DEMO / district, year_of(district))
    assert changed.keys() == original.keys()
    assert changed["monitoring.spent"] != original["monitoring.spent"]
    assert changed["self.excellent"] != original["self.excellent"]


@pytest.mark.parametrize("district", DISTRICTS)
def test_blanked_points_and_grades_change_no_figure(district, tmp_path):
    mutate(DEMO / district, tmp_path, 5, "blank")
    values = POLICY_VALUES.get(district)
    year = year_of(district)
    assert figures(tmp_path, year, values) == figures(DEMO / district, year, values)
