"""整改台账: the items of past notices, finished or not."""

from __future__ import annotations

from typing import Any

from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, Importer, ImportScope, Plan, Readings, once
from jixiao.kit.moving import step
from jixiao.kit.recording import Recording
from jixiao.kit.tables import PARAGRAPH, Column, Reading, Row, Table
from jixiao.stages.evaluation.models import Evaluation

from .models import Rectification
from .workflow import State

RECTIFICATIONS = Table(
    "rectifications",
    "整改台账",
    (
        Column("number", "整改编号", "code", longest=60),
        Column("evaluation", "评价编号", "code", longest=60),
        Column("category", "问题类别", longest=120),
        Column("requirement", "整改要求", required=False, longest=PARAGRAPH),
        Column("issued_on", "下达日期", "date", required=False),
        Column("due_on", "整改期限", "date", required=False),
        Column("done_on", "完成日期", "date", required=False),
        Column("state", "状态", "term", required=False, choices=State),
    ),
)
FIELDS = ("year", "evaluation_id", "subject_year_id", "category", "requirement", "issued_on", "due_on", "done_on")


def plan_rectifications(readings: Readings, scope: ImportScope) -> Plan:
    """Items by number, at the subject of their evaluation. An item without its evaluation is listed and not stored."""
    plan, reading = Plan(), readings[RECTIFICATIONS.key]
    rows = once(reading, plan, lambda row: row.values["number"], "number", "整改编号")
    evaluations = {e.number: e for e in Evaluation.objects.filter(region=scope.region)}
    stored = {item.number: item for item in Rectification.objects.filter(region=scope.region)}
    wanted, lost = {}, []
    for number, row in rows.items():
        evaluation = evaluations.get(str(row.values["evaluation"]))
        if evaluation is None:
            lost.append(row.number)
            continue
        wanted[number] = _item(row, evaluation)
        _demand_possible(wanted[number], stored.get(number), reading, row, plan)
    if lost:
        message = f"{len(lost)} 条整改没有对应的评价，未入库"
        plan.gaps.append(Gap(RECTIFICATIONS.key, message, tuple(lost)))
    if plan.problems:
        return plan
    closing = {n for n, item in wanted.items() if n in stored and item.state != stored[n].state}
    recording = Recording.compare(Rectification, plan, stored, wanted, FIELDS, closing)
    unfinished = [item for item in recording.fresh if item.state == State.ISSUED]
    recording.fresh = [item for item in recording.fresh if item.state == State.CLOSED]

    def store(act: Act) -> None:
        recording.store(act, ("number",))
        _record_unfinished(unfinished, act)
        for number in sorted(closing):
            step(stored[number], "reply", act, "补录")
            step(stored[number], "close", act, "补录")
        for item in (*recording.fresh, *unfinished, *recording.changed):
            item.note_down()

    plan.steps.append(store)
    return plan


def _item(row: Row, evaluation: Evaluation) -> Rectification:
    values: dict[str, Any] = dict(row.values)
    finished = values["state"] is State.CLOSED or (values["state"] is None and values["done_on"] is not None)
    values |= {"evaluation": evaluation, "state": State.CLOSED if finished else State.ISSUED}
    return Rectification(
        region=evaluation.region, year=evaluation.year, subject_year_id=evaluation.subject_year_id, **values
    )


def _demand_possible(item: Rectification, stored: Rectification | None, reading: Reading, row: Row, plan: Plan) -> None:
    """A struck-off item is not opened again from outside, nor one touched that somebody works on."""
    if stored is None or stored.state == item.state or (stored.state, item.state) == (State.ISSUED, State.CLOSED):
        return
    message = f"该整改在系统内是“{stored.state.label}”，请在系统内办理，不要导入"
    plan.problems.append(reading.problem(row, "state", message))


def _record_unfinished(items: list[Rectification], act: Act) -> None:
    """Open items enter by their own move: stored as drafts, then taken on one by one (they are few)."""
    for item in items:
        item.state = State.DRAFT
    bulk.insert_with_keys(Rectification, items)
    for item in items:
        step(item, "record_issued", act, "补录")


IMPORTERS = (Importer("rectifications", (RECTIFICATIONS,), plan_rectifications),)
