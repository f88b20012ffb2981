"""Aligned spans of pairs of texts, in arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

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
    merged = [getattr(by, f.name).copy() for f in fields(Alignments)]
    _, _, a_start, a_end, b_start, b_end, a_low, a_high, b_low, b_high, equal = merged
    kept = np.ones(len(rows), np.bool_)
    for i, pair in enumerate(zip(rows.a.tolist(), rows.b.tolist(), strict=True)):
        for j in of_pair.get(pair, ()):
            overlap = min(rows.a_end[i], a_end[j]) - max(rows.a_start[i], a_start[j])
            other = min(rows.b_end[i], b_end[j]) - max(rows.b_start[i], b_start[j])
            if overlap <= 0 or other <= 0:
                continue
            kept[i] = False
            size = rows.a_end[i] - rows.a_start[i]
            outside = round(int(rows.equal[i]) * float(size - overlap) / float(size))
            a_start[j], a_end[j] = min(a_start[j], rows.a_start[i]), max(a_end[j], rows.a_end[i])
            b_start[j], b_end[j] = min(b_start[j], rows.b_start[i]), max(b_end[j], rows.b_end[i])
            a_low[j], a_high[j] = min(a_low[j], rows.a_low[i]), max(a_high[j], rows.a_high[i])
            b_low[j], b_high[j] = min(b_low[j], rows.b_low[i]), max(b_high[j], rows.b_high[i])
            equal[j] = min(
                max(equal[j] + outside, rows.equal[i]),
                a_end[j] - a_start[j],
                b_end[j] - b_start[j],
            )
            break
    return join_alignments([rows.take(kept), Alignments(*merged)])
