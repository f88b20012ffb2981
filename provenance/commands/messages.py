"""What a command says beside its results, on standard error."""

import os
import sys
import traceback
from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from provenance.model import Skipped

FAILED, INTERRUPTED = 2, 130
_REASONS = 20


def say_places(places: Iterable[tuple[str, str]]) -> None:
    """Say what happened where, a line each, up to a number of lines."""
    lines = [f"{place}: {words}" for place, words in places]
    for line in lines[:_REASONS]:
        say(line)
    if len(lines) > _REASONS:
        say(f"and {len(lines) - _REASONS:,} more")


def say_skipped(skipped: "Iterable[Skipped]") -> None:
    """Say what was not read, and why."""
    say_places((item.place, item.reason) for item in skipped)


def say(message: str) -> None:
    """Say a line that no character of it can break."""
    from provenance.output.display import printable

    sys.stderr.write(f"provenance: {printable(message)}\n")


def fail(message: str) -> NoReturn:
    """Say why and end the command with exit code 2; called while an error is handled."""
    if os.environ.get("PROVENANCE_DEBUG"):
        traceback.print_exc()
    say(message)
    raise typer.Exit(FAILED) from None
