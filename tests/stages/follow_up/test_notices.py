"""整改通知书: what a round found goes to the unit item by item, comes back with proof, and is struck off by another."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGISTERS, UNITS, YEAR, actor, day, stored, unit

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.kit import moving
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.follow_up.rectification.actions import Wording, answer, issue_notice
from jixiao.stages.follow_up.rectification.documents import paper
from jixiao.stages.follow_up.rectification.models import Notice, Rectification
from jixiao.stages.follow_up.rectification.reports import to_be_noticed
from jixiao.stages.follow_up.rectification.workflow import State
from jixiao.stages.monitoring import actions as monitoring
from jixiao.stages.monitoring.models import ReadingSheet, Round
from jixiao.stages.monitoring.rules import Handling
from jixiao.stages.monitoring.workflow import State as SheetState
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

pytestmark = pytest.mark.django_db

INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,90
2022,P2,产出指标,数量指标,设备数量,定量,≥,10,台,90
"""
SOON = timezone.localdate() + dt.timedelta(days=30)
WORDS = Wording("西财绩〔2022〕5号", SOON, "财预〔2019〕136号", "回执", "张三 0377-0000000")


@pytest.fixture(autouse=True)
def concluded_round():
    cache.clear()
    stored({"units": UNITS, "projects": PROJECTS, "indicators": INDICATORS}, (*REGISTERS, *TARGETS))
    held = monitoring.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=monitoring.after_round_step)
    ReadingSheet.objects.update(
        state=SheetState.CONCLUDED, handling=Handling.URGE, advice="加快招标", causes="其他：招标推迟"
    )


def the_round():
    return Round.objects.select_related("snapshot").get()


def unit_of(code="P1"):
    return UnitYear.objects.get(path=SubjectYear.objects.get(code=code).unit_path)


def issued(code="P1", **said):
    return issue_notice(the_round(), unit_of(code), actor(), WORDS, said)


def item_of(code="P1"):
    return Rectification.objects.get(subject_year__code=code)


def school(code="P1", user_id=7):
    who = actor(Role.UNIT, unit_path=SubjectYear.objects.get(code=code).unit_path)
    return who.__class__(user_id, "会计", who.role, who.region, who.unit_path)


def test_a_notice_carries_an_item_for_each_sheet_of_the_unit_with_what_the_round_found():
    notice = issued()
    items = list(notice.items.order_by("pk"))
    below = ReadingSheet.objects.filter(subject_year__unit_path__startswith=unit_of().path).count()
    assert len(items) == below
    item = item_of()
    assert (item.state, item.number, item.requirement) == (State.ISSUED, "西财绩〔2022〕5号-1", "加快招标")
    assert "时序进度 58.33%" in item.finding
    assert "招标推迟" in item.finding
    assert not to_be_noticed(the_round()).filter(subject_year__code="P1").exists()


def test_what_goes_on_or_was_noticed_already_is_not_asked_again():
    issued()
    with pytest.raises(Refused, match="没有要整改的事项"):
        issue_notice(the_round(), unit_of(), actor(), Wording("另一号", SOON, "", "", ""), {})
    ReadingSheet.objects.update(handling=Handling.CONTINUE)
    assert not to_be_noticed(the_round()).exists()


@pytest.mark.parametrize(
    ("who", "words", "said"),
    [
        (Role.UNIT, WORDS, "由财政绩效股下达"),
        (Role.FISCAL_DIVISION, WORDS, "由财政绩效股下达"),
        (Role.PERFORMANCE_OFFICE, Wording(" ", SOON, "", "", ""), "请填写文号"),
        (Role.PERFORMANCE_OFFICE, Wording("号", day("2001-01-01"), "", "", ""), "已经过去"),
    ],
)
def test_who_may_not_or_says_too_little_issues_nothing(who, words, said):
    with pytest.raises(Refused, match=said):
        issue_notice(the_round(), unit_of(), actor(who), words, {})
    assert not Notice.objects.exists()
    assert not Rectification.objects.exists()


def test_the_document_numbers_the_items_and_carries_the_receipt():
    notice = issued()
    document = Document(BytesIO(signed_in().get(reverse("notice-docx", args=[notice.pk])).getvalue()))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "预算绩效管理整改通知书" in words
    assert "西财绩〔2022〕5号" in words
    assert f"一、{SubjectYear.objects.get(code='P1').name}" in words
    assert f"请于{SOON.year}年{SOON.month}月{SOON.day}日前完成整改" in words
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "整改措施" in cells
    assert "加快招标" in cells
    assert paper(notice).recipient == notice.unit_name


def test_the_page_lists_who_is_due_issues_and_shows_the_same_words():
    client = signed_in()
    assert "待下达整改通知书" in text(client, reverse("notices"))
    address = f"{reverse('notice-issue')}?round={the_round().pk}&unit={unit_of().path}"
    assert "监控发现的问题" in text(client, address)
    asked = {
        sheet.pk for sheet in to_be_noticed(the_round()).filter(subject_year__unit_path__startswith=unit_of().path)
    }
    form = {"number": "绩〔2022〕6号", "due_on": SOON.isoformat(), "token": "n" * 32}
    form |= {f"requirement-{pk}": "九月底前开工" for pk in asked}
    assert client.post(address, form | {"number": ""}).status_code == 422
    assert client.post(address, form).status_code == 303
    client.post(address, form)
    notice = Notice.objects.get()
    page = text(client, reverse("notice", args=[notice.pk]))
    assert "九月底前开工" in page
    assert "绩〔2022〕6号" in page


def test_a_number_that_was_used_is_refused_and_nothing_is_half_stored():
    issued("P1")
    ReadingSheet.objects.filter(rectifications=None).update(handling=Handling.CONTINUE)
    Rectification.objects.update(reading_sheet=None)
    ReadingSheet.objects.update(handling=Handling.URGE)
    count = Rectification.objects.count()
    address = f"{reverse('notice-issue')}?round={the_round().pk}&unit={unit_of().path}"
    sheets = to_be_noticed(the_round()).filter(subject_year__unit_path__startswith=unit_of().path)
    form = {"number": WORDS.number, "due_on": SOON.isoformat(), "token": "u" * 32}
    answered = signed_in().post(address, form | {f"requirement-{sheet.pk}": "改" for sheet in sheets})
    assert answered.status_code == 422
    assert "已经用过" in answered.content.decode()
    assert (Notice.objects.count(), Rectification.objects.count()) == (1, count)


def test_the_unit_answers_with_proof_and_another_strikes_the_item_off():
    issued()
    client = signed_in(Role.UNIT, unit_of().unit)
    item = item_of()
    with pytest.raises(Refused, match="请先填写整改措施"):
        moving.move(item, "reply", school(), version=item.version, note="已办")
    done = timezone.localdate().isoformat()
    form = {"measures": "已开标", "responsible": "李四", "done_on": done, "version": item.version, "token": "m" * 32}
    assert client.post(reverse("rectification-answer", args=[item.pk]), form).status_code == 303
    stale = form | {"measures": "别的", "token": "o" * 32}
    assert client.post(reverse("rectification-answer", args=[item.pk]), stale).status_code == 409
    proof = {"file": SimpleUploadedFile("中标通知.pdf", b"%PDF-1.7 x"), "token": "p" * 32}
    client.post(reverse("rectification-attach", args=[item.pk]), proof)
    assert "中标通知.pdf" in text(client, reverse("rectification", args=[item.pk]))
    item = item_of()
    assert (item.measures, item.responsible) == ("已开标", "李四")
    item = moving.move(item, "reply", school(), version=item.version, note="已按要求整改")
    item = moving.move(item, "close", actor(), version=item.version)
    assert item_of().state == State.CLOSED


def test_who_replied_does_not_strike_off_what_he_replied():
    issued()
    item = answer(
        item_of(), school(), version=item_of().version, measures="好", responsible="", done_on=day("2022-08-01")
    )
    item = moving.move(item, "reply", school(), version=item.version, note="已办")
    same = actor(Role.DEPARTMENT, unit_path=school().unit_path)
    same = same.__class__(7, "会计", same.role, same.region, same.unit_path)
    with pytest.raises(Refused, match="不能审核自己报送的材料"):
        moving.move(item, "close", same, version=item.version)


def test_a_stranger_finds_no_notice_no_document_and_no_proof():
    notice = issued()
    stranger = signed_in(Role.UNIT, unit("302").unit)
    assert stranger.get(reverse("notice", args=[notice.pk])).status_code == 404
    assert stranger.get(reverse("notice-docx", args=[notice.pk])).status_code == 404
    assert stranger.post(reverse("rectification-answer", args=[item_of().pk]), {}).status_code == 404
    assert "西财绩" not in text(stranger, reverse("notices"))
    assert text(signed_in(Role.UNIT, unit_of().unit), reverse("notice", args=[notice.pk]))


def test_only_who_issues_notices_is_shown_who_is_due():
    assert reverse("notice-issue") in text(signed_in(), reverse("notices"))
    for role in (Role.LEADER, Role.AUDITOR):
        assert reverse("notice-issue") not in text(signed_in(role), reverse("notices"))
