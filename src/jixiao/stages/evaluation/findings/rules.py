"""自评审核: who examines, who answers a finding and until when, who judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require


@dataclass(frozen=True)
class FindingRules:
    """`answer_days`: how many days a unit has to answer a finding."""

    section: ClassVar[str] = "findings"

    answer_days: int


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """One finding with what the unit said of it."""

    answer: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a recheck says of one finding: whether it is so, and why."""

    confirmed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Hits:
    """How a rule did: findings that were confirmed and rejected, and those nobody has judged.

    `rechecked` of the judged ones were judged in 抽查复核.
    """

    confirmed: int
    rejected: int
    waiting: int
    rechecked: int = 0

    @property
    def judged(self) -> int:
        return self.confirmed + self.rejected

    @property
    def rate(self) -> Fraction | None:
        """命中率 in percent: confirmed ÷ judged; None before the first judgement."""
        return Fraction(self.confirmed * 100, self.judged) if self.judged else None


def answer_written(facts: FindingFacts) -> Decision:
    """An answer has words."""
    return require(facts.answer.strip(), "请填写对这条疑点的说明")


def rejection_reasoned(verdicts: Mapping[str, Verdict]) -> Decision:
    """Who holds a finding for wrong says why; `verdicts` by the name of the finding."""
    bare = [name for name, said in verdicts.items() if not said.confirmed and not said.reason.strip()]
    return require(not bare, f"判为不属实的要写理由：{'、'.join(bare)}")


def may_examine(actor: Actor) -> Decision:
    """The performance office examines; so does the program itself after a sheet was filed."""
    return require(actor.role in (Role.PERFORMANCE_OFFICE, Role.SYSTEM), "自评审核由财政绩效股开展")


def may_answer(actor: Actor, waiting: bool) -> Decision:
    """The unit or its department answers, and brings what proves it, until the finding is judged."""
    return require(actor.role in (Role.UNIT, Role.DEPARTMENT), "疑点由预算单位或主管部门答复") & require(
        waiting, "这条疑点已经判断或消除，不用再答复"
    )
