"""Which texts carry which winnowed shingle, and how many of them two texts share."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.fingerprint.shingles import shingle_array, shingle_counts
from provenance.fingerprint.winnowing import winnow
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHINGLE = 5
WINDOW = 4
CARRIERS = 200
NEIGHBOURS = 8


@dataclass(frozen=True, slots=True)
class Postings:
    """The winnowed shingles that at least two texts carry, by shingle and by text.

    Shingle `u` is carried by `texts[bounds[u]:bounds[u + 1]]`, rising, first at the token
    `places[...]` of each text. Text `i` carries the shingles `shingles[text_bounds[i]:
    text_bounds[i + 1]]` at `text_places[...]`. `selected` counts all winnowed shingles of a text,
    those that nobody else carries included.
    """

    bounds: "NDArray[np.int64]"
    texts: "NDArray[np.int32]"
    places: "NDArray[np.int32]"
    text_bounds: "NDArray[np.int64]"
    shingles: "NDArray[np.int32]"
    text_places: "NDArray[np.int32]"
    selected: "NDArray[np.int64]"

    @property
    def carriers(self) -> "NDArray[np.int64]":
        """How many texts carry each shingle."""
        return np.diff(self.bounds)


@dataclass(frozen=True, slots=True)
class SharedPairs:
    """Pairs of texts, `a < b`, with the number of winnowed shingles that both carry."""

    a: "NDArray[np.int32]"
    b: "NDArray[np.int32]"
    shared: "NDArray[np.int32]"

    def __len__(self) -> int:
        return len(self.a)


def build_postings(table: TokenTable, left_out: "NDArray[np.bool_] | None" = None) -> Postings:
    """Return the postings of all texts; shingles that touch a left-out token are not posted."""
    shingles = shingle_array(table, SHINGLE)
    places = winnow(shingles, table.bounds, shingle_counts(table, SHINGLE), WINDOW)
    owners = np.searchsorted(table.bounds, places, "right") - 1
    values = shingles[places]
    order = np.argsort(values, kind="stable")
    values, owners, places = values[order], owners[order], places[order]
    selected = np.bincount(owners[_first(values, owners)], minlength=len(table))
    if left_out is not None:
        ends = np.minimum(places + SHINGLE, table.bounds[owners + 1])
        hidden = np.concatenate([[0], np.cumsum(left_out)])
        clear = hidden[ends] == hidden[places]
        values, owners, places = values[clear], owners[clear], places[clear]
    first = _first(values, owners)
    values, owners, places = values[first], owners[first], places[first]
    fresh = np.ones(len(values), np.bool_)
    fresh[1:] = values[1:] != values[:-1]
    group = np.cumsum(fresh) - 1
    shared = (np.bincount(group) > 1)[group] if len(group) else np.zeros(0, np.bool_)
    owners, places, fresh = owners[shared], places[shared], fresh[shared]
    group = np.cumsum(fresh) - 1
    by_text = np.argsort(owners, kind="stable")
    local = (places - table.bounds[owners]).astype(np.int32)
    return Postings(
        np.append(np.flatnonzero(fresh), len(owners)),
        owners.astype(np.int32),
        local,
        np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(table)))]),
        group[by_text].astype(np.int32),
        local[by_text],
        selected,
    )


def _first(values: "NDArray[np.uint64]", owners: "NDArray[np.int64]") -> "NDArray[np.bool_]":
    """Flag the first place of each shingle in each text; shingles are sorted."""
    first = np.ones(len(values), np.bool_)
    first[1:] = (values[1:] != values[:-1]) | (owners[1:] != owners[:-1])
    return first


def count_shared(
    postings: Postings,
    *,
    least: int,
    share: float,
    ignored: "NDArray[np.bool_] | None" = None,
    sources: "NDArray[np.int32] | None" = None,
    compile_kernels: bool,
) -> SharedPairs:
    """Return the pairs that share `least` winnowed shingles, or `share` of the shorter text's.

    A shingle with more than `CARRIERS` carriers is sampled: each text meets the first carrier
    and the `NEIGHBOURS` carriers before it. `ignored` postings (one flag each, in the order of
    `postings.texts`) do not count between texts of one source.
    """
    # a flagged posting is known by its source; nothing is flagged where no flags are given
    flags = np.full(len(postings.texts), -1, np.int32)
    if ignored is not None and sources is not None:
        flags[ignored] = sources[postings.texts[ignored]]
    if compile_kernels:
        return _count_compiled(postings, least, share, flags)
    return _count_plain(postings, least, share, flags)


def partners(begin: int, row: int, end: int) -> list[int]:
    """Return the posting rows that the carrier at `row` meets among `begin..end`."""
    if end - begin <= CARRIERS:
        return list(range(begin, row))
    low = max(begin, row - NEIGHBOURS)
    return [*([begin] if begin < low else []), *range(low, row)]


def _count_plain(
    postings: Postings, least: int, share: float, ignored: "NDArray[np.int32]"
) -> SharedPairs:
    counts: Counter[tuple[int, int]] = Counter()
    bounds, texts, flags = postings.bounds.tolist(), postings.texts.tolist(), ignored.tolist()
    for begin, end in pairwise(bounds):
        for row in range(begin, end):
            for other in partners(begin, row, end):
                if flags[row] < 0 or flags[row] != flags[other]:
                    counts[texts[other], texts[row]] += 1
    selected = postings.selected
    kept = sorted(
        (a, b, shared)
        for (a, b), shared in counts.items()
        if shared >= least or (share > 0 and shared >= share * min(selected[a], selected[b]))
    )
    rows = np.array(kept, np.int32).reshape(-1, 3)
    return SharedPairs(rows[:, 0], rows[:, 1], rows[:, 2])


def _count_compiled(
    postings: Postings, least: int, share: float, ignored: "NDArray[np.int32]"
) -> SharedPairs:
    from provenance.match.kernels import count_shared_kernel

    texts = len(postings.selected)
    rows_of_text = np.argsort(postings.texts, kind="stable")
    counts = np.zeros(texts, np.int32)
    touched = np.empty(texts, np.int32)
    columns: list[list[Any]] = [[], [], []]
    text, room = 0, max(1 << 16, texts)
    while text < texts:
        out = np.empty((3, room), np.int32)
        text, written = count_shared_kernel(
            text,
            postings.bounds,
            postings.texts,
            postings.text_bounds,
            postings.shingles,
            rows_of_text,
            postings.selected,
            ignored,
            least,
            share,
            CARRIERS,
            NEIGHBOURS,
            counts,
            touched,
            out,
        )
        for column, values in zip(columns, out, strict=True):
            column.append(values[:written].copy())
    a, b, shared = (np.concatenate(c) if c else np.empty(0, np.int32) for c in columns)
    order = np.lexsort((b, a))
    return SharedPairs(a[order], b[order], shared[order])


def weigh_shared(
    postings: Postings,
    weights: "NDArray[np.float64]",
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    *,
    compile_kernels: bool,
) -> "NDArray[np.float64]":
    """Return the weight of the winnowed shingles that each pair of texts shares.

    `weights` has one value a posted shingle; they are added up in the order of the shingles.
    """
    owner = np.repeat(np.arange(len(postings.selected)), np.diff(postings.text_bounds))
    values = postings.shingles[np.lexsort((postings.shingles, owner))]
    shared = np.zeros(len(a))
    if compile_kernels:
        from provenance.match.kernels import weigh_shared_kernel

        weigh_shared_kernel(values, postings.text_bounds, weights, a, b, shared)
        return shared
    bounds, weight = postings.text_bounds.tolist(), weights.tolist()
    for row, (first, second) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        own = set(values[bounds[first] : bounds[first + 1]].tolist())
        total = 0.0
        for value in values[bounds[second] : bounds[second + 1]].tolist():
            if value in own:
                total += weight[value]
        shared[row] = total
    return shared
