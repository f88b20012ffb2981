"""Invisible characters inside words, which hide a name from a reader of letters and not of eyes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from provenance.model import Cue

# Soft hyphens, zero-width and direction marks; the joiners of Indic scripts and of emoji too.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)


def without_invisible(text: str) -> tuple[str, list[int]] | None:
    """Return the text without invisible characters and each letter's place, or None without any.

    The list of places ends with the length of the text.
    """
    if text.isascii() or _INVISIBLE.search(text) is None:
        return None
    hidden = {match.start() for match in _INVISIBLE.finditer(text)}
    places = [place for place in range(len(text)) if place not in hidden]
    return _INVISIBLE.sub("", text), [*places, len(text)]


def place_back(cue: Cue, places: Sequence[int]) -> Cue:
    """Return a cue of the shortened text with the offsets of the text as it was read."""
    return replace(
        cue,
        start=places[cue.start],
        end=_end(cue.end, places),
        covers_start=places[cue.covers_start] if cue.covers_start else 0,
        covers_end=_end(cue.covers_end, places),
    )


def _end(end: int, places: Sequence[int]) -> int:
    if end == len(places) - 1:
        return places[-1]
    return places[end - 1] + 1 if end else 0
