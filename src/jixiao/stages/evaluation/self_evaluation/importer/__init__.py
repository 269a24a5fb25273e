"""单位自评 come in as sheets with their lines and are scored here; what the table says of itself is kept beside.

A line refers to the approved indicator that it is about. Where none was approved, the line itself is recorded as one.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jixiao.domain.quantities import Unreadable, plain, read_number
from jixiao.domain.vocabulary import Origin
from jixiao.kit.importing import Importer, ImportScope, Plan, Readings, once, reconcile, write
from jixiao.kit.tables import Reading, Row
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.targets.models import IndicatorLine, LineSource, TargetSheet, TargetVersion, new_lineage
from jixiao.stages.targets.workflow import State as TargetState

from ..models import Exemption, Score, SelfEvaluation
from ..workflow import State
from .known import Draft, Findings, Key, Known
from .storing import prepare
from .tables import EXEMPTIONS, SCORES, SHEETS

__all__ = ["EXEMPTIONS", "IMPORTERS", "SCORES", "SHEETS"]


def plan_self_evaluations(readings: Readings, scope: ImportScope) -> Plan:
    """Sheets by subject-year and work year with the lines that the table gives them, scored, then compared."""
    plan, main, lines = Plan(), readings.get(SHEETS.key), readings.get(SCORES.key)
    if lines:
        once(lines, plan, lambda row: tuple(row.values.values()), "name", "整行内容")
    years: set[Any] = {row.values["year"] for reading in (main, lines) if reading for row in reading.rows}
    known, findings = Known(scope, years), Findings()
    drafts = _drafts(main, known, findings, plan) if main else {}
    if lines:
        _attach(drafts, lines, known, findings, plan)
    if plan.problems:
        return plan
    for draft in drafts.values():
        _fill(draft, known, findings)
        draft.sheet.score(draft.scores, known.yardstick(draft.sheet.snapshot_id))
        _compare_with_print(draft, findings)
    plan.gaps += findings.gaps()
    prepare(known, list(drafts.values()), plan)
    return plan


def _drafts(main: Reading, known: Known, findings: Findings, plan: Plan) -> dict[Key, Draft]:
    """The sheets of the main table. Payments say what was spent; the printed sum only where a year has none at all."""
    drafts = {}
    key = ("year", "code", "work_year")
    rows = once(main, plan, lambda row: tuple(row.values[k] for k in key), "code", "对象年度、项目编码和工作年度")
    for row in rows.values():
        values: dict[str, Any] = dict(row.values)
        year, work_year, code = values.pop("year"), values.pop("work_year"), values.pop("code")
        subject = known.subjects.find(code, year)
        if subject is None:
            plan.problems.append(main.problem(row, "code", f"{year} 年项目库中没有 {code}，请先导入项目库或改正"))
            continue
        draft = _draft(subject, work_year, known, values["origin"])
        _demand_concluded(draft, main, row, plan)
        for name, value in values.items():
            setattr(draft.sheet, name, value)
        draft.sheet.spent = known.spent.get(subject.pk, 0) if year in known.paid_years else values["printed_spent"]
        if values["printed_spent"] not in (None, draft.sheet.spent):
            findings.spent.append(row.number)
        draft.row = row
        drafts[draft.key] = draft
    return drafts


def _demand_concluded(draft: Draft, reading: Reading, row: Row, plan: Plan) -> None:
    """What somebody works on in the system is not overwritten from outside."""
    if draft.stored and draft.stored.state != State.CONCLUDED:
        message = f"该自评正在系统内办理（{draft.stored.state.label}），请在系统内修改，不要导入"
        plan.problems.append(reading.problem(row, "code", message))


def _draft(subject: SubjectYear, work_year: int, known: Known, origin: Origin) -> Draft:
    """A sheet to be filled. A stored one keeps its target version and the rules that it was frozen under."""
    stored = known.sheets.get((subject.pk, work_year))
    if stored:
        return Draft(copy.copy(stored), subject, stored.target_version, stored)
    snapshot = known.snapshot(work_year)
    version = known.in_force(subject) or _record_version(subject, known, origin)
    weight = known.yardstick(snapshot.pk).scoring.execution_weight
    sheet = SelfEvaluation(
        region=subject.region,
        year=work_year,
        subject_year=subject,
        snapshot=snapshot,
        execution_weight=weight,
        state=State.CONCLUDED,
    )
    return Draft(sheet, subject, version, None)


def _record_version(subject: SubjectYear, known: Known, origin: Origin) -> TargetVersion:
    """A version to hold what the self-evaluation says of its targets, where history has no approved one."""
    fresh = TargetSheet(region=subject.region, year=subject.year, subject_year=subject)
    version = TargetVersion(
        sheet=known.targets.setdefault(subject.pk, fresh),
        region=subject.region,
        year=subject.year,
        no=max((version.no for version in known.versions[subject.pk]), default=0) + 1,
        work_year=subject.year,
        goal=subject.goal,
        snapshot=known.snapshot(subject.year),
        state=TargetState.APPROVED,
        origin=origin,
    )
    known.versions[subject.pk].append(version)
    return version


def _attach(drafts: dict[Key, Draft], lines: Reading, known: Known, findings: Findings, plan: Plan) -> None:
    """Give each score row to the newest sheet of its subject-year, in the file or stored; the others are orphans."""
    newest = {draft.subject.pk: draft for draft in sorted(drafts.values(), key=lambda draft: draft.key)}
    for row in lines.rows:
        values: dict[str, Any] = row.values
        subject = known.subjects.find(values["code"], values["year"])
        draft = newest.get(subject.pk) if subject else None
        if subject and draft is None and subject.pk in known.last:
            stored = known.last[subject.pk]
            draft = newest[subject.pk] = Draft(copy.copy(stored), subject, stored.target_version, stored)
            drafts[draft.key] = draft
            _demand_concluded(draft, lines, row, plan)
        if draft is None:
            findings.orphans.append(row.number)
        else:
            draft.rows.append(row)


def _fill(draft: Draft, known: Known, findings: Findings) -> None:
    """The sheet's scores: from its rows, on approved lines where there are; without rows those that are stored."""
    if not draft.rows:
        draft.scores = [copy.copy(score) for score in known.scores[draft.stored.pk]] if draft.stored else []
        return
    lines = known.lines[draft.version.pk] if draft.version.pk else []
    matched = _matched(draft.rows, lines)
    following = max((line.position for line in lines), default=0) + 1
    for position, row in enumerate(draft.rows, 1):
        line = matched.get(row.number)
        if line is None:
            line = _record_line(draft, row, following)
            following += 1
            findings.unapproved.append(row.number)
        elif line.source == LineSource.EVALUATION:
            findings.unapproved.append(row.number)
            _revise(draft, line, row)
        elif not _says_the_same(line, row):
            findings.differing.append(row.number)
        draft.scores.append(_score(position, line, row))
    met = {line.pk for line in matched.values()}
    findings.unscored += sum(line.source == LineSource.TARGET and line.pk not in met for line in lines)


def _matched(rows: Sequence[Row], lines: Sequence[IndicatorLine]) -> dict[int, IndicatorLine]:
    """Row number → line of the same name and level 2. Among doubled names the one that says the same, then in order."""
    free: dict[tuple[str, str], list[IndicatorLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.position):
        free[_name(line.level2, line.name)].append(line)
    found: dict[int, IndicatorLine] = {}
    for strictly in (True, False):
        for row in rows:
            named = free[_name(str(row.values["level2"]), str(row.values["name"]))]
            fitting = (line for line in named if not strictly or _says_the_same(line, row))
            own = None if row.number in found else next(fitting, None)
            if own:
                found[row.number] = own
                named.remove(own)
    return found


def _name(level2: str, name: str) -> tuple[str, str]:
    return level2.removesuffix("指标"), name


def _says_the_same(line: IndicatorLine, row: Row) -> bool:
    values = row.values
    stated = (values["comparison"], values["weight"], canonical(str(values["target"])))
    return (line.comparison, line.weight, canonical(line.target)) == stated


@lru_cache(maxsize=65536)
def canonical(text: str) -> str:
    """A plain number without needless digits (“93.0” is “93”), any other text as it is."""
    try:
        return plain(read_number(text))
    except Unreadable:
        return text


def _record_line(draft: Draft, row: Row, position: int) -> IndicatorLine:
    values: dict[str, Any] = row.values
    return IndicatorLine(
        version=draft.version,
        position=position,
        lineage=new_lineage(draft.subject.subject_id, values["level2"], values["name"]),
        level1=values["level1"],
        level2=values["level2"],
        name=values["name"],
        comparison=values["comparison"],
        target=canonical(values["target"]),
        weight=values["weight"],
        source=LineSource.EVALUATION,
    )


def _revise(draft: Draft, line: IndicatorLine, row: Row) -> None:
    """A line that came from this table follows it."""
    if not _says_the_same(line, row):
        values: dict[str, Any] = row.values
        line.comparison, line.weight, line.target = values["comparison"], values["weight"], canonical(values["target"])
        draft.revised.append(line)


def _score(position: int, line: IndicatorLine, row: Row) -> Score:
    values: dict[str, Any] = row.values
    return Score(
        position=position,
        line=line,
        actual=canonical(values["actual"]),
        tier=values["tier"],
        printed_points=values["printed_points"],
        cause=values["cause"],
    )


def _compare_with_print(draft: Draft, findings: Findings) -> None:
    sheet = draft.sheet
    for row, score in zip(draft.rows, draft.scores, strict=False):
        if _differs(score.printed_points, score.points):
            findings.points.append(row.number)
    if draft.row and (_differs(sheet.printed_total, sheet.total) or _differs(sheet.printed_grade or None, sheet.grade)):
        findings.totals.append(draft.row.number)
    if draft.row and sheet.total is None:
        findings.open.append(draft.row.number)


def _differs(printed: Decimal | str | None, computed: Decimal | str | None) -> bool:
    return printed is not None and printed != computed


def plan_exemptions(readings: Readings, scope: ImportScope) -> Plan:
    """免评 by subject-year and work year."""
    plan, reading = Plan(), readings[EXEMPTIONS.key]
    key = ("year", "code", "work_year")
    rows = once(reading, plan, lambda row: tuple(row.values[k] for k in key), "code", "对象年度、项目编码和工作年度")
    subjects, wanted = Subjects(scope.region), {}
    for (year, code, work_year), row in rows.items():
        subject = subjects.find(code, year)
        if subject is None:
            plan.problems.append(reading.problem(row, "code", f"{year} 年项目库中没有 {code}，请先导入项目库或改正"))
            continue
        said: dict[str, Any] = {name: row.values[name] for name in ("category", "reason")}
        wanted[(subject.pk, work_year)] = Exemption(region=scope.region, year=work_year, subject_year=subject, **said)
    if plan.problems:
        return plan
    stored = {(e.subject_year_id, e.year): e for e in Exemption.objects.filter(region=scope.region)}
    fresh, changed = reconcile(plan, stored, wanted, ("category", "reason"))
    plan.steps.append(lambda _act: write(Exemption, fresh, changed, ("category", "reason")))
    return plan


IMPORTERS = (
    Importer("self_evaluations", (SHEETS, SCORES), plan_self_evaluations),
    Importer("self_evaluation_exemptions", (EXEMPTIONS,), plan_exemptions),
)
