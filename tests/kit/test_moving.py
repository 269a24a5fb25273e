"""A sheet's steps: one version each, guarded, written down, and never over somebody else's."""

from __future__ import annotations

import pytest
from tests.factories import day

from jixiao.domain.actors import Actor, Role, system
from jixiao.domain.decisions import Refused
from jixiao.kit.acting import Repeated, Stale, acting
from jixiao.kit.models import AuditEntry, Transition
from jixiao.kit.moving import move, offers, recorded, timeline
from jixiao.stages.follow_up.disclosure.models import Material
from jixiao.stages.follow_up.submission.models import Recipient, Submission
from jixiao.stages.follow_up.submission.workflow import State

pytestmark = pytest.mark.django_db
OFFICE = Actor(user_id=1, name="绩效股张", role=Role.PERFORMANCE_OFFICE, region="999999")
LEADER = Actor(user_id=2, name="李局长", role=Role.LEADER, region="999999")


def submission(**facts) -> Submission:
    known = {"recipient": Recipient.GOVERNMENT, "material": next(iter(Material)), "on": day("2023-01-05")}
    return Submission.objects.create(region="999999", year=2022, **(known | facts))


def test_a_step_raises_the_version_and_is_written_down_twice():
    sheet = submission()
    moved = move(sheet, "submit", OFFICE, version=1)
    assert (moved.state, moved.version) == (State.REVIEW, 2)
    step = timeline(sheet).get()
    assert (step.source, step.target, step.actor, step.user_id) == ("draft", "review", "绩效股张", 1)
    entry = AuditEntry.objects.get()
    assert (entry.object, entry.after["state"]) == (sheet.reference, "review")


def test_whoever_saves_second_is_told_who_was_first_and_changes_nothing():
    sheet = submission()
    move(sheet, "submit", OFFICE, version=1)
    with pytest.raises(Stale) as stale:
        move(sheet, "agree", LEADER, version=1)
    assert stale.value.who == "绩效股张"
    assert "待领导审定" in stale.value.stands
    sheet.refresh_from_db()
    assert (sheet.state, sheet.version, timeline(sheet).count()) == (State.REVIEW, 2, 1)


def test_the_same_step_under_the_same_token_is_taken_once():
    sheet = submission()
    move(sheet, "submit", OFFICE, version=1, token="t")
    with pytest.raises(Repeated) as again:
        move(sheet, "submit", OFFICE, version=1, token="t")
    assert again.value.answer == {"state": "review"}
    assert timeline(sheet).count() == 1


def test_a_refused_step_leaves_no_mark():
    sheet = submission()
    with pytest.raises(Refused):
        move(sheet, "agree", LEADER, version=1)
    with pytest.raises(Refused):
        move(sheet, "submit", LEADER, version=1)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.version) == (State.DRAFT, 1)
    assert not Transition.objects.exists()
    assert not AuditEntry.objects.exists()


def test_nobody_agrees_to_what_he_himself_submitted():
    sheet = submission()
    move(sheet, "submit", OFFICE, version=1)
    same_person = Actor(user_id=1, name="绩效股张", role=Role.LEADER, region="999999")
    with pytest.raises(Refused, match="自己"):
        move(sheet, "agree", same_person, version=2)
    assert move(sheet, "agree", LEADER, version=2).state == State.AGREED


def test_sending_back_asks_for_a_reason():
    sheet = submission()
    move(sheet, "submit", OFFICE, version=1)
    with pytest.raises(Refused, match="意见"):
        move(sheet, "return", LEADER, version=2)
    move(sheet, "return", LEADER, version=2, note="缺附件")
    assert timeline(sheet).last().note == "缺附件"


def test_only_moves_of_the_role_are_offered():
    sheet = submission()
    assert [offered.code for offered, _ in offers(sheet, OFFICE)] == ["submit"]
    assert offers(sheet, LEADER) == []


def test_history_is_entered_by_the_legal_record_move():
    sheet = submission(state=State.SENT)
    with acting(system("999999"), "import") as act:
        recorded([sheet], act)
        act.trace("import", None, None)
    step = timeline(sheet).get()
    assert (step.move, step.source, step.target, step.role) == ("record", "draft", "sent", "system")
