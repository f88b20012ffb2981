"""Where a text quotes: the spans between quotation marks."""

import re

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‹": "›", "「": "」", "『": "』", "»": "«", "”": "”"}
_STRAIGHT = ('"', "&quot;", "''")
_QUOTES = (*'"“”„«»‹›「」『』', "&quot;", "''")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def _marks(text: str) -> list[tuple[int, str]]:
    """Return quotation marks and blank lines, with their places.

    A text is searched for one mark at a time, as few texts have more than three kinds.
    """
    marks = []
    for mark in _QUOTES:
        at = text.find(mark)
        while at >= 0:
            marks.append((at, mark))
            at = text.find(mark, at + len(mark))
    if marks:
        marks += [(found.start(), "\n") for found in _BLANK_LINE.finditer(text, min(marks)[0])]
        marks.sort()
    return marks


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans between quotation marks, marks included, rising and apart.

    A quotation ends at its closing mark; one that is still open at a blank line ends there, as
    newspapers open each paragraph of a long quotation anew.
    """
    spans = []
    opened: int | None = None
    closing: str | tuple[str, ...] = ""
    for start, mark in _marks(text):
        if mark == "\n":
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
