"""What tests of the library begin with: an entry proposed or stored, and what was observed of it."""

from __future__ import annotations

from tests.factories import REGION, actor

from jixiao.domain.actors import Role
from jixiao.domain.indicators import Comparison
from jixiao.domain.vocabulary import IndicatorLevel1
from jixiao.registers.indicators import actions, search
from jixiao.registers.indicators.models import Entry, Observation
from jixiao.registers.indicators.rules import Scope, StandardKind
from jixiao.registers.indicators.workflow import State
from jixiao.registers.subjects.models import SubjectYear

OUTPUT = IndicatorLevel1.OUTPUT
VALUES = {
    "name": "校舍维修面积",
    "level1": OUTPUT,
    "level2": "数量指标",
    "comparison": Comparison.AT_LEAST,
    "unit": "平方米",
    "industry": "教育",
    "project_type": "",
    "scope": Scope.OWN,
    "method": "竣工验收的维修面积合计",
    "explanation": "",
    "data_source": "业务记录",
    "evidence": "验收单",
    "source": "",
}
STANDARDS = [(StandardKind.PLAN, "5000", "甲县校舍维修计划", 2022)]


def proposed(**more):
    return actions.propose(actor(Role.UNIT, unit_path="101/"), VALUES | more, STANDARDS)


def entered(name, **facts):
    made = {"region": REGION, "level1": OUTPUT, "level2": "数量指标", "state": State.APPROVED, **facts, "name": name}
    entry = Entry.objects.create(**made)
    search.index([entry])
    return entry


def subject(code="P1"):
    return SubjectYear.objects.get(code=code)


def observed(entry, code, target="90", actual="92", year=2022, position=1):
    home = subject(code)
    Observation.objects.create(
        region=REGION, year=year, entry=entry, subject_year=home, position=position, target=target, actual=actual
    )
