"""Why an aligned wording is shared: reuse, a quotation, or widely shared prose."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from provenance.match.counting import Flags
from provenance.match.spans import Alignments, flag_tokens
from provenance.model import MatchClass
from provenance.text.corpus import TokenTable
from provenance.text.quotations import quoted_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASSES = (MatchClass.REUSE, MatchClass.QUOTATION, MatchClass.WIDELY_SHARED)
_REUSE, _QUOTATION, _WIDE = range(3)
_QUOTED_SHARE = 0.7
_WIDE_SHARE = 0.5
_OWN_TOKENS = 60  # tokens of plain reuse from which everything that a pair shares is reuse
_OWN_SHARE = 0.25  # or this share of the shorter text


def quoted_tokens(
    table: TokenTable, texts: Sequence[str], used: "NDArray[np.int32]"
) -> "NDArray[np.bool_]":
    """Flag the tokens that stand between quotation marks in the texts `used`."""
    return flag_tokens(table, ((text, quoted_spans(texts[text])) for text in used.tolist()))


def classify_alignments(
    table: TokenTable,
    texts: Sequence[str],
    rows: Alignments,
    widely_shared: "NDArray[np.bool_]",
) -> "NDArray[np.int8]":
    """Return the class of each row as an index of `CLASSES`.

    A row is a quotation where both sides stand mostly between quotation marks, and widely shared
    where most of it is. Pairs that share much beside such rows tell one story: there all is reuse.
    """
    used = np.unique(np.concatenate([rows.a, rows.b]))
    quoted = _share(table, quoted_tokens(table, texts, used), rows, both=True) >= _QUOTED_SHARE
    wide = _share(table, widely_shared, rows, both=False) >= _WIDE_SHARE
    plain = ~quoted & ~wide
    pair = rows.a.astype(np.int64) * len(table) + rows.b
    _, number = np.unique(pair, return_inverse=True)
    own = np.bincount(number, rows.equal * plain)[number] if len(rows) else np.zeros(0)
    lengths = np.diff(table.bounds)
    shorter = np.minimum(lengths[rows.a], lengths[rows.b])
    same_story = (own >= _OWN_TOKENS) | (own >= _OWN_SHARE * shorter)
    classes = np.where(quoted, _QUOTATION, np.where(wide, _WIDE, _REUSE))
    return np.where(same_story, _REUSE, classes).astype(np.int8)


def _share(
    table: TokenTable, flags: "NDArray[np.bool_]", rows: Alignments, *, both: bool
) -> "NDArray[np.float64]":
    """Return the share of flagged tokens in each row: the lower, or the higher, of its sides."""
    before = Flags(flags).before
    a, b = table.bounds[rows.a], table.bounds[rows.b]
    a_share = (before(a + rows.a_end) - before(a + rows.a_start)) / np.maximum(
        rows.a_end - rows.a_start, 1
    )
    b_share = (before(b + rows.b_end) - before(b + rows.b_start)) / np.maximum(
        rows.b_end - rows.b_start, 1
    )
    found: NDArray[np.float64] = (np.minimum if both else np.maximum)(a_share, b_share)
    return found
