"""The tables of an index, a method for each thing that is read from or written to them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

AT_A_TIME: Final = 500
_INSERT: Final = "INSERT INTO document VALUES(?, ?, ?, ?, ?, ?, ?, ?)"
_FETCH: Final = "SELECT * FROM document WHERE number IN (SELECT value FROM json_each(?))"
_FETCH_ONE: Final = "SELECT * FROM document WHERE number = ?"
_ONE_BY_ONE: Final = 8  # documents that are fetched without a list of their numbers
_FROM: Final = "SELECT * FROM document WHERE number > ? ORDER BY number LIMIT ?"
_SINCE: Final = "SELECT arrived FROM document WHERE number >= ? ORDER BY number LIMIT 1"
_BODIES: Final = """
SELECT number, body, dictionary FROM document
WHERE number > ? AND dictionary < ? ORDER BY number LIMIT ?"""

Row = Sequence[Any]
"""A document: number, id, digest, kept, arrived, verdict, dictionary, body."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the manifest names it."""

    name: str
    first: int
    last: int
    level: int
    count: int


@dataclass(frozen=True, slots=True)
class State:
    """What an index holds besides its documents, as of one moment."""

    runs: tuple[RunRow, ...]
    recent: tuple[tuple[int, "NDArray[np.uint64]"], ...]
    gone: "NDArray[np.int64]"
    common: "NDArray[np.uint64]"
    dictionaries: tuple[tuple[int, bytes], ...]
    following: int


class Tables:
    """Reads and writes; what is written lasts with `commit`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.changed = False
        self._durable = False

    def make_durable(self, *, durable: bool) -> None:
        """Say whether what is committed outlives a loss of power."""
        self._durable = durable
        self.connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")

    def begin(self) -> None:
        """Open a transaction where none is open."""
        if not self.changed:
            self.connection.execute("BEGIN IMMEDIATE")
            self.changed = True

    def commit(self) -> None:
        """Make what was written last."""
        if self.changed:
            self.connection.execute("COMMIT")
            self.changed = False

    def roll_back(self) -> bool:
        """Undo what was not committed; tell whether there was anything."""
        if not self.changed:
            return False
        self.changed = False
        with suppress(sqlite3.Error):
            self.connection.execute("ROLLBACK")
        return True

    def has_changed(self, seen: int) -> int | None:
        """Return the version of what others committed, None where it is the one that was seen."""
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        return None if version == seen else int(version)

    def state(self, after: int) -> State:
        """Return the state of this moment; recent keys are those of documents behind `after`."""
        execute = self.connection.execute
        execute("BEGIN")
        try:
            runs = execute("SELECT name, first, last, level, count FROM run ORDER BY first")
            manifest = tuple(RunRow(*row) for row in runs.fetchall())
            after = max(after, manifest[-1].last if manifest else 0)
            recent = execute(
                "SELECT number, keys FROM recent WHERE number > ? ORDER BY number", (after,)
            ).fetchall()
            gone = execute("SELECT number FROM removed ORDER BY number").fetchall()
            common = execute("SELECT key FROM common ORDER BY key").fetchall()
            dictionaries = execute("SELECT number, bytes FROM dictionary").fetchall()
            last = execute("SELECT seq FROM sqlite_sequence WHERE name = 'document'").fetchone()
        finally:
            execute("COMMIT")
        return State(
            manifest,
            tuple((number, np.frombuffer(keys, np.uint64)) for number, keys in recent),
            np.array([number for (number,) in gone], np.int64),
            np.array([key for (key,) in common], np.uint64),
            tuple(dictionaries),
            1 + (last[0] if last else 0),
        )

    def insert(self, rows: Sequence[Row], keys: Sequence["NDArray[np.uint64]"]) -> None:
        """Write documents and the keys of each."""
        self.begin()
        self.connection.executemany(_INSERT, rows)
        self.insert_keys([row[0] for row in rows], keys)

    def insert_keys(self, numbers: Sequence[int], keys: Iterable["NDArray[np.uint64]"]) -> None:
        """Write the keys of documents that are in no run."""
        self.begin()
        self.connection.executemany(
            "INSERT INTO recent VALUES(?, ?)",
            [(number, own.tobytes()) for number, own in zip(numbers, keys, strict=True)],
        )

    def forget_keys(self) -> None:
        """Delete all keys and all runs from the manifest."""
        self.begin()
        for statement in ("DELETE FROM run", "DELETE FROM recent", "DELETE FROM removed"):
            self.connection.execute(statement)

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete documents."""
        self.begin()
        rows = [(number,) for number in numbers]
        self.connection.executemany("DELETE FROM document WHERE number = ?", rows)
        self.connection.executemany("INSERT OR IGNORE INTO removed VALUES(?)", rows)

    def forget_removed(self) -> None:
        """Forget which documents were deleted, once nothing points to them."""
        self.begin()
        self.connection.execute("DELETE FROM removed")

    def learn(self, keys: "NDArray[np.uint64]") -> None:
        """Write keys of boilerplate."""
        self.begin()
        rows = [(key,) for key in keys.tolist()]
        self.connection.executemany("INSERT OR IGNORE INTO common VALUES(?)", rows)

    def add_dictionary(self, number: int, dictionary: bytes) -> None:
        """Write a dictionary of texts."""
        self.begin()
        self.connection.execute("INSERT INTO dictionary VALUES(?, ?)", (number, dictionary))

    def documents(self, numbers: Sequence[int]) -> Iterator[Row]:
        """Yield the documents of some numbers, in any order."""
        if len(numbers) <= _ONE_BY_ONE:
            for number in numbers:
                yield from self.connection.execute(_FETCH_ONE, (number,)).fetchall()
            return
        for low in range(0, len(numbers), AT_A_TIME):
            part = json.dumps(list(numbers[low : low + AT_A_TIME]))
            yield from self.connection.execute(_FETCH, (part,)).fetchall()

    def documents_behind(self, number: int) -> list[Row]:
        """Return the next documents in order of arrival."""
        return self.connection.execute(_FROM, (number, AT_A_TIME)).fetchall()

    def arrival_from(self, number: int) -> int | None:
        """Return when the first document from a number on arrived."""
        found = self.connection.execute(_SINCE, (number,)).fetchone()
        return None if found is None else int(found[0])

    def numbers_before(self, number: int) -> list[int]:
        """Return the numbers of all documents that came before one."""
        found = self.connection.execute("SELECT number FROM document WHERE number < ?", (number,))
        return [n for (n,) in found]

    def bodies(self, behind: int, dictionary: int, most: int) -> list[tuple[int, bytes, int]]:
        """Return number, body and dictionary of texts that have an older dictionary than this."""
        return self.connection.execute(_BODIES, (behind, dictionary, most)).fetchall()

    def replace_bodies(self, rows: Sequence[tuple[bytes, int, int]]) -> None:
        """Write bodies and their dictionaries anew; the number comes last."""
        self.begin()
        self.connection.executemany(
            "UPDATE document SET body = ?, dictionary = ? WHERE number = ?", rows
        )

    def enter_run(self, run: RunRow, inputs: Sequence[int]) -> None:
        """Name a run in place of those that begin at `inputs`, or of recent keys; commit.

        This is synced to the disk whatever the durability: only then may its inputs be removed.
        """
        self.connection.execute("PRAGMA synchronous = FULL")
        self.begin()
        self.connection.executemany("DELETE FROM run WHERE first = ?", [(f,) for f in inputs])
        self.connection.execute(
            "INSERT INTO run(first, last, name, level, count) VALUES(?, ?, ?, ?, ?)",
            (run.first, run.last, run.name, run.level, run.count),
        )
        if not inputs:
            self.connection.execute("DELETE FROM recent WHERE number <= ?", (run.last,))
        self.commit()
        self.make_durable(durable=self._durable)

    def shrink(self) -> None:
        """Give back unused pages, and fold the log into the file."""
        self.connection.execute("VACUUM")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
