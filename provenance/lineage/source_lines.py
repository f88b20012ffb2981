"""Lines that declare a source, "Source: https://...", and the part of the file each speaks for.

A scraped file can hold several articles, one after another, each closed by its own source line.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Final

from provenance.lineage.agencies import AgencyKind, canonical_name, find_agency
from provenance.lineage.datelines import Dateline
from provenance.lineage.kernels import OPENED
from provenance.lineage.names import address_at, is_name, is_newsroom, split_names, strip_name
from provenance.lineage.page import Page
from provenance.lineage.phrases import LONGEST_VALUE, Label, key_of, whole_lines

FEWEST_HEADLINE_WORDS: Final = 6
LONGEST_HEADLINE: Final = 200
LONGEST_FOOTER: Final = 400
FOOTER_SHARE: Final = 0.1
CAPITALS_OF_A_HEADLINE: Final = 0.7

_EDGES: Final = " ()[]*_>•-–—.»→…:"
_BULLET: Final = re.compile(r"[•·*▪●◦\-–—\d]")
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One declared source: what is named, where, and the text it speaks for.

    `value` is empty where the link was lost; `mention` marks a source of something in the text
    (a chart, a table) and not of the text.
    """

    value: str
    start: int
    end: int
    covers_start: int
    covers_end: int
    mention: bool = False


@cache
def _lost_links() -> tuple[str, ...]:
    """The lines that stood for a link."""
    return tuple(line for line, signal in whole_lines().items() if signal == "source_link_lost")


@cache
def lost_words() -> frozenset[str]:
    """The words, and pairs of words, of the lines that stood for a link."""
    return frozenset(map(key_of, _lost_links()))


def _lines_that_may_have_lost(page: Page) -> list[tuple[int, int]]:
    """The short lines that may have stood for a link."""
    if not page.glanced:
        return page.short_lines
    return page.short_lines_with(lost_words() & page.parts)


def read_source_lines(
    page: Page, labels: list[Label], datelines: list[Dateline]
) -> tuple[list[SourceLine], list[tuple[int, int]]]:
    """The declared sources in order, and the parts that the text falls into."""
    found = _without_charts(page, _found(page, labels))
    if not any(not line.mention for line in found):
        found += _sections(page)
    real = [line for line in found if not line.mention]
    if not real:
        return found, [(0, page.end)]
    first, last = real[0], real[-1]
    opening = page.first_prose(0, page.end)
    if first.end <= opening and last.end <= page.last_prose(0, page.end):
        covers = _headers(page, real)
    elif len(real) == 1 and last.start >= page.last_prose(0, page.end):
        covers = [(0, page.end)]
    else:
        covers = _footers(page, real, datelines)
    placed = [
        SourceLine(line.value, line.start, line.end, *span)
        for line, span in zip(real, covers, strict=True)
    ]
    return [*placed, *(line for line in found if line.mention)], _parts(page, covers, real)


def _found(page: Page, labels: list[Label]) -> list[SourceLine]:
    found: dict[int, SourceLine] = {}
    labelled_until = 0
    for label in labels:
        if label.signal != "source_line" or label.start < labelled_until:
            continue
        start, end = label.start, label.end
        values = _values(page.view[label.value_start : end])
        if values is None:
            values, end = _next_line(page, end)
        # Several names that are not all agencies are the sources of facts or of a chart.
        mention = len(values) > 1 and not all(map(find_agency, values))
        for number, value in enumerate(values):
            found[start + number] = SourceLine(value, start, end, start, end, mention)
        labelled_until = end
    whole = whole_lines()
    for start, end in _lines_that_may_have_lost(page):
        words = page.low[start:end].strip(_EDGES)
        if whole.get(words) == "source_link_lost" and start not in found:
            if page.view[start + page.low[start:end].index(words)].islower():
                continue
            values, reach = _next_line(page, end)
            at = start + page.low[start:end].index(words)
            found.setdefault(at, SourceLine(values[0], at, max(at + len(words), reach), at, end))
    return [found[start] for start in sorted(found)]


def _sections(page: Page) -> list[SourceLine]:
    """Lines such as "(Vale Herald)" that close the parts of a round-up, or a whole text."""
    if not page.shows(OPENED) or "(" not in page.view:
        return []
    lines = []
    for number, (start, end) in enumerate(page.lines):
        if number and page.view[start] == "(" and page.view[end - 1] == ")" and end - start < 60:
            name = page.view[start + 1 : end - 1].strip()
            if is_name(name) and not _BULLET.match(name) and page.is_prose(number - 1):
                lines.append(SourceLine(canonical_name(name), start, end, start, end))
    newsrooms = sum(is_newsroom(page.view[line.start + 1 : line.end - 1]) for line in lines)
    if len(lines) == 1:
        closes = lines[0].start >= page.last_prose(0, page.end)
        return lines if closes and newsrooms and find_agency(lines[0].value) is None else []
    return lines if 2 * newsrooms >= len(lines) else []


def _values(text: str) -> list[str] | None:
    """What a label names; None where nothing stands after it, [] where prose does."""
    plain = text.strip(" *_\t")
    if not plain.strip(" .–—-()[]"):
        return None
    address = address_at(plain.lstrip("<([\"'"))
    if address:
        return [address]
    linked = re.match(r"\[[^\]\n]{0,120}\]\((?P<address>[^)\s]{4,500})\)", plain)
    if linked:
        return [linked["address"]]
    cut = re.split(r"\s[|–—]\s|\s{3,}|\)", plain)[0]
    name = strip_name(cut)
    agency = find_agency(name)
    if agency:
        return [agency.id]
    names = split_names(cut)
    if len(names) > 1:
        return [canonical_name(each) for each in names]
    if name.lower() in whole_lines():
        return [name.lower()] if whole_lines()[name.lower()] == "credit_line" else []
    return [name] if is_name(name) else []


def _next_line(page: Page, end: int) -> tuple[list[str], int]:
    """An address on the line below a bare label, else a lost link."""
    below = page.view[end : end + LONGEST_VALUE].lstrip(" )]*_:：\n")
    address = address_at(below) if below.startswith(("http", "www.")) else None
    if address is None:
        return [""], end
    return [address], page.view.index(address, end) + len(address)


def _without_charts(page: Page, found: list[SourceLine]) -> list[SourceLine]:
    """Bare names inside the text are sources of a chart unless the text also ends with one."""
    last_prose = page.last_prose(0, page.end) if found else 0
    rest = page.end - found[-1].end if found else 0
    closed = bool(found) and (
        found[-1].start >= last_prose or rest <= min(LONGEST_FOOTER, FOOTER_SHARE * page.end)
    )
    first_prose = page.first_prose(0, page.end) if found else 0
    kept = []
    for line in found:
        agency = find_agency(line.value) if line.value else None
        chart = (
            bool(line.value)
            and agency is None
            and address_at(line.value) is None
            and not closed
            and line.end > first_prose
        )
        photo = agency is not None and agency.kind is AgencyKind.PHOTO
        kept.append(replace(line, mention=True) if chart or photo or line.mention else line)
    return kept


def _headers(page: Page, lines: list[SourceLine]) -> list[tuple[int, int]]:
    ends = [line.start for line in lines[1:]] + [page.end]
    return [(line.start, end) for line, end in zip(lines, ends, strict=True)]


def _footers(
    page: Page, lines: list[SourceLine], datelines: list[Dateline]
) -> list[tuple[int, int]]:
    covers: list[tuple[int, int]] = []
    previous = 0
    for line in lines:
        if covers and page.first_prose(previous, line.start) >= line.start:
            covers.append(covers[-1])
        else:
            while previous < line.start and page.view[previous].isspace():
                previous += 1
            start = _article_start(page, previous, line.start, datelines)
            covers.append((start, line.start))
        previous = max(previous, line.end)
    return covers


def _article_start(page: Page, start: int, end: int, datelines: list[Dateline]) -> int:
    """Where the last article before a source line begins: at a dateline or a headline above it."""
    best = start
    lines = page.lines
    first = page.line_number(start)
    for number in range(first, len(lines)):
        line_start = lines[number][0]
        if line_start >= end:
            break
        if line_start > start and number > first and _is_headline(page, number, end):
            best = line_start
    for dateline in datelines:
        if best < dateline.start < end and page.last_prose(best, dateline.start) > best:
            best = lines[page.line_number(dateline.start)][0]
    return best


def _is_headline(page: Page, number: int, end: int) -> bool:
    """A line in title case, between an ended sentence and a line that begins running text."""
    if number == 0 or number + 1 >= len(page.lines):
        return False
    start, stop = page.lines[number]
    if stop - start > LONGEST_HEADLINE or page.lines[number + 1][0] >= end:
        return False
    line = page.view[start:stop]
    words = _WORD.findall(line)
    if len(words) < FEWEST_HEADLINE_WORDS or line[-1] in '.,;:!"”' or _BULLET.match(line):
        return False
    long_words = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() for word in long_words)
    if not long_words or capitals < CAPITALS_OF_A_HEADLINE * len(long_words):
        return False
    below = page.view[page.lines[number + 1][0]]
    return page.is_prose(number - 1) and page.is_prose(number + 1) and not _BULLET.match(below)


def _parts(
    page: Page, covers: list[tuple[int, int]], lines: list[SourceLine]
) -> list[tuple[int, int]]:
    edges = {0, page.end}
    for start, _ in covers:
        edges.add(start)
    if covers[0] != (0, page.end):
        edges.update(line.end for line in lines if line.start >= covers[0][0])
    ordered = sorted(edges)
    return list(pairwise(ordered)) or [(0, page.end)]
