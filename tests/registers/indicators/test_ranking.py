"""Which indicators fit a project, by words and by similar projects."""

from __future__ import annotations

from jixiao.registers.indicators.ranking import Case, Profile, from_cases, from_words, similar

MINE = Profile("2023年校舍维修项目", "修好校舍", "教育", "甲县教育局", "department")
CASES = [
    Case("校舍维修（一期）", Profile("2022年校舍维修项目", "", "教育"), (1, 2, 3)),
    Case("校舍加固", Profile("校舍加固工程", "", "教育"), (2, 4)),
    Case("河道清淤", Profile("河道清淤工程", "", "水利"), (5, 2)),
]


def test_projects_alike_come_first_and_strangers_not_at_all():
    assert [case.label for _, case in similar(MINE, CASES, 10)] == ["校舍维修（一期）", "校舍加固"]
    assert len(similar(MINE, CASES, 1)) == 1


def test_what_several_similar_projects_measured_comes_first_and_says_so():
    found = from_cases(similar(MINE, CASES, 10))
    assert [one.key for one in found] == [2, 1, 3, 4]
    assert found[0].because == "“校舍维修（一期）”等 2 个相似项目用过"
    assert found[1].because == "相似项目“校舍维修（一期）”用过"


def test_an_entry_with_the_projects_words_and_industry_comes_first():
    texts = {1: "校舍维修改造面积", 2: "新增公办学位数", 3: "河道维修长度", 4: "参保人数"}
    industries = {1: "教育", 2: "教育", 3: "水利", 4: "社会保障"}
    found = from_words(MINE, texts, industries, frozenset({"教育"}))
    assert [one.key for one in found] == [1, 2, 3]
    assert found[0].because == "属于教育，与项目名称、目标、单位同有“校舍维修”"
    assert found[1].because == "属于教育"


def test_the_year_in_a_name_makes_nothing_alike():
    assert similar(Profile("2022年度项目经费"), [Case("甲", Profile("2022年度专项经费"), (1,))], 5) == []
