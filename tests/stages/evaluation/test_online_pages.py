"""The pages of an evaluation as they are filled in: the whole way, errors at their fields, a late save, its papers."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from docx import Document
from tests.browsing import text
from tests.stages.evaluation.online import county, describe, engage, fresh, office, opened, person, plan, take, worked
from tests.stages.evaluation.test_engagement import browser

from jixiao.domain.actors import Role
from jixiao.domain.quantities import plain
from jixiao.stages.evaluation.models import Evaluation, Framework
from jixiao.stages.evaluation.workflow import FrameworkState

pytestmark = pytest.mark.django_db
WORDS = ("一、基本情况", "二、评价工作开展情况", "三、综合评价情况及评价结论", "四、绩效评价指标分析")
MORE = ("五、主要经验及做法、存在的问题及原因分析", "六、有关建议", "七、其他需要说明的问题")


@pytest.fixture(autouse=True)
def _county():
    cache.clear()
    county()


def posted(client, name, pk=None, **said):
    return client.post(reverse(name, args=[pk] if pk else []), said)


def test_the_office_opens_an_evaluation_and_a_wrong_code_is_named_at_its_field():
    client = browser(office())
    wrong = posted(client, "evaluation-opening", code="P9", subject_year=2022, method="key")
    assert wrong.status_code == 422
    assert "这一年没有这个编码的对象" in wrong.content.decode()
    right = posted(client, "evaluation-opening", code="P1", subject_year=2022, method="key", token="a")
    again = posted(client, "evaluation-opening", code="P1", subject_year=2022, method="key", token="a")
    sheet = Evaluation.objects.get()
    assert right.headers["Location"] == again.headers["Location"] == reverse("evaluation", args=[sheet.pk])
    twice = posted(client, "evaluation-opening", code="P1", subject_year=2022, method="key", token="b")
    assert twice.status_code == 422
    assert "已有一项在办" in twice.content.decode()


def test_each_page_of_the_work_opens_for_its_worker_and_says_no_to_the_others():
    sheet, one = opened(), office()
    client, stranger = browser(one), browser(person(Role.DEPARTMENT, unit_path="101/"))
    names = ("framework", "items", "step", "entrust", "invite")
    assert {n: client.get(reverse(f"evaluation-{n}", args=[sheet.pk])).status_code for n in names} == dict.fromkeys(
        names, 200
    )
    assert {stranger.get(reverse(f"evaluation-{n}", args=[sheet.pk])).status_code for n in names} == {404}
    plan(sheet, one)
    take(sheet, "notify", one)
    take(sheet, "begin", one)
    for name in ("papers", "describe"):
        assert client.get(reverse(f"evaluation-{name}", args=[sheet.pk])).status_code == 200
    cache.clear()
    denied = client.get(reverse("evaluation-items", args=[sheet.pk]))
    assert denied.headers["Location"] == reverse("evaluation", args=[sheet.pk])


def test_papers_are_saved_from_the_page_with_errors_at_their_fields_and_a_late_one_keeps_its_text():
    sheet, one = opened(), office()
    plan(sheet, one)
    take(sheet, "notify", one)
    take(sheet, "begin", one)
    client, found = browser(one), fresh(sheet)
    first = found.marks.order_by("position").first()
    said = {f"points-{first.pk}": "3.5", f"found-{first.pk}": "批复齐全", "version": found.version}
    wrong = posted(client, "evaluation-papers", sheet.pk, **said)
    assert wrong.status_code == 422
    assert "立项依据充分性：得分" in wrong.content.decode()
    assert "批复齐全" in wrong.content.decode()
    right = posted(client, "evaluation-papers", sheet.pk, **(said | {f"points-{first.pk}": "2.5"}))
    assert right.status_code == 303
    late = posted(client, "evaluation-papers", sheet.pk, **(said | {f"points-{first.pk}": "1"}))
    assert late.status_code == 409
    first.refresh_from_db()
    assert (plain(first.points), first.found) == ("2.5", "批复齐全")


def test_the_report_follows_the_outline_and_its_score_table_equals_the_page():
    sheet, one = opened(), office()
    worked(sheet, one)
    describe(sheet, one)
    client = browser(one)
    response = client.get(reverse("evaluation-report-docx", args=[sheet.pk]))
    document = Document(io.BytesIO(b"".join(response.streaming_content)))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert [line for line in said if line in (*WORDS, *MORE)] == [*WORDS, *MORE]
    assert any("实际到位资金60万元" in line and "80%" in line for line in said)
    assert [line for line in said if line.startswith(("1.", "2."))] == [
        "1.执行率偏低：合同签订迟",
        "1.加快支付",
        "2.完善办法",
    ]
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    money = next(table for table in tables if table[0][0].startswith("年初预算"))
    assert money[1] == ["100", "96", "48"]
    scores = next(table for table in tables if table[0][:3] == ["一级指标", "二级指标", "三级指标"])
    marks = list(fresh(sheet).marks.order_by("position"))
    assert [row[2:] for row in scores[1:-1]] == [[m.name, plain(m.weight), plain(m.points)] for m in marks]
    assert scores[-1][-1] == plain(fresh(sheet).total) == "99.5"
    page = text(client, reverse("evaluation", args=[sheet.pk]))
    for mark in marks:
        assert f'<td class="n">{plain(mark.weight)}</td><td class="n">{plain(mark.points)}</td>' in page


def test_the_unit_sees_no_points_before_the_exchange_of_views():
    sheet, one = opened(), office()
    unit = browser(person(Role.UNIT, "accountant", unit_path="101/"))
    assert unit.get(reverse("evaluation", args=[sheet.pk])).status_code == 404, "not yet notified"
    unit_actor = person(Role.UNIT, "accountant", unit_path="101/")
    assert list(Evaluation.objects.visible_to(unit_actor)) == []
    take(sheet, "notify", one)
    assert list(Evaluation.objects.visible_to(unit_actor)) == [fresh(sheet)]


def test_a_notice_names_the_unit_the_object_and_the_days_for_a_reply():
    sheet, one = opened(), office()
    take(sheet, "notify", one)
    page = text(browser(one), reverse("evaluation-notice", args=[sheet.pk]))
    assert "甲县教育局" in page
    assert "10日内反馈意见" in page
    word = browser(one).get(reverse("evaluation-notice-docx", args=[sheet.pk]))
    assert (
        "关于开展校舍维修项目财政重点评价的通知"
        in Document(io.BytesIO(b"".join(word.streaming_content))).paragraphs[0].text
    )


def test_an_agency_finds_its_evaluation_with_the_pages_it_fills_in():
    sheet, one = opened(), office()
    agency = person(Role.AGENCY)
    engage(sheet, agency)
    take(sheet, "notify", one)
    client = browser(agency)
    page = text(client, reverse("evaluation", args=[sheet.pk]))
    assert "调整评价指标" in page
    assert "委托第三方机构" not in page
    assert client.get(reverse("evaluation-items", args=[sheet.pk])).status_code == 200
    assert client.get(reverse("evaluation-entrust", args=[sheet.pk])).status_code == 404


def test_a_region_drafts_its_own_framework_another_approves_it_and_evaluations_use_it():
    one, two = office(), office("office-two")
    client = browser(one)
    assert client.get(reverse("evaluation-frameworks")).status_code == 200
    posted(client, "evaluation-framework-draft", kind="project", title="甲县项目评价指标体系", token="t")
    made = Framework.objects.get()
    assert (made.items.count(), made.edition, made.state) == (17, 1, FrameworkState.DRAFT)
    edit, sheet = (
        reverse("evaluation-framework-edit", args=[made.pk]),
        reverse("evaluation-framework-sheet", args=[made.pk]),
    )
    assert client.get(edit).status_code == 200
    said = {"title": made.title, "source": "甲财〔2023〕1号", "version": 1}
    rows = [("决策", "依据", "40"), ("产出", "数量", "60")]
    for n, (level1, name, weight) in enumerate(rows):
        said |= {f"level1-{n}": level1, f"name-{n}": name, f"weight-{n}": weight, f"criteria-{n}": "按程度计分"}
    assert client.post(edit, said | {"level1-0": ""}).status_code == 422
    assert client.post(edit, said).status_code == 303
    made.refresh_from_db()
    assert [item.name for item in made.items.order_by("position")] == ["依据", "数量"]
    move = reverse("evaluation-framework-move", args=[made.pk])
    client.post(move, {"move": "submit", "version": made.version})
    client.post(move, {"move": "approve", "version": made.version + 1})
    made.refresh_from_db()
    assert made.state == FrameworkState.REVIEW, "nobody approves his own"
    browser(two).post(move, {"move": "approve", "version": made.version})
    made.refresh_from_db()
    assert made.state == FrameworkState.APPROVED
    assert client.get(sheet).status_code == 200
    opened_now = opened()
    assert (opened_now.framework_id, opened_now.marks.count()) == (made.pk, 2)


def test_a_framework_that_does_not_weigh_results_or_add_up_is_not_submitted():
    one = office()
    client = browser(one)
    posted(client, "evaluation-framework-draft", kind="project", title="偏科", token="t")
    made = Framework.objects.get()
    made.items.filter(level1="效益").delete()
    client.post(reverse("evaluation-framework-move", args=[made.pk]), {"move": "submit", "version": 1})
    made.refresh_from_db()
    assert made.state == FrameworkState.DRAFT
    page = text(client, reverse("evaluation-framework-sheet", args=[made.pk]))
    assert "分值合计应为 100 分，现为 70 分" in page
    assert "产出、效益指标分值合计应不低于 60 分，现为 30 分" in page
