"""The keys of documents that are in no run yet, in memory."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.index.hits import Found, Wanted, limited
from provenance.machine_code import Lasting
from provenance.storage import Column

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PlainRecent:
    """The recent documents of each key, in order of arrival, as a dictionary.

    `last` is the number of the latest document, 0 where there is none.
    """

    def __init__(self) -> None:
        self._holders: dict[int, list[int]] = {}
        self._keys: list[NDArray[np.uint64]] = []
        self._numbers: list[int] = []
        self.last = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, numbers: Sequence[int], keys: Sequence["NDArray[np.uint64]"]) -> None:
        """Take documents with rising numbers and the keys of each."""
        for number, own in zip(numbers, keys, strict=True):
            for key in own.tolist():
                self._holders.setdefault(key, []).append(number)
        self._numbers += numbers
        self._keys += keys
        self.last = self._numbers[-1] if self._numbers else 0

    def find(self, wanted: Wanted) -> Found:
        """Return which documents have which of the keys."""
        rows: list[int] = []
        numbers: list[int] = []
        for row, key in enumerate(wanted.keys.tolist()):
            held = self._holders.get(key, ())
            rows += [row] * len(held)
            numbers += held
        return limited(np.array(rows, np.int64), np.array(numbers, np.int64), wanted)

    def everything(self) -> tuple["NDArray[np.uint64]", "NDArray[np.int64]"]:
        """Return all keys, and the document of each."""
        counts = [len(own) for own in self._keys]
        return (
            np.concatenate([np.empty(0, np.uint64), *self._keys]),
            np.repeat(np.array(self._numbers, np.int64), counts),
        )


class CompiledRecent:
    """The same as a hash table with chains, in arrays that kernels read and write."""

    def __init__(self) -> None:
        self.last = 0
        self._documents = 0
        self._held = 0
        self._slots_taken = 0
        self._keys, self._numbers = Column(np.uint64), Column(np.int64)
        self._following = np.empty(1 << 12, np.int32)
        self._make_table(1 << 13)

    def __len__(self) -> int:
        return self._documents

    def add(self, numbers: Sequence[int], keys: Sequence["NDArray[np.uint64]"]) -> None:
        """Take documents with rising numbers and the keys of each."""
        if not numbers:
            return
        counts = [len(own) for own in keys]
        new = np.concatenate(keys)
        self._keys.append(new)
        self._numbers.append(np.repeat(np.array(numbers, np.int64), counts))
        held, self._held = self._held, self._held + len(new)
        if self._held > len(self._following):
            more = np.empty(2 * self._held, np.int32)
            more[:held] = self._following[:held]
            self._following = more
        self._documents += len(numbers)
        self.last = numbers[-1]
        if 2 * (self._slots_taken + len(new)) > len(self._table):
            slots = len(self._table)
            while slots < 2 * (self._slots_taken + len(new)):
                slots *= 4
            self._make_table(slots)
            held = 0  # everything is put in anew
        self._put(held)

    def _put(self, held: int) -> None:
        from provenance.index.kernels import recent_add_kernel

        self._slots_taken += recent_add_kernel(
            self._keys.values()[held:],
            held,
            self._table,
            self._heads,
            self._tails,
            self._following,
        )

    def tables(self) -> tuple["NDArray[Any] | Lasting", ...]:
        """Return the tables that `find_kernel` reads: keys and heads, chains, documents."""
        return *self._slots, self._following, self._numbers.values()

    def everything(self) -> tuple["NDArray[np.uint64]", "NDArray[np.int64]"]:
        """Return all keys, and the document of each."""
        return self._keys.values(), self._numbers.values()

    def _make_table(self, slots: int) -> None:
        self._slots_taken = 0
        self._table = np.zeros(slots, np.uint64)
        self._heads = np.full(slots, -1, np.int32)
        self._tails = np.empty(slots, np.int32)
        self._slots = Lasting(self._table), Lasting(self._heads)
