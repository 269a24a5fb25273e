"""免评: a unit applies, the office grants or refuses; beside it evidence, batch, report and coverage."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored, subject_year, unit

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.policy import Setting
from jixiao.kit import moving
from jixiao.kit.models import Attachment
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.linking import join
from jixiao.registers.subjects.models import LinkKind, SubjectYear
from jixiao.stages.evaluation.self_evaluation import actions
from jixiao.stages.evaluation.self_evaluation.models import Exemption, ExemptionRequest, SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.reports.coverage import beyond_rows
from jixiao.stages.evaluation.self_evaluation.reports.money import full_budgets
from jixiao.stages.evaluation.self_evaluation.rules import EvidenceRules, Filled, Said, due_beyond
from jixiao.stages.evaluation.self_evaluation.workflow import ExemptionState, State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
INDICATORS = """年度,项目编码,对象类型,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P2,,产出指标,数量指标,资助人数,定量,≥,1000,人,90
2022,P1,,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额
2022,P1,V1,2022-05-01,500000
2022,P2,V2,2022-06-01,2500000
"""


@pytest.fixture(autouse=True)
def opened():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}
    stored(tables, (*REGISTERS, *TARGETS))
    actions.open_sheets(actor(), YEAR, YEAR)


@pytest.fixture
def school():
    return signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)


def accountant(code="101001"):
    return actor(Role.UNIT, unit_path=UnitYear.objects.get(code=code).path)


def subject(code="P2"):
    return SubjectYear.objects.get(code=code, year=YEAR)


def sheet(code="P2"):
    return SelfEvaluation.objects.get(subject_year__code=code, subject_year__year=YEAR)


def filled(code="P2", actual="900", who=None, **whole):
    found = sheet(code)
    scores = {score.pk: Said(actual, None, "有学生转学") for score in found.scores.all()}
    who = who or (accountant() if code == "P2" else actor(Role.DEPARTMENT, unit_path="101/"))
    return actions.fill(found, who, version=found.version, filled=Filled(scores, **whole))


def step(found, code, who, note="", effect=actions.after_application):
    return moving.move(found, code, who, version=found.version, note=note, effect=effect)


def applied(category="项目未实施", reason="暂缓实施，资金已交回"):
    return actions.apply(accountant(), subject(), YEAR, category=category, reason=reason)


def test_a_granted_application_is_an_exemption_and_takes_the_blank_sheet_with_it():
    asked = step(applied(), "submit_application", accountant())
    assert asked.state == ExemptionState.APPLIED
    step(asked, "grant", actor())
    granted = Exemption.objects.get()
    assert (granted.category, granted.reason) == ("项目未实施", "暂缓实施，资金已交回")
    assert not SelfEvaluation.objects.filter(subject_year=subject()).exists()


def test_a_refusal_has_its_reason_and_lets_the_unit_apply_anew():
    asked = step(applied(), "submit_application", accountant())
    with pytest.raises(Refused, match="请填写不同意意见"):
        step(asked, "refuse", actor())
    with pytest.raises(Refused, match="已经有一份免评申请"):
        applied()
    step(asked, "refuse", actor(), "资金仍在使用")
    assert sheet().state == State.DRAFT
    assert applied().pk != asked.pk


@pytest.mark.parametrize(
    ("who", "said", "message"),
    [
        (None, {"category": "想免就免"}, "请选择免评的类别"),
        (None, {"reason": "  "}, "请填写申请免评的理由"),
        (Role.PERFORMANCE_OFFICE, {}, "免评由项目单位申请"),
    ],
)
def test_an_application_needs_its_unit_a_ground_and_a_reason(who, said, message):
    whole = {"category": "其他", "reason": "好"} | said
    with pytest.raises(Refused, match=message):
        actions.apply(actor(who) if who else accountant(), subject(), YEAR, **whole)
    assert not ExemptionRequest.objects.exists()


def test_who_has_filed_is_neither_exempt_nor_granted():
    asked = step(applied(), "submit_application", accountant())
    filled()
    step(sheet(), "submit", accountant(), effect=actions.after_step)
    with pytest.raises(Refused, match="自评表已经报送，不能再免评"):
        step(asked, "grant", actor())
    with pytest.raises(Refused, match="免评由财政绩效股核定"):
        actions.exempt(accountant(), subject(), YEAR, "好")


def test_a_unit_applies_with_a_file_and_the_office_decides_in_the_browser(school):
    address = reverse("self-evaluation-exempt", args=[subject().pk])
    assert school.post(address, {"category": "", "reason": "暂缓", "token": "a" * 32}).status_code == 422
    answer = school.post(address, {"category": "项目未实施", "reason": "暂缓实施", "token": "b" * 32}, follow=True)
    asked = ExemptionRequest.objects.get()
    assert "免评申请 · 拟申请" in answer.content.decode()
    file = SimpleUploadedFile("批复.pdf", b"%PDF-1.4 x")
    school.post(reverse("exemption-attach", args=[asked.pk]), {"file": file, "token": "c" * 32})
    kept = Attachment.objects.get()
    school.post(
        reverse("exemption-request-move", args=[asked.pk]),
        {"move": "submit_application", "version": 1, "token": "d" * 32},
    )
    late = SimpleUploadedFile("又一份.pdf", b"%PDF-1.4 y")
    school.post(reverse("exemption-attach", args=[asked.pk]), {"file": late, "token": "e" * 32})
    assert Attachment.objects.count() == 1
    office = signed_in()
    assert "暂缓实施" in text(office, reverse("self-evaluation-coverage"))
    assert office.get(reverse("exemption-attachment", args=[kept.pk])).content.startswith(b"%PDF")
    office.post(reverse("exemption-request-move", args=[asked.pk]), {"move": "grant", "version": 2, "token": "f" * 32})
    assert "项目未实施，暂缓实施" in text(school, reverse("self-evaluation-coverage"))


def test_strangers_find_no_application_no_file_and_apply_for_nobody_else():
    asked = applied()
    stranger = signed_in(Role.UNIT, unit("302").unit)
    for name in ("exemption-request", "exemption-attach", "exemption-request-move"):
        assert stranger.post(reverse(name, args=[asked.pk])).status_code == 404
    assert stranger.get(reverse("self-evaluation-exempt", args=[subject().pk])).status_code == 404
    assert stranger.get(reverse("exemption-attachment", args=[1])).status_code == 404
    assert stranger.post(reverse("self-evaluation-attach", args=[sheet().pk])).status_code == 404
    assert stranger.get(reverse("self-evaluations-report") + "?unit=101/").status_code == 404


def test_weighty_indicators_need_their_evidence_where_the_policy_says_so(school):
    policy = for_region(actor().region, YEAR)
    stands = policy.settings[EvidenceRules.section]["from_weight"]
    policy.settings[EvidenceRules.section]["from_weight"] = Setting(90, stands.provenance)
    SelfEvaluation.objects.update(snapshot=snapshot_of(policy))
    policy.settings[EvidenceRules.section]["from_weight"] = stands
    filled()
    refused = moving.decide(sheet(), "submit", accountant()).reasons
    assert refused == ("请为下列指标附上佐证材料：资助人数",)
    kind = sheet().scores.get().evidence_kind
    file = SimpleUploadedFile("名册.pdf", b"%PDF-1.4 x")
    attach = reverse("self-evaluation-attach", args=[sheet().pk])
    school.post(attach, {"file": file, "kind": kind, "token": "a" * 32})
    assert moving.decide(sheet(), "submit", accountant())
    assert "名册.pdf" in text(school, reverse("self-evaluation", args=[sheet().pk]))


def test_several_sheets_go_on_together_or_none_of_them():
    filled()
    filled("P1", "100", execution_cause="施工推迟")
    step(sheet(), "submit", accountant(), effect=actions.after_step)
    bureau = signed_in(Role.DEPARTMENT, UnitYear.objects.get(code="101").unit)
    address = reverse("self-evaluations-batch")
    assert "2 份自评表等您办理" in text(bureau, address)
    both = {f"version-{sheet(code).pk}": sheet(code).version for code in ("P1", "P2")}
    ticked = {"sheet": [sheet("P1").pk, sheet("P2").pk], **both}
    answer = bureau.post(address, ticked | {"move": "forward", "token": "a" * 32})
    assert answer.status_code == 422
    assert "校舍维修项目：当前状态“填报中”不能办理这一步" in answer.content.decode()
    assert sheet().state == State.DEPARTMENT_REVIEW
    one = {"sheet": [sheet("P2").pk], **both}
    assert bureau.post(address, one | {"move": "forward", "token": "b" * 32}).status_code == 303
    assert sheet().state == State.FISCAL_REVIEW


def test_the_report_counts_everybody_and_lists_all_grades_on_page_and_in_word():
    filled(findings="名册更新不及时")
    step(sheet(), "submit", accountant(), effect=actions.after_step)
    office = signed_in()
    page = text(office, reverse("self-evaluations-report"))
    assert "应开展绩效自评的对象3个：已评0个，免评0个，办理中2个，还没有开展1个" in page
    assert "已报送自评的项目1个，其中已审定0个；全年预算250万元，全年执行250万元，执行率100%" in page
    assert "各项之和可能不等于100%" in page
    for words in ("有学生转学", "名册更新不及时"):
        assert words in page
    content = b"".join(office.get(reverse("self-evaluations-report-docx")).streaming_content)
    document = Document(BytesIO(content))
    grades = next(table for table in document.tables if table.rows[0].cells[0].text == "等级")
    rows = [[cell.text for cell in row.cells] for row in grades.rows][1:]
    assert [row[:3] for row in rows] == [
        ["优", "1", "100%"],
        ["良", "0", "0%"],
        ["中", "0", "0%"],
        ["差", "0", "0%"],
        ["合计", "1", "100%"],
    ]


def test_a_unit_reads_its_own_report_and_that_of_those_below_it(school):
    page = text(school, reverse("self-evaluations-report"))
    assert "甲县第一小学绩效自评报告（2022年度）" in page
    assert "应开展绩效自评的对象1个" in page
    bureau = signed_in(Role.DEPARTMENT, UnitYear.objects.get(code="101").unit)
    assert "应开展绩效自评的对象2个" in text(bureau, reverse("self-evaluations-report"))


def test_what_was_merged_counts_with_its_budget_where_it_went():
    join(subject("P1"), subject("P2"), actor(), kind=LinkKind.MERGE, on=day("2022-03-01"), reason="整合", doc_no="1号")
    assert full_budgets([subject("P2")]) == {subject("P2").pk: 350_0000_00}
    assert filled().budget == 350_0000_00
    assert sheet("P1").subject_year.name == "校舍维修项目", "its own history stays"


@pytest.mark.parametrize(
    ("years", "ended", "said"),
    [
        (4, False, ""),
        (4, True, ""),
        (5, False, "已实施 5 年，满 5 年的应开展中期评价"),
        (5, True, "已实施 5 年，满 5 年的应开展实施期结束后评价"),
    ],
)
def test_five_years_of_implementation_ask_for_more_than_the_years_own(years, ended, said):
    assert due_beyond(years, ended, 5) == said


def test_coverage_names_what_has_run_for_five_years():
    place = UnitYear.objects.get(code="101001", year=YEAR)
    for year in range(YEAR - 4, YEAR):
        subject_year("P2", unit("101001", year=year), year=year)
    found = beyond_rows([subject("P1"), subject("P2")], for_region(actor().region, YEAR))
    assert [(row["name"], row["due"]) for row in found] == [("助学金项目", "已实施 5 年，满 5 年的应开展中期评价")]
    assert place.name in text(signed_in(), reverse("self-evaluation-coverage"))
