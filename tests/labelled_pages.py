"""Labelled pages in many languages: which of their lines are furniture.

In `match/pages/` a line of furniture begins with `| ` and one that may be either (a byline) with
`? `; these marks are no part of the page.
"""

from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).parent / "match" / "pages"


@dataclass(frozen=True)
class Page:
    """A page's text, with the spans of its furniture and those that may be either."""

    name: str
    text: str
    furniture: list[tuple[int, int]]
    either: list[tuple[int, int]]


def pages(folder=PAGES):
    """Return the pages of a folder, sorted by name."""
    return [read(path) for path in sorted(folder.glob("*.txt"))]


def read(path):
    """Return the page of a file."""
    lines, spans, at = [], {"| ": [], "? ": []}, 0
    for marked in path.read_text(encoding="utf-8").split("\n"):
        mark = marked[:2]
        line = marked[2:] if mark in spans else marked
        if mark in spans:
            spans[mark].append((at, at + len(line)))
        lines.append(line)
        at += len(line) + 1
    return Page(path.stem, "\n".join(lines), spans["| "], spans["? "])


def score(page, found):
    """Return precision and recall of spans, by characters that are no white space."""
    true, either, marked = (
        {i for start, end in spans for i in range(start, end) if not page.text[i].isspace()}
        for spans in (page.furniture, page.either, found)
    )
    marked -= either
    both = len(true & marked)
    return both / len(marked) if marked else 1.0, both / len(true) if true else 1.0
