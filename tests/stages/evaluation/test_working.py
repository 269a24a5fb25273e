"""An evaluation from its notice to its conclusion: who may, what is missing, what is frozen."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.stages.evaluation.online import (
    county,
    describe,
    engage,
    fresh,
    office,
    opened,
    papers,
    person,
    plan,
    take,
    worked,
    write,
)

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.grades import Grade
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit import moving
from jixiao.kit.acting import Stale
from jixiao.registers.subjects.models import Outcome
from jixiao.stages.evaluation.actions import open_evaluation, working
from jixiao.stages.evaluation.invariants import INVARIANTS
from jixiao.stages.evaluation.models import Evaluation, ProcedureKind
from jixiao.stages.evaluation.reports.sheets import rate, timeline
from jixiao.stages.evaluation.workflow import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county():
    county()


def reasons(sheet, code, who):
    return "；".join(moving.decide(fresh(sheet), code, who, "·").reasons)


def unit():
    return person(Role.UNIT, "accountant", unit_path="101/")


def replied(sheet, objections=None, overall="同意"):
    found = fresh(sheet)
    return working.reply(found, unit(), objections or {}, overall, version=found.version)


def test_an_evaluation_goes_from_notice_to_conclusion_and_freezes():
    sheet, one, two = opened(), office(), office("office-two")
    worked(sheet, one)
    assert (fresh(sheet).total, fresh(sheet).grade) == (Decimal("99.5"), Grade.EXCELLENT)
    assert "还没有反馈意见" in reasons(sheet, "submit", one)
    replied(sheet)
    take(sheet, "submit", one)
    assert "不能审核自己报送的材料" in reasons(sheet, "conclude", one)
    take(sheet, "conclude", two)
    done = fresh(sheet)
    assert (done.state, done.total, done.concluded_on) == (State.CONCLUDED, Decimal("99.5"), timezone.localdate())
    outcome = Outcome.objects.get(stage="evaluation")
    assert (outcome.total, outcome.source) == (Decimal("99.5"), sheet.reference)
    with pytest.raises(Refused, match="现在不能修改"):
        write(sheet, one)
    assert [text for invariant in INVARIANTS for text in invariant.check()] == []


def test_the_procedure_is_dated_by_the_steps_and_names_what_was_not_done():
    sheet, one = opened(), office()
    worked(sheet, one)
    found = fresh(sheet)
    day = timezone.localdate() - dt.timedelta(days=1)
    working.note_step(
        found, one, kind=ProcedureKind.FIELDWORK, on=day, who="张三、李四", note="查看现场", version=found.version
    )
    stages = {stage.kind: stage for stage in timeline(fresh(sheet), ["plan"])}
    assert [kind for kind, stage in stages.items() if not stage.entries] == [
        ProcedureKind.PAPERS,
        ProcedureKind.CONCLUSION,
        ProcedureKind.REPORT,
        ProcedureKind.ARCHIVE,
    ]
    assert (stages[ProcedureKind.PLAN].papers, stages[ProcedureKind.FIELDWORK].entries[0].who) == (1, "张三、李四")
    tomorrow, found = timezone.localdate() + dt.timedelta(days=1), fresh(sheet)
    with pytest.raises(Refused, match="不能晚于今天"):
        working.note_step(found, one, kind=ProcedureKind.ARCHIVE, on=tomorrow, who="", note="", version=found.version)


def test_nothing_goes_on_without_its_plan_its_papers_and_its_amounts():
    sheet, one = opened(), office()
    take(sheet, "notify", one)
    assert "请先附上评价方案" in reasons(sheet, "begin", one)
    plan(sheet, one)
    take(sheet, "begin", one)
    assert "还有指标没有评分" in reasons(sheet, "consult", one)
    assert "还有指标没有底稿" in reasons(sheet, "consult", one)
    write(sheet, one)
    take(sheet, "consult", one)
    found = fresh(sheet)
    Evaluation.objects.filter(pk=found.pk).update(used=None)
    assert "三个资金量" in reasons(sheet, "submit", one)
    assert "请登记发现的问题或意见建议" in reasons(sheet, "submit", one)


def test_points_lie_between_nothing_and_the_weight_and_a_late_save_loses():
    sheet, one = opened(), office()
    plan(sheet, one)
    take(sheet, "notify", one)
    take(sheet, "begin", one)
    for points in ("-0.01", "3.01"):
        with pytest.raises(Refused, match="应在 0 至 3 分之间"):
            write(sheet, one, points)
    seen = fresh(sheet)
    write(sheet, one, "3")
    with pytest.raises(Stale):
        working.write_papers(seen, one, papers()(seen), version=seen.version)


def test_items_are_tailored_while_the_plan_is_made_and_must_weigh_results():
    sheet, one = opened(), office()
    found = fresh(sheet)
    item = {"level1": "决策", "level2": "", "name": "依据", "weight": Decimal(41), "explanation": "", "criteria": ""}
    light = [item, {**item, "level1": "产出", "name": "数量", "weight": Decimal(59)}]
    working.tailor(found, one, light, version=found.version)
    plan(sheet, one)
    take(sheet, "notify", one)
    assert "产出、效益指标分值合计应不低于 60 分" in reasons(sheet, "begin", one)
    found = fresh(sheet)
    heavy = [{**item, "weight": Decimal(40)}, {**light[1], "weight": Decimal(60)}]
    working.tailor(found, one, heavy, version=found.version)
    take(sheet, "begin", one)
    found = fresh(sheet)
    with pytest.raises(Refused, match="现在不能修改"):
        working.tailor(found, one, light, version=found.version)


def test_the_execution_rate_of_an_evaluation_is_divided_by_what_arrived():
    sheet, one = opened(), office()
    plan(sheet, one)
    take(sheet, "notify", one)
    take(sheet, "begin", one)
    describe(sheet, one)
    found = fresh(sheet)
    assert (found.initial, found.arranged, found.used, rate(found)) == (
        100_0000_00,
        96_0000_00,
        48_0000_00,
        Decimal(80),
    )
    found.received = None
    assert rate(found) is None


def test_the_unit_replies_itself_within_its_days_and_each_objection_is_answered():
    sheet, one = opened(), office()
    worked(sheet, one)
    found = fresh(sheet)
    assert found.reply_by == timezone.localdate() + dt.timedelta(days=10)
    mark = found.marks.order_by("position").first()
    with pytest.raises(Refused, match="由被评价单位填写"):
        working.reply(found, one, {}, "同意", version=found.version)
    replied(sheet, {mark.pk: "依据充分，有批复"}, "部分同意")
    assert "还有 1 条异议没有答复" in reasons(sheet, "submit", one)
    found = fresh(sheet)
    working.settle(found, one, {mark.pk: "采纳，已调整"}, version=found.version)
    assert reasons(sheet, "submit", one) == ""
    Evaluation.objects.filter(pk=sheet.pk).update(reply_by=timezone.localdate() - dt.timedelta(days=1))
    with pytest.raises(Refused, match=r"已于 .* 截止"):
        replied(sheet)


def test_without_a_reply_it_goes_on_the_day_after_the_deadline():
    sheet, one = opened(), office()
    worked(sheet, one)
    Evaluation.objects.filter(pk=sheet.pk).update(reply_by=timezone.localdate())
    assert "还没有反馈意见" in reasons(sheet, "submit", one)
    Evaluation.objects.filter(pk=sheet.pk).update(reply_by=timezone.localdate() - dt.timedelta(days=1))
    assert reasons(sheet, "submit", one) == ""


def test_with_an_agency_the_office_signs_off_and_a_return_lists_defects_that_are_answered():
    sheet, one = opened(), office()
    agency = person(Role.AGENCY)
    engage(sheet, agency)
    take(sheet, "notify", one)
    plan(sheet, agency)
    assert "由第三方机构承担" in reasons(sheet, "begin", one)
    take(sheet, "submit_plan", agency)
    assert reasons(sheet, "return_plan", one) == ""
    take(sheet, "return_plan", one, "抽样范围没有写\n\n时间安排太紧")
    assert [(d.no, d.kind, d.text) for d in fresh(sheet).defects.order_by("no")] == [
        (1, ProcedureKind.PLAN, "抽样范围没有写"),
        (2, ProcedureKind.PLAN, "时间安排太紧"),
    ]
    assert "还有 2 条退回意见没有答复" in reasons(sheet, "submit_plan", agency)
    found = fresh(sheet)
    answers = {row.pk: "已补充" for row in found.defects.all()}
    with pytest.raises(Refused, match="由第三方机构填写"):
        working.answer_defects(found, one, answers, version=found.version)
    working.answer_defects(found, agency, answers, version=found.version)
    take(sheet, "submit_plan", agency)
    take(sheet, "approve_plan", one)
    write(sheet, agency)
    take(sheet, "submit_papers", agency)
    take(sheet, "approve_papers", one)
    describe(sheet, agency)
    replied(sheet)
    take(sheet, "submit_report", agency)
    assert take(sheet, "conclude", one).state == State.CONCLUDED


def test_a_department_organises_its_own_and_not_that_of_finance():
    department = person(Role.DEPARTMENT, unit_path="101/")
    own, finance = opened(EvaluationMethod.DEPARTMENT, who=department), opened(code="P2")
    codes = [move.code for move, _ in moving.offers(own, department)]
    assert codes == ["notify_by_department"]
    assert moving.offers(finance, department) == []
    assert moving.offers(own, office()) == []
    assert take(own, "notify_by_department", department).state == State.PLANNING


def test_an_evaluation_is_done_again_with_a_reason_for_each_difference():
    sheet, one, two = opened(), office(), office("office-two")
    worked(sheet, one)
    replied(sheet)
    take(sheet, "submit", one)
    take(sheet, "conclude", two)
    subject, today = sheet.subject_year, timezone.localdate()
    again = open_evaluation(one, subject, EvaluationMethod.RECHECK, year=2023, today=today, previous=fresh(sheet))
    first = again.marks.order_by("position").first()
    assert (again.number, again.marks.count(), first.before) == ("FH2023001", 17, Decimal("2.5"))
    take(again, "start_recheck", one)
    found = fresh(again)
    marks = list(found.marks.order_by("position"))
    said = {mark.pk: {"points": mark.before} for mark in marks} | {marks[0].pk: {"points": Decimal(1)}}
    working.write_papers(found, one, said, version=found.version)
    assert "与原得分不同的指标须写明理由：立项依据充分性" in reasons(again, "submit_recheck", one)
    found = fresh(again)
    working.write_papers(found, one, {marks[0].pk: {"reason": "没有批复文件"}}, version=found.version)
    take(again, "submit_recheck", one)
    assert take(again, "conclude_recheck", two).total == Decimal(98)
    assert Outcome.objects.get(stage="evaluation").total == Decimal("99.5"), "a recheck is no outcome of its own"
