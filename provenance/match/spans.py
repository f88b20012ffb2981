"""Aligned spans of pairs of texts, in arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


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


def merge_alignments(rows: Alignments, by: Alignments) -> Alignments:
    """Return the rows of both; what overlaps on both sides of a pair becomes one span."""
    of_pair: dict[tuple[int, int], list[int]] = {}
    for j, pair in enumerate(zip(by.a.tolist(), by.b.tolist(), strict=True)):
        of_pair.setdefault(pair, []).append(j)
    merged = [getattr(by, f.name).tolist() for f in fields(Alignments)]
    _, _, a_start, a_end, b_start, b_end, a_low, a_high, b_low, b_high, equal = merged
    kept = np.ones(len(rows), np.bool_)
    columns = zip(*(getattr(rows, f.name).tolist() for f in fields(Alignments)), strict=True)
    for i, (a, b, *own) in enumerate(columns):
        for j in of_pair.get((a, b), ()):
            overlap = min(own[1], a_end[j]) - max(own[0], a_start[j])
            other = min(own[3], b_end[j]) - max(own[2], b_start[j])
            if overlap <= 0 or other <= 0:
                continue
            kept[i] = False
            size = own[1] - own[0]
            outside = round(own[8] * float(size - overlap) / float(size))
            for column, value in ((a_start, 0), (b_start, 2), (a_low, 4), (b_low, 6)):
                column[j] = min(column[j], own[value])
            for column, value in ((a_end, 1), (b_end, 3), (a_high, 5), (b_high, 7)):
                column[j] = max(column[j], own[value])
            equal[j] = min(
                max(equal[j] + outside, own[8]), a_end[j] - a_start[j], b_end[j] - b_start[j]
            )
            break
    types = [getattr(by, f.name).dtype for f in fields(Alignments)]
    changed = Alignments(*(np.array(c, t) for c, t in zip(merged, types, strict=True)))
    return join_alignments([rows.take(kept), changed])


def flag_tokens(
    table: TokenTable, spans: Iterable[tuple[int, Sequence[tuple[int, int]]]]
) -> "NDArray[np.bool_]":
    """Flag the tokens that begin in spans of code points, which are given text by text."""
    flags = np.zeros(len(table.ids), np.bool_)
    for text, of_text in spans:
        if of_text:
            part = table.slice(text)
            edges = np.array(of_text, table.starts.dtype)
            for first, last in np.searchsorted(table.starts[part], edges).tolist():
                flags[part.start + first : part.start + last] = True
    return flags
