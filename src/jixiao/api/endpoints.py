"""Every address of the API with its methods: from here come the routes, the scope each needs, and the description."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from jixiao.registers.organizations.models import TokenScope

from . import ex_ante, figures, imports, monitoring, registers, self_evaluations, steps, targets
from .lists import PAGED, YEAR
from .shapes import Field, Shape

PLACE = re.compile(r"<(int|str):(\w+)>")
READ, IMPORT, FILL = TokenScope.READ, TokenScope.IMPORT, TokenScope.FILL


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of an address. `asks` are its parameters, `takes` what is sent, `gives` what comes back.

    `paged`: a page of `gives`; `file`: a file may be sent instead; `keyed`: an Idempotency-Key makes it one act.
    """

    method: str
    summary: str
    scope: TokenScope
    view: Callable[..., HttpResponse]
    gives: Shape
    asks: tuple[Field, ...] = ()
    takes: Shape | None = None
    paged: bool = False
    file: bool = False
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address under /api/v1/ and what can be done there."""

    name: str
    route: str
    operations: tuple[Operation, ...]

    @property
    def address(self) -> str:
        """The whole address with its places as OpenAPI writes them, e.g. /api/v1/subjects/{pk}."""
        return f"/api/v1/{PLACE.sub(lambda found: '{' + found[2] + '}', self.route)}"

    def operation(self, method: str) -> Operation | None:
        """The operation of this HTTP method; HEAD is a GET without its body."""
        wanted = "GET" if method == "HEAD" else method
        return next((one for one in self.operations if one.method == wanted), None)

    def open(self, request: HttpRequest, **place: object) -> HttpResponse:
        """The answer of the operation that the method names; 405 if there is none."""
        found = self.operation(request.method or "")
        if found is None:
            return HttpResponseNotAllowed([one.method for one in self.operations])
        return found.view(request, **place)


def _list(
    name: str, route: str, summary: str, view: Callable[..., HttpResponse], gives: Shape, *asks: Field
) -> Endpoint:
    return Endpoint(name, route, (Operation("GET", summary, READ, view, gives, (*PAGED, *asks), paged=True),))


ENDPOINTS = (
    _list("api-subjects", "subjects", "项目库", registers.subjects, registers.SUBJECT, *registers.SUBJECT_ASKS),
    Endpoint(
        "api-subject",
        "subjects/<int:pk>",
        (Operation("GET", "一个对象", READ, registers.subject, registers.SUBJECT),),
    ),
    _list(
        "api-budget-lines",
        "budget-lines",
        "预算行",
        registers.budget_lines,
        registers.BUDGET_LINE,
        *registers.MONEY_ASKS,
    ),
    _list(
        "api-appropriations",
        "appropriations",
        "预算指标",
        registers.appropriations,
        registers.APPROPRIATION,
        *registers.IMPORTED_ASKS,
    ),
    _list("api-payments", "payments", "国库支付", registers.payments, registers.PAYMENT, *registers.IMPORTED_ASKS),
    _list("api-assessments", "assessments", "事前绩效评估", ex_ante.sheets, ex_ante.SHEET, *ex_ante.SHEET_ASKS),
    Endpoint(
        "api-assessment",
        "assessments/<int:pk>",
        (
            Operation("GET", "一份评估：金额、结论、关口、可办的步骤", READ, ex_ante.sheet, ex_ante.WHOLE),
            Operation(
                "PUT",
                "填写评估对象：保存，不报送；没有发送的项保持原样",
                FILL,
                ex_ante.describe,
                ex_ante.WHOLE,
                takes=ex_ante.SENT,
                keyed=True,
            ),
        ),
    ),
    Endpoint(
        "api-assessment-move",
        "assessments/<int:pk>/moves/<str:key>",
        (
            Operation(
                "POST",
                "办理一步：报送、退回、出具评估意见、审定等，步骤取自评估的 moves",
                FILL,
                ex_ante.move,
                ex_ante.WHOLE,
                takes=steps.MOVING,
                keyed=True,
            ),
        ),
    ),
    _list("api-targets", "targets", "绩效目标", targets.sheets, targets.SHEET, *targets.SHEET_ASKS),
    Endpoint(
        "api-target",
        "targets/<int:pk>",
        (
            Operation("GET", "一份目标：指标、质量检查、意见、可办的步骤", READ, targets.sheet, targets.WHOLE),
            Operation(
                "PUT",
                "填报：保存，不报送；没有发送的指标和项保持原样",
                FILL,
                targets.fill,
                targets.WHOLE,
                takes=targets.SENT,
                keyed=True,
            ),
        ),
    ),
    Endpoint(
        "api-target-move",
        "targets/<int:pk>/moves/<str:key>",
        (
            Operation(
                "POST",
                "办理一步：报送、退回、审核、批复等，步骤取自目标的 moves",
                FILL,
                targets.move,
                targets.WHOLE,
                takes=steps.MOVING,
                keyed=True,
            ),
        ),
    ),
    _list("api-monitoring-rounds", "monitoring-rounds", "监控轮次", monitoring.rounds, monitoring.ROUND),
    _list(
        "api-reading-sheets",
        "reading-sheets",
        "监控表",
        monitoring.sheets,
        monitoring.SHEET,
        *monitoring.SHEET_ASKS,
    ),
    Endpoint(
        "api-reading-sheet",
        "reading-sheets/<int:pk>",
        (
            Operation("GET", "一张监控表：指标、灯和理由、可办的步骤", READ, monitoring.sheet, monitoring.WHOLE),
            Operation(
                "PUT",
                "填报：保存，不报送；没有发送的项保持原样",
                FILL,
                monitoring.fill,
                monitoring.WHOLE,
                takes=monitoring.filling.SENT,
                keyed=True,
            ),
        ),
    ),
    Endpoint(
        "api-reading-move",
        "reading-sheets/<int:pk>/moves/<str:key>",
        (
            Operation(
                "POST",
                "办理一步：报送、退回、审定等，步骤取自监控表的 moves",
                FILL,
                monitoring.move,
                monitoring.WHOLE,
                takes=steps.MOVING,
                keyed=True,
            ),
        ),
    ),
    _list(
        "api-self-evaluations",
        "self-evaluations",
        "单位自评",
        self_evaluations.sheets,
        self_evaluations.SHEET,
        *self_evaluations.SHEET_ASKS,
    ),
    Endpoint(
        "api-self-evaluation",
        "self-evaluations/<int:pk>",
        (
            Operation(
                "GET", "一张自评表：指标、得分和理由、可办的步骤", READ, self_evaluations.sheet, self_evaluations.WHOLE
            ),
            Operation(
                "PUT",
                "填报：保存并计算得分，不报送；没有发送的项保持原样",
                FILL,
                self_evaluations.fill,
                self_evaluations.WHOLE,
                takes=self_evaluations.SENT,
                keyed=True,
            ),
        ),
    ),
    Endpoint(
        "api-self-evaluation-move",
        "self-evaluations/<int:pk>/moves/<str:key>",
        (
            Operation(
                "POST",
                "办理一步：报送、退回、审定等，步骤取自自评表的 moves",
                FILL,
                self_evaluations.move,
                self_evaluations.WHOLE,
                takes=steps.MOVING,
                keyed=True,
            ),
        ),
    ),
    Endpoint(
        "api-figures",
        "figures",
        (Operation("GET", "一个年度的全部数字", READ, figures.figures, figures.LISTED, (YEAR,)),),
    ),
    Endpoint(
        "api-import-result",
        "imports/<int:pk>",
        (Operation("GET", "一次导入的结果", IMPORT, imports.result, imports.RECORD),),
    ),
    Endpoint(
        "api-import",
        "imports/<str:key>",
        (
            Operation(
                "POST",
                "导入一张表：projects 项目库、appropriations 预算指标、payments 国库支付；全部存入或全不存入",
                IMPORT,
                imports.bring,
                imports.DONE,
                imports.ASKS,
                takes=imports.ROWS,
                file=True,
                keyed=True,
            ),
        ),
    ),
)
BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
