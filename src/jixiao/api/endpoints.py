"""Every address of the API with its methods: from here come the routes, the scope each needs, and the description."""

from __future__ import annotations

from . import ex_ante, figures, imports, monitoring, registers, self_evaluations, steps, targets
from .choosing_endpoints import CHOOSING
from .evaluation_endpoints import EVALUATIONS
from .finding_endpoints import FINDINGS
from .lists import YEAR
from .operations import FILL, IMPORT, READ, Endpoint, Operation, act, listed

ENDPOINTS = (
    *CHOOSING,
    *EVALUATIONS,
    *FINDINGS,
    listed("api-subjects", "subjects", "项目库", registers.subjects, registers.SUBJECT, *registers.SUBJECT_ASKS),
    Endpoint(
        "api-subject",
        "subjects/<int:pk>",
        (Operation("GET", "一个对象", READ, registers.subject, registers.SUBJECT),),
    ),
    listed(
        "api-budget-lines",
        "budget-lines",
        "预算行",
        registers.budget_lines,
        registers.BUDGET_LINE,
        *registers.MONEY_ASKS,
    ),
    listed(
        "api-appropriations",
        "appropriations",
        "预算指标",
        registers.appropriations,
        registers.APPROPRIATION,
        *registers.IMPORTED_ASKS,
    ),
    listed("api-payments", "payments", "国库支付", registers.payments, registers.PAYMENT, *registers.IMPORTED_ASKS),
    listed("api-assessments", "assessments", "事前绩效评估", ex_ante.sheets, ex_ante.SHEET, *ex_ante.SHEET_ASKS),
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
    act(
        "api-assessment-open",
        "subjects/<int:pk>/assessments",
        "开展评估：部门的评估，绩效股的令牌为财政另行评估",
        ex_ante.begin,
        ex_ante.WHOLE,
        takes=ex_ante.OPENING,
    ),
    Endpoint(
        "api-assessment-opinion",
        "assessments/<int:pk>/opinion",
        (
            Operation(
                "PUT",
                "填写建议金额、结论和意见：保存，不审定；没有发送的项保持原样",
                FILL,
                ex_ante.judge,
                ex_ante.WHOLE,
                takes=ex_ante.JUDGED,
                keyed=True,
            ),
        ),
    ),
    act(
        "api-assessment-expert",
        "assessments/<int:pk>/experts",
        "录入一位专家签名的评分表：每个要点都要有得分",
        ex_ante.mark,
        ex_ante.WHOLE,
        takes=ex_ante.MARKED,
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
    listed("api-targets", "targets", "绩效目标", targets.sheets, targets.SHEET, *targets.SHEET_ASKS),
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
    act(
        "api-target-open",
        "subjects/<int:pk>/targets",
        "编制一个对象的绩效目标：上年有批复目标的，指标从上年带入",
        targets.begin,
        targets.WHOLE,
        takes=targets.OPENING,
    ),
    Endpoint(
        "api-target-plan",
        "targets/<int:pk>/plan",
        (
            Operation("GET", "部门职责、年度主要任务和指标对应的职责", READ, targets.plan, targets.PLAN),
            Operation(
                "PUT",
                "填写职责和任务：保存，不报送；没有发送的部分保持原样",
                FILL,
                targets.keep_plan,
                targets.PLAN,
                takes=targets.PLAN_SENT,
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
    listed("api-monitoring-rounds", "monitoring-rounds", "监控轮次", monitoring.rounds, monitoring.ROUND),
    listed(
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
    listed(
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
