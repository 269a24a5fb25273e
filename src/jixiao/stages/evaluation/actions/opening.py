"""Opening an evaluation: its number, the rules of the day, its amounts and the items that are to be marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Sum

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import Refused
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit import bulk
from jixiao.kit.acting import Act, acting
from jixiao.policies import for_region
from jixiao.registers.organizations.models import Region
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.models import SubjectYear
from jixiao.registers.subjects.spending import payments_of
from jixiao.stages.targets.models import IndicatorLine, LineSource

from ..frameworks import Framed, Item, shipped, suited
from ..models import Evaluation, Framework, FrameworkItem, Mark
from ..rules import EvaluationRules, may_open
from ..self_evaluation.models import SelfEvaluation
from ..self_evaluation.workflow import State as SelfState
from ..workflow import FrameworkState, State

PREFIXES = {EvaluationMethod.DEPARTMENT: "BM", EvaluationMethod.RECHECK: "FH", EvaluationMethod.KEY: "ZD"}


def open_evaluation(
    actor: Actor,
    subject_year: SubjectYear,
    method: EvaluationMethod,
    *,
    year: int,
    today: dt.date,
    previous: Evaluation | None = None,
    token: str = "",
) -> Evaluation:
    """An evaluation of the subject in a work year, under the region's rules as they are now.

    抽查复核 marks again the lines of the newest concluded self-evaluation, or those of `previous` (再评价); the other
    methods begin with the region's approved framework, else the shipped one. Raises Refused with every reason.
    """
    content = [subject_year.pk, method, year, previous.pk if previous else 0]
    with acting(actor, "evaluation.open", token=token, content=content) as act:
        opened = lay_open(act, subject_year, method, year=year, today=today, previous=previous)
        act.answer = {"pk": opened.pk}
    return opened


def lay_open(
    act: Act,
    subject_year: SubjectYear,
    method: EvaluationMethod,
    *,
    year: int,
    today: dt.date,
    previous: Evaluation | None = None,
) -> Evaluation:
    """`open_evaluation` inside an act that opens several at once. Raises Refused."""
    # Numbers run within a region: whoever opens another evaluation there waits here.
    Region.objects.select_for_update().get(pk=subject_year.region)
    current = SubjectYear.objects.select_for_update().get(pk=subject_year.pk)
    mine = Evaluation.objects.filter(subject_year=current, method=method).exclude(state=State.CONCLUDED)
    may_open(act.actor, method, running=mine.exists()).demand()
    sheet = Evaluation.objects.create(
        region=current.region,
        year=year,
        number=_number(current.region, method, year),
        method=method,
        subject_year=current,
        previous=previous,
        initial=current.initial,
        arranged=current.budget,
        used=payments_of(current, today).aggregate(sum=Sum("fen"))["sum"] or 0,
        background=current.goal,
        opened_on=today,
        snapshot=snapshot_of(for_region(current.region, year)),
    )
    if method is EvaluationMethod.RECHECK:
        _again(sheet, previous)
    else:
        take_framework(sheet, _offered(current)[0])
    act.trace(sheet.reference, None, {"number": sheet.number, "method": method, "subject_year": current.pk})
    return sheet


def _number(region: str, method: EvaluationMethod, year: int) -> str:
    """The next free running number of the method in the region's year."""
    start = f"{PREFIXES[method]}{year}"
    taken = set(Evaluation.objects.filter(region=region, number__startswith=start).values_list("number", flat=True))
    no = len(taken) + 1
    while f"{start}{no:03}" in taken:
        no += 1
    return f"{start}{no:03}"


Choice = Framework | Framed
"""A framework to begin with: one that the region approved, or a shipped one."""


def _offered(subject: SubjectYear) -> list[Choice]:
    return offered_frameworks(subject.region, suited(subject.kind))


def offered_frameworks(region: str, kinds: Iterable[Framed]) -> list[Choice]:
    """The frameworks of these kinds: what the region approved by its last edition, newest first; then the shipped."""
    wanted = list(kinds)
    own = Framework.objects.filter(region=region, state=FrameworkState.APPROVED, kind__in=wanted)
    newest: dict[str, Framework] = {}
    for one in own.order_by("-id"):
        newest.setdefault(one.title, one)
    return [*newest.values(), *wanted]


def take_framework(sheet: Evaluation, chosen: Choice) -> None:
    """Lay the items of a framework out as marks without points, instead of those that were there."""
    items: Iterable[Item | FrameworkItem]
    if isinstance(chosen, Framework):
        items, sheet.framework, sheet.framework_name = chosen.items.order_by("position"), chosen, str(chosen)
    else:
        file = shipped(chosen)
        items, sheet.framework, sheet.framework_name = file.items, None, f"{file.title}（{file.source}）"
    sheet.save(update_fields=["framework", "framework_name"])
    sheet.marks.all().delete()
    names = ("level1", "level2", "name", "weight", "explanation", "criteria")
    marks = [
        Mark(evaluation=sheet, position=n, **{name: getattr(item, name) for name in names})
        for n, item in enumerate(items, 1)
    ]
    bulk.insert(Mark, marks)


def _again(sheet: Evaluation, previous: Evaluation | None) -> None:
    """The lines that a recheck marks: those of the evaluation that is done again, or of the newest self-evaluation.

    Where only its total is known: the approved indicators of its target, else the framework of its kind.
    """
    if previous is not None:
        sheet.framework_name = f"{previous.method.label} {previous.number} 的指标"
        lines = [_line_again(mark) for mark in previous.marks.order_by("position")]
    else:
        rows = SelfEvaluation.objects.filter(subject_year=sheet.subject_year, state=SelfState.CONCLUDED)
        newest = rows.order_by("-year").first()
        if newest is None:
            raise Refused("这个对象没有已审定的单位自评，不能抽查复核；评价过的对象请从原评价发起再评价")
        sheet.framework_name = f"{newest.year} 年单位自评的指标"
        lines = _lines_of(newest)
    if not lines:
        # Only a total is known: the subject is marked anew, and the totals are compared.
        take_framework(sheet, _offered(sheet.subject_year)[0])
        return
    sheet.save(update_fields=["framework_name"])
    bulk.insert(Mark, [Mark(evaluation=sheet, position=n, **line) for n, line in enumerate(lines, 1)])


def _line_again(mark: Mark) -> dict[str, Any]:
    names = ("level1", "level2", "name", "weight", "explanation", "criteria", "score")
    return {**{name: getattr(mark, name) for name in names}, "before": mark.points}


def _lines_of(newest: SelfEvaluation) -> list[dict[str, Any]]:
    """预算执行率 and each indicator line of a self-evaluation with its points; without them what it was to speak of."""
    execution = {
        "level1": "预算执行",
        "name": "预算执行率",
        "weight": newest.execution_weight,
        "before": newest.execution_points,
        "explanation": newest.execution_because,
    }
    lines = [] if not newest.execution_weight else [execution]
    scores = list(newest.scores.select_related("line").order_by("position"))
    if not scores:
        approved = _approved_lines(newest)
        return [*lines, *approved] if approved else []
    for score in scores:
        line = score.line
        asked = f"年度指标值 {line.target}{line.unit}，自评完成值 {score.actual or '（空）'}" if line.target else ""
        lines.append(
            {
                "level1": line.level1.label,
                "level2": line.level2,
                "name": line.name,
                "weight": line.weight,
                "before": score.claimed if score.claimed is not None else score.points,
                "explanation": asked,
                "criteria": score.because,
                "score": score,
            }
        )
    return lines


def _approved_lines(sheet: SelfEvaluation) -> list[dict[str, Any]]:
    """The indicators approved for the subject, never marked; none unless they and 预算执行率 make the whole."""
    rows = IndicatorLine.objects.filter(version=sheet.target_version_id, source=LineSource.TARGET).order_by("position")
    found = list(rows)
    whole = sheet.snapshot.policy().section(EvaluationRules).framework_total
    if sum((line.weight or 0 for line in found), sheet.execution_weight or 0) != whole:
        return []
    return [
        {
            "level1": line.level1.label,
            "level2": line.level2,
            "name": line.name,
            "weight": line.weight,
            "explanation": f"年度指标值 {line.target}{line.unit}，自评只有总分" if line.target else "自评只有总分",
        }
        for line in found
    ]
