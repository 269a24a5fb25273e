"""事前绩效评估表, 例外登记表, and the clearances of everything that needs no assessment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jixiao.domain.policy import Policy
from jixiao.domain.quantities import format_amount, plain
from jixiao.domain.vocabulary import Origin, SubjectKind, Verdict
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, Importer, ImportScope, Plan, Readings, once, reconcile, write
from jixiao.kit.recording import Recording
from jixiao.kit.tables import PARAGRAPH, Column, Reading, Row, Table
from jixiao.registers.organizations.places import Places
from jixiao.registers.parameters.models import PolicySnapshot, snapshot_of
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.importer import PROJECTS
from jixiao.registers.subjects.models import Clearance, SubjectYear

from .models import Assessment, Assessor, Dimension, DimensionScore, Exemption
from .rules import BudgetFacts, Due, ExAnteRules, assessment_due, conclusion, covers, points_within
from .workflow import State

EXANTE = Table(
    "exante",
    "事前绩效评估表",
    (
        Column("year", "工作年度", "year"),
        Column("number", "编号", "code"),
        Column("code", "对象编码", "code"),
        Column("name", "评估对象", required=False),
        Column("kind", "对象类型", "term", choices=SubjectKind),
        Column("unit", "单位编码", "code"),
        Column("trigger", "触发原因", required=False),
        *(Column(d.value, d.label, "points", aliases=d.aliases) for d in Dimension),
        Column("conclusion", "结论", "term", required=False, choices=Verdict, default=""),
        Column("assessor", "评估主体", "term", choices=Assessor),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
    aliases=("事前绩效评估",),
    note="对象编码与项目库一致；结论按得分重新判定，原表结论另存。",
)
EXEMPTIONS = Table(
    "exante_exemptions",
    "事前评估例外登记表",
    (
        Column("year", "工作年度", "year"),
        Column("code", "对象编码", "code"),
        Column("category", "例外类别", longest=40),
        Column("reason", "理由", longest=PARAGRAPH),
        Column("approver", "批准人岗位", longest=80),
        Column("on", "日期", "date"),
    ),
)
FIELDS = (
    *("year", "subject_year_id", "trigger", "assessor", "total"),
    *("conclusion", "printed_conclusion", "because", "origin"),
)
FREE = "免评判定"
CLEARED = ("covered", "reason")
SUPPORTING = (Verdict.SUPPORTED, Verdict.ADJUSTED)


def plan_assessments(readings: Readings, scope: ImportScope) -> Plan:
    """Assessments by number, then exemptions. A stored assessment keeps the rules under which it was made."""
    plan, subjects = Plan(), Subjects(scope.region)
    if "exante" in readings:
        _plan_assessments(plan, readings["exante"], scope, subjects)
    if "exante_exemptions" in readings:
        _plan_exemptions(plan, readings["exante_exemptions"], scope, subjects)
    return plan


def _plan_assessments(plan: Plan, reading: Reading, scope: ImportScope, subjects: Subjects) -> None:
    rows = once(reading, plan, lambda row: row.values["number"], "number", "编号")
    found = Assessment.objects.filter(region=scope.region).select_related("snapshot").prefetch_related("scores")
    stored = {sheet.number: sheet for sheet in found}
    places, rules = Places(scope.region), _Rules(scope)
    wanted: dict[str, Assessment] = {}
    objects: dict[str, SubjectYear] = {}
    for number, row in rows.items():
        subject = _subject(plan, reading, row, subjects)
        if places.find(str(row.values["unit"]), row.values["year"]) is None:
            message = f"没有编码为 {row.values['unit']} 的单位，请先导入单位表或改正"
            plan.problems.append(reading.problem(row, "unit", message))
        before = stored.get(number)
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


class _Rules:
    """The rules of each year and of each snapshot, read once."""

    def __init__(self, scope: ImportScope) -> None:
        self.scope = scope
        self._snapshots: dict[int, PolicySnapshot] = {}
        self._read: dict[str, tuple[ExAnteRules, str]] = {}

    def snapshot(self, year: Any) -> PolicySnapshot:
        if year not in self._snapshots:
            self._snapshots[year] = snapshot_of(self.scope.policies(self.scope.region, year))
        return self._snapshots[year]

    def of(self, snapshot: PolicySnapshot) -> tuple[ExAnteRules, str]:
        """The rules, and where their thresholds are written."""
        if snapshot.digest not in self._read:
            policy: Policy = snapshot.policy()
            source = policy.provenance(ExAnteRules.section, "support_from").source
            self._read[snapshot.digest] = (policy.section(ExAnteRules), source)
        return self._read[snapshot.digest]


def _subject(plan: Plan, reading: Reading, row: Row, subjects: Subjects) -> SubjectYear | None:
    code, kind = str(row.values["code"]), row.values.get("kind")
    subject = subjects.near(code, row.values["year"])
    if subject is None:
        message = f"没有编码为 {code} 的绩效管理对象，请先导入项目库或改正"
        plan.problems.append(reading.problem(row, "code", message))
    elif kind is not None and kind != subject.kind:
        message = f"项目库中 {code} 是“{subject.kind.label}”，请核对对象类型"
        plan.problems.append(reading.problem(row, "kind", message))
    return subject


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


def _plan_exemptions(plan: Plan, reading: Reading, scope: ImportScope, subjects: Subjects) -> None:
    rows = once(reading, plan, lambda row: (row.values["code"], row.values["category"]), "code", "对象和例外类别")
    wanted: dict[tuple[int, str], Exemption] = {}
    clearances: dict[tuple[int, str], Clearance] = {}
    foreign = []
    for row in rows.values():
        subject = _subject(plan, reading, row, subjects)
        if subject is None:
            continue
        values: dict[str, Any] = {key: value for key, value in row.values.items() if key != "code"}
        key = (subject.pk, values["category"])
        wanted[key] = Exemption(region=scope.region, subject_year_id=subject.pk, **values)
        rules = scope.policies(scope.region, values["year"]).section(ExAnteRules)
        if values["category"] not in rules.exempt_categories:
            foreign.append(row.number)
            continue
        clearances[key] = Clearance(
            subject_year_id=subject.pk,
            region=scope.region,
            verdict=Verdict.EXEMPT,
            covered=subject.budget,
            reason=f"{values['category']}：{values['reason']}（{values['approver']}批准）",
            source=f"例外：{values['category']}",
            on=values["on"],
        )
    if foreign:
        message = f"{len(foreign)} 条例外的类别不在本地区规则所列之内，已登记但不放行，请核对例外类别"
        plan.gaps.append(Gap("exante_exemptions", message, tuple(foreign)))
    _write_exemptions(plan, scope.region, wanted, clearances)


def _write_exemptions(
    plan: Plan, region: str, wanted: dict[tuple[int, str], Exemption], clearances: dict[tuple[int, str], Clearance]
) -> None:
    kept = {(e.subject_year_id, e.category): e for e in Exemption.objects.filter(region=region)}
    fields = ("year", "reason", "approver", "on")
    fresh, changed = reconcile(plan, kept, wanted, fields)
    given = {
        (c.subject_year_id, c.source.removeprefix("例外：")): c
        for c in Clearance.objects.filter(region=region, verdict=Verdict.EXEMPT)
    }
    # The amount once covered stays: a raise above it asks again.
    told = ("reason", "on")
    new, retold = reconcile(Plan(), given, clearances, told)
    plan.steps.append(lambda _act: write(Exemption, fresh, changed, fields))
    plan.steps.append(lambda _act: write(Clearance, new, retold, told))


def plan_clearances(_readings: Readings, scope: ImportScope) -> Plan:
    """Clear the region's subject-years that are below every threshold and list those above without a conclusion.

    The list begins with the work year: earlier budgets were decided before anybody could be asked here. 部门整体 has no
    budget of its own and stays out.
    """
    plan = Plan()
    covered = _covered(scope.region)
    rules = _rules_by_year(scope)
    wanted: dict[int, Clearance] = {}
    missing: list[SubjectYear] = []
    subjects = SubjectYear.objects.filter(region=scope.region).exclude(kind=SubjectKind.DEPARTMENT_OVERALL)
    for subject in subjects.order_by("year", "code"):
        mine, source = rules[subject.year]
        due = assessment_due(_budget_facts(subject), mine)
        if due.required:
            if subject.year >= scope.year and not covers(covered.get(subject.pk), subject.budget):
                missing.append(subject)
        elif subject.pk not in covered:
            wanted[subject.pk] = _clearance(subject, due, source)
    stored = {c.subject_year_id: c for c in Clearance.objects.filter(region=scope.region, source=FREE)}
    fresh, changed = reconcile(plan, stored, wanted, CLEARED)
    plan.steps.append(lambda _act: write(Clearance, fresh, changed, CLEARED))
    if missing:
        plan.gaps.append(_gap(missing))
    return plan


def _budget_facts(subject: SubjectYear) -> BudgetFacts:
    return BudgetFacts(
        kind=subject.kind,
        nature=subject.nature,
        amount=subject.budget,
        last_year=subject.last_year,
        major=subject.major_policy,
    )


def _covered(region: str) -> dict[int, int]:
    """The most that an assessment or an exemption covers, by subject-year."""
    covered: dict[int, int] = {}
    given = Clearance.objects.filter(region=region).exclude(source=FREE)
    for subject_id, fen in given.values_list("subject_year_id", "covered"):
        covered[subject_id] = max(fen, covered.get(subject_id, 0))
    return covered


def _rules_by_year(scope: ImportScope) -> dict[int, tuple[ExAnteRules, str]]:
    years = SubjectYear.objects.filter(region=scope.region).values_list("year", flat=True).distinct()
    policies = {year: scope.policies(scope.region, year) for year in years}
    return {
        year: (policy.section(ExAnteRules), policy.provenance(ExAnteRules.section, "new_threshold").source)
        for year, policy in policies.items()
    }


def _clearance(subject: SubjectYear, due: Due, source: str) -> Clearance:
    return Clearance(
        subject_year_id=subject.pk,
        region=subject.region,
        verdict=Verdict.NOT_REQUIRED,
        covered=subject.budget,
        reason="；".join(due.reasons) or f"没有达到须作事前评估的条件（{source}）",
        source=FREE,
    )


def _gap(missing: list[SubjectYear]) -> Gap:
    total = format_amount(sum(subject.budget for subject in missing))
    named = "、".join(f"{subject.year}年 {subject.code}" for subject in missing[:20])
    more = " 等" if len(missing) > 20 else ""
    message = (
        f"补录缺口：{len(missing)} 个对象（共 {total} 万元）达到事前评估条件但没有覆盖其预算的评估结论：{named}{more}"
    )
    return Gap("projects", message)


IMPORTERS = (
    Importer("ex_ante", (EXANTE, EXEMPTIONS), plan_assessments),
    Importer("clearances", (PROJECTS, EXANTE, EXEMPTIONS), plan_clearances, "事前评估放行登记"),
)
