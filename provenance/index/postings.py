"""The postings of an index: recent ones in memory, all others in runs."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.index.hits import Wanted
from provenance.index.lookup import CompiledLookup
from provenance.index.merging import Merger
from provenance.index.recent import CompiledRecent, PlainRecent
from provenance.index.runs import SUFFIX, Run, merged, open_run, postings_of, write_run
from provenance.index.store import Hits
from provenance.index.tables import RunRow, State

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLUSH: Final = 8192  # documents of a new run
FAN_OUT: Final = 4  # runs of one level that become one of the next

Enter = Callable[[RunRow, Sequence[int]], None]
"""Names a run in place of those that begin at some documents, so that it lasts."""


class Postings:
    """Which documents have which keys; a run exists once `enter` has named it."""

    def __init__(self, folder: Path, enter: Enter, *, flush: int, fan_out: int) -> None:
        self.folder = folder
        self.runs: list[Run] = []
        self.gone: NDArray[np.int64] = np.empty(0, np.int64)
        self._enter = enter
        self._flush_at = flush
        self._new_recent: type[PlainRecent | CompiledRecent] = PlainRecent
        self._recent: PlainRecent | CompiledRecent = PlainRecent()
        self._lookup = CompiledLookup()
        self._merger = Merger(folder, fan_out)

    @property
    def compile_kernels(self) -> bool:
        """Whether look-ups run as machine code, which takes a moment to load."""
        return isinstance(self._recent, CompiledRecent)

    @compile_kernels.setter
    def compile_kernels(self, wanted: bool) -> None:
        if wanted != self.compile_kernels:
            self._new_recent = CompiledRecent if wanted else PlainRecent
            keys, numbers = self._recent.everything()
            self._recent = self._new_recent()
            each, counts = np.unique(numbers, return_counts=True)
            self._recent.add(each.tolist(), np.split(keys, np.cumsum(counts)[:-1]))

    @property
    def last_recent(self) -> int:
        """The latest document whose keys are in memory, 0 for none."""
        return self._recent.last

    def find(self, keys: "NDArray[np.uint64]", most: "NDArray[np.int64]", since: int) -> Hits:
        """Return the first `most` documents of each key, from the number `since` on.

        Where it is 0, all documents of the key.
        """
        if isinstance(self._recent, CompiledRecent):
            return self._lookup.find(self.runs, self._recent, self.gone, keys, most, since)
        taken = np.zeros(len(keys), np.int64)
        wanted = Wanted(keys, most, since, self.gone, taken)
        found = []
        for run in self.runs:
            found.append(run.find(wanted))
            taken += np.bincount(found[-1][0], minlength=len(taken))
        found.append(self._recent.find(wanted))
        rows = np.concatenate([rows for rows, _ in found])
        numbers = np.concatenate([numbers for _, numbers in found])
        by_row = np.argsort(rows, kind="stable")
        return Hits(rows[by_row], numbers[by_row])

    def add(self, numbers: Sequence[int], keys: Sequence["NDArray[np.uint64]"]) -> None:
        """Take the keys of new documents."""
        self._recent.add(numbers, keys)

    def take(self, state: State) -> None:
        """Become what the tables say; runs that are open and keys that are known stay so.

        Raises `StoreError` where a run is missing or damaged.
        """
        opened = {run.name: run for run in self.runs}
        self.runs = [
            opened.get(r.name) or open_run(self.folder / r.name, r.first, r.last, r.count)
            for r in state.runs
        ]
        self._merger.levels = {run.name: run.level for run in state.runs}
        self.gone = state.gone
        if self.runs and self._recent.last <= self.runs[-1].last:
            self._recent = self._new_recent()
        self._recent.add([n for n, _ in state.recent], [keys for _, keys in state.recent])

    def forget_recent(self) -> None:
        """Forget the keys in memory: they are taken anew."""
        self._recent = self._new_recent()

    def forget_all(self) -> None:
        """Forget all keys: they are taken anew."""
        self.runs = []
        self.forget_recent()

    def tend(self) -> None:
        """Write a run where one is due, and merge runs in the background."""
        self._enter_merged(wait=False)
        if len(self._recent) >= self._flush_at:
            self.flush()
            self._merger.start(self.runs, self.gone)

    def finish(self) -> None:
        """Wait for the merges that are going on or due."""
        self._enter_merged(wait=True)

    def flush(self) -> None:
        """Write the keys of recent documents as a run."""
        if not len(self._recent):
            return
        keys, numbers = self._recent.everything()
        first = self.runs[-1].last + 1 if self.runs else 1
        last = self._recent.last
        gone = self.gone[self.gone >= first]
        if len(gone):
            alive = ~np.isin(numbers, gone)
            keys, numbers = keys[alive], numbers[alive]
        self._write(postings_of(keys, numbers, first), first, last, 0, ())
        self._recent = self._new_recent()

    def merge_all(self) -> None:
        """Make one run of all, without documents that are gone."""
        self.finish()
        self.flush()
        if self.runs:
            postings = merged(self.runs, self.gone)
            first, last = self.runs[0].first, self.runs[-1].last
            self._write(postings, first, last, self._merger.top, tuple(self.runs))

    def forget_strangers(self) -> None:
        """Remove runs that a process did not come to name."""
        named = {run.name for run in self.runs}
        for path in self.folder.glob(f"*{SUFFIX}"):
            if path.name not in named:
                with suppress(OSError):
                    path.unlink()

    def _enter_merged(self, *, wait: bool) -> None:
        while (done := self._merger.finished(wait=wait)) is not None:
            self._name(done.run, done.inputs)
            self._merger.start(self.runs, self.gone)

    def _write(
        self,
        postings: "NDArray[np.uint64]",
        first: int,
        last: int,
        level: int,
        inputs: Sequence[Run],
    ) -> None:
        run = RunRow(self._merger.new_name(), first, last, level, len(postings))
        path = self.folder / run.name
        try:
            write_run(path, first, last, postings)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self._name(run, inputs)

    def _name(self, row: RunRow, inputs: Sequence[Run]) -> None:
        """Name a written run in place of its inputs, or of recent keys; then remove those."""
        run = open_run(self.folder / row.name, row.first, row.last, row.count, written=True)
        _sync_folder(self.folder)
        self._enter(row, [old.first for old in inputs])
        names = {old.name for old in inputs}
        kept = [r for r in self.runs if r.name not in names]
        self.runs = sorted([*kept, run], key=lambda r: r.first)
        self._merger.levels[row.name] = row.level
        for name in names:
            with suppress(OSError):  # a file that is mapped elsewhere may have to stay
                (self.folder / name).unlink()


def _sync_folder(folder: Path) -> None:
    """Make the names of new files last, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
