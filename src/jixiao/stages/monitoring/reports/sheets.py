"""What the page of one reading sheet shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from jixiao.domain.checks.lights import (
    Light,
    Tone,
    worst,
)
from jixiao.domain.quantities import plain
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit.web.listing import Mark, Shown

from ..models import Reading
from ..rules import Progress

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
    Shown("likelihood", "完成可能性", "lamp", note_key="causes"),
    Shown("remark", "备注"),
)
TONES = {Tone.GREEN: "ok", Tone.YELLOW: "warn", Tone.RED: "bad", Tone.UNCHECKED: "mute"}
LIKELIHOOD_TONES = {Likelihood.CERTAIN: "ok", Likelihood.POSSIBLE: "warn", Likelihood.IMPOSSIBLE: "bad"}


def light_rows(lights: Iterable[Light]) -> list[dict[str, str]]:
    """The lights of one sheet as a list of checks."""
    return [
        {
            "level": light.tone.label,
            "tone": TONES[light.tone],
            "sentence": f"{light.name}：{light.because}",
            "citation": light.citation,
        }
        for light in lights
    ]


def alarm(lights: tuple[Light, ...]) -> tuple[Mark | None, str]:
    """The most alarming light as a mark, and what it looked at."""
    tone = worst(lights)
    if tone is Tone.UNCHECKED:
        return None, ""
    seen = "" if tone is Tone.GREEN else "、".join(light.name for light in lights if light.tone is tone)
    return Mark(tone.label, TONES[tone]), seen


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


def money_row(sheet: Any, progress: Progress) -> dict[str, Any]:
    """What a judged sheet had spent at the cut-off, beside what its table said."""
    return {
        "label": sheet.subject_year.money.say("年度资金总额"),
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
            "causes": reading.causes,
            "remark": reading.remark,
        }
        for reading in readings
    ]


def likelihood_mark(likelihood: Likelihood | str) -> Mark | None:
    """完成目标可能性 as a light; None where nobody said."""
    return Mark(likelihood.label, LIKELIHOOD_TONES[likelihood]) if isinstance(likelihood, Likelihood) else None
