"""国库支付: lines of vouchers, which are never rewritten; a correction is a further line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from jixiao.domain.quantities import format_amount
from jixiao.kit import bulk
from jixiao.kit.acting import Act
from jixiao.kit.importing import Gap, ImportScope, Plan, Readings
from jixiao.kit.keys import Keys
from jixiao.kit.tables import Column, Problem, Problems, Reading, Row, Table

from .finding import codes_of
from .models import Payment

PAYMENTS = Table(
    "payments",
    "国库支付",
    (
        Column("year", "年度", "year"),
        Column("code", "项目编码", "code", may_be_blank=True, note="没有编码的留空，入库后列入未对上的支付"),
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
    long=True,
)
FACTS = ("code", "paid_on", "fen")
DIFFERS = "该凭证已入库且内容不同"
AT_ONCE = 2000
NAMED_ROWS = 1000
Key = tuple[int, str, int]


def plan_payments(readings: Readings, scope: ImportScope) -> Plan:
    """Payments by voucher and line. The same voucher again changes nothing; with another content it is a problem.

    The file is gone through twice, some rows at a time: here to check, in the steps to store. What is held of a row
    is one byte, so memory does not grow with the file.
    """
    reading = readings["payments"]
    check = _Check(scope.region, reading)
    rows = reading.each()
    while part := list(islice(rows, AT_ONCE)):
        check.take(part)
    check.problems.close(reading.sheet)
    plan = Plan(problems=check.problems, gaps=list(check.gaps()), new=sum(check.fresh))
    plan.same = len(check.fresh) - plan.new
    if plan.new:
        plan.steps += [
            lambda act: _insert(scope.region, compress(reading.each(), check.fresh), check.subjects, act),
            lambda _act: _link(scope.region, check.years),
        ]
    return plan


@dataclass(slots=True)
class _Told:
    """Rows that a gap names: all are counted, the first ones kept."""

    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        self.count += 1
        if self.count <= NAMED_ROWS:
            self.rows.append(number)


class _Check:
    """What a file's rows are beside what is stored: `fresh` says of each whether it is to be stored."""

    def __init__(self, region: str, reading: Reading) -> None:
        self.region, self.reading = region, reading
        self.problems, self.fresh = Problems(), bytearray()
        self.years: set[int] = set()
        self.subjects: dict[tuple[int, str], int] = {}
        self.keys, self.originals = Keys(), Keys()
        self.nameless, self.lost, self.other_year = _Told(), _Told(), _Told()

    def take(self, rows: Sequence[Row]) -> None:
        """Some more rows."""
        new_years = {row.values["year"] for row in rows} - self.years
        self.subjects |= codes_of(self.region, new_years)
        self.years |= new_years
        stored = _stored(self.region, rows)
        for row in rows:
            self.fresh.append(self._is_fresh(row, stored))
            original = _original(row)
            if original and original not in stored:
                self.originals.first(_text(original), row.number)

    def _is_fresh(self, row: Row, stored: dict[Key, tuple[Any, ...]]) -> bool:
        values, key = row.values, _key(row)
        first = self.keys.first(_text(key), row.number)
        if first != row.number:
            message = f"凭证号和行号与第{first}行重复，请删去一行"
            self.problems.append(self.reading.problem(row, "voucher", message))
            return False
        if values["paid_on"].year != values["year"]:
            self.other_year.add(row.number)
        before = stored.get(key)
        if before is None:
            if (values["year"], values["code"]) not in self.subjects:
                (self.lost if values["code"] else self.nameless).add(row.number)
            return True
        if before != tuple(values[name] for name in FACTS):
            self.problems.append(_differs(self.reading, row, before))
        return False

    def gaps(self) -> Iterator[Gap]:
        """What is stored all the same and should be known."""
        alone = _Told()
        for number in self.originals.without(self.keys):
            alone.add(number)
        for told, message in (
            (self.nameless, "笔支付没有项目编码，已入库待对账"),
            (self.lost, "笔支付的项目编码不在项目库中，已入库待对账"),
            (self.other_year, "笔支付的日期不在其年度之内，已按表中年度入库，请核对"),
            (alone, "笔更正所写的原凭证还没有入库；原凭证入库后自动相连"),
        ):
            if told.count:
                yield Gap("payments", f"{told.count} {message}", tuple(told.rows))


def _key(row: Row) -> Key:
    return row.values["year"], row.values["voucher"], row.values["line"]


def _original(row: Row) -> Key | None:
    """The voucher line that this one corrects."""
    values = row.values
    return (values["year"], values["corrects_voucher"], values["corrects_line"]) if values["corrects_voucher"] else None


def _text(key: Key) -> str:
    year, voucher, line = key
    return f"{year} {line} {voucher}"


def _stored(region: str, rows: Sequence[Row]) -> dict[Key, tuple[Any, ...]]:
    """What is stored under the vouchers that these rows are or correct, as plain values."""
    named = {row.values[name] for row in rows for name in ("voucher", "corrects_voucher")}
    found = Payment.objects.filter(region=region, year__in={row.values["year"] for row in rows}, voucher__in=named)
    return {known[:3]: known[3:] for known in found.values_list("year", "voucher", "line", *FACTS)}


def _differs(reading: Reading, row: Row, before: tuple[Any, ...]) -> Problem:
    code, paid_on, fen = before
    stands = f"库中为项目 {code or '（无编码）'}、{paid_on}、{format_amount(fen, '元')} 元"
    message = f"{DIFFERS}（{stands}）；支付不能改写，请保留原行，另填一行带正负号的更正，并填“更正凭证”"
    return reading.problem(row, "voucher", message)


def _insert(region: str, fresh: Iterable[Row], subjects: dict[tuple[int, str], int], act: Act) -> None:
    """Tuples of database values, as they are read: an object per payment would cost more than storing it."""
    columns = [column.key for column in PAYMENTS.columns]
    at = Payment._meta.get_field("recorded_at").get_db_prep_save(act.at, connection)

    def stored(row: Row) -> tuple[Any, ...]:
        values = row.values
        subject = subjects.get((values["year"], values["code"]))
        return region, at, subject, *map(values.__getitem__, columns)

    bulk.insert_values(Payment, ["region", "recorded_at", "subject_year_id", *columns], map(stored, fresh))


def _link(region: str, years: set[int]) -> None:
    """Corrections to the lines that they name, whichever of the two came first."""
    lines = Payment.objects.filter(region=region, year__in=years)
    place = {"year": OuterRef("year"), "voucher": OuterRef("corrects_voucher"), "line": OuterRef("corrects_line")}
    named = Payment.objects.filter(region=region, **place).exclude(pk=OuterRef("pk"))
    lines.filter(corrects=None).exclude(corrects_voucher="").update(corrects=Subquery(named.values("pk")[:1]))
