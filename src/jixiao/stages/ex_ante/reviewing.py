"""财政评审 as an actor: what was concluded is sent to it, its figure comes back and may lower what is cleared."""

from __future__ import annotations

import datetime as dt

from jixiao.domain.actors import Actor
from jixiao.domain.quantities import format_amount
from jixiao.kit.acting import Act, acting
from jixiao.kit.moving import changed, locked
from jixiao.registers.subjects.models import Clearance

from .models import Assessment, InvestmentReview
from .rules import SUPPORTING, may_receive, may_send
from .workflow import State


def send(
    sheet: Assessment, actor: Actor, *, version: int, doc_no: str, on: dt.date, token: str = ""
) -> InvestmentReview:
    """The assessment goes to 财政评审 with its advised amount. Raises Stale, Refused."""
    with acting(actor, "ex_ante.send", token=token, content=[sheet.reference, version, doc_no, str(on)]) as act:
        current: Assessment = locked(sheet, version, act)
        may_send(
            actor,
            concluded=current.state == State.CONCLUDED,
            supported=current.conclusion in SUPPORTING,
            sent=InvestmentReview.objects.filter(assessment=current).exists(),
            doc_no=doc_no,
        ).demand()
        review = InvestmentReview.objects.create(assessment=current, region=current.region, sent_no=doc_no, sent_on=on)
        _seen(current, act, None, {"sent_no": doc_no, "sent_on": str(on)})
    return review


def receive(
    sheet: Assessment,
    actor: Actor,
    *,
    version: int,
    fen: int | None,
    doc_no: str,
    on: dt.date,
    remark: str,
    token: str = "",
) -> InvestmentReview:
    """The figure of 财政评审. Less than what is cleared lowers the clearance; more raises nothing.

    Raises Stale, Refused.
    """
    content = [sheet.reference, version, fen, doc_no, str(on), remark]
    with acting(actor, "ex_ante.receive", token=token, content=content) as act:
        current: Assessment = locked(sheet, version, act)
        review = InvestmentReview.objects.filter(assessment=current).first()
        waiting = review is not None and review.returned_on is None
        sent_on = review.sent_on if review else None
        may_receive(actor, waiting=waiting, fen=fen, sent_on=sent_on, on=on, doc_no=doc_no).demand()
        assert review is not None  # nosec B101: waiting says so
        review.fen, review.returned_no, review.returned_on, review.remark = fen, doc_no, on, remark
        review.save(update_fields=["fen", "returned_no", "returned_on", "remark"])
        _lower(current, fen or 0, doc_no)
        _seen(current, act, None, {"reviewed": fen, "returned_no": doc_no, "returned_on": str(on)})
    return review


def _lower(sheet: Assessment, fen: int, doc_no: str) -> None:
    given = Clearance.objects.select_for_update().get(subject_year=sheet.subject_year_id, source=sheet.number)
    if fen < given.covered:
        given.reason += f"；财政评审核定 {format_amount(fen)} 万元（{doc_no}），按评审金额放行"
        given.covered = fen
        given.save(update_fields=["covered", "reason"])


def _seen(sheet: Assessment, act: Act, before: object, after: object) -> None:
    changed(sheet, (), act, before, after)
