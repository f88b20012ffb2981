"""What a document and an earlier one have in common, counted on their full texts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from provenance.config import Config
from provenance.match.alignment import align_tokens
from provenance.match.pairs import compare_texts
from provenance.match.spans import Alignments
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a passage: code points, and tokens of its text."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A wording that a document and an earlier one share; `equal` counts the equal tokens."""

    own: Side
    other: Side
    equal: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A document and an earlier one: what is shared, exactly.

    `containment` is the share of the document's distinct shingles that the other has,
    `passed_on` that of the other's that the document has. `own_tokens` and `other_tokens` count
    the tokens of each, `covered` and `covered_of_other` those that the passages cover. Where
    `same_tokens`, the one passage is the whole text.
    """

    jaccard: float
    containment: float
    passed_on: float
    own_tokens: int
    other_tokens: int
    passages: tuple[SharedPassage, ...]
    same_tokens: bool = False
    covered: int = field(init=False)
    covered_of_other: int = field(init=False)

    def __post_init__(self) -> None:
        own = other = 0
        if self.passages:
            own = covered((p.own.first, p.own.last) for p in self.passages)
            other = covered((p.other.first, p.other.last) for p in self.passages)
        object.__setattr__(self, "covered", own)
        object.__setattr__(self, "covered_of_other", other)

    @property
    def share(self) -> float:
        """The part of the document's tokens that the passages cover."""
        return self.covered / max(self.own_tokens, 1)

    @property
    def share_of_other(self) -> float:
        """The part of the other's tokens that the passages cover."""
        return self.covered_of_other / max(self.other_tokens, 1)


def covered(ranges: Iterable[tuple[int, int]]) -> int:
    """Return how many places half-open ranges cover; places in several count once."""
    total = end = 0
    for low, high in sorted(ranges):
        if high > end:
            total += high - max(low, end)
            end = high
    return total


def compare_pairs(
    table: TokenTable,
    own: Sequence[int],
    other: Sequence[int],
    marked: "NDArray[np.bool_]",
    limits: Sequence[tuple[int, int]] | None,
    shingle: int,
    *,
    compile_kernels: bool,
) -> list[Comparison]:
    """Return the comparison of each pair of texts `(own[i], other[i])`.

    `marked` tokens are boilerplate and belong to no passage; `limits` are the equal tokens that a
    passage of each pair needs, and those in a row; without them no passages are looked for.
    """
    if not own:
        return []
    a, b = np.array(own, np.int32), np.array(other, np.int32)
    lengths = np.diff(table.bounds)
    same = np.array(
        [
            table.digest(x) == table.digest(y) if alike else False
            for x, y, alike in zip(own, other, (lengths[a] == lengths[b]).tolist(), strict=True)
        ]
    )
    same &= lengths[a] > 0
    rest = np.flatnonzero(~same & (lengths[a] > 0) & (lengths[b] > 0))
    found: list[Comparison | None] = [None] * len(own)
    if len(rest):
        exact = compare_texts(
            table, Config(shingle=shingle), a[rest], b[rest], compile_kernels=compile_kernels
        )
        spans: dict[int, list[SharedPassage]] = {}
        if limits is not None:
            spans = _passages(table, a, b, rest, marked, limits, compile_kernels=compile_kernels)
        for at, i in enumerate(rest.tolist()):
            found[i] = Comparison(
                float(exact.jaccard[at]),
                float(exact.a_containment[at]),
                float(exact.b_containment[at]),
                int(lengths[a[i]]),
                int(lengths[b[i]]),
                tuple(spans.get(i, ())),
            )
    return [
        known or _whole(table, x, y, equal=bool(equal))
        for known, x, y, equal in zip(found, own, other, same.tolist(), strict=True)
    ]


def _whole(table: TokenTable, own: int, other: int, *, equal: bool) -> Comparison:
    size, size_of_other = (int(table.bounds[t + 1] - table.bounds[t]) for t in (own, other))
    if not equal:
        return Comparison(0.0, 0.0, 0.0, size, size_of_other, ())
    sides = []
    for text in (own, other):
        part = table.slice(text)
        sides.append(Side(int(table.starts[part.start]), int(table.ends[part.stop - 1]), 0, size))
    whole = SharedPassage(sides[0], sides[1], size)
    return Comparison(1.0, 1.0, 1.0, size, size, (whole,), same_tokens=True)


def _passages(
    table: TokenTable,
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    rows: "NDArray[np.int64]",
    marked: "NDArray[np.bool_]",
    limits: Sequence[tuple[int, int]],
    *,
    compile_kernels: bool,
) -> dict[int, list[SharedPassage]]:
    """Return the passages of the pairs of some rows, by row."""
    found = align_tokens(
        table,
        a[rows],
        b[rows],
        marked,
        min_tokens=np.array([limits[i][0] for i in rows.tolist()], np.int64),
        min_run=np.array([limits[i][1] for i in rows.tolist()], np.int64),
        compile_kernels=compile_kernels,
    )
    row_of = {(int(a[i]), int(b[i])): i for i in rows.tolist()}
    by_row: dict[int, list[SharedPassage]] = {}
    for x, y, passage in _rows(found):
        by_row.setdefault(row_of[x, y], []).append(passage)
    return by_row


def _rows(found: Alignments) -> Iterator[tuple[int, int, SharedPassage]]:
    columns = (
        found.a,
        found.b,
        found.a_low,
        found.a_high,
        found.a_start,
        found.a_end,
        found.b_low,
        found.b_high,
        found.b_start,
        found.b_end,
        found.equal,
    )
    for x, y, *rest in zip(*(column.tolist() for column in columns), strict=True):
        yield x, y, SharedPassage(Side(*rest[:4]), Side(*rest[4:8]), rest[8])
