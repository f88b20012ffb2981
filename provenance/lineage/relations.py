"""How much text two documents' texts share: the candidates for a derivation."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.match.classes import CLASSES
from provenance.match.collapse import Corpus
from provenance.match.counting import Flags
from provenance.match.search import Reuse
from provenance.model import MatchClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEIGHBOURS = 12  # relations kept for each text, the closest ones
_LEAST_SHARE = 0.08
_LEAST_TOKENS = 25


@dataclass(frozen=True, slots=True)
class Relations:
    """Pairs of texts, `a < b`, joined by reuse.

    `a_share` and `b_share` are the parts of each text's own tokens (boilerplate left out) that
    its reuse with the other covers; `jaccard` is the common part of both; `similarity` the share
    of equal tokens in what is aligned; `lengths` the own tokens of every text.
    """

    a: "NDArray[np.int32]"
    b: "NDArray[np.int32]"
    equal: "NDArray[np.int64]"
    a_share: "NDArray[np.float64]"
    b_share: "NDArray[np.float64]"
    jaccard: "NDArray[np.float64]"
    similarity: "NDArray[np.float64]"
    lengths: "NDArray[np.int64]"

    def __len__(self) -> int:
        return len(self.a)

    def neighbours(self) -> list[list[int]]:
        """Return the texts that each text is related to."""
        near: list[list[int]] = [[] for _ in range(len(self.lengths))]
        for a, b in zip(self.a.tolist(), self.b.tolist(), strict=True):
            near[a].append(b)
            near[b].append(a)
        return near


def find_relations(corpus: Corpus, reuse: Reuse) -> Relations:
    """Return the pairs that share enough reuse to stand in one lineage.

    Quotations and widely shared prose do not count. Each text keeps its closest relations only;
    a relation that either side keeps stays.
    """
    table = corpus.table
    rows = reuse.alignments.take(reuse.classes == CLASSES.index(MatchClass.REUSE))
    lengths = np.maximum(np.diff(Flags(reuse.common.boilerplate).outside(table.bounds)), 1)
    keys, pair = np.unique(rows.a.astype(np.int64) * len(table) + rows.b, return_inverse=True)
    a = (keys // max(len(table), 1)).astype(np.int32)
    b = (keys % max(len(table), 1)).astype(np.int32)
    equal = np.bincount(pair, rows.equal, minlength=len(keys)).astype(np.int64)
    a_covered = np.bincount(pair, rows.a_end - rows.a_start, minlength=len(keys))
    b_covered = np.bincount(pair, rows.b_end - rows.b_start, minlength=len(keys))
    a_share = np.minimum(a_covered / lengths[a], 1.0)
    b_share = np.minimum(b_covered / lengths[b], 1.0)
    common = np.minimum(np.minimum(a_covered, b_covered), np.minimum(lengths[a], lengths[b]))
    jaccard = common / (lengths[a] + lengths[b] - common)
    similarity = equal / np.maximum(np.maximum(a_covered, b_covered), 1)
    enough = (equal >= _LEAST_TOKENS) & (np.maximum(a_share, b_share) >= _LEAST_SHARE)
    enough |= np.maximum(a_share, b_share) >= 0.5
    kept = enough & _closest(a, b, jaccard * similarity, enough)
    return Relations(
        a[kept],
        b[kept],
        equal[kept],
        a_share[kept],
        b_share[kept],
        jaccard[kept],
        similarity[kept],
        lengths,
    )


def _closest(
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    closeness: "NDArray[np.float64]",
    among: "NDArray[np.bool_]",
) -> "NDArray[np.bool_]":
    """Flag the pairs that are among the closest of either side."""
    rows = np.tile(np.flatnonzero(among), 2)
    half = len(rows) // 2
    own = np.concatenate([a[rows[:half]], b[rows[:half]]])
    other = np.concatenate([b[rows[:half]], a[rows[:half]]])
    order = np.lexsort((other, -closeness[rows], own))
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = own[order][1:] != own[order][:-1]
    first = np.flatnonzero(fresh)[np.cumsum(fresh) - 1] if len(order) else order
    kept = np.zeros(len(a), np.bool_)
    kept[rows[order[np.arange(len(order)) - first < NEIGHBOURS]]] = True
    return kept
