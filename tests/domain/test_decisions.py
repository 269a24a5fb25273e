"""A no carries all of its reasons."""

import pytest

from jixiao.domain.decisions import ALLOWED, Decision, Refused, require
from jixiao.domain.guards import not_held, without_department


class Facts:
    def __init__(self, held: bool = False, department_above: bool = False) -> None:
        self.held = held
        self.department_above = department_above


def test_a_decision_without_reasons_is_yes() -> None:
    assert ALLOWED
    assert require(1, "不会出现")
    ALLOWED.demand()


def test_reasons_add_up_in_order() -> None:
    decision = require(False, "甲") & ALLOWED & require("", "乙")
    assert not decision
    assert decision == Decision(("甲", "乙"))


def test_demanding_a_no_raises_with_every_reason() -> None:
    with pytest.raises(Refused, match="甲；乙") as refused:
        Decision(("甲", "乙")).demand()
    assert refused.value.reasons == ("甲", "乙")


def test_money_does_not_move_while_it_is_held() -> None:
    assert not_held(Facts())
    assert "解除" in not_held(Facts(held=True)).reasons[0]


def test_only_a_unit_without_department_files_directly() -> None:
    assert without_department(Facts())
    assert not without_department(Facts(department_above=True))
