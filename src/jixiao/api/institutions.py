"""Reading 第三方机构, 专家 and 委托."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.utils import timezone

from jixiao.kit.web.asking import narrowed
from jixiao.registers.institutions.models import Agency, Engagement, Expert

from .lists import Asked, page, year_of
from .shapes import Field, Shape

AGENCY = Shape(
    "Agency",
    (
        Field("id", "编号", "integer"),
        Field("year", "年度", "integer"),
        Field("name", "机构名称"),
        Field("credit_code", "统一社会信用代码"),
        Field("platform_number", "信用管理平台登记号"),
        Field("checked_on", "平台核查日期", "day"),
        Field("lead_appraiser", "主评人"),
        Field("selection", "选取方式", "term"),
        Field("violation", "近年重大违法记录"),
        Field("suspended_until", "暂停选用至", "day"),
        Field("version", "版本", "integer"),
    ),
)
EXPERT = Shape(
    "Expert",
    (
        Field("id", "编号", "integer"),
        Field("name", "姓名"),
        Field("organisation", "工作单位"),
        Field("title", "职称或职务"),
        Field("field", "专业领域"),
        Field("active", "在库", "flag"),
        Field("version", "版本", "integer"),
    ),
)
OWED = Shape(
    "Deliverable",
    (
        Field("name", "交付成果"),
        Field("due_on", "应交日期", "day"),
        Field("delivered_on", "实交日期", "day"),
    ),
)
ENGAGEMENT = Shape(
    "Engagement",
    (
        Field("id", "编号", "integer"),
        Field("year", "年度", "integer"),
        Field("name", "受托方"),
        Field("contract", "委托事项"),
        Field("since", "自", "day"),
        Field("until", "至", "day"),
        Field("ended_at", "终止时间", "moment"),
        Field("ended_because", "终止原因"),
        Field("stands", "情况", "term"),
        Field("fee", "费用", "fen"),
        Field("deliverables", "交付成果", "many", inner=OWED, path="owed"),
    ),
)
WITHIN_AGENCY = ("name", "credit_code", "lead_appraiser")
WITHIN_EXPERT = ("name", "organisation", "field")


def agencies(request: Asked) -> JsonResponse:
    """The institutions registered for a year."""
    rows = Agency.objects.visible_to(request.actor).filter(year=year_of(request))
    return page(request, narrowed(rows, request.GET, (), WITHIN_AGENCY), AGENCY)


def experts(request: Asked) -> JsonResponse:
    """The region's experts."""
    return page(request, narrowed(Expert.objects.visible_to(request.actor), request.GET, (), WITHIN_EXPERT), EXPERT)


def engagements(request: Asked) -> JsonResponse:
    """Who is or was engaged in a year, with what is owed by when; for who is engaged what runs."""
    rows = Engagement.objects.visible_to(request.actor).filter(year=year_of(request))
    listed = rows.select_related("agency", "expert").prefetch_related("deliverables")
    return page(request, listed, ENGAGEMENT, shown=_standing)


def _standing(row: Any) -> Any:
    row.stands, row.owed = row.standing(timezone.localdate()), row.deliverables.all()
    return row
