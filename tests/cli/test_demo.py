"""`jixiao demo` and what reads a filled place: one district from its tables to its report, twice."""

from __future__ import annotations

import json
import re
import stat

import pytest
from tests.cli.places import folder

from jixiao.cli import demo_accounts
from jixiao.cli.demo_workbooks import District
from jixiao.cli.importing import Registration, load, tables_in
from jixiao.registers.organizations.models import Grant, User

pytestmark = pytest.mark.slow

KEY, WHERE = "gaoxin-2021", ("--region", "360193", "--year", 2021)


def test_a_second_demo_changes_nothing_and_the_place_answers(here, tmp_path):
    first = here.run("demo", "--no-serve", "--district", KEY)
    accounts = here.home / demo_accounts.FILE
    kept, summary = accounts.read_text(encoding="utf-8"), here.summary()
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert kept.strip() in first
    reports = {file: file.read_bytes() for file in (here.home / "reports" / KEY).iterdir()}
    assert {file.suffix for file in reports} == {".docx", ".pdf"}

    assert "没有变化" in here.run("demo", "--no-serve", "--district", KEY)
    assert here.summary() == summary
    assert accounts.read_text(encoding="utf-8") == kept
    assert {file: file.read_bytes() for file in reports} == reports

    told = json.loads(here.run("figures", *WHERE, "--json"))
    assert (told["region"], told["year"]) == ("360193", 2021)
    assert all(set(figure) == {"key", "name", "value", "unit", "rows"} for figure in told["figures"])
    assert "现有年度" in here.run("figures", "--region", "360193", "--year", 1999, code=2)
    assert "没有区划" in here.run("figures", "--region", "000000", "--year", 2021, code=2)
    assert "完整" in here.run("verify-audit", "--region", "360193")
    _travels_out_and_in(here, tmp_path)


def _travels_out_and_in(here, tmp_path):
    for ending in ("xlsx", "csv"):
        here.run("export", *WHERE, "--out", tmp_path / ending, "--format", ending)
        told = json.loads(here.run("import", tmp_path / ending, *WHERE, "--check", "--json"))
        changed = {key: counts for key, counts in told["counts"].items() if counts["new"] or counts["changed"]}
        assert changed == {}
        assert told["problems"] == []


def test_an_unknown_district_is_refused_with_those_there_are(here):
    told = here.run("demo", "--no-serve", "--district", "nowhere", code=2)
    assert re.search(r"没有演示数据 nowhere.*xixia-2022", told)


@pytest.fixture
def district(tmp_path):
    """A small district that is loaded, as the accounts see it."""
    tables = tmp_path / "tables"
    load(tables_in([folder(tables)]), Registration("999999", "甲县"), 2022, commit=True)
    return District("small-2022", "999999", "甲县", 2022)


@pytest.mark.django_db
def test_each_role_gets_one_account_whose_password_opens_it(district, tmp_path):
    table, made = demo_accounts.ensure([district], tmp_path / "accounts.txt")
    rows = [line.split() for line in table.splitlines()[1:]]
    assert made == len(rows) == User.objects.count() == Grant.objects.count()
    assert all(User.objects.get(login=row[0]).check_password(row[1]) for row in rows)
    assert not User.objects.filter(must_change_password=True).exists()
    assert {"绩效股", "业务股室", "预算单位", "主管部门", "领导", "审计与人大", "系统管理员"} < {row[3] for row in rows}


@pytest.mark.django_db
def test_accounts_and_passwords_stay_but_a_lost_file_brings_new_ones(district, tmp_path):
    file = tmp_path / "accounts.txt"
    table, _ = demo_accounts.ensure([district], file)
    assert demo_accounts.ensure([district], file) == (table, 0)
    file.unlink()
    fresh, made = demo_accounts.ensure([district], file)
    assert made == User.objects.count()
    assert fresh != table
    assert file.read_text(encoding="utf-8").strip() == fresh
