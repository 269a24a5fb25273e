"""`jixiao watch`: every complete file once, whole, and put away with what was said of it; nothing is ever lost."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from tests import factories
from tests.cli.places import PAYMENT_HEAD, folder
from tests.factories import PROJECTS, REGISTERS, UNITS, actor, stored

from jixiao.cli import watching
from jixiao.cli.environment import Refused
from jixiao.cli.importing import Registration
from jixiao.cli.watching import LOCK, STORED, WRONG, Watch, alone
from jixiao.kit.importing import BUSY, Outcome
from jixiao.kit.mapping import Mapped
from jixiao.kit.models import Upload
from jixiao.overview.mapping import save
from jixiao.registers.subjects.models import Payment

RIGHT = f"{PAYMENT_HEAD}2022,P1,V1,2022-03-01,1.01\n2022,P1,V2,2022-03-02,2.02\n"
WATCH = ("--region", "999999", "--year", 2022)
KILLS, PAYMENTS = 8, 3000


@pytest.fixture
def inbox(tmp_path, db):
    stored({"units": UNITS, "projects": PROJECTS}, REGISTERS)
    made = tmp_path / "inbox"
    made.mkdir()
    return made


def watch(inbox, mapping=""):
    return Watch(inbox, Registration(factories.REGION, "甲县"), 2022, mapping)


def put(inbox, name="payments.csv", text=RIGHT):
    (inbox / name).write_text(text, encoding="utf-8")
    return inbox / name


def lying(place):
    return sorted(file.name for file in place.iterdir()) if place.is_dir() else []


def looked(watched, times=2):
    for _ in range(times):
        watched.look()


def test_a_file_that_no_longer_changes_is_stored_and_put_away(inbox, capsys):
    put(inbox)
    watched = watch(inbox)
    assert watched.look() == 1
    assert not Payment.objects.exists()
    assert watched.look() == 0
    assert Payment.objects.count() == 2
    assert lying(inbox) == [STORED]
    assert lying(inbox / STORED) == ["payments.csv", "payments.csv.txt"]
    assert "已写入 2 行" in (inbox / STORED / "payments.csv.txt").read_text(encoding="utf-8")
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 1
    assert "已入库　payments.csv　新增 2　修改 0　不变 0" in told[0]


def test_a_file_that_is_still_being_written_waits(inbox):
    file, watched = put(inbox, text=RIGHT[:-20]), watch(inbox)
    watched.look()
    put(inbox)
    watched.look()
    assert not Payment.objects.exists()
    watched.look()
    assert Payment.objects.count() == 2
    assert not file.exists()


def test_a_file_that_changes_while_it_is_read_is_not_put_away(inbox, monkeypatch, capsys):
    put(inbox, text=RIGHT[: RIGHT.index("2022,P1,V2")])
    watched = watch(inbox)
    watched.look()
    held = Path.read_bytes

    def read_and_grow(path):
        content = held(path)
        if path.name == "payments.csv":
            monkeypatch.undo()
            put(inbox)
        return content

    monkeypatch.setattr(Path, "read_bytes", read_and_grow)
    watched.look()
    assert "payments.csv" in lying(inbox)
    assert "还在写入" in capsys.readouterr().out
    looked(watched)
    assert Payment.objects.count() == 2
    assert lying(inbox) == [STORED]


def test_a_file_under_a_passing_name_waits_and_is_taken_once_it_has_its_own(inbox):
    file, watched = put(inbox, "payments.csv.part"), watch(inbox)
    looked(watched, 3)
    assert not Payment.objects.exists()
    file.rename(inbox / "payments.csv")
    watched.look()
    assert Payment.objects.count() == 2


def test_a_wrong_file_is_put_aside_with_every_problem_and_nothing_of_it_is_stored(inbox, capsys):
    put(inbox, text=f"{RIGHT}2022,P1,V3,2022-02-30,1\n")
    watched = watch(inbox)
    looked(watched)
    assert not Payment.objects.exists()
    assert lying(inbox / WRONG) == ["payments.csv", "payments.csv.txt"]
    words = (inbox / WRONG / "payments.csv.txt").read_text(encoding="utf-8")
    assert "第4行“支付日期”" in words
    assert "没有写入任何数据" in words
    assert watched.refused == 1
    assert "有问题　payments.csv　1 处问题" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"PK\x03\x04 cut off"), ("a.xls", b"\xd0\xcf\x11\xe0"), ("a.csv", b"\x00\x01"), ("a.csv", b"")],
)
def test_a_malformed_file_is_put_aside_and_the_next_one_is_stored(inbox, name, content):
    (inbox / name).write_bytes(content)
    put(inbox, "z.csv")
    looked(watch(inbox))
    assert lying(inbox / WRONG) == [name, f"{name}.txt"]
    assert Payment.objects.count() == 2


def test_what_is_no_table_stays_untouched(inbox):
    names = ("~$payments.xlsx", ".hidden.csv", "readme.txt", "photo.jpg")
    for name in names:
        put(inbox, name)
    (inbox / "folder.csv").mkdir()
    (inbox / "link.csv").symlink_to(put(inbox.parent, "elsewhere.csv"))
    looked(watch(inbox), 3)
    assert lying(inbox) == sorted((*names, "folder.csv", "link.csv"))
    assert not Payment.objects.exists()


def test_the_same_name_again_overwrites_nothing(inbox):
    watched = watch(inbox)
    put(inbox)
    looked(watched)
    put(inbox, text=RIGHT.replace("V1", "V7"))
    looked(watched)
    assert lying(inbox / STORED) == ["payments.csv", "payments.csv.txt", "payments（2）.csv", "payments（2）.csv.txt"]
    assert Payment.objects.count() == 3


def test_a_file_that_was_stored_and_not_moved_changes_nothing_when_it_is_read_again(inbox, monkeypatch):
    put(inbox)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        looked(watch(inbox))
    assert Payment.objects.count() == 2
    assert "payments.csv" in lying(inbox)
    looked(watch(inbox))
    assert (Payment.objects.count(), Upload.objects.filter(filename="payments.csv").count()) == (2, 1)
    assert lying(inbox) == [STORED]


def test_a_file_whose_rows_others_are_working_on_stays_for_the_next_look(inbox, monkeypatch, capsys):
    put(inbox)
    with monkeypatch.context() as busy:
        busy.setattr(watching, "load", lambda *_, **__: Outcome(problems=[("payments.csv", BUSY)]))
        looked(watch(inbox))
    assert "正由他人办理" in capsys.readouterr().out
    assert "payments.csv" in lying(inbox)
    looked(watch(inbox))
    assert Payment.objects.count() == 2


def test_a_folder_that_is_away_for_a_while_is_looked_at_again(inbox, capsys):
    put(inbox)
    watched = watch(inbox)
    away = inbox.rename(inbox.with_name("away"))
    assert watched.look() == 0
    assert "读不到" in capsys.readouterr().out
    away.rename(inbox)
    looked(watched)
    assert Payment.objects.count() == 2


def test_another_systems_file_is_read_by_the_saved_mapping(inbox):
    columns = {"code": "XMBM", "voucher": "PZH", "paid_on": "ZFRQ", "fen": "JE"}
    save(actor(), "国库导出", Mapped("payments", columns, {"year": "2022"}, "元"))
    put(inbox, text="XMBM,PZH,ZFRQ,JE\nP1,V9,20220301,7\n")
    looked(watch(inbox, "国库导出"))
    assert Payment.objects.get().fen == 700


def test_a_name_of_any_length_is_put_away(inbox):
    name = f"{'长' * 80}.csv"
    put(inbox, name)
    looked(watch(inbox))
    assert [file[-4:] for file in lying(inbox / STORED)] == [".csv", ".txt"]


def test_a_second_watch_of_the_same_folder_is_refused_and_the_lock_ends_with_the_first(tmp_path):
    with alone(tmp_path), pytest.raises(Refused, match="已有另一个"), alone(tmp_path):
        pass
    with alone(tmp_path):
        assert lying(tmp_path) == [LOCK]


def until(happened):
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def filled(here, tmp_path):
    """A place with projects, and a folder to watch."""
    here.run("import", folder(tmp_path / "tables", payments=0) / "units.csv", *WATCH)
    here.run("import", tmp_path / "tables" / "projects.csv", *WATCH)
    made = tmp_path / "inbox"
    made.mkdir()
    return here, made


@pytest.mark.slow
def test_the_command_looks_twice_and_tells_by_its_code(filled):
    place, made = filled
    once = ("watch", made, *WATCH, "--once", "--every", 0.1)
    assert place.run(*once) == ""
    put(made)
    assert "已入库" in place.run(*once)
    put(made, "wrong.csv", "年度,项目编码\n2022,P1\n")
    assert "有问题" in place.run(*once, code=1)
    assert "没有区划" in place.run("watch", made, "--region", "888888", "--year", 2022, code=2)
    assert "间隔" in place.run("watch", made, *WATCH, "--every", 0, code=2)
    assert "没有文件夹" in place.run("watch", made / "nowhere", *WATCH, code=2)
    assert "没有名为" in place.run("watch", made, *WATCH, "--mapping", "国库", code=2)


@pytest.mark.slow
def test_of_two_watches_one_is_refused_and_the_other_stores_a_file_once(filled):
    place, made = filled
    both = [place.start("watch", made, *WATCH, "--every", 0.1) for _ in range(2)]
    until(lambda: any(process.poll() is not None for process in both))
    refused = next(process for process in both if process.poll() is not None)
    other = both[both.index(refused) - 1]
    assert "已有另一个" in refused.communicate()[1]
    assert refused.returncode == 1
    put(made)
    until(lambda: "payments.csv" in lying(made / STORED))
    other.terminate()
    assert other.communicate(timeout=60)[0].count("已入库") == 1
    assert other.returncode == 0
    assert place.count("subjects_payment") == [2]


@pytest.mark.slow
def test_a_watch_killed_anywhere_loses_nothing_and_stores_nothing_twice(filled):
    place, made = filled
    payments = "".join(f"2022,P1,V{number},2022-03-01,{number}.01\n" for number in range(PAYMENTS))
    began = time.monotonic()
    put(made, "z.csv", PAYMENT_HEAD + "2022,P1,Z0,2022-03-01,1\n")
    place.run("watch", made, *WATCH, "--once", "--every", 0.1)
    whole = time.monotonic() - began
    put(made, text=PAYMENT_HEAD + payments)
    for number in range(KILLS):
        process = place.start("watch", made, *WATCH, "--once", "--every", 0.1)
        time.sleep(whole * (0.5 + 0.8 * number / KILLS))
        place.kill(process)
        assert place.count("subjects_payment") in ([1], [1 + PAYMENTS])
        away = lying(made / STORED)
        assert ("payments.csv" in lying(made)) != ("payments.csv" in away)
        assert os.path.getsize(made / STORED / "z.csv")
    place.run("watch", made, *WATCH, "--once", "--every", 0.1)
    assert place.count("subjects_payment") == [1 + PAYMENTS]
    assert {"payments.csv", "payments.csv.txt"} <= set(lying(made / STORED))
    place.run("doctor")
