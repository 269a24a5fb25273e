"""事前绩效评估 for other programs: assessments with their amounts and conclusion, what is asked for, the steps."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from jixiao.domain.actors import Role
from jixiao.domain.quantities import amount_plain
from jixiao.domain.terms import Term, UnknownTerm
from jixiao.domain.vocabulary import Verdict
from jixiao.kit.tables import Problem
from jixiao.kit.web.acts import find
from jixiao.kit.web.asking import narrowed
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.ex_ante import actions
from jixiao.stages.ex_ante.forms import PERSON, DescribeForm, ExpertForm, JudgeForm, OpenForm
from jixiao.stages.ex_ante.frameworks import Framed
from jixiao.stages.ex_ante.marks import cut
from jixiao.stages.ex_ante.models import Assessment, Assessor
from jixiao.stages.ex_ante.reports.gaps import standing_of
from jixiao.stages.ex_ante.reports.sheets import shows_names
from jixiao.stages.ex_ante.rules import may_describe
from jixiao.stages.ex_ante.views.opening import offered_of

from .answers import Unfit, answer
from .filling import demand_valid, kept
from .lists import Asked, of_subject, page, token_of, year_of
from .shapes import Field, Shape, body_of
from .steps import FILLABLE, begun, once, saved, standing, stepped

SHEET = Shape(
    "Assessment",
    (
        Field("id", "编号", "integer"),
        Field("number", "评估编号"),
        Field("year", "工作年度", "integer"),
        Field("subject", "对象年度编号", "integer", "subject_year_id"),
        Field("code", "对象编码", path="subject_year.code"),
        Field("name", "评估对象", path="subject_year.name"),
        Field("unit_name", "单位名称", path="subject_year.unit_name"),
        Field("assessor", "评估主体", "term"),
        Field("trigger", "触发原因"),
        Field("state", "状态", "term"),
        Field("version", "版本，填报和办理时带回", "integer"),
        Field("asked", "申报金额", "fen"),
        Field("advised", "建议金额", "fen"),
        Field("cut", "核减额", "fen"),
        Field("total", "得分", "number"),
        Field("conclusion", "结论", "term"),
        Field("because", "依据"),
    ),
)
CONTENT = (
    Field("asked", "申报金额，万元，与页面相同"),
    Field("background", "背景和内容"),
    Field("goal", "预期绩效目标"),
    Field("funding", "资金构成"),
)
FILLED = Shape("AssessmentFilled", CONTENT)
SENT = Shape("AssessmentFilling", (Field("version", "读到的版本", "integer", required=True), *CONTENT))
POINT = Shape(
    "AssessmentPoint",
    (
        Field("id", "编号，打分时带回", "integer", "item.pk"),
        Field("dimension", "评估维度", "term", "item.dimension"),
        Field("level2", "二级指标", path="item.level2"),
        Field("name", "评估要点", path="item.name"),
        Field("look_at", "看什么", path="item.look_at"),
        Field("full", "满分", "number", "item.full"),
        Field("average", "平均分", "number", "spread.average"),
    ),
)
EXPERT = Shape(
    "AssessmentExpert",
    (
        Field("id", "编号", "integer"),
        Field("name", "姓名"),
        Field("organisation", "工作单位"),
        Field("title", "职称或职务"),
        Field("marked", "已打分", "flag"),
    ),
)
REST = Shape(
    "AssessmentRest",
    (
        Field("points", "评估要点", "many", inner=POINT),
        Field("experts", "专家；看不到打分情况的为空", "many", inner=EXPERT),
        Field("filled", "现在填的内容，改后可原样发回", "one", inner=FILLED),
        Field("missing_materials", "还缺的必需材料", "texts"),
        Field("due", "须事前评估", "flag"),
        Field("due_because", "为什么须评或不须评"),
        Field("may_enter", "可以入库", "flag"),
        Field("may_budget", "可以安排预算", "flag"),
        Field("gate_reasons", "不能安排预算的全部理由", "texts"),
        *FILLABLE,
    ),
)
WHOLE = Shape("AssessmentWhole", (*SHEET.fields, *REST.fields))
OPENING = Shape(
    "AssessmentOpening",
    (
        Field("kind", "评估指标体系，名称或代码，不填为规则里的第一个"),
        Field("asked", "申报金额，万元，与页面相同；不填为项目库的预算"),
        Field("year", "工作年度，不填为对象年度", "integer"),
    ),
)
JUDGED = Shape(
    "AssessmentJudging",
    (
        Field("version", "读到的版本", "integer", required=True),
        Field("advised", "建议金额，万元，与页面相同"),
        Field("conclusion", "评估结论，名称或代码"),
        Field("reason", "改变结论的理由"),
        Field("method", "评估工作"),
        Field("suggestions", "相关建议"),
        Field("remarks", "其他事项"),
    ),
)
GIVEN = Shape(
    "AssessmentPointGiven",
    (
        Field("id", "评估要点编号", "integer", required=True),
        Field("points", "得分，0 至满分，如 4.5", required=True),
    ),
)
MARKED = Shape(
    "AssessmentMarking",
    (
        Field("version", "读到的版本", "integer", required=True),
        Field("expert", "已录入的专家编号；不填就是新增", "integer"),
        Field("name", "姓名"),
        Field("organisation", "工作单位"),
        Field("title", "职称或职务"),
        Field("points", "各要点得分，每个要点都要", "many", inner=GIVEN, required=True),
    ),
)
SHEET_ASKS = (
    Field("subject", "对象年度编号", "integer"),
    Field("state", "状态"),
    Field("conclusion", "结论"),
    Field("q", "评估编号、对象编码、名称中的文字"),
)
WITHIN = ("number", "subject_year__code", "subject_year__name")


def sheets(request: Asked) -> JsonResponse:
    """Assessments of a work year."""
    rows = Assessment.objects.visible_to(request.actor).filter(year=year_of(request))
    whole = narrowed(of_subject(request, rows), request.GET, ("state", "conclusion"), WITHIN).select_related(
        "subject_year"
    )
    return page(request, whole, SHEET, shown=_with_cut)


def _with_cut(row: Any) -> Any:
    row.cut = cut(row.asked, row.advised)
    return row


def sheet(request: Asked, pk: int) -> JsonResponse:
    """One assessment: what is asked for and why, what is missing, the gate, and what may be done with it now."""
    return _told(request, _found(request, pk))


def describe(request: Asked, pk: int) -> JsonResponse:
    """Save what is asked for and why, read by the page's own form; stale is 409, unreadable 422."""
    found = _found(request, pk)
    said = SENT.read(body_of(request))
    data = kept(DescribeForm(found)) | {key: value for key, value in said.items() if key != "version"}
    form = DescribeForm(found, data)
    demand_valid(form)
    proof = {"version": said["version"], "token": token_of(request)}
    return saved(found, lambda: actions.describe(found, request.actor, said=form.cleaned_data, **proof)) or _told(
        request, _found(request, pk)
    )


def begin(request: Asked, pk: int) -> JsonResponse:
    """开展评估 of a subject: the department's line, or finance's own for the office; `pk` is the subject's."""
    subject: SubjectYear = find(SubjectYear.objects, request, pk)  # type: ignore[arg-type]
    said, offered = OPENING.read(body_of(request)), offered_of(subject)
    data = {"kind": offered[0].value if offered else "", "asked": amount_plain(actions.asked_before(subject))}
    data |= {key: said[key] for key in ("kind", "asked") if key in said}
    form = OpenForm(offered, 0, data | {"kind": _named(Framed, data["kind"])})
    demand_valid(form)
    office = request.actor.role is Role.PERFORMANCE_OFFICE
    how = {**form.cleaned_data, "assessor": Assessor.FINANCE if office else Assessor.DEPARTMENT}
    year, spent = said.get("year") or subject.year, token_of(request)
    made = begun(lambda: actions.open_assessment(subject, request.actor, year, **how, token=spent))
    return _told(request, _found(request, made))


def judge(request: Asked, pk: int) -> JsonResponse:
    """Save 建议金额, 结论 and the words of the report, read by the page's own form; what is not sent stays."""
    found = _found(request, pk)
    said = JUDGED.read(body_of(request))
    data = kept(JudgeForm(found, None)) | {key: value for key, value in said.items() if key != "version"}
    form = JudgeForm(found, None, data | {"conclusion": _named(Verdict, data["conclusion"])})
    demand_valid(form)
    proof = {"version": said["version"], "token": token_of(request)}
    once(lambda: actions.judge(found, request.actor, said=form.cleaned_data, **proof))
    return _told(request, _found(request, pk))


def mark(request: Asked, pk: int) -> JsonResponse:
    """What one expert gave on paper, every point of it; read by the page's own form."""
    found = _found(request, pk)
    said = MARKED.read(body_of(request))
    expert = found.experts.filter(pk=said["expert"]).first() if said.get("expert") else None
    if said.get("expert") and expert is None:
        raise Unfit("有 1 处需改", [Problem("", 0, "expert", "不是这份评估的专家，请重新读取")])
    items = list(found.items.order_by("position"))
    strange = {part["id"] for part in said["points"]} - {item.pk for item in items}
    if strange:
        raise Unfit("有 1 处需改", [Problem("", 0, "points", "有要点不是这份评估的，请重新读取")])
    data = {key: said.get(key, getattr(expert, key, "")) for key in PERSON}
    data |= {f"points-{part['id']}": part["points"] for part in said["points"]}
    form = ExpertForm(items, expert, None, data)
    demand_valid(form, [item.pk for item in items])
    proof = {"version": said["version"], "token": token_of(request), "expert": expert}
    once(lambda: actions.mark(found, request.actor, who=form.who(), points=form.points(), **proof))
    return _told(request, _found(request, pk))


def _named(kind: type[Term], said: Any) -> Any:
    """A term by its name or its code; what is neither is left for the form to refuse."""
    try:
        return kind.read(said).value if said else ""
    except UnknownTerm:
        return said


def move(request: Asked, pk: int, key: str) -> JsonResponse:
    """Take a step with an assessment: 409 if it is not a step of its state, 422 with every reason against it."""
    return stepped(request, _found(request, pk), key, actions.after_step) or _told(request, _found(request, pk))


def _found(request: Asked, pk: int) -> Any:
    return find(Assessment.objects.select_related("subject_year", "snapshot"), request, pk)  # type: ignore[arg-type]


def _told(request: Asked, found: Any) -> JsonResponse:
    facts, gate = found.facts(), standing_of(found.subject_year)
    may = may_describe(request.actor, facts)
    shown = shows_names(request.actor, found)
    points = found.point_lines() if found.framework else []
    experts = list(found.experts.prefetch_related("marks").order_by("pk")) if shown else []
    for one in experts:
        one.marked = bool(one.marks.all())
    more = {
        "points": points,
        "experts": experts,
        "filled": kept(DescribeForm(found)),
        "missing_materials": list(facts.missing_materials),
        "due": gate.due.required,
        "due_because": gate.why,
        "may_enter": bool(gate.enter),
        "may_budget": bool(gate.budget),
        "gate_reasons": list(gate.budget.reasons),
        **standing(may, found, request.actor),
    }
    return answer(SHEET.of(_with_cut(found)) | REST.of(more))
