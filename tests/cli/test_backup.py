"""A backup restores to the same rows and files, on the other database too, and nowhere else than in an empty place."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile

import pytest
from tests.cli.places import Place, folder, place


@pytest.fixture
def filled(here: Place, tmp_path) -> Place:
    here.run("import", folder(tmp_path / "tables"), "--region", "999999", "--name", "甲县", "--year", 2022)
    return here


def carry_key(source: Place, target: Place) -> None:
    target.home.mkdir(parents=True, exist_ok=True)
    shutil.copy(source.home / "audit.key", target.home / "audit.key")


@pytest.mark.slow
def test_a_backup_travels_between_the_databases_and_back(filled, tmp_path):
    summary = filled.summary()
    filled.run("backup", tmp_path / "there.zip")
    with place(tmp_path / "sqlite", vendor="sqlite") as other, place(tmp_path / "again") as again:
        carry_key(filled, other)
        carry_key(filled, again)
        assert "逐表核对一致" in other.run("restore", tmp_path / "there.zip")
        assert other.summary() == summary
        other.run("backup", tmp_path / "back.zip")
        again.run("restore", tmp_path / "back.zip")
        assert again.summary() == summary
        tables = folder(tmp_path / "more", projects=5, payments=9)
        assert "已写入 10 行" in again.run("import", tables, "--region", "999999", "--year", 2022)
        again.run("doctor")


def test_a_backup_is_its_owners_alone_and_overwrites_nothing(filled, tmp_path):
    target = tmp_path / "backup.zip"
    told = filled.run("backup", target)
    assert "密钥不在备份里" in told
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with zipfile.ZipFile(target) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert len(manifest["uploads"]) == 3
        assert not [name for name in archive.namelist() if name.endswith(".key")]
    assert "已存在" in filled.run("backup", target, code=2)


@pytest.mark.slow
def test_restore_refuses_a_place_with_data_and_a_damaged_backup(filled, new_place, tmp_path):
    whole, damaged, stranger = (tmp_path / name for name in ("whole.zip", "damaged.zip", "stranger.zip"))
    filled.run("backup", whole)
    assert "空的位置" in filled.run("restore", whole, code=1)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"P2", b"P7") if "subjectyear" in name else content)
    stranger.write_text("not a zip")
    empty = new_place()
    assert "摘要不符" in empty.run("restore", damaged, code=1)
    assert "不是完整的备份" in empty.run("restore", stranger, code=1)
    assert "没有文件" in empty.run("restore", tmp_path / "nowhere.zip", code=1)
    carry_key(filled, empty)
    empty.run("restore", whole)
    assert empty.summary() == filled.summary()


@pytest.mark.slow
def test_without_the_key_the_rows_come_back_but_the_chain_is_not_vouched_for(filled, tmp_path):
    filled.run("backup", tmp_path / "backup.zip")
    with place(tmp_path / "elsewhere") as elsewhere:
        told = elsewhere.run("restore", tmp_path / "backup.zip", code=1)
        assert "逐表核对一致" in told
        assert "999999 的审计链" in told
        assert "第 1 条起不可信" in elsewhere.run("verify-audit", code=1)
