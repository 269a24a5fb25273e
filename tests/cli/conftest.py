"""A migrated place to copy, because migrating takes longer than most tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.cli.places import Place, folder, place


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place with an empty, migrated database."""
    root = tmp_path_factory.mktemp("migrated")
    with place(root / "home") as made:
        nothing_new = folder(root / "tables")
        made.run("import", nothing_new, "--region", "999999", "--year", 2022, "--check")
        yield made


@pytest.fixture
def new_place(tmp_path: Path, migrated: Place) -> Iterator[Callable[[], Place]]:
    """Copies of the migrated place, as many as asked for."""
    with ExitStack() as open_places:
        names = iter(range(100))
        yield lambda: open_places.enter_context(place(tmp_path / f"home-{next(names)}", like=migrated))


@pytest.fixture
def here(new_place: Callable[[], Place]) -> Place:
    """One migrated place."""
    return new_place()
