"""抽查复核 judges the findings of the self-evaluation: each of them, with reasons, before it can be concluded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, stored
from tests.stages.evaluation.online import engage, fresh, office, opened, person, take, write

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit import moving
from jixiao.kit.acting import Repeated, Stale
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.evaluation.actions.judging import judge_findings
from jixiao.stages.evaluation.findings import actions as findings
from jixiao.stages.evaluation.findings.invariants import INVARIANTS
from jixiao.stages.evaluation.findings.models import AuditFinding
from jixiao.stages.evaluation.findings.reports.risks import hits
from jixiao.stages.evaluation.findings.rules import Verdict
from jixiao.stages.evaluation.findings.workflow import State
from jixiao.stages.evaluation.self_evaluation import actions as self_evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.rules import Filled, Said
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
INDICATORS = """年度,项目编码,对象类型,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,,产出指标,数量指标,维修面积,定量,≥,100,平方米,50
2022,P1,,效益指标,社会效益,办学条件改善,定性,,达成预期,,40
"""
PAYMENTS = "年度,项目编码,凭证号,支付日期,金额\n2022,P1,V1,2022-05-01,900000\n"
SO, NOT_SO = Verdict(True, ""), Verdict(False, "现场丈量与填报一致")


@pytest.fixture
def recheck():
    """A concluded self-evaluation with its findings, and a recheck of it in work."""
    cache.clear()
    stored(
        {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}, (*REGISTERS, *TARGETS)
    )
    self_evaluation.open_sheets(actor(), YEAR, YEAR)
    sheet = SelfEvaluation.objects.get(subject_year__code="P1")
    count, quality = sheet.scores.order_by("position")
    said = {count.pk: Said("150", None, "多修了一处"), quality.pk: Said("达成预期", Decimal(100), "")}
    filler = actor(Role.DEPARTMENT, unit_path="101/")
    sheet = self_evaluation.fill(sheet, filler, version=sheet.version, filled=Filled(said))
    for who, moves in ((filler, ("submit", "submit_directly")), (actor(), ("conclude",))):
        code = next(move.code for move, _ in moving.offers(sheet, who) if move.code in moves)
        sheet = moving.move(sheet, code, who, version=sheet.version, effect=self_evaluation.after_step)
    findings.examine(actor(), YEAR)
    return take(opened(EvaluationMethod.RECHECK), "start_recheck", office())


def judge(sheet, verdicts, who=None, **proof):
    seen = proof.pop("version", findings.seen_of(AuditFinding.objects.all()))
    return judge_findings(fresh(sheet), who or office(), verdicts, version=seen, **proof)


def every(said):
    return dict.fromkeys(AuditFinding.objects.values_list("pk", flat=True), said)


def refusals(sheet, code="submit_recheck"):
    return "；".join(moving.decide(fresh(sheet), code, office(), "·").reasons)


def test_a_recheck_is_not_concluded_while_a_finding_is_unjudged(recheck):
    write(recheck, office())
    assert "还有自评疑点没有判断" in refusals(recheck)
    assert str(AuditFinding.objects.order_by("pk").first()) in refusals(recheck)
    judge(recheck, every(SO))
    assert refusals(recheck) == ""


def test_a_finding_that_comes_up_in_review_stops_the_conclusion(recheck):
    write(recheck, office())
    judge(recheck, every(SO))
    take(recheck, "submit_recheck", office())
    again = AuditFinding.objects.first()
    moving.move(again, "reconsider", office(), version=again.version, note="再看", effect=findings.after_step)
    assert "还有自评疑点没有判断" in refusals(recheck, "conclude_recheck")


def test_the_hit_rate_follows_from_the_recheck_and_the_finding_names_it(recheck):
    first, *others = AuditFinding.objects.order_by("pk")
    judge(recheck, {first.pk: NOT_SO} | {one.pk: SO for one in others})
    known = hits(AuditFinding.objects.all())
    assert (known[first.code].rejected, known[first.code].rechecked) == (1, 1)
    assert {known[one.code].rate for one in others} == {100}
    first.refresh_from_db()
    assert (first.state, first.judged_in) == (State.REJECTED, "FH2023001")
    assert moving.timeline(first).last().note == "抽查复核 FH2023001：现场丈量与填报一致"
    assert [text for one in INVARIANTS for text in one.check()] == []


def test_what_is_reconsidered_is_no_longer_the_recheck_s(recheck):
    judge(recheck, every(SO))
    found = AuditFinding.objects.first()
    moving.move(found, "reconsider", office(), version=found.version, note="再看", effect=findings.after_step)
    found.refresh_from_db()
    assert (found.judged_on, found.judged_in) == (None, "")


def test_a_rejection_needs_its_reason_and_nothing_is_half_stored(recheck):
    first, *others = AuditFinding.objects.order_by("pk")
    with pytest.raises(Refused, match=f"判为不属实的要写理由：{first.title}"):
        judge(recheck, {one.pk: SO for one in others} | {first.pk: Verdict(False, " ")})
    with pytest.raises(Refused, match="至少判断一条"):
        judge(recheck, {})
    assert set(AuditFinding.objects.values_list("state", flat=True)) == {State.OPEN}


def test_who_comes_after_an_answer_or_another_judgement_is_late(recheck):
    found = AuditFinding.objects.first()
    seen = findings.seen_of(AuditFinding.objects.all())
    findings.answer(found, actor(Role.DEPARTMENT, unit_path="101/"), version=found.version, words="附验收单")
    with pytest.raises(Stale):
        judge(recheck, every(SO), version=seen)
    judge(recheck, every(SO), token="t" * 32)
    with pytest.raises(Stale):
        judge(recheck, every(SO), version=seen)


def test_the_same_form_twice_judges_once(recheck):
    seen, said = findings.seen_of(AuditFinding.objects.all()), every(SO)
    judge(recheck, said, version=seen, token="t" * 32)
    with pytest.raises(Repeated):
        judge(recheck, said, version=seen, token="t" * 32)


def test_only_the_office_judges_and_only_while_the_recheck_is_worked(recheck):
    with pytest.raises(Refused, match="由绩效股填写"):
        judge(recheck, every(SO), person(Role.DEPARTMENT, unit_path="101/"))
    write(recheck, office())
    judge(recheck, every(SO))
    take(recheck, "submit_recheck", office())
    with pytest.raises(Refused, match="现在不能修改"):
        judge(recheck, every(SO))


def test_other_evaluations_have_nothing_to_judge(recheck):
    other = opened(EvaluationMethod.KEY)
    with pytest.raises(Refused):
        judge(other, every(SO))
    assert fresh(other).facts().unjudged == ()
    assert "判断自评疑点" not in text(signed_in(Role.PERFORMANCE_OFFICE), reverse("evaluation", args=[other.pk]))


def test_the_page_lists_the_findings_and_judges_them(recheck):
    client, address = signed_in(Role.PERFORMANCE_OFFICE), reverse("evaluation-judge", args=[recheck.pk])
    page = text(client, reverse("evaluation", args=[recheck.pk]))
    assert all(words in page for words in ("自评疑点", "超额完成较多", "判断自评疑点", "还没有判断过"))
    rows = list(AuditFinding.objects.order_by("pk"))
    typed = {"version": findings.seen_of(rows), "token": "a" * 32, f"verdict-{rows[0].pk}": "reject"}
    missing = client.post(address, typed)
    assert missing.status_code == 422
    assert "判为不属实的请写理由" in missing.content.decode()
    late = client.post(address, typed | {f"reason-{rows[0].pk}": "核过验收单", "version": 1})
    assert (late.status_code, "核过验收单" in late.content.decode()) == (409, True)
    client.post(address, typed | {f"reason-{rows[0].pk}": "核过验收单"})
    rows[0].refresh_from_db()
    assert rows[0].state == State.REJECTED
    page = text(client, reverse("evaluation", args=[recheck.pk]))
    assert all(words in page for words in ("不属实", "0%（判断 1 条）"))


def test_a_reason_without_a_verdict_and_an_empty_form_are_named(recheck):
    client, address = signed_in(Role.PERFORMANCE_OFFICE), reverse("evaluation-judge", args=[recheck.pk])
    rows = list(AuditFinding.objects.order_by("pk"))
    said = {"version": findings.seen_of(rows), "token": "b" * 32}
    assert "请至少判断一条疑点" in client.post(address, said).content.decode()
    half = client.post(address, said | {f"reason-{rows[0].pk}": "好"})
    assert "请选择属实或不属实" in half.content.decode()


def test_strangers_and_the_engaged_see_no_findings(recheck):
    stranger = signed_in(Role.UNIT, unit=UnitYear.objects.get(code="201").unit)
    for name in ("evaluation", "evaluation-judge"):
        assert stranger.get(reverse(name, args=[recheck.pk])).status_code == 404
    agency = person(Role.AGENCY)
    engage(recheck, agency)
    client = signed_in(Role.AGENCY)
    assert client.get(reverse("evaluation-judge", args=[recheck.pk])).status_code == 404
