"""Documents that wait to be added to an index on a Redis server."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.index.store import Entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNSTORED: Final = 1 << 38
"""Documents have these numbers and up until they are added."""


@dataclass(slots=True)
class Waiting:
    """A document that is to be added, and the keys that it makes common."""

    number: int
    entry: Entry
    learned: "list[NDArray[np.uint64]]" = field(default_factory=list)


class Queue:
    """Documents that wait, in order, and which of them have which keys."""

    def __init__(self) -> None:
        self._fresh = itertools.count(UNSTORED)  # no number is given twice
        self.clear()

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._waiting.values())

    def clear(self) -> None:
        """Forget them."""
        self._waiting: dict[int, Waiting] = {}
        self._unlisted: list[Waiting] = []  # of these the keys are not among the holders yet
        self._holders: dict[int, list[int]] = {}

    def add(self, entries: Sequence[Entry]) -> list[int]:
        """Take documents, and return their numbers."""
        new = [Waiting(next(self._fresh), entry) for entry in entries]
        self._waiting.update((one.number, one) for one in new)
        self._unlisted += new
        return [one.number for one in new]

    def entry(self, number: int) -> Entry | None:
        """Return the document of a number, if it waits."""
        found = self._waiting.get(number)
        return found.entry if found else None

    def learn(self, keys: "NDArray[np.uint64]") -> None:
        """Let the latest document make keys common."""
        next(reversed(self._waiting.values())).learned.append(keys)

    def beside(
        self, keys: "NDArray[np.uint64]", row: "NDArray[np.int64]", number: "NDArray[np.int64]"
    ) -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
        """Return hits of keys with those among the documents that wait."""
        if not self._waiting:
            return row, number
        for one in self._unlisted:
            for key in one.entry.keys.tolist():
                self._holders.setdefault(key, []).append(one.number)
        self._unlisted.clear()
        rows: list[int] = []
        numbers: list[int] = []
        for place, key in enumerate(keys.tolist()):
            held = self._holders.get(key, ())
            rows += [place] * len(held)
            numbers += held
        row = np.concatenate([row, np.array(rows, np.int64)])
        number = np.concatenate([number, np.array(numbers, np.int64)])
        order = np.argsort(row, kind="stable")
        return row[order], number[order]
