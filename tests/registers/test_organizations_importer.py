"""单位名录: the tree of units is built from superiors, contradictions are refused where they stand."""

import pytest
from tests.factories import UNITS, actor, figure_values, run_import, stored

from jixiao.kit.figures import Scope, answer
from jixiao.registers.organizations.figures import FIGURES
from jixiao.registers.organizations.importer import IMPORTERS
from jixiao.registers.organizations.invariants import INVARIANTS
from jixiao.registers.organizations.models import UnitYear

pytestmark = pytest.mark.django_db
HEAD = "单位编码,单位名称,上级单位编码,单位级次,单位类型,归口股室\n"


def violations():
    return [sentence for invariant in INVARIANTS for sentence in invariant.check()]


def test_a_unit_stands_below_its_superior():
    stored({"units": UNITS}, IMPORTERS)
    school = UnitYear.objects.get(code="101001")
    assert (school.path, school.level, school.parent.code) == ("101/101001/", 2, "101")


def test_the_same_table_again_changes_nothing():
    stored({"units": UNITS}, IMPORTERS)
    again = stored({"units": UNITS}, IMPORTERS)
    assert (again.changes, again.counts["units"]["same"], again.stored) == (0, 3, False)


def test_a_unit_keeps_its_identity_in_the_next_year():
    stored({"units": UNITS}, IMPORTERS)
    stored({"units": UNITS.replace("甲县教育局", "甲县教育体育局")}, IMPORTERS, year=2023)
    names = UnitYear.objects.filter(code="101").order_by("year").values_list("unit_id", "name")
    assert len({unit for unit, _ in names}) == 1
    assert [name for _, name in names] == ["甲县教育局", "甲县教育体育局"]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("102,乙,999,,下属单位,", "上级单位编码", "没有编码为 999 的单位"),
        ("102,乙,,2,部门,", "单位级次", "按上级单位应为第 1 级"),
        ("102,乙,,1,公司,", "单位类型", "不在可选范围内"),
        ("101,乙,,1,部门,", "单位编码", "重复"),
    ],
)
def test_a_contradiction_is_named_at_its_cell_and_nothing_is_stored(row, column, words):
    outcome = run_import({"units": f"{HEAD}101,甲,,1,部门,\n{row}\n"}, IMPORTERS)
    [(_, problem)] = outcome.problems
    assert (problem.row, problem.column) == (3, column)
    assert words in problem.message
    assert not UnitYear.objects.exists()


def test_units_of_the_first_level_are_counted_without_their_subordinates():
    stored({"units": UNITS}, IMPORTERS)
    assert figure_values(FIGURES, actor()) == {"units.total": "2"}


def test_a_year_without_a_unit_table_counts_by_the_nearest_one():
    stored({"units": UNITS}, IMPORTERS)
    assert answer(FIGURES[0], Scope("999999", 2023, actor())).value == "2"


def test_another_region_sees_no_unit():
    stored({"units": UNITS}, IMPORTERS)
    assert answer(FIGURES[0], Scope("999999", 2022, actor(code="888888"))).value == "0"


def test_a_path_that_leaves_its_superior_is_found():
    stored({"units": UNITS}, IMPORTERS)
    assert violations() == []
    UnitYear.objects.filter(code="101001").update(path="201/101001/")
    assert "按上级应为 101/101001/" in violations()[0]
