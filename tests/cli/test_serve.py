"""`jixiao serve` answers with a worker beside it and ends with everything it started; the doctor and the diagrams."""

from __future__ import annotations

import signal
import socket
import time
import urllib.error
import urllib.request
from contextlib import closing

import pytest
from tests.cli.places import folder

from jixiao.cli.diagrams import draw
from jixiao.cli.serve import free_port, is_free
from jixiao.overview.diagrams import pages

SECONDS_TO_START = 60


def status(url: str) -> int:
    """What the server answers; 0 while nobody listens."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.slow
def test_the_server_answers_until_it_is_stopped(here):
    port = free_port(18000)
    server = here.start("serve", "--port", port, "--workers", 1)
    try:
        end = time.monotonic() + SECONDS_TO_START
        while not (answered := status(f"http://127.0.0.1:{port}/login/")) and time.monotonic() < end:
            time.sleep(0.2)
        assert answered == 200
        assert "已被占用" in here.run("serve", "--port", port, code=1)
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=60)
    finally:
        if server.poll() is None:
            here.kill(server)
    assert (server.returncode, f"127.0.0.1:{port}" in out) == (0, True), err
    assert is_free("127.0.0.1", port)


def test_a_taken_port_is_passed_over():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert free_port(port) > port


@pytest.mark.slow
def test_the_doctor_names_a_lost_file(here, tmp_path):
    here.run("import", folder(tmp_path / "tables"), "--region", "999999", "--year", 2022)
    before = here.summary()
    assert here.summary() == before
    lost = next(file for file in (here.home / "uploads").rglob("*") if file.is_file())
    lost.unlink()
    told = here.run("doctor", code=1)
    assert "的原始文件不在了" in told
    assert before in told


def test_a_worker_finds_nothing_to_do_in_a_quiet_place(here):
    assert "没有等待的任务" in here.run("worker", "--once")


def test_the_diagrams_are_drawn_once_and_old_ones_go(tmp_path):
    (tmp_path / "gone.md").write_text("old")
    assert set(draw(tmp_path)) == {*pages(), "gone.md"}
    assert draw(tmp_path) == []
