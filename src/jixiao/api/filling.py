"""A reading sheet's form over the wire: what it says now, and what was sent, read by the page's own form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from jixiao.domain.actors import Actor
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit.tables import Problem
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.forms import FillForm
from jixiao.stages.monitoring.models import Reading, ReadingSheet
from jixiao.stages.monitoring.saying import Cause

from .answers import Unfit
from .shapes import Field, Shape

OF_READING = re.compile(r"([a-z_0-9]+)-(\d+)")
CAUSES = "、".join(f"{cause.value} {cause.label}" for cause in Cause)
OUTLOOKS = "、".join(f"{outlook.value} {outlook.label}" for outlook in Likelihood)
SAID = Shape(
    "IndicatorSaid",
    (
        Field("id", "指标读数编号", "integer", required=True),
        Field("actual", "截至完成值"),
        Field("expected", "全年预计完成值"),
        Field("likelihood", f"完成目标可能性：{OUTLOOKS}"),
        Field("causes", f"偏差原因：{CAUSES}", "texts"),
        Field("words", "偏差原因说明"),
        Field("remark", "备注"),
    ),
)
CONTENT = (
    Field("readings", "指标，没有发送的项保持原样", "many", inner=SAID),
    Field("progress", "绩效目标完成情况"),
    Field("expected_spent", "全年预计执行，万元，与页面相同"),
    Field("causes", f"支出偏差的原因：{CAUSES}", "texts"),
    Field("words", "支出偏差的说明"),
)
FILLED = Shape("Filled", CONTENT)
SENT = Shape("Filling", (Field("version", "读到的版本", "integer", required=True), *CONTENT))


def stands(sheet: ReadingSheet, readings: Sequence[Reading]) -> dict[str, Any]:
    """What the form would begin with, as it may be sent back."""
    return grouped(FillForm(sheet, readings, {}, None), "readings")


def save(
    actor: Actor, sheet: ReadingSheet, readings: Sequence[Reading], said: Mapping[str, Any], token: str
) -> ReadingSheet:
    """Fill the sheet with what was sent; what was not sent stays.

    Raises Unfit, Stale, Repeated, TokenReused, Refused.
    """
    data = kept(FillForm(sheet, readings, {}, None))
    data |= {key: value for key, value in said.items() if key not in ("readings", "version")}
    data |= of_lines(said.get("readings", []), {reading.pk for reading in readings})
    form = FillForm(sheet, readings, {}, data)
    demand_valid(form, [reading.pk for reading in readings])
    return actions.fill(sheet, actor, version=said["version"], filled=form.filled(), token=token)


def kept(form: forms.Form) -> dict[str, Any]:
    """What a form begins with, by the name of its field."""
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def grouped(form: forms.Form, rows: str) -> dict[str, Any]:
    """What a form begins with: its own fields by name, and under `rows` those of every row with its `id`."""
    whole: dict[str, Any] = {}
    parts: dict[int, dict[str, Any]] = {}
    for name, value in kept(form).items():
        if place := OF_READING.fullmatch(name):
            parts.setdefault(int(place[2]), {"id": int(place[2])})[place[1]] = value
        else:
            whole[name] = value
    return {**whole, rows: list(parts.values())}


def of_lines(parts: Sequence[Mapping[str, Any]], known: set[int]) -> dict[str, Any]:
    """What was sent of indicators (by their `id`) as the form names its fields. Raises Unfit for an unknown one."""
    data: dict[str, Any] = {}
    for number, part in enumerate(parts, 1):
        if part["id"] not in known:
            raise Unfit("有 1 处需改", [Problem("", number, "id", "不是这张表的指标，请重新读取")])
        data |= {f"{key}-{part['id']}": value for key, value in part.items() if key != "id"}
    return data


def demand_valid(form: forms.Form, keys: Iterable[int] = ()) -> None:
    """Raises Unfit with every error at its place: `row` counts the form's rows, given by their keys, from 1."""
    if not form.is_valid():
        raise Unfit(f"有 {len(form.errors)} 处需改", problems(form, {key: row for row, key in enumerate(keys, 1)}))


def problems(form: forms.Form, rows: Mapping[int, int]) -> list[Problem]:
    """The form's errors by their place: `row` is that of a field's row number, 0 where it has none."""
    found = []
    for name, errors in form.errors.items():
        place = OF_READING.fullmatch(name)
        row, column = (rows.get(int(place[2]), 0), place[1]) if place else (0, name)
        label = str(form.fields[name].label) if name in form.fields else ""
        found += [Problem("", row, column, f"{label}：{error}" if label else str(error)) for error in errors]
    return found
