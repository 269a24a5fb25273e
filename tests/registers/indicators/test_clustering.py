"""Other wordings of one indicator come under one name, in any order the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.registers.indicators.clustering import Used, clustered, normal_name

USED = [
    Used(1, "数量指标", "培训人次", "人次", 3),
    Used(2, "数量", "2022年度培训人次", "人/次", 5),
    Used(3, "数量指标", "受益学生人数", "人", 2, kept=True),
    Used(4, "数量指标", "受益学生的人数量", "人", 9),
    Used(5, "质量指标", "验收合格率", "%", 1),
    Used(6, "质量指标", "项目验收合格率", "％", 4),
    Used(7, "质量指标", "验收合格率", "个", 4),
]


@given(st.permutations(USED))
def test_the_order_of_the_sheets_changes_nothing(mixed):
    assert clustered(mixed) == clustered(USED)


def test_the_most_used_wording_leads_but_what_is_in_the_library_leads_before_it():
    found = {cluster.leader.key: [one.key for one in cluster.variants] for cluster in clustered(USED)}
    assert found == {3: [4], 2: [1], 6: [5], 7: []}


def test_every_indicator_stands_in_one_cluster():
    keys = [one.key for cluster in clustered(USED) for one in (cluster.leader, *cluster.variants)]
    assert sorted(keys) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2022年度培训人员数量", "培训人数"),
        ("项目的群众满意率", "群众满意度"),
        ("第二批补贴发放及时性", "补贴发放及时率"),
        ("年度", "年度"),
    ],
)
def test_a_name_is_what_it_measures(said, meant):
    assert normal_name(said) == meant
