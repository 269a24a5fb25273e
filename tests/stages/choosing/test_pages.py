"""Pages of choosing, covering and reconciling: for the office, a department, a unit, and strangers; empty and full."""

from __future__ import annotations

import hashlib
from io import BytesIO

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.browsing import signed_in, text, title
from tests.factories import YEAR, actor, region
from tests.stages.choosing.year import evaluated, imported, subject

from jixiao.domain.actors import Role
from jixiao.kit.figures import Scope, answers
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.evaluation.choosing.figures import FIGURES
from jixiao.stages.evaluation.choosing.models import Choice, Draw, Profile, TransferReport
from jixiao.stages.evaluation.choosing.workflow import ReportState, State
from jixiao.stages.evaluation.models import Evaluation, Mark

pytestmark = pytest.mark.django_db
CHOOSING, DECIDE = "/choosing/?method=key", "/choosing/decide/"
DRAW = {"group": "projects", "size": "2", "parties": "监督股 17；纪检组 42", "token": "d" * 32}
PAGES = ("choosing", "draws", "coverage", "coverage-projects", "coverage-cycle", "transfers", "reconciliation")


@pytest.fixture(autouse=True)
def year():
    cache.clear()
    imported()


@pytest.fixture
def office():
    return signed_in()


def department(code="101"):
    return signed_in(Role.DEPARTMENT, UnitYear.objects.get(code=code, year=YEAR).unit)


def form(verb, codes, **more):
    version = more.pop("version", 0)
    chosen = {"candidate": [subject(code).pk for code in codes]}
    versions = {f"version-{subject(code).pk}": version for code in codes}
    return {"verb": verb, "method": "key", "object_year": YEAR, "token": "t" * 32, **chosen, **versions, **more}


def test_an_empty_region_says_on_every_page_what_will_stand_there():
    region("888888", "乙县")
    empty = signed_in(code="888888")
    for name in PAGES:
        text(empty, reverse(name))
    assert title(empty, CHOOSING) == "财政重点评价没有候选对象"
    assert "导入项目库后列在这里" in text(empty, CHOOSING)
    assert title(empty, reverse("transfers")) == "2025 年度没有转移支付" or "没有转移支付" in title(
        empty, reverse("transfers")
    )


def test_the_office_chooses_rejects_and_opens_from_the_list(office):
    assert title(office, CHOOSING) == "财政重点评价有 5 个候选对象，选定 0 个"
    answered = office.post(DECIDE, form("choose", ["P1", "Z1"], reason="群众关注"))
    assert answered.status_code == 303
    assert title(office, CHOOSING) == "财政重点评价有 5 个候选对象，选定 2 个"
    office.post(DECIDE, form("reject", ["P3"], reason="金额小", token="r" * 32))
    assert "金额小" in text(office, CHOOSING + "&state=rejected")
    office.post(DECIDE, form("start", ["P1", "Z1"], version=2, token="s" * 32))
    assert Evaluation.objects.count() == 2
    assert "其中已开展 2 个" in text(office, CHOOSING)


def test_a_choice_without_a_reason_comes_back_with_its_ticks(office):
    answered = office.post(DECIDE, form("choose", ["P1"], reason=""))
    page = answered.content.decode()
    assert answered.status_code == 422
    assert "请填写选或不选的理由" in page
    assert f'value="{subject("P1").pk}" aria-label="勾选 校舍维修项目" checked' in page


def test_who_comes_second_keeps_his_text(office):
    office.post(DECIDE, form("choose", ["P1"], reason="群众关注"))
    answered = office.post(DECIDE, form("reject", ["P1"], reason="我不同意", token="x" * 32))
    assert answered.status_code == 409
    assert "我不同意" in answered.content.decode()
    assert Choice.objects.get().state == State.CHOSEN


def test_ten_clicks_are_one_act(office):
    for _ in range(3):
        assert office.post(DECIDE, form("choose", ["P1"], reason="群众关注")).status_code == 303
    assert Choice.objects.get().version == 2


@pytest.mark.parametrize(
    "wrong",
    [{"verb": "drop"}, {"verb": ""}, {"candidate": ["x", "-1", "9" * 30]}, {"object_year": "一"}, {"method": "x"}],
)
def test_a_malformed_form_stores_nothing(office, wrong):
    answered = office.post(DECIDE, {**form("choose", [], reason="理由"), **wrong})
    assert answered.status_code in (404, 422)
    assert not Choice.objects.exists()


def test_a_department_sees_and_chooses_only_its_own():
    mine = department()
    assert title(mine, reverse("choosing")) == "部门评价有 2 个候选对象，选定 0 个"
    stranger = reverse("choosing-candidate", args=[subject("P3").pk])
    assert [mine.get(stranger).status_code, mine.get(reverse("choosing-candidate", args=[10**9])).status_code] == [
        404
    ] * 2
    assert mine.post(reverse("choosing-describe", args=[subject("P3").pk]), {}).status_code == 404
    foreign = mine.post(DECIDE, {**form("choose", ["P3"], reason="理由"), "method": "department"})
    assert foreign.status_code == 422
    assert not Choice.objects.exists()
    assert "选定</button>" not in text(mine, CHOOSING)


def test_one_candidate_shows_every_part_and_takes_what_people_know(office):
    page = reverse("choosing-candidate", args=[subject("P1").pk]) + "?method=key"
    assert "没有填写社会关注度" in text(office, page)
    address = reverse("choosing-describe", args=[subject("P1").pk])
    said = {"concern": "high", "concern_basis": "人大建议", "reach": "500", "first_year": "2017", "version": 0}
    assert office.post(address, {**said, "token": "a" * 32}).status_code == 303
    assert "社会关注度高，人大建议" in text(office, page)
    assert "应开展中期评价" in text(office, page)
    late = office.post(address, {**said, "reach": "7", "token": "b" * 32})
    assert late.status_code == 409
    assert Profile.objects.get().reach == 500


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"first_year": "2020", "last_year": "2019"}, "实施截止年早于起始年"),
        ({"reach": "很多"}, "受益人数"),
        ({"concern": "high"}, "请写明判断关注度的依据"),
        ({"concern": "extreme"}, "社会关注度"),
    ],
)
def test_what_cannot_be_saved_comes_back_with_its_place(office, wrong, message):
    answered = office.post(reverse("choosing-describe", args=[subject("P1").pk]), {**wrong, "version": 0})
    assert answered.status_code == 422
    assert message in answered.content.decode()
    assert not Profile.objects.exists()


def test_a_draw_is_made_once_and_shows_what_is_needed_to_draw_it_again(office):
    assert "可抽：项目 3，部门整体 0" in text(office, reverse("draws"))
    answered = office.post(reverse("draw-make"), DRAW)
    made = Draw.objects.get()
    assert answered.headers["Location"] == reverse("draw", args=[made.pk])
    assert office.post(reverse("draw-make"), DRAW).headers["Location"] == reverse("draw", args=[made.pk])
    page = text(office, reverse("draw", args=[made.pk]))
    assert made.digest in page
    assert "与记录一致" in page
    exported = office.get(reverse("draw-population", args=[made.pk])).content
    assert hashlib.sha256(exported).hexdigest() == made.digest
    again = office.post(reverse("draw-make"), {**DRAW, "token": "e" * 32, "size": "1"})
    assert again.status_code == 422
    assert "再抽须写明理由" in again.content.decode()


def test_a_stranger_finds_no_draw(office):
    office.post(reverse("draw-make"), DRAW)
    made = Draw.objects.get()
    for stranger in (department(), signed_in(code="888888"), signed_in(Role.AGENCY)):
        assert stranger.get(reverse("draw", args=[made.pk])).status_code == 404
        assert stranger.get(reverse("draw-population", args=[made.pk])).status_code == 404


def test_coverage_has_two_denominators_and_lists_the_missing_first(office):
    assert title(office, reverse("coverage")) == "还有 2 个单位没有开展部门评价"
    evaluated()
    page = text(office, reverse("coverage"))
    assert "还有 1 个单位没有开展部门评价" in page
    assert "1 ÷ 2 个一级预算单位" in page
    assert "100 ÷ 710 万元" in page
    assert page.index("甲县城关镇") < page.index("甲县教育局</a>")
    assert "助学金项目" in text(office, reverse("coverage-projects") + "?unit=101/&state=missing")
    assert "助学金项目" not in text(office, reverse("coverage-projects") + "?unit=101/&state=done")


def test_a_draft_counts_for_no_coverage(office):
    evaluated()
    Evaluation.objects.filter(number="BM1").update(state="working")
    assert title(office, reverse("coverage")) == "还有 2 个单位没有开展部门评价"


def test_important_projects_are_followed_over_the_cycle(office):
    assert title(office, reverse("coverage-cycle")) == "3 个重点项目，3 个还没有评过"
    evaluated()
    assert title(office, reverse("coverage-cycle")) == "3 个重点项目，2 个还没有评过"
    sheet = openpyxl.load_workbook(BytesIO(office.get(reverse("coverage-cycle-table")).content)).active
    rows = {row[0]: row[4:6] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert rows == {"P1": ("2022", "是"), "P2": (None, "否"), "Z1": (None, "否")}


def test_an_evaluation_before_the_cycle_covers_nothing_any_more(office):
    evaluated()
    Evaluation.objects.filter(number="BM1").update(year=YEAR - 5)
    assert title(office, reverse("coverage-cycle")) == "3 个重点项目，3 个还没有评过"
    Evaluation.objects.filter(number="BM1").update(year=YEAR - 4)
    assert title(office, reverse("coverage-cycle")) == "3 个重点项目，2 个还没有评过"


def test_transfers_are_counted_by_number_and_money_with_reports_and_receipts(office):
    assert title(office, reverse("transfers")) == "2 项转移支付，2 项还没有评价"
    mine = department()
    opened = mine.post(
        reverse("transfer-report-open", args=[subject("P2").pk]), {"title": "助学金评价报告", "token": "a" * 32}
    )
    report = TransferReport.objects.get()
    assert opened.headers["Location"] == reverse("transfer-report", args=[report.pk])
    move = reverse("transfer-report-move", args=[report.pk])
    mine.post(move, {"move": "submit", "version": 1, "token": "b" * 32})
    assert TransferReport.objects.get().state == ReportState.DRAFT
    file = SimpleUploadedFile("report.pdf", b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n")
    mine.post(reverse("transfer-attach", args=[report.pk]), {"file": file, "token": "c" * 32})
    mine.post(move, {"move": "submit", "version": TransferReport.objects.get().version, "token": "e" * 32})
    handed = TransferReport.objects.get()
    assert (handed.state, handed.signed_on) == (ReportState.SUBMITTED, None)
    office.post(move, {"move": "sign", "version": handed.version, "token": "f" * 32})
    signed = TransferReport.objects.get()
    assert (signed.state, signed.signed_by) == (ReportState.RECEIVED, Role.PERFORMANCE_OFFICE.label)
    assert signed.signed_on is not None
    assert "未签收 1 项" in text(office, reverse("transfers"))


def test_a_report_is_begun_once_by_who_spends_and_only_on_a_transfer(office):
    mine = department()
    address = reverse("transfer-report-open", args=[subject("P2").pk])
    assert office.post(address, {"title": "报告"}).status_code == 422
    assert mine.post(reverse("transfer-report-open", args=[subject("P1").pk]), {"title": "报告"}).status_code == 422
    assert mine.post(reverse("transfer-report-open", args=[subject("P3").pk]), {"title": "报告"}).status_code == 404
    assert mine.post(address, {"title": "报告", "token": "1" * 32}).status_code == 303
    assert mine.post(address, {"title": "报告", "token": "2" * 32}).status_code == 422
    report = TransferReport.objects.get()
    assert department("201").get(reverse("transfer-report", args=[report.pk])).status_code == 404


def test_scores_stand_side_by_side_with_exact_means(office):
    assert title(office, reverse("reconciliation")) == "2022 年没有可以对照的得分"
    evaluated()
    page = text(office, reverse("reconciliation"))
    assert "1 个对象有两种以上得分" in page
    for words in ("91.5", "88.25", "-11.75", "高估"):
        assert words in page
    sheet = openpyxl.load_workbook(BytesIO(office.get(reverse("reconciliation-table")).content)).active
    assert [row[4:] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        (100, 91.5, 88.25, None, -8.5, -11.75, None)
    ]
    assert title(office, reverse("reconciliation") + "?group=overall") == "2022 年没有可以对照的得分"


def test_one_subject_shows_what_a_recheck_gave_line_by_line(office):
    evaluated()
    recheck = Evaluation.objects.get(number="FH1")
    facts = {"level1": "产出指标", "name": "维修面积", "weight": 50, "before": 50, "points": 40, "reason": "少修一处"}
    Mark.objects.create(evaluation=recheck, position=1, **facts)
    page = text(office, reverse("reconciliation-subject", args=[subject("P1").pk]))
    for words in ("维修面积", "-10", "少修一处"):
        assert words in page
    assert office.get(reverse("reconciliation-subject", args=[subject("P2").pk])).status_code == 404
    assert department("201").get(reverse("reconciliation-subject", args=[subject("P1").pk])).status_code == 404


def test_the_figures_count_what_the_pages_show():
    evaluated()
    found = answers(FIGURES, Scope(actor().region, YEAR, actor()))
    values = {key: one.value for key, one in found.items()}
    assert values["transfers.count"] == "2"
    assert values["transfers.evaluated.share"] == "0"
    assert values["cycle.covered.share"] == "33.33"
    assert values["recheck.drawn"] == "0"


def test_the_count_of_queries_does_not_grow_with_the_candidates(office, django_assert_max_num_queries):
    text(office, CHOOSING)
    with django_assert_max_num_queries(32):
        text(office, CHOOSING)
    evaluated()
    for name, most in (("coverage", 16), ("coverage-cycle", 10), ("transfers", 12), ("reconciliation", 8)):
        with django_assert_max_num_queries(most):
            text(office, reverse(name))


def test_the_list_goes_out_as_excel_with_every_part(office):
    sheet = openpyxl.load_workbook(BytesIO(office.get(reverse("choosing-table") + "?method=key").content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 5
    assert "社会关注度 0/20：没有填写社会关注度" in rows[0][6]
