"""The index as a folder: SQLite is its log and truth, immutable runs hold the postings.

A document is acknowledged when SQLite has committed its row and its keys. Keys go to a run a few
thousand documents at a time: the run is written and synced, and then one transaction names it and
forgets the keys. A run that the database does not name does not exist.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from provenance.errors import StoreError
from provenance.index import database
from provenance.index.arrivals import digest_of
from provenance.index.database import WriterLock, told
from provenance.index.merging import Merger
from provenance.index.recent import Recent
from provenance.index.records import document_of, document_row, verdict_of, verdict_row
from provenance.index.runs import SUFFIX, Run, open_run, postings_of, write_run
from provenance.index.settings import IndexSettings
from provenance.index.store import Entry, Hits, Stored
from provenance.index.texts import Texts, learn_dictionary

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLUSH: Final = 8192  # documents of a new run
FAN_OUT: Final = 4  # runs of one level that become one of the next
LEARN_FROM: Final = 1000  # first documents from which the dictionary is learned
_AT_A_TIME: Final = 500
_INSERT: Final = """
INSERT INTO document(number, id, digest, kept, arrived, about, verdict, dictionary, body)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_FETCH: Final = """
SELECT number, id, digest, kept, arrived, about, verdict, dictionary, body FROM document
WHERE number IN (SELECT value FROM json_each(?))"""
_FROM: Final = """
SELECT number, id, digest, kept, arrived, about, verdict, dictionary, body FROM document
WHERE number > ? ORDER BY number LIMIT ?"""


def open_index(
    folder: str | PathLike[str],
    settings: IndexSettings | None = None,
    *,
    read_only: bool = False,
    wait: float = 0.0,
    durable: bool = True,
    flush: int = FLUSH,
    fan_out: int = FAN_OUT,
) -> "FolderStore":
    """Return the index of a folder; unless it is opened read-only, it is made where there is none.

    With `durable`, what is acknowledged outlives a loss of power, else only the end of the
    process. Raises `StoreError` where the folder is no index, or one of other settings, or where
    another process writes it and does not finish within `wait` seconds.
    """
    place = Path(folder)
    with told(place):
        if read_only:
            if not database.exists(place):
                raise StoreError(f"there is no index in {place}")
            return FolderStore(place, settings, None, durable=durable, flush=flush, fan_out=fan_out)
        if not database.exists(place):
            database.create(place, settings or IndexSettings())
        elif not os.access(place, os.W_OK) or not os.access(place / database.DATABASE, os.W_OK):
            raise StoreError(
                f"the index {place} cannot be written; open it read-only, or change its permissions"
            )
        # look before taking the lock: what is no index gets no file of ours
        database.connect(place, read_only=True).close()
        lock = WriterLock(place, wait)
        try:
            return FolderStore(place, settings, lock, durable=durable, flush=flush, fan_out=fan_out)
        except BaseException:
            lock.release()
            raise


class FolderStore:
    """A store in a folder; see `open_index`."""

    def __init__(
        self,
        folder: Path,
        settings: IndexSettings | None,
        lock: WriterLock | None,
        *,
        durable: bool,
        flush: int,
        fan_out: int,
    ) -> None:
        self.folder = folder
        self._lock = lock
        self._flush_at = flush
        self._texts = Texts()
        self._gone = np.empty(0, np.int64)
        self._common = np.empty(0, np.uint64)
        self._runs: list[Run] = []
        self._recent = Recent()
        self._version = -1
        self._changed = False
        self._connection = database.connect(folder, read_only=lock is None)
        try:
            self._settings = database.read_settings(folder, self._connection, settings)
            self._merger = Merger(folder, fan_out)
            if lock is not None:
                self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                self._durable = durable
            self._load()
            if lock is not None:
                self._forget_strangers()
        except BaseException:
            self._connection.close()
            raise

    @property
    def settings(self) -> IndexSettings:
        """The settings that the keys were made with."""
        return self._settings

    @property
    def runs(self) -> Sequence[Run]:
        """The runs, in order of the documents they cover."""
        return self._runs

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, for what looks at the whole index."""
        return self._connection

    @property
    def writes(self) -> bool:
        """Whether the index was opened to be written."""
        return self._lock is not None

    def refresh(self) -> None:
        """See what other processes have committed."""
        if self._lock is not None:
            return
        with told(self.folder):
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                self._load()
                self._version = version

    def find(self, keys: "NDArray[np.uint64]", most: int, since: int = 0) -> Hits:
        """Return the first `most` documents of each key, from the number `since` on; all if 0."""
        taken = np.zeros(len(keys), np.int64)
        rows, numbers = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for run in self._runs:
            if run.last < since:
                continue
            low, high = run.find(keys)
            count = high - low
            whole = run.first >= since and not len(self._inside(run.first, run.last))
            if most and whole:
                count = np.minimum(count, most - taken)
            row = np.repeat(np.arange(len(keys)), count)
            place = np.repeat(low - np.cumsum(count) + count, count) + np.arange(len(row))
            number = run.numbers(place)
            if not whole:
                row, number = self._alive(row, number, most, since, taken)
            taken += np.bincount(row, minlength=len(keys))
            rows.append(row)
            numbers.append(number)
        row, number = self._recent.find(keys)
        row, number = self._alive(row, number, most, since, taken)
        rows.append(row)
        numbers.append(number)
        row, number = np.concatenate(rows), np.concatenate(numbers)
        order = np.argsort(row, kind="stable")
        return Hits(row[order], number[order])

    def _inside(self, first: int, last: int) -> "NDArray[np.int64]":
        """Return the documents among some that are gone."""
        low, high = np.searchsorted(self._gone, [first, last + 1]).tolist()
        return self._gone[low:high]

    def _alive(
        self,
        row: "NDArray[np.int64]",
        number: "NDArray[np.int64]",
        most: int,
        since: int,
        taken: "NDArray[np.int64]",
    ) -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
        """Return hits without documents that are gone, too early or too many; rows are rising."""
        alive = number >= since
        if len(self._gone) and len(number):
            place = np.minimum(np.searchsorted(self._gone, number), len(self._gone) - 1)
            alive &= self._gone[place] != number
        row, number = row[alive], number[alive]
        if most and len(row):
            fresh = np.ones(len(row), np.bool_)
            fresh[1:] = row[1:] != row[:-1]
            starts = np.flatnonzero(fresh)
            rank = np.arange(len(row)) - starts[np.cumsum(fresh) - 1]
            kept = taken[row] + rank < most
            row, number = row[kept], number[kept]
        return row, number

    def fetch(self, numbers: Sequence[int]) -> list[Stored]:
        """Return the documents of these numbers, in this order; those that are gone left out."""
        found: dict[int, Stored] = {}
        with told(self.folder):
            for low in range(0, len(numbers), _AT_A_TIME):
                part = json.dumps(list(numbers[low : low + _AT_A_TIME]))
                rows = self._connection.execute(_FETCH, (part,))
                found |= {row[0]: self._stored(row) for row in rows}
        return [found[n] for n in numbers if n in found]

    def _stored(self, row: Sequence[Any]) -> Stored:
        """Return the document of a row of the database.

        Raises `StoreError` where its text is damaged.
        """
        number, name, digest, kept, arrived, about, verdict, dictionary, body = row
        text = ""
        if body is not None:
            text = self._texts.unpack(body, dictionary).decode("utf-8", "surrogatepass")
            if digest_of(text) != digest:
                raise StoreError(
                    f"the text of {name} in the index {self.folder} is damaged; "
                    "`provenance index remove` it and add it again"
                )
        return Stored(
            number,
            document_of(name, about, text),
            digest,
            verdict_of(name, verdict),
            bool(kept),
            arrived,
        )

    def add(self, entries: Sequence[Entry]) -> list[int]:
        """Store documents in this order and return their numbers; `commit` makes them last."""
        numbers = list(range(self._next, self._next + len(entries)))
        rows = [
            (
                number,
                entry.document.id,
                entry.digest,
                int(entry.kept),
                entry.arrived,
                document_row(entry.document),
                verdict_row(entry.verdict),
                self._texts.newest,
                self._texts.pack(entry.document.text) if entry.kept else None,
            )
            for number, entry in zip(numbers, entries, strict=True)
        ]
        keys = [entry.keys for entry in entries]
        with told(self.folder):
            self._begin()
            self._connection.executemany(_INSERT, rows)
            self._connection.executemany(
                "INSERT INTO recent VALUES(?, ?)",
                [(number, own.tobytes()) for number, own in zip(numbers, keys, strict=True)],
            )
        self._recent.add(numbers, keys)
        self._next += len(entries)
        return numbers

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget documents; `commit` makes it last."""
        if not numbers:
            return
        rows = [(number,) for number in numbers]
        with told(self.folder):
            self._begin()
            self._connection.executemany("DELETE FROM document WHERE number = ?", rows)
            self._connection.executemany("INSERT OR IGNORE INTO removed VALUES(?)", rows)
        self._gone = np.union1d(self._gone, np.array(numbers, np.int64))

    def is_common(self, keys: "NDArray[np.uint64]") -> "NDArray[np.bool_]":
        """Tell which passage keys are known to be boilerplate."""
        if not len(self._common):
            return np.zeros(len(keys), np.bool_)
        place = np.minimum(np.searchsorted(self._common, keys), len(self._common) - 1)
        return np.asarray(self._common[place] == keys)

    def learn(self, keys: "NDArray[np.uint64]") -> None:
        """Remember passage keys as boilerplate; `commit` makes it last."""
        with told(self.folder):
            self._begin()
            self._connection.executemany(
                "INSERT OR IGNORE INTO common VALUES(?)", [(key,) for key in keys.tolist()]
            )
        self._common = np.union1d(self._common, keys)

    def number_since(self, arrived: int) -> int:
        """Return the lowest number of a document that arrived then or later."""
        low, high = 1, self._next
        with told(self.folder):
            while low < high:
                middle = (low + high) // 2
                found = self._connection.execute(
                    "SELECT arrived FROM document WHERE number >= ? ORDER BY number LIMIT 1",
                    (middle,),
                ).fetchone()
                if found is None or found[0] >= arrived:
                    high = middle
                else:
                    low = middle + 1
        return low

    def commit(self) -> None:
        """Make what was added and removed last; when it returns, it is acknowledged."""
        if not self._changed:
            return
        with told(self.folder):
            self._connection.execute("COMMIT")
            self._changed = False
            self._tend()

    def documents(self) -> Iterator[Stored]:
        """Yield all documents in order of arrival, as they are when each is reached."""
        after = 0
        while True:
            with told(self.folder):
                rows = self._connection.execute(_FROM, (after, _AT_A_TIME)).fetchall()
                found = [self._stored(row) for row in rows]
            yield from found
            if not rows:
                return
            after = rows[-1][0]

    def roll_back(self) -> None:
        """Undo what was not committed."""
        if self._changed:
            self._changed = False
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            with told(self.folder):
                self._recent = Recent()
                self._load()

    def close(self) -> None:
        """Release everything; what was not committed is undone."""
        try:
            if self._changed:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                self._changed = False
            if self._lock is not None:
                with told(self.folder):
                    self._enter_merged(wait=True)
        finally:
            self._connection.close()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def flush(self) -> None:
        """Write the keys of recent documents as a run."""
        if not len(self._recent):
            return
        keys, numbers = self._recent.everything()
        first = self._runs[-1].last + 1 if self._runs else 1
        last = self._recent.last
        inside = self._inside(first, last)
        if len(inside):
            alive = ~np.isin(numbers, inside)
            keys, numbers = keys[alive], numbers[alive]
        self._write(postings_of(keys, numbers, first), first, last, 0, ())
        self._recent = Recent()

    def compact(self) -> None:
        """Merge all runs into one, drop what is gone, compress all texts alike, shrink the file."""
        with told(self.folder):
            self._enter_merged(wait=True)
            self.flush()
            if len(self._runs) > 1 or len(self._gone):
                first, last = (self._runs[0].first, self._runs[-1].last) if self._runs else (1, 0)
                if self._runs:
                    postings = self._merger.merge(self._runs, self._gone)
                    self._write(postings, first, last, self._merger.top, tuple(self._runs))
                self._begin()
                self._connection.execute("DELETE FROM removed")
                self._connection.execute("COMMIT")
                self._changed = False
                self._gone = np.empty(0, np.int64)
            self._compress_alike()
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def rebuild(
        self, keys_of: Callable[[Sequence[Stored]], Iterable["NDArray[np.uint64]"]]
    ) -> None:
        """Make all runs anew; `keys_of` gives the keys of stored documents."""
        with told(self.folder):
            self._begin()
            self._connection.execute("DELETE FROM run")
            self._connection.execute("DELETE FROM recent")
            self._connection.execute("DELETE FROM removed")
            documents = self.documents()
            while part := list(islice(documents, _AT_A_TIME)):
                self._connection.executemany(
                    "INSERT INTO recent VALUES(?, ?)",
                    [(s.number, k.tobytes()) for s, k in zip(part, keys_of(part), strict=True)],
                )
            self._connection.execute("COMMIT")
            self._changed = False
            self._runs, self._recent = [], Recent()
            self._load()
            self._forget_strangers()
            self.flush()

    def _begin(self) -> None:
        if self._lock is None:
            raise StoreError(f"the index {self.folder} is open read-only")
        if not self._changed:
            self._connection.execute("BEGIN IMMEDIATE")
            self._changed = True

    def _tend(self) -> None:
        """Do what is due between commits: learn the dictionary, write and merge runs."""
        if self._texts.newest == 0 and self._next > LEARN_FROM:
            self._learn_dictionary()
        self._enter_merged(wait=False)
        if len(self._recent) >= self._flush_at:
            self.flush()
            self._merger.start(self._runs, self._gone)

    def _learn_dictionary(self) -> None:
        rows = self._connection.execute(
            "SELECT body, dictionary FROM document WHERE body IS NOT NULL ORDER BY number LIMIT ?",
            (LEARN_FROM,),
        )
        learned = learn_dictionary([self._texts.unpack(*row) for row in rows])
        self._begin()
        self._connection.execute("INSERT INTO dictionary VALUES(1, ?)", (learned,))
        self._connection.execute("COMMIT")
        self._changed = False
        self._texts.use(1, learned)

    def _compress_alike(self) -> None:
        newest = self._texts.newest
        self._begin()
        after = 0
        while True:
            rows = self._connection.execute(
                "SELECT number, body, dictionary FROM document WHERE number > ? "
                "AND dictionary < ? AND body IS NOT NULL ORDER BY number LIMIT ?",
                (after, newest, _AT_A_TIME),
            ).fetchall()
            if not rows:
                break
            after = rows[-1][0]
            self._connection.executemany(
                "UPDATE document SET body = ?, dictionary = ? WHERE number = ?",
                [
                    (
                        self._texts.pack(
                            self._texts.unpack(body, number_of).decode("utf-8", "surrogatepass")
                        ),
                        newest,
                        number,
                    )
                    for number, body, number_of in rows
                ],
            )
        self._connection.execute("COMMIT")
        self._changed = False

    def _enter_merged(self, *, wait: bool) -> None:
        done = self._merger.finished(wait=wait)
        if done is not None:
            self._enter(done.name, done.first, done.last, done.level, done.count, done.inputs)
            self._merger.start(self._runs, self._gone)
            if wait:
                self._enter_merged(wait=True)

    def _write(
        self,
        postings: "NDArray[np.uint64]",
        first: int,
        last: int,
        level: int,
        inputs: Sequence[Run],
    ) -> None:
        name = self._merger.new_name()
        path = self.folder / name
        try:
            write_run(path, first, last, postings)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self._enter(name, first, last, level, len(postings), inputs)

    def _enter(
        self, name: str, first: int, last: int, level: int, count: int, inputs: Sequence[Run]
    ) -> None:
        """Name a written run in place of its inputs, or of recent keys; only then remove those."""
        _sync_folder(self.folder)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._begin()
        self._connection.executemany(
            "DELETE FROM run WHERE first = ?", [(run.first,) for run in inputs]
        )
        self._connection.execute(
            "INSERT INTO run(first, last, name, level, count) VALUES(?, ?, ?, ?, ?)",
            (first, last, name, level, count),
        )
        if not inputs:
            self._connection.execute("DELETE FROM recent WHERE number <= ?", (last,))
        self._connection.execute("COMMIT")
        self._changed = False
        if not self._durable:
            self._connection.execute("PRAGMA synchronous = NORMAL")
        run = open_run(self.folder / name, first, last, count)
        old = {r.name for r in inputs}
        self._runs = sorted(
            [*(r for r in self._runs if r.name not in old), run], key=lambda r: r.first
        )
        self._merger.levels[name] = level
        for name_of_old in old:
            with suppress(OSError):  # a file that is mapped elsewhere may have to stay
                (self.folder / name_of_old).unlink()

    def _load(self) -> None:
        """Read the state that others have committed; runs that are open stay so."""
        for attempt in range(4):
            try:
                self._load_once()
            except StoreError:
                # a merge may have removed a run between the look at the database and at the file
                if attempt == 3 or self._lock is not None:
                    raise
            else:
                return

    def _load_once(self) -> None:
        execute = self._connection.execute
        execute("BEGIN")
        try:
            manifest = execute("SELECT name, first, last, level, count FROM run ORDER BY first")
            rows = manifest.fetchall()
            flushed = rows[-1][2] if rows else 0
            if self._recent.last <= flushed or not len(self._recent):
                self._recent = Recent()
            after = max(self._recent.last, flushed)
            new = execute(
                "SELECT number, keys FROM recent WHERE number > ? ORDER BY number", (after,)
            ).fetchall()
            gone = execute("SELECT number FROM removed ORDER BY number").fetchall()
            common = execute("SELECT key FROM common ORDER BY key").fetchall()
            dictionaries = execute("SELECT number, bytes FROM dictionary").fetchall()
            sequence = execute("SELECT seq FROM sqlite_sequence WHERE name = 'document'").fetchone()
        finally:
            execute("COMMIT")
        opened = {run.name: run for run in self._runs}
        self._runs = [
            opened.get(name) or open_run(self.folder / name, first, last, count)
            for name, first, last, _, count in rows
        ]
        self._merger.levels = {name: level for name, _, _, level, _ in rows}
        self._recent.add(
            [number for number, _ in new], [np.frombuffer(keys, np.uint64) for _, keys in new]
        )
        self._gone = np.array([number for (number,) in gone], np.int64)
        self._common = np.array([key for (key,) in common], np.uint64)
        for number, dictionary in dictionaries:
            if number > self._texts.newest:
                self._texts.use(number, dictionary)
        self._next = (sequence[0] if sequence else 0) + 1

    def _forget_strangers(self) -> None:
        """Remove runs that a process did not come to name."""
        named = {run.name for run in self._runs}
        for path in self.folder.glob(f"*{SUFFIX}"):
            if path.name not in named:
                with suppress(OSError):
                    path.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the names of new files last, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
