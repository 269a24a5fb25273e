"""An assessment made online: from what is asked for to a conclusion that clears, with what stops it on the way."""

from decimal import Decimal

import pytest
from tests.factories import actor, day, run_import
from tests.stages.ex_ante import online
from tests.stages.ex_ante.online import WAN, department, fresh, office, unit

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.vocabulary import Verdict
from jixiao.kit.acting import Repeated, Stale
from jixiao.kit.invariants import INVARIANTS as SHEETS
from jixiao.kit.models import AuditEntry, Transition
from jixiao.policies import for_region
from jixiao.registers.subjects.models import Clearance
from jixiao.stages.ex_ante import actions, reviewing
from jixiao.stages.ex_ante.frameworks import Framed
from jixiao.stages.ex_ante.invariants import INVARIANTS
from jixiao.stages.ex_ante.models import Assessment, Assessor, Exemption
from jixiao.stages.ex_ante.reports.gaps import may_be_budgeted, standing_of, uncleared
from jixiao.stages.ex_ante.workflow import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registers():
    online.imported()


def violations():
    return [sentence for invariant in (*SHEETS, *INVARIANTS) for sentence in invariant.check()]


def test_a_unit_opens_one_with_its_trigger_its_number_and_the_points_of_its_framework():
    sheet = online.opened()
    assert (sheet.number, sheet.state, sheet.trigger) == ("SQ2022001", State.DRAFT, "新增 600 万元，达到 500 万元")
    assert (sheet.items.count(), sum(item.full for item in sheet.items.all())) == (20, 100)
    assert online.opened("Z1", office(), Assessor.FINANCE, Framed.POLICY).number == "SQ2022002"


def test_a_second_one_waits_for_the_first():
    online.opened()
    with pytest.raises(Refused, match="已有一份在办的评估"):
        online.opened()


def test_units_open_no_assessment_of_finance_and_the_office_none_of_the_department():
    with pytest.raises(Refused, match="由绩效股办理"):
        online.opened(who=unit(), assessor=Assessor.FINANCE)
    with pytest.raises(Refused, match="由预算单位、主管部门办理"):
        online.opened(who=office())


def test_the_same_form_twice_opens_one():
    said = {"assessor": Assessor.DEPARTMENT, "kind": Framed.PROJECT, "asked": 1, "token": "t" * 32}
    somebody = actor(Role.UNIT, online.REGION, **online.UNIT)
    somebody = type(somebody)(7, "张三", Role.UNIT, online.REGION, "101/101001/")
    first = actions.open_assessment(online.subject(), somebody, 2022, **said)
    with pytest.raises(Repeated) as again:
        actions.open_assessment(online.subject(), somebody, 2022, **said)
    assert again.value.answer == {"pk": first.pk}


def test_missing_materials_stop_the_submission_with_their_names():
    sheet = online.with_materials(online.described(online.opened()), leave_out=("实施方案", "预算明细及测算说明"))
    with pytest.raises(Refused) as refused:
        online.stepped(sheet, "submit", unit())
    assert refused.value.reasons == ("缺少必需材料：实施方案、预算明细及测算说明，请附上后再报送",)


def test_blank_texts_stop_the_submission_with_their_names():
    sheet = online.with_materials(online.opened())
    with pytest.raises(Refused, match="请填写背景和内容、资金构成"):
        online.stepped(sheet, "submit", unit())


def test_a_unit_below_a_department_gives_no_points_and_does_not_pass_it_by():
    sheet = online.described(online.opened())
    with pytest.raises(Refused, match="打分由主管部门组织"):
        online.marked(sheet, unit(), "甲", "1")
    with pytest.raises(Refused, match="先报主管部门评估"):
        online.stepped(sheet, "submit_directly", unit())


def test_points_are_averaged_and_added_to_dimensions_and_total():
    sheet = online.with_materials(online.described(online.opened()))
    online.stepped(sheet, "submit", unit())
    sheet = online.with_experts(sheet)
    line = sheet.point_lines()[0]
    assert line.points == (Decimal("4"), Decimal("4.5"), Decimal("5"))
    assert (line.spread.average, line.spread.width, line.spread.deviation) == (Decimal("4.5"), 1, Decimal("0.41"))
    assert {score.points for score in sheet.scores.all()} == {Decimal(18)}
    assert sheet.total == 90


def test_points_beyond_the_full_ones_and_points_left_out_are_refused():
    sheet = online.opened("Z1", office(), Assessor.FINANCE, Framed.POLICY)
    items = {item.pk: item.full for item in sheet.items.all()}
    first = next(iter(items))
    who = {"name": "甲", "organisation": "省财经大学", "title": "教授"}
    for points, words in (
        (items | {first: Decimal("5.01")}, "应在 0 至 5 分之间"),
        ({first: items[first]}, "评估要点已有变化"),
    ):
        with pytest.raises(Refused, match=words):
            actions.mark(sheet, office(), version=fresh(sheet).version, who=who, points=points)
    assert fresh(sheet).experts.count() == 0


def test_one_person_gives_points_once():
    sheet = online.opened("Z1", office(), Assessor.FINANCE, Framed.POLICY)
    online.marked(sheet, office(), "甲", "1")
    with pytest.raises(Refused, match="已经有一份打分"):
        online.marked(sheet, office(), "甲", "0.5")


def test_corrected_points_replace_the_old_ones_and_the_trail_keeps_both():
    sheet = online.opened("Z1", office(), Assessor.FINANCE, Framed.POLICY)
    sheet = online.marked(sheet, office(), "甲", "1")
    expert = sheet.experts.get()
    points = {item.pk: Decimal(0) for item in sheet.items.all()}
    who = {"name": "甲", "organisation": "省财经大学", "title": "教授"}
    actions.mark(sheet, office(), version=sheet.version, who=who, points=points, expert=expert)
    assert fresh(sheet).total == 0
    entry = AuditEntry.objects.filter(act="ex_ante.mark").last()
    assert set(entry.before.values()) == {"5"}


def test_without_its_last_expert_a_sheet_has_no_total():
    sheet = online.opened("Z1", office(), Assessor.FINANCE, Framed.POLICY)
    sheet = online.marked(sheet, office(), "甲", "1")
    actions.drop(sheet, office(), sheet.experts.get(), version=sheet.version)
    assert (fresh(sheet).total, fresh(sheet).scores.count()) == (None, 0)


def test_too_few_experts_and_an_unsigned_sheet_are_said_at_once():
    sheet = online.with_materials(online.described(online.opened()))
    online.stepped(sheet, "submit", unit())
    sheet = online.with_experts(sheet, shares=("1", "1"))
    sheet.experts.get(name="乙")
    who = {"name": "丁", "organisation": "设计院", "title": "高工"}
    actions.mark(sheet, department(), version=sheet.version, who=who, points={i.pk: i.full for i in sheet.items.all()})
    online.judged(fresh(sheet))
    with pytest.raises(Refused, match="缺少专家签名的评分表：丁"):
        online.stepped(sheet, "assess", department())
    current = fresh(sheet)
    actions.drop(current, department(), current.experts.get(name="丁"), version=current.version)
    with pytest.raises(Refused, match="至少要有 3 位专家打分，现有 2 位"):
        online.stepped(sheet, "assess", department())


@pytest.mark.parametrize(
    ("advised", "verdict", "words"),
    [
        (None, Verdict.SUPPORTED, "请填写建议金额"),
        (601 * WAN, Verdict.SUPPORTED, "建议金额应在 0 至申报金额 600 万元之间"),
        (0, Verdict.SUPPORTED, "建议金额应大于 0"),
        (1, Verdict.REFUSED, "建议金额应为 0"),
        (500 * WAN, Verdict.ADJUSTED, "改为其他结论须写明理由"),
    ],
)
def test_amounts_and_verdict_must_fit(advised, verdict, words):
    sheet = online.with_materials(online.described(online.opened()))
    online.stepped(sheet, "submit", unit())
    online.judged(online.with_experts(sheet), advised=advised, verdict=verdict)
    with pytest.raises(Refused, match=words):
        online.stepped(sheet, "assess", department())


def test_a_conclusion_clears_what_was_advised_and_says_why():
    sheet = online.concluded()
    clearance = Clearance.objects.get(source=sheet.number)
    assert (clearance.verdict, clearance.covered) == (Verdict.SUPPORTED, 500 * WAN)
    assert "= 90 分；80 分以上支持" in sheet.because
    assert sheet.concluded_on == clearance.on
    assert [t.move for t in Transition.objects.order_by("id")] == ["submit", "assess", "conclude"]
    assert violations() == []


def test_another_conclusion_is_kept_with_its_reason():
    sheet = online.reviewed_by_department()
    online.judged(sheet, office(), advised=0, verdict=Verdict.REFUSED, reason="财力不足，缓办")
    sheet = online.stepped(sheet, "conclude", office())
    assert sheet.because.endswith("按分数为“予以支持”，改为“不予支持”，理由：财力不足，缓办")
    assert Clearance.objects.get(source=sheet.number).covered == 0
    assert may_be_budgeted(online.subject(), 1).reasons == ("事前绩效评估结论为“不予支持”，不能入库和安排预算",)
    assert violations() == []


def test_finance_returns_with_a_reason_and_the_department_corrects():
    sheet = online.reviewed_by_department()
    with pytest.raises(Refused, match="请填写退回意见"):
        online.stepped(sheet, "return", office())
    assert online.stepped(sheet, "return", office(), "测算依据不足").state == State.DEPARTMENT_REVIEW
    assert online.stepped(sheet, "return", department(), "请补充").state == State.DRAFT


def test_finances_own_line_goes_past_the_office_alone_and_comes_back_to_it():
    sheet = online.opened(who=office(), assessor=Assessor.FINANCE)
    assert sheet.state == State.FINANCE_ASSESSMENT
    online.with_materials(online.described(sheet, office()))
    online.judged(online.with_experts(sheet, office()), office())
    sheet = online.stepped(sheet, "submit_for_conclusion", office())
    assert online.stepped(sheet, "return_to_office", office(), "再核").state == State.FINANCE_ASSESSMENT
    online.stepped(sheet, "submit_for_conclusion", office())
    assert online.stepped(sheet, "conclude", office()).state == State.CONCLUDED


def test_units_see_finances_own_line_when_it_is_concluded():
    sheet = online.opened(who=office(), assessor=Assessor.FINANCE)
    assert not Assessment.objects.visible_to(unit()).exists()
    Assessment.objects.filter(pk=sheet.pk).update(state=State.CONCLUDED)
    assert Assessment.objects.visible_to(unit()).get() == sheet


def test_a_unit_that_is_its_own_department_files_directly():
    sheet = online.opened("P1", department())
    online.with_materials(online.described(sheet, department()))
    online.judged(online.with_experts(sheet))
    assert online.stepped(sheet, "submit_directly", department()).state == State.FISCAL_REVIEW
    assert online.stepped(sheet, "return_to_draft", office(), "请补充").state == State.DRAFT


def test_the_loser_of_two_savings_is_told():
    sheet = online.opened()
    old = sheet.version
    online.described(sheet)
    said = {"asked": WAN, "background": "", "goal": "", "funding": ""}
    with pytest.raises(Stale):
        actions.describe(sheet, unit(), version=old, said=said)


def test_a_conclusion_is_not_taken_by_who_sent_the_sheet():
    who = type(office())(9, "李四", Role.PERFORMANCE_OFFICE, online.REGION)
    sheet = online.opened(who=who, assessor=Assessor.FINANCE)
    online.with_materials(online.described(sheet, who))
    online.judged(online.with_experts(sheet, who), who)
    online.stepped(sheet, "submit_for_conclusion", who)
    for attempt in (lambda: online.stepped(sheet, "conclude", who), lambda: online.judged(sheet, who)):
        with pytest.raises(Refused, match="不能审核自己报送的材料"):
            attempt()


# 财政评审


def sent(sheet):
    reviewing.send(sheet, office(), version=fresh(sheet).version, doc_no="湖财评〔2022〕1号", on=day("2022-07-01"))
    return fresh(sheet)


def received(sheet, fen, on="2022-07-20"):
    said = {"fen": fen, "doc_no": "湖评审〔2022〕9号", "on": day(on), "remark": "核减监控设备"}
    reviewing.receive(sheet, office(), version=fresh(sheet).version, **said)
    return fresh(sheet)


def test_while_it_lies_with_the_review_nothing_is_budgeted_and_a_lower_figure_lowers_what_is_cleared():
    sheet = sent(online.concluded())
    assert may_be_budgeted(online.subject(), 500 * WAN).reasons == ("已送财政评审，还没有返回评审金额，请待评审结果",)
    sheet = received(sheet, 450 * WAN)
    clearance = Clearance.objects.get(source=sheet.number)
    assert (clearance.covered, sheet.review.fen) == (450 * WAN, 450 * WAN)
    assert "财政评审核定 450 万元（湖评审〔2022〕9号）" in clearance.reason
    assert may_be_budgeted(online.subject(), 450 * WAN)
    assert violations() == []


def test_a_higher_figure_of_the_review_raises_nothing():
    sheet = received(sent(online.concluded()), 700 * WAN)
    assert Clearance.objects.get(source=sheet.number).covered == 500 * WAN


def test_the_review_is_asked_once_after_a_conclusion_and_answers_once():
    with pytest.raises(Refused, match="还没有结论"):
        sent(online.opened())
    sheet = Assessment.objects.get()
    sheet.delete()
    sheet = sent(online.concluded())
    with pytest.raises(Refused, match="已经送过财政评审"):
        sent(sheet)
    with pytest.raises(Refused, match="返回日期不能早于送审日期"):
        received(sheet, 1, on="2022-06-30")
    received(sheet, 450 * WAN)
    with pytest.raises(Refused, match="没有等待返回的财政评审"):
        received(sheet, 440 * WAN)


# 例外


def exempted(fen=600 * WAN, category="应急", who=None, **said):
    facts = {"reason": "防汛抢险", "approver": "区政府分管领导", "on": day("2022-06-20")} | said
    return actions.exempt(online.subject(), who or office(), 2022, category=category, fen=fen, **facts)


def test_an_exemption_clears_its_amount_and_stands_on_the_subject():
    exempted()
    found = standing_of(online.subject())
    assert (found.covered, bool(found.budget)) == (600 * WAN, True)
    assert [(one.category, one.approver) for one in found.exemptions] == [("应急", "区政府分管领导")]
    assert uncleared(office(), 2022, for_region(online.REGION, 2022))[0].code == "Z1"


def test_a_raise_above_an_exemption_asks_again():
    exempted(fen=550 * WAN)
    assert "超出评估结论支持的金额 50 万元" in standing_of(online.subject()).budget.reasons[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"category": "方便"}, "例外类别是应急、救灾"),
        ({"reason": " "}, "请写明例外的理由"),
        ({"approver": ""}, "请填写批准人岗位"),
        ({"on": day("2099-01-01")}, "批准日期不能晚于今天"),
        ({"fen": 0}, "请填写例外所涉金额"),
    ],
)
def test_an_exemption_needs_its_category_reason_approver_and_day(changes, words):
    with pytest.raises(Refused, match=words):
        exempted(**changes)
    assert not Exemption.objects.exists()


def test_only_the_office_exempts_only_what_is_due_and_once():
    with pytest.raises(Refused, match="例外由财政绩效股登记"):
        exempted(who=unit())
    exempted()
    with pytest.raises(Refused, match="这一类例外已经登记"):
        exempted()
    said = {"reason": "防汛", "approver": "区长", "on": day("2022-06-20")}
    with pytest.raises(Refused, match="没有达到须评估的条件"):
        actions.exempt(online.subject("P1"), office(), 2022, category="应急", fen=100 * WAN, **said)


# 导入


HEAD = (
    "工作年度,编号,对象编码,评估对象,对象类型,单位编码,触发原因,立项必要性,投入经济性,绩效目标合理性,实施方案可行性,"
    "筹资合规性,结论,评估主体\n"
)


@pytest.mark.parametrize(("points", "problems"), [("18,18,18,18,18", 0), ("20,20,20,20,20", 1)])
def test_an_import_changes_nothing_of_what_was_assessed_here(points, problems):
    sheet = online.concluded()
    row = f"2022,{sheet.number},P2,助学金项目,项目,101001,新增,{points},予以支持,部门\n"
    outcome = run_import({"exante": HEAD + row}, online.ALL, code=online.REGION)
    assert (len(outcome.problems), outcome.changes) == (problems, 0)
    assert fresh(sheet).total == 90
