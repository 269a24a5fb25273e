"""The work on an evaluation: plan, work papers, the words of the report, defects, the unit's reply, the conclusion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from jixiao.domain.actors import Actor, Role
from jixiao.domain.decisions import Decision, require
from jixiao.domain.grades import GradeRules, grade_of
from jixiao.domain.quantities import plain
from jixiao.kit import bulk
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import changed, locked

from .. import rules
from ..importer.storing import hand_down
from ..models import Defect, Evaluation, Mark, Problem, ProcedureKind, ProcedureStep, Suggestion
from ..rules import EvaluationProcedureRules, may_organize, may_work
from ..workflow import State
from .opening import Choice, take_framework

PAPER = ("points", "found", "basis", "calculation", "reason")
WORDS = ("initial", "arranged", "used", "received", "background", "work", "analysis", "experience", "remarks")
MARKED = (State.WORKING, State.CONSULTATION)
DESCRIBED = (State.PLANNING, *MARKED)
RETURNS = {
    "return_plan": ProcedureKind.PLAN,
    "return_papers": ProcedureKind.PAPERS,
    "return": ProcedureKind.REPORT,
    "return_recheck": ProcedureKind.REPORT,
}
"""Which papers a return sends back, by the code of the step without its suffix."""
STEPS = {
    "notify": (ProcedureKind.NOTICE,),
    "begin": (ProcedureKind.PLAN,),
    "approve_plan": (ProcedureKind.PLAN,),
    "consult": (ProcedureKind.PRELIMINARY, ProcedureKind.CONSULTATION),
    "approve_papers": (ProcedureKind.PAPERS, ProcedureKind.PRELIMINARY, ProcedureKind.CONSULTATION),
    "submit": (ProcedureKind.REPORT,),
    "submit_report": (ProcedureKind.REPORT,),
    "conclude": (ProcedureKind.CONCLUSION,),
    "conclude_recheck": (ProcedureKind.CONCLUSION,),
}
"""What a step of the machine means for the procedure."""


def choose_framework(sheet: Evaluation, actor: Actor, chosen: Choice, *, version: int, token: str = "") -> Evaluation:
    """Begin the plan with another framework. Raises Stale, Refused."""
    with acting(actor, "evaluation.framework", token=token, content=[sheet.reference, version, str(chosen)]) as act:
        current = _planned(sheet, version, act)
        before = current.framework_name
        take_framework(current, chosen)
        return changed(current, (), act, before, current.framework_name)


def tailor(
    sheet: Evaluation, actor: Actor, items: Sequence[Mapping[str, Any]], *, version: int, token: str = ""
) -> Evaluation:
    """The items by which this object is evaluated, in order, before points are given. Raises Stale, Refused."""
    content = [sheet.reference, version, [dict(item) for item in items]]
    with acting(actor, "evaluation.tailor", token=token, content=content) as act:
        current = _planned(sheet, version, act)
        require(items, "请至少保留一个指标").demand()
        before = [mark.name for mark in current.marks.order_by("position")]
        current.marks.all().delete()
        bulk.insert(Mark, [Mark(evaluation=current, position=n, **item) for n, item in enumerate(items, 1)])
        return changed(current, (), act, before, [item["name"] for item in items])


def write_papers(
    sheet: Evaluation, actor: Actor, papers: Mapping[int, Mapping[str, Any]], *, version: int, token: str = ""
) -> Evaluation:
    """Work papers and points by key of the mark; with experts the points come from them. Raises Stale, Refused."""
    written = {str(key): {name: str(value) for name, value in paper.items()} for key, paper in sorted(papers.items())}
    with acting(actor, "evaluation.papers", token=token, content=[sheet.reference, version, written]) as act:
        current = _worked(sheet, version, act, MARKED)
        marks = {mark.pk: mark for mark in current.marks.order_by("position")}
        _papers_fit(current, marks, papers).demand()
        before = {str(key): _points(mark.points) for key, mark in marks.items()}
        for key, paper in papers.items():
            for name in PAPER:
                if name in paper:
                    setattr(marks[key], name, paper[name])
        Mark.objects.bulk_update(marks.values(), PAPER, batch_size=200)
        if current.state == State.CONSULTATION:
            _add_up(current)
        after = {str(key): _points(mark.points) for key, mark in marks.items()}
        return changed(current, ("total", "grade"), act, before, after)


def _papers_fit(sheet: Evaluation, marks: Mapping[int, Mark], papers: Mapping[int, Mapping[str, Any]]) -> Decision:
    decision = require(set(papers) <= set(marks), "评价指标已有变化，请刷新后重新填写")
    hidden = sheet.panel_closed_at is None and sheet.panel.exists()
    for key, paper in papers.items():
        mark, points = marks.get(key), paper.get("points")
        if mark is None or points is None:
            continue
        most = f"“{mark.name}”应在 0 至 {plain(mark.weight)} 分之间"
        decision &= require(0 <= points <= mark.weight, most)
        decision &= require(not hidden, "专家打分合分以前不填得分")
    return decision


def _points(points: Decimal | None) -> str:
    return "" if points is None else plain(points)


def describe(
    sheet: Evaluation,
    actor: Actor,
    said: Mapping[str, Any],
    problems: Iterable[tuple[str, str]],
    suggestions: Iterable[str],
    *,
    version: int,
    token: str = "",
) -> Evaluation:
    """Amounts and words of the report (WORDS), problems by category, suggestions in order. Raises Stale, Refused."""
    found, advice = list(problems), list(suggestions)
    content = [sheet.reference, version, {name: str(said[name]) for name in WORDS}, found, advice]
    with acting(actor, "evaluation.describe", token=token, content=content) as act:
        current = _worked(sheet, version, act, DESCRIBED)
        twice = len({category for category, _ in found}) < len(found)
        require(not twice, "同一问题类别请合并成一条").demand()
        before = {name: getattr(current, name) for name in WORDS}
        for name in WORDS:
            setattr(current, name, said[name])
        kept = {problem.words: problem.kinds for problem in current.problems.all()}
        current.problems.all().delete()
        current.suggestions.all().delete()
        named = [Problem(evaluation=current, category=c, text=t) for c, t in found]
        for problem in named:
            problem.kinds = kept.get(problem.words, "")
        bulk.insert(Problem, named)
        bulk.insert(Suggestion, [Suggestion(evaluation=current, no=n, text=t) for n, t in enumerate(advice, 1)])
        after = {**said, "problems": [c for c, _ in found], "suggestions": len(advice)}
        return changed(current, WORDS, act, before, after)


def note_step(
    sheet: Evaluation,
    actor: Actor,
    *,
    kind: ProcedureKind,
    on: dt.date,
    who: str,
    note: str,
    version: int,
    token: str = "",
) -> Evaluation:
    """Register a dated step of the procedure. Raises Stale, Refused."""
    content = [sheet.reference, version, kind, str(on), who, note]
    with acting(actor, "evaluation.step", token=token, content=content) as act:
        current: Evaluation = locked(sheet, version, act)
        may_note(actor, current).demand()
        require(on <= timezone.localdate(act.at), "日期不能晚于今天").demand()
        ProcedureStep.objects.create(evaluation=current, kind=kind, on=on, who=who, note=note, actor=actor.name)
        return changed(current, (), act, None, {"step": kind, "on": str(on)})


def may_note(actor: Actor, sheet: Evaluation) -> Decision:
    """Steps and papers are kept by who organises and by the agency that works; archived also after the conclusion."""
    if actor.role is Role.AGENCY:
        return require(
            sheet.state != State.CONCLUDED and sheet.working_agency() is not None, "评价已经定稿，由组织评价的一方归档"
        )
    return may_organize(actor, sheet.method)


def answer_defects(
    sheet: Evaluation, actor: Actor, answers: Mapping[int, str], *, version: int, token: str = ""
) -> Evaluation:
    """What was done about each defect that a return named, by key. Raises Stale, Refused."""
    with acting(actor, "evaluation.answer", token=token, content=[sheet.reference, version, dict(answers)]) as act:
        current = _worked(sheet, version, act, DESCRIBED)
        rows = {row.pk: row for row in current.defects.all()}
        require(set(answers) <= set(rows), "退回意见已有变化，请刷新后重新填写").demand()
        before = {row.no: row.answer for row in rows.values()}
        for key, answer in answers.items():
            rows[key].answer = answer
        Defect.objects.bulk_update(rows.values(), ["answer"])
        return changed(current, (), act, before, {row.no: row.answer for row in rows.values()})


def reply(
    sheet: Evaluation,
    actor: Actor,
    objections: Mapping[int, str],
    overall: str,
    *,
    version: int,
    token: str = "",
) -> Evaluation:
    """反馈意见 of the evaluated unit: its objections by key of the mark, and of the whole. Raises Stale, Refused."""
    content = [sheet.reference, version, dict(objections), overall]
    with acting(actor, "evaluation.reply", token=token, content=content) as act:
        current: Evaluation = locked(sheet, version, act)
        may_reply(actor, current, timezone.localdate(act.at)).demand()
        marks = {mark.pk: mark for mark in current.marks.all()}
        require(set(objections) <= set(marks), "评价指标已有变化，请刷新后重新填写").demand()
        for key, objection in objections.items():
            marks[key].objection = objection
        Mark.objects.bulk_update(marks.values(), ["objection"], batch_size=200)
        current.reply, current.replied_at = overall, act.at
        after = {"reply": overall, "objections": {str(k): text for k, text in objections.items() if text}}
        return changed(current, ("reply", "replied_at"), act, None, after)


def may_reply(actor: Actor, sheet: Evaluation, today: dt.date) -> Decision:
    """May the actor reply for the evaluated unit today?"""
    consulting = sheet.state == State.CONSULTATION
    return rules.may_reply(actor, sheet.method, consulting=consulting, reply_by=sheet.reply_by, today=today)


def settle(sheet: Evaluation, actor: Actor, answers: Mapping[int, str], *, version: int, token: str = "") -> Evaluation:
    """Whether each objection was accepted and why, by key of the mark. Raises Stale, Refused."""
    with acting(actor, "evaluation.settle", token=token, content=[sheet.reference, version, dict(answers)]) as act:
        current = _worked(sheet, version, act, (State.CONSULTATION,))
        marks = {mark.pk: mark for mark in current.marks.exclude(objection="")}
        require(set(answers) <= set(marks), "反馈意见已有变化，请刷新后重新填写").demand()
        for key, answer in answers.items():
            marks[key].settled = answer
        Mark.objects.bulk_update(marks.values(), ["settled"], batch_size=200)
        return changed(current, (), act, None, {str(key): text for key, text in answers.items()})


def after_step(sheet: Evaluation, code: str, act: Act) -> None:
    """What a step brings about: the procedure's date, the defects of a return, the reply's deadline, the result."""
    code = code.removesuffix("_by_department")
    today = timezone.localdate(act.at)
    if code in RETURNS:
        _list_defects(sheet, RETURNS[code], act)
    for kind in STEPS.get(code, ()):
        ProcedureStep.objects.create(evaluation=sheet, kind=kind, on=today, actor=act.actor.name)
    if code in ("consult", "approve_papers"):
        _add_up(sheet)
        sheet.reply_by = today + dt.timedelta(days=_days(sheet))
        sheet.replied_at, sheet.reply = None, ""
        sheet.save(update_fields=["total", "grade", "reply_by", "replied_at", "reply"])
    if code in ("conclude", "conclude_recheck"):
        _add_up(sheet)
        sheet.concluded_on = today
        sheet.save(update_fields=["total", "grade", "concluded_on"])
        hand_down([sheet])
        act.trace(sheet.reference, None, {"total": _points(sheet.total), "grade": sheet.grade})


def _days(sheet: Evaluation) -> int:
    """Days for the reply; rules that were frozen before they named them give ten."""
    policy = sheet.snapshot.policy()
    known = EvaluationProcedureRules.section in policy.settings
    return policy.section(EvaluationProcedureRules).reply_days if known else 10


def _list_defects(sheet: Evaluation, kind: ProcedureKind, act: Act) -> None:
    """Each line of the note of a return is a defect with its number."""
    note = act.traces[-1].after["note"] if act.traces else ""
    no = sheet.defects.count()
    lines = [line.strip() for line in note.splitlines() if line.strip()]
    rows = [Defect(evaluation=sheet, kind=kind, no=no + n, text=text, at=act.at) for n, text in enumerate(lines, 1)]
    bulk.insert(Defect, rows)


def _add_up(sheet: Evaluation) -> None:
    """Total and grade follow from the marks: 各项两位小数, then added, then graded."""
    points = [mark.points for mark in sheet.marks.all()]
    if not points:
        return
    given = [one for one in points if one is not None]
    sheet.total = sum(given, Decimal(0)) if len(given) == len(points) else None
    rules = sheet.snapshot.policy().section(GradeRules)
    sheet.grade = "" if sheet.total is None else grade_of(sheet.total, rules)


def _worked(sheet: Evaluation, version: int, act: Act, states: tuple[State, ...]) -> Evaluation:
    """The sheet, locked, if this actor may work on it in one of these states."""
    current: Evaluation = locked(sheet, version, act)
    may_work(act.actor, current.facts(), open_now=current.state in states).demand()
    return current


def _planned(sheet: Evaluation, version: int, act: Act) -> Evaluation:
    """The sheet, locked, while its items may still be chosen."""
    current = _worked(sheet, version, act, (State.DRAFT, State.PLANNING))
    require(not current.recheck, "抽查复核按原来的指标逐项复核，不能增减指标").demand()
    require(not current.panel.exists(), "已有专家参加打分，不能再增减指标").demand()
    return current
