"""Payments by the ten thousand: read in parts, checked in parts, stored in parts, and never otherwise than at once."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import PROJECTS, REGION, REGISTERS, UNITS, actor, run_import, scope, stored, undone

from jixiao.domain.actors import Role
from jixiao.kit import bulk, sheets, tables, xlsx
from jixiao.kit.columns import MOST_PROBLEMS
from jixiao.kit.importing import Outcome, Source, run
from jixiao.kit.mapping import Mapped
from jixiao.overview.reconciliation import by_unit, reconcile
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects import payments
from jixiao.registers.subjects.matching import match
from jixiao.registers.subjects.models import Payment, SubjectYear
from jixiao.registers.subjects.money import balance_of, money_of
from jixiao.registers.subjects.payments import PAYMENTS

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
BASE = {"units": UNITS, "projects": PROJECTS}
HEAD = "年度,项目编码,凭证号,支付日期,金额(元),更正凭证"
UNCHECKED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
FACTS = ("year", "code", "voucher", "line", "paid_on", "fen", "subject_year__code", "corrects__voucher")


def csv(lines: list[str]) -> str:
    return "\n".join([HEAD, *lines])


def lines(count: int) -> list[str]:
    codes, corrected = ("无", "P1", "P1"), [f"V{n + 1}" if n % 7 == 0 else "" for n in range(count)]
    return [f"2022,{codes[n % 3]},V{n},2022-05-01,{n}.01,{corrected[n]}" for n in range(count)]


def rows() -> list[tuple[Any, ...]]:
    return sorted(Payment.objects.values_list(*FACTS), key=str)


@contextmanager
def in_parts_of(count: int) -> Iterator[None]:
    """Everything that goes in parts goes in parts of so many rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(payments, "AT_ONCE", count)
        patch.setattr(tables, "BATCH", count)
        patch.setattr(tables, "_REMEMBERED", count)
        patch.setattr(payments, "NAMED_ROWS", count)
        patch.setattr(sheets, "BATCH", count)
        patch.setattr(bulk, "AT_ONCE", count)
        yield


def told(outcome: Outcome) -> list[str]:
    return [str(problem) for _, problem in outcome.problems]


def as_csv(content: list[str]) -> Source:
    return Source("payments.csv", csv(content).encode())


def as_workbook(content: list[str]) -> Source:
    read = tables.read(csv(content).encode(), "payments.csv", PAYMENTS)
    return Source("payments.xlsx", xlsx.write(PAYMENTS, [row.values for row in read.each()]))


@pytest.mark.parametrize("made", [as_csv, as_workbook])
def test_parts_and_kinds_of_files_make_no_difference(made: Callable[[list[str]], Source]):
    stored({**BASE, "payments": csv(lines(40))}, REGISTERS)
    whole = rows()
    Payment.objects.update(corrects=None)
    Payment.objects.all().delete()
    with in_parts_of(7):
        preview = run([made(lines(40))], REGISTERS, scope(), commit=False)
        assert (preview.counts["payments"]["new"], Payment.objects.count()) == (40, 0)
        assert run([made(lines(40))], REGISTERS, scope(), commit=True).stored
        assert rows() == whole
        again = run([made(lines(40))], REGISTERS, scope(), commit=True)
    assert again.counts["payments"] == {"new": 0, "changed": 0, "same": 40}
    assert [gap.message for gap in again.gaps] == [gap.message for gap in preview.gaps if "更正" in gap.message]


def test_a_mapped_export_is_read_in_parts_too():
    stored(BASE, REGISTERS)
    columns = {"code": "项目", "voucher": "单号", "paid_on": "日期", "fen": "实付"}
    mapped = Mapped("payments", columns, {"year": "2022"}, "元")
    text = "项目,单号,日期,实付\n" + "".join(f"P1,V{n},2022-05-01,{n}\n" for n in range(20))
    with in_parts_of(6):
        assert run([Source("导出.csv", text.encode(), mapped)], REGISTERS, scope(), commit=True).stored
    assert Payment.objects.filter(subject_year__code="P1").aggregate(sum=Sum("fen"))["sum"] == 19_000


def test_a_voucher_that_comes_twice_is_found_however_far_apart():
    stored(BASE, REGISTERS)
    with in_parts_of(5):
        outcome = run_import({"payments": csv([*lines(30), lines(30)[2]])}, REGISTERS)
    assert told(outcome) == ["“payments”第32行“凭证号”：凭证号和行号与第4行重复，请删去一行"]
    assert not Payment.objects.exists()


def test_one_wrong_row_in_the_last_part_keeps_every_row_out():
    stored(BASE, REGISTERS)
    with in_parts_of(5):
        outcome = run_import({"payments": csv([*lines(30), "2022,P1,V99,昨天,1,"])}, REGISTERS)
    assert [problem.row for _, problem in outcome.problems] == [32]
    assert not Payment.objects.exists()


def test_of_many_wrong_rows_the_first_are_listed_and_all_are_counted():
    many = MOST_PROBLEMS + 200
    stored({**BASE, "payments": csv(lines(many))}, REGISTERS)
    changed = [line.replace(".01,", ".02,") for line in lines(many)]
    outcome = run_import({"payments": csv(changed)}, REGISTERS)
    assert len(outcome.problems) == MOST_PROBLEMS + 1
    assert f"共有 {many} 处问题" in told(outcome)[-1]


def test_a_payment_without_a_code_waits_unmatched_and_is_told():
    outcome = stored({**BASE, "payments": csv(["2022,,V1,2022-05-01,1,", "2022,P1,V2,2022-05-01,2,"])}, REGISTERS)
    assert [(gap.message, gap.rows) for gap in outcome.gaps] == [("1 笔支付没有项目编码，已入库待对账", (2,))]
    row = Payment.objects.unmatched().get()
    assert (row.code, row.shown_code) == ("", "无编码")
    assert match(actor(), [row.pk], SubjectYear.objects.get(code="P1"), "按摘要") == 1


def test_a_file_without_the_column_of_codes_is_refused():
    stored(BASE, REGISTERS)
    outcome = run_import({"payments": csv(["2022,P1,V1,2022-05-01,1,"]).replace("项目编码", "别的")}, REGISTERS)
    assert "项目编码" in told(outcome)[0]


def test_a_blank_year_stays_a_problem():
    stored(BASE, REGISTERS)
    assert "年度" in told(run_import({"payments": csv([",P1,V1,2022-05-01,1,"])}, REGISTERS))[0]


def peak(count: int) -> int:
    """The most bytes that an import of so many payments held at once, beside its file."""
    source = as_csv(lines(count))
    tracemalloc.start()
    run([source], REGISTERS, scope(), commit=False)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held


def test_memory_does_not_grow_with_the_rows():
    stored(BASE, REGISTERS)
    with in_parts_of(100):
        peak(100)
        assert peak(6_000) < peak(1_500) * 1.3


VOUCHERS = 8
ONE = st.tuples(st.sampled_from(["P1", "P2", "", "X9"]), st.integers(-(10**9), 10**9), st.integers(0, VOUCHERS + 1))


@settings(max_examples=20, suppress_health_check=UNCHECKED)
@given(
    facts=st.lists(ONE, min_size=VOUCHERS, max_size=VOUCHERS),
    files=st.lists(st.lists(st.integers(0, VOUCHERS - 1), unique=True, min_size=1), max_size=4),
    rest=st.permutations(range(VOUCHERS)),
    part=st.integers(1, 5),
)
def test_overlapping_files_in_any_order_and_any_parts_give_the_same_rows(facts, files, rest, part):
    """Corrections come before and after their originals, and some originals never come."""
    every = [
        f"2022,{code},V{n},2022-05-01,{fen / 100:.2f},{f'V{of}' if of <= VOUCHERS else ''}"
        for n, (code, fen, of) in enumerate(facts)
    ]
    with undone():
        stored({**BASE, "payments": csv(every)}, REGISTERS)
        at_once = rows()
    with undone(), in_parts_of(part):
        stored(BASE, REGISTERS)
        for file in (*files, rest, rest):
            stored({"payments": csv([every[n] for n in file])}, REGISTERS)
        assert rows() == at_once


OTHER = "888888"
PAID = st.tuples(
    st.sampled_from([REGION, OTHER]),
    st.sampled_from([2022, 2023]),
    st.sampled_from(["P1", "P2", "Z1", "", "X9"]),
    st.integers(-(10**12), 10**12),
)


@settings(max_examples=12, suppress_health_check=UNCHECKED)
@given(paid=st.lists(PAID, max_size=14), matched=st.booleans())
def test_every_view_of_every_region_and_year_adds_up_to_the_fen(paid, matched):
    with undone():
        sums: Counter[tuple[str, int]] = Counter()
        for home in (REGION, OTHER):
            both = PROJECTS + PROJECTS.partition("\n")[2].replace("2022,", "2023,")
            stored({"units": UNITS, "projects": both}, REGISTERS, code=home)
            stored({"units": UNITS}, REGISTERS, code=home, year=2023)
            mine = [(n, *facts) for n, (of, *facts) in enumerate(paid) if of == home]
            text = [f"{year},{code},V{n},{year}-05-01,{fen / 100:.2f}," for n, year, code, fen in mine]
            stored({"payments": csv(text)}, REGISTERS, code=home)
            for _, year, _, fen in mine:
                sums[home, year] += fen
        lost = Payment.objects.unmatched().filter(region=REGION, year=2022).first()
        if lost and matched:
            match(actor(), [lost.pk], SubjectYear.objects.get(region=REGION, year=2022, code="P2"), "核对凭证")
        for home in (REGION, OTHER):
            for year in (2022, 2023):
                adds_up(home, year, sums[home, year])


def adds_up(home: str, year: int, imported: int) -> None:
    office = actor(code=home)
    balance, found = balance_of(office, year), reconcile(office, year)
    waiting = Payment.objects.unmatched_for(office).filter(year=year).aggregate(sum=Sum("fen"))["sum"] or 0
    assert balance.matched + balance.unmatched == balance.imported == imported
    assert (found.balance, waiting) == (balance, balance.unmatched)
    assert sum(row.spent for row in money_of(office, year, {})) == balance.matched
    assert sum(unit.spent for unit in by_unit(found.rows, {})) == balance.matched
    subjects = SubjectYear.objects.filter(region=home, year=year).with_spent()
    assert sum(row.spent for row in subjects) == balance.matched
    tops = UnitYear.objects.filter(region=home, year=year, level=1)
    departments = [actor(Role.DEPARTMENT, code=home, unit_path=top.path) for top in tops]
    assert sum(balance_of(one, year).matched for one in departments) == balance.matched
