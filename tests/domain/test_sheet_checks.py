"""Findings on published tables: everything expected is found, nothing wrong besides, and what lacks facts is said."""

import copy
import json
from pathlib import Path

import pytest

from jixiao.cli.sheets import rules_of
from jixiao.domain.checks.sheet import audit, score_table
from jixiao.domain.published import parse

FOLDER = Path(__file__).parents[1] / "cases" / "published"
PUBLISHED = sorted(FOLDER.glob("*.json"))
DESCRIBED = sorted((FOLDER.parent / "described").glob("*.json"))
LINE = {
    "level1": "产出",
    "level2": "数量",
    "name": "培训人次",
    "comparison": "≥",
    "target": 100,
    "unit": "人",
    "actual": 100,
    "weight": 50,
    "points_printed": 50,
}
TABLE = {
    "id": "表",
    "policy": "national/2020",
    "complete": True,
    "money_unit": "万元",
    "budget": 100,
    "executed": 100,
    "execution_rate_printed": "100%",
    "execution_weight": 10,
    "execution_points_printed": 10,
    "lines": [
        LINE,
        {**LINE, "level1": "效益", "level2": "社会效益", "name": "受益人数", "weight": 30, "points_printed": 30},
        {**LINE, "level1": "满意度", "level2": "", "name": "满意度", "unit": "%", "weight": 10, "points_printed": 10},
    ],
    "total_printed": 100,
}


def report(first=None, **changes):
    """The audit of the sound table with some keys, and some keys of its first line, changed."""
    table = copy.deepcopy({**TABLE, **changes})
    table["lines"][0].update(first or {})
    document = parse(json.dumps(table).encode())
    return audit(score_table(document, rules_of(document.policy)))


def found(first=None, **changes):
    return {
        finding.code + (f":{finding.line}" if finding.line else "") for finding in report(first, **changes).findings
    }


def partial(first=None, **changes):
    """The same for a table whose last rows are missing, so that sums say nothing."""
    return found(first, complete=False, total_printed=None, **changes)


@pytest.mark.parametrize("file", PUBLISHED + DESCRIBED, ids=lambda file: file.stem)
def test_a_published_table_has_exactly_the_expected_findings(file):
    document = json.loads(file.read_text(encoding="utf-8"))
    table = parse(file.read_bytes())
    findings = audit(score_table(table, rules_of(table.policy))).findings
    assert {f.code + (f":{f.line}" if f.line else "") for f in findings} == set(document["expected_findings"])


def test_all_eleven_tables_are_here():
    assert len(PUBLISHED) == 11


def test_tables_known_from_words_alone_are_marked_incomplete():
    assert len(DESCRIBED) == 8
    assert not any(json.loads(file.read_text(encoding="utf-8"))["complete"] for file in DESCRIBED)


def test_a_sound_table_has_no_findings_and_nothing_unchecked():
    sound = report()
    assert (sound.findings, sound.unchecked) == ((), ())


@pytest.mark.parametrize(("total", "codes"), [(100, set()), (99.99, {"TOTAL_MISMATCH"}), (None, set())])
def test_a_total_is_compared_with_the_sum_of_the_printed_points(total, codes):
    assert found(total_printed=total) == codes


def test_weights_are_added_with_execution():
    assert found({"weight": 49, "points_printed": 49}, total_printed=99) == {"WEIGHTS_NOT_100"}


@pytest.mark.parametrize(
    ("printed", "executed", "wrong"),
    [
        ("99%", 99.1, False),
        ("99.1%", 99.12, False),
        ("99.10%", 99.12, True),
        ("98", 94.54, True),
        ("94.54", 94.54, False),
        ("0.95", 94.54, False),
        ("0.90", 94.54, True),
        ("20", 20, False),
        ("1", 100, False),
        ("1%", 100, True),
        ("0", 100, True),
        ("9２.5％", 92.5, False),
        ("100%", 102.59, True),
        ("102.59%", 102.59, False),
        ("1.0259", 102.59, False),
        ("1.03", 102.59, False),
        ("1.03%", 102.59, True),
    ],
)
def test_the_printed_digits_decide_whether_a_rate_is_right(printed, executed, wrong):
    assert ("EXECUTION_RATE" in partial(execution_rate_printed=printed, executed=executed)) is wrong


@pytest.mark.parametrize(
    ("printed", "executed", "wrong"),
    [(9.9, 99.1, False), (9.91, 99.1, False), (9, 99.1, True), (10, 99.5, False), (10, 99.2, True), (10.3, 103, True)],
)
def test_execution_points_follow_the_rule_to_one_tenth(printed, executed, wrong):
    assert ("EXECUTION_POINTS" in partial(execution_points_printed=printed, executed=executed)) is wrong


def test_spending_above_the_budget_is_found_and_its_points_are_capped():
    assert partial(executed=102.59, execution_rate_printed="102.59%") == {"EXECUTION_OVER_100"}


def test_a_complete_table_without_execution_points_is_found_and_a_partial_one_is_not():
    without = {"execution_weight": None, "execution_points_printed": None}
    assert found({"weight": 60, "points_printed": 60}, **without) == {"NO_EXECUTION_SCORE"}
    assert partial(**without) == set()


@pytest.mark.parametrize(
    "name",
    [
        "资金执行率",
        "预算执行率",
        "预算执行",
        "项目资金支付率",
        "支付进度",
        "预算完成率",
        "资金使用率",
        "支出完成率",
        "财政资金拨付进度",
        "补助资金使用率",
        "2022年预算资金执行率（%）",
    ],
)
def test_execution_scored_by_a_line_again_is_found(name):
    assert partial({"name": name, "unit": "%"}) == {"EXECUTION_COUNTED_TWICE"}


@pytest.mark.parametrize(
    "name",
    [
        "资金支付及时率",
        "资金使用合规率",
        "资金使用效率",
        "资金到位率",
        "补助资金发放率",
        "计划执行人数",
        "政策执行率",
        "财政补贴车辆使用率",
        "向人大报告预算执行情况",
    ],
)
def test_other_rates_of_money_are_no_second_execution_score(name):
    assert partial({"name": name, "unit": "%"}) == set()


def test_a_line_alone_that_scores_execution_is_the_execution_score():
    without = {"execution_weight": None, "execution_points_printed": None}
    assert found({"name": "预算执行率", "weight": 60, "points_printed": 60}, **without) == set()


@pytest.mark.parametrize(
    ("actual", "printed", "code"),
    [
        (90, 45, None),
        (90, 45.1, None),
        (90, 45.11, "POINTS_ABOVE_RULE"),
        (90, 44.9, None),
        (90, 44.89, "POINTS_BELOW_RULE"),
        (100, 49.9, None),
        (100, 49, "POINTS_BELOW_RULE"),
        (72.74, 50, "POINTS_ABOVE_RULE"),
        (100, None, None),
        (None, 50, None),
        ("已完成", 50, None),
    ],
)
def test_printed_points_are_compared_with_the_rule(actual, printed, code):
    expected = {f"{code}:培训人次"} if code else set()
    assert partial({"actual": actual, "points_printed": printed}) == expected


@pytest.mark.parametrize(
    ("actual", "printed", "code"),
    [
        ("达成预期指标", 50, None),
        ("达成预期指标", 40, None),
        ("达成预期指标", 39, "POINTS_BELOW_RULE"),
        ("部分达成预期指标并具有一定效果", 50, "POINTS_ABOVE_RULE"),
        ("部分达成预期指标并具有一定效果", 35, None),
        ("较好", 50, None),
    ],
)
def test_a_qualitative_line_is_judged_by_its_tier(actual, printed, code):
    line = {"comparison": "定性", "target": "效果明显", "actual": actual, "points_printed": printed, "unit": None}
    assert partial(line) == ({f"{code}:培训人次"} if code else set())


@pytest.mark.parametrize(
    ("target", "unit", "actual"),
    [("200万元", None, 210), ("≥200万元", "", "2100000元"), (1.2, "万人", "12000人"), ("1.2亿元", "万元", 12500)],
)
def test_numbers_are_compared_in_one_unit(target, unit, actual):
    line = {"level1": "效益", "level2": "经济效益", "target": target, "unit": unit, "actual": actual}
    assert partial(line) == set()


def test_a_reverse_line_beyond_its_target_with_full_points_is_found():
    assert partial({"comparison": "≤", "target": 80}) == {"POINTS_ABOVE_RULE:培训人次"}


@pytest.mark.parametrize(("actual", "wrong"), [("11月底", False), ("12月5日", True)])
def test_a_late_end_with_full_points_is_found(actual, wrong):
    line = {"level2": "时效", "comparison": "≤", "target": "11月底前", "actual": actual, "unit": None}
    assert partial(line) == ({"POINTS_ABOVE_RULE:培训人次"} if wrong else set())


def test_a_cost_saved_keeps_its_points_whether_they_were_cut_or_not():
    saved = {"level2": "成本", "comparison": "=", "unit": "元", "actual": 90}
    assert partial(saved) == partial({**saved, "points_printed": 45}) == set()


def test_points_without_any_value_are_found():
    assert partial({"target": None, "actual": None}) == {"NO_VALUE_SCORED:培训人次"}
    assert partial({"target": None, "actual": None, "points_printed": None}) == set()
    assert partial({"target": "/", "actual": "—"}) == {"NO_VALUE_SCORED:培训人次"}


@pytest.mark.parametrize(
    ("target", "actual", "copied"),
    [
        (100, ">=100", True),
        (100, "≥100人", True),
        ("≥100", "≥100", True),
        ("100以上", "100以上", True),
        (100, 100, False),
        (100, "100人", False),
        (100, "100余人", False),
        (100, "≥110", False),
        (100, "≧100", True),
        (100, "＞100人", True),
        ("大于等于100", "不少于100人", True),
        (100, "≤100", False),
    ],
)
def test_an_actual_that_repeats_the_target_with_its_sign_is_found(target, actual, copied):
    assert partial({"target": target, "actual": actual}) == ({"TARGET_COPIED:培训人次"} if copied else set())


@pytest.mark.parametrize(
    ("comparison", "actual", "over"),
    [("≥", 129, False), ("≥", 130, True), ("=", 150, True), (">", 150, True), ("≤", 50, False), ("≥", "150余", True)],
)
def test_far_more_than_the_target_is_found_from_the_threshold_on(comparison, actual, over):
    assert partial({"comparison": comparison, "actual": actual}) == ({"OVERACHIEVED:培训人次"} if over else set())


def test_a_percentage_written_as_a_ratio_is_neither_missed_nor_surpassed():
    assert partial({"unit": "%", "target": 98, "actual": 0.98}) == set()
    assert partial({"unit": "%", "target": 0.98, "actual": 98}) == set()
    assert partial({"unit": "%", "target": 30, "actual": 0.35}) == set()
    growth = {"level1": "效益", "level2": "经济效益", "unit": "%", "target": 5, "actual": 0.5}
    assert partial(growth) == {"POINTS_ABOVE_RULE:培训人次"}


@pytest.mark.parametrize(
    ("name", "unit", "value", "level2", "wrong"),
    [
        ("补助经费", "元", 1000000, "数量", True),
        ("项目支出", "万元", 100, "数量指标", True),
        ("设备购置经费", "万元", 40, "数量", True),
        ("人均补助标准", "元", 500, "数量", False),
        ("带动贷款", "万元", 800, "数量", False),
        ("项目总成本", "万元", 100, "成本", False),
        ("培训人次", "人", 100, "数量", False),
        ("拨付资金", "万元", 60, "数量", True),
        ("审计工作经费", "万元", 100, "数量", True),
        ("贷款贴息资金", "万元", 50, "数量", True),
        ("撬动社会资本投入", "万元", 60, "数量", False),
        ("监管资金规模", "万元", 60, "数量", False),
        ("生活补助", "元", 800, "数量", False),
        ("补助标准", "元/人", 800, "数量", False),
    ],
)
def test_budget_money_as_an_output_quantity_is_found(name, unit, value, level2, wrong):
    line = {"name": name, "unit": unit, "target": value, "actual": value, "level2": level2}
    assert partial(line) == ({f"MONEY_AS_OUTPUT:{name}"} if wrong else set())


@pytest.mark.parametrize(
    ("executed", "actual", "diverges"),
    [(20, 100, True), (59.9, 100, True), (60, 100, False), (100, 50, True), (100, 70, False), (20, 20, False)],
)
def test_outputs_far_from_payments_are_found_in_both_directions(executed, actual, diverges):
    codes = partial(
        {"actual": actual, "points_printed": actual / 2},
        executed=executed,
        execution_rate_printed=f"{executed}%",
        execution_points_printed=round(executed / 10, 2),
    )
    assert codes == ({"PAYMENT_OUTPUT_DIVERGENCE"} if diverges else set())


@pytest.mark.parametrize(("actual", "diverges"), [("达成预期指标", True), ("部分达成预期指标并具有一定效果", False)])
def test_a_qualitative_output_counts_by_its_wording_when_little_is_paid(actual, diverges):
    line = {"comparison": "定性", "target": "已建成", "actual": actual, "unit": None, "points_printed": 40}
    codes = partial(line, executed=20, execution_rate_printed="20%", execution_points_printed=2)
    assert codes - {"POINTS_ABOVE_RULE:培训人次"} == ({"PAYMENT_OUTPUT_DIVERGENCE"} if diverges else set())


def test_a_part_of_the_row_above_has_no_points_and_disturbs_no_sum():
    part = {**LINE, "name": "其中：女性", "weight": None, "points_printed": None}
    assert found(lines=[LINE, part, *TABLE["lines"][1:]]) == set()


def test_weights_beyond_100_are_found_though_one_is_missing():
    part = {**LINE, "name": "其中：女性", "weight": None, "points_printed": None}
    assert found(lines=[{**LINE, "weight": 60}, part, *TABLE["lines"][1:]]) == {
        "WEIGHTS_NOT_100",
        "POINTS_BELOW_RULE:培训人次",
    }


@pytest.mark.parametrize(
    ("actual", "printed", "code"), [(86, 50, None), (86, 43, None), (70, 50, "ABOVE"), (92, 40, "BELOW")]
)
def test_between_the_value_and_the_target_no_satisfaction_points_are_surely_wrong(actual, printed, code):
    line = {"level1": "满意度", "level2": "", "unit": "%", "target": 86, "actual": actual, "points_printed": printed}
    expected = {f"POINTS_{code}_RULE:培训人次"} if code else set()
    assert partial(line, policy="national/2021") == expected


@pytest.mark.parametrize(
    ("target", "unit", "actual", "printed", "wrong"),
    [("≤3天", "天", 2, 50, False), (12, "月", 11, 50, False), (30, "天", 40, 37.5, False), ("≤3天", "天", 6, 50, True)],
)
def test_a_span_of_time_fixed_with_equals_is_judged_only_where_its_own_sign_decides(
    target, unit, actual, printed, wrong
):
    line = {"level2": "时效", "comparison": "=", "target": target, "unit": unit, "actual": actual}
    codes = partial({**line, "points_printed": printed})
    assert codes - {"OVERACHIEVED:培训人次"} == ({"POINTS_ABOVE_RULE:培训人次"} if wrong else set())


def test_no_accident_as_promised_is_a_value():
    nothing = {"name": "安全事故", "comparison": "定性", "target": "无", "actual": "无", "unit": None}
    assert partial(nothing) == set()


def test_what_lacks_its_facts_is_reported_as_unchecked():
    unchecked = {
        finding.code for finding in report({"actual": None}, complete=False, budget=None, total_printed=None).unchecked
    }
    assert {"TOTAL_MISMATCH", "WEIGHTS_NOT_100", "EXECUTION_RATE", "EXECUTION_POINTS", "POINTS_ABOVE_RULE"} <= unchecked


def test_a_line_without_a_weight_leaves_its_points_open():
    table = copy.deepcopy(TABLE)
    table["lines"][0]["weight"] = None
    view = score_table(parse(json.dumps(table).encode()), rules_of("national/2020"))
    assert view.score.lines[0].points is None
    assert view.score.total is None
    assert "WEIGHTS_NOT_100" in {finding.code for finding in audit(view).unchecked}
