"""What the pages of 选评 list: candidates, draws with their picks, quotas; and the candidates as an Excel table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.http import QueryDict
from django.urls import reverse

from jixiao.domain.vocabulary import EvaluationMethod, SubjectKind
from jixiao.kit.tables import PARAGRAPH, Column, Table
from jixiao.kit.web.asking import number, text
from jixiao.kit.web.listing import Mark, Shown

from ..models import Picked
from ..workflow import State
from .finding import Candidate

Row = TypeVar("Row")
TONES = {State.CONSIDERED: "mute", State.CHOSEN: "ok", State.REJECTED: "mute", State.OPENED: "ok"}
STATES = [("", "全部"), ("none", "待定"), *[(state.value, state.label) for state in State][1:]]
COLUMNS = (
    Shown("name", "对象", link="url", note_key="unit"),
    Shown("kind", "类型"),
    Shown("budget", "全年预算", "amount"),
    Shown("mark", "选评分", "points"),
    Shown("why", "主要理由"),
    Shown("advice", "建议", "tag"),
    Shown("state", "选评", "tag", note_key="reason"),
)
DRAW_COLUMNS = (
    Shown("title", "抽样", link="url"),
    Shown("group", "类别"),
    Shown("counted", "总体", "integer"),
    Shown("size", "抽取", "integer"),
    Shown("certain", "其中必抽", "integer"),
    Shown("actor", "办理人"),
    Shown("at", "时间", "datetime"),
    Shown("reason", "再抽的理由"),
)
PICK_COLUMNS = (
    Shown("position", "次序", "integer"),
    Shown("name", "对象", link="url", note_key="unit"),
    Shown("budget", "全年预算", "amount"),
    Shown("weight", "权数", "integer"),
    Shown("hits", "规则命中", "integer"),
    Shown("how", "怎样抽中", "tag"),
)
TABLE = Table(
    "candidates",
    "选评候选对象",
    (
        Column("code", "编码"),
        Column("name", "对象"),
        Column("unit", "单位"),
        Column("kind", "类型", "term", choices=SubjectKind),
        Column("budget", "全年预算", "amount"),
        Column("mark", "选评分", "points"),
        Column("because", "选评依据", longest=PARAGRAPH, width=70),
        Column("state", "选评", "term", choices=State),
        Column("reason", "选或不选的理由", required=False),
    ),
)
PICKED = Table(
    "picked",
    "抽中的对象",
    (
        Column("position", "次序", "integer"),
        Column("code", "编码"),
        Column("name", "对象"),
        Column("unit", "单位"),
        Column("budget", "全年预算", "amount"),
        Column("weight", "权数", "integer"),
        Column("hits", "规则命中", "integer"),
        Column("certain", "必抽", "flag"),
    ),
)
PER_PAGE = 50


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """A page of a list that is computed as a whole; what components/table.pagination needs."""

    rows: Sequence[Row]
    words: str
    first_query: str | None
    previous_query: str | None
    next_query: str | None


def sliced(rows: Sequence[Row], asked: QueryDict) -> Slice[Row]:
    """The page that the query string asks for; a page beyond the end is the last one."""
    last = max(-(-len(rows) // PER_PAGE), 1)
    at = min(max(number(asked, "page", 1), 1), last)
    shown = rows[(at - 1) * PER_PAGE : at * PER_PAGE]
    first = (at - 1) * PER_PAGE + 1
    words = f"第 {first}–{first + len(shown) - 1} 个，共 {len(rows)} 个" if shown else "共 0 个"
    return Slice(
        shown,
        words,
        _page(asked, 1) if at > 1 else None,
        _page(asked, at - 1) if at > 1 else None,
        _page(asked, at + 1) if at < last else None,
    )


def _page(asked: QueryDict, at: int) -> str:
    made = asked.copy()
    made["page"] = str(at)
    return made.urlencode()


def standing(one: Candidate) -> State:
    """What was decided of a candidate; 待定 where nothing was, 已开展 also where nobody chose before."""
    if one.opened:
        return State.OPENED
    return State(one.choice.state) if one.choice else State.CONSIDERED


def asked_for(rows: Iterable[Candidate], asked: QueryDict) -> list[Candidate]:
    """The candidates that a list was asked for: words, kind, what was decided, only those that are suggested."""
    words, kind, state = text(asked, "q"), text(asked, "kind"), text(asked, "state")
    wanted = State.CONSIDERED.value if state == "none" else state
    tests: list[Callable[[Candidate], bool]] = []
    if words:
        tests.append(lambda one: any(words in part for part in _words(one)))
    if kind:
        tests.append(lambda one: one.subject.kind == kind)
    if wanted:
        tests.append(lambda one: standing(one) == wanted)
    if text(asked, "suggested"):
        tests.append(lambda one: one.suggested)
    return [one for one in rows if all(test(one) for test in tests)]


def _words(one: Candidate) -> tuple[str, str, str]:
    return one.subject.name, one.subject.code, one.subject.unit_name


def candidate_row(one: Candidate, method: EvaluationMethod, object_year: int) -> dict[str, Any]:
    """A candidate as the list shows it: the parts that gave points as its reason, the greatest first."""
    parts = sorted((part for part in one.marked.parts if part.points), key=lambda part: -part.points)
    state = standing(one)
    return {
        "name": one.subject.name,
        "url": f"{reverse('choosing-candidate', args=[one.subject.pk])}?method={method.value}",
        "unit": one.subject.unit_name,
        "kind": one.subject.kind,
        "budget": one.facts.budget,
        "mark": one.marked.mark,
        "why": "；".join(part.sentence for part in parts[:3]) or "没有得分的标准",
        "advice": Mark(f"应开展{one.due}", "warn") if one.due else Mark("建议选", "warn") if one.suggested else None,
        "state": Mark(state.label, TONES[state]),
        "reason": one.choice.reason if one.choice else "",
    }


def table_rows(rows: Iterable[Candidate]) -> list[dict[str, Any]]:
    """Candidates by the columns of TABLE."""
    return [
        {
            "code": one.subject.code,
            "name": one.subject.name,
            "unit": one.subject.unit_name,
            "kind": one.subject.kind,
            "budget": one.facts.budget,
            "mark": one.marked.mark,
            "because": one.marked.because,
            "state": standing(one),
            "reason": one.choice.reason if one.choice else "",
        }
        for one in rows
    ]


def draw_rows(draws: Iterable[Any]) -> list[dict[str, Any]]:
    """Draws; they come with `certain`, how many of their picks were certain."""
    names = ("title", "group", "counted", "size", "certain", "actor", "at")
    return [
        {
            **{name: getattr(one, name) for name in names},
            "url": reverse("draw", args=[one.pk]),
            "reason": one.reason or "—",
        }
        for one in draws
    ]


def picked_rows(picks: Iterable[Picked]) -> list[dict[str, Any]]:
    """The result of a draw by the columns of PICKED."""
    return [
        {
            "position": one.position,
            "code": one.subject_year.code,
            "name": one.subject_year.name,
            "unit": one.subject_year.unit_name,
            "budget": one.subject_year.budget,
            "weight": one.weight,
            "hits": one.hits,
            "certain": one.certain,
        }
        for one in picks
    ]


def pick_rows(picks: Iterable[Picked]) -> list[dict[str, Any]]:
    """The result of a draw in its order."""
    return [
        {
            "position": one.position,
            "name": one.subject_year.name,
            "url": reverse("subject", args=[one.subject_year_id]),
            "unit": one.subject_year.unit_name,
            "budget": one.subject_year.budget,
            "weight": one.weight,
            "hits": one.hits,
            "how": Mark("必抽", "warn") if one.certain else Mark("随机"),
        }
        for one in picks
    ]
