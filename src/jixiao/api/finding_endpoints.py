"""Addresses of 自评审核 in the API."""

from __future__ import annotations

from . import findings, steps
from .operations import FILL, READ, Endpoint, Operation, act, listed, whole

FINDINGS = (
    listed("api-findings", "findings", "自评审核的疑点", findings.findings, findings.FINDING, *findings.ASKS),
    Endpoint(
        "api-finding",
        "findings/<int:pk>",
        (
            Operation("GET", "一条疑点：事实、依据、答复、可办的步骤", READ, findings.finding, findings.WHOLE),
            Operation(
                "PUT",
                "答复疑点，判断之前可以改",
                FILL,
                findings.reply,
                findings.WHOLE,
                takes=findings.ANSWERING,
                keyed=True,
            ),
        ),
    ),
    act(
        "api-finding-move",
        "findings/<int:pk>/moves/<str:key>",
        "判断疑点：属实、不属实、重新判断，步骤取自疑点的 moves",
        findings.move,
        findings.WHOLE,
        steps.MOVING,
    ),
    listed("api-risks", "self-evaluation-risks", "自评风险和构成", findings.risks, findings.RISK, *findings.RISK_ASKS),
    whole("api-audit-rules", "audit-rules", "审核规则和命中率", findings.rules, findings.RULES),
    Endpoint(
        "api-recheck-findings",
        "evaluations/<int:pk>/findings",
        (
            Operation("GET", "被抽查复核的自评的疑点", READ, findings.rechecked, findings.JUDGED),
            Operation(
                "PUT",
                "抽查复核判断疑点：全部存入或全不存入",
                FILL,
                findings.judge,
                findings.JUDGED,
                takes=findings.JUDGING,
                keyed=True,
            ),
        ),
    ),
)
