"""自评审核: filed sheets are examined, units answer, the office judges, rules have hit rates; strangers see nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGION, REGISTERS, UNITS, YEAR, actor, stored

from jixiao.domain.actors import Role, system
from jixiao.domain.decisions import Refused
from jixiao.kit import moving
from jixiao.kit.acting import Stale
from jixiao.kit.jobs import run_next
from jixiao.kit.models import Job, JobState
from jixiao.overview.jobs import EXAMINING_NIGHTLY, JOBS, plan_night
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Hold, HoldKind, SubjectYear
from jixiao.stages.evaluation.findings import actions
from jixiao.stages.evaluation.findings.invariants import INVARIANTS
from jixiao.stages.evaluation.findings.models import AuditFinding, Examination
from jixiao.stages.evaluation.findings.reports.risks import hits, risks
from jixiao.stages.evaluation.findings.workflow import State
from jixiao.stages.evaluation.self_evaluation import actions as self_evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.rules import Filled, Said
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
INDICATORS = """年度,项目编码,对象类型,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,,产出指标,数量指标,维修面积,定量,≥,100,平方米,50
2022,P1,,效益指标,社会效益,办学条件改善,定性,,达成预期,,40
2022,P2,,产出指标,数量指标,资助人数,定量,≥,1000,人,90
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额
2022,P1,V1,2022-05-01,900000
2022,P2,V2,2022-06-01,2500000
"""
OVER, SILENT = "OVERACHIEVED", "NO_PROBLEM_REPORTED"


@pytest.fixture(autouse=True)
def filed():
    """P1 surpasses its target by half and is filed; the sheet has no satisfaction indicator."""
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}
    stored(tables, (*REGISTERS, *TARGETS))
    self_evaluation.open_sheets(actor(), YEAR, YEAR)
    file("150")


def filler():
    return actor(Role.DEPARTMENT, unit_path="101/")


def sheet(code="P1"):
    return SelfEvaluation.objects.get(subject_year__code=code)


def file(area):
    found = sheet()
    count, quality = found.scores.order_by("position")
    said = {count.pk: Said(area, None, "多修了一处"), quality.pk: Said("达成预期", Decimal(100), "")}
    filled = self_evaluation.fill(found, filler(), version=found.version, filled=Filled(said))
    move = "submit" if "submit" in {m.code for m, _ in moving.offers(filled, filler())} else "submit_directly"
    moving.move(filled, move, filler(), version=filled.version, effect=self_evaluation.after_step)


def send_back():
    office = actor()
    found = sheet()
    moving.move(found, "return", office, version=found.version, note="请核对")


def finding(code=OVER):
    return AuditFinding.objects.get(code=code)


def answered(code=OVER, words="按审计核定面积填写"):
    found = finding(code)
    return actions.answer(found, filler(), version=found.version, words=words)


def judge(move, code=OVER, who=None):
    found = finding(code)
    return moving.move(
        found, move, who or actor(), version=found.version, note="核对原始资料", effect=actions.after_step
    )


def test_a_filed_sheet_is_examined_by_the_worker_and_only_once():
    assert Job.objects.filter(kind=self_evaluation.EXAMINING).count() == 1
    assert run_next(JOBS)
    assert Job.objects.get(kind=self_evaluation.EXAMINING).result == {"examined": 1}
    assert {OVER, "NO_SATISFACTION_INDICATOR"} <= set(AuditFinding.objects.values_list("code", flat=True))
    assert "完成值与他表相同：未检查：缺少可比较的往年或其他单位的自评表" in Examination.objects.get().unchecked
    assert actions.examine_filed(system(REGION), YEAR) == 0


def test_a_draft_is_not_examined():
    actions.examine(actor(), YEAR)
    assert set(Examination.objects.values_list("subject_year__code", flat=True)) == {"P1"}


def test_examining_again_changes_nothing():
    actions.examine(actor(), YEAR)
    before = list(AuditFinding.objects.order_by("pk").values())
    actions.examine(actor(), YEAR)
    assert list(AuditFinding.objects.order_by("pk").values()) == before


def test_a_finding_that_holds_no_longer_is_closed_and_comes_back_open():
    actions.examine(actor(), YEAR)
    send_back()
    file("110")
    actions.examine(actor(), YEAR)
    assert (finding().state, finding().holds) == (State.CLOSED, False)
    send_back()
    file("150")
    actions.examine(actor(), YEAR)
    assert (finding().state, finding().holds) == (State.OPEN, True)
    assert [step.move for step in moving.timeline(finding())] == ["close", "reopen"]


def test_what_was_judged_stays_judged_when_the_sheet_changes():
    actions.examine(actor(), YEAR)
    judge("confirm")
    send_back()
    file("110")
    actions.examine(actor(), YEAR)
    assert (finding().state, finding().holds) == (State.CONFIRMED, False)


def test_the_unit_answers_and_may_put_it_better_until_the_judgement():
    actions.examine(actor(), YEAR)
    with pytest.raises(Refused, match="由预算单位或主管部门答复"):
        actions.answer(finding(), actor(), version=finding().version, words="好")
    with pytest.raises(Refused, match="请填写"):
        actions.answer(finding(), filler(), version=finding().version, words=" ")
    answered()
    assert answered(words="附验收单").state == State.ANSWERED
    with pytest.raises(Stale):
        actions.answer(finding(), filler(), version=1, words="迟到")
    judge("reject")
    with pytest.raises(Refused, match="已经判断"):
        answered()


def test_only_the_office_judges_with_a_reason_and_the_day_is_kept():
    actions.examine(actor(), YEAR)
    with pytest.raises(Refused, match="由绩效股办理"):
        judge("confirm", who=filler())
    with pytest.raises(Refused, match="请填写属实意见"):
        moving.move(finding(), "confirm", actor(), version=finding().version, effect=actions.after_step)
    assert judge("confirm").judged_on is not None
    assert judge("reconsider").judged_on is None
    assert [list(one.check()) for one in INVARIANTS] == [[], []]


def test_only_the_office_examines():
    with pytest.raises(Refused, match="由财政绩效股开展"):
        actions.examine(filler(), YEAR)


def test_the_hit_rate_is_confirmed_of_judged():
    actions.examine(actor(), YEAR)
    before = hits(AuditFinding.objects.all())[OVER]
    assert (before.waiting, before.judged, before.rate) == (1, 0, None)
    judge("confirm")
    judge("reject", "NO_SATISFACTION_INDICATOR")
    after = hits(AuditFinding.objects.all())
    assert (after[OVER].rate, after["NO_SATISFACTION_INDICATOR"].rate) == (100, 0)


def test_a_risk_falls_when_a_finding_is_rejected_and_examined_sheets_alone_have_one():
    subject = SubjectYear.objects.get(code="P1").pk
    assert risks(REGION, YEAR) == {}
    actions.examine(actor(), YEAR)
    whole = risks(REGION, YEAR)
    assert set(whole) == {subject}
    judge("reject")
    assert risks(REGION, YEAR)[subject].points == whole[subject].points - 6


def test_the_pages_show_findings_risk_rules_and_the_table(client):
    actions.examine(actor(), YEAR)
    client = signed_in(Role.PERFORMANCE_OFFICE)
    listed = text(client, reverse("findings"))
    assert all(words in listed for words in ("超额完成较多", "校舍维修项目"))
    assert "超额完成较多 1 处 6 分" in text(client, reverse("findings-risks"))
    page = text(client, reverse("sheet-findings", args=[sheet().pk]))
    assert all(words in page for words in ("风险", "未检查：缺少"))
    assert "指标值偏低的下年调整" in text(client, reverse("finding", args=[finding().pk]))
    assert "命中率" in text(client, reverse("findings-rules"))
    assert client.get(reverse("findings-table")).content[:2] == b"PK"
    assert "没有符合条件的疑点" in text(client, reverse("findings") + "?code=COPIED_CAUSE")


def test_the_office_examines_on_the_page_and_judges():
    client = signed_in(Role.PERFORMANCE_OFFICE)
    client.post(reverse("findings-examine"), {"token": "a" * 32})
    found = finding()
    client.post(reverse("finding-move", args=[found.pk]), {"move": "confirm", "version": found.version, "note": "属实"})
    assert finding().state == State.CONFIRMED


def test_a_department_answers_on_the_page_and_an_empty_answer_keeps_its_place():
    actions.examine(actor(), YEAR)
    client = signed_in(Role.DEPARTMENT, unit=UnitYear.objects.get(code="101").unit)
    empty = client.post(reverse("finding-reply", args=[finding().pk]), {"words": "", "version": finding().version})
    assert empty.status_code == 422
    client.post(reverse("finding-reply", args=[finding().pk]), {"words": "附验收单", "version": finding().version})
    assert (finding().state, finding().answer) == (State.ANSWERED, "附验收单")


@pytest.mark.parametrize("address", ["finding", "sheet-findings"])
def test_another_unit_finds_nothing(address):
    actions.examine(actor(), YEAR)
    stranger = signed_in(Role.UNIT, unit=UnitYear.objects.get(code="201").unit)
    key = finding().pk if address == "finding" else sheet().pk
    assert stranger.get(reverse(address, args=[key])).status_code == 404
    assert "校舍维修项目" not in text(stranger, reverse("findings"))
    assert stranger.post(reverse("finding-reply", args=[finding().pk]), {"words": "好"}).status_code == 404


def test_an_agency_opens_none_of_it():
    actions.examine(actor(), YEAR)
    agency = signed_in(Role.AGENCY)
    addresses = [reverse(name) for name in ("findings", "findings-risks", "findings-rules", "what-if")]
    assert {agency.get(address).status_code for address in addresses} == {404}


def test_at_night_only_what_changed_is_examined_again():
    actions.examine(actor(), YEAR)
    assert actions.examine_changed(system(REGION), YEAR) == 0
    Hold.objects.create(
        region=REGION,
        subject_year=SubjectYear.objects.get(code="P1"),
        kind=HoldKind.SUSPENDED,
        reason="整改没有完成",
        since=dt.date(2022, 9, 1),
    )
    assert actions.examine_changed(system(REGION), YEAR) == 1
    assert finding(SILENT).state == State.OPEN
    assert actions.examine_changed(system(REGION), YEAR) == 0


def test_the_night_s_work_is_asked_for_once_a_night_and_for_the_last_two_years():
    now = timezone.now()
    assert plan_night(now) == 1
    assert plan_night(now) == 0
    assert plan_night(now + dt.timedelta(days=1)) == 1
    job = Job.objects.filter(kind=EXAMINING_NIGHTLY).first()
    assert job.arguments == {"year": YEAR}
    while run_next(JOBS):
        pass
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    assert AuditFinding.objects.filter(code=OVER).count() == 1
