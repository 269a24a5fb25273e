"""质量检查 beside a target sheet: the same for filler and reviewer, few queries, few findings on ordinary sheets."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import DEMO, PROJECTS, REGISTERS, UNITS, load_folder, stored

from jixiao.domain.actors import Role
from jixiao.domain.checks.targets import TargetCheckRules
from jixiao.registers.indicators.models import Entry, Observation
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.targets.importer import IMPORTERS
from jixiao.stages.targets.models import TargetVersion
from jixiao.stages.targets.quality import verdicts

pytestmark = pytest.mark.django_db
HEAD = "年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重\n"
LINES = """2022,P1,产出指标,数量指标,维修校舍面积,定量,≥,3590,,50
2022,P1,效益指标,社会效益,师生满意度,定量,≥,90,%,40
2022,P2,产出指标,数量指标,受助学生,定量,≥,300,人,50
2022,Z1,产出指标,数量指标,维修校舍面积,定量,≥,12,,50
"""


@pytest.fixture(autouse=True)
def sheets():
    cache.clear()
    stored({"units": UNITS, "projects": PROJECTS, "indicators": HEAD + LINES}, (*REGISTERS, *IMPORTERS))


def version_of(code):
    return TargetVersion.objects.select_related("sheet__subject_year", "snapshot").get(sheet__subject_year__code=code)


def judged(version):
    return verdicts(version, list(version.lines.order_by("position")))


def address(code):
    return reverse("target-sheet", args=[version_of(code).pk])


def test_the_verdicts_stand_beside_the_sheet_with_level_remedy_and_citation():
    page = text(signed_in(), address("P1"))
    assert "维修校舍面积：指标值 3590 没有计量单位，请补充（扣 10 分）" in page
    assert "必须改" in page
    assert "财预〔2015〕88号：细化量化" in page
    assert "满意度不是效益，请放到满意度指标下" in page


def test_the_score_is_said_with_its_sum():
    found = judged(version_of("P1"))
    assert found.points == 100 - 10 * found.errors - 3 * found.advice
    assert f"得 {found.points} 分" in text(signed_in(), address("P1"))


def test_filler_and_reviewer_read_the_same_verdicts():
    unit = UnitYear.objects.get(code="101").unit
    pages = [text(signed_in(*who), address("P1")) for who in ((), (Role.AUDITOR,), (Role.UNIT, unit))]
    shown = [page[page.index("目标质量") : page.index("质量分供编制和审核参考")] for page in pages]
    assert shown[0] == shown[1] == shown[2]


def test_what_lacks_its_facts_is_named_as_unchecked_with_what_it_concerns():
    page = text(signed_in(), address("P1"))
    assert "缺少上年完成值（2 个指标）" in page
    assert "缺少足够多的同类项目（1 个指标）" in page


def test_a_target_below_last_years_result_is_found():
    now = SubjectYear.objects.get(code="P1")
    before = SubjectYear.objects.create(
        **{name: getattr(now, name) for name in ("subject", "region", "code", "name", "kind", "unit", "unit_path")},
        year=2021,
    )
    entry = Entry.objects.get(name="师生满意度")
    known = {"region": now.region, "year": 2021, "subject_year": before}
    Observation.objects.create(**known, entry=entry, position=1, target="90", actual="97.5")
    said = [verdict.sentence for verdict in judged(version_of("P1")).findings]
    assert any("上年实际完成 97.5" in sentence for sentence in said)


def test_a_sheet_of_another_unit_is_compared_without_its_name():
    found = judged(version_of("P1"))
    assert all("镇村道路政策" not in verdict.sentence for verdict in (*found.findings, *found.unchecked))


def test_a_snapshot_from_before_these_rules_takes_the_present_ones_for_them():
    version = version_of("P1")
    del version.snapshot.document["sections"][TargetCheckRules.section]
    assert judged(version) == judged(version_of("P1"))


def test_without_indicators_the_sheet_has_no_score():
    version = version_of("P2")
    found = verdicts(version, [])
    assert found.points is None
    assert found.because == "没有指标明细，不计质量分"


def test_the_verdicts_ask_three_questions_however_many_sheets_there_are(django_assert_num_queries):
    version, lines = version_of("P1"), list(version_of("P1").lines.order_by("position"))
    with django_assert_num_queries(3):
        verdicts(version, lines)


def test_ordinary_sheets_of_a_demo_district_have_few_findings():
    load_folder(DEMO / "county-x-2020", (*REGISTERS, *IMPORTERS), code="990001", name="X县", year=2020)
    rows = TargetVersion.objects.filter(region="990001").select_related("sheet__subject_year", "snapshot")
    found = [judged(version) for version in rows.order_by("pk")[:60]]
    points = [verdict.points for verdict in found if verdict.points is not None]
    assert len(points) >= 50
    assert min(points) >= 90
    assert sum(1 for some in points if some == 100) >= len(points) * Decimal("0.9")
