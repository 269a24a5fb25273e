"""Target sheets on their way: opinions on cells, the grade and what follows, rounds, batches, approval, adjustment."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from docx import Document
from tests.browsing import signed_in, text
from tests.factories import actor
from tests.stages.targets.filing import (
    approved,
    department,
    filer,
    go,
    opened,
    save,
    school,
    subject,
    through,
    two_years,
)

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.filing import Desk
from jixiao.domain.policy import Policy
from jixiao.domain.vocabulary import Verdict
from jixiao.kit import moving
from jixiao.overview.todo import late_targets
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.models import BudgetLine, Clearance, SubjectYear
from jixiao.stages.monitoring import actions as monitoring
from jixiao.stages.monitoring.models import Reading
from jixiao.stages.targets import actions
from jixiao.stages.targets.models import IndicatorLine, TargetOpinion, TargetTurn, TargetVersion
from jixiao.stages.targets.reports.dates import lags
from jixiao.stages.targets.rules import TargetDateRules, TargetDates, TargetReviewRules, lagging
from jixiao.stages.targets.saying import ChangeKind, Filled, compared
from jixiao.stages.targets.workflow import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scene():
    cache.clear()
    two_years()


def page_of(version):
    return reverse("target-sheet", args=[version.pk])


def at_finance(version):
    return through(version, ("submit", filer()), ("forward", actor(Role.DEPARTMENT, unit_path="101/")))


def review(client, version, token="r", **said):
    version.refresh_from_db()
    form = {"version": str(version.version), "token": token * 32} | {k.replace("_", "-"): v for k, v in said.items()}
    return client.post(reverse("target-review", args=[version.pk]), form)


def test_marked_cells_come_back_to_the_filler_and_are_answered_by_the_next_submission():
    version, client, office = at_finance(opened()), school(), signed_in()
    said = {"kind_1": "change", "cells_1": ["target", "unit"], "said_1": "上年已到320人，请提高", "kind_2": "agree"}
    assert review(office, version, **said).status_code == 303
    go(office, version, "return", "请按意见修改")
    page = text(client, page_of(version))
    assert "1 处需改" in page
    assert 'href="#id_target-0"' in page
    assert 'class="marked"' in page
    assert "上年已到320人，请提高" in page
    version.refresh_from_db()
    save(client, version, target_0="330")
    assert TargetOpinion.objects.filter(answered_at=None).count() == 2
    go(client, version, "submit")
    assert not TargetOpinion.objects.filter(answered_at=None).exists()
    assert "重新报送" in text(office, page_of(version))


def test_an_opinion_without_words_is_refused_at_its_field():
    answer = review(signed_in(), at_finance(opened()), kind_1="remove")
    assert answer.status_code == 422
    assert "请写明“资助学生人数”怎样删去、为什么" in answer.content.decode()


def test_department_finance_and_experts_stand_together_each_with_his_own_opinion():
    version = through(opened(), ("submit", filer()))
    reviewer, office = department(), signed_in()
    review(reviewer, version, kind_1="change", said_1="人数偏低")
    go(reviewer, version, "forward")
    review(office, version, kind_1="agree")
    review(office, version, "e", expert="张教授", kind_1="change", said_1="应按在册困难学生测算")
    review(office, version, "f", expert="张教授", kind_1="agree")
    given = list(TargetOpinion.objects.order_by("party").values_list("party", "name", "kind"))
    assert given == [
        ("department", "主管部门", "change"),
        ("expert", "张教授", "agree"),
        ("finance", "绩效股", "agree"),
    ]
    page = text(office, page_of(version))
    assert "联审意见" in page
    assert "张教授" in page


def test_a_grade_too_weak_keeps_the_sheet_from_passing_and_says_what_follows():
    version, office = at_finance(opened()), signed_in()
    review(office, version, result="fair", words="产出指标偏少")
    assert "修改完善后重新报送" in text(office, page_of(version))
    go(office, version, "pass")
    version.refresh_from_db()
    assert version.state == State.FISCAL_REVIEW
    go(office, version, "return", "请完善")
    go(school(), version, "submit")
    version.refresh_from_db()
    assert version.result == "", "the next review begins afresh"
    go(department(), version, "forward")
    review(office, version, "g", result="good")
    go(office, version, "pass")
    version.refresh_from_db()
    assert version.state == State.PASSED


def test_a_department_gives_no_grade_and_nobody_reviews_what_is_not_before_him():
    version = through(opened(), ("submit", filer()))
    office = signed_in()
    assert 'id="reviewing"' not in text(office, page_of(version))
    assert review(office, version, kind_1="agree").status_code == 422
    page = text(department(), page_of(version))
    assert 'id="reviewing"' in page
    assert 'name="result"' not in page


def desks(version, *chain):
    """The version under rules with this chain of desks."""
    policy = for_region(version.region, version.year)
    setting = policy.settings[TargetReviewRules.section]["desks"]
    changed = {"desks": type(setting)([desk.label for desk in chain], setting.provenance)}
    settings = {**policy.settings, TargetReviewRules.section: policy.settings[TargetReviewRules.section] | changed}
    made = Policy(policy.name, policy.title, policy.region, policy.year, policy.layers, settings)
    version.snapshot = snapshot_of(made)
    version.save()
    return version


def test_a_long_chain_of_desks_and_a_short_one_take_the_sheet_the_way_that_the_rules_name():
    above, division = actor(Role.DEPARTMENT, unit_path="101/"), actor(Role.FISCAL_DIVISION, division="教科文股")
    office = actor()
    version = desks(opened(), Desk.DEPARTMENT, Desk.FISCAL_DIVISION, Desk.PERFORMANCE_OFFICE)
    through(
        version,
        ("submit", filer()),
        ("forward_to_division", above),
        ("forward_to_office", division),
        ("pass", office),
        ("approve", office),
    )
    assert version.state == State.APPROVED
    short = desks(
        actions.open_sheet(subject("P1"), above, horizon=version.sheet.horizon, work_year=2022),
        Desk.DEPARTMENT,
        Desk.FINANCE,
    )
    actions.fill(short, above, version_no=1, filled=Filled("维修校舍，改善办学条件", fresh(version)))
    through(short, ("submit_directly", above), ("pass", office), ("approve", office))
    assert short.state == State.APPROVED


def fresh(version):
    return tuple(replace(line, lineage="") for line in version.filled.lines)


def test_up_and_down_twice_is_kept_and_compared_by_lineage():
    version = at_finance(opened())
    office = actor()
    through(version, ("return", office))
    said = version.filled
    first, second, *rest = said.lines
    changed = Filled(said.goal, (changed_line(first, target="350"), *rest, new_line(second)))
    actions.fill(version, filer(), version_no=version.version, filled=changed)
    through(at_finance(version), ("pass", office), ("approve", office))
    turns = [(turn.no, turn.direction.label) for turn in TargetTurn.objects.order_by("id")]
    assert turns == [(1, "上"), (1, "下"), (2, "上"), (2, "下")]
    up = [Filled.of(turn.content) for turn in TargetTurn.objects.filter(direction="up").order_by("no")]
    kinds = {change.line: change.kind for change in compared(*up)}
    assert kinds == {
        "资助学生人数": ChangeKind.CHANGED,
        "发放及时率": ChangeKind.ADDED,
        "发放准确率": ChangeKind.REMOVED,
    }
    page = text(signed_in(), reverse("target-compare", args=[version.pk]) + "?" + between(version))
    assert "一上" in page
    assert "二上" in page
    assert "3 处不同" in page
    assert "350" in page


def between(version):
    first, *_, last = version.turns.filter(direction="up").order_by("no")
    return f"from=t{first.pk}&until=t{last.pk}"


def changed_line(line, **facts):
    return replace(line, **facts)


def new_line(line):
    return changed_line(line, name="发放及时率", lineage="")


def test_several_sheets_are_approved_at_once_or_none():
    first = through(at_finance(opened()), ("pass", actor()))
    above = actor(Role.DEPARTMENT, unit_path="101/")
    second = actions.open_sheet(subject("P1"), above, horizon=first.sheet.horizon, work_year=2022)
    actions.fill(second, above, version_no=1, filled=Filled("维修校舍，改善办学条件", fresh(first)))
    through(second, ("submit_directly", above), ("pass", actor()))
    office = signed_in()
    page = text(office, reverse("target-batch"))
    assert "2 份绩效目标等您办理" in page
    assert page.count('<option value="approve"') == 1
    assert "直接报送财政" not in page, "only what can be done with these sheets is offered"
    form = {"sheet": [first.pk, second.pk], "move": "approve", "token": "b" * 32}
    form |= {f"version-{one.pk}": str(one.version) for one in (first, second)}
    IndicatorLine.objects.filter(version=second).first().delete()
    answer = office.post(reverse("target-batch"), form)
    assert answer.status_code == 422
    assert "校舍维修项目：" in answer.content.decode()
    assert set(TargetVersion.objects.filter(year=2022).values_list("state", flat=True)) == {"passed"}
    form |= {"sheet": [first.pk], "token": "c" * 32}
    assert office.post(reverse("target-batch"), form).status_code == 303
    assert TargetVersion.objects.get(pk=first.pk).state == State.APPROVED


def test_an_approved_version_is_frozen_and_has_its_document_and_its_four_dates():
    version, office = approved(opened()), signed_in()
    with pytest.raises(Refused, match="已经报送"):
        actions.fill(version, filer(), version_no=version.version, filled=version.filled)
    form = {"version": str(version.version), "doc_no": "甲财绩〔2022〕8号", "token": "n" * 32}
    assert office.post(reverse("target-number", args=[version.pk]), form).status_code == 303
    version.refresh_from_db()
    form = {"version": str(version.version), "on": "2022年2月1日", "token": "d" * 32}
    assert office.post(reverse("target-disclosed", args=[version.pk]), form).status_code == 303
    version.refresh_from_db()
    assert version.disclosed_on == dt.date(2022, 2, 1)
    answer = office.get(reverse("target-approval", args=[version.pk]))
    paper = Document(BytesIO(b"".join(answer.streaming_content)))
    words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "关于2022年助学金项目绩效目标的批复" in words
    assert "甲财绩〔2022〕8号" in words
    assert "共设绩效指标4个，随预算250万元一并批复" in words
    assert paper.tables[0].rows[1].cells[2].text == "资助学生人数"
    page = text(office, page_of(version))
    assert "2022-02-01" in page or "2022年2月1日" in page


def test_the_office_selects_what_goes_to_the_congress_and_others_read_the_list():
    version, office = approved(opened()), signed_in()
    assert "助学金项目" in text(office, reverse("target-congress"))
    office.post(reverse("target-congress"), {"version": version.pk, "do": "select", "token": "s" * 32})
    reader = signed_in(Role.AUDITOR)
    assert "1 份绩效目标随预算草案报人大" in text(reader, reverse("target-congress"))
    reader.post(reverse("target-congress"), {"version": version.pk, "do": "drop", "token": "t" * 32})
    assert TargetVersion.objects.get(pk=version.pk).for_congress


def added_budget(version):
    return BudgetLine.objects.filter(subject_year=version.sheet.subject_year, phase="added").first()


def adjusted(version, **facts):
    said = {"reason": "追加预算，扩大资助面", "budget_line": added_budget(version), "budget_doc_no": ""} | facts
    return actions.adjust(version, filer(), version_no=version.version, work_year=2022, **said)


def test_an_adjustment_follows_a_budget_decision_and_the_old_version_stays_until_it_is_approved():
    version = approved(opened())
    with pytest.raises(Refused, match="请选择预算调整或填写文号"):
        adjusted(version, budget_line=None)
    new = adjusted(version)
    assert (new.no, new.adjusts, new.state) == (2, version, State.DRAFT)
    assert [line.lineage for line in new.filled.lines] == [line.lineage for line in version.filled.lines]
    with pytest.raises(Refused, match="已有一个调整正在办理"):
        adjusted(version)
    first, *rest = new.filled.lines
    filled = Filled(new.goal, (changed_line(first, target="380"), *rest))
    actions.fill(new, filer(), version_no=1, filled=filled)
    page = text(school(), page_of(new))
    assert "第 1 版在本版批复前继续有效" in page
    assert "380" in page
    version.refresh_from_db()
    assert version.state == State.APPROVED
    approved(new)
    version.refresh_from_db()
    assert (version.state, new.state) == (State.SUPERSEDED, State.APPROVED)


def test_an_adjustment_is_begun_on_the_page():
    version, client = approved(opened()), school()
    assert 'id="adjusting"' in text(client, page_of(version))
    form = {"version": str(version.version), "token": "j" * 32, "reason": "", "budget_doc_no": "甲财预〔2022〕9号"}
    assert client.post(reverse("target-adjust", args=[version.pk]), form).status_code == 422
    answer = client.post(reverse("target-adjust", args=[version.pk]), form | {"reason": "追加", "token": "k" * 32})
    new = TargetVersion.objects.get(no=2, year=2022)
    assert answer.headers["Location"] == page_of(new)
    assert new.budget_doc_no == "甲财预〔2022〕9号"


def test_readings_keep_the_lines_with_which_their_round_began():
    version = approved(opened())
    held = monitoring.open_round(actor(), 2022, 1, dt.date(2022, 7, 31), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=monitoring.after_round_step)
    new = approved(adjusted(version))
    assert new.state == State.APPROVED
    assert set(Reading.objects.values_list("line__version", flat=True)) == {version.pk}


def test_a_held_subject_is_not_approved():
    version = through(at_finance(opened()), ("pass", actor()))
    place = SubjectYear.objects.get(pk=version.sheet.subject_year_id)
    place.holds.create(region=place.region, kind="suspended", reason="停工", since=dt.date(2022, 3, 1))
    with pytest.raises(Refused, match="暂缓或停止拨款"):
        through(version, ("approve", actor()))


def test_a_budget_that_has_not_passed_the_gate_is_not_approved_and_says_why():
    version, office = at_finance(opened()), actor()
    through(version, ("pass", office))
    project = version.sheet.subject_year
    SubjectYear.objects.filter(pk=project.pk).update(initial=900_0000_00, major_policy=True)
    with pytest.raises(Refused, match="事前"):
        through(version, ("approve", office))
    assert "事前" in text(signed_in(), reverse("target-sheet", args=[version.pk]))
    facts = {"region": project.region, "verdict": Verdict.SUPPORTED, "covered": 950_0000_00, "source": "评估"}
    Clearance.objects.create(subject_year=project, **facts)
    through(version, ("approve", office))
    assert version.state == State.APPROVED


RULES = TargetDateRules(review_days=15, approve_days=30, disclose_days=21)


@pytest.mark.parametrize(
    ("dates", "today", "said"),
    [
        ({"filed": "2022-01-01"}, "2022-01-16", ""),
        ({"filed": "2022-01-01"}, "2022-01-17", "申报后 16 天还没有审核通过（应在 15 天内）"),
        ({"filed": "2022-01-01", "passed": "2022-01-05"}, "2022-02-04", ""),
        ({"filed": "2022-01-01", "passed": "2022-01-05"}, "2022-02-05", "审核通过后 31 天还没有批复"),
        ({"approved": "2022-01-05"}, "2022-01-26", ""),
        ({"approved": "2022-01-05"}, "2022-01-27", "批复后 22 天还没有公开"),
        ({"approved": "2022-01-05", "disclosed": "2022-03-01"}, "2022-05-01", ""),
        ({"approved": "2022-01-05", "withheld": True}, "2022-05-01", ""),
        ({}, "2022-05-01", ""),
    ],
)
def test_what_waits_longer_than_the_rules_allow_lags(dates, today, said):
    stood = TargetDates(
        **{name: dt.date.fromisoformat(on) if isinstance(on, str) else on for name, on in dates.items()}
    )
    found = lagging(stood, dt.date.fromisoformat(today), RULES)
    assert said in found
    assert bool(found) is bool(said)


def test_the_page_of_dates_names_what_lags(monkeypatch, django_assert_num_queries):
    version, office = approved(opened()), signed_in()
    address, later = f"{reverse('target-dates')}?year=2022", timezone.localdate() + dt.timedelta(40)
    assert "没有滞后的绩效目标" in text(office, address)
    with django_assert_num_queries(2):
        assert [lag.version.pk for lag in lags(actor(), 2022, later)] == [version.pk]
    assert [todo.name for todo in late_targets(actor(), 2022, later)] == ["1 份绩效目标审核、批复、公开滞后"]
    assert late_targets(filer(), 2022, later) == []
    monkeypatch.setattr("jixiao.stages.targets.views.dates.lags", lambda who, year, _: lags(who, year, later))
    assert "批复后 40 天还没有公开（应在 21 天内）" in text(office, address)
    assert lags(actor(), 2021, later) == [], "recorded history never lags"


def test_a_department_gets_one_approval_for_everything_below_it_and_strangers_none():
    approved(opened())
    place = UnitYear.objects.get(code="101", year=2022)
    address = reverse("target-department-approval", args=[place.pk])
    office = signed_in()
    written = Document(BytesIO(office.get(address).getvalue()))
    words = "\n".join(paragraph.text for paragraph in written.paragraphs)
    assert "关于2022年甲县教育局绩效目标的批复" in words
    assert "同意绩效目标1份" in words
    assert "资助学生人数" in "".join(cell.text for table in written.tables for row in table.rows for cell in row.cells)
    township = UnitYear.objects.get(code="201", year=2022)
    assert signed_in(Role.DEPARTMENT, township.unit).get(address).status_code == 404
    assert office.get(reverse("target-department-approval", args=[township.pk])).status_code == 302
