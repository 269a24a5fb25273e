"""The addresses of 绩效评价, 专家打分, 第三方机构 and 委托."""

from __future__ import annotations

from . import evaluating, evaluations, institutions, steps
from .lists import PAGED, YEAR
from .operations import FILL, READ, Endpoint, Operation, act, listed, whole


def _desk(part: str, label: str, desk: evaluating.Desk) -> Endpoint:
    """What is written on an evaluation: what stands, and saving it."""
    saves = Operation("PUT", f"{label}：保存", FILL, desk.write, evaluations.WHOLE, takes=desk.sent, keyed=True)
    reads = Operation("GET", f"{label}：现在的内容，改后可原样发回", READ, desk.read, desk.filled)
    return Endpoint(f"api-evaluation-{part}", f"evaluations/<int:pk>/{part}", (reads, saves))


EVALUATIONS = (
    Endpoint(
        "api-evaluations",
        "evaluations",
        (
            Operation(
                "GET",
                "部门评价、抽查复核、财政重点评价",
                READ,
                evaluations.sheets,
                evaluations.SHEET,
                (*PAGED, *evaluations.SHEET_ASKS),
                paged=True,
            ),
            Operation(
                "POST",
                "开展评价",
                FILL,
                evaluations.opened,
                evaluations.WHOLE,
                (YEAR,),
                takes=evaluations.OPENING,
                keyed=True,
            ),
        ),
    ),
    whole(
        "api-evaluation",
        "evaluations/<int:pk>",
        "一项评价：指标和底稿、程序、退回意见、反馈、可办的步骤",
        evaluations.sheet,
        evaluations.WHOLE,
    ),
    act(
        "api-evaluation-move",
        "evaluations/<int:pk>/moves/<str:key>",
        "办理一步：下达、报送方案、报送底稿、退回、审定等，步骤取自评价的 moves",
        evaluations.move,
        evaluations.WHOLE,
        steps.MOVING,
    ),
    act("api-evaluation-again", "evaluations/<int:pk>/again", "发起再评价", evaluations.again, evaluations.WHOLE),
    act(
        "api-evaluation-closing",
        "evaluations/<int:pk>/close-panel",
        "专家打分合分",
        evaluations.close_panel,
        evaluations.WHOLE,
        evaluations.CLOSING,
    ),
    *(_desk(part, label, desk) for part, label, desk in evaluating.DESKS),
    act(
        "api-evaluation-procedure",
        "evaluations/<int:pk>/procedure",
        "登记评价程序的一步",
        evaluating.STEP.write,
        evaluations.WHOLE,
        evaluating.STEP.sent,
    ),
    listed("api-expert-sheets", "expert-sheets", "专家打分表", evaluating.expert_sheets, evaluating.EXPERT),
    Endpoint(
        "api-expert-sheet",
        "expert-sheets/<int:pk>",
        (
            Operation(
                "GET", "一张打分表；合分以前只有本人看得到", READ, evaluating.expert_sheet, evaluating.EXPERT_WHOLE
            ),
            Operation(
                "PUT",
                "填写自己的打分：保存，不提交；没有发送的项保持原样",
                FILL,
                evaluating.give,
                evaluating.EXPERT_WHOLE,
                takes=evaluating.MARKING.sent,
                keyed=True,
            ),
        ),
    ),
    act(
        "api-expert-move",
        "expert-sheets/<int:pk>/moves/<str:key>",
        "提交打分或撤回修改",
        evaluating.step,
        evaluating.EXPERT_WHOLE,
        steps.MOVING,
    ),
    listed("api-agencies", "agencies", "第三方机构", institutions.agencies, institutions.AGENCY),
    listed("api-experts", "experts", "专家", institutions.experts, institutions.EXPERT),
    listed("api-engagements", "engagements", "委托", institutions.engagements, institutions.ENGAGEMENT),
)
