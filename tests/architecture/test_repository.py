"""The repository stands alone: no machine's paths, no private sources, requirements that are the lock's."""

from __future__ import annotations

import re
import tomllib
from urllib.parse import urlsplit

import pytest
from tests.architecture.sources import ROOT, place, repository_files

from jixiao.policies import load, names

LOCKS = {"uv.lock", "package-lock.json"}
MACHINE = r"(?<![\w.\-~}])/(?:work|root|tmp|opt|home/\w+|Users/\w+)/|index-url|find-links"
URL = re.compile(r"https?://[^\s\"'>]+")
PINNED = re.compile(r"^([\w.\-]+)==(\S+)", re.MULTILINE)
HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")


def texts():
    """Path and text of every file that is text and written here; vendored files have a manifest of their own."""
    for path in repository_files():
        content = path.read_bytes()
        if "vendor" not in path.parts and b"\0" not in content[:8000]:
            yield path, content.decode("utf-8", errors="replace")


def links():
    """Where the lock fetches packages from; no other file may name these places."""
    return [urlsplit(url) for path, text in texts() if path.name == "uv.lock" for url in URL.findall(text)]


def test_no_file_knows_a_machine_or_a_package_source():
    hosts = sorted({re.escape(link.hostname) for link in links()})
    forbidden = re.compile("|".join([MACHINE, *hosts]))
    found = [
        f"{place(path)}: {match.group()}"
        for path, text in texts()
        if path.name not in LOCKS and path.name != "test_repository.py"
        for match in forbidden.finditer(text)
    ]
    assert found == []


def test_the_lock_points_at_no_mirror_of_somebodys_own():
    found = links()
    assert found
    assert all(link.scheme == "https" and link.port is None and link.username is None for link in found)
    assert not any(link.hostname.replace(".", "").isdigit() or "." not in link.hostname for link in found)


@pytest.mark.parametrize("name", ["server", "test"])
def test_hashed_requirements_are_those_of_the_lock(name):
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {(package["name"], package["version"]): package for package in lock["package"]}
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=\w)", text)[1:]
    assert entries
    for entry in entries:
        package = locked[PINNED.match(entry).groups()]
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert set(HASH.findall(entry)) == {file["hash"] for file in files}, entry.splitlines()[0]


def test_every_shipped_policy_is_readable():
    assert names()
    assert all(load(name).digest for name in names())
