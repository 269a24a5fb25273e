"""What finance decides happens: money is stopped, taken back, reduced or released, and the file says why."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db.models import Sum
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.vocabulary import Likelihood, Verdict
from jixiao.kit import moving
from jixiao.policies import for_region, load
from jixiao.registers.subjects.invariants import INVARIANTS
from jixiao.registers.subjects.models import BudgetLine, Clearance, Hold, HoldKind, Note, SubjectYear
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.handling import after_sheet_step, handle, release
from jixiao.stages.monitoring.models import ReadingSheet, Recovery
from jixiao.stages.monitoring.rules import Handling, HandlingRules, offered_handlings
from jixiao.stages.monitoring.saying import Filled, Read
from jixiao.stages.monitoring.workflow import State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
"""
PAYMENTS = "年度,项目编码,凭证号,支付日期,金额(元)\n2022,P1,V1,2022-05-01,600000.01\n"
WAN = 10_000 * 100


@pytest.fixture(autouse=True)
def reviewed():
    cache.clear()
    tables = {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}
    stored(tables, (*REGISTERS, *TARGETS))
    held = actions.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=actions.after_round_step)
    sheet = the_sheet()
    said = {reading.pk: Read("70", "100", Likelihood.CERTAIN) for reading in sheet.readings.all()}
    who = actor(Role.UNIT, unit_path=sheet.subject_year.unit_path)
    actions.fill(sheet, who, version=sheet.version, filled=Filled(said, "", "其他：推迟"))
    ReadingSheet.objects.update(state=State.FISCAL_REVIEW)


def the_sheet():
    return ReadingSheet.objects.get()


def subject():
    return SubjectYear.objects.get(code="P1")


def decide(handling, fen=None, doc_no="", advice="按规定办理", to=None):
    sheet = the_sheet()
    handle(sheet, actor(), version=sheet.version, handling=handling, advice=advice, fen=fen, doc_no=doc_no, to=to)


def conclude():
    sheet = the_sheet()
    return moving.move(sheet, "conclude", actor(), version=sheet.version, effect=after_sheet_step)


def unspent():
    paid = subject().payments.aggregate(sum=Sum("fen"))["sum"]
    return the_sheet().budget - paid


def sound():
    assert [text for invariant in INVARIANTS for text in invariant.check()] == []


def test_money_taken_back_is_a_row_a_stop_and_a_word_on_the_file():
    decide(Handling.RECOVER, 9 * WAN, "西财〔2022〕9号")
    conclude()
    taken = Recovery.objects.get()
    assert (taken.fen, taken.doc_no, taken.reason) == (9 * WAN, "西财〔2022〕9号", "按规定办理")
    assert Hold.objects.get().kind == HoldKind.RECOVERED
    assert "收回资金 9 万元（西财〔2022〕9号）" in Note.objects.get(source="2022年第1轮监控处置").text
    page = text(signed_in(), reverse("recoveries"))
    assert "收回 1 笔，共 9 万元" in page
    sound()


def test_all_that_is_unspent_can_be_taken_back_and_not_one_fen_more():
    left = unspent()
    decide(Handling.RECOVER, left + 1, "文1")
    with pytest.raises(Refused, match="超过没有支出的"):
        conclude()
    decide(Handling.RECOVER, left, "文1")
    conclude()
    assert Recovery.objects.get().fen == left


def other():
    return SubjectYear.objects.get(code="P2")


def test_money_moves_to_another_project_to_the_fen_and_both_files_say_so():
    both = subject().budget + other().budget
    decide(Handling.TRANSFER, 5 * WAN + 1, "西财〔2022〕11号", to=other())
    before = other().budget
    conclude()
    assert other().budget == before + 5 * WAN + 1
    assert subject().budget + other().budget == both
    assert "调入“" in Note.objects.get(source="2022年第1轮监控处置").text
    assert "调入 5.000001 万元（西财〔2022〕11号）" in Note.objects.get(subject_year=other()).text
    sound()


def test_a_transfer_names_another_project_that_is_not_stopped():
    for to, said in ((None, "请填写调剂到哪个项目"), (subject(), "不能调剂到项目自己")):
        decide(Handling.TRANSFER, WAN, "文1", to=to)
        with pytest.raises(Refused, match=said):
            conclude()
    facts = {"region": other().region, "kind": HoldKind.STOPPED, "reason": "停", "since": day("2022-06-01")}
    Hold.objects.create(subject_year=other(), **facts)
    decide(Handling.TRANSFER, WAN, "文1", to=other())
    with pytest.raises(Refused, match="已暂停、停止或收回资金，不能调入"):
        conclude()
    assert subject().added == 0


def test_a_transfer_that_makes_an_assessment_due_waits_for_its_conclusion():
    target = other()
    target.major_policy = True  # due by the national rules, whatever the amount
    target.save()
    decide(Handling.TRANSFER, WAN, "文1", to=target)
    with pytest.raises(Refused, match="不能调入：没有事前绩效评估结论"):
        conclude()
    given = {"region": target.region, "verdict": Verdict.SUPPORTED, "source": "SQ1"}
    clearance = Clearance.objects.create(subject_year=target, covered=target.budget + WAN - 1, **given)
    with pytest.raises(Refused, match=r"超出评估结论支持的金额 0\.000001 万元"):
        conclude()
    Clearance.objects.filter(pk=clearance.pk).update(covered=target.budget + WAN)
    conclude()
    assert other().budget == target.budget + WAN
    sound()


def test_the_office_types_the_code_and_an_unknown_one_is_named():
    client, address = signed_in(), reverse("reading-handle", args=[the_sheet().pk])
    form = {"handling": "transfer", "fen": "1", "doc_no": "文1", "advice": "调剂", "version": the_sheet().version}
    wrong = client.post(address, form | {"to": "没有", "token": "a" * 32})
    assert wrong.status_code == 422
    assert "没有编码为 没有 的项目" in wrong.content.decode()
    client.post(address, form | {"to": "Ｐ2", "token": "b" * 32})
    assert the_sheet().handling_to == other()


def test_a_smaller_budget_is_a_line_of_its_own_and_the_target_is_to_follow():
    before, lines = subject().budget, BudgetLine.objects.count()
    decide(Handling.REDUCE, 5 * WAN + 1, "西财〔2022〕10号")
    conclude()
    assert subject().budget == before - 5 * WAN - 1
    assert BudgetLine.objects.count() == lines + 1
    assert BudgetLine.objects.latest("id").fen == -(5 * WAN + 1)
    assert "绩效目标须同步调整" in Note.objects.get(source="2022年第1轮监控处置").text
    assert not Hold.objects.exists()
    sound()


@pytest.mark.parametrize(
    ("handling", "fen", "doc_no", "said"),
    [
        (Handling.RECOVER, None, "文1", "请填写收回资金的金额"),
        (Handling.RECOVER, 0, "文1", "请填写收回资金的金额"),
        (Handling.REDUCE, WAN, " ", "请填写调减预算的文号"),
        (Handling.CONTINUE, WAN, "", "“继续执行”没有金额"),
    ],
)
def test_an_amount_without_its_document_or_where_none_belongs_is_refused(handling, fen, doc_no, said):
    decide(handling, fen, doc_no)
    with pytest.raises(Refused, match=said):
        conclude()
    assert the_sheet().state == State.FISCAL_REVIEW
    assert not Recovery.objects.exists()


def test_the_purpose_of_the_round_decides_what_is_offered():
    rules = for_region("360111", 2022).section(HandlingRules)
    assert Handling.RECOVER not in offered_handlings("提示警示", rules)
    assert Handling.RECOVER in offered_handlings("督促完成", rules)
    assert offered_handlings("集中监控", rules) == tuple(Handling)
    assert offered_handlings("提示警示", None) == tuple(Handling)
    assert Handling.REDUCE not in offered_handlings("督促完成", load("national/2020").section(HandlingRules))


def test_what_the_purpose_does_not_offer_is_not_concluded_and_not_in_the_form():
    held = the_sheet().round
    held.purpose = "提示警示"
    held.save()
    page = text(signed_in(), reverse("reading-sheet", args=[the_sheet().pk]))
    assert 'value="recover"' not in page
    assert 'value="urge"' in page
    decide(Handling.RECOVER, WAN, "文1")
    with pytest.raises(Refused, match="本轮的用意只办理"):
        conclude()


def test_the_form_takes_the_amount_as_people_write_it():
    form = {"handling": "recover", "fen": "９．５万元", "doc_no": "文1", "advice": "取消实施", "token": "h" * 32}
    form["version"] = str(the_sheet().version)
    client = signed_in()
    assert client.post(reverse("reading-handle", args=[the_sheet().pk]), form).status_code == 303
    assert the_sheet().handling_fen == 95_000 * 100
    bad = form | {"fen": "许多", "token": "i" * 32, "version": str(the_sheet().version)}
    answer = client.post(reverse("reading-handle", args=[the_sheet().pk]), bad)
    assert answer.status_code == 422
    assert "许多" in answer.content.decode()


def test_a_stop_ends_with_a_reason_and_a_document_and_the_file_keeps_both():
    decide(Handling.SUSPEND, advice="偏离目标")
    conclude()
    hold = Hold.objects.get()
    for who, reason, doc_no in (
        (actor(Role.UNIT), "好", "文2"),
        (actor(Role.FISCAL_DIVISION), "好", "文2"),
        (actor(), "", "文2"),
        (actor(), "好", ""),
    ):
        with pytest.raises(Refused):
            release(hold, who, reason=reason, doc_no=doc_no)
    assert subject().held
    client = signed_in()
    form = {"reason": "整改到位", "doc_no": "西财〔2022〕12号", "token": "r" * 32}
    client.post(reverse("hold-release", args=[hold.pk]), form)
    assert not subject().held
    assert "解除暂停拨款（西财〔2022〕12号）：整改到位" in Note.objects.get(source__startswith="解除").text
    with pytest.raises(Refused, match="已经解除"):
        release(hold, actor(), reason="再次", doc_no="文3")
    assert "解除暂停拨款" in text(client, reverse("subject", args=[subject().pk]))
