"""A run lists who meets the criteria, the unit speaks, the office decides once, and what was decided happens."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories import YEAR, actor, day, subject_year
from tests.stages.follow_up.clearing.year import CUTOFF, WAN, candidate, imported, opened, rule, subject, unit_of

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.grades import Grade
from jixiao.domain.guards import not_held
from jixiao.domain.vocabulary import EvaluationMethod, Likelihood, SubjectKind
from jixiao.kit import moving
from jixiao.kit.acting import Repeated, Stale
from jixiao.kit.invariants import INVARIANTS as SHEETS
from jixiao.policies import for_region
from jixiao.registers.parameters.models import snapshot_of
from jixiao.registers.subjects.invariants import INVARIANTS as SUBJECTS
from jixiao.registers.subjects.models import BudgetLine, Hold, HoldKind, Note, Payment
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.workflow import State as EvaluationState
from jixiao.stages.follow_up.clearing import actions
from jixiao.stages.follow_up.clearing.invariants import INVARIANTS
from jixiao.stages.follow_up.clearing.models import Candidate, ClearingRun
from jixiao.stages.follow_up.clearing.reports.totals import by_stock, whole
from jixiao.stages.follow_up.clearing.rules import Measure, Stock
from jixiao.stages.follow_up.clearing.workflow import RunState, State
from jixiao.stages.monitoring import actions as monitoring
from jixiao.stages.monitoring.invariants import INVARIANTS as MONITORING
from jixiao.stages.monitoring.models import Reading, ReadingSheet, Recovery
from jixiao.stages.monitoring.workflow import State as SheetState
from jixiao.stages.targets.models import TargetVersion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def year():
    imported()


def sound():
    every = (*INVARIANTS, *SUBJECTS, *MONITORING, *SHEETS)
    assert [text for invariant in every for text in invariant.check()] == []


def listed():
    return {one.subject_year.code: one.stock for one in Candidate.objects.select_related("subject_year")}


def pay(code, fen, on="2022-11-01"):
    one = subject(code)
    place = {"region": one.region, "year": one.year, "subject_year": one, "code": code, "voucher": f"V{fen}{on}"}
    Payment.objects.create(**place, fen=fen, paid_on=day(on), recorded_at=timezone.now())


def test_opening_lists_with_frozen_money_what_was_not_paid_by_the_cutoff():
    run = opened()
    assert listed() == {"P2": Stock.IDLE, "Z1": Stock.IDLE}
    assert (run.examined, run.state) == (3, RunState.OPEN)
    assert run.known_until is not None
    one = candidate("P2")
    assert (one.budget, one.spent, one.idle, one.state) == (250 * WAN, 0, 250 * WAN, State.LISTED)
    assert "满 6 个月没有支出（中发〔2018〕34号，数值为推断）" in one.reasons
    sound()


def test_a_payment_that_comes_late_changes_no_row_but_what_may_still_be_taken():
    opened()
    assert candidate("P2").limit == 150 * WAN
    pay("P2", 20 * WAN)
    pay("P2", 30 * WAN, on="2022-08-01")
    one = candidate("P2")
    assert (one.spent, one.idle, one.limit) == (0, 250 * WAN, 100 * WAN)


def test_what_does_not_count_in_totals_is_not_looked_at():
    subject_year("B1", kind=SubjectKind.DEPARTMENT_OVERALL, initial=900 * WAN, in_total=False)
    assert opened().examined == 3
    assert "B1" not in listed()


def test_a_stop_a_bad_grade_and_impossible_indicators_are_found_where_they_are_kept():
    one = subject("P1")
    before = subject_year("P1", year=YEAR - 1)
    place = {"region": one.region, "year": YEAR, "number": "E1", "method": EvaluationMethod.DEPARTMENT}
    snapshot = snapshot_of(for_region(one.region, YEAR))
    graded = {"subject_year": before, "grade": Grade.FAIR, "snapshot": snapshot, "state": EvaluationState.CONCLUDED}
    Evaluation.objects.create(**place, **graded)
    held = monitoring.open_round(actor(), YEAR, 1, day("2022-07-31"), "集中监控")
    moving.move(held, "open", actor(), version=held.version, effect=monitoring.after_round_step)
    Reading.objects.update(likelihood=Likelihood.IMPOSSIBLE)
    ReadingSheet.objects.update(state=SheetState.CONCLUDED)
    Hold.objects.create(subject_year=one, region=one.region, kind=HoldKind.SUSPENDED, since=day("2022-08-01"))
    opened()
    found = candidate("P1")
    assert found.stock is Stock.VOID
    said = found.reasons.split("\n")
    assert [words[:2] for words in said] == ["无效", "无效", "低效"]
    assert "自2022-08-01起暂停拨款" in said[0]
    assert "1 个指标中 1 个完全不可能完成" in said[1]
    assert "2021年度部门评价等级为“中”" in said[2]


@pytest.mark.parametrize("released", [day("2022-09-15"), None])
def test_a_stop_counts_only_while_it_is_in_force(released):
    one = subject("P1")
    since = day("2022-08-01") if released else day("2022-10-01")
    place = {"subject_year": one, "region": one.region, "kind": HoldKind.SUSPENDED}
    Hold.objects.create(**place, since=since, released_on=released)
    opened()
    assert "P1" not in listed()


def test_money_taken_back_is_a_row_a_stop_and_a_word_and_every_later_door_sees_it():
    opened()
    rule("Z1", Measure.RECOVER, 300 * WAN, "西财〔2022〕9号")
    taken = Recovery.objects.get()
    assert (taken.fen, taken.doc_no, taken.reason) == (300 * WAN, "西财〔2022〕9号", "按规定清理")
    assert Hold.objects.get().kind == HoldKind.RECOVERED
    assert "2022年第1次存量资金清理：收回 300 万元（西财〔2022〕9号）" in Note.objects.get(stage="clearing").text
    assert subject("Z1").held
    rule("P2", Measure.RECOVER, WAN, "西财〔2022〕9号")
    target = TargetVersion.objects.get(sheet__subject_year__code="P2")
    assert not_held(target.facts()).reasons
    sound()


def test_all_that_is_unspent_can_be_taken_and_not_one_fen_more():
    opened()
    with pytest.raises(Refused, match="超过可以清理的 150 万元"):
        rule("P2", Measure.RECOVER, 150 * WAN + 1, "文1")
    assert candidate("P2").state == State.LISTED
    assert not Recovery.objects.exists()
    rule("P2", Measure.RECOVER, 150 * WAN, "文1")
    assert candidate("P2").limit == 0


def test_a_smaller_budget_is_a_line_and_a_kept_one_is_a_word():
    opened()
    lines = BudgetLine.objects.count()
    rule("P2", Measure.REDUCE, 50 * WAN + 1, "西财〔2022〕10号")
    assert subject("P2").budget == 200 * WAN - 1
    assert BudgetLine.objects.count() == lines + 1
    assert "绩效目标须同步调整" in Note.objects.get(subject_year__code="P2").text
    rule("Z1", Measure.KEEP, opinion="跨年实施，按合同明年支付")
    assert "保留。跨年实施" in Note.objects.get(subject_year__code="Z1").text
    assert not Hold.objects.exists()
    sound()


def test_nobody_decides_twice():
    opened()
    before = candidate("Z1")
    rule("Z1", Measure.KEEP)
    with pytest.raises(Stale):
        actions.decide(before, actor(), actions.Ruling(Measure.KEEP, "再次"), version=before.version)
    with pytest.raises(Refused, match="不能办理这一步"):
        rule("Z1", Measure.RECOVER, WAN, "文1")
    assert not Recovery.objects.exists()


def test_a_second_recovery_on_one_day_is_refused_with_words():
    opened()
    one = subject("Z1")
    place = {"region": one.region, "year": one.year, "subject_year": one}
    Recovery.objects.create(**place, fen=WAN, reason="监控", on=timezone.localdate())
    with pytest.raises(Refused, match="今天已经登记过一笔收回"):
        rule("Z1", Measure.RECOVER, WAN, "文1")


@pytest.mark.parametrize("role", [Role.UNIT, Role.DEPARTMENT, Role.FISCAL_DIVISION, Role.LEADER])
def test_only_the_office_decides_and_begins(role):
    opened()
    one = candidate("Z1")
    with pytest.raises(Refused, match="由绩效股办理"):
        actions.decide(one, actor(role), actions.Ruling(Measure.KEEP, "好"), version=one.version)
    with pytest.raises(Refused, match="由财政绩效股开展"):
        actions.prepare(actor(role), YEAR, day("2022-12-31"))


def test_the_unit_speaks_before_the_decision_and_may_put_it_better():
    opened()
    one = candidate("P2")
    actions.reply(one, unit_of("P2"), version=one.version, view="十月支付")
    one = candidate("P2")
    assert (one.view, one.state) == ("十月支付", State.REPLIED)
    actions.reply(one, unit_of("P2"), version=one.version, view="十一月支付")
    assert candidate("P2").view == "十一月支付"
    with pytest.raises(Stale):
        actions.reply(one, unit_of("P2"), version=one.version, view="十二月支付")
    rule("P2", Measure.KEEP)
    one = candidate("P2")
    with pytest.raises(Refused, match="已经处理"):
        actions.reply(one, unit_of("P2"), version=one.version, view="太晚")
    sound()


def test_several_are_decided_alike_each_with_all_that_may_be_taken():
    run = opened()
    versions = {one.pk: one.version for one in Candidate.objects.all()}
    ruling = actions.Ruling(Measure.RECOVER, "长期沉淀", doc_no="西财〔2022〕11号")
    assert actions.decide_many(run, actor(), versions, ruling) == 2
    taken = dict(Recovery.objects.values_list("subject_year__code", "fen"))
    assert taken == {"P2": 150 * WAN, "Z1": 300 * WAN}
    assert set(Recovery.objects.values_list("doc_no", flat=True)) == {"西财〔2022〕11号"}
    sound()


def test_a_batch_is_all_or_nothing_and_names_what_stands_against_it():
    run = opened()
    pay("P2", 150 * WAN)
    versions = {one.pk: one.version for one in Candidate.objects.all()}
    ruling = actions.Ruling(Measure.RECOVER, "长期沉淀", doc_no="文1")
    with pytest.raises(Refused, match="助学金项目：请填写收回的金额"):
        actions.decide_many(run, actor(), versions, ruling)
    assert not Recovery.objects.exists()
    with pytest.raises(Refused, match="请勾选"):
        actions.decide_many(run, actor(), {}, ruling)
    with pytest.raises(Refused, match="请勾选"):
        actions.decide_many(run, actor(), {**versions, 987654321: 1}, ruling)
    with pytest.raises(Stale):
        actions.decide_many(run, actor(), dict.fromkeys(versions, 99), ruling)
    assert set(Candidate.objects.values_list("state", flat=True)) == {State.LISTED}


def test_the_same_form_twice_is_one_act():
    who = actor()
    who = who.__class__(7, who.name, who.role, who.region)
    run = actions.prepare(who, YEAR, CUTOFF, token="t" * 32)
    with pytest.raises(Repeated) as repeated:
        actions.prepare(who, YEAR, CUTOFF, token="t" * 32)
    assert repeated.value.answer == {"pk": run.pk}
    assert ClearingRun.objects.count() == 1


def test_one_run_for_each_cutoff_and_none_for_a_day_to_come():
    opened()
    with pytest.raises(Refused, match="截至 2022-09-30 的清理已经有了"):
        actions.prepare(actor(), YEAR, CUTOFF)
    with pytest.raises(Refused, match="还没有到"):
        actions.prepare(actor(), 2999, day("2999-01-01"))
    assert actions.prepare(actor(), YEAR, day("2022-12-31")).no == 2


def test_a_later_run_does_not_list_again_what_an_earlier_one_listed():
    opened()
    rule("Z1", Measure.KEEP)
    later = opened(day("2022-12-31"))
    assert [one.subject_year.code for one in later.candidates.all()] == []
    assert later.examined == 1
    assert Candidate.objects.count() == 2


def test_a_run_closes_when_everything_is_decided_and_then_nothing_moves():
    run = opened()
    with pytest.raises(Refused, match="还有 2 个项目没有处理"):
        moving.move(run, "close", actor(), version=run.version, effect=actions.after_run_step)
    rule("Z1", Measure.KEEP)
    rule("P2", Measure.REDUCE, WAN, "文1")
    run = moving.move(run, "close", actor(), version=run.version, effect=actions.after_run_step)
    assert run.state == RunState.CLOSED
    sound()


def test_totals_add_up_to_the_fen():
    opened()
    rule("P2", Measure.RECOVER, 7 * WAN + 3, "文1")
    total = whole(by_stock(Candidate.objects.all()).values())
    assert (total.count, total.decided, total.idle) == (2, 1, 550 * WAN)
    assert (total.recovered, total.kept, total.waiting) == (7 * WAN + 3, 243 * WAN - 3, 300 * WAN)
    assert total.kept == candidate("P2").kept
    assert total.idle == total.recovered + total.reduced + total.kept + total.waiting


def test_rules_frozen_without_criteria_open_nothing():
    run = actions.prepare(actor(), YEAR, CUTOFF)
    old = run.snapshot
    old.document["sections"].pop("clearing")
    old.save()
    run.refresh_from_db()
    with pytest.raises(Refused, match="没有清理标准"):
        moving.move(run, "open", actor(), version=run.version, effect=actions.after_run_step)


def test_what_is_not_so_is_found_by_the_doctor():
    run = opened()
    Candidate.objects.filter(subject_year__code="P2").update(state=State.DECIDED, measure=Measure.RECOVER, fen=1)
    Candidate.objects.filter(subject_year__code="Z1").update(year=YEAR + 1)
    ClearingRun.objects.filter(pk=run.pk).update(state=RunState.CLOSED)
    said = "；".join(text for invariant in INVARIANTS for text in invariant.check())
    for words in ("没有相应的资金收回记录", "区划或年度与其清理或对象不符", "仍有项目没有处理"):
        assert words in said
    Candidate.objects.filter(subject_year__code="P2").update(measure=Measure.REDUCE)
    assert "没有相应的预算行" in "；".join(text for invariant in INVARIANTS for text in invariant.check())
