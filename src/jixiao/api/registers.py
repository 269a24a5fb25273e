"""Reading 项目库, budget lines, appropriations and payments."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from jixiao.kit.web.acts import find
from jixiao.kit.web.asking import narrowed, text
from jixiao.registers.subjects.models import Appropriation, BudgetLine, Payment, SubjectYear

from .answers import answer
from .lists import Asked, of_subject, page, year_of
from .shapes import Field, Shape

SUBJECT = Shape(
    "Subject",
    (
        Field("id", "编号", "integer"),
        Field("year", "年度", "integer"),
        Field("code", "项目编码"),
        Field("name", "项目名称"),
        Field("kind", "对象类型", "term"),
        Field("unit_name", "单位名称"),
        Field("category", "项目类别", "term"),
        Field("nature", "项目性质", "term"),
        Field("book", "预算类型", "term"),
        Field("fund_level", "资金层级", "term"),
        Field("extension", "扩展类型", "term"),
        Field("initial", "年初预算", "fen"),
        Field("added", "追加调整", "fen"),
        Field("budget", "全年预算", "fen"),
        Field("spent", "已支付", "fen"),
        Field("in_total", "计入合计", "flag"),
        Field("goal", "绩效总目标"),
        Field("version", "版本", "integer"),
    ),
)
_OF_SUBJECT = (Field("subject", "对象年度编号，未对上为 null", "integer", "subject_year_id"),)
_IMPORTED = (
    Field("id", "编号", "integer"),
    Field("year", "年度", "integer"),
    *_OF_SUBJECT,
    Field("code", "项目编码"),
    Field("name", "项目名称"),
    Field("unit_code", "单位编码"),
    Field("fen", "金额", "fen"),
    Field("recorded_at", "登记时间", "moment"),
)
BUDGET_LINE = Shape(
    "BudgetLine",
    (
        Field("id", "编号", "integer"),
        Field("year", "年度", "integer"),
        *_OF_SUBJECT,
        Field("code", "项目编码", path="subject_year.code"),
        Field("phase", "时点", "term"),
        Field("book", "预算类型", "term"),
        Field("fund_level", "资金层级", "term"),
        Field("fen", "金额", "fen"),
        Field("effective_on", "生效日期", "day"),
        Field("recorded_at", "登记时间", "moment"),
        Field("doc_no", "文号"),
    ),
)
APPROPRIATION = Shape(
    "Appropriation",
    (*_IMPORTED, Field("number", "指标编号"), Field("effective_on", "生效日期", "day"), Field("doc_no", "文号")),
)
PAYMENT = Shape(
    "Payment",
    (
        *_IMPORTED,
        Field("voucher", "凭证号"),
        Field("line", "凭证行", "integer"),
        Field("paid_on", "支付日期", "day"),
        Field("summary", "摘要"),
        Field("corrects_voucher", "更正凭证"),
        Field("corrects_line", "更正凭证行", "integer"),
    ),
)
SUBJECT_ASKS = (Field("q", "编码、名称、单位名称中的文字"), Field("code", "项目编码"), Field("kind", "对象类型"))
MONEY_ASKS = (Field("subject", "对象年度编号", "integer"), Field("code", "项目编码"))
IMPORTED_ASKS = (*MONEY_ASKS, Field("unmatched", "填 1 只列未对上项目的", "integer"))


def subjects(request: Asked) -> JsonResponse:
    """项目库 of a year."""
    rows = SubjectYear.objects.visible_to(request.actor).filter(year=year_of(request)).with_spent()
    return page(request, narrowed(rows, request.GET, ("code", "kind"), ("code", "name", "unit_name")), SUBJECT)


def subject(request: Asked, pk: int) -> JsonResponse:
    """One subject in its year."""
    return answer(SUBJECT.of(find(SubjectYear.objects.with_spent(), request, pk)))  # type: ignore[arg-type]


def budget_lines(request: Asked) -> JsonResponse:
    """The decisions that make up the year's budgets."""
    rows = BudgetLine.objects.visible_to(request.actor).filter(year=year_of(request)).select_related("subject_year")
    if code := text(request.GET, "code"):
        rows = rows.filter(subject_year__code=code)
    return page(request, of_subject(request, rows), BUDGET_LINE)


def appropriations(request: Asked) -> JsonResponse:
    """预算指标 as imported from the budget system."""
    return page(request, _imported(request, Appropriation), APPROPRIATION)


def payments(request: Asked) -> JsonResponse:
    """国库支付 as imported; those of subjects the reader sees, or those without a subject."""
    return page(request, _imported(request, Payment), PAYMENT)


def _imported(request: Asked, model: type[Appropriation] | type[Payment]) -> Any:
    unmatched = text(request.GET, "unmatched") == "1"
    rows = model.objects.unmatched_for(request.actor) if unmatched else model.objects.visible_to(request.actor)
    return of_subject(request, narrowed(rows.filter(year=year_of(request)), request.GET, ("code",)))
