"""`jixiao import`: everything or nothing, and every problem with its place."""

from __future__ import annotations

import json

import pytest
from tests.cli.places import folder

from jixiao.cli.environment import Refused
from jixiao.cli.importing import Registration, load, problems_of, tables_in
from jixiao.kit.models import AuditEntry, Upload
from jixiao.registers.organizations.models import Region, UnitYear
from jixiao.registers.subjects.models import Payment, SubjectYear

NEW = Registration("999999", "甲县")
TABLES = (Region, UnitYear, SubjectYear, Payment, Upload, AuditEntry)


def counts() -> list[int]:
    return [table.objects.count() for table in TABLES]


@pytest.mark.django_db
def test_a_folder_is_stored_with_its_new_region(tmp_path):
    outcome = load(tables_in([folder(tmp_path)]), NEW, 2022, commit=True)
    assert outcome.stored
    assert counts()[:5] == [1, 1, 3, 3, 3]
    region = Region.objects.get()
    assert (region.name, region.bureau, region.demo) == ("甲县", "甲县财政局", False)


@pytest.mark.django_db
def test_the_same_folder_again_changes_nothing(tmp_path):
    files = tables_in([folder(tmp_path)])
    load(files, NEW, 2022, commit=True)
    before = counts()
    outcome = load(files, NEW, 2022, commit=True)
    assert (outcome.stored, outcome.changes, counts()) == (False, 0, before)


@pytest.mark.django_db
def test_one_wrong_cell_in_one_table_stores_nothing_of_any(tmp_path):
    with (folder(tmp_path) / "payments.csv").open("a", encoding="utf-8") as payments:
        payments.write("2022,P1,V9,2022-02-30,1\n")
    outcome = load(tables_in([tmp_path]), NEW, 2022, commit=True)
    file, problem = outcome.problems[0]
    assert (file, problem.row, problem.column) == ("payments.csv", 5, "支付日期")
    assert counts() == [0] * len(TABLES)


@pytest.mark.django_db
def test_a_problem_found_in_the_last_table_undoes_the_first(tmp_path):
    with (folder(tmp_path) / "projects.csv").open("a", encoding="utf-8") as projects:
        projects.write("2022,P9,项目九,404,1\n")
    outcome = load(tables_in([tmp_path]), NEW, 2022, commit=True)
    assert "404" in outcome.problems[0][1].message
    assert counts() == [0] * len(TABLES)


@pytest.mark.django_db
def test_a_check_writes_nothing(tmp_path):
    outcome = load(tables_in([folder(tmp_path)]), NEW, 2022, commit=False)
    assert (outcome.changes, outcome.stored, counts()) == (10, False, [0] * len(TABLES))


@pytest.mark.django_db
def test_a_file_without_a_known_table_says_so_once(tmp_path):
    (tmp_path / "通讯录.csv").write_text("姓名,电话\n张三,1\n", encoding="utf-8")
    problems = problems_of(load(tables_in([tmp_path]), NEW, 2022, commit=True))
    assert [file for file, _ in problems] == ["通讯录.csv"]


def test_only_tables_are_taken_from_a_folder(tmp_path):
    for name in ("b.csv", "a.xlsx", "~$a.xlsx", ".hidden.csv", "readme.txt", "figures.json", "old.xls"):
        (tmp_path / name).touch()
    assert [file.name for file in tables_in([tmp_path])] == ["a.xlsx", "b.csv", "old.xls"]


def test_an_empty_folder_and_a_missing_one_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Refused):
            tables_in([path])


@pytest.mark.slow
def test_the_command_tells_counts_problems_and_its_verdict_by_its_code(here, tmp_path):
    tables = folder(tmp_path / "tables")
    place = ("--region", "999999", "--name", "甲县", "--year", 2022)
    told = json.loads(here.run("import", tables, *place, "--json"))
    assert (told["stored"], told["counts"]["projects"]) == (True, {"new": 3, "changed": 0, "same": 0})
    assert "没有变化" in here.run("import", tables, *place)
    (tables / "payments.csv").write_text("年度,项目编码\n2022,P1\n", encoding="utf-8")
    assert "没有写入任何数据" in here.run("import", tables, *place, code=1)
    assert "用法不对" in here.run("import", tables, code=2)
    assert "区划编码" in here.run("import", tables, "--region", "甲县", "--year", 2022, code=2)
