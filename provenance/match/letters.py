"""Alignment by letters, where a scan, synonyms or another spelling broke the chains of tokens."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.match.chaining import WORD, Chains, ChainSettings, chain_pairs
from provenance.match.kernels import first_places_kernel, spell_kernel
from provenance.match.spans import Alignments
from provenance.text.corpus import TokenTable
from provenance.text.letters import LetterTable, read_letters

if TYPE_CHECKING:
    from numpy.typing import NDArray

LETTER_CHAINS = ChainSettings(
    gram=7,
    long_run=28,
    common=4,
    frequent=16,
    gap=60,
    gap_open=40,
    narrow=8,
    wide=2,
    wide_most=240,
    least=800,
    join=40,
)
_LETTERS_FROM = 10 * WORD  # chained tokens from which a pair's letters are compared
_BROKEN = 0.9  # the share of equal tokens below which a chain is broken
_AROUND = 300  # tokens on either side of a broken chain whose letters are compared
_STRONG_LETTERS, _STRONG_RUN, _STRONG_SHARE = 100, 28, 0.65
_WEAK_LETTERS, _WEAK_IN_STRONG = 40, 150
_CLEAN_SHARE = 0.97  # equal letters in the strong spans from which short ones are chance


_BLOCK = 1 << 17  # tokens of both sides whose letters are held at a time


@dataclass(frozen=True, slots=True)
class _Windows:
    """Parts of two texts around broken chains: places in the flat token arrays, a row each."""

    job: "NDArray[np.int64]"
    a_low: "NDArray[np.int64]"
    a_high: "NDArray[np.int64]"
    b_low: "NDArray[np.int64]"
    b_high: "NDArray[np.int64]"


@dataclass(frozen=True, slots=True)
class _Spans:
    """What the letters of windows align, a row each: flat tokens, letters, and the window."""

    window: "NDArray[np.int64]"
    a_first: "NDArray[np.int64]"
    a_last: "NDArray[np.int64]"
    b_first: "NDArray[np.int64]"
    b_last: "NDArray[np.int64]"
    equal: "NDArray[np.int64]"
    longest: "NDArray[np.int64]"
    size: "NDArray[np.int64]"


def align_letters(  # noqa: PLR0913 - the pairs, what is known of them, and what equals nothing
    table: TokenTable,
    texts: Sequence[str],
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    chains: Chains,
    accepted: "NDArray[np.bool_]",
    marked: "NDArray[np.bool_]",
    *,
    compile_kernels: bool,
    workers: int = 1,
) -> tuple[Alignments, int]:
    """Return what the letters around broken chains align, and how many windows were capped.

    A strong span has 100 equal letters, 28 of them in a row, and 65 % in all; a shorter one
    counts only in a pair whose strong spans are noisy, as scans are: in clean copy it is chance.
    """
    windows = _find_windows(table, a, b, chains, accepted)
    spans, capped = _align_windows(
        table, texts, windows, marked, compile_kernels=compile_kernels, workers=workers
    )
    equal, size = spans.equal, spans.size
    share = equal / np.maximum(size, 1)
    job = windows.job[spans.window]
    strong = (equal >= _STRONG_LETTERS) & (spans.longest >= _STRONG_RUN) & (share >= _STRONG_SHARE)
    strong_letters = np.bincount(job[strong], equal[strong], minlength=len(a))
    strong_size = np.bincount(job[strong], size[strong], minlength=len(a))
    noisy = (strong_letters >= _WEAK_IN_STRONG) & (strong_letters < _CLEAN_SHARE * strong_size)
    kept = strong | ((equal >= _WEAK_LETTERS) & noisy[job])
    job = job[kept]
    first, second = a[job], b[job]
    a_first, a_last = spans.a_first[kept], spans.a_last[kept]
    b_first, b_last = spans.b_first[kept], spans.b_last[kept]
    tokens = np.minimum(a_last - a_first, b_last - b_first)
    equal_tokens = np.minimum(tokens, np.round(tokens * share[kept])).astype(np.int32)
    rows = Alignments(
        first,
        second,
        (a_first - table.bounds[first]).astype(np.int32),
        (a_last - table.bounds[first]).astype(np.int32),
        (b_first - table.bounds[second]).astype(np.int32),
        (b_last - table.bounds[second]).astype(np.int32),
        table.starts[a_first].astype(np.int64),
        table.ends[a_last - 1].astype(np.int64),
        table.starts[b_first].astype(np.int64),
        table.ends[b_last - 1].astype(np.int64),
        equal_tokens,
    )
    return rows, capped


def _find_windows(
    table: TokenTable,
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    chains: Chains,
    accepted: "NDArray[np.bool_]",
) -> _Windows:
    """Return the surroundings of broken chains; those that overlap on both sides are one."""
    chained = np.bincount(chains.job, chains.equal, minlength=len(a))
    size = np.maximum(chains.a_end - chains.a_start, chains.b_end - chains.b_start)
    broken = ~accepted | (chains.equal < _BROKEN * WORD * size)
    rows = np.flatnonzero(broken & (chained[chains.job] >= _LETTERS_FROM))
    job = chains.job[rows].astype(np.int64)
    a_from, a_to = table.bounds[a[job]], table.bounds[a[job] + 1]
    b_from, b_to = table.bounds[b[job]], table.bounds[b[job] + 1]
    columns = (
        job,
        np.maximum(a_from + chains.a_start[rows] - _AROUND, a_from),
        np.minimum(a_from + chains.a_end[rows] + _AROUND, a_to),
        np.maximum(b_from + chains.b_start[rows] - _AROUND, b_from),
        np.minimum(b_from + chains.b_end[rows] + _AROUND, b_to),
    )
    merged: list[list[int]] = []
    for row in zip(*(column.tolist() for column in columns), strict=True):
        last = merged[-1] if merged else None
        if (
            last is not None
            and last[0] == row[0]
            and row[1] <= last[2]
            and row[3] <= last[4]
            and last[3] <= row[4]
        ):
            last[2] = max(last[2], row[2])
            last[3], last[4] = min(last[3], row[3]), max(last[4], row[4])
        else:
            merged.append(list(row))
    return _Windows(*np.array(merged, np.int64).reshape(-1, 5).T)


def _align_windows(
    table: TokenTable,
    texts: Sequence[str],
    windows: _Windows,
    marked: "NDArray[np.bool_]",
    *,
    compile_kernels: bool,
    workers: int,
) -> tuple[_Spans, int]:
    """Return what the letters of the windows align, in their order, and how many were capped."""
    tokens = windows.a_high - windows.a_low + windows.b_high - windows.b_low
    batch = (np.cumsum(tokens) - tokens) // _BLOCK
    spelling = _spell(table, texts, windows, compile_kernels=compile_kernels)

    def align_some(rows: "NDArray[np.int64]") -> tuple[list["NDArray[np.int64]"], int]:
        return _align_batch(table, windows, rows, spelling, marked, compile_kernels=compile_kernels)

    batches = np.split(np.arange(len(batch)), np.flatnonzero(np.diff(batch)) + 1)
    if compile_kernels and workers > 1 and len(batches) > 1:
        with ThreadPoolExecutor(workers) as crew:  # kernels hold no lock
            parts = list(crew.map(align_some, batches))
    else:
        parts = [align_some(rows) for rows in batches]
    columns = zip(*(found for found, _ in parts), strict=True)
    return _Spans(*map(np.concatenate, columns)), sum(cut for _, cut in parts)


def _align_batch(
    table: TokenTable,
    windows: _Windows,
    rows: "NDArray[np.int64]",
    spelling: LetterTable,
    marked: "NDArray[np.bool_]",
    *,
    compile_kernels: bool,
) -> tuple[list["NDArray[np.int64]"], int]:
    ends = int(table.bounds[-1]) + 1
    lows = np.concatenate([windows.a_low[rows], windows.b_low[rows]])
    highs = np.concatenate([windows.a_high[rows], windows.b_high[rows]])
    sides, side = np.unique(lows * ends + highs, return_inverse=True)
    low, high = sides // ends, sides % ends
    tokens, place = _pack(low, high)
    bounds, symbols = _letters_of(table, tokens, spelling, marked, compile_kernels=compile_kernels)
    ranges = np.stack([bounds[place], bounds[place + high - low]])
    found = chain_pairs(
        side[: len(rows)].astype(np.int32),
        side[len(rows) :].astype(np.int32),
        ranges,
        symbols,
        np.full(len(symbols), WORD, np.uint8),
        LETTER_CHAINS,
        compile_kernels=compile_kernels,
    )
    a_from = ranges[0, side[: len(rows)]][found.job]
    b_from = ranges[0, side[len(rows) :]][found.job]
    a_first, a_last = _tokens_of(bounds, a_from + found.a_start, a_from + found.a_end)
    b_first, b_last = _tokens_of(bounds, b_from + found.b_start, b_from + found.b_end)
    columns = [
        rows[found.job],
        tokens[a_first],
        tokens[a_last - 1] + 1,
        tokens[b_first],
        tokens[b_last - 1] + 1,
        (found.equal // WORD).astype(np.int64),
        (found.longest // WORD).astype(np.int64),
        np.maximum(found.a_end - found.a_start, found.b_end - found.b_start).astype(np.int64),
    ]
    return columns, found.capped


def _letters_of(
    table: TokenTable,
    tokens: "NDArray[np.int64]",
    spelling: LetterTable,
    marked: "NDArray[np.bool_]",
    *,
    compile_kernels: bool,
) -> tuple["NDArray[np.int64]", "NDArray[np.int32]"]:
    """Return where each token begins among the letters, and the letters, -1 for marked tokens."""
    if compile_kernels:
        bounds = np.empty(len(tokens) + 1, np.int64)
        given = (
            tokens,
            table.ids,
            marked.view(np.uint8),
            spelling.bounds,
            spelling.letters,
            bounds,
        )
        symbols = np.empty(16 * len(tokens), np.int32)
        size = spell_kernel(*given, symbols)
        if size > len(symbols):
            symbols = np.empty(size, np.int32)
            spell_kernel(*given, symbols)
        return bounds, symbols[:size]
    spelled = table.ids[tokens]
    sizes = np.diff(spelling.bounds)[spelled]
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    places = np.arange(bounds[-1])
    places += np.repeat(spelling.bounds[spelled] - bounds[:-1], sizes)
    symbols = spelling.letters[places]
    symbols[np.repeat(marked[tokens], sizes)] = -1
    return bounds, symbols


def _pack(
    low: "NDArray[np.int64]", high: "NDArray[np.int64]"
) -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
    """Return the tokens in the ranges `low..high`, each once, and where among them each begins.

    The ranges are ordered by their starts and may overlap.
    """
    reach = np.maximum.accumulate(high)
    fresh = np.ones(len(low), np.bool_)
    fresh[1:] = low[1:] > reach[:-1]
    last = np.append(fresh[1:], True)
    starts, sizes = low[fresh], reach[last[: len(low)]] - low[fresh]
    shift = np.cumsum(sizes) - sizes - starts
    tokens = np.arange(sizes.sum(), dtype=np.int64) - np.repeat(shift, sizes)
    return tokens, low + shift[np.cumsum(fresh) - 1]


def _tokens_of(
    bounds: "NDArray[np.int64]", low: "NDArray[np.int64]", high: "NDArray[np.int64]"
) -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
    """Return the tokens that the letters `low..high` make up; token `i` begins at `bounds[i]`.

    A token at an end of which some letters lie outside is left out, unless it is the only one:
    two words that merely end alike beside a shared passage are no part of it.
    """
    touched = np.searchsorted(bounds, low, "right") - 1
    first = touched + (bounds[touched] < low)
    last = np.searchsorted(bounds, high - 1, "right")
    last -= bounds[last] > high
    only = first >= last
    return np.where(only, touched, first), np.where(only, touched + 1, last)


def _spell(
    table: TokenTable, texts: Sequence[str], windows: _Windows, *, compile_kernels: bool
) -> LetterTable:
    """Return the letters of each word of the vocabulary that stands in a window."""
    low = np.concatenate([windows.a_low, windows.b_low])
    high = np.concatenate([windows.a_high, windows.b_high])
    order = np.argsort(low, kind="stable")
    low, high = low[order], high[order]
    place = np.full(len(table.vocabulary), -1, np.int64)
    if compile_kernels:
        first_places_kernel(low, high, table.ids, place)
    else:
        places, _ = _pack(low, high)
        place[table.ids[places[::-1]]] = places[::-1]
    words = [""] * len(place)
    used = np.flatnonzero(place >= 0)
    used = used[np.argsort(place[used])]  # texts may lie in a file: each is read once
    place = place[used]
    text = np.searchsorted(table.bounds, place, "right") - 1
    for word, i, start, end in zip(
        used.tolist(),
        text.tolist(),
        table.starts[place].tolist(),
        table.ends[place].tolist(),
        strict=True,
    ):
        words[word] = texts[i][start:end]
    return read_letters(words, compile_kernels=compile_kernels)
