"""A policy is layers of sourced values; whatever is missing, unknown or bare is refused by name."""

import json
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from jixiao import policies
from jixiao.domain.grades import Grade, GradeRules
from jixiao.domain.policy import Fen, Layer, Percent, Policy, PolicyError, Provenance, check, lineage, resolve


@dataclass(frozen=True, slots=True)
class Window:
    month: int
    purpose: str


@dataclass(frozen=True)
class GateRules:
    section: ClassVar[str] = "gate"

    threshold: Fen | None
    growth: Percent
    points: Decimal
    least: int
    open: bool
    grade: Grade
    names: tuple[str, ...]
    shares: dict[Grade, Percent]
    windows: tuple[Window, ...]


BASE = """
title = "底版"
year = 2020
[gate]
source = "财预〔2020〕10号"
guess = ["growth"]
threshold = "500万元"
growth = "30%"
points = 7.5
least = 2
open = true
grade = "良"
names = ["应急", "救灾"]
shares = { "中" = "10%", "差" = "100%" }
windows = [{ month = 7, purpose = "提示" }]
"""

DISTRICT = """
title = "某区"
region = "360111"
year = 2022
extends = "base/2020"
[gate]
source = "某财字〔2022〕1号"
threshold = "0.03亿元"
"""


def layer(name: str, text: str) -> Layer:
    return Layer.parse(name, tomllib.loads(text, parse_float=Decimal))


def district() -> Policy:
    return resolve([layer("base/2020", BASE), layer("qu/2022", DISTRICT)])


def altered(key: str, written: str) -> Policy:
    lines = [f"{key} = {written}" if line.startswith(f"{key} =") else line for line in BASE.splitlines()]
    return resolve([layer("base/2020", "\n".join(lines))])


def test_a_section_is_read_as_its_annotations_say() -> None:
    assert district().section(GateRules) == GateRules(
        threshold=300_000_000,
        growth=Decimal(30),
        points=Decimal("7.5"),
        least=2,
        open=True,
        grade=Grade.GOOD,
        names=("应急", "救灾"),
        shares={Grade.FAIR: Decimal(10), Grade.POOR: Decimal(100)},
        windows=(Window(7, "提示"),),
    )


def test_a_layer_overrides_single_keys_and_the_source_follows_the_value() -> None:
    policy = district()
    assert policy.layers == ("base/2020", "qu/2022")
    assert policy.provenance("gate", "threshold") == Provenance("qu/2022", "某财字〔2022〕1号", False)
    assert policy.provenance("gate", "growth") == Provenance("base/2020", "财预〔2020〕10号", True)


def test_an_override_takes_the_guess_mark_away() -> None:
    settled = DISTRICT + 'growth = "25%"\n'
    policy = resolve([layer("base/2020", BASE), layer("qu/2022", settled)])
    assert not policy.provenance("gate", "growth").guess


def test_none_is_written_out() -> None:
    assert altered("threshold", '"无"').section(GateRules).threshold is None


@pytest.mark.parametrize(
    ("key", "written", "complaint"),
    [
        ("threshold", "500", "金额要写明单位"),
        ("threshold", '"500"', "金额要写明单位"),
        ("threshold", '"约500万元"', "不是金额"),
        ("growth", "30", "比例要带百分号"),
        ("growth", "0.3", "比例要带百分号"),
        ("growth", '"无"', "比例要带百分号"),
        ("points", '"七"', "不是数字"),
        ("least", "2.5", "应为整数"),
        ("least", "true", "应为整数"),
        ("open", '"是"', "应为true 或 false"),
        ("grade", '"特优"', "不在可选范围内"),
        ("names", '"应急"', "应为一个列表"),
        ("names", "[1]", "应为文字"),
        ("shares", '{ "特优" = "10%" }', "不在可选范围内"),
        ("shares", '{ "中" = 10 }', "比例要带百分号"),
        ("windows", "[{ month = 7 }]", "要写的键是 month、purpose"),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_by_file_section_and_key(key: str, written: str, complaint: str) -> None:
    with pytest.raises(PolicyError) as refused:
        altered(key, written).section(GateRules)
    assert str(refused.value).startswith(f"政策文件 base/2020 [gate] {key}：")
    assert complaint in str(refused.value)


def test_a_missing_key_is_refused() -> None:
    short = resolve([layer("base/2020", BASE.replace("least = 2\n", ""))])
    with pytest.raises(PolicyError, match=r"base/2020 \[gate\]：缺少 least"):
        short.section(GateRules)
    with pytest.raises(PolicyError, match="缺少 least"):
        short.provenance("gate", "least")


def test_an_unknown_key_is_refused_in_the_file_that_sets_it() -> None:
    policy = resolve([layer("base/2020", BASE), layer("qu/2022", DISTRICT + 'treshold = "1元"\n')])
    with pytest.raises(PolicyError, match=r"qu/2022 \[gate\]：不认识的键 treshold"):
        policy.section(GateRules)


def test_a_missing_section_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"缺少 \[grades\] 一节"):
        district().section(GradeRules)


def test_a_section_that_nobody_declares_is_refused() -> None:
    check(district(), [GateRules])
    policy = resolve([layer("base/2020", BASE + '[gaet]\nsource = "某号"\nx = 1\n')])
    with pytest.raises(PolicyError, match=r"base/2020：不认识的节 \[gaet\]"):
        check(policy, [GateRules])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (BASE.replace('source = "财预〔2020〕10号"\n', ""), r"\[gate\]：缺少 source"),
        (BASE.replace('"财预〔2020〕10号"', '" "'), r"\[gate\]：缺少 source"),
        (BASE.replace('["growth"]', '["groth"]'), r"\[gate\] guess"),
        (BASE.replace('title = "底版"\n', ""), "缺少 title"),
        (BASE.replace("year = 2020", 'year = "2020"'), "缺少 year"),
        (BASE.replace("year = 2020", "year = true"), "缺少 year"),
        ("tilte = 1\n" + BASE, "不认识的项 tilte"),
    ],
)
def test_a_file_without_its_head_or_source_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(PolicyError, match=complaint):
        layer("base/2020", text)


def test_layers_are_found_from_the_farthest_ancestor_down() -> None:
    known = {"base/2020": layer("base/2020", BASE), "qu/2022": layer("qu/2022", DISTRICT)}
    assert [found.name for found in lineage("qu/2022", known.__getitem__)] == ["base/2020", "qu/2022"]


def test_a_circle_of_extends_is_refused_with_its_path() -> None:
    circle = {
        "a/1": layer("a/1", 'title = "甲"\nyear = 1\nextends = "b/1"\n'),
        "b/1": layer("b/1", 'title = "乙"\nyear = 1\nextends = "a/1"\n'),
    }
    with pytest.raises(PolicyError, match="a/1 → b/1 → a/1"):
        lineage("a/1", circle.__getitem__)


def test_no_layer_is_no_policy() -> None:
    with pytest.raises(PolicyError):
        resolve([])


def test_a_snapshot_rebuilds_the_same_policy() -> None:
    policy = district()
    stored = json.loads(json.dumps(policy.document(), ensure_ascii=False))
    rebuilt = Policy.from_document(stored)
    assert rebuilt == policy
    assert rebuilt.digest == policy.digest
    assert rebuilt.section(GateRules) == policy.section(GateRules)


def test_a_snapshot_does_not_change_when_its_copy_is_changed() -> None:
    policy = district()
    digest = policy.digest
    policy.document()["sections"]["gate"]["names"]["value"].append("其他")
    assert policy.digest == digest


def test_the_digest_tells_every_difference() -> None:
    other_source = resolve([layer("base/2020", BASE), layer("qu/2022", DISTRICT.replace("1号", "2号"))])
    assert len({district().digest, other_source.digest, altered("least", "3").digest}) == 3


@pytest.mark.parametrize("broken", [{}, {"sections": {"a": {"b": 1}}}, {"sections": []}])
def test_a_broken_snapshot_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(PolicyError, match="政策快照不完整"):
        Policy.from_document(broken)


@pytest.mark.parametrize("name", policies.names())
def test_every_shipped_policy_survives_its_snapshot(name: str) -> None:
    policy = policies.load(name)
    assert policy.name == name
    assert Policy.from_document(json.loads(json.dumps(policy.document()))) == policy


@pytest.mark.parametrize(
    ("region", "year", "name"),
    [
        ("411323", 2022, "xixia/2022"),
        ("411323", 2024, "xixia/2022"),
        ("411323", 2021, "national/2021"),
        ("360102", 2022, "donghu/2022"),
        ("360111", 2022, "qingshanhu/2022"),
        ("360193", 2021, "gaoxin/2021"),
        ("990001", 2020, "county-x/2020"),
        ("990001", 2019, "national/2020"),
        ("420106", 2021, "hubei/2020"),
        ("420106", 2019, "national/2020"),
        ("510722", 2020, "national/2020"),
        ("510722", 2026, "national/2021"),
    ],
)
def test_a_region_reads_its_own_newest_rules_else_its_provinces_else_the_national(
    region: str, year: int, name: str
) -> None:
    assert policies.for_region(region, year).name == name


def test_an_unknown_name_is_told_what_exists() -> None:
    with pytest.raises(PolicyError, match="national/2020"):
        policies.load("../national/2020")
