"""项目库 and 国库支付: budgets are booked in lines, payments are never rewritten, unknown codes are told apart."""

import pytest
from tests.factories import PROJECTS, REGISTERS, UNITS, actor, figure_values, run_import, stored

from jixiao.registers.documents.figures import FIGURES as DOCUMENTS
from jixiao.registers.subjects.invariants import INVARIANTS
from jixiao.registers.subjects.models import BudgetLine, Clearance, Payment, SubjectYear

pytestmark = pytest.mark.django_db
BASE = {"units": UNITS, "projects": PROJECTS}
PAYMENTS = "年度,项目编码,凭证号,支付日期,金额(元)\n2022,P1,V1,2022-03-01,1000.50\n2022,没有,V2,2022-04-01,20\n"


def violations():
    return [sentence for invariant in INVARIANTS for sentence in invariant.check()]


def test_a_budget_is_the_sum_of_its_lines():
    stored(BASE, REGISTERS)
    assert SubjectYear.objects.get(code="P2").budget == 250_000_000
    assert BudgetLine.objects.filter(subject_year__code="P2").count() == 2
    assert violations() == []


def test_a_raised_budget_is_booked_as_a_further_line():
    stored(BASE, REGISTERS)
    stored({"projects": PROJECTS.replace("延续,100,0", "延续,120,0")}, REGISTERS)
    fen = BudgetLine.objects.filter(subject_year__code="P1").order_by("id").values_list("fen", flat=True)
    assert list(fen) == [100_000_000, 20_000_000]
    assert violations() == []


def test_a_subject_keeps_its_identity_over_the_years():
    stored(BASE, REGISTERS)
    stored({"projects": PROJECTS.replace("2022,P", "2023,P")}, REGISTERS, year=2023)
    assert SubjectYear.objects.filter(code="P1").values("subject").distinct().count() == 1


def test_a_project_of_an_unknown_unit_is_refused_at_its_cell():
    outcome = run_import({"units": UNITS, "projects": PROJECTS.replace("101001", "909")}, REGISTERS)
    [(_, problem)] = outcome.problems
    assert (problem.row, problem.column) == (3, "单位编码")
    assert not SubjectYear.objects.exists()


def test_a_payment_of_an_unknown_project_is_kept_apart():
    outcome = stored({**BASE, "payments": PAYMENTS}, REGISTERS)
    assert Payment.objects.get(voucher="V1").fen == 100_050
    assert Payment.objects.unmatched().get().voucher == "V2"
    assert [(gap.table, gap.rows) for gap in outcome.gaps] == [("payments", (3,))]


def test_a_payment_is_never_rewritten():
    stored({**BASE, "payments": PAYMENTS}, REGISTERS)
    outcome = run_import({"payments": PAYMENTS.replace("1000.50", "2000")}, REGISTERS)
    assert "不能改写" in outcome.problems[0][1].message
    assert Payment.objects.get(voucher="V1").fen == 100_050


def test_a_broken_budget_is_found():
    stored(BASE, REGISTERS)
    SubjectYear.objects.filter(code="P1").update(initial=7)
    assert "P1" in violations()[0]


def test_a_refusal_that_lets_money_pass_is_found():
    stored(BASE, REGISTERS)
    subject = SubjectYear.objects.get(code="P1")
    Clearance.objects.create(subject_year=subject, region=subject.region, verdict="refused", covered=100, source="SQ1")
    assert "不予支持" in violations()[0]


def test_documents_of_the_year_are_counted():
    stored({"policies": "年度,文件名称,文号\n2022,甲办法,甲财〔2022〕1号\n2021,乙办法,\n"}, REGISTERS)
    assert figure_values(DOCUMENTS, actor()) == {"policies.count": "1"}
