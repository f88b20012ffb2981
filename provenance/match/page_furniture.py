"""Page furniture by the company it keeps: lines that no lexicon can list, among lines that it does.

The names of a site's sections, the headlines of a list of links, what a newsletter promises: each
is a line like any other, but for where it stands: beside known lines, and at the ends of a page.
"""

import re
from dataclasses import dataclass
from typing import Final

from provenance.match.furniture import (
    LONGEST_LINE,
    MOST_WORDS,
    ends_in_credit,
    holds_furniture,
    is_furniture,
    opens_list,
    page_words,
)

_LINE: Final = re.compile(r"\S[^\n\r]*")
_BREAK: Final = re.compile(r"\r\n?|\n")
_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_CLOSED: Final = re.compile(r"[.…。．।॥۔:：;,，、-]['\"”’»」』)）\]]*$")
_ASKED: Final = re.compile(r"[?!？！؟]['\"”’»」』)）\]]*$")
_INSIDE: Final = re.compile(r"[,;，、؛،“„«「]")
_QUOTE: Final = re.compile(r"[\"“”«»„「『]")
_PIECES: Final = re.compile(r"\s*[|•·»›>]\s+|\s+/\s+")
_BAR: Final = re.compile(r"[|•·»›>/].+[|•·»›>/]")
_LABEL_WORDS: Final = 4
_HEADLINE_WORDS: Final = 20
_PROSE_WORDS: Final = 9
_LONGEST_LIST: Final = 12
_CAPTION: Final = 220
_CREDIT: Final = 90  # characters of a caption that its credit may take
_NEAR: Final = 2  # lines before and after that count as company
_ENOUGH: Final = 2  # words of pages and known lines near, together, that are not yet enough
_DENSITY: Final = 6  # words for each word of pages, by weight, at most
_ABOUT: Final = (
    0.25  # share of a text's prose with words of pages, from which these are its subject
)
_KNOWN_SHARE: Final = 0.25  # of the lines at an end of a page, that make it furniture


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, where it stands, and whether blank lines are before it."""

    start: int
    end: int
    text: str
    apart: bool
    words: int


@dataclass(frozen=True, slots=True)
class _Page:
    """Lines of a page, those that are known, and those that are marked so far."""

    lines: list[_Line]
    known: list[bool]
    marked: list[bool]

    def company(self, place: int, near: int = _NEAR) -> int:
        """Count the marked lines beside a line."""
        return sum(self.marked[max(0, place - near) : place + near + 1]) - self.marked[place]

    def is_inside(self, place: int) -> bool:
        """Whether a marked line is next to a line without a blank one between, or both are."""
        before = place > 0 and self.marked[place - 1]
        after = place + 1 < len(self.lines) and self.marked[place + 1]
        joined = (before and not self.lines[place].apart) or (
            after and not self.lines[place + 1].apart
        )
        return joined or (before and after)


def page_furniture(text: str) -> list[tuple[int, int]]:
    """The spans of a page's furniture lines, in order, without the space around them.

    Beside what `furniture_lines` finds: bars of links; beside known lines, captions that end in a
    credit; labels in a run of which the lexicon knows a third; headlines below the heading of a
    list; short lines in the words that pages say of themselves, unless the text is about pages;
    whatever is short at an end of the page where much is known.
    """
    places = []
    known = []
    for match in _LINE.finditer(text):
        line = match.group().rstrip()
        places.append((match.start(), match.start() + len(line)))
        known.append(is_furniture(line))
    marked = [
        own or is_bar(text[start:end]) for own, (start, end) in zip(known, places, strict=True)
    ]
    if sum(marked) > 1:
        page = _Page(_lines(text, places), known, marked)
        for rule in _RULES:
            rule(page)
    return [place for place, mark in zip(places, marked, strict=True) if mark]


def _lines(text: str, places: list[tuple[int, int]]) -> list[_Line]:
    lines = []
    before = 0
    for start, end in places:
        gap = text[before:start]
        apart = gap.count("\n") > 1 or ("\r" in gap and len(_BREAK.findall(gap)) > 1)
        own = text[start:end]
        lines.append(_Line(start, end, own, apart, _words(own)))
        before = end
    return lines


def _words(line: str) -> int:
    """Count words; in scripts without spaces two characters weigh as one."""
    words = len(line.split())
    if line.isascii():
        return words
    return max(words, (len(_UNSPACED.findall(line)) + 1) // 2)


def _is_label(line: _Line, most: int) -> bool:
    """Whether a line could be a name or a headline: short, and closed by no full stop."""
    return (
        line.words <= most
        and line.end - line.start <= LONGEST_LINE // 2
        and not _CLOSED.search(line.text)
    )


def _is_name(line: _Line) -> bool:
    """Whether a line could be the name of a section or a button."""
    return _is_label(line, _LABEL_WORDS) and not _INSIDE.search(line.text)


def _is_prose(line: _Line) -> bool:
    closed = _CLOSED.search(line.text) or _ASKED.search(line.text)
    return line.words >= _PROSE_WORDS and bool(closed)


def is_bar(line: str) -> bool:
    """Whether half of three or more short pieces with separators between are furniture."""
    if len(line) > LONGEST_LINE or not _BAR.search(line):
        return False
    pieces = [piece for piece in _PIECES.split(line) if piece.strip()]
    if len(pieces) < 3 or any(_words(piece) > _LABEL_WORDS for piece in pieces):
        return False
    return sum(map(is_furniture, pieces)) * 2 >= len(pieces)


def _mark_captions(page: _Page) -> None:
    """Mark short lines that end in the credit of a picture beside known lines.

    Between paragraphs a caption is as good as one.
    """
    beside = [i for i, own in enumerate(page.marked) if not own and page.company(i, 1)]
    for place in beside:
        line = page.lines[place].text
        page.marked[place] = len(line) <= _CAPTION and ends_in_credit(line[-_CREDIT:])


def _mark_lists(page: _Page) -> None:
    """Mark the headlines that follow a heading such as 'Related', up to a blank line or prose."""
    for place, line in enumerate(page.lines):
        if not page.known[place] or not opens_list(line.text):
            continue
        for after in range(place + 1, min(place + 1 + _LONGEST_LIST, len(page.lines))):
            next_line = page.lines[after]
            # In a page that sets every line apart, the first headline is apart from the heading.
            ends = next_line.apart and (after > place + 1 or not line.apart)
            if ends or page.marked[after] or not _is_label(next_line, _HEADLINE_WORDS):
                break
            page.marked[after] = True


def _mark_runs(page: _Page) -> None:
    """Mark the names in a run without blank lines, between known lines that are a third of it."""
    start = 0
    for place in range(len(page.lines) + 1):
        if place < len(page.lines):
            line = page.lines[place]
            inside = page.marked[place] or _is_name(line)
            if inside and (place == start or not line.apart):
                continue
        else:
            inside = False
        sure = [i for i in range(start, place) if page.known[i]]
        if len(sure) >= max(2, (place - start) / 3):
            page.marked[sure[0] : sure[-1] + 1] = [True] * (sure[-1] + 1 - sure[0])
        start = place if inside else place + 1


def _mark_sentences(page: _Page) -> None:
    """Mark short lines in the words of pages that are beside known lines."""
    near = [i for i, own in enumerate(page.marked) if not own and page.company(i)]
    found = [place for place in near if _is_of_pages(page, place)]
    if found and not _is_about_pages(page, set(near)):
        for place in found:
            page.marked[place] = True


def _is_of_pages(page: _Page, place: int) -> bool:
    """Whether a line has words of pages enough, for its length and its company."""
    line = page.lines[place]
    if line.end - line.start > LONGEST_LINE or line.words > MOST_WORDS or not page.is_inside(place):
        return False
    if line.words > _HEADLINE_WORDS and _QUOTE.search(line.text):
        return False
    count = page_words(line.text)
    # A known sentence in it counts as two words.
    count += 2 * (count <= _ENOUGH and holds_furniture(line.text))
    return count > 0 and count + page.company(place) > _ENOUGH and count * _DENSITY >= line.words


def _is_about_pages(page: _Page, near: set[int]) -> bool:
    """Whether the prose of a text, far from known lines, is in the words of pages, too."""
    others = (i for i, own in enumerate(page.marked) if not own and i not in near)
    prose = [line.text for line in (page.lines[i] for i in others) if _is_prose(line)]
    about = sum(page_words(line[:LONGEST_LINE]) > _ENOUGH for line in prose)
    return about > _ENOUGH and about > _ABOUT * len(prose)


def _mark_ends(page: _Page) -> None:
    """Mark names before the first prose of a page, and anything short after the last."""
    prose = [i for i, line in enumerate(page.lines) if not page.marked[i] and _is_prose(line)]
    if not prose:
        return
    last = prose[-1] + 1
    # Signatures and credits come first, right below the text.
    first = next((i for i in range(last, len(page.lines)) if page.marked[i]), last)
    head, tail = range(prose[0]), range(first, len(page.lines))
    if _is_known(page, head):
        for place in head:
            line = page.lines[place]
            page.marked[place] |= _is_name(line) and line.words < _LABEL_WORDS
    if _is_known(page, tail):
        for place in tail:
            line = page.lines[place]
            # A dash or a bracket begins a signature or a source.
            page.marked[place] |= line.text[0] not in "(（[—–-" and _is_label(line, _HEADLINE_WORDS)


def _is_known(page: _Page, places: range) -> bool:
    sure = sum(page.marked[place] for place in places)
    return sure >= max(2, _KNOWN_SHARE * len(places))


# What stands beside a sentence may be known by the first time, so that it is asked again.
_RULES: Final = (
    *(_mark_lists, _mark_runs, _mark_sentences),
    *(_mark_captions, _mark_sentences, _mark_ends),
)
