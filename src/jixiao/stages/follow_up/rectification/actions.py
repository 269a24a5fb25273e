"""Acts of 整改: a notice is issued with its items, and a unit says what it did about each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from jixiao.domain.actors import Actor
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import changed, locked, step
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.monitoring.models import ReadingSheet, Round

from .models import Notice, Rectification
from .reports import finding_of, to_be_noticed
from .rules import may_issue, may_reply
from .workflow import State


@dataclass(frozen=True, slots=True)
class Wording:
    """What a notice says beside its items."""

    number: str
    due_on: dt.date
    basis: str
    materials: str
    contact: str


def issue_notice(
    held: Round, unit: UnitYear, actor: Actor, wording: Wording, requirements: Mapping[int, str], *, token: str = ""
) -> Notice:
    """整改通知书 for one unit and those below it: an item for each sheet that asks for it. Raises Refused.

    `requirements` by the key of the sheet; a sheet that is not named keeps what its reviewer advised.
    """
    content = [held.reference, unit.code, str(wording), {str(k): v for k, v in requirements.items()}]
    with acting(actor, "rectification.notice", token=token, content=content) as act:
        sheets = list(to_be_noticed(held).filter(subject_year__unit_path__startswith=unit.path))
        today = timezone.localdate(act.at)
        may_issue(actor, wording.number, wording.due_on, today, len(sheets)).demand()
        notice = Notice.objects.create(
            region=held.region,
            year=held.year,
            number=wording.number.strip(),
            unit_name=unit.name,
            unit_path=unit.path,
            round=held,
            basis=wording.basis,
            materials=wording.materials,
            contact=wording.contact,
            issued_on=today,
            due_on=wording.due_on,
            actor=actor.name,
            at=act.at,
        )
        for item in _items(notice, sheets, requirements):
            item.save()
            step(item, "issue", act)
            item.note_down()
        act.trace(f"notice:{notice.pk}", None, {"number": notice.number, "unit": unit.code, "items": len(sheets)})
        act.answer = {"pk": notice.pk}
    return notice


def _items(notice: Notice, sheets: Sequence[ReadingSheet], requirements: Mapping[int, str]) -> list[Rectification]:
    return [
        Rectification(
            region=notice.region,
            year=notice.year,
            number=f"{notice.number}-{place}",
            notice=notice,
            reading_sheet=sheet,
            subject_year=sheet.subject_year,
            category=f"运行监控：{sheet.handling.label}",
            finding=finding_of(sheet),
            requirement=requirements.get(sheet.pk, "").strip() or sheet.advice,
            issued_on=notice.issued_on,
            due_on=notice.due_on,
            state=State.DRAFT,
        )
        for place, sheet in enumerate(sheets, 1)
    ]


def after_step(item: Rectification, _code: str, _act: Act) -> None:
    """The subject's file says how far the item is."""
    item.note_down()


def answer(
    item: Rectification,
    actor: Actor,
    *,
    version: int,
    measures: str,
    responsible: str,
    done_on: dt.date | None,
    token: str = "",
) -> Rectification:
    """Save what the unit did; it is sent by the move that follows. Raises Stale, Refused."""
    content = [item.reference, version, measures, responsible, str(done_on)]
    with acting(actor, "rectification.answer", token=token, content=content) as act:
        current: Rectification = locked(item, version, act)
        may_reply(actor, current.state == State.ISSUED, done_on, timezone.localdate(act.at)).demand()
        before = {"measures": current.measures, "done_on": str(current.done_on or "")}
        current.measures, current.responsible, current.done_on = measures, responsible, done_on
        changed(
            current,
            ("measures", "responsible", "done_on"),
            act,
            before,
            {"measures": measures, "done_on": str(done_on or "")},
        )
    return current
