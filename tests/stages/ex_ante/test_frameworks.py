"""Frameworks of points: five dimensions, two second-level points in each, and full points that add up to the rules'."""

from decimal import Decimal

import pytest

from jixiao import policies
from jixiao.domain.vocabulary import SubjectKind
from jixiao.stages.ex_ante.frameworks import Framed, FrameworkError, framework, full_points
from jixiao.stages.ex_ante.models import Dimension
from jixiao.stages.ex_ante.rules import JUDGED, ExAnteRules, ProcedureRules

NATIONAL = policies.load("national/2020")
TWENTY = NATIONAL.section(ExAnteRules).dimensions


@pytest.mark.parametrize("kind", list(Framed))
def test_each_has_the_five_dimensions_with_two_groups_and_every_point_says_what_is_looked_at(kind):
    found = framework(kind)
    assert found.dimensions == tuple(dimension.label for dimension in Dimension)
    for dimension in found.dimensions:
        mine = [point for point in found.points if point.dimension == dimension]
        assert len({point.level2 for point in mine}) == 2
        assert len({point.name for point in mine}) == len(mine) == 4
    assert all(point.look_at for point in found.points)
    assert found.source


@pytest.mark.parametrize("kind", list(Framed))
@pytest.mark.parametrize(
    "totals",
    [("20", "20", "20", "20", "20"), ("30", "15", "25", "20", "10"), ("33.33", "16.67", "20", "20", "10")],
)
def test_full_points_add_up_to_the_totals_of_the_rules_to_the_last_cent(kind, totals):
    dimensions = dict(zip(TWENTY, map(Decimal, totals), strict=True))
    chosen = framework(kind)
    full = full_points(chosen, dimensions)
    for name, total in dimensions.items():
        mine = [p for point, p in zip(chosen.points, full, strict=True) if point.dimension == name]
        assert sum(mine) == total
        assert max(mine) - min(mine) <= Decimal("0.01")


def test_twenty_points_are_five_for_each():
    assert set(full_points(framework(Framed.PROJECT), TWENTY)) == {Decimal(5)}


def test_other_dimensions_than_the_rules_are_refused_by_name():
    with pytest.raises(FrameworkError, match="本地区规则的维度是社会效益"):
        full_points(framework(Framed.PROJECT), {"社会效益": Decimal(100)})


@pytest.mark.parametrize("name", policies.names())
def test_every_region_has_a_framework_and_needed_materials_for_every_kind_that_is_assessed(name):
    rules = policies.load(name).section(ProcedureRules)
    assert set(rules.frameworks) == set(JUDGED)
    offered = {kind for kinds in rules.frameworks.values() for kind in kinds}
    assert offered == set(Framed)
    for kind in offered:
        both = (*rules.needed_materials[kind], *rules.other_materials[kind])
        assert rules.needed_materials[kind]
        assert len(set(both)) == len(both)


def test_a_project_may_be_assessed_as_a_special_bond_project():
    assert Framed.SPECIAL_BOND in NATIONAL.section(ProcedureRules).frameworks[SubjectKind.PROJECT]
