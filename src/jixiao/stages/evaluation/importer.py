"""绩效评价: evaluations with their marks, problems and suggestions. Totals follow from the marks if there are any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jixiao.domain.grades import Grade, GradeRules, grade_of
from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import EvaluationMethod, Origin, SubjectKind
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, Importer, ImportScope, Plan, Readings, once, reconcile
from jixiao.kit.recording import Recording
from jixiao.kit.tables import PARAGRAPH, Column, Reading, Row, Table
from jixiao.registers.institutions.models import Agency
from jixiao.registers.organizations.places import Places
from jixiao.registers.parameters.models import PolicySnapshot, snapshot_of
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import Outcome, SubjectYear

from .models import Evaluation, Mark, Problem, Suggestion
from .workflow import State

STAGE = "evaluation"
NUMBER = Column("number", "评价编号", "code", longest=60)

EVALUATIONS = Table(
    "evaluations",
    "绩效评价情况表",
    (
        NUMBER,
        Column("work_year", "评价年度", "year", aliases=("工作年度",)),
        Column("year", "对象年度", "year"),
        Column("method", "评价方式", "term", choices=EvaluationMethod),
        Column("kind", "对象类型", "term", choices=SubjectKind),
        Column("code", "对象编码", "code", note="部门整体填单位编码"),
        Column("name", "对象名称", required=False),
        Column("unit", "单位编码", "code", required=False),
        Column("arranged", "安排资金", "amount", required=False, least=0),
        Column("used", "使用资金", "amount", required=False),
        Column("printed_total", "得分", "points", required=False),
        Column("printed_grade", "等级", "term", required=False, choices=Grade, default=""),
        Column("conducted_by", "实施机构", required=False, longest=120),
        Column("origin", "数据性质", "term", required=False, choices=Origin, default=Origin.OWN),
    ),
    note="有指标打分的，得分和等级由系统按打分合计，表中填写的只作对照。",
)
MARKS = Table(
    "evaluation_scores",
    "评价指标得分表",
    (
        NUMBER,
        Column("level1", "一级指标", longest=60),
        Column("level2", "二级指标", required=False, longest=60),
        Column("name", "三级指标"),
        Column("weight", "权重", "points", aliases=("分值",)),
        Column("points", "得分", "points", required=False),
    ),
)
PROBLEMS = Table(
    "problems",
    "评价问题清单",
    (
        NUMBER,
        Column("category", "问题类别", longest=120),
        Column("text", "问题描述", required=False, longest=PARAGRAPH),
    ),
)
SUGGESTIONS = Table(
    "suggestions",
    "评价意见建议表",
    (NUMBER, Column("no", "序号", "integer"), Column("text", "意见建议", longest=PARAGRAPH)),
)
FIELDS = (
    *("year", "method", "subject_year_id", "agency_id", "conducted_by", "arranged", "used"),
    *("total", "grade", "printed_total", "printed_grade", "origin"),
)


@dataclass(slots=True)
class Lines:
    """One kind of rows that hang at evaluations: those of the file by (number, key), and those stored."""

    model: Any
    fields: tuple[str, ...]
    wanted: dict[tuple[str, Any], Any] = field(default_factory=dict)
    stored: dict[tuple[str, Any], Any] = field(default_factory=dict)

    def compare(self, plan: Plan) -> tuple[list[Any], list[Any], list[Any]]:
        """New, changed and left-over rows, counted. Only evaluations that the file names rows of lose any."""
        named = {number for number, _ in self.wanted}
        stale = [row for key, row in self.stored.items() if key[0] in named and key not in self.wanted]
        fresh, changed = reconcile(plan, self.stored, self.wanted, self.fields)
        plan.changed += len(stale)
        return fresh, changed, stale


def plan_evaluations(readings: Readings, scope: ImportScope) -> Plan:
    """Evaluations by number; what hangs at a number that nobody knows is listed and not stored."""
    plan = Plan()
    stored = {e.number: e for e in Evaluation.objects.filter(region=scope.region).select_related("snapshot")}
    main = readings.get(EVALUATIONS.key)
    wanted = _evaluations(main, scope, stored, plan) if main else {}
    marks = Lines(Mark, ("level1", "level2", "name", "weight", "points"))
    problems, suggestions = Lines(Problem, ("text",)), Lines(Suggestion, ("text",))
    known = {**wanted, **stored}
    _read_marks(readings.get(MARKS.key), marks, known, plan)
    _read(readings.get(PROBLEMS.key), problems, "category", "问题类别", known, plan)
    _read(readings.get(SUGGESTIONS.key), suggestions, "no", "序号", known, plan)
    if plan.problems:
        return plan
    _load(marks, scope.region, lambda row: row.position)
    _load(problems, scope.region, lambda row: row.category)
    _load(suggestions, scope.region, lambda row: row.no)
    for number in {number for number, _ in marks.wanted} - wanted.keys():
        wanted[number] = _again(stored[number])
    _total(wanted, stored, marks, scope)
    _compare_with_print(main, wanted, plan)
    _prepare(plan, stored, wanted, (marks, problems, suggestions))
    return plan


def _evaluations(main: Reading, scope: ImportScope, stored: dict[str, Evaluation], plan: Plan) -> dict[str, Evaluation]:
    rows = once(main, plan, lambda row: row.values["number"], "number", "评价编号")
    finder, agencies = _Finder(scope.region), _Agencies(scope.region)
    snapshots: dict[int, PolicySnapshot] = {}
    wanted = {}
    for number, row in rows.items():
        values: dict[str, Any] = dict(row.values)
        subject = finder.find(values.pop("kind"), values.pop("code"), values["year"])
        if subject is None:
            plan.problems.append(main.problem(row, "code", f"没有找到 {values['year']} 年的这个对象，请先导入或改正"))
            continue
        before = stored.get(number)
        if before:
            _demand_concluded(before, main, row, plan)
        year = values.pop("work_year")
        if not before and year not in snapshots:
            snapshots[year] = snapshot_of(scope.policies(scope.region, year))
        for name in ("name", "unit"):
            del values[name]
        values |= {"year": year, "region": scope.region, "state": State.CONCLUDED}
        agency_id = agencies.find(values["conducted_by"], year)
        snapshot = before.snapshot if before else snapshots[year]
        wanted[number] = Evaluation(subject_year=subject, snapshot=snapshot, agency_id=agency_id, **values)
    return wanted


class _Finder:
    """Subjects by kind: 部门整体 goes by its unit's code."""

    def __init__(self, region: str) -> None:
        self.subjects, self.places = Subjects(region), Places(region)

    def find(self, kind: SubjectKind, code: str, year: int) -> SubjectYear | None:
        if kind is SubjectKind.DEPARTMENT_OVERALL:
            return self.subjects.overall(code, year, self.places)
        return self.subjects.find(code, year)


class _Agencies:
    """Registered institutions by name: that of the year, else the newest."""

    def __init__(self, region: str) -> None:
        self._known: dict[str, dict[int, int]] = defaultdict(dict)
        for agency in Agency.objects.filter(region=region):
            self._known[agency.name][agency.year] = agency.pk

    def find(self, name: str, year: int) -> int | None:
        years = self._known.get(name)
        return years.get(year, years[max(years)]) if years else None


def _again(stored: Evaluation) -> Evaluation:
    """A stored evaluation to be compared with itself after its marks have changed."""
    values = {f.attname: getattr(stored, f.attname) for f in Evaluation._meta.concrete_fields if not f.primary_key}
    return Evaluation(**values)


def _known_rows(reading: Reading, known: dict[str, Evaluation], plan: Plan, what: str) -> list[Row]:
    """The rows whose evaluation is known; the others become a gap."""
    found, lost = [], []
    for row in reading.rows:
        evaluation = known.get(str(row.values["number"]))
        if evaluation is None:
            lost.append(row.number)
            continue
        _demand_concluded(evaluation, reading, row, plan)
        found.append(row)
    if lost:
        plan.gaps.append(Gap(reading.table.key, f"{len(lost)} 行{what}没有对应的评价，未入库", tuple(lost)))
    return found


def _demand_concluded(evaluation: Evaluation, reading: Reading, row: Row, plan: Plan) -> None:
    """What somebody works on in the system is not overwritten from outside."""
    if evaluation.state != State.CONCLUDED:
        message = f"该评价正在系统内办理（{evaluation.state.label}），请在系统内修改，不要导入"
        plan.problems.append(reading.problem(row, "number", message))


def _read_marks(reading: Reading | None, marks: Lines, known: dict[str, Evaluation], plan: Plan) -> None:
    if reading is None:
        return
    for row in reading.rows:
        points: Any = row.values["points"]
        if points is not None and points > row.values["weight"]:
            message = f"得分 {plain(points)} 超过权重 {plain(row.values['weight'])}，请改正"
            plan.problems.append(reading.problem(row, "points", message))
    names = ("number", "level1", "level2", "name")
    once(reading, plan, lambda row: tuple(row.values[key] for key in names), "name", "同一评价的指标")
    taken: dict[str, int] = defaultdict(int)
    for row in _known_rows(reading, known, plan, "打分"):
        values: dict[str, Any] = dict(row.values)
        number = values.pop("number")
        taken[number] += 1
        marks.wanted[(number, taken[number])] = Mark(position=taken[number], **values)


def _read(reading: Reading | None, lines: Lines, key: str, what: str, known: dict[str, Evaluation], plan: Plan) -> None:
    if reading is None:
        return
    once(reading, plan, lambda row: (row.values["number"], row.values[key]), key, f"同一评价的{what}")
    for row in _known_rows(reading, known, plan, reading.table.title.removeprefix("评价")):
        values: dict[str, Any] = dict(row.values)
        number = values.pop("number")
        lines.wanted[(number, values[key])] = lines.model(**values)


def _load(lines: Lines, region: str, key: Callable[[Any], Any]) -> None:
    rows = lines.model.objects.filter(evaluation__region=region).select_related("evaluation")
    lines.stored = {(row.evaluation.number, key(row)): row for row in rows}


def _total(wanted: dict[str, Evaluation], stored: dict[str, Evaluation], marks: Lines, scope: ImportScope) -> None:
    """Total and grade of each evaluation under its own rules; open as long as one mark is."""
    points: dict[str, list[Decimal | None]] = defaultdict(list)
    named = {number for number, _ in marks.wanted}
    for (number, _), mark in (*marks.wanted.items(), *((k, m) for k, m in marks.stored.items() if k[0] not in named)):
        points[number].append(mark.points)
    rules: dict[str, GradeRules] = {}
    for number, evaluation in wanted.items():
        digest = evaluation.snapshot_id
        if digest not in rules:
            rules[digest] = evaluation.snapshot.policy().section(GradeRules)
        evaluation.total = total_of(points[number], evaluation.printed_total)
        evaluation.grade = "" if evaluation.total is None else grade_of(evaluation.total, rules[digest])


def total_of(points: Sequence[Decimal | None], printed: Decimal | None) -> Decimal | None:
    """The sum of the marks, None while one is missing; without marks what the table printed."""
    if not points:
        return printed
    given = [value for value in points if value is not None]
    return sum(given, Decimal(0)) if len(given) == len(points) else None


def _compare_with_print(main: Reading | None, wanted: dict[str, Evaluation], plan: Plan) -> None:
    if main is None:
        return
    rows = {str(row.values["number"]): row.number for row in main.rows}
    differing = [
        rows[number]
        for number, e in wanted.items()
        if number in rows
        and (e.printed_total not in (None, e.total) or (e.printed_grade and e.printed_grade != e.grade))
    ]
    if differing:
        message = f"原表得分与按规则复算不一致 {len(differing)} 处（总分或等级）"
        plan.gaps.append(Gap(EVALUATIONS.key, message, tuple(differing)))


def _prepare(
    plan: Plan, stored: dict[str, Evaluation], wanted: dict[str, Evaluation], kinds: tuple[Lines, ...]
) -> None:
    """Compare everything with what is stored and leave the storing as a step of the plan."""
    differences = [lines.compare(plan) for lines in kinds]
    touched = set()
    for lines, found in zip(kinds, differences, strict=True):
        moved = {id(row) for part in found for row in part}
        touched |= {key[0] for key, row in (*lines.wanted.items(), *lines.stored.items()) if id(row) in moved}
    for number in touched - wanted.keys():
        wanted[number] = _again(stored[number])
    recording = Recording.compare(Evaluation, plan, stored, wanted, FIELDS, touched)

    def store(act: Act) -> None:
        recording.store(act, ("number",))
        held = {e.number: e.pk for e in (*stored.values(), *recording.fresh)}
        for lines, (fresh, changed, stale) in zip(kinds, differences, strict=True):
            for (number, _), row in lines.wanted.items():
                row.evaluation_id = held[number]
            bulk.insert(lines.model, fresh)
            lines.model.objects.bulk_update(changed, lines.fields, batch_size=200)
            lines.model.objects.filter(pk__in=[row.pk for row in stale]).delete()
        hand_down([*recording.fresh, *recording.changed])

    plan.steps.append(store)


def hand_down(evaluations: Sequence[Evaluation]) -> None:
    """The Outcome of each 财政重点评价 for next year's budget; of several of one subject-year the newest counts."""
    newest: dict[int, Evaluation] = {}
    for evaluation in sorted(evaluations, key=lambda evaluation: evaluation.year):
        if evaluation.method == EvaluationMethod.KEY:
            newest[evaluation.subject_year_id] = evaluation
    rows = [
        Outcome(
            subject_year_id=subject,
            region=evaluation.region,
            stage=STAGE,
            total=evaluation.total,
            grade=evaluation.grade,
            source=evaluation.reference,
        )
        for subject, evaluation in newest.items()
    ]
    unique, kept = ["subject_year", "stage"], ["total", "grade", "source"]
    Outcome.objects.bulk_create(rows, batch_size=200, update_conflicts=True, unique_fields=unique, update_fields=kept)


IMPORTERS = (Importer("evaluations", (EVALUATIONS, MARKS, PROBLEMS, SUGGESTIONS), plan_evaluations),)
