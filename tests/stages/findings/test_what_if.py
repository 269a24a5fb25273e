"""What-if: who would get another grade under another policy; nothing is stored."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import REGION, YEAR, actor
from tests.stages.findings import test_findings as year

from jixiao.cli import main as jixiao
from jixiao.domain.actors import Role
from jixiao.domain.grades import Grade
from jixiao.domain.policy import Layer, lineage, resolve
from jixiao.policies import layer, load
from jixiao.stages.evaluation.findings.reports.recomputing import outcome, recompute
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.workflow import State

pytestmark = pytest.mark.django_db
filed = year.filed


@pytest.fixture(autouse=True)
def concluded(filed):
    cache.clear()
    SelfEvaluation.objects.filter(subject_year__code="P1").update(state=State.CONCLUDED)
    return SelfEvaluation.objects.filter(region=REGION, year=YEAR)


def stricter():
    """The national rules with 优 from 99.5 分."""
    own = Layer.parse(
        "own/2022",
        {
            "title": "试算",
            "extends": "national/2020",
            "region": "",
            "year": 2022,
            "grades": {"source": "试算", "excellent": "99.5"},
        },
    )
    return resolve((*lineage("national/2020", layer), own))


def rows():
    return list(SelfEvaluation.objects.order_by("pk").values())


def test_the_same_policy_changes_nothing(concluded):
    found = outcome(recompute(concluded, load("national/2020")))
    assert (found.sheets, found.regraded, found.repointed, found.before) == (1, (), 0, found.after)


def test_a_higher_border_names_who_falls_with_both_sentences_and_stores_nothing(concluded):
    before = rows()
    found = outcome(recompute(concluded, stricter()))
    assert [(one.before[1], one.after[1]) for one in found.regraded] == [(Grade.EXCELLENT, Grade.GOOD)]
    one = found.regraded[0]
    assert (one.before[0], one.after[0]) == (99, 99)
    assert (one.sheet.because[-3:], one.because[-3:]) == ("等级优", "等级良")
    assert rows() == before


def test_drafts_are_left_out(concluded):
    assert outcome(recompute(concluded, stricter())).sheets == 1 < SelfEvaluation.objects.count()


def test_the_page_and_the_command_say_the_same(capsys):
    client = signed_in(Role.PERFORMANCE_OFFICE)
    assert "换一套规则" in text(client, reverse("what-if"))
    assert "1 份自评中 0 份等级会变" in text(client, reverse("what-if") + "?policy=national/2020")
    assert client.get(reverse("what-if"), {"policy": "nowhere/1"}).status_code == 422
    asked = ["what-if", "--region", REGION, "--year", str(YEAR), "--policy"]
    assert jixiao([*asked, "national/2020", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["regraded"] == []
    assert jixiao([*asked, "national/2020"]) == 0
    assert "1 份已审定的自评" in capsys.readouterr().out
    assert jixiao([*asked, "nowhere/1"]) == 2


def test_a_unit_has_no_such_page():
    assert signed_in(Role.DEPARTMENT).get(reverse("what-if")).status_code == 404
    assert actor().region == REGION
