"""质量检查 of a target version: its facts with last year's values and the year's other sheets, and the verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q

from jixiao.domain.checks import Level
from jixiao.domain.checks.targets import (
    LEVEL_WORDS,
    Deduction,
    Framework,
    Indicator,
    Peer,
    Quality,
    TargetCheckRules,
    TargetSheet,
    quality,
)
from jixiao.domain.policy import Policy
from jixiao.domain.vocabulary import Nature
from jixiao.policies import for_region
from jixiao.registers.indicators.distribution import Usual
from jixiao.registers.indicators.models import Observation
from jixiao.registers.indicators.observing import library_rules, usual_of
from jixiao.registers.subjects.models import SubjectYear

from .models import Horizon, IndicatorLine, LineSource, TargetVersion
from .rules import TargetRules, proposed_weights

# Enough to tell what is usual; a page stays quick in the largest region.
COMPARED = 3000
TONES = {Level.ERROR: "bad", Level.WARNING: "warn"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the list beside the sheet."""

    level: str
    tone: str
    sentence: str
    citation: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What stands beside a sheet: findings with what they cost, and what could not be checked."""

    points: Decimal | None
    because: str
    errors: int
    advice: int
    findings: tuple[Verdict, ...]
    unchecked: tuple[Verdict, ...]
    source: str


def verdicts(version: TargetVersion, lines: Sequence[IndicatorLine]) -> Verdicts:
    """The quality of a version whose lines are given. Three queries, whatever the sheet."""
    policy = _policy(version)
    found = quality(sheet_of(version, lines, policy), policy.section(TargetCheckRules))
    return Verdicts(
        points=found.points,
        because=found.because,
        errors=found.found(Level.ERROR),
        advice=found.found(Level.WARNING),
        findings=tuple(
            Verdict(
                LEVEL_WORDS[deduction.finding.level],
                TONES[deduction.finding.level],
                _sentence(deduction),
                deduction.finding.citation,
            )
            for deduction in found.deductions
        ),
        unchecked=_unchecked(found),
        source=policy.provenance(TargetCheckRules.section, "error_deduction").source,
    )


def sheet_of(version: TargetVersion, lines: Sequence[IndicatorLine], policy: Policy) -> TargetSheet:
    """The version as the checks see it. The start of a project is not recorded."""
    subject: SubjectYear = version.sheet.subject_year
    rules, plan = policy.section(TargetRules), version.plan
    own = [line for line in lines if line.source == LineSource.TARGET]
    entries = [line.entry_id for line in own if line.entry_id is not None]
    usual = usual_of(version.region, entries, version.year, library_rules(version.region, version.year))
    known, others = _Known(subject, usual), _others(version, own)
    return TargetSheet(
        project=subject.name,
        goal=version.goal or subject.goal,
        year=subject.year,
        is_new=subject.nature == Nature.NEW,
        annual=version.sheet.horizon == Horizon.ANNUAL,
        budget=subject.budget or None,
        start=None,
        indicators=tuple(_indicator(line, known, others) for line in own),
        peers=_peers(subject, others),
        framework=Framework(
            rules.indicator_weight_total,
            proposed_weights(frozenset(line.level1 for line in own), rules),
            rules.required_classes,
            rules.offered_classes,
            rules.minimum_indicators,
            rules.maximum_indicators,
        ),
        duties=plan.duties if plan else None,
        tasks=tuple((task.name, task.duty) for task in plan.tasks) if plan else (),
    )


def _policy(version: TargetVersion) -> Policy:
    """The rules under which the sheet was opened; a snapshot from before these checks takes today's for them."""
    policy = version.snapshot.policy()
    if TargetCheckRules.section in policy.settings:
        return policy
    own = for_region(version.region, version.year).settings[TargetCheckRules.section]
    settings = {**policy.settings, TargetCheckRules.section: own}
    return Policy(policy.name, policy.title, policy.region, policy.year, policy.layers, settings)


class _Known:
    """What earlier years tell of an entry of the library: this subject, its unit, and what is usual. One query."""

    def __init__(self, subject: SubjectYear, usual: dict[int, Usual]) -> None:
        self.usual = usual
        self.own: dict[int, tuple[str, str]] = {}
        self.unit: dict[int, str] = {}
        rows = Observation.objects.filter(
            Q(subject_year__subject=subject.subject_id) | Q(subject_year__unit=subject.unit_id),
            region=subject.region,
            year=subject.year - 1,
        )
        found = rows.order_by("id").values_list("entry_id", "subject_year__subject", "target", "actual")
        for entry, owner, target, actual in found:
            if owner == subject.subject_id:
                self.own[entry] = (target, actual)
            if actual:
                self.unit[entry] = actual
        self.unit |= {entry: actual for entry, (_, actual) in self.own.items() if actual}

    def range(self, entry: int) -> tuple[Fraction, Fraction] | None:
        found = self.usual.get(entry)
        return (found.low, found.high) if found else None


def _others(version: TargetVersion, own: Sequence[IndicatorLine]) -> list[dict[str, Any]]:
    """The same indicators of the library on other subjects' newest sheets of the year."""
    subject: SubjectYear = version.sheet.subject_year
    rows = IndicatorLine.objects.filter(
        entry__in=[line.entry_id for line in own if line.entry_id is not None],
        source=LineSource.TARGET,
        version__region=version.region,
        version__year=version.year,
    )
    rows = rows.exclude(version__sheet__subject_year__subject=subject.subject_id).order_by(
        "version__sheet", "-version__no"
    )
    found = rows.values(
        *("entry_id", "name", "target", "unit", "version__sheet", "version__no"),
        *(f"version__sheet__subject_year__{name}" for name in ("name", "unit_path", "initial", "added")),
    )[:COMPARED]
    newest: dict[int, int] = {}
    return [row for row in found if newest.setdefault(row["version__sheet"], row["version__no"]) == row["version__no"]]


def _peers(subject: SubjectYear, others: Sequence[dict[str, Any]]) -> tuple[Peer, ...]:
    """The other sheets. One of another unit stays nameless: not everybody who reads this may see it."""
    grouped: dict[int, list[dict[str, Any]]] = {}
    for row in others:
        grouped.setdefault(row["version__sheet"], []).append(row)
    return tuple(
        Peer(
            _label(subject, rows[0]),
            rows[0]["version__sheet__subject_year__initial"] + rows[0]["version__sheet__subject_year__added"],
            tuple((row["name"], row["target"], row["unit"]) for row in rows),
        )
        for rows in grouped.values()
    )


def _label(subject: SubjectYear, row: dict[str, Any]) -> str:
    mine = row["version__sheet__subject_year__unit_path"] == subject.unit_path
    return f"本单位的“{row['version__sheet__subject_year__name']}”" if mine else "其他单位的一个项目"


def _indicator(line: IndicatorLine, known: _Known, others: Sequence[dict[str, Any]]) -> Indicator:
    said = (line.name, line.level1, line.level2, line.comparison, line.target, line.unit, line.weight)
    entry = line.entry_id
    if entry is None:
        return Indicator(*said, duty=line.duty)
    last_target, last_actual = known.own.get(entry, (None, None))
    return Indicator(
        *said,
        last_target=last_target,
        last_actual=last_actual,
        usual=tuple(row["target"] for row in others if row["entry_id"] == entry),
        range=known.range(entry),
        unit_last=known.unit.get(entry),
        duty=line.duty,
    )


def _sentence(deduction: Deduction) -> str:
    found = deduction.finding
    where = f"{found.line}：" if found.line else ""
    return f"{where}{found.message}（{deduction.because}）"


def _unchecked(found: Quality) -> tuple[Verdict, ...]:
    """One line per missing fact and basis, with the number of indicators it concerns."""
    concerned: dict[tuple[str, str], set[str]] = {}
    for finding in found.unchecked:
        key = (finding.message.removeprefix("未检查："), finding.citation)
        concerned.setdefault(key, set()).update([finding.line] if finding.line else [])
    return tuple(
        Verdict("未检查", "mute", f"{message}（{len(names)} 个指标）" if names else message, citation)
        for (message, citation), names in concerned.items()
    )
