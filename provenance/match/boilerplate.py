"""Boilerplate and widely shared prose, learned from the corpus.

A wording is judged by how many *mutually unrelated* texts carry it, not by how many texts do: a
big story is no boilerplate. Wordings are shingles of 8 tokens, whole lines of which most is
common by shingles of 5, and short whole lines. A line beside boilerplate needs half as many.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from provenance.fingerprint.shingles import shingles_at
from provenance.match.counting import Flags
from provenance.match.kinship import Kinship, count_unrelated, count_unrelated_of_source
from provenance.match.ordering import stable_order, value_ranges
from provenance.match.page_furniture import page_furniture
from provenance.match.postings import WINDOW, Postings
from provenance.match.spans import flag_tokens
from provenance.text.corpus import TokenTable
from provenance.text.tokens import BLANK_LINE

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG, SHORT = 8, 5  # tokens of a shingle that marks alone, and of one that marks whole lines
_SHORT_LINE = 8
_WORDINGS_AT_A_TIME = 1 << 20
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


@dataclass(frozen=True, slots=True)
class _Wordings:
    """Wordings with their carriers: places in the flat token arrays, grouped."""

    group: "NDArray[np.int32]"
    place: "NDArray[np.int64]"
    overall: "NDArray[np.int32]"
    of_source: "NDArray[np.int32]"

    def where(self, condition: "NDArray[np.bool_]") -> "NDArray[np.int64]":
        """Return the places of the groups that meet the condition."""
        return self.place[condition[self.group]]


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

    def wordings(place: "NDArray[np.int64]", value: "NDArray[np.uint64]") -> _Wordings:
        return _count_carriers(
            table,
            place,
            value,
            sources,
            kinship,
            overall_limit,
            source_limit,
            compile_kernels=compile_kernels,
        )

    long = _shingles_near(table, postings, LONG, _WIDE)
    by_long = wordings(long, shingles_at(table, long, LONG))
    everywhere = by_long.overall >= overall_limit
    template = by_long.of_source >= source_limit
    size = len(table.ids)
    wide = _cover(by_long.where(by_long.overall >= _WIDE), LONG, size)
    common = _cover(by_long.where(everywhere), LONG, size)
    own = _cover(by_long.where(template), LONG, size)
    del long, by_long, everywhere, template

    short = _shingles_near(table, postings, SHORT, min(overall_limit, source_limit))
    by_short = wordings(short, shingles_at(table, short, SHORT))
    often = (by_short.overall >= overall_limit) | (by_short.of_source >= source_limit)
    frequent = _cover(by_short.where(often), SHORT, size)
    del short, by_short
    lines = _lines(table)
    lengths = np.diff(lines)
    share = np.diff(Flags(frequent).before(lines)) / lengths
    whole = np.repeat(share >= _LINE_SHARE, lengths)

    brief = np.flatnonzero(lengths <= _SHORT_LINE)
    by_line = wordings(lines[brief], _line_values(table, lines, brief))
    often = (by_line.overall >= overall_limit) | (by_line.of_source >= source_limit)
    line_of = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    chosen = np.zeros(len(lengths), np.bool_)
    chosen[line_of[by_line.where(often)]] = True
    whole |= chosen[line_of]

    common = _fill(common & ~_long_runs(common & ~own, _PROSE, table), line_of)
    boilerplate = common | _fill(own, line_of) | whole | furniture_tokens(table, texts)
    beside = _lines_beside(table, lines, boilerplate)
    by_neighbour = wordings(lines[beside], _hashes(table, lines, beside))
    house = np.zeros(len(lengths), np.bool_)
    few = max(_FEW, source_limit // 2)
    house[line_of[by_neighbour.where(by_neighbour.of_source >= few)]] = True
    boilerplate |= house[line_of]
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


def _shingles_near(
    table: TokenTable, postings: Postings, size: int, carriers: int
) -> "NDArray[np.int64]":
    """Return the places of shingles that hold, or neighbour, a winnowed one with many carriers.

    A window's choice depends on its content only, so every run of 8 tokens that `carriers`
    texts share holds a winnowed shingle of at least as many.
    """
    often = postings.carriers >= carriers
    owner = np.repeat(np.arange(len(table), dtype=np.int32), np.diff(postings.text_bounds))
    kept = often[postings.shingles]
    chosen = table.bounds[owner[kept]] + postings.text_places[kept]
    flags = np.zeros(len(table.ids) + 1, np.bool_)
    reach = range(1 - WINDOW, 1) if size >= LONG else range(1 - WINDOW, WINDOW)
    for shift in reach:
        moved = chosen + shift
        flags[moved[(moved >= 0) & (moved < len(table.ids))]] = True
    place = np.flatnonzero(flags[:-1])
    text = np.searchsorted(table.bounds, place, "right") - 1
    return place[place + size <= table.bounds[text + 1]]


def _line_values(
    table: TokenTable, lines: "NDArray[np.int64]", rows: "NDArray[np.int64]"
) -> "NDArray[np.uint64]":
    values = np.zeros(len(rows), np.uint64)
    lengths = lines[rows + 1] - lines[rows]
    for length in range(1, _SHORT_LINE + 1):
        alike = lengths == length
        values[alike] = shingles_at(table, lines[rows[alike]], length)
    return values


def _count_carriers(  # noqa: PLR0913 - wordings, what is known of the texts, the two limits
    table: TokenTable,
    place: "NDArray[np.int64]",
    value: "NDArray[np.uint64]",
    sources: "NDArray[np.int32]",
    kinship: Kinship,
    overall_limit: int,
    source_limit: int,
    *,
    compile_kernels: bool,
) -> _Wordings:
    parts = [_Wordings(np.empty(0, np.int32), place[:0], *np.empty((2, 0), np.int32))]
    groups = 0
    for chosen in value_ranges(value, _WORDINGS_AT_A_TIME):
        part = _count_in_order(
            table,
            place[chosen],
            value[chosen],
            sources,
            kinship,
            overall_limit,
            source_limit,
            compile_kernels=compile_kernels,
        )
        parts.append(replace(part, group=part.group + np.int32(groups)))
        groups += len(part.overall)
    return _Wordings(
        *(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(_Wordings))
    )


def _count_in_order(  # noqa: PLR0913 - as `_count_carriers`
    table: TokenTable,
    place: "NDArray[np.int64]",
    value: "NDArray[np.uint64]",
    sources: "NDArray[np.int32]",
    kinship: Kinship,
    overall_limit: int,
    source_limit: int,
    *,
    compile_kernels: bool,
) -> _Wordings:
    order = stable_order(value)
    text = (np.searchsorted(table.bounds, place, "right") - 1).astype(np.int32)[order]
    place, value = place[order], value[order]
    fresh = np.ones(len(value), np.bool_)
    fresh[1:] = value[1:] != value[:-1]
    group = (np.cumsum(fresh) - 1).astype(np.int32)
    once = fresh.copy()
    once[1:] |= text[1:] != text[:-1]
    bounds = np.append(np.flatnonzero(fresh[once]), int(once.sum()))
    carriers = text[once]
    overall = count_unrelated(
        bounds, carriers, kinship, overall_limit, compile_kernels=compile_kernels
    )
    of_source = count_unrelated_of_source(
        bounds, carriers, sources, kinship, source_limit, compile_kernels=compile_kernels
    )
    return _Wordings(group, place, overall, of_source)


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


def _runs(flags: "NDArray[np.bool_]") -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return edges[::2], edges[1::2]


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


def _fill(flags: "NDArray[np.bool_]", line_of: "NDArray[np.int32]") -> "NDArray[np.bool_]":
    """Flag gaps of up to four tokens between flagged tokens of one line."""
    filled = flags.copy()
    starts, ends = _runs(flags)
    low, high = ends[:-1], starts[1:]
    short = (high - low <= _FILL) & (line_of[low - 1] == line_of[high])
    low, high = low[short], high[short]
    for shift in range(_FILL):
        place = low + shift
        filled[place[place < high]] = True
    return filled


def furniture_tokens(table: TokenTable, texts: Sequence[str]) -> "NDArray[np.bool_]":
    """Flag the tokens of lines that are page furniture on their own page."""
    return flag_tokens(table, ((text, page_furniture(own)) for text, own in enumerate(texts)))
