"""The population of a draw: who can be drawn with which weight, as the CSV file that anybody can draw from again."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from jixiao.domain.sampling import METHODS, Member, weight_of
from jixiao.kit.tables import Column, Table
from jixiao.kit.xlsx import write_csv
from jixiao.registers.subjects.models import SubjectYear

from ..models import Draw
from ..rules import SamplingRules
from ..workflow import State
from .finding import OVERALL, Candidate

TABLE = Table(
    "population",
    "抽样总体",
    (
        Column("identity", "标识"),
        Column("code", "编码"),
        Column("name", "名称"),
        Column("unit", "单位"),
        Column("budget", "全年预算", "amount"),
        Column("risk", "风险分", "integer"),
        Column("hits", "规则命中", "integer"),
        Column("must", "必抽", "flag"),
        Column("weight", "权数", "integer"),
    ),
)


@dataclass(frozen=True, slots=True)
class Population:
    """Members with their subject-years, in the order of their identities; `text` is the file, `digest` its SHA-256."""

    subjects: dict[str, SubjectYear]
    members: tuple[Member, ...]
    text: str
    digest: str


def identity_of(subject: SubjectYear) -> str:
    """What the numbers are drawn for: known to everybody, the same in every database."""
    return f"{subject.region}-{subject.year}-{subject.kind.value}-{subject.code}"


def drawable(candidates: Iterable[Candidate], *, overall: bool) -> list[Candidate]:
    """Those of one group that are neither chosen for 抽查复核 nor checked in the work year."""
    taken = (State.CHOSEN, State.OPENED)
    return [
        one
        for one in candidates
        if (one.subject.kind is OVERALL) is overall
        and not one.opened
        and not (one.choice and one.choice.state in taken)
    ]


def population_of(candidates: Sequence[Candidate], rules: SamplingRules) -> Population:
    """The population with its file: the same candidates give the same bytes."""
    rows = sorted(candidates, key=lambda one: identity_of(one.subject))
    members = tuple(_member(one, rules) for one in rows)
    lines = [
        {
            "identity": member.identity,
            "code": one.subject.code,
            "name": one.subject.name,
            "unit": one.subject.unit_name,
            "budget": one.facts.budget,
            "risk": one.facts.risk.points,
            "hits": member.hits,
            "must": member.must,
            "weight": member.weight,
        }
        for one, member in zip(rows, members, strict=True)
    ]
    content = write_csv(TABLE, lines)
    subjects = {member.identity: one.subject for one, member in zip(rows, members, strict=True)}
    return Population(subjects, members, content.decode(), hashlib.sha256(content).hexdigest())


def _member(one: Candidate, rules: SamplingRules) -> Member:
    risk = one.facts.risk
    weight = weight_of(one.facts.budget, risk.points, rules.risk_base)
    return Member(identity_of(one.subject), weight, risk.hits, risk.hits >= rules.certain_hits)


def members_of(text: str) -> list[Member]:
    """The members as the file of a draw holds them."""
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""))
    return [Member(row["标识"], int(row["权数"]), int(row["规则命中"]), row["必抽"] == "是") for row in rows]


def drawn_again(made: Draw) -> list[str]:
    """The identities that the frozen population, seed and method give, in their order."""
    picks = METHODS[made.method](members_of(made.population), made.seed, made.size, made.most_certain)
    return [pick.member.identity for pick in picks]
