"""Two characters and pinyin initials, whatever the typography."""

from __future__ import annotations

import pytest

from jixiao.registers.indicators import starter
from jixiao.registers.indicators.grams import asked_grams, folded, grams, spelled
from jixiao.registers.indicators.initials import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [("工程验收合格率", "gcyshgl"), ("垃圾无害化处理率", "ljwhhcll"), ("镉污染", "gwr"), ("ＰＭ2.5浓度", "pm25nd")],
)
def test_a_name_is_spelled_by_its_initials(name, letters):
    assert spelled(name) == letters


@pytest.mark.parametrize("asked", ["zzl", "zcl", "增长", "长率"])
def test_a_character_of_two_readings_is_found_by_both(asked):
    assert set(asked_grams(asked)) <= set(grams("增长率"))


@pytest.mark.parametrize("asked", ["合格 验收", "验收　合格", "ＹＳ ｈｇ", "yshg", "验收合格率"])
def test_order_width_and_case_do_not_matter(asked):
    assert set(asked_grams(asked)) <= set(grams("工程验收合格率"))


def test_signs_and_lone_characters_ask_nothing():
    assert asked_grams("率") == []
    assert asked_grams("%％ “") == []
    assert folded("“双随机、一公开”") == "双随机一公开"


def test_every_character_of_the_starter_library_has_an_initial():
    text = starter.content().decode("utf-8-sig")
    names = "".join(line.split(",")[4] for line in text.splitlines()[1:])
    assert sorted({sign for sign in folded(names) if not initials(sign)}) == []
