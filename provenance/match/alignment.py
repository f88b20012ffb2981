"""The alignment of pairs of texts: chains of tokens, and of letters where chains are broken."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from provenance.match.chaining import WORD, Chains, ChainSettings, chain_pairs
from provenance.match.counting import Flags
from provenance.match.letters import align_letters
from provenance.match.spans import Alignments, merge_alignments
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    workers: int = 1,
) -> tuple[Alignments, int]:
    """Return the accepted alignments of the pairs `(a[i], b[i])`, and how many pairs were capped.

    A chain of tokens is accepted with `min_tokens` equal tokens of which `min_run` in a row.
    Where chains are broken, the letters around them are chained as well, and what they align is
    merged with the token chains that it touches. `marked` tokens equal nothing.
    """
    order = np.lexsort((a, b))
    a, b = a[order], b[order]
    chains = _token_chains(table, a, b, marked, compile_kernels=compile_kernels, workers=workers)
    accepted = (chains.equal >= WORD * min_tokens) & (chains.longest >= WORD * min_run)
    tokens = _from_tokens(table, chains, a, b, accepted)
    letters, letters_capped = align_letters(
        table,
        texts,
        a,
        b,
        chains,
        accepted,
        marked,
        compile_kernels=compile_kernels,
        workers=workers,
    )
    return merge_alignments(tokens, letters), chains.capped + letters_capped


def align_tokens(
    table: TokenTable,
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    marked: "NDArray[np.bool_]",
    *,
    min_tokens: "NDArray[np.int64]",
    min_run: "NDArray[np.int64]",
    compile_kernels: bool,
) -> Alignments:
    """Return what `align` does without a look at letters; each pair has limits of its own.

    Rows go by `b`, then `a`, then place in `a`.
    """
    order = np.lexsort((a, b))
    a, b = a[order], b[order]
    chains = _token_chains(table, a, b, marked, compile_kernels=compile_kernels)
    job = order[chains.job]
    accepted = (chains.equal >= WORD * min_tokens[job]) & (chains.longest >= WORD * min_run[job])
    return _from_tokens(table, chains, a, b, accepted)


def _token_chains(
    table: TokenTable,
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    marked: "NDArray[np.bool_]",
    *,
    compile_kernels: bool,
    workers: int = 1,
) -> Chains:
    return chain_pairs(
        a,
        b,
        np.stack([table.bounds[:-1], table.bounds[1:]]),
        table.ids,
        table.weights[table.ids],
        TOKEN_CHAINS,
        hidden=marked,
        compile_kernels=compile_kernels,
        workers=workers,
    )


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
    a_size, b_size = a_end - a_start, b_end - b_start
    light = Flags((table.weights < WORD)[table.ids])
    of_span = WORD * a_size - light.before(a_from + a_end) + light.before(a_from + a_start)
    of_span = np.maximum(of_span, 1)
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
