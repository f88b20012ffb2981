"""What other texts have of the words that only one of two texts has, and of its first words."""

from typing import TYPE_CHECKING

import numpy as np

from provenance.lineage.relations import Relations
from provenance.lineage.signals.likeness import both_ways
from provenance.match.classes import CLASSES
from provenance.match.collapse import Corpus
from provenance.match.counting import Flags, Ranges
from provenance.match.search import Reuse
from provenance.model import MatchClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = dict[str, NDArray[np.float64]]


_HEAD = 20  # own tokens at the head of a text
_LACKING = 10  # of these that a relative must share, or it lacks the head


def witness_columns(corpus: Corpus, reuse: Reuse, relations: Relations) -> "Columns":
    """Return how much of what only one text has is found elsewhere, each way."""
    table, rows = corpus.table, reuse.alignments
    wanted = relations.a.astype(np.int64) * len(table) + relations.b
    keys = rows.a.astype(np.int64) * len(table) + rows.b
    place = np.minimum(np.searchsorted(wanted, keys), max(len(wanted) - 1, 0))
    reused = reuse.classes == CLASSES.index(MatchClass.REUSE)
    kept = reused & (wanted[place] == keys) if len(wanted) else keys < 0
    place = place[kept]
    sides = []
    for text, start, end in (
        (rows.a[kept], rows.a_start[kept], rows.a_end[kept]),
        (rows.b[kept], rows.b_start[kept], rows.b_end[kept]),
    ):
        sides.append((table.bounds[text] + start, table.bounds[text] + end))
    seen = Ranges(*(np.concatenate(ends) for ends in zip(*sides, strict=True))).before
    only = []
    for (low, high), text in zip(sides, (relations.a, relations.b), strict=True):
        shared = np.bincount(place, seen(high) - seen(low), minlength=len(relations))
        everywhere = seen(table.bounds[text + 1]) - seen(table.bounds[text])
        only.append(np.maximum(everywhere - shared, 0.0))
    a_only, b_only = only
    a_rest = np.maximum(relations.lengths[relations.a] * (1 - relations.a_share), 1.0)
    b_rest = np.maximum(relations.lengths[relations.b] * (1 - relations.b_share), 1.0)
    a_seen, b_seen = np.minimum(a_only / a_rest, 1.0), np.minimum(b_only / b_rest, 1.0)
    return {
        "third_witness": both_ways(a_seen - b_seen),
        "unexplained_elsewhere": np.log1p(np.concatenate([b_only, a_only])),
        "head_lacking_more": _heads_lacking(corpus, reuse, relations),
    }


def heads_lacking(
    corpus: Corpus, reuse: Reuse, relations: Relations
) -> tuple["NDArray[np.bool_]", "NDArray[np.bool_]"]:
    """Tell whether `b` lacks the head of `a`, and `a` that of `b`, a relation each.

    Copy is cut from the end and keeps the head; a new lead is lacked by what was taken before.
    """
    table, rows = corpus.table, reuse.alignments
    marked = Flags(reuse.common.boilerplate)
    own = marked.outside
    last = np.minimum(own(table.bounds[:-1]) + _HEAD, own(table.bounds[-1:]))
    ends = np.minimum(marked.place_outside(last), table.bounds[1:])
    keys = relations.a.astype(np.int64) * len(table) + relations.b
    found = rows.a.astype(np.int64) * len(table) + rows.b
    place = np.minimum(np.searchsorted(keys, found), max(len(keys) - 1, 0))
    kept = keys[place] == found if len(keys) else found < 0
    kept &= reuse.classes == CLASSES.index(MatchClass.REUSE)
    lacking = []
    for text, start, end, other in (
        (rows.a, rows.a_start, rows.a_end, relations.a),
        (rows.b, rows.b_start, rows.b_end, relations.b),
    ):
        low, high = table.bounds[text[kept]] + start[kept], table.bounds[text[kept]] + end[kept]
        high = np.maximum(np.minimum(high, ends[text[kept]]), low)
        shared = np.bincount(place[kept], own(high) - own(low), minlength=len(relations))
        lacking.append((shared < _LACKING) & (relations.lengths[other] >= 2 * _HEAD))
    return lacking[0], lacking[1]


def _heads_lacking(corpus: Corpus, reuse: Reuse, relations: Relations) -> "NDArray[np.float64]":
    """Return the share of the child's relatives that lack its head, less that of the parent."""
    of_a, of_b = heads_lacking(corpus, reuse, relations)
    text = np.concatenate([relations.a, relations.b])
    lacked = np.bincount(text, np.concatenate([of_a, of_b]), minlength=len(relations.lengths))
    share = lacked / np.maximum(np.bincount(text, minlength=len(relations.lengths)), 1)
    return both_ways(share[relations.b] - share[relations.a])
