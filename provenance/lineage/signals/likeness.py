"""How alike two texts are, and what was inserted, deleted and replaced between them."""

from typing import TYPE_CHECKING

import numpy as np

from provenance.config import Config
from provenance.lineage.edits import find_edits
from provenance.lineage.relations import Relations
from provenance.match.collapse import Corpus
from provenance.match.pairs import compare_texts
from provenance.match.postings import weigh_shared
from provenance.match.search import Reuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = dict[str, NDArray[np.float64]]

_TOKENS_AT_A_TIME = 1 << 22


def edit_columns(corpus: Corpus, reuse: Reuse, relations: Relations) -> "Columns":
    """Return how many edits lie between two texts, and which of them has the insertions."""
    odd = _counts_of_words(corpus) == 1
    edits = find_edits(corpus, reuse.common.boilerplate, relations.a, relations.b, odd)
    total = edits.inserted + edits.deleted + edits.replaced
    words = (relations.lengths[relations.a] + relations.lengths[relations.b]).astype(np.float64)
    return {
        "edits": np.tile(np.log1p(total), 2),
        "changed_words": np.tile(np.log1p(edits.changed), 2),
        "changed_share": np.tile(edits.changed / words, 2),
        "inserted_more": both_ways(signed_log(edits.inserted - edits.deleted)),
        "inserted_words_more": both_ways(signed_log(edits.inserted_log - edits.deleted_log)),
        "inserted_long_more": both_ways(signed_log(edits.inserted_long - edits.deleted_long)),
        "added_at_top": both_ways(edits.top),
        "cut_at_end": both_ways(-edits.bottom),
        "replacements_grow": both_ways(signed_log(edits.growth)),
        "odd_words_more": both_ways(signed_log(edits.odd_gained - edits.odd_lost)),
    }


def _counts_of_words(corpus: Corpus) -> "NDArray[np.int64]":
    """Return how often each word of the vocabulary stands in the texts."""
    ids, words = corpus.table.ids, len(corpus.table.vocabulary)
    counts = np.zeros(words, np.int64)
    for first in range(0, len(ids), _TOKENS_AT_A_TIME):
        counts += np.bincount(ids[first : first + _TOKENS_AT_A_TIME], minlength=words)
    return counts


def likeness_columns(corpus: Corpus, reuse: Reuse, relations: Relations) -> "Columns":
    """Return how much two texts share: aligned words, shingles, and shingles as split votes.

    A shingle that several texts carry is one vote, divided among its carriers.
    """
    own = np.concatenate([relations.b_share, relations.a_share])
    other = np.concatenate([relations.a_share, relations.b_share])
    covered = np.tile(relations.jaccard * relations.similarity, 2)
    common = _shingle_jaccard(corpus, relations)
    shared, a_total, b_total = _votes(corpus, reuse, relations)
    rare = shared / np.maximum(a_total + b_total - shared, 1e-9)
    smaller = np.maximum(np.minimum(a_total, b_total), 1e-9)
    lengths = relations.lengths.astype(np.float64)
    return {
        "joined": np.ones(2 * len(relations)),
        "likeness": covered,
        "likeness_squared": covered**2,
        "common_shingles": np.tile(common, 2),
        "rare_shingles": np.tile(rare, 2),
        "rare_contained": np.tile(shared / smaller, 2),
        "rare_evidence": np.tile(np.log1p(shared), 2),
        "explained": own,
        "contained": own - other,
        "largest_share": np.maximum(own, other),
        "shared_words": np.tile(np.log1p(relations.equal), 2),
        "agreement": np.tile(relations.similarity, 2),
        "longer": both_ways(np.log(lengths[relations.b] / lengths[relations.a])),
    }


def signed_log(values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return ln(1 + |x|) with the sign of x."""
    return np.sign(values) * np.log1p(np.abs(values))


def both_ways(values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return the values of all relations from `a` to `b`, then their negatives."""
    return np.concatenate([values, -values])


def _shingle_jaccard(corpus: Corpus, relations: Relations) -> "NDArray[np.float64]":
    a, b = (side.astype(np.int32) for side in (relations.a, relations.b))
    compiled = corpus.compile_kernels
    return compare_texts(corpus.table, Config(), a, b, compile_kernels=compiled).jaccard


def _votes(
    corpus: Corpus, reuse: Reuse, relations: Relations
) -> tuple["NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.float64]"]:
    """Return the votes that two texts share, and those that each has."""
    postings = reuse.postings
    vote = (1.0 / (postings.carriers - 1)).astype(np.float64)
    shared = weigh_shared(
        postings, vote, relations.a, relations.b, compile_kernels=corpus.compile_kernels
    )
    posted = np.diff(postings.text_bounds)
    owner = np.repeat(np.arange(len(posted)), posted)
    total = np.bincount(owner, vote[postings.shingles], minlength=len(posted)).astype(np.float64)
    total += np.maximum(postings.selected - posted, 0)
    return shared, total[relations.a], total[relations.b]
