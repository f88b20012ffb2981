"""The index as a folder: SQLite is its log and truth, immutable runs hold the postings.

A document is acknowledged when SQLite has committed its row and its keys. Keys go to a run a few
thousand documents at a time: the run is written and synced, and then one transaction names it and
forgets the keys. A run that the database does not name does not exist.
"""

from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.errors import StoreError
from provenance.index import database
from provenance.index.arrivals import digest_of
from provenance.index.database import WriterLock, told
from provenance.index.hits import with_end, with_more
from provenance.index.postings import FAN_OUT, FLUSH, Postings
from provenance.index.records import document_row, verdict_row
from provenance.index.settings import IndexSettings
from provenance.index.store import Entry, Hits, Stored
from provenance.index.tables import AT_A_TIME, Row, RunRow, Tables
from provenance.index.texts import PLAIN, Texts, learn_dictionary

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEARN_FROM: Final = 1000  # first documents from which the dictionary is learned
_ATTEMPTS: Final = 4


def open_index(  # noqa: PLR0913 - options, all by name
    folder: str | PathLike[str],
    settings: IndexSettings | None = None,
    *,
    read_only: bool = False,
    wait: float = 0.0,
    durable: bool = True,
    damaged: bool = False,
    flush: int = FLUSH,
    fan_out: int = FAN_OUT,
) -> "FolderStore":
    """Return the index of a folder; unless it is opened read-only, it is made where there is none.

    With `durable`, what is acknowledged outlives a loss of power, else only the end of the
    process. With `damaged`, an index whose runs are missing or damaged opens without them, to be
    looked at or rebuilt. Raises `StoreError` where the folder is no index, or one of other
    settings, or where another process writes it and does not finish within `wait` seconds.
    """
    place = Path(folder)
    with told(place):
        lock = None
        if not read_only:
            if not database.exists(place):
                database.create(place, settings or IndexSettings())
            database.check_writable(place)
            # look before taking the lock: what is no index gets no file of ours
            database.connect(place, read_only=True).close()
            lock = WriterLock(place, wait)
        try:
            return FolderStore(
                place,
                settings,
                lock,
                durable=durable,
                damaged=damaged,
                flush=flush,
                fan_out=fan_out,
            )
        except BaseException:
            if lock is not None:
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
        damaged: bool,
        flush: int,
        fan_out: int,
    ) -> None:
        self.folder = folder
        self._lock = lock
        self._texts = Texts()
        self._common = with_end(np.empty(0, np.uint64))
        self._next = 1
        self._version = -1
        connection = database.connect(folder, read_only=lock is None)
        self.tables = Tables(connection)
        self.postings = Postings(folder, self._enter, flush=flush, fan_out=fan_out)
        try:
            self._settings = database.read_settings(folder, connection, settings)
            if lock is not None:
                self.tables.make_durable(durable=durable)
            try:
                self._load()
            except StoreError:
                if not damaged:
                    raise
            else:
                if lock is not None:
                    self.postings.forget_strangers()
        except BaseException:
            connection.close()
            raise

    @property
    def settings(self) -> IndexSettings:
        """The settings that the keys were made with."""
        return self._settings

    @property
    def compile_kernels(self) -> bool:
        """Whether look-ups run as machine code; what they find is the same."""
        return self.postings.compile_kernels

    @compile_kernels.setter
    def compile_kernels(self, wanted: bool) -> None:
        self.postings.compile_kernels = wanted

    def refresh(self) -> None:
        """See what other processes have committed."""
        if self._lock is not None:
            return
        with told(self.folder):
            version = self.tables.has_changed(self._version)
            if version is not None:
                self._load()
                self._version = version

    def expect(self, keys: "NDArray[np.uint64]") -> None:
        """Do nothing: each key is looked up when it is asked for."""

    def find(self, keys: "NDArray[np.uint64]", most: "NDArray[np.int64]", since: int = 0) -> Hits:
        """Return the first `most` documents of each key, from the number `since` on.

        Where it is 0, all documents of the key.
        """
        return self.postings.find(keys, most, since)

    def fetch(self, numbers: Sequence[int]) -> list[Stored]:
        """Return the documents of these numbers, in this order; those that are gone left out.

        Raises `StoreError` where a text is damaged.
        """
        with told(self.folder):
            found = {row[0]: self.read(row) for row in self.tables.documents(numbers)}
        return [found[n] for n in numbers if n in found]

    def documents(self) -> Iterator[Stored]:
        """Yield all documents in order of arrival, as they are when each is reached."""
        behind = 0
        while True:
            with told(self.folder):
                rows = self.tables.documents_behind(behind)
            for row in rows:
                yield self.read(row)
            if not rows:
                return
            behind = rows[-1][0]

    def read(self, row: Row) -> Stored:
        """Return the document of a row; raise `StoreError` where it is damaged."""
        number, name, digest, kept, arrived, verdict, dictionary, body = row
        about, _, data = self._texts.unpack(body, dictionary).partition(b"\n")
        if kept and digest_of(data) != digest:
            raise StoreError(
                f"the text of {name} in the index {self.folder} is damaged; "
                "`provenance index remove` it and add it again"
            )
        return Stored(number, name, data, about.decode(), digest, verdict, bool(kept), arrived)

    def add(self, entries: Sequence[Entry]) -> list[int]:
        """Store documents in this order and return their numbers; `commit` makes them last."""
        numbers = list(range(self._next, self._next + len(entries)))
        newest, pack = self._texts.newest, self._texts.pack
        rows = [
            (
                number,
                entry.document.id,
                entry.digest,
                int(entry.kept),
                entry.arrived,
                verdict_row(entry.verdict),
                newest,
                pack(_body(entry)),
            )
            for number, entry in zip(numbers, entries, strict=True)
        ]
        keys = [entry.keys for entry in entries]
        with told(self.folder):
            self._check_writer()
            self.tables.insert(rows, keys)
        self.postings.add(numbers, keys)
        self._next += len(entries)
        return numbers

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget documents; `commit` makes it last."""
        if numbers:
            with told(self.folder):
                self._check_writer()
                self.tables.delete(numbers)
            self.postings.gone = np.union1d(self.postings.gone, np.array(numbers, np.int64))

    def is_common(self, keys: "NDArray[np.uint64]") -> "NDArray[np.bool_]":
        """Tell which passage keys are known to be boilerplate."""
        return np.asarray(self._common[self._common.searchsorted(keys)] == keys)

    def learn(self, keys: "NDArray[np.uint64]") -> None:
        """Remember passage keys as boilerplate; `commit` makes it last."""
        with told(self.folder):
            self._check_writer()
            self.tables.learn(keys)
        self._common = with_more(self._common, keys)

    def number_since(self, arrived: int) -> int:
        """Return the lowest number of a document that arrived then or later."""
        low, high = 1, self._next
        with told(self.folder):
            while low < high:
                middle = (low + high) // 2
                found = self.tables.arrival_from(middle)
                if found is None or found >= arrived:
                    high = middle
                else:
                    low = middle + 1
        return low

    def numbers_before(self, number: int) -> list[int]:
        """Return the numbers of all documents that came before one."""
        with told(self.folder):
            return self.tables.numbers_before(number)

    def commit(self) -> None:
        """Make what was added and removed last; when it returns, it is acknowledged."""
        if not self.tables.changed:
            return
        with told(self.folder):
            self.tables.commit()
            if self._texts.newest == PLAIN and self._next > LEARN_FROM:
                self._learn_dictionary()
            self.postings.tend()

    def roll_back(self) -> None:
        """Undo what was not committed."""
        if self.tables.roll_back():
            with told(self.folder):
                self.postings.forget_recent()
                self._load()

    def close(self) -> None:
        """Release everything; what was not committed is undone."""
        try:
            self.tables.roll_back()
            if self._lock is not None:
                with told(self.folder):
                    self.postings.finish()
        finally:
            self.tables.connection.close()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def compact(self) -> None:
        """Merge all runs, drop what is gone, compress all texts alike, and shrink the file."""
        with told(self.folder):
            self._check_writer()
            self.postings.merge_all()
            self.tables.forget_removed()
            self.tables.commit()
            self.postings.gone = np.empty(0, np.int64)
            self._compress_alike()
            self.tables.shrink()

    def rebuild(self, keys_of: Callable[[Stored], "NDArray[np.uint64]"]) -> None:
        """Make all postings anew from the documents; `keys_of` gives the keys of each."""
        with told(self.folder):
            self._check_writer()
            self.tables.forget_keys()
            behind = 0
            while rows := self.tables.documents_behind(behind):
                behind = rows[-1][0]
                keys = [keys_of(self.read(row)) for row in rows]
                self.tables.insert_keys([row[0] for row in rows], keys)
            self.tables.commit()
            self.postings.forget_all()
            self._load()
            self.postings.forget_strangers()
            self.postings.flush()

    def _check_writer(self) -> None:
        if self._lock is None:
            raise StoreError(f"the index {self.folder} is open read-only")

    def _enter(self, run: RunRow, inputs: Sequence[int]) -> None:
        self.tables.enter_run(run, inputs)

    def _learn_dictionary(self) -> None:
        rows = self.tables.bodies(0, 1, LEARN_FROM)
        learned = learn_dictionary(
            [self._texts.unpack(body, dictionary) for _, body, dictionary in rows]
        )
        self.tables.add_dictionary(1, learned)
        self.tables.commit()
        self._texts.use(1, learned)

    def _compress_alike(self) -> None:
        behind, newest = 0, self._texts.newest
        while rows := self.tables.bodies(behind, newest, AT_A_TIME):
            behind = rows[-1][0]
            texts = ((n, self._texts.unpack(b, d)) for n, b, d in rows)
            self.tables.replace_bodies([(self._texts.pack(t), newest, n) for n, t in texts])
        self.tables.commit()

    def _load(self) -> None:
        """Take the state that others have committed.

        A merge may remove a run between the look at the tables and at the file: then look again.
        """
        for attempt in range(_ATTEMPTS):
            state = self.tables.state(self.postings.last_recent)
            try:
                self.postings.take(state)
            except StoreError:
                if attempt == _ATTEMPTS - 1 or self._lock is not None:
                    raise
            else:
                break
        self._common = with_end(state.common)
        self._next = state.following
        for number, dictionary in state.dictionaries:
            if number > self._texts.newest:
                self._texts.use(number, dictionary)


def _body(entry: Entry) -> bytes:
    """Return what is known of a document in one line, and behind it its text."""
    about = document_row(entry.document).encode()
    return b"\n".join((about, entry.data if entry.kept else b""))
