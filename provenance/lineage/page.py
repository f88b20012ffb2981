"""A document's text made ready for reading cues: one same-length view, its words, its lines."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from provenance.lineage.agencies import (
    Naming,
    has_joined_script,
    namings,
)
from provenance.lineage.lookalikes import fold_lookalikes, fold_strangers, may_hold_lookalikes
from provenance.match.furniture import is_furniture
from provenance.model import Document

LONGEST_LINE: Final = 1000
LEAST_PROSE: Final = 40
LONGEST_SHORT_LINE: Final = 90

_WORD: Final = re.compile(r"\w+")
_LINE: Final = re.compile(r"[^\s][^\n]*")
_LINE_ENDS: Final = frozenset("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_SPACES: Final = frozenset("\t\xa0\u1680\u2007\u2009\u200a\u202f\u205f\u3000")
_SENTENCE_END: Final = re.compile(r"[.!?…。！？؟।][\"'”’»」』)\]]{0,3}\s*(?:\([^()]{2,40}\))?\s*$")
_WIDE: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Page:
    """One document as cues are read from it; every offset is an offset of the text as read."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.characters = frozenset(document.text)
        self.view = _reading_view(document.text, self.characters)
        self.low = (self.view.replace("İ", "i") if "İ" in self.characters else self.view).lower()
        self.words = frozenset(_WORD.findall(self.view))
        self.low_words = frozenset(map(str.lower, self.words))
        self.end = len(self.view)
        self._last_prose: dict[tuple[int, int], int] = {}
        self._first_prose: dict[tuple[int, int], int] = {}

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
    def joined(self) -> bool:
        """Whether the text holds a script whose words are not cut by spaces alone."""
        return has_joined_script(self.characters)

    @cached_property
    def short_lines(self) -> list[tuple[int, int]]:
        """The lines that are too short for running text."""
        return [(start, end) for start, end in self.lines if end - start <= LONGEST_SHORT_LINE]

    def lines_with(self, mark: str, within: int) -> Iterator[tuple[int, int]]:
        """Lines whose first `mark` stands near their head: the line's start, the mark's place."""
        if mark not in self.characters:
            return
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
    for mark in _LINE_ENDS & characters:
        text = text.replace(mark, "\n")
    for mark in _SPACES & characters:
        text = text.replace(mark, " ")
    return fold_strangers(fold_lookalikes(text)) if may_hold_lookalikes(characters) else text
