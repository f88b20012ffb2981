"""The terminal and the pipes: what they can show, and progress while there is nothing to show."""

import codecs
import io
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, TypeAlias

Progress: TypeAlias = Callable[[str, int, int], None]

NARROW, USUAL, WIDE = 40, 100, 160
PATIENCE = 0.5  # seconds before progress is shown
_ASCII = {
    **dict.fromkeys("│├└", "|"),
    **dict.fromkeys("─—–", "-"),
    "…": "...",
    "·": "-",
    "≥": ">=",
}


def prepare() -> None:
    """Make standard output and error take any text: what they cannot encode is spelled out."""
    codecs.register_error("provenance.people", _spell_out)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="provenance.people")


def write(text: str) -> None:
    """Write text for people to standard output."""
    sys.stdout.write(text)


def write_data(text: str) -> None:
    """Write a data format to standard output: in UTF-8 unless it is a terminal.

    What cannot be encoded, a lone surrogate for one, is escaped as in JSON.
    """
    codecs.register_error("provenance.data", _escape)
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="provenance.data", newline="\n")
    sys.stdout.write(text)


def _spell_out(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    characters = error.object[error.start : error.end]
    return "".join(_ASCII.get(c) or _escaped(c) for c in characters), error.end


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_escaped, error.object[error.start : error.end])), error.end


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def columns() -> int:
    """Return the columns that a report may take; `COLUMNS` decides where it is set."""
    return min(max(shutil.get_terminal_size((USUAL, 24)).columns, NARROW), WIDE)


def colored() -> bool:
    """Return whether standard output takes colour; `NO_COLOR` and `FORCE_COLOR` decide first."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def close_output() -> None:
    """Let nothing more be written to a pipe whose reader has gone, not even at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress | None]:
    """Give a function that shows progress on standard error, or None where nobody would see it.

    It takes a stage, how much is done, and of how much (0 if unknown). Shown on a terminal only,
    and not where `TERM` is dumb or `CI` is set; work that takes half a second shows nothing.
    """
    if quiet or not _watched(sys.stderr):
        yield None
        return
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.stop()


def _watched(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


class _Bar:
    """One bar with the name of the stage, drawn once the work has taken a while."""

    def __init__(self) -> None:
        self._state = ("", 0, 0)
        self._update: Progress | None = None
        self._stop: Callable[[], None] | None = None
        self._timer = threading.Timer(PATIENCE, self._start)
        self._timer.daemon = True
        self._timer.start()

    def show(self, stage: str, done: int, total: int) -> None:
        self._state = (stage, done, total)
        if self._update is not None:
            self._update(stage, done, total)

    def stop(self) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._stop is not None:
            self._stop()

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        rich = RichProgress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        task = rich.add_task("")

        def update(stage: str, done: int, total: int) -> None:
            rich.update(task, description=stage, completed=done, total=total or None)

        rich.start()
        self._stop, self._update = rich.stop, update
        update(*self._state)
