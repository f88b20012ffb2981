"""The index on a Redis server, which several processes write at once.

Documents are judged against what the index held at one moment. Each is added by a script that
first makes sure that nothing its verdict may depend on has changed since, so that the verdicts
are those of documents that came one by one; where something has, it is judged again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from provenance.errors import StoreError
from provenance.index.arrivals import Keyer
from provenance.index.hits import ranks, with_end, with_more
from provenance.index.keys import addresses
from provenance.index.redis.address import LEAST, RedisAddress
from provenance.index.redis.answers import Answers
from provenance.index.redis.creation import check_eviction, create, missing, settings_of
from provenance.index.redis.numbers import Numbers
from provenance.index.redis.rows import Buckets, pack_keys, pack_row, unpack_key, unpack_row
from provenance.index.redis.server import OnError, Server
from provenance.index.redis.waiting import UNSTORED, Queue
from provenance.index.settings import IndexSettings
from provenance.index.store import Conflict, Entry, Hits, Stored, entry_as_stored
from provenance.index.texts import Texts

if TYPE_CHECKING:
    import redis
    from numpy.typing import NDArray

VERSIONS: Final = 255  # latest documents of an id or address
_KEYS: Final = 1500  # that one script looks up, so that the server answers others soon
_FETCHED: Final = 100


@dataclass(frozen=True, slots=True)
class _State:
    """What an index held when documents began to be judged."""

    last: int
    first: int


def open_redis(
    address: str,
    settings: IndexSettings | None = None,
    *,
    new: IndexSettings | None = None,
    read_only: bool = False,
    on_error: OnError = "fail",
    waiting: Callable[[str], object] | None = None,
) -> "RedisStore":
    """Return the index at an address; unless it is opened read-only, it is made if need be.

    `settings` are those that it has to have, `new` those of a new one without them.
    Raises `StoreError` where there is none, or one of other settings, or where the server cannot
    be used; `ConfigError` where the address cannot be one.
    """
    server = Server(RedisAddress.parse(address), on_error, waiting)
    try:
        return RedisStore(server, settings, new or IndexSettings(), read_only=read_only)
    except BaseException:
        server.close()
        raise


class RedisStore:
    """A store on a Redis server; see `open_redis`."""

    def __init__(
        self,
        server: Server,
        settings: IndexSettings | None,
        new: IndexSettings,
        *,
        read_only: bool,
    ) -> None:
        self._server = server
        self._read_only = read_only
        self._shown = server.address.shown
        self.compile_kernels = False
        self._texts = Texts()
        self._common = with_end(np.empty(0, np.uint64))
        self._learned: list[int] = []  # the same in the order of the server
        self._highest = 0
        self._numbers = Numbers(server)
        self._waiting = Queue()
        self._removed: list[int] = []
        self._state: _State | None = None
        self._answers: Answers | None = None
        self._unsure = False  # what is common here may not be so on the server
        self._outdated = True
        self._epoch = b""
        known = create(server, settings or new, read_only=read_only)
        self._settings = settings_of(known, self._shown, settings)
        self._buckets = Buckets(int(known[b"bits"]))
        self._keyer = Keyer(self._settings)
        check_eviction(server)
        self.refresh()

    @property
    def settings(self) -> IndexSettings:
        """The settings that the keys were made with."""
        return self._settings

    def refresh(self) -> None:
        """See what others have added."""
        self._look_anew()
        self._outdated = False
        known = len(self._learned)

        def news(client: "redis.Redis") -> list[Any]:
            pipeline = client.pipeline(transaction=False)  # the epoch first: it is checked again
            pipeline.hget(self._server.key("meta"), "epoch")
            pipeline.lrange(self._server.key("common"), known, -1)
            return list(pipeline.execute())

        epoch, rows = self._server.patiently(news)
        if epoch is None:
            raise missing(self._server)
        if epoch != self._epoch:  # something was removed or lost
            self._epoch = epoch
            self._learned = []
            rows = self._server.patiently(lambda r: r.lrange(self._server.key("common"), 0, -1))
        if rows or not self._learned:
            self._learned += map(unpack_key, rows)
            self._common = with_end(np.array(sorted(self._learned), np.uint64))

    def expect(self, keys: "NDArray[np.uint64]") -> None:
        """Ask for all keys at once, unless they are known from this group of documents."""
        if self._outdated:
            self.refresh()
        if self._answers is None or not self._answers.know(keys):
            self._answers = self._asked(np.unique(keys))

    def find(self, keys: "NDArray[np.uint64]", most: "NDArray[np.int64]", since: int = 0) -> Hits:
        """Return the first `most` documents of each key, from the number `since` on.

        Where it is 0, as of words, the latest `VERSIONS`; of a key with more than `holders` of
        the settings the others are not known, unless some have been removed.
        """
        self.expect(keys)
        assert self._answers is not None  # noqa: S101 - as expected
        row, number = self._answers.of(keys)
        assert self._state is not None  # noqa: S101 - it came with the answers
        alive = (number >= self._state.first) & (number <= self._state.last)
        alive &= (number >= since) | (most[row] == 0)
        row, number = row[alive], number[alive]
        row, number = self._waiting.beside(keys, row, number)
        kept = (ranks(row) < most[row]) | (most[row] == 0)
        return Hits(row[kept], number[kept])

    def fetch(self, numbers: Sequence[int]) -> list[Stored]:
        """Return the documents of these numbers, in this order; those that are gone left out."""
        found: dict[int, Stored] = {}
        asked = [n for n in numbers if n < UNSTORED]
        for low in range(0, len(asked), _FETCHED):
            part = asked[low : low + _FETCHED]
            names = [self._server.key("d", n) for n in part]
            rows = self._server.patiently(partial(_rows, names))
            for number, row in zip(part, rows, strict=True):
                if row is not None:
                    found[number] = unpack_row(number, row, self._texts)
        for number in numbers:
            entry = self._waiting.entry(number)
            if entry is not None:
                found[number] = entry_as_stored(number, entry)
        return [found[n] for n in numbers if n in found]

    def add(self, entries: Sequence[Entry]) -> list[int]:
        """Take documents in this order and return numbers for them until `commit` adds them."""
        self._writable()
        return self._waiting.add(entries)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget documents; `commit` makes it last."""
        self._writable()
        self._removed += numbers

    def is_common(self, keys: "NDArray[np.uint64]") -> "NDArray[np.bool_]":
        """Tell which passage keys are known to be boilerplate."""
        if self._outdated:
            self.refresh()
        return np.asarray(self._common[self._common.searchsorted(keys)] == keys)

    def learn(self, keys: "NDArray[np.uint64]") -> None:
        """Remember passage keys as boilerplate; `commit` makes it last."""
        self._waiting.learn(keys)
        self._unsure = True
        self._common = with_more(self._common, keys)

    def number_since(self, arrived: int) -> int:
        """Return the lowest number of a document that arrived then or later."""
        return self._numbers.since(arrived)

    def numbers_before(self, number: int) -> list[int]:
        """Return the numbers of all documents that came before one."""
        return self._numbers.before(number)

    def commit(self) -> None:
        """Make what was added and removed last; when it returns, it is acknowledged.

        Raises `Conflict` where others have added or removed what the verdicts may depend on; some
        of the documents may be there then, which changes nothing for the others.
        """
        if self._waiting:
            self._add_waiting()
        if self._removed:
            self._remove()
        self._forget()
        self._look_anew()

    def roll_back(self) -> None:
        """Undo what was not committed; what others have is seen with the next look."""
        self._forget()
        self._look_anew()
        if self._unsure:
            self._unsure = False
            self._common = with_end(np.array(sorted(self._learned), np.uint64))
        self._outdated = True

    def close(self) -> None:
        """Release the connection; what was not committed is undone."""
        self._server.close()

    def _add_waiting(self) -> None:
        state = self._state
        if state is None:  # added unseen
            raise Conflict
        own: list[str] = []
        waiting = list(self._waiting)
        for low in range(0, len(waiting), LEAST):
            part = waiting[low : low + LEAST]
            arguments: list[object] = []
            for one in part:
                learned = b"".join(map(pack_keys, one.learned))
                entry = one.entry
                words = 1 + len(addresses(entry.document)) if entry.kept else 1
                keys = self._buckets.pack(entry.keys)
                arguments += [pack_row(entry, self._texts), keys, words, learned]
            reply = self._server.run(
                "commit",
                state.last,
                self._epoch,
                len(self._learned),
                ",".join(own),
                self._settings.holders,
                VERSIONS,
                *arguments,
            )
            if isinstance(reply, list):
                if reply[0] == b"full":
                    raise StoreError(
                        f"the index {self._shown} holds as many documents as it may "
                        f"({int(reply[1]):,}); nothing acknowledged is lost: raise its limit, or "
                        "let the oldest leave (full=oldest)"
                    )
                raise Conflict
            own.append(f"{reply}-{reply + len(part) - 1}")
            self._highest = reply + len(part) - 1
            for one in part:
                self._learned += [k for keys in one.learned for k in keys.tolist()]
        self._unsure = False

    def _remove(self) -> None:
        for low in range(0, len(self._removed), LEAST):
            stored = self.fetch(self._removed[low : low + LEAST])
            arrivals = self._keyer.arrivals([s.document for s in stored])
            arguments: list[object] = []
            for i, one in enumerate(stored):
                keys = arrivals.keys.of(i).values if one.kept else arrivals.id_keys(i)
                arguments += [one.number, self._buckets.pack(keys)]
            if arguments:
                self._server.run("remove", *arguments)

    def _look_anew(self) -> None:
        self._state = None
        self._answers = None

    def _asked(self, keys: "NDArray[np.uint64]") -> "Answers":
        """Return what the server says of rising keys, as it was when it was first asked."""
        size, step = self._buckets.size, _KEYS * self._buckets.size
        packed = self._buckets.pack(keys)
        counts, numbers = [b""], [b""]
        for low in range(0, max(len(packed), size), step):
            reply = self._server.run("find", packed[low : low + step], self._buckets.width)
            if reply[0] is None:
                raise missing(self._server)
            if self._state is None:
                self._state = _State(int(reply[0]), int(reply[1]))
                if self._state.last < self._highest and not self._read_only:
                    create(
                        self._server, self._settings, highest=self._highest
                    )  # documents were lost
                self._highest = max(self._highest, self._state.last)
            counts.append(reply[4])
            numbers.append(reply[5])
        return Answers(
            keys,
            np.frombuffer(b"".join(counts), "<u2").astype(np.int64),
            np.frombuffer(b"".join(numbers), "<u4").astype(np.int64),
        )

    def _forget(self) -> None:
        self._waiting.clear()
        self._removed = []

    def _writable(self) -> None:
        if self._read_only:
            raise StoreError(f"the index {self._shown} was opened read-only")


def _rows(names: Sequence[str], client: "redis.Redis") -> Any:  # noqa: ANN401
    return client.mget(names)
