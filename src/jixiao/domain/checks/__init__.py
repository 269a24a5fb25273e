"""Checks: what can be found wrong by rule alone. A check whose facts are absent reports 未检查, never a silent pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..terms import Term

Subject = TypeVar("Subject")


class Level(Term):
    """How a finding is meant."""

    ERROR = "error", "错误", "必须改"
    WARNING = "warning", "提示", "建议"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, or could not look at. `line` is the indicator's name; None speaks of the sheet."""

    code: str
    line: str | None
    message: str
    level: Level = Level.WARNING
    citation: str = ""


@dataclass(frozen=True)
class Need(Generic[Subject]):
    """A fact without which a check says nothing; `label` names it for the reader."""

    label: str
    present: Callable[[Subject], bool]


@dataclass(frozen=True)
class Check(Generic[Subject]):
    """`judge` gives the message of a finding, or None. `applies` is False where the question does not arise.

    `answer` tells who is asked how to answer.
    """

    code: str
    level: Level
    citation: str
    needs: tuple[Need[Subject], ...]
    judge: Callable[[Subject], str | None]
    applies: Callable[[Subject], bool] = lambda subject: True
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Findings, and the checks that lacked their facts."""

    findings: tuple[Finding, ...]
    unchecked: tuple[Finding, ...]


def run(checks: Iterable[Check[Subject]], subjects: Iterable[tuple[str | None, Subject]]) -> Report:
    """Every check on every (line name, subject), in order."""
    findings: list[Finding] = []
    unchecked: list[Finding] = []
    everything = tuple(subjects)
    for check in checks:
        for line, subject in everything:
            if not check.applies(subject):
                continue
            missing = "、".join(need.label for need in check.needs if not need.present(subject))
            if missing:
                unchecked.append(Finding(check.code, line, f"未检查：缺少{missing}", check.level, check.citation))
            elif message := check.judge(subject):
                findings.append(Finding(check.code, line, message, check.level, check.citation))
    return Report(tuple(findings), tuple(unchecked))
