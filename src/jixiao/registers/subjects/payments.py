"""国库支付: lines of vouchers, which are never rewritten; a correction is a further line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from jixiao.domain.quantities import format_amount
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, ImportScope, Plan, Readings, once
from jixiao.kit.tables import Column, Problem, Reading, Row, Table

from .finding import codes_of
from .models import Payment

PAYMENTS = Table(
    "payments",
    "国库支付",
    (
        Column("year", "年度", "year"),
        Column("code", "项目编码", "code"),
        Column("voucher", "凭证号", "code", longest=60),
        Column("line", "凭证行", "integer", required=False, default=1),
        Column("paid_on", "支付日期", "date"),
        Column("fen", "金额", "amount", unit="元"),
        Column("corrects_voucher", "更正凭证", "code", aliases=("原凭证号",), required=False, longest=60),
        Column("corrects_line", "更正凭证行", "integer", aliases=("原凭证行",), required=False, default=1),
        Column("name", "项目名称", required=False),
        Column("unit_code", "单位编码", "code", required=False),
        Column("summary", "摘要", required=False),
    ),
    aliases=("资金支付明细表",),
)
FACTS = ("code", "paid_on", "fen")
DIFFERS = "该凭证已入库且内容不同"
AT_ONCE = 500
Key = tuple[int, str, int]


def plan_payments(readings: Readings, scope: ImportScope) -> Plan:
    """Payments by voucher and line. The same voucher again changes nothing; with another content it is a problem."""
    plan, reading = Plan(), readings["payments"]
    rows = once(reading, plan, _key, "voucher", "凭证号和行号")
    subjects, stored = codes_of(scope.region, {key[0] for key in rows}), _stored(scope.region, rows)
    fresh, lost = [], []
    for key, row in rows.items():
        before = stored.get(key)
        if before is not None:
            plan.same += 1
            if before != tuple(row.values[name] for name in FACTS):
                plan.problems.append(_differs(reading, row, before))
            continue
        subject = subjects.get((row.values["year"], row.values["code"]))
        if subject is None:
            lost.append(row.number)
        fresh.append((row.values, subject))
    plan.gaps += [*_gaps(rows, lost), *_lone(scope.region, rows)]
    plan.new += len(fresh)
    if fresh:
        plan.steps += [
            lambda act: _insert(scope.region, fresh, act),
            lambda _act: _link(scope.region, {key[0] for key in rows}),
        ]
    return plan


def _key(row: Row) -> Key:
    return row.values["year"], row.values["voucher"], row.values["line"]


def _stored(region: str, rows: dict[Key, Row]) -> dict[Key, tuple[Any, ...]]:
    """What is stored of these years: plain values, since an object for each would cost more than the import."""
    found = Payment.objects.filter(region=region, year__in={key[0] for key in rows})
    read = found.values_list("year", "voucher", "line", *FACTS).iterator(chunk_size=5000)
    return {known[:3]: known[3:] for known in read if known[:3] in rows}


def _differs(reading: Reading, row: Row, before: tuple[Any, ...]) -> Problem:
    code, paid_on, fen = before
    stands = f"库中为项目 {code}、{paid_on}、{format_amount(fen, '元')} 元"
    message = f"{DIFFERS}（{stands}）；支付不能改写，请保留原行，另填一行带正负号的更正，并填“更正凭证”"
    return reading.problem(row, "voucher", message)


def _gaps(rows: dict[Key, Row], lost: list[int]) -> Iterator[Gap]:
    if lost:
        yield Gap("payments", f"{len(lost)} 笔支付的项目编码不在项目库中，已入库待对账", tuple(lost))
    other = [row.number for row in rows.values() if row.values["paid_on"].year != row.values["year"]]
    if other:
        message = f"{len(other)} 笔支付的日期不在其年度之内，已按表中年度入库，请核对"
        yield Gap("payments", message, tuple(other))


def _lone(region: str, rows: dict[Key, Row]) -> Iterator[Gap]:
    """Corrections of a voucher that nobody has imported."""
    named = {_named(row): row.number for row in rows.values() if row.values["corrects_voucher"]}
    missing = {key for key in named if key not in rows}
    if missing:
        known = Payment.objects.filter(region=region, voucher__in={voucher for _, voucher, _ in missing})
        missing -= set(known.values_list("year", "voucher", "line"))
    if missing:
        message = f"{len(missing)} 笔更正所写的原凭证还没有入库；原凭证入库后自动相连"
        yield Gap("payments", message, tuple(sorted(named[key] for key in missing)))


def _named(row: Row) -> Key:
    return row.values["year"], row.values["corrects_voucher"], row.values["corrects_line"]


def _insert(region: str, fresh: list[tuple[dict[str, Any], int | None]], act: Act) -> None:
    """Tuples of database values: an object per payment would cost more than storing it."""
    columns = [column.key for column in PAYMENTS.columns]
    at = Payment._meta.get_field("recorded_at").get_db_prep_save(act.at, connection)
    rows = ((region, at, subject, *map(values.__getitem__, columns)) for values, subject in fresh)
    bulk.insert_values(Payment, ["region", "recorded_at", "subject_year_id", *columns], rows)


def _link(region: str, years: set[int]) -> None:
    """Corrections to the lines that they name, whichever of the two came first."""
    lines = Payment.objects.filter(region=region, year__in=years)
    waiting = list(lines.filter(corrects=None).exclude(corrects_voucher=""))
    for start in range(0, len(waiting), AT_ONCE):
        part = waiting[start : start + AT_ONCE]
        named = lines.filter(voucher__in={row.corrects_voucher for row in part})
        keys = {known[:3]: known[3] for known in named.values_list("year", "voucher", "line", "pk")}
        for row in part:
            found = keys.get((row.year, row.corrects_voucher, row.corrects_line))
            row.corrects_id = found if found != row.pk else None
        Payment.objects.bulk_update([row for row in part if row.corrects_id], ["corrects"])
