"""The program as it runs: two demo districts, a scene set in them, the server, and people at their browsers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.browser.accounts import PASSWORD
from tests.browser.driving import Person, chromium, person
from tests.cli.places import OWN, ROOT, Place, place

from jixiao.cli.serve import free_port

DISTRICTS = ("xixia-2022", "gaoxin-2021")
STAGED = (
    "newcomer",
    "both",
    "noticed",
    "filling",
    "targets",
    "chain-unit",
    "chain-department",
    "chain-division",
    "filing",
    "office-two",
    "evaluated",
    "audited",
)
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Site:
    """The running program: its address, the passwords by login, and the scene that was set."""

    address: str
    passwords: dict[str, str]
    scene: dict[str, Any]


def set_scene(where: Place) -> dict[str, Any]:
    """The scene, set by a program of its own: the tests' own database is another one."""
    kept = {key: value for key, value in os.environ.items() if key not in OWN}
    paths = {"JIXIAO_HOME": str(where.home), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    surroundings = {**kept, **where.settings, **paths, "DJANGO_SETTINGS_MODULE": "jixiao.config.settings"}
    command = [sys.executable, "-m", "tests.browser.staging"]
    said = subprocess.run(command, env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/alive", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two districts loaded, the scene set, and the server running until the last journey has ended."""
    with place(tmp_path_factory.mktemp("site") / "home") as where:
        for district in DISTRICTS:
            where.run("demo", "--no-serve", "--district", district)
        accounts = (where.home / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()[1:]
        passwords = {line.split()[0]: line.split()[1] for line in accounts}
        scene = set_scene(where)
        port = free_port(18_400)
        server = where.start("serve", "--port", port, "--workers", 1, "--no-worker")
        address = f"http://127.0.0.1:{port}"
        try:
            end = time.monotonic() + SECONDS_TO_START
            while not answers(address):
                assert server.poll() is None, "the server has ended"
                assert time.monotonic() < end, "the server does not answer"
                time.sleep(0.2)
            yield Site(address, passwords | dict.fromkeys(STAGED, PASSWORD), scene)
        finally:
            where.kill(server)


# For one module, not for all of them: while it runs, Django refuses its database to tests of the same process.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def somebody(browser: Browser, site: Site) -> Iterator[Callable[[], Person]]:
    """People at browsers of their own; in the end no browser may have complained of anything."""
    people: list[Person] = []

    def arrive() -> Person:
        people.append(person(browser, site.address))
        return people[-1]

    yield arrive
    complaints = [words for one in people for words in one.complaints]
    for one in people:
        one.page.context.close()
    assert complaints == []


@pytest.fixture
def signed_in(somebody: Callable[[], Person], site: Site) -> Callable[[str], Person]:
    """Somebody signed in under this login, at home."""

    def arrive(login: str) -> Person:
        one = somebody()
        one.open("/login/")
        one.sign_in(login, site.passwords[login])
        one.page.wait_for_url(f"{site.address}/")
        return one

    return arrive
