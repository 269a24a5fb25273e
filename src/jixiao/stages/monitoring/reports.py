"""What the monitoring pages show: columns, and rows with the judgement of their spending and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from markupsafe import Markup

from jixiao.domain.actors import Actor
from jixiao.domain.checks.lights import (
    Light,
    LightFacts,
    LightRules,
    LineProgress,
    Tone,
    accumulates,
    judge,
    share_reached,
    worst,
)
from jixiao.domain.policy import Policy
from jixiao.domain.quantities import plain, share
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.paging import Order
from jixiao.registers.organizations.marks import origin_mark
from jixiao.registers.subjects.models import Hold

from .models import READY, STOPPING, Attention, Reading, Recovery, Round, in_scope
from .rules import MonitoringRules, Progress, judge_progress, time_progress
from .workflow import RoundState, State

ROUND_COLUMNS = (
    Shown("no", "轮次", link="url", note_key="purpose"),
    Shown("cutoff", "截止", "date"),
    Shown("sheets", "监控表", "integer"),
    Shown("key", "重点监控", "integer"),
    Shown("slow", "进度慢", "integer"),
    Shown("open", "未审定", "integer"),
    Shown("state", "状态", "tag"),
)
SHEET_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit", order="name"),
    Shown("budget", "全年预算", "amount", order="budget"),
    Shown("spent", "累计支出", "amount", order="spent"),
    Shown("rate", "执行率", "percent", order="rate"),
    Shown("light", "进度", "lamp", note_key="gap"),
    Shown("alarm", "灯", "tag", note_key="alarmed"),
    Shown("handling", "处置"),
    Shown("state", "状态", "tag"),
    Shown("origin", "数据", "tag"),
)
SHEET_ORDERS = (
    Order("rate", "执行率", "rate_order"),
    Order("name", "项目", "subject_year__name"),
    Order("unit", "单位", "subject_year__unit_path"),
    Order("budget", "全年预算", "budget"),
    Order("spent", "累计支出", "spent"),
)
MONEY_COLUMNS = (
    Shown("label", "资金"),
    Shown("budget", "全年预算", "amount"),
    Shown("spent", "累计支出", "amount"),
    Shown("printed", "原表累计执行", "amount"),
    Shown("rate", "执行率", "percent"),
    Shown("expected", "时间进度", "percent"),
)
READING_COLUMNS = (
    Shown("name", "指标", note_key="level"),
    Shown("target", "指标值"),
    Shown("actual", "截至完成"),
    Shown("expected", "全年预计"),
    Shown("likelihood", "完成可能性", "lamp"),
)
RECOVERY_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit"),
    Shown("fen", "收回金额", "amount"),
    Shown("reason", "原因"),
    Shown("doc_no", "文号"),
    Shown("on", "日期", "date"),
    Shown("origin", "数据", "tag"),
)
LEFT_OUT_COLUMNS = (
    Shown("name", "项目", link="url", note_key="unit"),
    Shown("budget", "全年预算", "amount"),
    Shown("reason", "原因"),
)
TONES = {Tone.GREEN: "ok", Tone.YELLOW: "warn", Tone.RED: "bad", Tone.UNCHECKED: "mute"}
LIKELIHOOD_TONES = {Likelihood.CERTAIN: "ok", Likelihood.POSSIBLE: "warn", Likelihood.IMPOSSIBLE: "bad"}


@dataclass(frozen=True, slots=True)
class Pace:
    """By what a round's spending is judged: the rules of its snapshot and where the border comes from."""

    rules: MonitoringRules
    citation: str

    @classmethod
    def of(cls, held: Round) -> Self:
        policy = held.snapshot.policy()
        border = policy.provenance(MonitoringRules.section, "slow_behind")
        return cls(policy.section(MonitoringRules), f"{border.source}{'，数值为推断' if border.guess else ''}")

    def judge(self, sheet: Any) -> Progress:
        """The verdict on a sheet that came through `judged`."""
        stopped = sheet.stops or sheet.on_hold
        return judge_progress(
            sheet.budget, sheet.spent, sheet.round.cutoff, stopped=stopped, rules=self.rules, citation=self.citation
        )

    def slow(self, held: Round) -> Q:
        """`is_slow` as a condition on `judged` rows of this round: budget × border > spent, in whole numbers."""
        border = time_progress(held.cutoff) * 100 - Fraction(self.rules.slow_behind)
        behind = GreaterThan(F("budget") * border.numerator, F("spent") * (100 * border.denominator))
        return Q(behind, round=held, budget__gt=0, on_hold=False) & ~Q(handling__in=STOPPING)


@dataclass(frozen=True, slots=True)
class Alarms:
    """By what a round's lights are judged; rounds held before the policy had lights show none."""

    rules: LightRules | None
    policy: Policy

    @classmethod
    def of(cls, held: Round) -> Self:
        policy = held.snapshot.policy()
        known = LightRules.section in policy.settings
        return cls(policy.section(LightRules) if known else None, policy)

    def cite(self, key: str) -> str:
        border = self.policy.provenance(LightRules.section, key)
        return f"{border.source}{'，数值为推断' if border.guess else ''}"

    def judge(self, sheet: Any, readings: Iterable[Reading]) -> tuple[Light, ...]:
        """The lights of a sheet that came through `judged`."""
        if self.rules is None:
            return ()
        stopped = sheet.stops or sheet.on_hold
        time = time_progress(sheet.round.cutoff) * 100
        lines = tuple(_line_progress(reading) for reading in readings)
        return judge(LightFacts(time, sheet.budget, sheet.spent, stopped, lines), self.rules, self.cite)


def _line_progress(reading: Reading) -> LineProgress:
    line = reading.line
    said = (reading.actual, reading.expected)
    reached, expected = [share_reached(line.comparison, line.target, value, line.unit) for value in said]
    outlook = reading.likelihood if isinstance(reading.likelihood, Likelihood) else None
    grows = accumulates(line.level1, line.comparison, line.target, line.unit)
    return LineProgress(line.name, line.weight, grows, reached, expected, outlook)


def light_rows(lights: Iterable[Light]) -> list[dict[str, str]]:
    """The lights of one sheet as a list of checks."""
    return [
        {
            "level": light.tone.label,
            "tone": TONES[light.tone],
            "sentence": f"{light.lamp.label}：{light.because}",
            "citation": light.citation,
        }
        for light in lights
    ]


def alarm(lights: tuple[Light, ...]) -> tuple[Mark | None, str]:
    """The most alarming light as a mark, and what it looked at."""
    tone = worst(lights)
    if tone is Tone.UNCHECKED:
        return None, ""
    seen = "" if tone is Tone.GREEN else "、".join(light.lamp.label for light in lights if light.tone is tone)
    return Mark(tone.label, TONES[tone]), seen


@dataclass(frozen=True, slots=True)
class Summary:
    """A round in numbers, over the rows that the reader sees; amounts in fen, `rate` in percent points."""

    sheets: int
    units: int
    slow: int
    budget: int
    spent: int

    @property
    def rate(self) -> Decimal | None:
        return share(self.spent, self.budget)


def judged(rows: Any) -> Any:
    """Adds `spent` and `on_hold` to reading sheets: what a judgement needs beside the row."""
    held = Hold.objects.filter(subject_year=OuterRef("subject_year"), released_on=None)
    return rows.all().with_spent().annotate(on_hold=Exists(held))


def sortable(rows: Any) -> Any:
    """Adds `rate_order`, spent ÷ budget in hundredths of a percent; sheets without a budget come first."""
    rate = When(budget__gt=0, then=F("spent") * 10_000 / F("budget"))
    return rows.annotate(rate_order=Case(rate, default=Value(-1), output_field=BigIntegerField()))


def summary(rows: Any, held: Round, pace: Pace) -> Summary:
    """Count and add up the round's visible sheets."""
    found = judged(rows).aggregate(
        sheets=Count("pk"),
        units=Count("subject_year__unit", distinct=True),
        slow=Count("pk", filter=pace.slow(held)),
        budget_sum=Sum("budget"),
        spent_sum=Sum("spent"),
    )
    return Summary(found["sheets"], found["units"], found["slow"], found["budget_sum"] or 0, found["spent_sum"] or 0)


def round_rows(rounds: list[Round], rows: Any, actor: Actor) -> list[dict[str, Any]]:
    """One row per round with the counts of its visible sheets, in one query."""
    slow = Q(pk__in=[])
    for held in rounds:
        slow |= Pace.of(held).slow(held)
    grouped = judged(rows).filter(round__in=rounds).order_by().values("round")
    counted = {
        found["round"]: found
        for found in grouped.annotate(
            sheets=Count("pk"),
            key=Count("pk", filter=Q(attention=Attention.KEY)),
            slow=Count("pk", filter=slow),
            open=Count("pk", filter=~Q(state=State.CONCLUDED)),
        )
    }
    nothing = {"sheets": 0, "key": 0, "slow": 0, "open": 0}
    return [
        {
            **counted.get(held.pk, nothing),
            "no": f"第 {held.no} 轮",
            "url": reverse("monitoring-round", args=[held.pk]),
            "purpose": held.purpose,
            "cutoff": held.cutoff,
            "state": state_mark(held, actor),
        }
        for held in rounds
    ]


def left_out_rows(held: Round, actor: Actor) -> list[dict[str, Any]]:
    """The year's projects without a sheet in this round, each with its reason; before it opens, those it will miss."""
    projects = in_scope(held.region, held.year).visible_to(actor).exclude(reading_sheets__round=held)
    if held.state == RoundState.DRAFT:
        projects = projects.exclude(**READY)
    return [
        {
            "name": project.name,
            "url": reverse("subject", args=[project.pk]),
            "unit": project.unit_name,
            "budget": project.budget,
            "reason": _left_out(project),
        }
        for project in projects.order_by("code")
    ]


def _left_out(project: Any) -> str:
    if project.on_hold:
        return "已暂停、停止或收回资金，解除后可以补入"
    if not project.targeted:
        return "没有批复的绩效目标，批复后可以补入"
    return "本轮启动后才新增或批复目标，可以补入"


def light(sheet: Any, progress: Progress) -> Mark:
    """The verdict in a word and a tone."""
    if sheet.stops or sheet.on_hold:
        return Mark("已停止")
    return Mark("进度慢", "bad") if progress.slow else Mark("正常", "ok")


def gap(progress: Progress) -> str:
    """How far spending is from the time gone by, in a few words that open to the whole sentence."""
    if progress.rate is None:
        return progress.because
    ahead = progress.rate - progress.expected
    words = f"比时间进度{'快' if ahead >= 0 else '慢'} {plain(abs(ahead))} 个百分点"
    return Markup("<details><summary>{}</summary>{}</details>").format(words, progress.because)


def sheet_rows(sheets: Iterable[Any], pace: Pace, alarms: Alarms, actor: Actor) -> list[dict[str, Any]]:
    """Judged sheets of one round, their readings prefetched, as the list shows them."""
    rows = []
    for sheet in sheets:
        progress = pace.judge(sheet)
        mark, alarmed = alarm(alarms.judge(sheet, sheet.readings.all()))
        rows.append(
            {
                "name": sheet.subject_year.name,
                "url": reverse("reading-sheet", args=[sheet.pk]),
                "unit": f"{sheet.subject_year.unit_name}{'，重点监控' if sheet.attention is Attention.KEY else ''}",
                "budget": sheet.budget,
                "spent": sheet.spent,
                "rate": progress.rate,
                "light": light(sheet, progress),
                "gap": gap(progress),
                "alarm": mark,
                "alarmed": alarmed,
                "handling": sheet.advice or sheet.handling.label,
                "state": state_mark(sheet, actor),
                "origin": origin_mark(sheet.origin),
            }
        )
    return rows


def money_row(sheet: Any, progress: Progress) -> dict[str, Any]:
    """What a judged sheet had spent at the cut-off, beside what its table said."""
    return {
        "label": "年度资金总额",
        "budget": sheet.budget,
        "spent": sheet.spent,
        "printed": sheet.printed_spent,
        "rate": progress.rate,
        "expected": progress.expected,
    }


def reading_rows(readings: Iterable[Reading]) -> list[dict[str, Any]]:
    """The indicators of a sheet with what was reached so far."""
    return [
        {
            "name": reading.line.name,
            "level": f"{reading.line.level1.label} / {reading.line.level2}",
            "target": f"{reading.line.comparison.label} {reading.line.target} {reading.line.unit}".strip(),
            "actual": reading.actual,
            "expected": reading.expected,
            "likelihood": likelihood_mark(reading.likelihood),
        }
        for reading in readings
    ]


def likelihood_mark(likelihood: Likelihood | str) -> Mark | None:
    """完成目标可能性 as a light; None where nobody said."""
    return Mark(likelihood.label, LIKELIHOOD_TONES[likelihood]) if isinstance(likelihood, Likelihood) else None


def recovery_rows(recoveries: Iterable[Recovery]) -> list[dict[str, Any]]:
    """Money taken back, with its project."""
    return [
        {
            "name": recovery.subject_year.name,
            "url": reverse("subject", args=[recovery.subject_year_id]),
            "unit": recovery.subject_year.unit_name,
            "fen": recovery.fen,
            "reason": recovery.reason,
            "doc_no": recovery.doc_no,
            "on": recovery.on,
            "origin": origin_mark(recovery.origin),
        }
        for recovery in recoveries
    ]
