"""Rows in a temporary file: gone through as often as needed, while memory holds a batch of them."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from os import SEEK_END
from tempfile import TemporaryFile
from typing import Generic, TypeVar

T = TypeVar("T")


class Spool:
    """A file without a name, e.g. for the batches of all sheets of one upload; it is gone with this object."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  # closed below, with the last rows that lie in it
        weakref.finalize(self, self._file.close)

    def keep(self, batch: bytes) -> tuple[int, int]:
        """Add a batch; where it lies."""
        return self._file.seek(0, SEEK_END), self._file.write(batch)

    def fetch(self, place: tuple[int, int]) -> bytes:
        """The batch that lies there."""
        self._file.seek(place[0])
        return self._file.read(place[1])


class Kept(Generic[T]):
    """Rows in their order; `load` revives a batch of them when somebody goes through them."""

    def __init__(self, spool: Spool, load: Callable[[bytes], list[T]]) -> None:
        self._spool, self._load = spool, load
        self._places: list[tuple[int, int]] = []

    def add(self, batch: bytes) -> None:
        """Some more rows, as `load` reads them."""
        self._places.append(self._spool.keep(batch))

    def __iter__(self) -> Iterator[T]:
        for place in self._places:
            yield from self._load(self._spool.fetch(place))
