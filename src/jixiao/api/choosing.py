"""选评、随机抽样、评价覆盖、转移支付评价和得分对照 for other programs: what the pages show, and a new draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import JsonResponse

from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.web.acts import find
from jixiao.kit.web.asking import number, text
from jixiao.policies import for_region
from jixiao.stages.evaluation.choosing import actions
from jixiao.stages.evaluation.choosing.forms import DrawForm
from jixiao.stages.evaluation.choosing.models import Draw
from jixiao.stages.evaluation.choosing.reports import coverage as covering
from jixiao.stages.evaluation.choosing.reports import finding, lists, reconciling, transfers
from jixiao.stages.evaluation.choosing.reports.population import drawn_again, identity_of
from jixiao.stages.evaluation.choosing.rules import WHO

from .answers import Unfit, answer
from .filling import demand_valid
from .lists import MOST, USUAL_SIZE, Asked, page, token_of, year_of
from .shapes import Field, Shape, body_of
from .steps import begun

OF_SUBJECT = (
    Field("subject", "对象年度编号", "integer", "subject.pk"),
    Field("object_year", "对象年度", "integer", "subject.year"),
    Field("code", "编码", path="subject.code"),
    Field("name", "名称", path="subject.name"),
    Field("kind", "对象类型", "term", "subject.kind"),
    Field("unit_name", "单位名称", path="subject.unit_name"),
)
PART = Shape(
    "ChoosingPart",
    (
        Field("criterion", "标准"),
        Field("weight", "分值", "number"),
        Field("points", "得分", "number"),
        Field("sentence", "事实"),
    ),
)
CANDIDATE = Shape(
    "Candidate",
    (
        *OF_SUBJECT,
        Field("budget", "全年预算", "fen", "facts.budget"),
        Field("mark", "选评分", "number", "marked.mark"),
        Field("parts", "各条标准", "many", "marked.parts", PART),
        Field("risk", "风险分", "integer", "facts.risk.points"),
        Field("hits", "规则命中", "integer", "facts.risk.hits"),
        Field("due", "应开展中期评价或实施期后评价"),
        Field("suggested", "建议选", "flag"),
        Field("state", "选评", "term"),
        Field("reason", "选或不选的理由", path="choice.reason"),
    ),
)
PICK = Shape(
    "Pick",
    (
        Field("position", "次序", "integer"),
        Field("identity", "标识"),
        Field("subject", "对象年度编号", "integer", "subject_year_id"),
        Field("code", "编码", path="subject_year.code"),
        Field("name", "名称", path="subject_year.name"),
        Field("unit_name", "单位名称", path="subject_year.unit_name"),
        Field("certain", "必抽", "flag"),
        Field("weight", "权数", "integer"),
        Field("hits", "规则命中", "integer"),
    ),
)
DRAW = Shape(
    "Draw",
    (
        Field("id", "编号", "integer"),
        Field("year", "工作年度", "integer"),
        Field("no", "次数", "integer"),
        Field("object_year", "对象年度", "integer"),
        Field("overall", "抽的是部门整体", "flag"),
        Field("seed", "种子"),
        Field("digest", "总体摘要（SHA-256）"),
        Field("counted", "总体个数", "integer"),
        Field("method", "方法"),
        Field("size", "抽取个数", "integer"),
        Field("most_certain", "必抽上限", "integer"),
        Field("least_each", "每层至少", "integer"),
        Field("reason", "再抽的理由"),
        Field("actor", "办理人"),
        Field("at", "时间", "moment"),
    ),
)
REST = Shape(
    "DrawRest",
    (
        Field("population", "抽样总体，CSV 全文；按 UTF-8 取摘要"),
        Field("picks", "抽中的对象，按次序", "many", inner=PICK),
        Field("same", "现在重算与记录一致", "flag"),
    ),
)
WHOLE = Shape("DrawWhole", (*DRAW.fields, *REST.fields))
DRAWING = Shape(
    "Drawing",
    (
        Field("group", "projects 项目，overall 部门整体", required=True),
        Field("size", "抽取个数", "integer", required=True),
        Field("parties", "在场各方报的数字", required=True),
        Field("reason", "再抽的理由"),
    ),
)
COVERED = Shape(
    "DepartmentCoverage",
    (
        Field("unit", "主管部门"),
        Field("projects", "项目", "integer"),
        Field("funds", "项目资金", "fen"),
        Field("evaluated", "已评项目", "integer"),
        Field("funds_evaluated", "已评资金", "fen"),
        Field("share", "资金占比，百分点", "number"),
    ),
)
COVERAGE = Shape(
    "Coverage",
    (
        Field("units", "一级预算单位", "integer"),
        Field("units_evaluated", "开展了部门评价的", "integer"),
        Field("units_share", "按单位占比，百分点", "number"),
        Field("funds", "项目资金", "fen"),
        Field("funds_evaluated", "已评资金", "fen"),
        Field("funds_share", "按资金占比，百分点", "number"),
        Field("departments", "各主管部门，没有开展的在前", "many", inner=COVERED),
    ),
)
TRANSFER = Shape(
    "Transfer",
    (
        *OF_SUBJECT,
        Field("division", "归口股室", path="subject.division.name"),
        Field("budget", "全年预算", "fen", "subject.budget"),
        Field("evaluation", "审定的评价编号，没有为 null", "integer"),
        Field("report", "评价报告编号", "integer", "report.pk"),
        Field("title", "报告名称", path="report.title"),
        Field("state", "报告状态", "term", "report.state"),
        Field("submitted_on", "报送日期", "day", "report.submitted_on"),
        Field("signed_on", "签收日期", "day", "report.signed_on"),
        Field("signed_by", "签收人", path="report.signed_by"),
        Field("missing", "报告没有报送", "flag"),
        Field("reminded", "催报次数", "integer"),
        Field("due_on", "催报期限", "day"),
    ),
)
COMPARED = Shape(
    "Compared",
    (
        *OF_SUBJECT,
        Field("work_year", "评价年份", "integer"),
        *(Field(one.value, f"{one.label}得分", "number", f"totals.{one.value}") for one in EvaluationMethod),
    ),
)
METHODS = "、".join(f"{one.value} {one.label}" for one in WHO)
OBJECT_YEAR = Field("object_year", "评价哪一年，缺省为最近自评的年度", "integer")
PART_OF = (
    Field("year", "工作年度，缺省为最近的工作年度", "integer"),
    Field("size", f"每页行数，缺省 {USUAL_SIZE}，最多 {MOST}", "integer"),
    Field("page", "第几页，从 1 起", "integer"),
)
CANDIDATE_ASKS = (
    Field("method", f"评价方式：{METHODS}，缺省为 key"),
    OBJECT_YEAR,
    Field("q", "编码、名称、单位名称中的文字"),
    Field("kind", "对象类型"),
    Field("state", "选评"),
    Field("suggested", "填 1 只列建议选的", "integer"),
)
GROUP = Field("group", "projects 项目和政策（缺省），overall 部门整体")


def _pages(request: Asked, rows: Sequence[Any], shape: Shape) -> JsonResponse:
    """A page of a list that is computed as a whole; `next` is the address of the following one."""
    size = min(max(number(request.GET, "size", USUAL_SIZE), 1), MOST)
    at = max(number(request.GET, "page", 1), 1)
    query = request.GET.copy()
    query["page"] = str(at + 1)
    more = at * size < len(rows)
    shown = rows[(at - 1) * size : at * size]
    following = f"{request.path}?{query.urlencode()}" if more else None
    return answer({"count": len(rows), "next": following, "rows": [shape.of(row) for row in shown]})


def _object_year(request: Asked, year: int) -> int:
    return number(request.GET, "object_year", finding.object_year_of(request.actor.region, year))


def candidates(request: Asked) -> JsonResponse:
    """The candidates of an 评价方式 with their marks and what was decided, best mark first."""
    year, said = year_of(request), text(request.GET, "method") or EvaluationMethod.KEY.value
    method = next((one for one in WHO if one.value == said), None)
    if method is None:
        raise Unfit(f"评价方式应为：{METHODS}")
    policy = for_region(request.actor.region, year)
    found = finding.candidates(request.actor, year, _object_year(request, year), method, policy)
    return _pages(request, [_Told(one) for one in lists.asked_for(found, request.GET)], CANDIDATE)


class _Told:
    """A candidate with its standing, as the shape reads it."""

    def __init__(self, one: finding.Candidate) -> None:
        self.one, self.state = one, lists.standing(one)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.one, name)


def draws(request: Asked) -> JsonResponse:
    """The draws of a work year."""
    return page(request, Draw.objects.visible_to(request.actor).filter(year=year_of(request)), DRAW)


def draw(request: Asked, pk: int) -> JsonResponse:
    """One draw with everything that is needed to draw it again."""
    return _told(find(Draw.objects, request, pk))  # type: ignore[arg-type]


def make(request: Asked) -> JsonResponse:
    """Draw, as the page does: read by its form, frozen at once. 422 with every reason against it."""
    said = DRAWING.read(body_of(request))
    form = DrawForm(said)
    demand_valid(form)
    year = year_of(request)
    where = actions.Where(year, _object_year(request, year), EvaluationMethod.RECHECK)
    made = begun(lambda: actions.draw(request.actor, where, form.asked(), token=token_of(request)))
    return draw(request, made)


def _told(made: Draw) -> JsonResponse:
    picks = list(made.picks.select_related("subject_year").order_by("position"))
    for pick in picks:
        pick.identity = identity_of(pick.subject_year)  # type: ignore[attr-defined]
    same = drawn_again(made) == [identity_of(pick.subject_year) for pick in picks]
    return answer(DRAW.of(made) | REST.of({"population": made.population, "picks": picks, "same": same}))


def coverage(request: Asked) -> JsonResponse:
    """部门评价 against its two denominators, and each department."""
    year = year_of(request)
    found = covering.coverage(request.actor, year, covering.object_years(request.actor, year))
    names = [field.key for field in COVERAGE.fields if field.key != "departments"]
    whole = {name: getattr(found, name) for name in names}
    return answer(COVERAGE.of({**whole, "departments": covering.department_rows(found)}))


def transfer_lines(request: Asked) -> JsonResponse:
    """转移支付 with their evaluation and report."""
    year = year_of(request)
    return _pages(request, transfers.transfers(request.actor, year, _object_year(request, year)).lines, TRANSFER)


def compared(request: Asked) -> JsonResponse:
    """Subjects with two or more totals of the work year, biggest difference first."""
    overall = text(request.GET, "group") == "overall"
    return _pages(request, reconciling.compared(request.actor, overall=overall, work_year=year_of(request)), COMPARED)
