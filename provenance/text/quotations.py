"""Where a text quotes: the spans between quotation marks."""

import re

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‹": "›", "「": "」", "『": "』", "»": "«", "”": "”"}
_STRAIGHT = ('"', "&quot;", "''")
_MARKS = re.compile(r"&quot;|''|\n[ \t\r]*\n|[\"“”„«»‹›「」『』]")


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans between quotation marks, marks included, rising and apart.

    A quotation ends at its closing mark; one that is still open at a blank line ends there, as
    newspapers open each paragraph of a long quotation anew.
    """
    spans = []
    opened: int | None = None
    closing: str | tuple[str, ...] = ""
    for found in _MARKS.finditer(text):
        mark = found.group()
        if mark.startswith("\n"):
            if opened is not None:
                spans.append((opened, found.start()))
            opened = None
        elif opened is not None and mark in closing:
            spans.append((opened, found.end()))
            opened = None
        elif opened is None:
            opened = found.start()
            closing = (mark,) if mark in _STRAIGHT else _PAIRS.get(mark, "")
    if opened is not None:
        spans.append((opened, len(text)))
    return spans
