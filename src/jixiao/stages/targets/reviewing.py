"""What reviewers say of a target sheet: opinions on its cells, the grade, and one step for many sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision
from jixiao.domain.filing import FINANCE
from jixiao.domain.grades import Grade
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import changed, locked

from .models import OpinionKind, Party, TargetOpinion, TargetVersion
from .rules import grades_result, may_review
from .saying import GOAL, Cell
from .workflow import MACHINE, State


@dataclass(frozen=True, slots=True)
class Marked:
    """One opinion as it was given; without lineage it is about the goal."""

    lineage: str
    kind: OpinionKind
    cells: tuple[Cell, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review: opinions, by whom if an expert, and finance's grade with its words."""

    opinions: tuple[Marked, ...]
    expert: str = ""
    result: Grade | None = None
    words: str = ""


def reviewable(version: TargetVersion, actor: Actor) -> Decision:
    """May the actor say what he thinks of this version now?"""
    reviewer = actor.role in (*FINANCE, Role.DEPARTMENT)
    waits = reviewer and version.state != State.DRAFT and version.state in MACHINE.awaiting(actor.role)
    at_my_desk = waits and bool(MACHINE.offered(version.state, actor, version.facts()))
    return may_review(actor, at_my_desk, version.submitted_by() if waits else None)


def review(
    version: TargetVersion, actor: Actor, *, version_no: int, reviewed: Reviewed, token: str = ""
) -> TargetVersion:
    """Keep the opinions of one party, in place of those it gave since the last submission. Raises Stale, Refused."""
    content = [version.reference, version_no, repr(reviewed)]
    with acting(actor, "targets.review", token=token, content=content) as act:
        current: TargetVersion = locked(version, version_no, act)
        allowed = reviewable(current, actor)
        if reviewed.result or reviewed.words or reviewed.expert:
            allowed &= grades_result(actor)
        allowed.demand()
        before, after = _kept(current, act, reviewed)
        if actor.role in FINANCE and not reviewed.expert:
            current.result, current.result_words = reviewed.result or "", reviewed.words
        changed(current, ("result", "result_words"), act, before, {"opinions": after, "result": current.result})
    return current


def _kept(version: TargetVersion, act: Act, reviewed: Reviewed) -> tuple[list[list[str]], list[list[str]]]:
    """Keep the opinions in place of the party's earlier ones; what it said before and says now."""
    actor = act.actor
    party = Party.DEPARTMENT if actor.role is Role.DEPARTMENT else Party.FINANCE
    party, name = (Party.EXPERT, reviewed.expert) if reviewed.expert else (party, actor.name)
    earlier = version.opinions.filter(party=party, name=name, answered_at=None)
    before = [[str(value) for value in row] for row in earlier.values_list("line", "kind", "words")]
    earlier.delete()
    lines = {line.lineage: line.name for line in version.lines.all()} | {"": GOAL}
    given = [
        TargetOpinion(
            version=version,
            lineage=one.lineage,
            line=lines[one.lineage],
            kind=one.kind,
            cells=[cell.value for cell in one.cells],
            words=one.words,
            party=party,
            name=name,
            user_id=actor.user_id,
            at=act.at,
        )
        for one in reviewed.opinions
        if one.lineage in lines
    ]
    TargetOpinion.objects.bulk_create(given)
    return before, [[one.line, str(one.kind), one.words] for one in given]


def asked_for(opinions: Sequence[TargetOpinion]) -> dict[str, list[TargetOpinion]]:
    """What is still to be answered, by lineage: everything but plain agreement."""
    found: dict[str, list[TargetOpinion]] = {}
    for opinion in opinions:
        if opinion.answered_at is None and opinion.kind != OpinionKind.AGREE:
            found.setdefault(opinion.lineage, []).append(opinion)
    return found
