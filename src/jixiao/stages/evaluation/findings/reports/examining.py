"""Every rule on every filed sheet of a year: those that need the sheet alone, and those with history and peers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.domain.checks import Finding, Report
from jixiao.domain.checks.audits import AuditCheckRules, examine
from jixiao.domain.checks.audits.gathering import Surroundings
from jixiao.domain.checks.sheet import Rules, SheetCheckRules, audit, score_table
from jixiao.domain.grades import GradeRules
from jixiao.domain.policy import Policy
from jixiao.domain.scoring import ScoringRules

from ...self_evaluation.models import SelfEvaluation
from ...self_evaluation.reports.sheets import as_published
from .records import filed, records_of


@dataclass(frozen=True, slots=True)
class Examined:
    """A sheet and what was found on it, and what could not be checked.

    `inputs` is a digest of all that the rules read: the sheet, what stands around it, and the thresholds.
    """

    sheet: SelfEvaluation
    findings: tuple[Finding, ...]
    unchecked: tuple[Finding, ...]
    inputs: str


def look(region: str, year: int, policy: Policy, only: set[int] | None = None) -> list[Examined]:
    """The filed sheets of a work year (or `only` some of them), each beside all of this year's and the last's."""
    around = list(filed(region, (year - 1, year)))
    records = records_of(around)
    rules = policy.section(AuditCheckRules)
    known = Surroundings(records, rules)
    scoring: dict[str, Rules] = {}
    found = []
    for sheet, record in zip(around, records, strict=True):
        if sheet.year != year or (only is not None and sheet.pk not in only):
            continue
        alone, around_it = _alone(sheet, scoring), known.around(record)
        beside = examine(around_it, rules)
        findings, unchecked = (*alone.findings, *beside.findings), (*alone.unchecked, *beside.unchecked)
        inputs = _digest(sheet.version, sheet.snapshot_id, around_it, rules)
        found.append(Examined(sheet, once(findings), unchecked, inputs))
    return found


def _digest(*facts: object) -> str:
    """The same for the same facts, on every machine: they are dataclasses of numbers, texts and tuples."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _alone(sheet: SelfEvaluation, known: dict[str, Rules]) -> Report:
    """The checks that need the sheet alone, under the rules it was scored with."""
    if sheet.snapshot_id not in known:
        policy = sheet.snapshot.policy()
        sections = (policy.section(ScoringRules), policy.section(GradeRules), policy.section(SheetCheckRules))
        known[sheet.snapshot_id] = Rules(*sections)
    return audit(score_table(as_published(sheet, list(sheet.scores.all())), known[sheet.snapshot_id]))


def once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """One finding for a rule and a line: two indicators of one name share it, the first message stands."""
    kept: dict[tuple[str, str | None], Finding] = {}
    for finding in findings:
        kept.setdefault((finding.code, finding.line), finding)
    return tuple(kept.values())
