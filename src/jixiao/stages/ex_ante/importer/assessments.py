"""事前绩效评估表: assessments, their points and what they clear."""

from __future__ import annotations

from decimal import Decimal

from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import Verdict
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, ImportScope, Plan, once, reconcile, write
from jixiao.kit.recording import Recording
from jixiao.kit.tables import Reading, Row
from jixiao.registers.organizations.places import Places
from jixiao.registers.parameters.models import PolicySnapshot
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import Clearance, SubjectYear

from ..models import Assessment, Dimension, DimensionScore
from ..rules import ExAnteRules, conclusion, points_within
from ..workflow import State
from .known import Rules, subject_of

FIELDS = (
    *("year", "subject_year_id", "trigger", "assessor", "total"),
    *("conclusion", "printed_conclusion", "because", "origin"),
)
SUPPORTING = (Verdict.SUPPORTED, Verdict.ADJUSTED)


def plan_assessments(plan: Plan, reading: Reading, scope: ImportScope, subjects: Subjects) -> None:
    rows = once(reading, plan, lambda row: row.values["number"], "number", "编号")
    found = Assessment.objects.filter(region=scope.region).select_related("snapshot").prefetch_related("scores")
    stored = {sheet.number: sheet for sheet in found}
    places, rules = Places(scope.region), Rules(scope)
    wanted: dict[str, Assessment] = {}
    objects: dict[str, SubjectYear] = {}
    for number, row in rows.items():
        subject = subject_of(plan, reading, row, subjects)
        if places.find(str(row.values["unit"]), row.values["year"]) is None:
            message = f"没有编码为 {row.values['unit']} 的单位，请先导入单位表或改正"
            plan.problems.append(reading.problem(row, "unit", message))
        before = stored.get(number)
        if before and before.framework:
            _made_here(plan, reading, row, before)
            continue
        snapshot = before.snapshot if before else rules.snapshot(row.values["year"])
        mine, source = rules.of(snapshot)
        if subject and _scored_rightly(plan, reading, row, mine):
            wanted[number], objects[number] = _assessment(row, subject, snapshot, mine, source), subject
    if plan.problems:
        return
    touched = {n for n, row in rows.items() if n in stored and _points(row) != _stored_points(stored[n])}
    sheets = Recording.compare(Assessment, plan, stored, wanted, FIELDS, touched)
    plan.steps.append(lambda act: _store(act, sheets, rows, objects))
    _other_conclusions(plan, rows, wanted)


def _made_here(plan: Plan, reading: Reading, row: Row, sheet: Assessment) -> None:
    """What was assessed in this system is not written over; the same points once more change nothing."""
    if _points(row) == _stored_points(sheet):
        plan.same += 1
        return
    message = f"{sheet.number} 是在本系统开展的评估，不能用导入修改；请删去这一行，或换一个编号"
    plan.problems.append(reading.problem(row, "number", message))


def _points(row: Row) -> dict[str, Decimal]:
    return {d.value: row.values[d.value] for d in Dimension}


def _stored_points(sheet: Assessment) -> dict[str, Decimal]:
    return {score.dimension.value: score.points for score in sheet.scores.all()}


def _scored_rightly(plan: Plan, reading: Reading, row: Row, rules: ExAnteRules) -> bool:
    points = _points(row)
    fine = points_within({d.label: points[d.value] for d in Dimension if d.label in rules.dimensions}, rules)
    for reason in fine.reasons:
        plan.problems.append(reading.problem(row, "", reason))
    return bool(fine)


def _assessment(
    row: Row, subject: SubjectYear, snapshot: PolicySnapshot, rules: ExAnteRules, source: str
) -> Assessment:
    values = row.values
    points = _points(row)
    total = sum(points.values(), Decimal(0))
    verdict = conclusion(total, rules)
    sums = " + ".join(f"{d.label} {plain(points[d.value])}" for d in Dimension)
    borders = f"{plain(rules.support_from)} 分以上支持、{plain(rules.adjust_from)} 分以上调整完善后支持"
    return Assessment(
        region=subject.region,
        year=values["year"],
        number=values["number"],
        subject_year_id=subject.pk,
        trigger=values["trigger"],
        assessor=values["assessor"],
        total=total,
        conclusion=verdict,
        printed_conclusion=values["conclusion"],
        because=f"{sums} = {plain(total)} 分；{borders}（{source}），{verdict.label}",
        snapshot=snapshot,
        state=State.CONCLUDED,
        origin=values["origin"],
    )


def _other_conclusions(plan: Plan, rows: dict[str, Row], wanted: dict[str, Assessment]) -> None:
    other = [n for n, s in wanted.items() if s.printed_conclusion not in ("", s.conclusion)]
    if other:
        message = f"{len(other)} 份评估的原表结论与按得分判定的不同，两者都已保留，请核对：{'、'.join(other[:20])}"
        plan.gaps.append(Gap("exante", message, tuple(rows[number].number for number in other)))


def _store(act: Act, sheets: Recording[Assessment], rows: dict[str, Row], objects: dict[str, SubjectYear]) -> None:
    sheets.store(act, ("number",))
    DimensionScore.objects.filter(assessment__in=[sheet.pk for sheet in sheets.changed]).delete()
    written = [*sheets.fresh, *sheets.changed]
    scores = [
        DimensionScore(assessment_id=sheet.pk, dimension=Dimension(key), points=points)
        for sheet in written
        for key, points in _points(rows[sheet.number]).items()
    ]
    bulk.insert(DimensionScore, scores)
    _clear(written, objects)


def _clear(sheets: list[Assessment], objects: dict[str, SubjectYear]) -> None:
    """One clearance per assessment. Only another verdict or subject changes the amount once covered."""
    region = sheets[0].region if sheets else ""
    numbers = [sheet.number for sheet in sheets]
    stored = {c.source: c for c in Clearance.objects.filter(region=region, source__in=numbers)}
    wanted = {}
    for sheet in sheets:
        subject, before = objects[sheet.number], stored.get(sheet.number)
        covered = subject.budget if sheet.conclusion in SUPPORTING else 0
        if before and (before.verdict, before.subject_year_id) == (sheet.conclusion, subject.pk):
            covered = before.covered
        wanted[sheet.number] = Clearance(
            subject_year_id=subject.pk,
            region=region,
            verdict=sheet.conclusion,
            covered=covered,
            reason=sheet.because,
            source=sheet.number,
        )
    fields = ("subject_year_id", "verdict", "covered", "reason")
    write(Clearance, *reconcile(Plan(), stored, wanted, fields), fields)
