"""Merging of runs in the background, so that a look-up has few of them to read."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from provenance.index.runs import SUFFIX, Run, merged, write_run
from provenance.index.tables import RunRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Merged:
    """A run that was written from others and is not named yet."""

    run: RunRow
    inputs: tuple[Run, ...]


class Merger:
    """Merges `fan_out` neighbouring runs of one level into one of the next, one merge at a time."""

    def __init__(self, folder: Path, fan_out: int) -> None:
        self._folder = folder
        self._fan_out = fan_out
        self.levels: dict[str, int] = {}
        self._thread: threading.Thread | None = None
        self._done: Merged | None = None
        self._failed: BaseException | None = None

    @property
    def top(self) -> int:
        """The highest level there is."""
        return max(self.levels.values(), default=0)

    def new_name(self) -> str:
        """Return the name of a run that no file has."""
        return f"{secrets.token_hex(8)}{SUFFIX}"

    def start(self, runs: Sequence[Run], gone: "NDArray[np.int64]") -> None:
        """Begin a merge where one is due and none is going on."""
        if self._thread is not None:
            return
        due = self._due(runs)
        if due:
            self._thread = threading.Thread(target=self._run, args=(due, gone), daemon=True)
            self._thread.start()

    def finished(self, *, wait: bool) -> Merged | None:
        """Return what was merged, None where nothing is ready; errors of the merge are raised."""
        if self._thread is None or (self._thread.is_alive() and not wait):
            return None
        self._thread.join()
        self._thread = None
        done, failed = self._done, self._failed
        self._done = self._failed = None
        if failed is not None:
            raise failed
        return done

    def _due(self, runs: Sequence[Run]) -> tuple[Run, ...]:
        levels = [self.levels[run.name] for run in runs]
        for end in range(len(runs), self._fan_out - 1, -1):
            part = levels[end - self._fan_out : end]
            if len(set(part)) == 1:
                return tuple(runs[end - self._fan_out : end])
        return ()

    def _run(self, runs: tuple[Run, ...], gone: "NDArray[np.int64]") -> None:
        name = self.new_name()
        path = self._folder / name
        try:
            postings = merged(runs, gone)
            first, last = runs[0].first, runs[-1].last
            write_run(path, first, last, postings)
            level = self.levels[runs[0].name] + 1
            self._done = Merged(RunRow(name, first, last, level, len(postings)), runs)
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            path.unlink(missing_ok=True)
            self._failed = error
