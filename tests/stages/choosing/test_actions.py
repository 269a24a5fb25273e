"""Acts of choosing: who may, with which reason, what is frozen, and that a draw happens once and can be done again."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.utils import timezone
from tests.architecture.sources import ROOT
from tests.factories import YEAR, actor, day
from tests.stages.choosing.year import DEPARTMENT, KEY, RECHECK, department, evaluated, imported, subject

from jixiao.domain.actors import Role
from jixiao.domain.checks import Level
from jixiao.domain.decisions import Refused
from jixiao.kit.acting import Stale
from jixiao.kit.models import AuditEntry
from jixiao.policies import for_region
from jixiao.registers.subjects.models import Hold
from jixiao.stages.evaluation.choosing import actions
from jixiao.stages.evaluation.choosing.actions import Asked, Described
from jixiao.stages.evaluation.choosing.invariants import INVARIANTS
from jixiao.stages.evaluation.choosing.models import Choice, Draw, Picked
from jixiao.stages.evaluation.choosing.reports.finding import candidates
from jixiao.stages.evaluation.choosing.rules import Concern
from jixiao.stages.evaluation.choosing.workflow import State
from jixiao.stages.evaluation.findings.models import AuditFinding, Examination
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation

pytestmark = pytest.mark.django_db
TODAY = day("2022-11-01")


@pytest.fixture(autouse=True)
def year():
    imported()


def found(where, who=None):
    who = who or actor()
    policy = for_region(who.region, YEAR)
    return {one.subject.code: one for one in candidates(who, YEAR, YEAR, where.method, policy)}


def choose(where, codes, who=None, *, chosen=True, reason="群众关注", version=0):
    versions = {subject(code).pk: version for code in codes}
    return actions.choose(who or actor(), where, versions, chosen=chosen, reason=reason)


def broken():
    return [line for invariant in INVARIANTS for line in invariant.check()]


def test_candidates_are_ranked_by_their_mark_and_each_part_has_its_fact():
    actions.describe(subject("P1"), actor(), Described(Concern.HIGH, "人大建议", 20_000, 2017), version=0)
    Hold.objects.create(subject_year=subject("P1"), region=actor().region, kind="suspended", reason="停", since=TODAY)
    one = next(iter(found(KEY).values()))
    assert one.subject.code == "P1"
    said = dict(line.split("：", 1) for line in one.marked.because.splitlines())
    assert said["社会关注度 20/20"] == "社会关注度高，人大建议"
    assert said["风险 10/25"] == "风险分 40（暂停拨款或收回 40）"
    assert said["实施期 10/10"] == "实施期 2017 年起，已实施 6 年，应开展中期评价"
    assert one.due == "中期评价"
    assert one.marked.mark == sum(part.points for part in one.marked.parts)


def test_a_rank_by_money_is_among_its_own_kind():
    ranks = {code: (one.facts.rank, one.facts.among) for code, one in found(KEY).items()}
    assert ranks == {"Z1": (1, 4), "P2": (2, 4), "P1": (3, 4), "P3": (4, 4), "101": (1, 1)}


def test_low_execution_with_a_high_score_is_a_sign_of_risk():
    signs = [sign for sign, _ in found(RECHECK)["P2"].facts.risk.signs]
    assert "执行率低而自评得分高" in signs
    assert found(RECHECK)["P1"].facts.risk.signs == ()


def test_a_recheck_looks_at_concluded_self_evaluations_a_department_not_at_its_whole():
    assert set(found(RECHECK)) == {"P1", "P2", "P3"}
    assert set(found(DEPARTMENT)) == {"P1", "P2", "P3", "Z1"}
    assert set(found(DEPARTMENT, department())) == {"P1", "P2"}


def test_what_was_evaluated_before_counts_less_and_says_when():
    evaluated()
    Evaluation.objects.filter(number="BM1").update(year=YEAR - 2)
    assert "2020 年评过，距今 2 年" in found(KEY)["P1"].marked.because


def test_a_choice_keeps_the_mark_that_it_had_and_its_reason():
    assert choose(KEY, ["P1", "Z1"]) == 2
    choice = Choice.objects.get(subject_year__code="P1")
    assert (choice.state, choice.reason, choice.version) == (State.CHOSEN, "群众关注", 2)
    assert choice.mark == found(KEY)["P1"].marked.mark
    assert choose(KEY, ["P1"], chosen=False, reason="另作安排", version=2) == 1
    assert Choice.objects.get(subject_year__code="P1").state == State.REJECTED


@pytest.mark.parametrize(
    ("where", "who", "reason", "refused"),
    [
        (KEY, Role.DEPARTMENT, "理由", "由绩效股选定"),
        (RECHECK, Role.LEADER, "理由", "由绩效股选定"),
        (DEPARTMENT, Role.PERFORMANCE_OFFICE, "理由", "由主管部门选定"),
        (KEY, Role.PERFORMANCE_OFFICE, "  ", "请填写选或不选的理由"),
    ],
)
def test_who_may_not_choose_or_gives_no_reason_is_refused(where, who, reason, refused):
    with pytest.raises(Refused, match=refused):
        choose(where, ["P1"], actor(who, unit_path="101/"), reason=reason)
    assert not Choice.objects.exists()


def test_a_department_chooses_only_among_its_own_and_all_or_none():
    with pytest.raises(Refused, match="不在候选之列"):
        choose(DEPARTMENT, ["P1", "P3"], department())
    assert not Choice.objects.exists()
    assert choose(DEPARTMENT, ["P1", "P2"], department()) == 2


def test_who_comes_second_is_told_and_changes_nothing():
    choose(KEY, ["P1"])
    with pytest.raises(Stale):
        choose(KEY, ["Z1", "P1"], chosen=False)
    assert list(Choice.objects.values_list("subject_year__code", flat=True)) == ["P1"]


def test_chosen_ones_are_opened_and_then_the_choice_stands():
    choose(KEY, ["P1", "Z1"])
    versions = {subject(code).pk: 2 for code in ("P1", "Z1")}
    assert actions.start(actor(), KEY, versions, TODAY) == 2
    choice = Choice.objects.select_related("evaluation").get(subject_year__code="P1")
    assert choice.evaluation.subject_year == subject("P1")
    with pytest.raises(Refused, match="当前状态“已开展”不能办理"):
        choose(KEY, ["P1"], chosen=False, version=3)
    assert broken() == []


def test_what_was_not_chosen_is_not_opened():
    choose(KEY, ["P1"])
    with pytest.raises(Refused, match="没有选定"):
        actions.start(actor(), KEY, {subject("P1").pk: 2, subject("Z1").pk: 0}, TODAY)
    choose(KEY, ["Z1"], chosen=False)
    with pytest.raises(Refused, match="镇村道路政策"):
        actions.start(actor(), KEY, {subject("P1").pk: 2, subject("Z1").pk: 2}, TODAY)
    assert not Evaluation.objects.exists()


def test_what_is_said_of_a_candidate_is_not_overwritten_unseen():
    actions.describe(subject("P1"), department(), Described(reach=10), version=0)
    with pytest.raises(Stale):
        actions.describe(subject("P1"), actor(), Described(reach=20), version=0)
    with pytest.raises(Refused):
        actions.describe(subject("P1"), actor(Role.UNIT, unit_path="101/"), Described(), version=1)
    assert found(KEY)["P1"].facts.reach == 10


def drawn(size=2, **asked):
    nonce = asked.pop("nonce", "00ff")
    said = Asked(overall=False, size=size, **({"parties": "监督股 17；纪检组 42"} | asked))
    return actions.draw(actor(), RECHECK, said, nonce=nonce)


def test_a_draw_is_frozen_and_its_picks_are_chosen():
    made = drawn()
    picks = list(Picked.objects.filter(draw=made).order_by("position"))
    assert [one.position for one in picks] == [1, 2]
    chosen = Choice.objects.filter(state=State.CHOSEN, draw=made)
    assert set(chosen.values_list("subject_year", flat=True)) == {one.subject_year_id for one in picks}
    assert all(choice.reason.startswith("2022年第1次抽样") for choice in chosen)
    traced = AuditEntry.objects.get(object=f"draw:{made.pk}").after
    assert made.digest in str(traced)
    assert made.seed in str(traced)
    assert broken() == []


def test_the_same_seed_gives_the_same_sample_on_every_database():
    made = drawn(3)
    assert made.digest == "67fb4b69db3de8af9ec06794bc1d6d1d4b1905c66fdbaef4e482ebd66b37f4c8"
    assert list(made.picks.order_by("position").values_list("subject_year__code", flat=True)) == ["P2", "P3", "P1"]


def test_the_published_script_draws_from_the_exported_population_what_was_drawn(tmp_path):
    made = drawn(2)
    path = tmp_path / "population.csv"
    path.write_bytes(made.population.encode())
    script = ROOT / "docs" / "how-to" / "recompute-a-sample.py"
    numbers = [str(made.size), str(made.most_certain)]
    said = subprocess.run([sys.executable, script, path, made.seed, *numbers], capture_output=True, check=True)
    digest, *picked = said.stdout.decode().split()[1:]
    assert digest == made.digest
    codes = made.picks.order_by("position").values_list("subject_year__code", flat=True)
    assert [identity.rsplit("-", 1)[1] for identity in picked] == list(codes)


def test_without_a_number_of_its_own_the_system_adds_one_that_nobody_knew():
    first = drawn(1, nonce="")
    second = drawn(1, nonce="", reason="补抽")
    assert len(first.nonce) == 32
    assert first.nonce != second.nonce


def test_a_second_draw_needs_a_reason_and_takes_nobody_again():
    first = drawn(2)
    with pytest.raises(Refused, match="再抽须写明理由"):
        drawn(1)
    second = drawn(1, reason="补足数量")
    assert second.no == 2
    both = set(first.picks.values_list("subject_year", flat=True)) & set(
        second.picks.values_list("subject_year", flat=True)
    )
    assert both == set()


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({"size": 4}, "只有 3 个"),
        ({"size": 0}, "至少为 1"),
        ({"parties": " "}, "各报的数字"),
    ],
)
def test_a_draw_that_cannot_be_made_leaves_nothing(asked, refused):
    with pytest.raises(Refused, match=refused):
        drawn(**({"size": 2} | asked))
    assert not Draw.objects.exists()
    assert not Choice.objects.exists()


def test_only_the_office_draws_and_only_where_there_is_something():
    asked = Asked(overall=False, size=1, parties="1")
    with pytest.raises(Refused, match="由财政绩效股抽取"):
        actions.draw(department(), RECHECK, asked)
    with pytest.raises(Refused, match="没有可以抽取的对象"):
        actions.draw(actor(), RECHECK, Asked(overall=True, size=1, parties="1"))


def test_a_draw_that_was_altered_is_found_by_the_doctor():
    made = drawn(2)
    Draw.objects.filter(pk=made.pk).update(parties="别的数字")
    first, second = made.picks.order_by("position")
    Picked.objects.filter(pk=first.pk).update(position=9)
    Draw.objects.filter(pk=made.pk).update(population=made.population.replace("P1", "P9"))
    assert any("摘要不符" in line for line in broken())
    assert any("重算的结果与记录不符" in line for line in broken())
    assert second.position == 2


def test_what_the_department_evaluated_this_year_is_no_longer_long_unevaluated():
    evaluated()
    assert "2022 年评过，距今 0 年" in found(KEY)["P1"].marked.because


def test_an_audit_that_stands_weighs_as_the_policy_says():
    sheet = SelfEvaluation.objects.get(subject_year__code="P1")
    place = {"region": sheet.region, "year": sheet.year, "self_evaluation": sheet, "subject_year": sheet.subject_year}
    Examination.objects.create(**place, at=timezone.now(), sheet_version=1)
    facts = {"level": Level.ERROR, "message": "分数不符", "found_on": TODAY, "due_on": TODAY}
    for line in ("甲", "乙", "丙"):
        AuditFinding.objects.create(**place, code="total_sum", line=line, **facts)
    one = found(RECHECK)["P1"]
    assert one.facts.risk.hits == 3
    assert "自评规则命中" not in dict(one.facts.risk.signs)
    AuditFinding.objects.filter(line="甲").update(state="rejected")
    AuditFinding.objects.filter(line="乙").update(holds=False)
    assert found(RECHECK)["P1"].facts.risk.hits == 1
