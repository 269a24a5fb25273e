"""部门整体试点: registered by the office, three steps in order, widening year by year."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import REGISTERS, UNITS, actor, stored

from jixiao.domain.actors import Role
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.targets.models import Pilot
from jixiao.stages.targets.rules import PilotSteps, keeps_pilots
from jixiao.stages.targets.views.pilots import widening

pytestmark = pytest.mark.django_db
TODAY = dt.date(2022, 6, 1)


@pytest.fixture(autouse=True)
def units():
    cache.clear()
    stored({"units": UNITS}, REGISTERS)


def unit(code="101"):
    return UnitYear.objects.get(code=code)


def post(client, pk=None, token="p", version=0, **said):
    address = reverse("target-pilot", args=[pk]) if pk else reverse("target-pilots")
    form = {"unit": str(unit().unit_id), "version": str(version), "token": token * 32}
    return client.post(address, form | said)


def test_the_office_registers_a_unit_and_later_its_steps():
    office = signed_in()
    assert "还没有部门整体绩效管理试点" in text(office, reverse("target-pilots"))
    assert post(office, framework_on="2021-10-08").status_code == 303
    pilot = Pilot.objects.get()
    assert (pilot.unit_name, pilot.year, pilot.version) == ("甲县教育局", 2022, 1)
    said = {"framework_on": "2021-10-08", "targets_on": "2022年1月5日"}
    assert post(office, pilot.pk, "q", 1, **said).status_code == 303
    page = text(office, reverse("target-pilots"))
    assert "到 2022 年，1 个单位参加" in page
    assert "待自评" in page
    assert "50%" in page
    assert "试点单位" in text(office, reverse("overall-targets"))


def test_who_saves_second_keeps_his_text_and_overwrites_nothing():
    office = signed_in()
    post(office, framework_on="2021-10-08")
    pilot = Pilot.objects.get()
    post(office, pilot.pk, "q", 1, framework_on="2021-10-09")
    answer = post(office, pilot.pk, "r", 1, framework_on="2021-10-10")
    assert answer.status_code == 409
    for shown in ("2021-10-10", "2021-10-09", "指标体系构建日期"):
        assert shown in answer.content.decode()
    assert Pilot.objects.get().framework_on == dt.date(2021, 10, 9)


def test_two_who_register_the_same_unit_the_second_sees_what_the_first_wrote():
    office = signed_in()
    post(office, framework_on="2021-10-08")
    answer = post(office, None, "s", framework_on="2021-10-10")
    assert answer.status_code == 409
    assert "2021-10-08" in answer.content.decode()
    assert "2021-10-10" in answer.content.decode()
    assert Pilot.objects.get().version == 1


def test_others_read_and_do_not_register():
    post(signed_in(), framework_on="2021-10-08")
    department = signed_in(Role.DEPARTMENT, unit().unit)
    assert "登记" not in text(department, reverse("target-pilots")).split("<main", 1)[1]
    assert department.get(reverse("target-pilot", args=[Pilot.objects.get().pk])).status_code == 404
    assert post(department, None, "z", framework_on="2021-10-08").status_code == 422
    assert Pilot.objects.get().version == 1


def day(text):
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (("", "", ""), ""),
        (("2021-10-08", "2022-01-05", "2022-06-01"), ""),
        (("2021-10-08", "2021-10-08", ""), ""),
        (("", "2022-01-05", ""), "请先填指标体系构建日期"),
        (("2021-10-08", "", "2022-05-01"), "请先填目标设置日期"),
        (("2022-01-06", "2022-01-05", ""), "目标设置日期不能早于指标体系构建日期"),
        (("2022-06-02", "", ""), "指标体系构建日期在今天之后"),
    ],
)
def test_steps_follow_each_other_and_none_lies_ahead(steps, said):
    reasons = "；".join(keeps_pilots(actor(), PilotSteps(*map(day, steps)), TODAY).reasons)
    assert said in reasons
    assert bool(reasons) is bool(said)


def test_the_circle_widens_year_by_year_and_a_unit_counts_once():
    rows = [
        Pilot(unit_id=1, year=2019, self_evaluated_on=TODAY),
        Pilot(unit_id=1, year=2020),
        Pilot(unit_id=2, year=2021),
    ]
    found = [(one.year, one.begun, one.taking_part, one.finished) for one in widening(rows, 8)]
    assert found == [(2019, 1, 1, 1), (2021, 1, 2, 1)]
    assert widening(rows, 8)[-1].rate == 25
