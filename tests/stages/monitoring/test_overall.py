"""部门整体 beside the projects: its money is that of the projects below it, and no sum counts it twice."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGION, REGISTERS, UNITS, YEAR, actor, day, run_import, stored

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit import moving
from jixiao.kit.figures import Scope, answer
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Payment, SubjectYear
from jixiao.registers.subjects.spending import payments_of, spent
from jixiao.stages.monitoring import actions
from jixiao.stages.monitoring.documents import report
from jixiao.stages.monitoring.figures import FIGURES
from jixiao.stages.monitoring.importer import IMPORTERS as MONITORING
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.monitoring.rules import Handling
from jixiao.stages.targets.importer import IMPORTERS as TARGETS
from jixiao.stages.targets.models import TargetVersion

pytestmark = pytest.mark.django_db
ALL = (*REGISTERS, *TARGETS, *MONITORING)
INDICATORS = """年度,项目编码,对象类型,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
2022,P2,,产出指标,数量指标,资助人数,定量,≥,1000,人,90
2022,101,部门整体,产出指标,数量指标,办学学校数,定量,=,12,所,90
"""
OVERALL = "工作年度,对象年度,单位编码,总体目标,指标数\n2022,2022,201,建好镇,9\n2022,2022,101,办好学,12\n"
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额
2022,P1,V1,2022-05-01,100000.01
2022,P2,V2,2022-06-01,2000000
2022,Z1,V3,2022-06-01,700
2022,P2,V4,2022-08-01,5
"""


@pytest.fixture(autouse=True)
def open_round():
    cache.clear()
    stored({"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "payments": PAYMENTS}, ALL)
    held = actions.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=actions.after_round_step)


def overall():
    return ReadingSheet.objects.with_spent().get(subject_year__kind=SubjectKind.DEPARTMENT_OVERALL)


def pay(voucher, fen, on="2022-02-01", code="101"):
    mine = SubjectYear.objects.get(code=code)
    facts = {"region": mine.region, "year": 2022, "code": code, "paid_on": day(on), "recorded_at": timezone.now()}
    Payment.objects.create(subject_year=mine, voucher=voucher, fen=fen, **facts)


def test_a_department_is_taken_in_with_the_money_of_its_own_and_its_units_projects():
    sheet = overall()
    assert sheet.budget == (100 + 200 + 50) * 10_000_00
    assert sheet.spent == 210_000_001, "P1 of the department, P2 of its school; not the town's Z1, not August"
    assert [reading.line.name for reading in sheet.readings.all()] == ["办学学校数"]


def test_its_own_payments_count_beside_those_of_its_projects():
    pay("V9", 99)
    mine = SubjectYear.objects.get(code="101")
    assert overall().spent == 210_000_100
    assert sum(payment.fen for payment in payments_of(mine, day("2022-07-31")).up_to(day("2022-07-31"))) == 210_000_100


def test_both_forms_of_the_sum_agree_for_every_subject():
    pay("V9", 99)
    for subject in SubjectYear.objects.annotate(spent=spent("pk", {}, Q())):
        assert subject.spent == sum(payment.fen for payment in payments_of(subject, day("2022-12-31"))), subject.code


def test_no_sum_counts_the_money_twice():
    held = Round.objects.get()
    page = text(signed_in(), reverse("monitoring-round", args=[held.pk]))
    assert "2 个项目，" in page
    assert "另有部门整体 1 个" in page
    assert value("monitoring.projects") == "2"
    assert value("monitoring.amount") == "350"
    words = str(report(held, actor(), day("2022-09-01")))
    assert "项目2个" in words
    assert "另监控部门整体支出1个" in words
    assert "不与项目相加" in words


def value(key):
    figure = next(figure for figure in FIGURES if figure.key == key)
    return str(answer(figure, Scope(REGION, YEAR, actor())).value)


def test_a_department_fills_its_own_sheet_and_money_is_handled_at_the_projects():
    page = text(
        signed_in(Role.DEPARTMENT, UnitYear.objects.get(code="101").unit),
        reverse("reading-sheet", args=[overall().pk]),
    )
    assert "逐项填报" in page
    assert set(overall().offered()).isdisjoint({Handling.RECOVER, Handling.REDUCE, Handling.SUSPEND})
    assert Handling.URGE in overall().offered()


def test_a_unit_below_sees_nothing_of_its_departments_sheet():
    school = signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)
    assert school.get(reverse("reading-sheet", args=[overall().pk])).status_code == 404


def test_a_department_without_indicators_is_left_out_and_said():
    stored(
        {
            "units": UNITS,
            "projects": PROJECTS,
            "overall_targets": "工作年度,对象年度,单位编码,总体目标,指标数\n2022,2022,201,建好镇,9\n",
        },
        ALL,
    )
    page = text(signed_in(), reverse("monitoring-round", args=[Round.objects.get().pk]))
    assert "甲县城关镇" in page
    assert "没有批复的绩效目标" in page


def test_goal_and_indicators_come_in_two_tables_and_neither_undoes_the_other():
    both = {"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS, "overall_targets": OVERALL}
    stored(both, ALL)
    again = stored(both, ALL)
    assert {key: (counts["new"], counts["changed"]) for key, counts in again.counts.items()} == dict.fromkeys(
        again.counts, (0, 0)
    )
    version = TargetVersion.objects.get(sheet__subject_year__code="101")
    assert (version.goal, version.lines.count()) == ("办好学", 1)


def test_recorded_sheets_of_departments_name_their_kind():
    table = (
        "年度,监控轮次,截止日期,监控性质,项目编码,对象类型,全年预算,累计执行\n"
        "2021,1,2021-07-31,重点监控,101,部门整体,100,10\n"
    )
    targets = INDICATORS.replace("2022,", "2021,").split("\n")
    older = {"units": UNITS, "indicators": "\n".join([targets[0], targets[3], ""])}
    stored(older, ALL, year=2021)
    stored({"monitoring": table}, ALL, year=2021)
    assert ReadingSheet.objects.get(year=2021).subject_year.kind is SubjectKind.DEPARTMENT_OVERALL
    wrong = run_import({"monitoring": table.replace(",部门整体,", ",,")}, ALL, year=2021)
    assert "项目库中没有" in str(wrong.problems)
