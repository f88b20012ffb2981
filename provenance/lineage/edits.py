"""What was inserted, deleted and replaced between two texts, told by runs and by words."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from provenance.match.chaining import ChainSettings, chain_pairs
from provenance.match.collapse import Corpus
from provenance.match.counting import Flags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

WHOLE_TEXT = ChainSettings(
    gram=3,
    long_run=8,
    common=6,
    frequent=64,
    gap=1 << 30,
    gap_open=0,
    narrow=0,
    wide=0,
    wide_most=0,
    least=1,
    join=0,
    most=1,
)
LONG = 8  # words from which an edit is long
_TOKENS_AT_A_TIME = 1 << 22


@dataclass(frozen=True, slots=True)
class Edits:
    """The edits that lead from `a` to `b`, one value a pair of texts.

    An edit is a stretch between equal runs of three and more words of the best common order of
    the two texts; boilerplate is left out. `inserted`, `deleted` and `replaced` count edits,
    `..._log` add up ln(1 + words); `top` and `bottom` are ln(1 + words inserted) less
    ln(1 + words deleted) before the first and after the last common run; `growth` adds up, over
    replaced stretches, the logarithm of the words gained; `changed` counts the words of all edits;
    `odd_gained` and `odd_lost` the odd words of replaced stretches.
    """

    inserted: "NDArray[np.float64]"
    deleted: "NDArray[np.float64]"
    replaced: "NDArray[np.float64]"
    inserted_log: "NDArray[np.float64]"
    deleted_log: "NDArray[np.float64]"
    inserted_long: "NDArray[np.float64]"
    deleted_long: "NDArray[np.float64]"
    top: "NDArray[np.float64]"
    bottom: "NDArray[np.float64]"
    growth: "NDArray[np.float64]"
    changed: "NDArray[np.float64]"
    odd_gained: "NDArray[np.float64]"
    odd_lost: "NDArray[np.float64]"


def find_edits(
    corpus: Corpus,
    marked: "NDArray[np.bool_]",
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    odd: "NDArray[np.bool_]",
) -> Edits:
    """Return the edits of the pairs `(a[i], b[i])`; `marked` tokens are boilerplate.

    `odd` flags words of the vocabulary that no other text has: misread letters make them.
    """
    found = np.zeros((len(fields(Edits)), len(a)))
    for rows in _shares(corpus, a, b):
        edits = _edits_of(corpus, marked, a[rows], b[rows], odd)
        found[:, rows] = [getattr(edits, field.name) for field in fields(Edits)]
    return Edits(*found)


def _shares(
    corpus: Corpus, a: "NDArray[np.int32]", b: "NDArray[np.int32]"
) -> "Iterator[NDArray[np.int64]]":
    """Yield pairs a share at a time, those with one second text together."""
    order = np.lexsort((a, b))
    lengths = np.diff(corpus.table.bounds)
    share = np.cumsum(lengths[a[order]] + lengths[b[order]]) // _TOKENS_AT_A_TIME
    yield from np.split(order, np.flatnonzero(np.diff(share)) + 1) if len(order) else ()


def _edits_of(
    corpus: Corpus,
    marked: "NDArray[np.bool_]",
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    odd: "NDArray[np.bool_]",
) -> Edits:
    table = corpus.table
    texts, number = np.unique(np.concatenate([a, b]), return_inverse=True)
    a, b = number[: len(a)].astype(np.int32), number[len(a) :].astype(np.int32)
    parts = [table.slice(text) for text in texts.tolist()]
    bounds = np.concatenate([[0], np.cumsum(np.diff(table.bounds)[texts])])
    ids = np.concatenate([table.ids[part] for part in parts])
    marked = np.concatenate([marked[part] for part in parts])
    chains = chain_pairs(
        a,
        b,
        np.stack([bounds[:-1], bounds[1:]]),
        ids,
        table.weights[ids],
        WHOLE_TEXT,
        hidden=marked,
        blocks=True,
        compile_kernels=corpus.compile_kernels,
        workers=corpus.workers,
    )
    pair = chains.blocks[0]
    own = Flags(marked).outside  # own words before each token
    odd_words = own(np.flatnonzero(odd[ids] & ~marked))
    a_from, b_from = bounds[a], bounds[b]
    size = chains.blocks[3]
    # every pair gets an empty block at the end of both texts, so that gaps stand before blocks
    everyone = np.arange(len(a))
    pair = np.concatenate([pair, everyone])
    a_low = np.concatenate([own(a_from[pair[: len(size)]] + chains.blocks[1]), own(bounds[a + 1])])
    a_high = np.concatenate(
        [own(a_from[pair[: len(size)]] + chains.blocks[1] + size), own(bounds[a + 1])]
    )
    b_low = np.concatenate([own(b_from[pair[: len(size)]] + chains.blocks[2]), own(bounds[b + 1])])
    b_high = np.concatenate(
        [own(b_from[pair[: len(size)]] + chains.blocks[2] + size), own(bounds[b + 1])]
    )
    last = np.concatenate([np.zeros(len(size), np.bool_), np.ones(len(a), np.bool_)])
    rows = np.lexsort((last, b_high, a_high, pair))
    pair, last = pair[rows], last[rows]
    a_low, a_high, b_low, b_high = a_low[rows], a_high[rows], b_low[rows], b_high[rows]
    first = np.ones(len(pair), np.bool_)
    first[1:] = pair[1:] != pair[:-1]
    a_before = np.where(first, own(a_from[pair]), np.roll(a_high, 1))
    b_before = np.where(first, own(b_from[pair]), np.roll(b_high, 1))
    lost, gained = np.maximum(a_low - a_before, 0), np.maximum(b_low - b_before, 0)
    lost_log, gained_log = np.log1p(lost), np.log1p(gained)
    insert, delete = (lost == 0) & (gained > 0), (lost > 0) & (gained == 0)
    replace = (lost > 0) & (gained > 0)

    def total(values: "NDArray[np.float64] | NDArray[np.bool_]") -> "NDArray[np.float64]":
        return np.bincount(pair, values.astype(np.float64), minlength=len(a)).astype(np.float64)

    def strange(low: "NDArray[np.int64]", high: "NDArray[np.int64]") -> "NDArray[np.int64]":
        return np.searchsorted(odd_words, high) - np.searchsorted(odd_words, np.minimum(low, high))

    pure = (insert | delete).astype(np.float64)
    return Edits(
        total(insert),
        total(delete),
        total(replace),
        total(insert * gained_log),
        total(delete * lost_log),
        total(insert & (gained >= LONG)),
        total(delete & (lost >= LONG)),
        total(first * pure * (gained_log - lost_log)),
        total(last * pure * (gained_log - lost_log)),
        total(replace * (gained_log - lost_log)),
        total((lost + gained).astype(np.float64)),
        total(replace * strange(b_before, b_low)),
        total(replace * strange(a_before, a_low)),
    )
