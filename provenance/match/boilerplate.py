"""Boilerplate and widely shared prose, learned from the corpus.

A wording is judged by how many *mutually unrelated* texts carry it, not by how many texts do: a
big story is no boilerplate. Wordings are shingles of 8 tokens, whole lines of which most is
common by shingles of 5, and short whole lines. A line beside boilerplate needs half as many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from provenance.fingerprint.shingles import shingles_at
from provenance.match.collapse import Texts
from provenance.match.counting import Flags
from provenance.match.kinship import Kinship
from provenance.match.likely_furniture import furniture_of
from provenance.match.page_furniture import page_furniture
from provenance.match.postings import Postings
from provenance.match.spans import flag_tokens
from provenance.match.wordings import LONG, SHORT, Carriers, count_carriers, shared_wordings
from provenance.text.corpus import TokenTable
from provenance.text.tokens import BLANK_LINE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHORT_LINE = 8
_LINE_SHARE = 0.6
_FILL = 4
_WIDE = 3  # unrelated texts that make prose widely shared
_PROSE = 40  # tokens from which common text of several sources is prose and no template
_FEW = 3  # unrelated texts of one source that make a line beside boilerplate the house's own
_GROWTH_FROM = 10_000  # texts from which the counts grow, with the fourth root


@dataclass(frozen=True, slots=True)
class Common:
    """What is common in a corpus, one flag a token: boilerplate, and widely shared prose."""

    boilerplate: "NDArray[np.bool_]"
    widely_shared: "NDArray[np.bool_]"


def grown(count: int, texts: int) -> int:
    """Return the count of unrelated texts that is asked for in a corpus of this size."""
    growth: float = max(1.0, texts / _GROWTH_FROM) ** 0.25
    return round(count * growth)


def find_common(  # noqa: PLR0913 - a corpus, what is known of its texts, and the two limits
    table: TokenTable,
    texts: Sequence[str],
    sources: "NDArray[np.int32]",
    postings: Postings,
    kinship: Kinship,
    *,
    documents: int,
    of_source: int,
    compile_kernels: bool,
) -> Common:
    """Mark boilerplate and widely shared prose.

    `documents` and `of_source` are the unrelated texts, overall and of one source, that make a
    wording boilerplate; `sources` numbers the source of each text, -1 where it is unknown.
    """
    overall_limit, source_limit = grown(documents, len(table)), grown(of_source, len(table))

    carriers = Carriers(
        table, sources, kinship, overall_limit, source_limit, compile_kernels=compile_kernels
    )
    least = min(_WIDE, overall_limit, source_limit)
    long = shared_wordings(carriers, postings, LONG, _WIDE, least)
    size = len(table.ids)
    wide = _cover(long.place[long.overall >= _WIDE], LONG, size)
    common = _cover(long.place[long.overall >= overall_limit], LONG, size)
    own = _cover(long.place[long.of_source >= source_limit], LONG, size)
    del long

    least = min(overall_limit, source_limit)
    short = shared_wordings(carriers, postings, SHORT, least, least)
    frequent = _cover(short.place[carriers.often(short)], SHORT, size)
    del short
    lines = _lines(table)
    lengths = np.diff(lines)
    whole = np.diff(Flags(frequent).before(lines)) / lengths >= _LINE_SHARE
    del frequent
    brief = np.flatnonzero(lengths <= _SHORT_LINE)
    by_line = count_carriers(carriers, lines[brief], _line_values(table, lines, brief))
    whole[brief[carriers.often(by_line)]] = True

    common &= ~_long_runs(common & ~own, _PROSE, table)
    _fill(common, lines)
    _fill(own, lines)
    boilerplate = furniture_tokens(table, texts, compile_kernels=compile_kernels)
    for marked in (common, own, np.repeat(whole, lengths)):
        boilerplate |= marked
    beside = _lines_beside(table, lines, boilerplate)
    by_neighbour = count_carriers(carriers, lines[beside], _hashes(table, lines, beside))
    house = np.zeros(len(lengths), np.bool_)
    house[beside[by_neighbour.of_source >= max(_FEW, source_limit // 2)]] = True
    boilerplate |= np.repeat(house, lengths)
    return Common(boilerplate, wide & ~boilerplate)


def _lines_beside(
    table: TokenTable, lines: "NDArray[np.int64]", boilerplate: "NDArray[np.bool_]"
) -> "NDArray[np.int64]":
    """Return the lines, no longer than prose, that are next to a line of boilerplate."""
    lengths = np.diff(lines)
    marked = np.diff(Flags(boilerplate).before(lines)) >= _LINE_SHARE * lengths
    text = np.searchsorted(table.bounds, lines[:-1], "right")
    same = text[1:] == text[:-1]
    beside = np.zeros(len(lengths), np.bool_)
    beside[1:] |= marked[:-1] & same
    beside[:-1] |= marked[1:] & same
    return np.flatnonzero(beside & ~marked & (lengths > 1) & (lengths < _PROSE))


def _hashes(
    table: TokenTable, lines: "NDArray[np.int64]", rows: "NDArray[np.int64]"
) -> "NDArray[np.uint64]":
    """Return a hash of the tokens of each line."""
    places = zip(lines[rows].tolist(), lines[rows + 1].tolist(), strict=True)
    hashes = (xxhash.xxh3_64_intdigest(table.ids[low:high].tobytes()) for low, high in places)
    return np.fromiter(hashes, np.uint64, len(rows))


def _line_values(
    table: TokenTable, lines: "NDArray[np.int64]", rows: "NDArray[np.int64]"
) -> "NDArray[np.uint64]":
    values = np.zeros(len(rows), np.uint64)
    lengths = lines[rows + 1] - lines[rows]
    for length in range(1, _SHORT_LINE + 1):
        alike = lengths == length
        values[alike] = shingles_at(table, lines[rows[alike]], length)
    return values


def _cover(place: "NDArray[np.int64]", size: int, tokens: int) -> "NDArray[np.bool_]":
    """Flag the tokens that shingles at these places cover."""
    flags = np.zeros(tokens, np.bool_)
    for shift in range(size):
        flags[place + shift] = True
    return flags


def _lines(table: TokenTable) -> "NDArray[np.int64]":
    """Return the first token of every line, and the number of tokens."""
    starts = table.breaks > 0
    first = table.bounds[:-1]
    starts[first[first < len(starts)]] = True
    return np.append(np.flatnonzero(starts), len(table.ids))


def _long_runs(flags: "NDArray[np.bool_]", least: int, table: TokenTable) -> "NDArray[np.bool_]":
    """Flag the runs of at least `least` flagged tokens; a blank line ends a run."""
    place = np.flatnonzero(flags)
    begins = table.breaks[place] == BLANK_LINE
    begins[1:] |= place[1:] != place[:-1] + 1
    begins[:1] = True
    run = np.cumsum(begins) - 1
    found = np.zeros(len(flags), np.bool_)
    found[place[(np.bincount(run) >= least)[run]]] = True
    return found


def _fill(flags: "NDArray[np.bool_]", lines: "NDArray[np.int64]") -> None:
    """Flag gaps of up to four tokens between flagged tokens of one line, too."""
    edges = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    low, high = edges[~flags[edges]], edges[flags[edges]]  # where gaps begin and end
    high = high[int(np.searchsorted(high, low[0])) :] if len(low) else high[:0]
    low = low[: len(high)]
    short = high - low <= _FILL
    low, high = low[short], high[short]
    within = np.searchsorted(lines, low - 1, "right") == np.searchsorted(lines, high, "right")
    low, high = low[within], high[within]
    for shift in range(_FILL):
        place = low + shift
        flags[place[place < high]] = True


def furniture_tokens(
    table: TokenTable, texts: Sequence[str], *, compile_kernels: bool
) -> "NDArray[np.bool_]":
    """Flag the tokens of lines that are page furniture on their own page."""
    if not compile_kernels:
        return flag_tokens(table, enumerate(map(page_furniture, texts)))
    found = furniture_of(texts.encoded() if isinstance(texts, Texts) else texts)
    return flag_tokens(table, enumerate(found))
