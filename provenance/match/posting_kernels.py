"""Kernels that find winnowed shingles of several texts, and post them.

:mod:`provenance.match.postings` has the plain forms.
"""

from typing import Any

import numpy as np

from provenance.fingerprint.sketch import shingle_of
from provenance.machine_code import Inlined, machine_code
from provenance.match.postings import SHINGLE, WINDOW

BUCKETS = 256  # of shingles, by their highest bits
_SHIFT = np.uint64(56)


@Inlined
def _winnow(
    text: Any,
    bounds: Any,
    vocabulary: Any,
    ids: Any,
    values: Any,
    places: Any,
) -> Any:
    """Write the winnowed shingles of a text and their places, rising; return how many there are.

    The shingles stand in `values` where they begin before any is written over.
    """
    begin = bounds[text]
    tokens = bounds[text + 1] - begin
    if tokens == 0:
        return 0
    for at in range(tokens):
        values[at] = vocabulary[ids[begin + at]]
    count = np.uint64(max(tokens - SHINGLE + 1, 1))
    if tokens < SHINGLE:
        values[0] = shingle_of(values, np.uint64(0), tokens)
    else:
        for at in range(count):
            values[at] = shingle_of(values, at, np.uint64(SHINGLE))
    span = min(np.uint64(WINDOW), count)
    written = 0
    last = np.uint64(tokens)
    for first in range(count - span + np.uint64(1)):
        best = first
        least = values[first]
        for at in range(first + np.uint64(1), first + span):
            value = values[at]
            lower = value <= least
            best = at if lower else best
            least = value if lower else least
        # written over where the same place is chosen again: cheaper than a branch
        written += np.int64(best != last)
        places[written - 1] = best
        last = best
    for i in range(written):
        values[i] = values[places[i]]
    return written


@Inlined
def _cell(value: Any, cells: Any) -> Any:
    """Return the place of the first of the two bits of a shingle, which its bucket has of its own.

    The bucket is told by the highest bits.
    """
    share = np.uint64(64 * len(cells) // BUCKETS)
    return (value >> _SHIFT) * share + (np.uint64(2) * value & (share - np.uint64(1)))


@machine_code("i8[:], u8[:], i4[:], u8[:], i4[:], u8[:], i8[:], i8[:]")
def see_kernel(
    bounds: Any,
    vocabulary: Any,
    ids: Any,
    values: Any,
    places: Any,
    cells: Any,
    selected: Any,
    tally: Any,
) -> int:
    """Count the winnowed shingles of each text, and note which were seen more than once.

    A shingle has two bits in `cells`, of which each bucket has a power of two: whether it was seen,
    and whether again; others may have the same. `tally` grows by the shingles of each bucket that
    `seen_again_kernel` will write. `values` and `places` have room for the longest text. Returns
    the count of all.
    """
    found = 0
    for text in range(len(bounds) - 1):
        count = _winnow(text, bounds, vocabulary, ids, values, places)
        selected[text] = count
        found += count
        for i in range(count):
            at = _cell(values[i], cells)
            held = cells[at >> np.uint64(6)] >> (at & np.uint64(63))
            seen, again = held & np.uint64(1), held >> np.uint64(1) & np.uint64(1)
            tally[values[i] >> _SHIFT] += np.int64(np.uint64(2) * seen - again)
            cells[at >> np.uint64(6)] |= (np.uint64(1) + np.uint64(2) * seen) << (
                at & np.uint64(63)
            )
    return found


@machine_code("i8[:], u8[:], i4[:], u8[:], i4[:], u8[:], i8[:], u8[:], u8[:]")
def seen_again_kernel(
    bounds: Any,
    vocabulary: Any,
    ids: Any,
    values: Any,
    places: Any,
    cells: Any,
    ends: Any,
    shingles: Any,
    where: Any,
) -> int:
    """Write the winnowed shingles that were seen more than once into their buckets, in order.

    `ends` has where each bucket begins, and gets where it ends; `where` gets `text << 32 | place`.
    Returns how many texts there are.
    """
    for text in range(len(bounds) - 1):
        count = _winnow(text, bounds, vocabulary, ids, values, places)
        kept = 0
        for i in range(count):
            at = _cell(values[i], cells)
            # written over if it was seen once: cheaper than a branch
            values[kept], places[kept] = values[i], places[i]
            kept += np.int64(
                cells[at >> np.uint64(6)] >> (at & np.uint64(63)) >> np.uint64(1) & np.uint64(1)
            )
        for i in range(kept):
            bucket = values[i] >> _SHIFT
            shingles[ends[bucket]] = values[i]
            where[ends[bucket]] = np.uint64(text) << np.uint64(32) | np.uint64(places[i])
            ends[bucket] += 1
    return len(bounds) - 1


@machine_code("u8[:], i8[:], u8[:], i8, i4[:], i4[:], i4[:], i8[:], i8[:]")
def group_kernel(
    values: Any,
    order: Any,
    where: Any,
    groups: int,
    group: Any,
    text: Any,
    place: Any,
    selected: Any,
    written: Any,
) -> int:
    """Write group, text and place of the shingles that several texts carry, in an order.

    `values` have been put in the order, in which equal ones stand together by text; `where` has
    not. `groups` is the number of the first. What a text carries again is taken off its `selected`.
    Rows are written from `written[0]` on, which becomes where they end; returns the number of
    groups.
    """
    kept = written[0]
    low = 0
    while low < len(values):
        high = low + 1
        several = False
        while high < len(values) and values[high] == values[low]:
            own = where[order[high]] >> np.uint64(32)
            again = own == where[order[high - 1]] >> np.uint64(32)
            several = several or not again
            selected[own] -= np.int64(again)
            high += 1
        if several:
            for row in range(low, high):
                group[kept] = groups
                text[kept] = np.int32(where[order[row]] >> np.uint64(32))
                place[kept] = np.int32(where[order[row]] & np.uint64(0xFFFFFFFF))
                kept += 1
            groups += 1
        low = high
    written[0] = kept
    return groups


@machine_code("i4[:], i4[:], i4[:], i8[:], u1[:], u1[:], i8, i8[:], i4[:], i4[:], i8[:]")
def post_kernel(
    group: Any,
    text: Any,
    place: Any,
    table: Any,
    left_out: Any,
    some: Any,
    size: int,
    bounds: Any,
    texts: Any,
    places: Any,
    of_text: Any,
) -> int:
    """Write the postings of occurrences that hold no left-out token, of several texts each.

    Text `i` has the tokens `table[i]` to `table[i + 1]`; any of them is left out if `some[i]`.
    `bounds` gets where each shingle begins, and the last ends, `of_text[i + 2]` grows by the
    postings of text `i`. Returns how many shingles there are.
    """
    shingles = 0
    written = 0
    begin = 0
    for row in range(len(group)):
        if row > 0 and group[row] != group[row - 1]:
            if written - begin > 1:
                bounds[shingles] = begin
                shingles += 1
            else:
                written = begin
            begin = written
        own = text[row]
        if written > begin and texts[written - 1] == own:
            continue
        clear = True
        if some[own]:
            at = table[own] + place[row]
            for token in range(at, min(at + size, table[own + 1])):
                clear = clear and left_out[token] == 0
        if clear:
            texts[written] = own
            places[written] = place[row]
            written += 1
    if written - begin > 1:
        bounds[shingles] = begin
        shingles += 1
    else:
        written = begin
    bounds[shingles] = written
    for row in range(written):
        of_text[texts[row] + 2] += 1
    return shingles


@machine_code("i8[:], i4[:], i4[:], i8[:], i4[:], i4[:]")
def by_text_kernel(
    bounds: Any, texts: Any, places: Any, text_bounds: Any, shingles: Any, text_places: Any
) -> int:
    """Write the shingles and places of each text, rising by shingle.

    `text_bounds[i + 2]` is how many text `i` has, and `text_bounds[i]` becomes where they begin.
    """
    for text in range(2, len(text_bounds)):
        text_bounds[text] += text_bounds[text - 1]
    for shingle in range(len(bounds) - 1):
        for row in range(bounds[shingle], bounds[shingle + 1]):
            at = text_bounds[texts[row] + 1]
            shingles[at] = shingle
            text_places[at] = places[row]
            text_bounds[texts[row] + 1] += 1
    return len(bounds) - 1


@machine_code("i4[:], i8[:], i4[:]")
def row_kernel(texts: Any, ends: Any, rows: Any) -> int:
    """Write the rows of each text, rising; `ends` has where they begin, and gets where they end."""
    for row in range(len(texts)):
        rows[ends[texts[row]]] = row
        ends[texts[row]] += 1
    return len(texts)
