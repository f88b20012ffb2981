"""Aligned spans of pairs of texts: chains of tokens, and of letters where chains are broken."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from provenance.match.chaining import Chains, ChainSettings, chain_pairs
from provenance.text.corpus import TokenTable
from provenance.text.letters import LetterTable, read_letters

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD = 2  # the weight of a word; a character of a script without spaces weighs 1

TOKEN_CHAINS = ChainSettings(
    gram=2,
    long_run=8,
    common=6,
    frequent=64,
    gap=12,
    gap_open=10,
    narrow=10,
    wide=3,
    wide_most=120,
    least=160,
    join=12,
)
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
_STRONG_LETTERS, _STRONG_RUN, _STRONG_SHARE = 100, 28, 0.65
_WEAK_LETTERS, _WEAK_IN_STRONG = 40, 150
_CLEAN_SHARE = 0.97  # equal letters in the strong spans from which short ones are chance


@dataclass(frozen=True, slots=True)
class Alignments:
    """Aligned spans of pairs of texts, `a < b`, ordered by pair and then by place in `a`.

    `a_start` .. `b_end` are tokens of the text, `a_low` .. `b_high` code points; `equal` is the
    number of equal tokens (for spans aligned by letters, estimated from the equal letters).
    """

    a: "NDArray[np.int32]"
    b: "NDArray[np.int32]"
    a_start: "NDArray[np.int32]"
    a_end: "NDArray[np.int32]"
    b_start: "NDArray[np.int32]"
    b_end: "NDArray[np.int32]"
    a_low: "NDArray[np.int64]"
    a_high: "NDArray[np.int64]"
    b_low: "NDArray[np.int64]"
    b_high: "NDArray[np.int64]"
    equal: "NDArray[np.int32]"

    def __len__(self) -> int:
        return len(self.a)

    def take(self, rows: "NDArray[np.int64] | NDArray[np.bool_]") -> "Alignments":
        """Return some of the rows."""
        return Alignments(*(getattr(self, f.name)[rows] for f in fields(self)))


def join_alignments(parts: Sequence[Alignments]) -> Alignments:
    """Return the rows of all parts, in order."""
    columns = [
        np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Alignments)
    ]
    joined = Alignments(*columns)
    return joined.take(np.lexsort((joined.b_start, joined.a_start, joined.b, joined.a)))


def align(  # noqa: PLR0913 - what to align, what equals nothing, and the two limits
    table: TokenTable,
    texts: Sequence[str],
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    marked: "NDArray[np.bool_]",
    *,
    min_tokens: int,
    min_run: int,
    compile_kernels: bool,
) -> tuple[Alignments, int]:
    """Return the accepted alignments of the pairs `(a[i], b[i])`, and how many pairs were capped.

    A chain of tokens is accepted with `min_tokens` equal tokens of which `min_run` in a row.
    Where a pair has chains but they are broken, its letters are chained as well, and what they
    align replaces the token chains that it touches. `marked` tokens equal nothing.
    """
    order = np.lexsort((a, b))
    a, b = a[order], b[order]
    symbols = np.where(marked, np.int32(-1), table.ids)
    weights = table.weights[table.ids]
    chains = chain_pairs(
        a, b, table.bounds, symbols, weights, TOKEN_CHAINS, compile_kernels=compile_kernels
    )
    accepted = (chains.equal >= WORD * min_tokens) & (chains.longest >= WORD * min_run)
    tokens = _from_tokens(table, chains, a, b, accepted)
    chained = np.bincount(chains.job, chains.equal, minlength=len(a))
    jobs = np.flatnonzero(chained >= _LETTERS_FROM)
    letters, letters_capped = _align_letters(
        table, texts, a[jobs], b[jobs], marked, compile_kernels=compile_kernels
    )
    tokens = tokens.take(~_touched(tokens, letters))
    return join_alignments([tokens, letters]), chains.capped + letters_capped


def _from_tokens(
    table: TokenTable,
    chains: Chains,
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    accepted: "NDArray[np.bool_]",
) -> Alignments:
    job = chains.job[accepted]
    first, second = a[job], b[job]
    a_start, a_end = chains.a_start[accepted], chains.a_end[accepted]
    b_start, b_end = chains.b_start[accepted], chains.b_end[accepted]
    a_from, b_from = table.bounds[first], table.bounds[second]
    weight = np.cumsum(np.append(0, table.weights[table.ids]))
    of_span = np.maximum(weight[a_from + a_end] - weight[a_from + a_start], 1)
    a_size, b_size = a_end - a_start, b_end - b_start
    equal = np.round(chains.equal[accepted] * a_size / of_span).astype(np.int32)
    return Alignments(
        first,
        second,
        a_start,
        a_end,
        b_start,
        b_end,
        table.starts[a_from + a_start].astype(np.int64),
        table.ends[a_from + a_end - 1].astype(np.int64),
        table.starts[b_from + b_start].astype(np.int64),
        table.ends[b_from + b_end - 1].astype(np.int64),
        np.minimum(equal, np.minimum(a_size, b_size)),
    )


def _align_letters(
    table: TokenTable,
    texts: Sequence[str],
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    marked: "NDArray[np.bool_]",
    *,
    compile_kernels: bool,
) -> tuple[Alignments, int]:
    used = np.unique(np.concatenate([a, b]))
    letters = read_letters([texts[i] for i in used.tolist()], compile_kernels=compile_kernels)
    first = np.searchsorted(used, a).astype(np.int32)
    second = np.searchsorted(used, b).astype(np.int32)
    symbols = letters.letters.copy()
    for i, text in enumerate(used.tolist()):
        part = table.slice(text)
        hidden = np.flatnonzero(marked[part])
        if len(hidden):
            own = slice(int(letters.bounds[i]), int(letters.bounds[i + 1]))
            token = np.searchsorted(table.starts[part], letters.places[own], "right") - 1
            symbols[own][marked[part][token]] = -1
    weights = np.full(len(symbols), WORD, np.uint8)
    chains = chain_pairs(
        first,
        second,
        letters.bounds,
        symbols,
        weights,
        LETTER_CHAINS,
        compile_kernels=compile_kernels,
    )
    equal, longest = chains.equal // WORD, chains.longest // WORD
    a_size, b_size = chains.a_end - chains.a_start, chains.b_end - chains.b_start
    share = equal / np.maximum(np.maximum(a_size, b_size), 1)
    strong = (equal >= _STRONG_LETTERS) & (longest >= _STRONG_RUN) & (share >= _STRONG_SHARE)
    strong_letters = np.bincount(chains.job[strong], equal[strong], minlength=len(a))
    strong_size = np.bincount(
        chains.job[strong], np.maximum(a_size, b_size)[strong], minlength=len(a)
    )
    noisy = strong_letters < _CLEAN_SHARE * strong_size
    weak = (equal >= _WEAK_LETTERS) & (noisy & (strong_letters >= _WEAK_IN_STRONG))[chains.job]
    kept = strong | weak
    job = chains.job[kept]
    a_start, a_end, low, high = _token_range(
        table, a[job], letters, first[job], chains.a_start[kept], chains.a_end[kept]
    )
    b_start, b_end, b_low, b_high = _token_range(
        table, b[job], letters, second[job], chains.b_start[kept], chains.b_end[kept]
    )
    tokens = np.minimum(a_end - a_start, b_end - b_start)
    return (
        Alignments(
            a[job],
            b[job],
            a_start,
            a_end,
            b_start,
            b_end,
            low,
            high,
            b_low,
            b_high,
            np.minimum(tokens, np.round(tokens * share[kept])).astype(np.int32),
        ),
        chains.capped,
    )


def _token_range(
    table: TokenTable,
    text: "NDArray[np.int32]",
    letters: LetterTable,
    own: "NDArray[np.int32]",
    start: "NDArray[np.int32]",
    end: "NDArray[np.int32]",
) -> tuple["NDArray[np.int32]", "NDArray[np.int32]", "NDArray[np.int64]", "NDArray[np.int64]"]:
    """Return the tokens that the letters `start..end` of each text make up, and their code points.

    A token at an end of which some letters lie outside is left out, unless it is the only one:
    two words that merely end alike beside a shared passage are no part of it.
    """
    rows = np.empty((4, len(text)), np.int64)
    for row, i in enumerate(text.tolist()):
        starts, ends = table.starts[table.slice(i)], table.ends[table.slice(i)]
        places = letters.places[letters.bounds[own[row]] : letters.bounds[own[row] + 1]]
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


def _touched(rows: Alignments, by: Alignments) -> "NDArray[np.bool_]":
    """Tell which rows overlap, on both sides, a row of `by` of the same pair."""
    touched = np.zeros(len(rows), np.bool_)
    of_pair: dict[tuple[int, int], list[int]] = {}
    for j, pair in enumerate(zip(by.a.tolist(), by.b.tolist(), strict=True)):
        of_pair.setdefault(pair, []).append(j)
    for i, pair in enumerate(zip(rows.a.tolist(), rows.b.tolist(), strict=True)):
        for j in of_pair.get(pair, ()):
            if (
                rows.a_low[i] < by.a_high[j]
                and by.a_low[j] < rows.a_high[i]
                and rows.b_low[i] < by.b_high[j]
                and by.b_low[j] < rows.b_high[i]
            ):
                touched[i] = True
                break
    return touched
