"""A store in memory: plain dictionaries that say what every other store has to do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from provenance.index.settings import IndexSettings
from provenance.index.store import Entry, Hits, Stored, entry_as_stored

if TYPE_CHECKING:
    from numpy.typing import NDArray


class MemoryStore:
    """Documents and their keys while the process lives; nothing is undone or lasts."""

    def __init__(self, settings: IndexSettings | None = None) -> None:
        self._settings = settings or IndexSettings()
        self._documents: dict[int, Stored] = {}
        self._holders: dict[int, list[int]] = {}
        self._common: set[int] = set()
        self._next = 1
        self.compile_kernels = False

    @property
    def settings(self) -> IndexSettings:
        """The settings that the keys were made with."""
        return self._settings

    def refresh(self) -> None:
        """Do nothing: nobody else sees this store."""

    def expect(self, keys: "NDArray[np.uint64]") -> None:
        """Do nothing: each key is looked up when it is asked for."""

    def find(self, keys: "NDArray[np.uint64]", most: "NDArray[np.int64]", since: int = 0) -> Hits:
        """Return the first `most` documents of each key, from the number `since` on.

        Where it is 0, all documents of the key.
        """
        rows: list[int] = []
        numbers: list[int] = []
        for row, (key, limit) in enumerate(zip(keys.tolist(), most.tolist(), strict=True)):
            held = [n for n in self._holders.get(key, ()) if n in self._documents]
            held = [n for n in held if n >= since][:limit] if limit else held
            rows += [row] * len(held)
            numbers += held
        return Hits(np.array(rows, np.int64), np.array(numbers, np.int64))

    def fetch(self, numbers: Sequence[int]) -> list[Stored]:
        """Return the documents of these numbers, in this order; those that are gone left out."""
        return [self._documents[n] for n in numbers if n in self._documents]

    def add(self, entries: Sequence[Entry]) -> list[int]:
        """Store documents in this order and return their numbers."""
        numbers = []
        for entry in entries:
            number, self._next = self._next, self._next + 1
            self._documents[number] = entry_as_stored(number, entry)
            for key in entry.keys.tolist():
                self._holders.setdefault(key, []).append(number)
            numbers.append(number)
        return numbers

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget documents."""
        for number in numbers:
            self._documents.pop(number, None)

    def is_common(self, keys: "NDArray[np.uint64]") -> "NDArray[np.bool_]":
        """Tell which passage keys are known to be boilerplate."""
        return np.array([key in self._common for key in keys.tolist()], np.bool_)

    def learn(self, keys: "NDArray[np.uint64]") -> None:
        """Remember passage keys as boilerplate."""
        self._common.update(keys.tolist())

    def number_since(self, arrived: int) -> int:
        """Return the lowest number of a document that arrived then or later."""
        return min(
            (n for n, stored in self._documents.items() if stored.arrived >= arrived),
            default=self._next,
        )

    def numbers_before(self, number: int) -> list[int]:
        """Return the numbers of all documents that came before one."""
        return [n for n in self._documents if n < number]

    def commit(self) -> None:
        """Do nothing: what is in memory does not last."""

    def roll_back(self) -> None:
        """Do nothing: what is in memory stays."""

    def close(self) -> None:
        """Do nothing."""
