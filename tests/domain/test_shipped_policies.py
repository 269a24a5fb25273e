"""The shipped policies: every section is declared, readable and sourced, and says what the districts published."""

import importlib
import pkgutil
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import jixiao.domain
import jixiao.stages
from jixiao import policies
from jixiao.domain.grades import GradeRules
from jixiao.domain.policy import check
from jixiao.domain.scoring import METHODS, ScoringRules
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.stages.evaluation.rules import EvaluationRules
from jixiao.stages.ex_ante.rules import ExAnteRules
from jixiao.stages.follow_up.rules import ResultUseRules
from jixiao.stages.monitoring.rules import MonitoringRules
from jixiao.stages.targets.rules import TargetRules

NAMES = policies.names()
DISTRICTS = [name for name in NAMES if name.split("/")[0] not in ("national", "hubei")]


def declared() -> list[Any]:
    """Every Rules class of domain, registers and stages."""
    domain = [m.name for m in pkgutil.walk_packages(jixiao.domain.__path__, "jixiao.domain.")]
    root = Path(next(iter(jixiao.__path__)))
    files = [file.relative_to(root) for floor in ("registers", "stages") for file in (root / floor).rglob("rules.py")]
    rules = [".".join(("jixiao", *file.with_suffix("").parts)) for file in files]
    found = {}
    for name in [*domain, *rules]:
        for thing in vars(importlib.import_module(name)).values():
            if isinstance(thing, type) and is_dataclass(thing) and isinstance(getattr(thing, "section", None), str):
                found[thing.__qualname__] = thing
    return list(found.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_section_is_declared_and_every_declared_section_is_read(name: str) -> None:
    check(policies.load(name), declared())


def test_no_two_rules_share_a_section() -> None:
    sections = [rules.section for rules in declared()]
    assert len(sections) == len(set(sections))


@pytest.mark.parametrize("name", NAMES)
def test_every_value_has_a_source(name: str) -> None:
    policy = policies.load(name)
    for rules in declared():
        for field in fields(rules):
            assert policy.provenance(rules.section, field.name).source


@pytest.mark.parametrize("name", NAMES)
def test_indicator_weights_and_execution_make_a_hundred(name: str) -> None:
    policy = policies.load(name)
    targets, scoring = policy.section(TargetRules), policy.section(ScoringRules)
    assert targets.indicator_weight_total + scoring.execution_weight == 100
    assert sum(targets.class_weights.values()) == targets.indicator_weight_total
    with_cost = targets.class_weights_with_cost
    assert not with_cost or sum(with_cost.values()) == targets.indicator_weight_total


@pytest.mark.parametrize("name", NAMES)
def test_every_scoring_method_exists(name: str) -> None:
    scoring = policies.load(name).section(ScoringRules)
    assert {*scoring.methods.values(), scoring.satisfaction, scoring.cost_equal} <= set(METHODS)


@pytest.mark.parametrize("name", NAMES)
def test_the_five_dimensions_make_a_hundred(name: str) -> None:
    rules = policies.load(name).section(ExAnteRules)
    assert len(rules.dimensions) == 5
    assert sum(rules.dimensions.values()) == 100


@pytest.mark.parametrize("name", DISTRICTS)
def test_every_district_scores_and_grades_by_the_national_rules_of_2020(name: str) -> None:
    own, national = policies.load(name), policies.load("national/2020")
    assert own.section(ScoringRules) == national.section(ScoringRules)
    assert own.section(GradeRules) == national.section(GradeRules)


def test_what_nobody_published_is_marked_as_our_default() -> None:
    national = policies.load("national/2020")
    for section, key in (
        ("monitoring", "slow_behind"),
        ("scoring", "over_threshold"),
        ("ex_ante", "support_from"),
        ("result_use", "uses"),
        ("rectification", "reply_days"),
    ):
        assert national.provenance(section, key).guess
    for section, key in (("grades", "excellent"), ("scoring", "execution_weight"), ("monitoring", "rounds")):
        assert not national.provenance(section, key).guess


def test_the_national_rules_of_2021_bring_cost_indicators() -> None:
    before, after = (policies.load(f"national/{year}").section(TargetRules) for year in (2020, 2021))
    assert IndicatorLevel1.COST not in before.offered_classes
    assert after.class_weights_with_cost[IndicatorLevel1.COST] == 20
    assert policies.load("national/2021").section(ScoringRules).satisfaction == "satisfaction/1"


def test_hubei_gives_execution_twenty_points_and_partial_results_half() -> None:
    scoring = policies.load("hubei/2020").section(ScoringRules)
    assert (scoring.execution_weight, scoring.tier_reached, scoring.tier_partly) == (20, 80, 50)


def test_qingshanhu_says_what_it_published() -> None:
    policy = policies.load("qingshanhu/2022")
    gate, rounds, work = (policy.section(rules) for rules in (ExAnteRules, MonitoringRules, EvaluationRules))
    assert (gate.new_threshold, gate.growth_threshold, gate.growth_amount) == (500_000_000, Decimal(30), 500_000_000)
    assert gate.exempt_categories == ("应急", "救灾")
    assert [r.month for r in rounds.rounds] == [3, 6, 9, 10, 11, 12]
    assert [r.purpose for r in rounds.rounds[1:4]] == ["提示警示", "纠偏调整", "督促完成"]
    assert rounds.key_minimum == 10
    assert (work.department_units_minimum, work.department_funds_minimum) == (60, 60)
    assert (work.spot_check_minimum, work.key_departments, work.key_projects) == (30, 10, 11)


@pytest.mark.parametrize(
    ("name", "months"), [("donghu/2022", 5), ("xixia/2022", 1), ("gaoxin/2021", 2), ("county-x/2020", 1)]
)
def test_every_district_plans_the_rounds_it_held(name: str, months: int) -> None:
    rounds = policies.load(name).section(MonitoringRules).rounds
    assert len(rounds) == months
    assert [r.no for r in rounds] == list(range(1, months + 1))


@pytest.mark.parametrize("name", NAMES)
def test_every_grade_has_a_use(name: str) -> None:
    uses = policies.load(name).section(ResultUseRules).uses
    assert [grade.label for grade in uses] == ["优", "良", "中", "差"]
    assert all(0 <= use.reduce_from <= use.reduce_to <= 100 for use in uses.values())
