"""Keys that have come already, in a temporary file: memory stays the same, however many there are."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator


class Keys:
    """Texts, each with the number of the row at which it came first."""

    def __init__(self) -> None:
        # No name: SQLite keeps what does not fit its cache in a file that is gone with the connection.
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("PRAGMA journal_mode=OFF")
        self._kept.execute("CREATE TABLE keys (key TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID")
        self._kept.execute("BEGIN")
        weakref.finalize(self, self._kept.close)

    def first(self, key: str, row: int) -> int:
        """The row at which the key came first: this one, if it had not come before."""
        if self._kept.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (key, row)).rowcount:
            return row
        before: int = self._kept.execute("SELECT row FROM keys WHERE key = ?", (key,)).fetchone()[0]
        return before

    def without(self, others: Keys) -> Iterator[int]:
        """The rows of the keys that are not among the others."""
        for key, row in self._kept.execute("SELECT key, row FROM keys ORDER BY row"):
            if others._kept.execute("SELECT 1 FROM keys WHERE key = ?", (key,)).fetchone() is None:
                yield row
