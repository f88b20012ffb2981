"""A document's text made ready for reading cues: one same-length view, its words, its lines."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from provenance.lineage.agencies import (
    Naming,
    has_joined_script,
    namings,
)
from provenance.lineage.glance import LINE_ENDS, SPACES, WORD, Glance
from provenance.lineage.kernels import LARGE, UNEVEN
from provenance.lineage.lookalikes import fold_lookalikes, fold_strangers, may_hold_lookalikes
from provenance.match.furniture import is_furniture
from provenance.model import Document

LONGEST_LINE: Final = 1000
LEAST_PROSE: Final = 40
LONGEST_SHORT_LINE: Final = 90

_LINE: Final = re.compile(r"[^\s][^\n]*")
_SENTENCE_END: Final = re.compile(r"[.!?…。！？؟।][\"'”’»」』)\]]{0,3}\s*(?:\([^()]{2,40}\))?\s*$")
_WIDE: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Page:
    """One document as cues are read from it; every offset is an offset of the text as read.

    `words` and `low_words` are all words of the text, as it has them and in lower case, or those
    of a glance at it, which has `parts`, too. `joined` tells whether it holds a script whose
    words are not cut by spaces alone, `narrow` that it has no signs of wide scripts.
    """

    def __init__(self, document: Document, glance: Glance | None = None) -> None:
        self.document = document
        self._signs = -1 if glance is None or glance.signs & UNEVEN else glance.signs
        if glance is None:
            characters = frozenset(document.text)
            self.view = _reading_view(document.text, characters)
            self.joined = has_joined_script(characters)
            self.words = frozenset(WORD.findall(self.view))
            self.low_words = frozenset(map(str.lower, self.words))
            self.parts: frozenset[str] = frozenset()
        else:
            text = document.text
            self.view = _evened(text, LINE_ENDS | SPACES) if glance.signs & UNEVEN else text
            self.joined = False
            self.words, self.low_words, self.parts = glance.words, glance.low_words, glance.parts
        self.narrow = glance is not None
        self.end = len(self.view)
        self._last_prose: dict[tuple[int, int], int] = {}
        self._first_prose: dict[tuple[int, int], int] = {}

    @property
    def glanced(self) -> bool:
        """Whether a glance told all signs of the text, and the words that are asked for."""
        return self._signs >= 0

    def shows(self, signs: int) -> bool:
        """Whether the text may show one of some signs."""
        return self._signs & signs != 0

    @cached_property
    def low(self) -> str:
        """The view in lower case, of the same length."""
        if not self.shows(LARGE):  # as `str.lower`, which is slow beyond ASCII
            small = self.view.encode("utf-8", "surrogatepass").lower()
            return small.decode("utf-8", "surrogatepass")
        return self.view.replace("İ", "i").lower()

    @cached_property
    def namings(self) -> list[Naming]:
        """Agencies named anywhere in the text."""
        return namings(self.view, self.words, joined=self.joined)

    def namings_between(self, start: int, end: int) -> list[Naming]:
        """Agencies named wholly between two positions."""
        first = bisect_left(self.namings, start, key=lambda naming: naming.start)
        last = bisect_right(self.namings, end, key=lambda naming: naming.start)
        return [naming for naming in self.namings[first:last] if naming.end <= end]

    @cached_property
    def short_lines(self) -> list[tuple[int, int]]:
        """The lines that are too short for running text."""
        return [(start, end) for start, end in self.lines if end - start <= LONGEST_SHORT_LINE]

    def short_lines_with(self, words: Iterable[str]) -> list[tuple[int, int]]:
        """Those of `short_lines` that hold one of some words, given in lower case."""
        found = set()
        for word in words:
            at = self.low.find(word)
            while at >= 0:
                found.add(self.stripped_line(at))
                at = self.low.find(word, at + len(word))
        return sorted(line for line in found if line[1] - line[0] <= LONGEST_SHORT_LINE)

    def lines_with(self, mark: str, within: int) -> Iterator[tuple[int, int]]:
        """Lines whose first `mark` stands near their head: the line's start, the mark's place."""
        at = self.view.find(mark)
        while at >= 0:
            start = self.view.rfind("\n", max(0, at - within - 1), at) + 1
            if start or at <= within:
                yield start, at
            line_end = self.view.find("\n", at)
            if line_end < 0:
                return
            at = self.view.find(mark, line_end)

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """Spans of the lines that hold more than space, without the space around them."""
        found = []
        for match in _LINE.finditer(self.view):
            start, end = match.span()
            while self.view[end - 1].isspace():
                end -= 1
            found.append((start, end))
        return found

    def stripped_line(self, position: int) -> tuple[int, int]:
        """The one of `lines` that a position lies in, which is no space."""
        start = self.view.rfind("\n", 0, position) + 1
        end = self.view.find("\n", position)
        line = self.view[start : end if end >= 0 else self.end]
        start += len(line) - len(line.lstrip())
        return start, start + len(line.strip())

    def line_number(self, position: int) -> int:
        """The index in `lines` of the last line that begins at or before a position."""
        return max(0, bisect_right(self.lines, (position, self.end + 1)) - 1)

    def line_at(self, position: int) -> tuple[int, int]:
        """The line around a position, cut to `LONGEST_LINE` code points on either side."""
        start = self.view.rfind("\n", max(0, position - LONGEST_LINE), position) + 1
        end = self.view.find("\n", position, position + LONGEST_LINE)
        return (
            start or max(0, position - LONGEST_LINE),
            end if end >= 0 else min(self.end, position + LONGEST_LINE),
        )

    def is_prose(self, number: int) -> bool:
        """Whether a line reads as running text: long enough, and ended like a sentence."""
        start, end = self.lines[number]
        if end - start < LEAST_PROSE // 3:
            return False
        line = self.view[start : min(end, start + LONGEST_LINE)]
        length = len(line) + 2 * len(_WIDE.findall(line))
        if length < LEAST_PROSE:
            return False
        tail = self.view[max(start, end - LEAST_PROSE) : end]
        return bool(_SENTENCE_END.search(tail) or length > 5 * LEAST_PROSE) and not is_furniture(
            line
        )

    def goes_on(self, end: int) -> bool:
        """Whether wrapping cut the line that ends here: small letters follow, or it is hyphened."""
        below = self.view[end : end + 3].lstrip(" ")
        return below[:1] == "\n" and (below[1:2].islower() or self.view[end - 1 : end] in "-‐«")

    def last_prose(self, start: int, end: int) -> int:
        """Where the last line of running text between two positions ends; `start` without one."""
        if (start, end) not in self._last_prose:
            numbers = range(self.line_number(max(start, end - 1)), -1, -1)
            self._last_prose[start, end] = self._prose_end(numbers, start, end)
        return self._last_prose[start, end]

    def first_prose(self, start: int, end: int) -> int:
        """Where the first line of running text between two positions begins; `end` without one."""
        if (start, end) not in self._first_prose:
            numbers = range(self.line_number(start), len(self.lines))
            self._first_prose[start, end] = self._prose_start(numbers, start, end)
        return self._first_prose[start, end]

    def _prose_end(self, numbers: range, start: int, end: int) -> int:
        for number in numbers if self.lines else ():
            line_start, line_end = self.lines[number]
            if line_start < start:
                break
            if line_end <= end and self.is_prose(number):
                return line_end
        return start

    def _prose_start(self, numbers: range, start: int, end: int) -> int:
        for number in numbers:
            line_start = self.lines[number][0]
            if line_start >= end:
                break
            if line_start >= start and self.is_prose(number):
                return line_start
        return end


def _reading_view(text: str, characters: frozenset[str]) -> str:
    """The text, same length, with one kind of line end and space and with look-alikes folded."""
    text = _evened(text, (LINE_ENDS | SPACES) & characters)
    return fold_strangers(fold_lookalikes(text)) if may_hold_lookalikes(characters) else text


def _evened(text: str, marks: frozenset[str]) -> str:
    """The text, same length, with one kind of line end and space for those among the marks."""
    for mark in marks:
        text = text.replace(mark, "\n" if mark in LINE_ENDS else " ")
    return text
