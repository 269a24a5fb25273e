"""Entries in the database: found by a search, suggested for a project, with what is usual."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import PROJECTS, REGION, REGISTERS, UNITS, actor, scope, stored
from tests.registers.indicators.entries import OUTPUT, VALUES, entered, observed, proposed, subject

from jixiao.domain.actors import Role
from jixiao.registers.indicators import actions, search
from jixiao.registers.indicators.importer import load_starter
from jixiao.registers.indicators.models import Entry, SearchText, Standard
from jixiao.registers.indicators.observing import last_of, library_rules, usual_of
from jixiao.registers.indicators.ranking import Case, Profile
from jixiao.registers.indicators.rules import StandardKind, Way
from jixiao.registers.indicators.suggesting import suggestions
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import SubjectYear

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registers():
    stored({"units": UNITS, "projects": PROJECTS}, REGISTERS)


@pytest.mark.parametrize("words", ["校舍", "面积 校舍", "xswx", "ＸＳ　mj", "校舍维修面积"])
def test_an_entry_is_found_by_characters_and_initials_in_any_order(words):
    entry = proposed()
    entered("参保人数")
    entered("校舍维修面积", region="888888")
    assert search.matching(REGION, words) == [entry.pk]


@pytest.mark.parametrize("words", ["河道", "校舍 河道", "zz", "", "%", "\"'*", "面积\x00"])
def test_what_is_not_there_is_not_found_whatever_is_typed(words):
    proposed(name="校舍")
    assert search.matching(REGION, words) == []


def test_one_character_finds_what_begins_with_it():
    entry = proposed()
    assert search.matching(REGION, "校") == [entry.pk]


def test_a_changed_name_is_found_and_the_old_one_is_not():
    entry = proposed()
    actions.edit(entry, actor(), VALUES | {"name": "操场铺设面积"}, [], version=1, reason="改名")
    assert search.matching(REGION, "操场") == [entry.pk]
    assert search.matching(REGION, "校舍") == []


def test_the_best_match_comes_first():
    names = ["工程合格率抽查比例", "合格率", "产品合格率"]
    listed = [entered(name) for name in names]
    assert [e.name for e in search.best_first(listed, "合格率")] == ["合格率", "产品合格率", "工程合格率抽查比例"]
    assert search.best_first(listed, "hgl")[0].name == "合格率"


def test_usual_values_count_the_variants_and_only_years_before():
    leader, variant = entered("合格率", unit="%"), entered("合格比例", unit="%")
    Entry.objects.filter(pk=variant.pk).update(variant_of=leader)
    for position, actual in enumerate(("90", "91", "92")):
        observed(leader, "P1", actual=actual, position=position)
        observed(variant, "P2", actual=actual, position=position)
    rules = library_rules(REGION, 2022)
    assert usual_of(REGION, [leader.pk], 2023, rules)[leader.pk].count == 6
    assert usual_of(REGION, [leader.pk], 2022, rules) == {}


def next_year(code="P1"):
    home = subject(code)
    facts = {"region": REGION, "year": 2023, "code": code, "name": home.name, "kind": home.kind, "field": "教育"}
    place = {"unit": home.unit, "unit_name": home.unit_name, "unit_path": home.unit_path}
    return SubjectYear.objects.create(subject=home.subject, **facts, **place)


def test_five_ways_each_with_its_reason_and_standard():
    load_starter(scope())
    area = Entry.objects.get(name="校舍维修改造面积")
    Standard.objects.create(entry=area, kind=StandardKind.PLAN, value="5000", source="校舍维修计划", year=2022)
    observed(area, "P1", target="5000", actual="5100")
    observed(Entry.objects.get(name="政策知晓率"), "P2")
    mine = next_year()
    found = {group.way: group for group in suggestions(actor(), mine, asked="xs mj")}
    assert [way.label for way in found] == ["精准推荐", "案例推荐", "模板推荐", "历年推荐", "快捷搜索"]
    assert found[Way.HISTORY].suggestions[0].because == "本项目 2022 年用过，指标值 5000，完成 5100"
    assert found[Way.PRECISE].suggestions[0].entry == area
    assert "属于教育" in found[Way.PRECISE].suggestions[0].because
    assert found[Way.PRECISE].suggestions[0].standard == "计划标准 5000（校舍维修计划，2022 年）"
    assert "本单位上年 5100" in found[Way.PRECISE].suggestions[0].usual
    assert {s.because for s in found[Way.TEMPLATES].suggestions} <= {"“校舍建设”类项目的模板", "“工程建设”类项目的模板"}
    assert area in [s.entry for s in found[Way.SEARCH].suggestions]
    assert last_of(mine)[area.pk] == (2022, "5000", "5100")


def test_cases_may_come_from_the_caller_and_chosen_entries_are_not_suggested_again():
    one, two = entered("甲指标"), entered("乙指标")
    case = Case("校舍维修一期", Profile("校舍维修工程"), (one.pk, two.pk))
    groups = {g.way: g for g in suggestions(actor(), subject(), cases=[case], chosen=[one.pk])}
    assert [s.entry for s in groups[Way.CASES].suggestions] == [two]
    assert groups[Way.CASES].suggestions[0].because == "相似项目“校舍维修一期”用过"
    assert groups[Way.HISTORY].nothing


def test_a_project_that_the_actor_may_not_see_stays_nameless():
    observed(entered("甲指标"), "P2")
    SubjectYear.objects.filter(code="P2").update(name="校舍维修二期")
    everything = {g.way: g for g in suggestions(actor(), subject())}
    assert "校舍维修二期" in everything[Way.CASES].suggestions[0].because
    own = actor(Role.UNIT, unit_path="201/")
    assert "其他单位的项目" in {g.way: g for g in suggestions(own, subject())}[Way.CASES].suggestions[0].because


def test_the_page_for_a_project_shows_the_groups_and_hides_strangers_projects():
    load_starter(scope())
    page = text(signed_in(), reverse("indicators-for", args=[subject().pk]) + "?q=校舍")
    for way in Way:
        assert way.label in page
    stranger = signed_in(Role.UNIT, UnitYear.objects.get(code="201").unit)
    assert stranger.get(reverse("indicators-for", args=[subject().pk])).status_code == 404


def test_the_entry_page_says_what_is_usual_and_where_it_was_used():
    entry = entered("合格率", unit="%")
    for position, actual in enumerate(("90", "91", "92", "93", "94")):
        observed(entry, "P1", actual=actual, position=position)
    page = text(signed_in(), reverse("indicator", args=[entry.pk]))
    assert "通常 90.4–93.6%" in page
    assert "校舍维修项目" in page
    assert "2022 年" in page


def test_the_index_is_the_databases_own():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'indicators_grams%' AND type = 'trigger'")
            assert len(cursor.fetchall()) == 3
        else:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'indicators_grams'")
            assert "gin" in cursor.fetchone()[0]


def test_what_begins_with_the_words_comes_first_then_the_shorter_names():
    names = ["工程验收合格率", "合格证发放张数和时间", "验收合格率", "合格率"]
    keys = {name: entered(name).pk for name in names}
    found = ["合格率", "合格证发放张数和时间", "验收合格率", "工程验收合格率"]
    assert search.matching(REGION, "合格") == [keys[name] for name in found]
    assert search.matching(REGION, "hg") == [keys[name] for name in found]
    assert search.matching(REGION, "合格", 2) == [keys[name] for name in found[:2]]


def test_the_best_are_found_however_many_hold_the_words():
    crowd = [
        Entry(region=REGION, level1=OUTPUT, level2="数量指标", name=f"新建{number:04}号桥梁工程合格率")
        for number in range(300)
    ]
    search.index(Entry.objects.bulk_create(crowd))
    best = [entered("合格率").pk, entered("工程合格率").pk]
    assert search.matching(REGION, "合格")[:2] == best
    assert len(search.matching(REGION, "合格")) == search.MOST_FOUND


@pytest.mark.parametrize("words", ["始终", "终"])
def test_a_lone_character_is_not_taken_for_a_pair(words):
    pair, first = entered("服务始终如一"), entered("终端设备台数")
    assert search.matching(REGION, words) == [pair.pk if words == "始终" else first.pk]


@pytest.mark.parametrize("words", ["合各率", "竣工验收合格绿", "工程竣工验收的合格率", "工竣工验收", "gcjgysbhgl"])
def test_a_word_with_one_sign_wrong_or_too_many_finds_what_is_near(words):
    entry = entered("工程竣工验收合格率")
    assert search.matching(REGION, words) == [entry.pk]
    (near,) = [g for g in suggestions(actor(), subject(), asked=words) if g.way is Way.SEARCH]
    assert near.suggestions[0].because == f"名称与“{words}”相近"
    assert f"没有名称或拼音首字母含“{words}”的指标" in text(signed_in(), reverse("indicators") + f"?q={words}")


def test_a_filter_looks_beyond_the_first_that_the_words_find():
    crowd = [Entry(region=REGION, level1=OUTPUT, level2="数量指标", name=f"合格率{number:03}") for number in range(250)]
    search.index(Entry.objects.bulk_create(crowd))
    entered("农田水利工程竣工验收合格率", industry="水利")
    office = signed_in()
    assert "农田水利工程" in text(office, reverse("indicators") + "?q=合格&industry=水利")
    assert "只列出其中一部分" in text(office, reverse("indicators") + "?q=合格")


@pytest.mark.parametrize("name", ["", "率", "一" * 200, "PM2.5", "“”"])
def test_every_name_can_be_stored_and_taken_away(name):
    entry = entered(name)
    SearchText.objects.filter(entry=entry).delete()
    assert search.matching(REGION, name) == []
