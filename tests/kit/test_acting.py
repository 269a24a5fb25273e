"""The one write transaction: whole or not at all, once per form."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from jixiao.domain.actors import Actor, Role
from jixiao.kit.acting import Act, Repeated, TokenReused, acting
from jixiao.kit.models import AuditEntry, AuditHead, Receipt

pytestmark = pytest.mark.django_db
CLERK = Actor(user_id=7, name="王会计", role=Role.UNIT, region="999999")
OTHER = Actor(user_id=8, name="李会计", role=Role.UNIT, region="999999")


def save(actor: Actor = CLERK, *, token: str = "", content: object = None, amount: int = 1) -> Act:
    with acting(actor, "save", token=token, content=content) as act:
        act.trace("sheet:1", {"amount": 0}, {"amount": amount})
        act.answer = {"saved": amount}
    return act


def test_an_act_leaves_its_traces_in_the_chain_of_its_region():
    save(amount=5)
    entry = AuditEntry.objects.get()
    assert (entry.region, entry.seq, entry.actor, entry.role, entry.act) == ("999999", 1, "王会计", "unit", "save")
    assert (entry.object, entry.before, entry.after) == ("sheet:1", {"amount": 0}, {"amount": 5})


def test_ten_clicks_are_one_act_and_get_the_first_answer():
    save(token="t", content=[1, "a"], amount=3)
    for _ in range(9):
        with pytest.raises(Repeated) as again:
            save(token="t", content=[1, "a"], amount=3)
        assert again.value.answer == {"saved": 3}
    assert AuditEntry.objects.count() == 1


def test_a_token_with_other_content_is_refused():
    save(token="t", content=[1, "a"])
    with pytest.raises(TokenReused):
        save(token="t", content=[1, "b"])
    assert AuditEntry.objects.count() == 1


def test_two_people_may_bring_the_same_token():
    save(CLERK, token="t")
    save(OTHER, token="t")
    assert AuditEntry.objects.count() == 2


def test_without_a_token_the_same_act_may_happen_again():
    save()
    save()
    assert AuditHead.objects.get().seq == 2


def test_an_act_that_fails_gives_its_token_back_and_leaves_nothing():
    with pytest.raises(ZeroDivisionError), acting(CLERK, "save", token="t") as act:
        act.trace(f"sheet:{1 / 0}")
    assert not AuditEntry.objects.exists()
    assert not Receipt.objects.exists()
    save(token="t")


def test_an_act_without_a_trace_does_not_happen():
    with pytest.raises(RuntimeError), acting(CLERK, "save", token="t"):
        pass
    assert not Receipt.objects.exists()


def test_an_act_whose_audit_link_cannot_be_written_does_not_happen():
    save()
    # The chain's head has lost count, so that the next link would come twice.
    AuditHead.objects.update(seq=0)
    with pytest.raises(IntegrityError):
        save(token="t")
    assert not Receipt.objects.exists()
