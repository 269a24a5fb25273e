"""合并与改码: a project goes on in another, its money with it, and what was frozen before stays as it was."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.kit import moving
from jixiao.policies import for_region
from jixiao.registers.subjects.linking import join, part
from jixiao.registers.subjects.models import LinkKind, SubjectLink, SubjectYear
from jixiao.registers.subjects.spending import payments_of
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.monitoring.reports.live import standings
from jixiao.stages.monitoring.workflow import RoundState
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db
INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
2022,P2,产出指标,数量指标,资助人数,定量,≥,1000,人,90
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额
2022,P1,V1,2022-03-01,100
2022,P2,V2,2022-03-01,7
2022,P1,V3,2022-09-01,1000
"""


@pytest.fixture(autouse=True)
def registers():
    cache.clear()
    stored(
        {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}, (*REGISTERS, *TARGETS)
    )


def of(code):
    return SubjectYear.objects.get(code=code)


def joined(source="P1", target="P2", on="2022-06-01", **said):
    facts = {"kind": LinkKind.MERGE, "on": day(on), "reason": "机构改革", "doc_no": "甲财〔2022〕9号"} | said
    return join(of(source), of(target) if target else None, actor(), **facts)


def held(no, cutoff):
    opened = actions.open_round(actor(), YEAR, no, day(cutoff), "集中监控")
    moving.move(opened, "open", actor(), version=opened.version, effect=actions.after_round_step)
    return opened


def frozen(opened):
    ReadingSheet.objects.filter(round=opened).update(state="concluded")
    current = Round.objects.get(pk=opened.pk)
    moving.move(current, "close", actor(), version=current.version, effect=actions.after_round_step)


def spent(opened):
    rows = ReadingSheet.objects.with_spent().filter(round=opened)
    return {sheet.subject_year.code: (sheet.budget, sheet.spent) for sheet in rows.select_related("subject_year")}


def test_a_later_round_looks_at_both_in_one_with_both_budgets_and_all_money():
    joined()
    second = held(1, "2022-10-31")
    assert spent(second) == {"P2": (350_0000_00, 1107_00)}
    page = text(signed_in(), reverse("monitoring-round", args=[second.pk]))
    assert "已并入“助学金项目”，资金计入该项目" in page


def test_a_round_whose_cutoff_was_before_looks_at_both():
    joined(on="2022-08-01")
    assert spent(held(1, "2022-07-31")) == {"P1": (100_0000_00, 100_00), "P2": (250_0000_00, 7_00)}


def test_a_frozen_round_stays_whatever_is_joined_or_parted_afterwards():
    first = held(1, "2022-07-31")
    frozen(first)
    before = spent(first)
    link = joined(on="2022-01-01")
    assert spent(first) == before
    second = held(2, "2022-10-31")
    frozen(second)
    with_both = spent(second)
    assert with_both == {"P2": (350_0000_00, 1107_00)}
    part(link, actor(), "填错了项目")
    assert spent(second) == with_both
    assert spent(held(3, "2022-11-30"))["P1"] == (100_0000_00, 1100_00)
    assert Round.objects.filter(state=RoundState.CLOSED).count() == 2


def test_between_the_rounds_both_stand_as_one():
    joined()
    found = standings(actor(), YEAR, day("2022-10-01"), for_region("999999", YEAR))
    assert [(one.subject.code, one.facts.spent) for one in found] == [("P2", 1107_00)]
    assert sum(payment.fen for payment in payments_of(of("P2"), day("2022-10-01"))) == 1107_00
    assert sum(payment.fen for payment in payments_of(of("P2"), day("2022-05-01"))) == 7_00


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target": None}, "没有这个并入的项目"),
        ({"target": "P1"}, "不能并入自己"),
        ({"on": "2021-12-31"}, "日期应在 2022 年之内"),
        ({"reason": " "}, "请填写原因"),
        ({"doc_no": ""}, "请填写文号"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(change, said):
    with pytest.raises(Refused, match=said):
        joined(**change)
    assert not SubjectLink.objects.exists()


def test_there_are_no_chains_and_nothing_is_joined_twice():
    joined()
    for source, target, said in (
        ("P1", "Z1", "已经并入其他项目"),
        ("P2", "Z1", "已有项目并入"),
        ("Z1", "P1", "自己已并入"),
    ):
        with pytest.raises(Refused, match=said):
            joined(source, target)


def test_the_office_joins_and_parts_in_the_browser_and_nobody_else():
    client, address = signed_in(), reverse("subject-link", args=[of("P1").pk])
    form = {"kind": "recode", "code": "Ｐ2", "on": "2022-06-01", "reason": "新编码", "doc_no": "1号", "token": "a" * 32}
    assert client.post(address, form | {"code": "没有"}).status_code == 422
    for _ in range(3):
        client.post(address, form | {"token": "b" * 32})
    link = SubjectLink.objects.get()
    assert link.target == of("P2")
    assert "已并入“助学金项目”" in text(client, address)
    assert "自 2022-06-01 起并入：" in text(client, reverse("subject", args=[of("P1").pk]))
    undo = {"link": link.pk, "reason": "填错", "token": "c" * 32}
    client.post(reverse("subject-unlink", args=[of("P2").pk]), undo)
    assert SubjectLink.objects.filter(withdrawn_at=None).exists(), "it is not a link of that project"
    client.post(reverse("subject-unlink", args=[of("P1").pk]), undo)
    assert not SubjectLink.objects.filter(withdrawn_at=None).exists()
    with pytest.raises(Refused, match="由财政绩效股办理"):
        join(of("P1"), of("P2"), actor(Role.UNIT), kind=LinkKind.MERGE, on=day("2022-06-01"), reason="好", doc_no="1号")
