"""An item that stays open after its time limit goes up step by step, as the region's rules say."""

from __future__ import annotations

import datetime as dt

import pytest

from jixiao.policies import load, names
from jixiao.stages.follow_up.rectification.rules import EscalationRules, escalated

DUE = dt.date(2022, 9, 30)
RULES = load("national/2020").section(EscalationRules)


def measure(days, done_on=None):
    step = escalated(DUE, done_on, DUE + dt.timedelta(days=days), RULES)
    return step.measure if step else None


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        (-5, None),
        (0, None),
        (1, "提醒单位和主管部门"),
        (14, "提醒单位和主管部门"),
        (15, "约谈"),
        (29, "约谈"),
        (30, "报分管领导，暂缓安排资金"),
        (400, "报分管领导，暂缓安排资金"),
    ],
)
def test_each_border_of_the_steps(days, wanted):
    assert measure(days) == wanted


def test_what_is_done_or_has_no_limit_goes_nowhere():
    assert measure(60, done_on=DUE) is None
    assert escalated(None, None, DUE, RULES) is None


def test_every_region_names_its_steps_in_order():
    for name in names():
        days = [step.days for step in load(name).section(EscalationRules).steps]
        assert days == sorted(set(days))
