"""A unit files its target sheet online: from last year's, in a plain form, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import actor
from tests.stages.targets.filing import department, filer, go, grid, opened, save, school, subject, two_years

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.registers.indicators.models import Entry, Observation
from jixiao.stages.targets import actions
from jixiao.stages.targets.models import Horizon, TargetVersion
from jixiao.stages.targets.saying import Filled
from jixiao.stages.targets.workflow import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scene():
    cache.clear()
    two_years()


def page_of(version):
    return reverse("target-sheet", args=[version.pk])


def test_the_sheet_begins_with_last_years_lines_and_their_lineage():
    before = TargetVersion.objects.get(year=2021)
    version = opened()
    assert [line.lineage for line in version.filled.lines] == [line.lineage for line in before.filled.lines]
    assert version.filled.goal == "按时足额发放助学金，保障困难学生就学"
    assert version.framework == "project/1"
    assert set(version.lines.values_list("pk", flat=True)).isdisjoint(before.lines.values_list("pk", flat=True))


def test_last_years_target_and_actual_stand_beside_the_line():
    entry = Entry.objects.get(name="学生满意度")
    Observation.objects.create(
        region=entry.region, year=2021, entry=entry, subject_year=subject(year=2021), position=4, actual="96"
    )
    page = text(school(), page_of(opened()))
    assert "上年目标 ≥90%，完成 96%" in page
    assert "上年目标 ≥300人" in page


def test_a_sheet_is_opened_by_a_click_and_only_once():
    client = school()
    page = text(client, reverse("target-opening"))
    assert "从上年带入" in page
    assert "校舍维修项目" not in page, "the department's own project is not the school's"
    form = {"subject": str(subject().pk), "horizon": "annual", "token": "t" * 32}
    answer = client.post(reverse("target-opening"), form)
    version = TargetVersion.objects.get(year=2022)
    assert answer.headers["Location"] == page_of(version)
    assert client.post(reverse("target-opening"), form).headers["Location"] == page_of(version)
    client.post(reverse("target-opening"), form | {"token": "u" * 32})
    assert TargetVersion.objects.filter(year=2022).count() == 1


def test_a_department_opens_its_own_but_not_that_of_a_unit_below():
    page = text(department(), reverse("target-opening"))
    assert "校舍维修项目" in page
    assert "助学金项目" not in page
    with pytest.raises(Refused, match="由申请资金的单位填报"):
        actions.open_sheet(subject(), actor(Role.DEPARTMENT, unit_path="101/"), horizon=Horizon.ANNUAL, work_year=2022)


def test_a_subject_without_a_past_begins_with_blank_rows():
    version = actions.open_sheet(
        subject("P1"), actor(Role.DEPARTMENT, unit_path="101/"), horizon=Horizon.ANNUAL, work_year=2022
    )
    assert version.filled.lines == ()
    assert version.filled.goal == "完成校舍维修"
    page = text(department(), page_of(version))
    assert 'name="name-2"' in page
    assert 'name="name-3"' not in page


def test_typed_cells_are_read_as_people_write_them():
    client, version = school(), opened()
    lines = version.lines.count()
    typed = {"target_0": "≥３５０", f"level1_{lines}": "output", f"level2_{lines}": "时效指标", "weight_0": "２５分"}
    typed |= {f"name_{lines}": "按期发放率", f"target_{lines}": "≥98％", f"weight_{lines}": "5"}
    assert save(client, version, **typed).status_code == 303
    first, *_, last = TargetVersion.objects.get(pk=version.pk).filled.lines
    assert (first.target, first.weight) == ("350", 25)
    assert (last.name, last.comparison.label, last.target, last.unit) == ("按期发放率", "≥", "98", "%")


def test_the_same_lines_keep_their_rows_when_they_trade_places_and_a_removed_one_goes():
    client, version = school(), opened()
    keys = dict(version.lines.values_list("lineage", "pk"))
    form = grid(version)
    swapped = {}
    for cell in ("level1", "level2", "name", "comparison", "target", "unit", "weight", "lineage", "entry"):
        swapped |= {f"{cell}-0": form[f"{cell}-1"], f"{cell}-1": form[f"{cell}-0"]}
    answer = client.post(reverse("target-fill", args=[version.pk]), form | swapped | {"remove-3": "on"})
    assert answer.status_code == 303
    stored = list(version.lines.order_by("position"))
    assert [line.name for line in stored] == ["发放准确率", "资助学生人数", "因贫失学人数"]
    assert all(keys[line.lineage] == line.pk for line in stored)


def test_errors_stand_at_their_cells_and_the_rest_of_the_text_is_still_there():
    client, version = school(), opened()
    answer = save(client, version, weight_0="很多", target_1="≤5", name_2="", goal="新的总体目标写在这里")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_weight-0"' in page
    assert "与所选的“=”不一致" in page
    assert "请填写三级指标" in page
    assert "新的总体目标写在这里" in page
    assert 'value="很多"' in page
    assert TargetVersion.objects.get(pk=version.pk).version == 1


def test_more_rows_are_added_without_saving_or_losing_anything():
    client, version = school(), opened()
    page = save(client, version, more="1", name_4="新指标还没填完").content.decode()
    assert 'value="新指标还没填完"' in page
    assert 'name="name-11"' in page
    assert 'data-answer="refused"' in page, "the browser keeps what was typed"
    assert version.lines.count() == 4


def test_an_entry_of_the_library_fills_the_first_blank_row_and_is_linked_when_saved():
    client, version = school(), opened()
    entry = Entry.objects.get(name="学生满意度")
    page = save(client, version, add=str(entry.pk), target_0="320").content.decode()
    assert page.count('value="学生满意度"') == 2
    assert 'value="320"' in page, "what was typed is still there"
    assert f'name="entry-4" value="{entry.pk}"' in page
    typed = {"level1_4": "satisfaction", "level2_4": entry.level2, "name_4": "家长满意度", "entry_4": str(entry.pk)}
    save(client, version, target_4="92", unit_4="%", **typed)
    assert version.lines.get(name="家长满意度").entry == entry


def test_whoever_saves_second_sees_both_texts_and_loses_nothing():
    client, version = school(), opened()
    save(client, version, target_0="320")
    answer = save(client, version, target_0="400", token="b" * 32)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "第 1 行指标值" in page
    assert "<td>320</td><td>400</td>" in page or "400</td>" in page
    assert version.lines.get(name="资助学生人数").target == "320"


def test_the_same_form_sent_twice_is_one_saving():
    client, version = school(), opened()
    save(client, version, target_0="320")
    answer = save(client, version, target_0="320")
    assert answer.status_code == 303
    assert TargetVersion.objects.get(pk=version.pk).version == 2


def test_quality_stands_beside_the_sheet_for_the_filler_and_for_the_reviewer():
    version, client = opened(), school()
    save(client, version)
    assert "质量分" in text(client, page_of(version))
    assert "质量分" in text(signed_in(), page_of(version))


def test_a_vague_or_missing_core_indicator_keeps_the_sheet_from_being_sent():
    client, version = school(), opened()
    save(client, version, comparison_0="qualitative", target_0="较好", unit_0="")
    assert "核心指标“产出数量”没有量化的指标值" in text(client, page_of(version))
    go(client, version, "submit")
    version.refresh_from_db()
    assert version.state == State.DRAFT
    save(client, TargetVersion.objects.get(pk=version.pk), remove_0="on", token="b" * 32)
    assert "缺少核心指标“产出数量”" in text(client, page_of(version))


def test_medium_term_is_a_second_sheet_without_points():
    version = opened(horizon=Horizon.MEDIUM_TERM)
    opened()
    client = school()
    assert version.lines.count() == 0, "last year had no medium-term sheet"
    assert 'name="weight-0"' not in text(client, page_of(version))
    lines = tuple(replace(line, weight=Decimal(0)) for line in TargetVersion.objects.get(year=2021).filled.lines)
    actions.fill(version, filer(), version_no=1, filled=Filled("三年内应助尽助，不让一个学生因贫失学", lines))
    go(client, version, "submit")
    version.refresh_from_db()
    assert version.state == State.DEPARTMENT_REVIEW


def test_whoever_does_not_file_cannot_save():
    version = opened()
    assert save(department(), version).status_code == 422
    assert signed_in().post(reverse("target-fill", args=[version.pk]), grid(version)).status_code == 404


def test_an_entry_of_the_library_that_does_not_exist_is_refused():
    answer = save(school(), opened(), entry_0="999999")
    assert answer.status_code == 422
    assert "指标库条目不存在" in answer.content.decode()
