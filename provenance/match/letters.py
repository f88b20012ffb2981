"""Alignment by letters, where a scan, synonyms or another spelling broke the chains of tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.match.chaining import WORD, Chains, ChainSettings, chain_pairs
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


@dataclass(frozen=True, slots=True)
class _Windows:
    """Parts of two texts around broken chains: tokens of the text, a row each."""

    job: "NDArray[np.int64]"
    a_start: "NDArray[np.int64]"
    a_end: "NDArray[np.int64]"
    b_start: "NDArray[np.int64]"
    b_end: "NDArray[np.int64]"


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
) -> tuple[Alignments, int]:
    """Return what the letters around broken chains align, and how many windows were capped.

    A strong span has 100 equal letters, 28 of them in a row, and 65 % in all; a shorter one
    counts only in a pair whose strong spans are noisy, as scans are: in clean copy it is chance.
    """
    windows = _find_windows(table, a, b, chains, accepted)
    a_text, b_text = a[windows.job], b[windows.job]
    parts = _cut(table, texts, marked, a_text, windows.a_start, windows.a_end)
    others = _cut(table, texts, marked, b_text, windows.b_start, windows.b_end)
    letters = read_letters([*parts.texts, *others.texts], compile_kernels=compile_kernels)
    low = np.concatenate([parts.low, others.low])
    symbols = _hide(letters, [*parts.hidden, *others.hidden])
    count = len(windows.job)
    found = chain_pairs(
        np.arange(count, dtype=np.int32),
        np.arange(count, 2 * count, dtype=np.int32),
        letters.bounds,
        symbols,
        np.full(len(symbols), WORD, np.uint8),
        LETTER_CHAINS,
        compile_kernels=compile_kernels,
    )
    equal, longest = found.equal // WORD, found.longest // WORD
    size = np.maximum(found.a_end - found.a_start, found.b_end - found.b_start)
    share = equal / np.maximum(size, 1)
    job = windows.job[found.job]
    strong = (equal >= _STRONG_LETTERS) & (longest >= _STRONG_RUN) & (share >= _STRONG_SHARE)
    strong_letters = np.bincount(job[strong], equal[strong], minlength=len(a))
    strong_size = np.bincount(job[strong], size[strong], minlength=len(a))
    noisy = (strong_letters >= _WEAK_IN_STRONG) & (strong_letters < _CLEAN_SHARE * strong_size)
    kept = strong | ((equal >= _WEAK_LETTERS) & noisy[job])
    job, row = job[kept], found.job[kept]
    a_start, a_end, a_low, a_high = _token_range(
        table, a[job], letters, row, low, found.a_start[kept], found.a_end[kept]
    )
    b_start, b_end, b_low, b_high = _token_range(
        table, b[job], letters, row + count, low, found.b_start[kept], found.b_end[kept]
    )
    tokens = np.minimum(a_end - a_start, b_end - b_start)
    equal_tokens = np.minimum(tokens, np.round(tokens * share[kept])).astype(np.int32)
    rows = Alignments(
        a[job], b[job], a_start, a_end, b_start, b_end, a_low, a_high, b_low, b_high, equal_tokens
    )
    return rows, found.capped


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
    lengths = np.diff(table.bounds)
    job = chains.job[rows].astype(np.int64)
    columns = (
        job,
        np.maximum(chains.a_start[rows] - _AROUND, 0),
        np.minimum(chains.a_end[rows] + _AROUND, lengths[a[job]]),
        np.maximum(chains.b_start[rows] - _AROUND, 0),
        np.minimum(chains.b_end[rows] + _AROUND, lengths[b[job]]),
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


@dataclass(frozen=True, slots=True)
class _Parts:
    """The texts of windows, the code point each begins at, and the code points that are hidden."""

    texts: list[str]
    low: "NDArray[np.int64]"
    hidden: list[list[tuple[int, int]]]


def _cut(
    table: TokenTable,
    texts: Sequence[str],
    marked: "NDArray[np.bool_]",
    text: "NDArray[np.int32]",
    start: "NDArray[np.int64]",
    end: "NDArray[np.int64]",
) -> _Parts:
    first, last = table.bounds[text] + start, table.bounds[text] + end
    low, high = table.starts[first].astype(np.int64), table.ends[last - 1].astype(np.int64)
    parts, hidden = [], []
    for i, begin, stop, from_, to in zip(
        text.tolist(), low.tolist(), high.tolist(), first.tolist(), last.tolist(), strict=True
    ):
        parts.append(texts[i][begin:stop])
        tokens = np.flatnonzero(marked[from_:to]) + from_
        hidden.append(
            [
                (int(table.starts[token]) - begin, int(table.ends[token]) - begin)
                for token in tokens.tolist()
            ]
        )
    return _Parts(parts, low, hidden)


def _hide(letters: LetterTable, hidden: Sequence[Sequence[tuple[int, int]]]) -> "NDArray[np.int32]":
    """Return the letters, negative where they stand in a hidden part."""
    symbols = letters.letters.copy()
    for i, spans in enumerate(hidden):
        if spans:
            own = slice(int(letters.bounds[i]), int(letters.bounds[i + 1]))
            starts = np.array([start for start, _ in spans])
            ends = np.array([end for _, end in spans])
            token = np.searchsorted(starts, letters.places[own], "right") - 1
            inside = (token >= 0) & (letters.places[own] < ends[token])
            symbols[own][inside] = -1
    return symbols


def _token_range(
    table: TokenTable,
    text: "NDArray[np.int32]",
    letters: LetterTable,
    own: "NDArray[np.int32]",
    begin: "NDArray[np.int64]",
    start: "NDArray[np.int32]",
    end: "NDArray[np.int32]",
) -> tuple["NDArray[np.int32]", "NDArray[np.int32]", "NDArray[np.int64]", "NDArray[np.int64]"]:
    """Return the tokens that the letters `start..end` of each window make up, and code points.

    A token at an end of which some letters lie outside is left out, unless it is the only one:
    two words that merely end alike beside a shared passage are no part of it.
    """
    rows = np.empty((4, len(text)), np.int64)
    for row, i in enumerate(text.tolist()):
        starts, ends = table.starts[table.slice(i)], table.ends[table.slice(i)]
        window = own[row]
        places = letters.places[letters.bounds[window] : letters.bounds[window + 1]].astype(
            np.int64
        )
        places += begin[window]
        low, high = int(start[row]), int(end[row])
        first = touched = int(np.searchsorted(starts, places[low], "right")) - 1
        last = int(np.searchsorted(starts, places[high - 1], "right"))
        if low > 0 and places[low - 1] >= starts[first]:
            first += 1
        if high < len(places) and places[high] < ends[last - 1]:
            last -= 1
        if first >= last:
            first, last = touched, touched + 1
        rows[:, row] = first, last, starts[first], ends[last - 1]
    return rows[0].astype(np.int32), rows[1].astype(np.int32), rows[2], rows[3]
