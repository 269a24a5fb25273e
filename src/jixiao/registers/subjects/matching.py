"""对账: payments without a project come to one, by a person with a reason or because their project was imported.

A match can be taken back with a reason, as long as no frozen figure counts it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jixiao.domain.actors import Actor
from jixiao.domain.decisions import require
from jixiao.kit import bulk
from jixiao.kit.acting import Act, acting

from .finding import codes_of
from .models import Appropriation, Payment, PaymentMatch, SubjectYear
from .money import subjects_of
from .rules import may_match, may_take_back

CLAIMED = "项目后来导入，编码一致"
AT_ONCE = 500


def match(actor: Actor, payments: Sequence[int], subject: SubjectYear, reason: str, *, token: str = "") -> int:
    """Give unmatched payments to a project, all or none; how many. Raises Refused with every reason.

    What was matched meanwhile is refused rather than moved: whoever did it had a reason too.
    """
    content = [sorted(payments), subject.pk, reason]
    with acting(actor, "payments.match", token=token, content=content) as act:
        wanted = set(payments)
        rows = list(Payment.objects.unmatched_for(actor).select_for_update().filter(pk__in=wanted))
        years = {row.year for row in rows}
        mine = subjects_of(actor, subject.year).filter(pk=subject.pk).exists()
        asked = may_match(actor, asked=len(wanted), open_now=len(rows), years=years, year=subject.year, reason=reason)
        (require(mine, "没有这个项目，或不在您的范围，请重新选择") & asked).demand()
        _give(rows, {row.pk: subject.pk for row in rows}, reason.strip(), act)
        for row in rows:
            after = {"subject_year": subject.pk, "code": subject.code, "reason": reason.strip()}
            act.trace(_reference(row), {"code": row.code}, after)
        act.answer = {"matched": len(rows)}
    return len(rows)


def take_back(
    actor: Actor, key: int, reason: str, frozen: Callable[[PaymentMatch], Sequence[str]], *, token: str = ""
) -> PaymentMatch:
    """Undo a match: the payment is unmatched again, the match stays as history. Raises Refused with every reason.

    `frozen` names the rounds that have frozen the payment as the project's: those keep what they had, so that such a
    match stays. PaymentMatch.DoesNotExist if the actor may not see it.
    """
    with acting(actor, "payments.take_back", token=token, content=[key, reason]) as act:
        held = PaymentMatch.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=key)
        row = held.payment
        may_take_back(actor, in_force=held.withdrawn_at is None, frozen=frozen(held), reason=reason).demand()
        held.withdrawn_at, held.withdrawn_by = act.at, actor.user_id
        held.withdrawn_actor, held.withdrawn_reason = actor.name, reason.strip()
        held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_actor", "withdrawn_reason"])
        row.subject_year, row.recorded_at = None, held.recorded_at
        row.save(update_fields=["subject_year", "recorded_at"])
        before = {"subject_year": held.subject_year_id, "reason": held.reason}
        act.trace(_reference(row), before, {"subject_year": None, "reason": held.withdrawn_reason})
    return held


def _reference(row: Payment) -> str:
    return f"payment:{row.year}:{row.voucher}:{row.line}"


def claim(region: str, fresh: set[tuple[int, str]], act: Act) -> None:
    """Payments and 预算指标 that were there before their project belong to it from now on."""
    years = {year for year, _ in fresh}
    mine = {"region": region, "year__in": years, "subject_year": None}
    lines = [row for row in Appropriation.objects.filter(**mine) if (row.year, row.code) in fresh]
    payments = [row for row in Payment.objects.filter(**mine) if (row.year, row.code) in fresh]
    if not lines and not payments:
        return
    keys = codes_of(region, years)
    for row in lines:
        row.subject_year_id = keys[row.year, row.code]
    Appropriation.objects.bulk_update(lines, ["subject_year"], batch_size=AT_ONCE)
    _give(payments, {row.pk: keys[row.year, row.code] for row in payments}, CLAIMED, act)
    act.trace(f"payments:{region}:claimed", None, {"payments": len(payments), "appropriations": len(lines)})


def _give(rows: Sequence[Payment], subjects: dict[int, int], reason: str, act: Act) -> None:
    """Write the matches; the payment counts for its subject from now on and not before."""
    matches = [
        PaymentMatch(
            payment_id=row.pk,
            region=row.region,
            subject_year_id=subjects[row.pk],
            reason=reason,
            recorded_at=row.recorded_at,
            user_id=act.actor.user_id,
            actor=act.actor.name,
            at=act.at,
        )
        for row in rows
    ]
    bulk.insert(PaymentMatch, matches)
    for row in rows:
        row.subject_year_id, row.recorded_at = subjects[row.pk], act.at
    Payment.objects.bulk_update(rows, ["subject_year", "recorded_at"], batch_size=AT_ONCE)
