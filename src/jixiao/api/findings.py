"""自评审核 for other programs: findings with their answers and judgements, the risk of sheets, rules with hit rates."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from jixiao.domain.checks.audits import TITLES
from jixiao.kit.tables import Problem
from jixiao.kit.web.acts import find
from jixiao.stages.evaluation.actions.judging import judge_findings
from jixiao.stages.evaluation.findings import actions
from jixiao.stages.evaluation.findings.forms import AnswerForm
from jixiao.stages.evaluation.findings.models import AuditFinding, Examination
from jixiao.stages.evaluation.findings.reports import lists
from jixiao.stages.evaluation.findings.reports.risks import hits, risks_of
from jixiao.stages.evaluation.findings.rules import Verdict, may_answer
from jixiao.stages.evaluation.views.audited import rechecked_by

from .answers import Unfit, answer
from .evaluations import found_sheet
from .filling import demand_valid
from .lists import Asked, key_of, page, token_of, year_of
from .shapes import Field, Shape, body_of
from .steps import MOVE, moves_told, saved, stepped

OF_SUBJECT = (
    Field("id", "编号", "integer"),
    Field("year", "工作年度", "integer"),
    Field("sheet", "自评表编号", "integer", "self_evaluation_id"),
    Field("subject", "对象年度编号", "integer", "subject_year_id"),
    Field("code", "项目编码", path="subject_year.code"),
    Field("name", "项目名称", path="subject_year.name"),
    Field("unit_name", "单位名称", path="subject_year.unit_name"),
)
FINDING = Shape(
    "AuditFinding",
    (
        *OF_SUBJECT,
        Field("rule", "规则代码", path="code"),
        Field("title", "规则"),
        Field("line", "指标，空为整张表"),
        Field("level", "轻重", "term"),
        Field("message", "事实"),
        Field("citation", "依据"),
        Field("how_to_answer", "怎样答复"),
        Field("found_on", "发现日期", "day"),
        Field("due_on", "答复期限", "day"),
        Field("answer", "单位的答复"),
        Field("holds", "现在仍成立", "flag"),
        Field("judged_on", "判断日期", "day"),
        Field("judged_in", "判断它的抽查复核"),
        Field("state", "状态", "term"),
        Field("version", "版本，答复和判断时带回", "integer"),
    ),
)
REST = Shape(
    "AuditFindingRest",
    (
        Field("answerable", "现在可以答复", "flag"),
        Field("answer_reasons", "不能答复的全部理由", "texts"),
        Field("moves", "令牌所有人的角色可办的步骤", "many", inner=MOVE),
    ),
)
WHOLE = Shape("AuditFindingWhole", (*FINDING.fields, *REST.fields))
ANSWERING = Shape(
    "AuditFindingAnswer",
    (
        Field("version", "读到的版本", "integer", required=True),
        Field("answer", "答复", required=True),
    ),
)
ASKS = (
    Field("rule", "规则代码，如 OVERACHIEVED"),
    Field("state", "状态；waiting 为未判断的"),
    Field("subject", "对象年度编号", "integer"),
    Field("sheet", "自评表编号", "integer"),
    Field("q", "名称、编码、单位或指标中的文字"),
)
PART = Shape(
    "RiskPart",
    (
        Field("rule", "规则代码", path="code"),
        Field("title", "规则"),
        Field("findings", "几处", "integer"),
        Field("points", "分", "number"),
    ),
)
RISK = Shape(
    "SelfEvaluationRisk",
    (
        *OF_SUBJECT,
        Field("examined_at", "检查时间", "moment", "at"),
        Field("risk", "风险分，0 到 100", "number"),
        Field("because", "由什么构成"),
        Field("parts", "各规则的分", "many", inner=PART),
        Field("unchecked", "缺少数据而未检查的", "texts"),
    ),
)
RISK_ASKS = (Field("subject", "对象年度编号", "integer"), Field("sheet", "自评表编号", "integer"))
RULE = Shape(
    "AuditRule",
    (
        Field("rule", "规则代码", path="code"),
        Field("title", "规则"),
        Field("citation", "依据"),
        Field("answer", "怎样答复"),
        Field("waiting", "待判断", "integer"),
        Field("confirmed", "属实", "integer"),
        Field("rejected", "不属实", "integer"),
        Field("rechecked", "其中由抽查复核判断", "integer"),
        Field("rate", "命中率，百分点；没有判断过为 null", "number"),
    ),
)
RULES = Shape("AuditRules", (Field("rules", "审核规则", "many", inner=RULE),))
VERDICT = Shape(
    "FindingVerdict",
    (
        Field("id", "疑点编号", "integer", required=True),
        Field("confirmed", "属实", "flag", required=True),
        Field("reason", "理由；判为不属实的必填"),
    ),
)
JUDGING = Shape(
    "RecheckVerdicts",
    (
        Field("seen", "读到的 seen", "integer", required=True),
        Field("verdicts", "判断，没有发送的以后再判断", "many", inner=VERDICT, required=True),
    ),
)
JUDGED = Shape(
    "RecheckFindings",
    (
        Field("seen", "疑点的版本之和，判断时带回", "integer"),
        Field("waiting", "还没有判断的条数", "integer"),
        Field("findings", "被复核的自评的疑点", "many", inner=FINDING),
    ),
)


def findings(request: Asked) -> JsonResponse:
    """The findings of a work year: those of the region, of a unit, or of one sheet."""
    rows = AuditFinding.objects.visible_to(request.actor).filter(year=year_of(request))
    rows = _narrowed(request, rows)
    if rule := request.GET.get("rule"):
        rows = rows.filter(code=rule)
    asked = request.GET.copy()
    asked.pop("code", None)
    return page(request, lists.asked_for(rows, asked).select_related("subject_year"), FINDING)


def _narrowed(request: Asked, rows: Any) -> Any:
    for name, column in (("subject", "subject_year"), ("sheet", "self_evaluation")):
        key = key_of(request, name)
        if key is not None:
            rows = rows.filter(**{column: key})
    return rows


def finding(request: Asked, pk: int) -> JsonResponse:
    """One finding, and what may be done with it now."""
    return _told(request, _found(request, pk))


def reply(request: Asked, pk: int) -> JsonResponse:
    """What the unit says of a finding, read by the page's own form; it may be put better until the judgement."""
    found, said = _found(request, pk), ANSWERING.read(body_of(request))
    form = AnswerForm({"words": said["answer"]})
    demand_valid(form)
    proof = {"version": said["version"], "token": token_of(request)}
    words = form.cleaned_data["words"]
    return saved(found, lambda: actions.answer(found, request.actor, words=words, **proof)) or _told(
        request, _found(request, pk)
    )


def move(request: Asked, pk: int, key: str) -> JsonResponse:
    """属实, 不属实 or 重新判断: 409 if it is not a step of its state, 422 with every reason against it."""
    return stepped(request, _found(request, pk), key, actions.after_step) or _told(request, _found(request, pk))


def risks(request: Asked) -> JsonResponse:
    """The examined self-evaluations of a work year, each with its risk and the parts of it."""
    year = year_of(request)
    rows = _narrowed(request, Examination.objects.visible_to(request.actor).filter(year=year))
    mine = AuditFinding.objects.visible_to(request.actor)
    known = risks_of(mine, request.actor.region, year, list(rows.values_list("subject_year", flat=True)))

    def shown(row: Any) -> Any:
        risk = known[row.subject_year_id]
        parts = [
            {"code": p.code, "title": TITLES.get(p.code, p.code), "findings": p.findings, "points": p.points}
            for p in risk.parts
        ]
        row.risk, row.because, row.parts = risk.points, risk.because, parts
        row.unchecked = row.unchecked.split("\n") if row.unchecked else []
        return row

    return page(request, rows.select_related("subject_year"), RISK, shown=shown)


def rules(request: Asked) -> JsonResponse:
    """Every rule with how often it was right, over the findings that the token's owner may see."""
    return answer(RULES.of({"rules": lists.rule_rows(hits(AuditFinding.objects.visible_to(request.actor)), {})}))


def rechecked(request: Asked, pk: int) -> JsonResponse:
    """The findings of the self-evaluation that a recheck marks again."""
    sheet = rechecked_by(request, found_sheet(request, pk))  # type: ignore[arg-type]
    rows = list(sheet.audit_findings.select_related("subject_year").order_by("pk")) if sheet else []
    waiting = sum(row.waiting for row in rows)
    return answer(JUDGED.of({"seen": actions.seen_of(rows), "waiting": waiting, "findings": rows}))


def judge(request: Asked, pk: int) -> JsonResponse:
    """A recheck judges findings, all that were sent or none: 409 if they have changed, 422 with every reason."""
    found = found_sheet(request, pk)
    said = JUDGING.read(body_of(request))
    verdicts: dict[int, Verdict] = {}
    for row, one in enumerate(said["verdicts"], 1):
        if one["id"] in verdicts:
            raise Unfit("有 1 处需改", [Problem("", row, "id", "同一条疑点只能判断一次")])
        verdicts[one["id"]] = Verdict(one["confirmed"], (one.get("reason") or "").strip())
    proof = {"version": said["seen"], "token": token_of(request)}
    return saved(found, lambda: judge_findings(found, request.actor, verdicts, **proof)) or rechecked(request, pk)


def _found(request: Asked, pk: int) -> Any:
    return find(AuditFinding.objects.select_related("subject_year"), request, pk)  # type: ignore[arg-type]


def _told(request: Asked, found: Any) -> JsonResponse:
    may = may_answer(request.actor, found.waiting)
    more = {"answerable": bool(may), "answer_reasons": list(may.reasons), "moves": moves_told(found, request.actor)}
    return answer(FINDING.of(found) | REST.of(more))
