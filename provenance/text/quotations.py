"""Where a text quotes: the spans between quotation marks."""

import re
from collections.abc import Iterator

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‹": "›", "「": "」", "『": "』", "»": "«", "”": "”"}
_STRAIGHT = ('"', "&quot;", "''")
_QUOTES = ("''", *'&"“”„«»‹›「」『』')
_ANY = re.compile("[&'\n\"“”„«»‹›「」『』]")
_LONG = re.compile(r"&quot;|''|\n[ \t\r]*\n")


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """Yield quotation marks and blank lines, with their places."""
    if not any(mark in text for mark in _QUOTES):
        return
    end = 0
    for found in _ANY.finditer(text):
        start, mark = found.start(), found.group()
        if start < end:
            continue
        if mark in "&'\n":
            longer = _LONG.match(text, start)
            if longer is None:
                continue
            mark = longer.group()
        end = start + len(mark)
        yield start, mark


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans between quotation marks, marks included, rising and apart.

    A quotation ends at its closing mark; one that is still open at a blank line ends there, as
    newspapers open each paragraph of a long quotation anew.
    """
    spans = []
    opened: int | None = None
    closing: str | tuple[str, ...] = ""
    for start, mark in _marks(text):
        if mark.startswith("\n"):
            if opened is not None:
                spans.append((opened, start))
            opened = None
        elif opened is not None and mark in closing:
            spans.append((opened, start + len(mark)))
            opened = None
        elif opened is None:
            opened = start
            closing = (mark,) if mark in _STRAIGHT else _PAIRS.get(mark, "")
    if opened is not None:
        spans.append((opened, len(text)))
    return spans
