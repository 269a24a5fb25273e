"""A unit fills its sheet in the browser, its department and finance review it, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored

from jixiao.domain.actors import Role
from jixiao.domain.quantities import Unreadable
from jixiao.domain.vocabulary import Likelihood
from jixiao.kit import moving
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.monitoring import actions, saying
from jixiao.stages.monitoring.models import Handling, Reading, ReadingSheet, Round
from jixiao.stages.monitoring.workflow import RoundState, State
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P2,产出指标,数量指标,资助人数,定量,≥,1000,人,50
2022,P2,效益指标,社会效益,不因贫失学,定性,,达成预期,,40
"""


@pytest.fixture(autouse=True)
def open_round():
    cache.clear()
    stored({"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS}, (*REGISTERS, *TARGETS))
    another_round(1, "2022-07-31")


def another_round(no, cutoff):
    held = actions.open_round(actor(), YEAR, no, day(cutoff), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=actions.after_round_step)


def school():
    return signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)


def the_sheet(no=1):
    return ReadingSheet.objects.get(subject_year__code="P2", round__no=no)


def page_of(sheet):
    return reverse("reading-sheet", args=[sheet.pk])


def answers(sheet, people="６００人", hope="1,000", token="a", **others):
    """A filled form as a browser posts it."""
    count, quality = sheet.readings.order_by("line__position")
    return {
        f"actual-{count.pk}": people,
        f"expected-{count.pk}": hope,
        f"likelihood-{count.pk}": "certain",
        f"actual-{quality.pk}": "达成预期",
        f"expected-{quality.pk}": "达成预期",
        f"likelihood-{quality.pk}": "possible",
        "progress": "按计划发放",
        "causes": ["money", "people"],
        "words": "资金到位晚",
        "version": str(sheet.version),
        "token": token * 32,
        **others,
    }


def save(client, sheet, **others):
    return client.post(reverse("reading-fill", args=[sheet.pk]), answers(sheet, **others))


def act(client, code, token, **others):
    sheet = the_sheet()
    form = {"move": code, "version": str(sheet.version), "token": token * 32, **others}
    return client.post(reverse("reading-move", args=[sheet.pk]), form)


def test_a_unit_saves_what_it_typed_and_full_width_digits_are_numbers():
    client, sheet = school(), the_sheet()
    assert "≥ 1000 人" in text(client, page_of(sheet))
    assert save(client, sheet).headers["Location"] == page_of(sheet)
    sheet = the_sheet()
    count, quality = sheet.readings.order_by("line__position")
    assert (count.actual, count.expected, count.likelihood) == ("600", "1000", Likelihood.CERTAIN)
    assert quality.actual == "达成预期"
    assert (sheet.progress, sheet.causes) == ("按计划发放", "经费保障、人员保障：资金到位晚")
    assert sheet.likelihood == Likelihood.POSSIBLE, "the sheet is as likely as its worst indicator"
    page = text(client, page_of(sheet))
    assert 'value="600"' in page
    assert "资金到位晚" in page


def test_words_for_a_number_come_back_at_their_field_with_the_rest_of_the_text():
    client, sheet = school(), the_sheet()
    answer = save(client, sheet, people="差不多")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "有 1 处需改" in page
    assert "“差不多”不是数字" in page
    assert page.count("资金到位晚") == 1
    assert not Reading.objects.exclude(actual="").exists()


def test_a_sheet_half_filled_can_be_saved_but_not_filed():
    client, sheet = school(), the_sheet()
    assert save(client, sheet, people="").status_code == 303
    page = text(client, page_of(sheet))
    assert "还有指标没有填写执行情况：资助人数" in page
    act(client, "submit", "b")
    assert the_sheet().state == State.DRAFT


def test_whoever_saves_second_sees_both_texts_and_loses_nothing():
    client, sheet = school(), the_sheet()
    save(client, sheet)
    answer = save(client, sheet, people="700", token="b")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "“资助人数”截至完成值" in page
    assert "<td>600</td><td>700</td>" in page
    assert "预算单位" in page, "who saved first"
    assert "按计划发放" not in page, "what is the same on both sides is no difference"
    assert the_sheet().readings.get(line__name="资助人数").actual == "600"


def test_the_form_begins_with_what_the_last_round_said():
    save(school(), the_sheet())
    another_round(2, "2022-09-30")
    page = text(signed_in(Role.UNIT, UnitYear.objects.get(code="101").unit), page_of(the_sheet(2)))
    assert "上一轮完成 600" in page
    assert 'value="600"' in page
    assert not the_sheet(2).readings.exclude(actual="").exists(), "nothing is stored before somebody saves"


def test_a_sheet_goes_from_the_unit_through_its_department_to_finance_and_is_concluded():
    unit, department = school(), signed_in(Role.DEPARTMENT, UnitYear.objects.get(code="101").unit)
    office = signed_in()
    save(unit, the_sheet())
    act(unit, "submit", "b")
    assert the_sheet().state == State.DEPARTMENT_REVIEW
    assert 'id="filling"' not in text(unit, page_of(the_sheet()))
    act(department, "forward", "c")
    assert "请填写处置意见" in text(office, page_of(the_sheet()))
    address = reverse("reading-handle", args=[the_sheet().pk])
    form = {"handling": "suspend", "advice": "先停拨", "version": str(the_sheet().version), "token": "d" * 32}
    assert office.post(address, form | {"advice": ""}).status_code == 422
    assert office.post(address, form).status_code == 303
    act(office, "conclude", "e")
    sheet = the_sheet()
    assert (sheet.state, sheet.handling) == (State.CONCLUDED, Handling.SUSPEND)
    assert sheet.subject_year.held


def test_what_was_filed_is_not_changed_any_more_and_the_page_says_why():
    client, sheet = school(), the_sheet()
    save(client, sheet)
    act(client, "submit", "b")
    answer = save(client, the_sheet(), people="999", token="c")
    assert answer.status_code == 422
    assert "监控表已经报送，退回后才能修改" in answer.content.decode()
    assert "999" in answer.content.decode()
    assert the_sheet().readings.get(line__name="资助人数").actual == "600"


def test_a_closed_round_takes_nothing_more():
    client, sheet = school(), the_sheet()
    Round.objects.update(state=RoundState.CLOSED)
    assert "本轮监控未开始或已结束" in save(client, sheet).content.decode()


def test_the_doors_are_closed_to_other_roles_and_other_units():
    sheet = the_sheet()
    township = signed_in(Role.UNIT, UnitYear.objects.get(code="201").unit)
    for client, name in ((township, "reading-fill"), (signed_in(), "reading-fill"), (school(), "reading-handle")):
        assert client.post(reverse(name, args=[sheet.pk]), answers(sheet)).status_code == 404
    department = signed_in(Role.DEPARTMENT, UnitYear.objects.get(code="101").unit)
    page = text(department, page_of(sheet))
    assert 'id="filling"' not in page
    assert 'id="handling"' not in page


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("１，２００", "1200"),
        ("1200人", "1200"),
        (" 7.50 ", "7.5"),
        ("-3", "-3"),
        ("", ""),
        ("—", ""),
        ("90％", "90%"),
    ],
)
def test_a_number_is_kept_plain(written, kept):
    assert saying.read_actual(written, "1000", "人") == kept


@pytest.mark.parametrize("written", ["差不多", "200余人", "≥300", "3到5"])
def test_what_is_no_number_is_refused_with_the_target(written):
    with pytest.raises(Unreadable, match="指标值是 1000"):
        saying.read_actual(written, "1000", "人")


def test_where_the_target_is_no_number_words_are_welcome():
    assert saying.read_actual("全部完成", "按期完成", "") == "全部完成"


@given(st.sets(st.sampled_from(saying.Cause)), st.text(alphabet="招标推迟abc，。", max_size=20))
def test_causes_are_read_as_they_were_written(classes, words):
    found, said = saying.read_causes(saying.write_causes(classes, words))
    assert (set(found), said) == (classes, words.strip())


def test_each_indicator_has_its_own_causes_and_remark_and_the_next_round_begins_with_them():
    client, sheet = school(), the_sheet()
    count = sheet.readings.get(line__name="资助人数")
    own = {f"causes-{count.pk}": ["money", "other"], f"words-{count.pk}": "名单未定", f"remark-{count.pk}": "九月发放"}
    save(client, sheet, expected_spent="1,234.5", **own)
    count.refresh_from_db()
    assert (count.causes, count.remark) == ("经费保障、其他：名单未定", "九月发放")
    assert the_sheet().expected_spent == 1_234_500_000
    page = text(client, page_of(the_sheet()))
    assert 'value="1234.5"' in page
    another_round(2, "2022-10-31")
    assert 'value="名单未定"' in text(client, page_of(the_sheet(2)))


def test_what_cannot_be_reached_needs_its_own_cause():
    client, sheet = school(), the_sheet()
    count = sheet.readings.get(line__name="资助人数")
    save(client, sheet, **{f"likelihood-{count.pk}": "impossible"})
    act(client, "submit", "b")
    assert the_sheet().state == State.DRAFT, "the cause of the money explains no indicator"
    assert "完全不可能完成的指标要说明原因：资助人数" in text(client, page_of(sheet))
    save(client, the_sheet(), token="c", **{f"likelihood-{count.pk}": "impossible", f"words-{count.pk}": "学生减少"})
    act(client, "submit", "d")
    assert the_sheet().state == State.DEPARTMENT_REVIEW
