"""The population of a draw: who can be drawn with which weight, as the CSV file that anybody can draw from again."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import StringIO

from jixiao.domain.sampling import METHODS, Member, least_size, weight_of
from jixiao.kit.tables import Column, Table
from jixiao.kit.web.listing import Shown
from jixiao.kit.xlsx import write_csv
from jixiao.registers.subjects.models import SubjectYear

from ..models import Draw
from ..rules import SamplingRules, Stratum, band_of
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


STRATUM_COLUMNS = (
    Shown("kind", "分层"),
    Shown("stratum", "层"),
    Shown("count", "总体", "integer"),
    Shown("drawn", "抽中", "integer"),
)
STRATUM = "层："
"""How the header of a stratum's column begins."""


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
    strata = strata_of(rows, rules)
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
            **places,
        }
        for one, member, places in zip(rows, members, strata, strict=True)
    ]
    content = write_csv(_table(rules), lines)
    subjects = {member.identity: one.subject for one, member in zip(rows, members, strict=True)}
    text = content.decode()
    # What is drawn from is what stands in the file, or nobody else could draw the same.
    return Population(subjects, tuple(members_of(text)), text, hashlib.sha256(content).hexdigest())


def _table(rules: SamplingRules) -> Table:
    """The columns of the file: those of TABLE, and one for each kind of strata where the method looks at them."""
    kinds = rules.strata if rules.stratified else ()
    return replace(TABLE, columns=(*TABLE.columns, *(Column(kind.value, f"{STRATUM}{kind.label}") for kind in kinds)))


def strata_of(rows: Sequence[Candidate], rules: SamplingRules) -> list[dict[str, str]]:
    """Where each candidate stands, by kind of strata; nothing where the method does not look at them."""
    kinds = rules.strata if rules.stratified else ()
    return [{kind.value: _stratum(one, kind, rules) for kind in kinds} for one in rows]


def _stratum(one: Candidate, kind: Stratum, rules: SamplingRules) -> str:
    subject = one.subject
    if kind is Stratum.DEPARTMENT:
        return subject.unit_path.split("/", 1)[0]
    if kind is Stratum.DIVISION:
        return subject.division.name if subject.division else "没有归口股室"
    return band_of(one.facts.budget, rules.size_bands)


def needed(candidates: Sequence[Candidate], rules: SamplingRules) -> int:
    """How many have to be drawn of these so that every stratum gets its own; 0 where the draw is not divided."""
    places = strata_of(candidates, rules)
    return least_size((Member("", 1, strata=tuple(one.values())) for one in places), rules.least_each)


def _member(one: Candidate, rules: SamplingRules) -> Member:
    risk = one.facts.risk
    weight = weight_of(one.facts.budget, risk.points, rules.risk_base)
    return Member(identity_of(one.subject), weight, risk.hits, risk.hits >= rules.certain_hits)


def members_of(text: str) -> list[Member]:
    """The members as the file of a draw holds them."""
    kinds, rows = _read(text)
    return [
        Member(
            row["标识"],
            int(row["权数"]),
            int(row["规则命中"]),
            row["必抽"] == "是",
            tuple(row[kind] for kind in kinds),
        )
        for row in rows
    ]


def _read(text: str) -> tuple[list[str], list[dict[str, str]]]:
    """The headers of the strata and the rows of the file of a draw."""
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""))
    return [name for name in reader.fieldnames or () if name.startswith(STRATUM)], list(reader)


def stratum_rows(made: Draw) -> list[dict[str, object]]:
    """Each stratum of a draw: how many it holds and how many of them were drawn. None where it was not divided."""
    kinds, rows = _read(made.population)
    picked = set(drawn_again(made))
    counted = Counter((kind, row[kind]) for kind in kinds for row in rows)
    drawn = Counter((kind, row[kind]) for kind in kinds for row in rows if row["标识"] in picked)
    return [
        {"kind": kind.removeprefix(STRATUM), "stratum": name, "count": count, "drawn": drawn[kind, name]}
        for (kind, name), count in sorted(counted.items(), key=lambda one: (kinds.index(one[0][0]), one[0][1]))
    ]


def drawn_again(made: Draw) -> list[str]:
    """The identities that the frozen population, seed and method give, in their order."""
    members = members_of(made.population)
    picks = METHODS[made.method](members, made.seed, made.size, made.most_certain, made.least_each)
    return [pick.member.identity for pick in picks]
