"""What the pages show of assessments: rows of the list, points with their experts, materials, amounts side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.urls import reverse

from jixiao.domain.actors import Actor, Role
from jixiao.domain.quantities import plain
from jixiao.domain.terms import Term
from jixiao.domain.vocabulary import Origin, SubjectKind, Verdict
from jixiao.kit.attachments import attached
from jixiao.kit.tables import PARAGRAPH, Column, Table
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.paging import Order
from jixiao.registers.organizations.marks import ORIGIN, origin_mark

from ..marks import cut
from ..models import EXPERT, MATERIAL, Assessment, AssessmentExpert, Assessor, Dimension, InvestmentReview
from ..rules import ExAnteRules, may_give
from ..workflow import State

VERDICTS = {Verdict.SUPPORTED: "ok", Verdict.ADJUSTED: "warn", Verdict.REFUSED: "bad"}
ORDERS = (
    Order("number", "编号", "number"),
    Order("name", "评估对象", "subject_year__name"),
)
COLUMNS = (
    Shown("number", "编号", order="number"),
    Shown("subject_name", "评估对象", link="address", note_key="unit_name", order="name"),
    Shown("trigger", "触发原因"),
    Shown("assessor_mark", "评估主体", "tag"),
    Shown("total", "得分", "number"),
    Shown("verdict_mark", "结论", "tag"),
    Shown("state_mark", "状态", "tag"),
    ORIGIN,
)
AMOUNT_COLUMNS = (
    Shown("subject_name", "评估对象", link="address", note_key="unit_name"),
    Shown("verdict_mark", "结论", "tag"),
    Shown("asked", "申报金额", "amount"),
    Shown("advised", "建议金额", "amount"),
    Shown("cut", "核减额", "amount"),
    Shown("reviewed", "评审金额", "amount", note_key="review_no"),
    Shown("budget", "全年预算", "amount", note_key="whole_word"),
)
TABLE = Table(
    "exante_list",
    "事前绩效评估清单",
    (
        Column("number", "编号", "code"),
        Column("code", "对象编码", "code"),
        Column("name", "评估对象"),
        Column("unit", "单位"),
        Column("trigger", "触发原因", longest=PARAGRAPH),
        Column("assessor", "评估主体", "term", choices=Assessor),
        Column("state", "状态", "term", choices=State),
        *(Column(d.value, d.label, "points", required=False) for d in Dimension),
        Column("total", "得分", "points", required=False),
        Column("conclusion", "结论", "term", required=False, choices=Verdict, default=""),
        Column("asked", "申报金额", "amount", required=False),
        Column("advised", "建议金额", "amount", required=False),
        Column("cut", "核减额", "amount", required=False),
        Column("reviewed", "评审金额", "amount", required=False),
        Column("because", "依据", required=False, longest=PARAGRAPH),
        Column("origin", "数据性质", "term", choices=Origin),
    ),
)


def complete(sheet: Assessment, actor: Actor) -> None:
    """What a list row and the head of a sheet show beside the stored fields."""
    shown: Any = sheet
    review = review_of(sheet)
    shown.address = reverse("ex-ante-sheet", args=[sheet.pk])
    shown.subject_name, shown.unit_name = sheet.subject_year.name, sheet.subject_year.unit_name
    shown.budget, shown.cut = sheet.subject_year.budget, cut(sheet.asked, sheet.advised)
    shown.whole_word = sheet.subject_year.money.notes["whole_word"]
    shown.reviewed = review.fen if review else None
    shown.review_no = (review.returned_no or "已送审，未返回") if review else ""
    shown.verdict_mark = verdict_mark(sheet.conclusion)
    shown.state_mark = state_mark(sheet, actor)
    if blinded(actor, sheet):
        shown.total, shown.advised, shown.cut, shown.verdict_mark, shown.conclusion = None, None, None, None, ""
    shown.assessor_mark = Mark(sheet.assessor.label)
    shown.origin_mark = origin_mark(sheet.origin)


def blinded(actor: Actor, sheet: Assessment) -> bool:
    """Until it is concluded an expert sees nobody's points but his own, nor what they came to."""
    return actor.role is Role.EXPERT and sheet.state != State.CONCLUDED


def review_of(sheet: Assessment) -> InvestmentReview | None:
    """The 财政评审 of an assessment, read together with it where the caller asked for that."""
    return getattr(sheet, "review", None)


def table_rows(sheets: Iterable[Assessment]) -> Iterable[dict[str, Any]]:
    """The rows of the Excel list."""
    for sheet in sheets:
        review, subject = review_of(sheet), sheet.subject_year
        yield {
            "number": sheet.number,
            "code": subject.code,
            "name": subject.name,
            "unit": subject.unit_name,
            "trigger": sheet.trigger,
            "assessor": sheet.assessor,
            "state": sheet.state,
            **{d.value: None for d in Dimension},
            **{score.dimension.value: score.points for score in sheet.scores.all()},
            "total": sheet.total,
            "conclusion": sheet.conclusion,
            "asked": sheet.asked,
            "advised": sheet.advised,
            "cut": cut(sheet.asked, sheet.advised),
            "reviewed": review.fen if review else None,
            "because": sheet.because,
            "origin": sheet.origin,
        }


def verdict_mark(verdict: Any) -> Mark | None:
    """The conclusion in its colour; None before there is one."""
    return Mark(Verdict(verdict).label, VERDICTS.get(Verdict(verdict), "mute")) if verdict else None


def by_verdict(rows: Any) -> list[tuple[Mark, int]]:
    """How many came to each conclusion."""
    counts = dict(rows.order_by().values_list("conclusion").annotate(Count("id")))
    return [(Mark(Verdict(code).label, tone), counts[code]) for code, tone in VERDICTS.items() if counts.get(code)]


def dimension_rows(sheet: Assessment, rules: ExAnteRules) -> list[dict[str, Any]]:
    """Dimension, full points and points; a policy's dimensions bear their own names."""
    points = {score.dimension: score.points for score in sheet.scores.all()}
    return [
        {
            "name": named(dimension, sheet),
            "full": rules.dimensions.get(dimension.label),
            "points": points.get(dimension),
        }
        for dimension in Dimension
    ]


def named(dimension: Term, sheet: Assessment) -> str:
    """The dimension by the name that this kind of object gives it."""
    policy = sheet.subject_year.kind == SubjectKind.PROGRAMME_POLICY
    return dimension.aliases[0] if policy else dimension.label


def asked_to_mark(actor: Actor) -> list[AssessmentExpert]:
    """An expert's places in assessments that he was asked to mark, may mark now and has not."""
    if actor.role is not Role.EXPERT or actor.user_id is None:
        return []
    open_to_him = Assessment.objects.visible_to(actor).exclude(state=State.CONCLUDED)
    mine = AssessmentExpert.objects.filter(account=actor.user_id, marks=None, assessment__in=open_to_him)
    rows = mine.select_related("assessment__subject_year", "assessment__snapshot").order_by("pk")
    return [one for one in rows if may_give(one.assessment.facts(), own=True)]


def shows_names(actor: Actor, sheet: Assessment) -> bool:
    """Who gave which points is not shown to the unit below the department that asked the experts, nor to experts."""
    return actor.role is not Role.EXPERT and (actor.role is not Role.UNIT or not sheet.subject_year.department_above)


def material_rows(sheet: Assessment) -> list[dict[str, Any]]:
    """The list of papers: needed or not, and how many files stand for each."""
    counts: dict[str, int] = {}
    for kind in attached(sheet).values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
    needed = len(sheet.needed_materials())
    return [
        {"name": name, "needed": n < needed, "files": counts.get(f"{MATERIAL}{n}", 0)}
        for n, name in enumerate(sheet.materials())
    ]


def kinds_of(sheet: Assessment) -> list[tuple[str, str]]:
    """What an attachment may be: a paper of the list, an expert's signed sheet, or something else."""
    needed = len(sheet.needed_materials())
    papers = [(f"{MATERIAL}{n}", f"{name}（必需）" if n < needed else name) for n, name in enumerate(sheet.materials())]
    signing = sheet.experts.filter(account=None).order_by("id")
    experts = [(f"{EXPERT}{expert.pk}", f"{expert.name}签名的评分表") for expert in signing]
    return [*papers, *experts, ("other", "其他")]


def proposal(total: Any, verdict: Verdict, rules: ExAnteRules) -> str:
    """Which verdict the points propose, with the borders."""
    support, adjust = plain(rules.support_from), plain(rules.adjust_from)
    borders = f"{support} 分以上予以支持，{adjust} 分以上调整完善后支持，以下不予支持"
    return f"得 {plain(total)} 分：{borders}；按分数为“{verdict.label}”。"
