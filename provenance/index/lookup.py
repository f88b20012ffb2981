"""Look-ups of keys in runs and among recent documents, by a kernel that goes over all at once."""

from collections.abc import Sequence

import numpy as np

from provenance.index.hits import Wanted, order_of
from provenance.index.recent import CompiledRecent
from provenance.index.runs import Run
from provenance.index.store import Hits

_IN_ORDER = 512  # keys from which it pays to look neighbours up one after the other


class CompiledLookup:
    """Finds what `Run.find` and `PlainRecent.find` do, in room that is used again."""

    def __init__(self) -> None:
        self._runs: Sequence[Run] = ()
        self._places = np.empty((0, 6), np.int64)
        self._spans = np.empty(1, np.int64)
        self._ends = np.empty(1, np.int64)
        self._room(1 << 12)

    def find(self, runs: Sequence[Run], recent: CompiledRecent, wanted: Wanted) -> Hits:
        """Return which documents have which of the keys."""
        from provenance.index.kernels import BLOCK, find_kernel

        if runs is not self._runs:
            self._runs = runs
            self._places = np.array([run.place() for run in runs], np.int64).reshape(-1, 6)
            self._spans = np.empty(2 * BLOCK * len(runs) + 1, np.int64)
        keys = wanted.keys
        count = len(keys)
        if count >= len(self._ends):
            self._ends = np.empty(2 * count + 1, np.int64)
        order = order_of(keys) if count >= _IN_ORDER else np.arange(count)
        while True:
            found = find_kernel(
                self._places,
                *recent.tables(),
                wanted.gone,
                wanted.since,
                keys,
                wanted.most,
                order,
                self._spans,
                self._ends[: count + 1],
                self._drafts,
                self._rows,
                self._numbers,
            )
            if found <= len(self._rows):
                return Hits(self._rows[:found].copy(), self._numbers[:found].copy())
            self._room(found)

    def _room(self, hits: int) -> None:
        self._drafts = np.empty(2 * hits, np.int64)
        self._rows, self._numbers = np.empty((2, hits), np.int64)
