"""The same folder from several sides at once, in parts and in any order: whole, once, and said."""

from __future__ import annotations

import pytest
from tests.cli.places import folder

pytestmark = pytest.mark.slow

WHERE = ("--region", "999999", "--year", 2022)


def test_the_same_folder_imported_three_times_at_once_is_stored_once(here, tmp_path):
    tables = folder(tmp_path / "tables", projects=30, payments=300)
    processes = [here.start("import", tables, *WHERE) for _ in range(3)]
    said = [process.communicate(timeout=300)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sum("已写入" in text for text in said) == 1
    assert sum("没有变化" in text for text in said) == 2
    assert "数据摘要" in here.summary()


def test_parts_in_any_order_hold_the_same_rows_as_the_whole(new_place, tmp_path):
    tables = folder(tmp_path / "tables")
    whole, parts = new_place(), new_place()
    whole.run("import", tables, *WHERE)
    for name in ("payments", "units", "projects"):
        parts.run("import", tables / f"{name}.csv", *WHERE)
    for place in (whole, parts):
        assert "不变 3" in place.run("import", tables, *WHERE)
    assert "没有变化" in parts.run("import", tables, *WHERE)


def test_what_is_no_table_is_passed_over_and_said(here, tmp_path):
    tables = folder(tmp_path / "tables")
    for name in ("README", ".DS_Store", "~$units.xlsx", "照片.png"):
        (tables / name).touch()
    said = here.run("import", tables, *WHERE, "--check")
    assert "没有读的文件 4 个" in said
    assert "照片.png" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--region", "36x", "--year", 2022), "六至九位数字"),
        (("--region", "３６０１９８", "--year", 2022), "六至九位数字"),
        (("--region", "999999", "--year", "今年"), "--year"),
        (("--region", "999999", "--year", 22), "四位年份"),
        (("--region", "999999", "--year", 2022, "--name", "县" * 41), "最多 40 个字"),
    ],
)
def test_a_wrong_call_ends_with_2_and_says_why(here, tmp_path, arguments, said):
    assert said in here.run("import", folder(tmp_path / "tables"), *arguments, code=2)


def test_an_empty_file_is_one_problem_and_blames_no_other(here, tmp_path):
    tables = folder(tmp_path / "tables")
    (tables / "a.csv").touch()
    said = here.run("import", tables, *WHERE, code=1)
    assert "有 1 处问题" in said
