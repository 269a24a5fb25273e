"""A draw that the rules divide: each department, division and band of money gets its own; anybody draws it again."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.architecture.sources import ROOT
from tests.browsing import signed_in, text
from tests.factories import YEAR, actor
from tests.stages.choosing.year import RECHECK, imported

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.policy import Provenance, Setting
from jixiao.policies import for_region
from jixiao.stages.evaluation.choosing import actions
from jixiao.stages.evaluation.choosing.actions import Asked
from jixiao.stages.evaluation.choosing.invariants import INVARIANTS
from jixiao.stages.evaluation.choosing.models import Draw
from jixiao.stages.evaluation.choosing.rules import SamplingRules, band_of
from jixiao.stages.evaluation.choosing.views import draws as pages
from jixiao.stages.evaluation.findings import actions as auditing

pytestmark = pytest.mark.django_db
SCRIPT = ROOT / "docs" / "how-to" / "recompute-a-sample.py"
MILLION = 100_000_000


@pytest.fixture(autouse=True)
def year():
    cache.clear()
    imported()


@pytest.fixture
def ruled(monkeypatch):
    """Lets the region's rules divide its draws; what is given stands as officials write it."""

    def lay(**values):
        def changed(region, year):
            policy = for_region(region, year)
            fresh = {key: Setting(value, Provenance("own", "县办法", False)) for key, value in values.items()}
            sampling = {**policy.settings["sampling"], **fresh}
            return replace(policy, settings={**policy.settings, "sampling": sampling})

        for module in (actions, pages):
            monkeypatch.setattr(module, "for_region", changed)

    return lay


def drawn(size, **more):
    asked = Asked(overall=False, size=size, **({"parties": "监督股 17；纪检组 42"} | more))
    return actions.draw(actor(), RECHECK, asked, nonce="00ff")


def codes(made):
    return list(made.picks.order_by("position").values_list("subject_year__code", flat=True))


@pytest.mark.parametrize("kind", ["主管部门", "归口股室"])
def test_each_department_and_each_division_gets_its_own(ruled, kind):
    ruled(method="stratified-poisson/1", strata=[kind], least_each=1)
    made = drawn(2)
    assert {"P3"} < set(codes(made))
    assert (made.method, made.least_each) == ("stratified-poisson/1", 1)
    assert [line for one in INVARIANTS for line in one.check()] == []


def test_money_is_banded_with_its_border_in_the_band_above():
    bands = for_region("999999", 2022).section(SamplingRules).size_bands
    assert [band_of(fen, bands) for fen in (MILLION - 1, MILLION, 5 * MILLION, 10 * MILLION)] == [
        "1. 不足 100 万元",
        "2. 100 万元起，不足 500 万元",
        "3. 500 万元起，不足 1000 万元",
        "4. 1000 万元起",
    ]
    assert band_of(5, ()) == "1. 不分档"


def test_a_draw_too_small_for_its_strata_is_refused_with_the_number_that_it_takes(ruled):
    ruled(method="stratified-poisson/1", strata=["主管部门", "资金规模"], least_each=1)
    with pytest.raises(Refused, match="抽取个数至少 4 个"):
        drawn(3)
    assert not Draw.objects.exists()


def test_strata_without_a_method_that_looks_at_them_are_refused_with_the_remedy(ruled):
    ruled(strata=["主管部门"])
    with pytest.raises(Refused, match="请改为 stratified-poisson/1，或清空分层"):
        drawn(2)


def test_the_published_script_and_the_page_give_the_divided_sample_again(ruled, tmp_path):
    ruled(method="stratified-poisson/1", strata=["主管部门"], least_each=1)
    office = signed_in()
    assert "每层抽到要 2" in text(office, reverse("draws"))
    assert "按主管部门分层，每层至少 1 个" in text(office, reverse("draws"))
    made = drawn(2)
    page = text(office, reverse("draw", args=[made.pk]))
    assert "各层抽中" in page
    assert "与记录一致" in page
    path = tmp_path / "population.csv"
    path.write_bytes(made.population.encode())
    numbers = [str(made.size), str(made.most_certain), str(made.least_each)]
    said = subprocess.run([sys.executable, SCRIPT, path, made.seed, *numbers], capture_output=True, check=True)
    digest, *picked = said.stdout.decode().split()[1:]
    assert digest == made.digest
    assert [identity.rsplit("-", 1)[1] for identity in picked] == codes(made)


def test_the_divided_sample_is_the_same_on_every_database(ruled):
    ruled(method="stratified-poisson/1", strata=["主管部门"], least_each=1)
    made = drawn(3)
    assert (made.digest[:16], codes(made)) == ("895ef6de07ebcb1f", ["P2", "P3", "P1"])


def test_pages_read_what_the_audit_stored_and_say_what_it_has_not_seen_yet():
    office, leader = signed_in(), signed_in(Role.LEADER)
    for name in ("choosing", "draws"):
        assert "3 张自评尚未体检" in text(office, reverse(name))
        assert "现在体检" in text(office, reverse(name))
    assert "现在体检" not in text(leader, reverse("draws"))
    auditing.examine(actor(), YEAR)
    for name in ("choosing", "draws"):
        assert "尚未体检" not in text(leader, reverse(name))
