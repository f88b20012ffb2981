"""Which texts carry which winnowed shingle, and how many of them two texts share."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.fingerprint.shingles import shingle_array, shingle_counts
from provenance.fingerprint.winnowing import winnow
from provenance.match.counting import Flags
from provenance.match.ordering import stable_order, value_ranges
from provenance.storage import Column, room
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHINGLE = 5
WINDOW = 4
CARRIERS = 200
NEIGHBOURS = 8
_TOKENS_AT_A_TIME = 1 << 18
_SHINGLES_AT_A_TIME = 1 << 21


@dataclass(frozen=True, slots=True)
class Occurrences:
    """All places of the winnowed shingles that at least two texts carry.

    Ordered by shingle, then text, then place; `group` numbers the shingles, `place` is a token of
    the text. `selected` counts the distinct winnowed shingles of every text, those that nobody
    else carries included.
    """

    group: "NDArray[np.int32]"
    text: "NDArray[np.int32]"
    place: "NDArray[np.int32]"
    selected: "NDArray[np.int64]"


@dataclass(frozen=True, slots=True)
class Postings:
    """The winnowed shingles that at least two texts carry, by shingle and by text.

    Shingle `u` is carried by `texts[bounds[u]:bounds[u + 1]]`, rising. Text `i` carries the
    shingles `shingles[text_bounds[i]:text_bounds[i + 1]]`, first at its tokens `text_places[...]`.
    `selected` counts all winnowed shingles of a text, those that nobody else carries included.
    `occurrences` are what was posted, and what was not.
    """

    bounds: "NDArray[np.int64]"
    texts: "NDArray[np.int32]"
    text_bounds: "NDArray[np.int64]"
    shingles: "NDArray[np.int32]"
    text_places: "NDArray[np.int32]"
    selected: "NDArray[np.int64]"
    occurrences: Occurrences

    @property
    def carriers(self) -> "NDArray[np.int64]":
        """How many texts carry each shingle."""
        return np.diff(self.bounds)

    def without_places(self) -> "Postings":
        """Return what weighs shared shingles: the carriers of each, and the shingles by text."""
        none = np.empty(0, np.int32)
        occurrences = Occurrences(none, none, none, self.selected)
        return replace(self, texts=none, text_places=none, occurrences=occurrences)


@dataclass(frozen=True, slots=True)
class SharedPairs:
    """Pairs of texts, `a < b`, with the number of winnowed shingles that both carry."""

    a: "NDArray[np.int32]"
    b: "NDArray[np.int32]"
    shared: "NDArray[np.int32]"

    def __len__(self) -> int:
        return len(self.a)


def build_postings(
    table: TokenTable,
    left_out: "NDArray[np.bool_] | None" = None,
    *,
    compile_kernels: bool = False,
) -> Postings:
    """Return the postings of all texts; shingles that touch a left-out token are not posted."""
    found = find_occurrences(table, compile_kernels=compile_kernels)
    return post(table, found, left_out, compile_kernels=compile_kernels)


def find_occurrences(table: TokenTable, *, compile_kernels: bool = False) -> Occurrences:
    """Return where the winnowed shingles that at least two texts carry stand.

    Shingles are ordered a range of values at a time, so that little has to be held beside them.
    """
    if compile_kernels:
        return _compiled_occurrences(table)
    values, places = _winnowed(table)
    winnowed = np.diff(np.searchsorted(places, table.bounds.astype(places.dtype)))
    found = [_ordered(table, values[:0], places[:0])]
    groups = 0
    for chosen in value_ranges(values, _SHINGLES_AT_A_TIME):
        group, text, place, repeated = _ordered(table, values[chosen], places[chosen])
        winnowed -= np.bincount(repeated, minlength=len(table))
        found.append((group + groups, text, place, repeated))
        groups += int(group[-1]) + 1 if len(group) else 0
    group, text, place = (np.concatenate([part[i] for part in found]) for i in range(3))
    return Occurrences(group, text, place, winnowed)


def _compiled_occurrences(table: TokenTable) -> Occurrences:
    """Return the occurrences; most shingles, which are seen once, are never ordered."""
    from provenance.match.posting_kernels import (
        BUCKETS,
        group_kernel,
        see_kernel,
        seen_again_kernel,
    )

    longest = int(np.diff(table.bounds).max(initial=0))
    scratch = np.empty(longest, np.uint64), np.empty(longest, np.int32)
    corpus = (table.bounds, table.vocabulary, table.ids, *scratch)
    cells = np.zeros((BUCKETS >> 5) << max(len(table.ids) // BUCKETS, 1).bit_length(), np.uint64)
    selected, tally = np.empty(len(table), np.int64), np.zeros(BUCKETS, np.int64)
    see_kernel(*corpus, cells, selected, tally)
    bounds = np.concatenate([[0], np.cumsum(tally)])
    size = int(bounds[-1])
    shingles, where = room((size,), np.uint64), room((size,), np.uint64)
    seen_again_kernel(*corpus, cells, bounds[:-1].copy(), shingles, where)
    del cells
    found = tuple(room((size,), np.int32) for _ in range(3))
    groups, written = 0, np.zeros(1, np.int64)
    for low, high in pairwise(bounds.tolist()):
        part = shingles[low:high]
        order = stable_order(part)
        groups = group_kernel(
            part[order], order, where[low:high], groups, *found, selected, written
        )
    group, text, place = (column[: written[0]] for column in found)
    return Occurrences(group, text, place, selected)


def _ordered(
    table: TokenTable, values: "NDArray[np.uint64]", places: "NDArray[np.uint32 | np.uint64]"
) -> tuple["NDArray[np.int32]", "NDArray[np.int32]", "NDArray[np.int32]", "NDArray[np.int32]"]:
    """Return group, text and place of what several texts carry, and who carries one again."""
    order = stable_order(values)
    values = values[order]
    shared = np.zeros(len(values), np.bool_)
    shared[1:] = values[1:] == values[:-1]
    repeated = shared.copy()
    shared[:-1] |= shared[1:]
    values, repeated = values[shared], repeated[shared]
    at = places[order[shared]].astype(np.int64)
    text = (np.searchsorted(table.bounds, at, "right") - 1).astype(np.int32)
    repeated[1:] &= text[1:] == text[:-1]
    fresh = np.ones(len(values), np.bool_)
    fresh[1:] = values[1:] != values[:-1]
    carriers = np.add.reduceat(~repeated, np.flatnonzero(fresh)) if len(values) else fresh
    kept = np.repeat(carriers > 1, np.diff(np.append(np.flatnonzero(fresh), len(values))))
    return (
        (np.cumsum(fresh[kept]) - 1).astype(np.int32),
        text[kept],
        (at - table.bounds[text])[kept].astype(np.int32),
        text[repeated],
    )


def _winnowed(
    table: TokenTable,
) -> tuple["NDArray[np.uint64]", "NDArray[np.uint32 | np.uint64]"]:
    """Return the winnowed shingles of all texts and their places, rising."""
    counts = shingle_counts(table, SHINGLE)
    block = table.bounds[:-1] // _TOKENS_AT_A_TIME
    firsts = np.append(np.flatnonzero(np.diff(block, prepend=-1)), len(table)).tolist()
    narrow = len(table.ids) < 1 << 32
    values, places = Column(np.uint64), Column(np.uint32 if narrow else np.uint64)
    for first, last in pairwise(firsts):
        base = table.bounds[first]
        shingles = shingle_array(table, SHINGLE, first, last)
        chosen = winnow(shingles, table.bounds[first : last + 1] - base, counts[first:last], WINDOW)
        values.append(shingles[chosen])
        places.append(chosen + base)
    return values.take(), places.take()


def post(
    table: TokenTable,
    found: Occurrences,
    left_out: "NDArray[np.bool_] | None" = None,
    *,
    compile_kernels: bool = False,
) -> Postings:
    """Return the postings of the occurrences that touch no left-out token."""
    if compile_kernels:
        return _post_compiled(table, found, left_out)
    group, text, place = found.group, found.text, found.place
    if left_out is not None:
        start = table.bounds[text] + place
        touched = left_out.copy()
        for shift in range(1, SHINGLE):
            touched[:-shift] |= left_out[shift:]
        clear = ~touched[start]
        cut = np.flatnonzero(start + SHINGLE > table.bounds[text + 1])  # texts of fewer tokens
        hidden = Flags(left_out).before
        clear[cut] = hidden(start[cut]) == hidden(table.bounds[text[cut] + 1])
        group, text, place = group[clear], text[clear], place[clear]
    first = np.ones(len(group), np.bool_)
    first[1:] = (group[1:] != group[:-1]) | (text[1:] != text[:-1])
    group, text, place = group[first], text[first], place[first]
    shared = (np.bincount(group) > 1)[group] if len(group) else np.zeros(0, np.bool_)
    group, text, place = group[shared], text[shared], place[shared]
    fresh = np.ones(len(group), np.bool_)
    fresh[1:] = group[1:] != group[:-1]
    group = (np.cumsum(fresh) - 1).astype(np.int32)
    by_text = stable_order(text.astype(np.uint64))
    return Postings(
        np.append(np.flatnonzero(fresh), len(text)),
        text,
        np.concatenate([[0], np.cumsum(np.bincount(text, minlength=len(table)))]),
        group[by_text],
        place[by_text],
        found.selected,
        found,
    )


def _post_compiled(
    table: TokenTable, found: Occurrences, left_out: "NDArray[np.bool_] | None"
) -> Postings:
    from provenance.match.posting_kernels import by_text_kernel, post_kernel

    if left_out is None:
        left_out = np.zeros(0, np.bool_)
    some = np.diff(Flags(left_out).before(table.bounds)) > 0
    size = len(found.group)
    bounds = room((int(found.group[-1]) + 2 if size else 1,), np.int64)
    texts, places = room((size,), np.int32), room((size,), np.int32)
    text_bounds = np.zeros(len(table) + 2, np.int64)
    shingles = post_kernel(
        *(found.group, found.text, found.place, table.bounds, left_out.view(np.uint8)),
        *(some.view(np.uint8), SHINGLE, bounds, texts, places, text_bounds),
    )
    bounds = bounds[: shingles + 1]
    texts = texts[: bounds[-1]]
    carried, text_places = np.empty(len(texts), np.int32), np.empty(len(texts), np.int32)
    by_text_kernel(bounds, texts, places, text_bounds, carried, text_places)
    return Postings(bounds, texts, text_bounds[:-1], carried, text_places, found.selected, found)


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
    from provenance.match.posting_kernels import row_kernel

    texts = len(postings.selected)
    carriers = (ignored.astype(np.int64) + 1 << 32 | postings.texts).view(np.uint64)
    rows_of_text = np.empty(len(postings.texts), np.int32)
    row_kernel(postings.texts, postings.text_bounds[:-1].copy(), rows_of_text)
    ahead = np.empty(2 * int(np.diff(postings.text_bounds).max(initial=0)), np.uint64)
    counts = np.zeros(texts, np.int32)
    touched = np.empty(texts, np.int32)
    columns: list[list[Any]] = [[], [], []]
    pairs = np.zeros(1, np.int64)
    text, room = 0, max(1 << 16, texts)
    while text < texts:
        out = np.empty((3, room), np.int32)
        text = count_shared_kernel(
            text,
            postings.bounds,
            carriers,
            postings.text_bounds,
            postings.shingles,
            rows_of_text,
            postings.selected,
            least,
            share,
            CARRIERS,
            NEIGHBOURS,
            ahead,
            counts,
            touched,
            out,
            pairs,
        )
        written = int(pairs[0])
        for column, values in zip(columns, out, strict=True):
            column.append(values[:written].copy())
    a, b, shared = (np.concatenate(c) if c else np.empty(0, np.int32) for c in columns)
    order = stable_order(a.astype(np.uint64) << np.uint64(32) | b.astype(np.uint64))
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

    `weights` has one value a posted shingle; they are added up in the order of the shingles, in
    which each text has its own.
    """
    values = postings.shingles
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
