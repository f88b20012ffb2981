"""Look-ups of keys in runs and among recent documents, by a kernel that goes over all at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from provenance.index.hits import order_of
from provenance.index.recent import CompiledRecent
from provenance.index.runs import Run
from provenance.index.store import Hits
from provenance.machine_code import Lasting

if TYPE_CHECKING:
    from numpy.typing import NDArray

_IN_ORDER = 512  # keys from which it pays to look neighbours up one after the other


class CompiledLookup:
    """Finds what `Run.find` and `PlainRecent.find` do, in room that is used again."""

    def __init__(self) -> None:
        self._runs: Sequence[Run] = ()
        self._places = Lasting(np.empty((0, 6), np.int64))
        self._spans = Lasting(np.empty(1, np.int64))
        self._gone = Lasting(np.empty(0, np.int64))
        self._ends = np.empty(1, np.int64)
        self._room(1 << 12)

    def find(
        self,
        runs: Sequence[Run],
        recent: CompiledRecent,
        gone: "NDArray[np.int64]",
        keys: "NDArray[np.uint64]",
        most: "NDArray[np.int64]",
        since: int,
    ) -> Hits:
        """Return which documents have which of the keys; see `Wanted`."""
        from provenance.index.kernels import BLOCK, find_kernel

        if runs is not self._runs:
            self._runs = runs
            places = np.array([run.place() for run in runs], np.int64).reshape(-1, 6)
            self._places = Lasting(places)
            self._spans = Lasting(np.empty(3 * BLOCK * len(runs) + 1, np.int64))
        if gone is not self._gone.array:
            self._gone = Lasting(gone)
        count = len(keys)
        if count >= len(self._ends):
            self._ends = np.empty(2 * count + 1, np.int64)
        order = order_of(keys) if count >= _IN_ORDER else np.arange(count)
        while True:
            found = find_kernel(
                self._places,
                *recent.tables(),
                self._gone,
                since,
                keys,
                most,
                order,
                self._spans,
                self._ends[: count + 1],
                *self._given,
            )
            if found <= self._rows.shape[1]:
                rows, numbers = self._rows[:, :found].copy()
                return Hits(rows, numbers)
            self._room(found)

    def _room(self, hits: int) -> None:
        self._rows = np.empty((2, hits), np.int64)
        self._given = tuple(map(Lasting, (np.empty(2 * hits, np.int64), *self._rows)))
