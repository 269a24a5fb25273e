"""批复文 of departments: numbered in order within the region and the year, once, and kept in a register."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from docx import Document
from tests.browsing import signed_in, text
from tests.factories import actor
from tests.stages.targets.filing import approved, department, opened, two_years

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.targets import actions
from jixiao.stages.targets.invariants import INVARIANTS
from jixiao.stages.targets.models import DepartmentApproval, TargetVersion
from jixiao.stages.targets.reports.dates import approved_below
from jixiao.stages.targets.rules import ApprovalRules, approval_number, may_number

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
FIRST = f"财绩批〔{TODAY.year}〕1号"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def settled(code="P2"):
    """A sheet of the school that went all the way."""
    if not UnitYear.objects.exists():
        two_years()
    return approved(opened(code))


def place(code="101"):
    return UnitYear.objects.get(code=code, year=2022)


def number(code="101", who=None):
    here = place(code)
    waiting = approved_below(who or actor(), here)
    return actions.number_department(here, who or actor(), waiting, today=TODAY)


def test_the_pattern_of_the_region_writes_the_number():
    assert approval_number(ApprovalRules("甲财绩〔{year}〕{no}号"), 2023, 12) == "甲财绩〔2023〕12号"


@pytest.mark.parametrize(
    ("role", "pattern", "waiting", "said"),
    [
        (Role.PERFORMANCE_OFFICE, "〔{year}〕{no}号", 1, ""),
        (Role.FISCAL_DIVISION, "〔{year}〕{no}号", 1, "由财政绩效股编号"),
        (Role.PERFORMANCE_OFFICE, "〔{year}〕{no}号", 0, "没有已批复而还没有编入批复文"),
        (Role.PERFORMANCE_OFFICE, "〔{year}〕号", 1, "样式要写"),
        (Role.PERFORMANCE_OFFICE, "{no}号", 1, "样式要写"),
    ],
)
def test_only_the_office_numbers_and_only_what_waits(role, pattern, waiting, said):
    reasons = may_number(actor(role), ApprovalRules(pattern), waiting).reasons
    assert said in "；".join(reasons)
    assert bool(reasons) is bool(said)


def test_the_office_numbers_a_department_and_the_register_the_paper_and_the_sheet_show_it():
    version = settled()
    office = signed_in()
    year = {"year": "2022"}
    assert "编号批复" in office.get(reverse("target-dates"), year).content.decode()
    address = reverse("target-department-number", args=[place().pk])
    assert office.post(address, {"token": "n" * 32}).status_code == 303
    again = office.post(address, {"token": "n" * 32}, follow=True)
    assert "没有重复办理" in again.content.decode()
    paper = DepartmentApproval.objects.get()
    assert (paper.doc_no, paper.no, paper.unit_name) == (FIRST, 1, "甲县教育局")
    assert "编号批复</button>" not in office.get(reverse("target-dates"), year).content.decode()
    assert FIRST in text(office, reverse("target-approvals"))
    assert FIRST in text(office, reverse("target-sheet", args=[version.pk]))
    answer = office.get(reverse("target-approval-docx", args=[paper.pk]))
    said = "\n".join(one.text for one in Document(BytesIO(b"".join(answer))).paragraphs)
    assert FIRST in said
    assert "同意绩效目标1份" in said


def test_what_is_approved_later_comes_into_the_next_paper_and_the_first_stays_as_it_was():
    first = settled()
    one = number()
    TargetVersion.objects.filter(pk=first.pk).update(state="superseded")
    later = TargetVersion.objects.get(pk=first.pk)
    later.pk, later.no, later.state = None, 2, "approved"
    later.save()
    two = number()
    assert [one.no, two.no] == [1, 2]
    assert list(one.versions.values_list("pk", flat=True)) == [first.pk]
    assert list(two.versions.values_list("pk", flat=True)) == [later.pk]
    assert [row for check in INVARIANTS for row in check.check() if "批复文" in row] == []
    DepartmentApproval.objects.filter(pk=two.pk).update(unit_path="201/")
    assert any("批复文" in row for check in INVARIANTS for row in check.check())
    with pytest.raises(Refused, match="没有已批复"):
        number()


def test_history_that_was_recorded_waits_for_no_number():
    two_years()
    office = signed_in()
    last = UnitYear.objects.get(code="101", year=2022)
    UnitYear.objects.create(
        unit=last.unit, region=last.region, year=2021, code="101", path="101/", name=last.name, kind=last.kind, level=1
    )
    page = office.get(reverse("target-dates"), {"year": 2021}).content.decode()
    assert "甲县教育局" in page
    assert "编号批复</button>" not in page


def test_nothing_approved_nothing_numbered_and_a_refusal_takes_no_number():
    two_years()
    with pytest.raises(Refused):
        number()
    with pytest.raises(Refused):
        number(who=actor(Role.DEPARTMENT, unit_path="101/"))
    assert not DepartmentApproval.objects.exists()
    approved(opened())
    assert number().no == 1


def test_departments_read_their_own_and_strangers_and_units_below_find_nothing():
    settled()
    paper = number()
    paper_at = reverse("target-approval-docx", args=[paper.pk])
    assert department().get(paper_at).status_code == 200
    township = signed_in(Role.DEPARTMENT, place("201").unit)
    assert township.get(paper_at).status_code == 404
    assert FIRST not in text(township, reverse("target-approvals"))
    elsewhere = signed_in(code="888888")
    assert elsewhere.get(paper_at).status_code == 404
    for client in (township, elsewhere):
        assert client.post(reverse("target-department-number", args=[place().pk])).status_code == 404
