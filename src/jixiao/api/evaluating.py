"""What is written on an evaluation through the API: work papers, the report, answers, replies, experts' own marks.

Each address gives what stands, as it may be sent back, and takes what the page of the same writing takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import JsonResponse

from jixiao.kit.tables import Problem
from jixiao.kit.web.acts import find
from jixiao.stages.evaluation import writing
from jixiao.stages.evaluation.models import PanelMember, ProcedureKind
from jixiao.stages.evaluation.views.panel import own_member
from jixiao.stages.evaluation.writing import Writing

from .answers import Unfit, answer, refused
from .evaluations import found_sheet, told
from .filling import OF_READING, demand_valid, grouped, kept, of_lines
from .lists import Asked, page, token_of, year_of
from .shapes import Field, Shape, body_of
from .steps import MOVE, moves_told, once, stepped

VERSION = Field("version", "读到的版本", "integer", required=True)
KEY = Field("id", "编号，取自读到的内容", "integer", required=True)
KINDS = "、".join(f"{kind.value} {kind.label}" for kind in ProcedureKind)
ITEM = (
    Field("level1", "一级指标"),
    Field("level2", "二级指标"),
    Field("name", "三级指标"),
    Field("weight", "分值，如 7.5"),
    Field("explanation", "要点或公式"),
    Field("criteria", "评分标准"),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """One writing over the wire. `whole` are the form's own fields, `rows` what each row of the form has.

    `listed`: the rows are sent anew, all of them and in order; else by their `id`, and what was not sent stays.
    """

    name: str
    written: Writing
    whole: tuple[Field, ...] = ()
    rows: tuple[Field, ...] = ()
    listed: bool = False

    @property
    def filled(self) -> Shape:
        """What stands."""
        return Shape(self.name, (VERSION, *self._content))

    @property
    def sent(self) -> Shape:
        """What is sent: the same."""
        return Shape(f"{self.name}Filling", (VERSION, *self._content))

    @property
    def _content(self) -> tuple[Field, ...]:
        if not self.rows:
            return self.whole
        inner = Shape(f"{self.name}Row", self.rows if self.listed else (KEY, *self.rows))
        way = "全部条目，按次序" if self.listed else "没有发送的项保持原样"
        return (*self.whole, Field("rows", f"各行，{way}", "many", inner=inner))

    def stands(self, found: Any) -> dict[str, Any]:
        """What the form begins with."""
        begun = grouped(self.written.form(found, None), "rows")
        begun["rows"] = [part for part in begun["rows"] if not self.listed or part["name"]]
        return self.filled.of({"version": found.version, **begun})

    def typed(self, found: Any, said: Mapping[str, Any]) -> dict[str, Any]:
        """What was sent, as the form names its fields; what was not sent stands. Raises Unfit."""
        begun = kept(self.written.form(found, None))
        own = {key: value for key, value in said.items() if key not in ("version", "rows")}
        if self.listed:
            parts = said.get("rows", [])
            bare = [Problem("", n, "name", "请填写三级指标") for n, part in enumerate(parts, 1) if not part.get("name")]
            if bare or not parts:
                raise Unfit("请发送全部条目，每行写明三级指标", bare)
            rows = {f"{key}-{n}": value for n, part in enumerate(parts) for key, value in part.items()}
            return {name: value for name, value in begun.items() if not OF_READING.fullmatch(name)} | own | rows
        known = {int(place[2]) for name in begun if (place := OF_READING.fullmatch(name))}
        return begun | own | of_lines(said.get("rows", []), known)

    def form(self, found: Any, said: Mapping[str, Any]) -> Any:
        """The page's form with what was sent, valid. Raises Unfit with every problem at its place."""
        data = self.typed(found, said)
        form = self.written.form(found, data)
        keys = list(dict.fromkeys(int(place[2]) for name in form.fields if (place := OF_READING.fullmatch(name))))
        demand_valid(form, keys)
        # A field that is closed now keeps what stands, and whoever sent something else has to hear of it.
        closed = [
            name
            for name, field in form.fields.items()
            if field.disabled and str(data.get(name) or "") != str(form.get_initial_for_field(field, name) or "")
        ]
        if closed:
            places = [(name.partition("-")[0], int(name.partition("-")[2] or 0)) for name in closed]
            rows = {key: row for row, key in enumerate(keys, 1)}
            flaws = [Problem("", rows.get(key, 0), column, "这一项现在不能填写") for column, key in places]
            raise Unfit(f"有 {len(flaws)} 处需改", flaws)
        return form

    def read(self, request: Asked, pk: int) -> JsonResponse:
        """What stands, for who may write it now; 409 with the reasons for who may not."""
        found = found_sheet(request, pk)
        may = self.written.may(request.actor, found)
        return answer(self.stands(found)) if may else refused(409, may.reasons)

    def write(self, request: Asked, pk: int) -> JsonResponse:
        """Save it by the page's own rules; stale is 409, unreadable 422; the evaluation as it stands then."""
        return self.saved(request, found_sheet(request, pk)) or told(request, found_sheet(request, pk))

    def saved(self, request: Asked, found: Any) -> JsonResponse | None:
        """The refusal, or None where it was saved."""
        said = self.sent.read(body_of(request))
        may = self.written.may(request.actor, found)
        if not may:
            return refused(409, may.reasons)
        form = self.form(found, said)
        proof = {"version": said["version"], "token": token_of(request)}
        once(lambda: self.written.save(found, request.actor, form, **proof))
        return None


ITEMS = Desk("EvaluationItems", writing.ITEMS, rows=ITEM, listed=True)
PAPERS = Desk(
    "EvaluationPapers",
    writing.PAPERS,
    rows=(
        Field("points", "得分"),
        Field("found", "核实情况"),
        Field("basis", "取证依据"),
        Field("calculation", "计算过程"),
        Field("reason", "差异理由"),
    ),
)
REPORT = Desk(
    "EvaluationReport",
    writing.REPORT,
    (
        Field("initial_fen", "年初预算，万元，与页面相同"),
        Field("arranged", "经审查安排，万元"),
        Field("used", "经审查使用，万元"),
        Field("received", "实际到位资金，万元"),
        Field("background", "项目概况"),
        Field("work", "评价工作开展情况"),
        Field("analysis", "指标分析"),
        Field("experience", "主要经验及做法"),
        Field("problems", "发现的问题，每行一条，写成“类别：描述”"),
        Field("suggestions", "意见建议，每行一条"),
        Field("remarks", "其他需要说明的问题"),
    ),
)
DEFECTS = Desk("DefectAnswers", writing.DEFECTS, rows=(Field("answer", "修改情况"),))
REPLY = Desk("UnitReply", writing.REPLY, (Field("reply", "总体反馈意见"),), (Field("objection", "异议，同意的不填"),))
SETTLEMENTS = Desk("Settlements", writing.SETTLEMENTS, rows=(Field("settled", "答复"),))
STEP = Desk(
    "ProcedureEntry",
    writing.STEP,
    (Field("kind", f"步骤：{KINDS}"), Field("on", "日期"), Field("who", "参加人员"), Field("note", "说明")),
)
DESKS: tuple[tuple[str, str, Desk], ...] = (
    ("items", "评价指标", ITEMS),
    ("papers", "底稿和得分", PAPERS),
    ("report", "资金、问题和报告内容", REPORT),
    ("defects", "退回意见的答复", DEFECTS),
    ("reply", "被评价单位的反馈意见", REPLY),
    ("settlements", "异议的答复", SETTLEMENTS),
)
"""The last part of the address, what is written there, and how."""

MARKING = Desk(
    "ExpertMarks",
    writing.MARKING,
    (Field("opinion", "总体意见"),),
    (Field("points", "打分"), Field("reason", "理由")),
)
EXPERT = Shape(
    "ExpertSheet",
    (
        Field("id", "编号", "integer"),
        Field("evaluation", "评价的编号", "integer", "evaluation_id"),
        Field("number", "评价编号", path="evaluation.number"),
        Field("name", "评价对象", path="subject_year.name"),
        Field("expert", "专家", path="expert.name"),
        Field("state", "状态", "term"),
        Field("version", "版本，填报和办理时带回", "integer"),
        Field("opinion", "总体意见"),
    ),
)
GIVEN = Shape(
    "ExpertMark",
    (
        Field("id", "指标编号，填报时带回", "integer", "pk"),
        Field("name", "三级指标"),
        Field("weight", "分值", "number"),
        Field("criteria", "评分标准"),
        Field("found", "核实情况"),
        Field("points", "打分", "number", "mine.points"),
        Field("reason", "理由", path="mine.reason"),
    ),
)
REST = Shape(
    "ExpertSheetRest",
    (
        Field("marks", "各指标的打分", "many", inner=GIVEN),
        Field("fillable", "现在可以填写", "flag"),
        Field("fill_reasons", "不能填写的全部理由", "texts"),
        Field("moves", "可办的步骤", "many", inner=MOVE),
    ),
)
EXPERT_WHOLE = Shape("ExpertSheetWhole", (*EXPERT.fields, *REST.fields))


def expert_sheets(request: Asked) -> JsonResponse:
    """Sheets of experts' marks: an expert's own, and where the marks were put together those of all."""
    rows = PanelMember.objects.visible_to(request.actor).filter(year=year_of(request))
    return page(request, rows.select_related("evaluation__subject_year", "expert"), EXPERT)


def expert_sheet(request: Asked, pk: int) -> JsonResponse:
    """One expert's marks, for himself; for others once they are put together."""
    rows = PanelMember.objects.select_related("evaluation__subject_year", "expert")
    return _told(request, find(rows, request, pk))  # type: ignore[arg-type]


def give(request: Asked, pk: int) -> JsonResponse:
    """Save one's own marks; what was not sent stays."""
    return MARKING.saved(request, _own(request, pk)) or _told(request, _own(request, pk))


def step(request: Asked, pk: int, key: str) -> JsonResponse:
    """提交打分, or take them back while nobody has put them together."""
    return stepped(request, _own(request, pk), key) or _told(request, _own(request, pk))


def _own(request: Asked, pk: int) -> Any:
    return own_member(request, pk)  # type: ignore[arg-type]


def _told(request: Asked, found: Any) -> JsonResponse:
    mine = {one.mark_id: one for one in found.marks.all()}
    marks = list(found.evaluation.marks.order_by("position"))
    for mark in marks:
        mark.mine = mine.get(mark.pk)
    may = writing.MARKING.may(request.actor, found)
    own = found.account_id == request.actor.user_id
    more = {
        "marks": marks,
        "fillable": bool(may),
        "fill_reasons": list(may.reasons),
        "moves": moves_told(found, request.actor) if own else [],
    }
    return answer(EXPERT.of(found) | REST.of(more))
