"""报送材料台账: what was handed to 人大 and government. Numbers and codes are kept as given, known or not."""

from __future__ import annotations

from typing import Any

from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, Importer, ImportScope, Plan, Readings, once
from jixiao.kit.recording import Recording
from jixiao.kit.tables import Column, Table
from jixiao.registers.organizations.places import Places
from jixiao.registers.subjects.finding import Subjects
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.follow_up.disclosure.models import Material

from .models import Recipient, Submission
from .workflow import State

SUBMISSIONS = Table(
    "reports_to",
    "报送材料台账",
    (
        Column("year", "工作年度", "year"),
        Column("recipient", "报送对象", "term", choices=Recipient),
        Column("material", "材料类别", "term", choices=Material),
        Column("evaluation_number", "评价编号", "code", required=False, longest=60),
        Column("code", "对象编码", "code", required=False),
        Column("on", "日期", "date", aliases=("报送日期",)),
    ),
)
KEY = ("year", "recipient", "material", "evaluation_number", "code")
FIELDS = ("on", "evaluation_id", "subject_year_id")


def plan_submissions(readings: Readings, scope: ImportScope) -> Plan:
    """Materials by year, recipient, kind, evaluation and subject."""
    plan, reading = Plan(), readings[SUBMISSIONS.key]
    rows = once(reading, plan, lambda row: tuple(row.values[k] for k in KEY), "material", "报送的材料")
    if plan.problems:
        return plan
    evaluations = {e.number: e for e in Evaluation.objects.filter(region=scope.region)}
    stored = {tuple(getattr(s, k) for k in KEY): s for s in Submission.objects.filter(region=scope.region)}
    subjects, wanted, unknown = _Spoken(scope.region), {}, []
    for key, row in rows.items():
        values: dict[str, Any] = row.values
        evaluation = evaluations.get(values["evaluation_number"])
        subject = evaluation.subject_year_id if evaluation else subjects.find(values["code"], values["year"])
        if (evaluation is None and values["evaluation_number"]) or not subjects.knows(values["code"], values["year"]):
            unknown.append(row.number)
        wanted[key] = Submission(
            region=scope.region, evaluation=evaluation, subject_year_id=subject, state=State.SENT, **values
        )
    if unknown:
        message = f"{len(unknown)} 条报送的评价编号或对象编码在系统中没有，已按原文登记"
        plan.gaps.append(Gap(SUBMISSIONS.key, message, tuple(unknown)))
    recording = Recording.compare(Submission, plan, stored, wanted, FIELDS)

    def store(act: Act) -> None:
        recording.store(act, KEY)

    plan.steps.append(store)
    return plan


class _Spoken:
    """What a code in this table may mean: a subject of next year or this one, or a unit and its 部门整体."""

    def __init__(self, region: str) -> None:
        self._subjects, self._places = Subjects(region), Places(region)
        overall = SubjectYear.objects.filter(region=region, kind=SubjectKind.DEPARTMENT_OVERALL)
        self._overall = {(row.code, row.year): row.pk for row in overall}

    def find(self, code: str, year: int) -> int | None:
        """The subject-year's id; a unit's 部门整体 only if it is registered already."""
        near = self._subjects.near(code, year)
        return near.pk if near else self._overall.get((code, year + 1)) or self._overall.get((code, year))

    def knows(self, code: str, year: int) -> bool:
        """Is the code blank, a subject's or a unit's?"""
        return not code or bool(self._subjects.near(code, year) or self._places.find(code, year))


IMPORTERS = (Importer("reports_to", (SUBMISSIONS,), plan_submissions),)
