"""A small year for the tests of clearing: P1 is spent in time, P2 and the policy Z1 were never paid."""

from __future__ import annotations

from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored

from jixiao.domain.actors import Actor, Role
from jixiao.kit import moving
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.follow_up.clearing import actions
from jixiao.stages.follow_up.clearing.models import Candidate, ClearingRun
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
2022,P2,产出指标,数量指标,资助人数,定量,≥,500,人,90
"""
PAYMENTS = "年度,项目编码,凭证号,支付日期,金额(元)\n2022,P1,V1,2022-07-01,600000\n2022,P2,V2,2022-10-01,1000000\n"
WAN = 1_000_000
CUTOFF = day("2022-09-30")


def imported() -> None:
    """The registers, two targets and the payments; that of P2 is dated after the cut-off."""
    tables = {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}
    stored(tables, (*REGISTERS, *TARGETS))


def opened(cutoff=CUTOFF) -> ClearingRun:
    """A run of that cut-off with its candidates listed."""
    run = actions.prepare(actor(), YEAR, cutoff)
    return moving.move(run, "open", actor(), version=run.version, effect=actions.after_run_step)


def candidate(code: str) -> Candidate:
    return Candidate.objects.get(subject_year__code=code)


def subject(code: str) -> SubjectYear:
    return SubjectYear.objects.get(code=code)


def unit_of(code: str) -> Actor:
    """The accountant of the subject's unit."""
    return actor(Role.UNIT, unit_path=subject(code).unit_path)


def rule(code: str, measure, fen=None, doc_no="", opinion="按规定清理"):
    one = candidate(code)
    ruling = actions.Ruling(measure, opinion, fen, doc_no)
    return actions.decide(one, actor(), ruling, version=one.version)
