"""Coverage of 产出, 效益, 满意度: recognised however a table words its levels, and said only of complete tables."""

import pytest
from tests.domain.test_sheet_checks import LINE, TABLE, found, partial, report


def test_missing_benefit_and_satisfaction_are_found_in_complete_tables_only():
    line = {**LINE, "weight": 90, "points_printed": 90}
    assert found(lines=[line]) == {"NO_BENEFIT_INDICATOR", "NO_SATISFACTION_INDICATOR"}
    assert partial(lines=[line]) == set()


@pytest.mark.parametrize(
    ("level1", "level2"),
    [
        ("效果", ""),
        ("社会效益", None),
        ("可持续影响", None),
        ("影响力", "长效管理"),
        (None, "生态效益"),
        ("结果", "社会效应"),
    ],
)
def test_benefit_is_recognised_however_the_table_words_it(level1, level2):
    benefit = {**TABLE["lines"][1], "level1": level1, "level2": level2}
    assert found(lines=[LINE, benefit, TABLE["lines"][2]]) == set()


def test_satisfaction_under_benefit_is_satisfaction_and_leaves_benefit_missing():
    lines = [{**line, "level1": "效益", "level2": "服务对象满意度"} for line in TABLE["lines"][1:]]
    assert found(lines=[LINE, *lines]) == {"NO_BENEFIT_INDICATOR"}


def test_rows_without_any_level_leave_coverage_unchecked():
    unnamed = [{**line, "level1": None, "level2": ""} for line in TABLE["lines"]]
    result = report(lines=unnamed)
    assert result.findings == ()
    assert "NO_BENEFIT_INDICATOR" in {finding.code for finding in result.unchecked}
