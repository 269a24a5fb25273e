"""Stored files: whole or not at all, found by their digest, and never silently changed."""

import os

import pytest

from jixiao.kit.files import Damaged, fetch, sha256, store, write_durably


def test_what_is_stored_is_fetched_by_its_digest(tmp_path):
    stored = store(tmp_path, "目标表".encode())
    assert stored.digest == sha256("目标表".encode())
    assert (stored.size, stored.path) == (9, f"{stored.digest[:2]}/{stored.digest}")
    assert fetch(tmp_path, stored.digest) == "目标表".encode()


def test_the_same_content_is_kept_once(tmp_path):
    assert store(tmp_path, b"a") == store(tmp_path, b"a")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_changed_file_is_noticed(tmp_path):
    stored = store(tmp_path, b"abc")
    (tmp_path / stored.path).write_bytes(b"abd")
    with pytest.raises(Damaged):
        fetch(tmp_path, stored.digest)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "ab", "A" * 64, "0" * 64])
def test_what_is_no_stored_digest_is_not_found(tmp_path, digest):
    with pytest.raises(FileNotFoundError):
        fetch(tmp_path, digest)


def test_an_interrupted_write_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch):
    target = tmp_path / "report.docx"
    write_durably(target, b"old")

    def fail(handle):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_durably(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
