"""Kernels that count the distinct shingles of texts and what pairs of them share, exactly."""

from typing import Any

import numpy as np

from provenance.fingerprint.sketch import shingle_of
from provenance.machine_code import Inlined, machine_code
from provenance.match.packing import unpack

_MIX = np.uint64(0x9E3779B97F4A7C15)


@Inlined
def _write_shingles(
    packed: Any, bounds: Any, vocabulary: Any, offsets: Any, row: Any, size: Any, shingles: Any
) -> Any:
    """Write the shingles of a row over its hashes, in order; return how many there are."""
    tokens = unpack(packed, bounds[row], bounds[row + 1], vocabulary, offsets[row], shingles)
    length = min(tokens, size)
    places = tokens - length + 1 if tokens > 0 else 0
    for at in range(np.uint64(places)):
        shingles[at] = shingle_of(shingles, at, length)
    return places


@Inlined
def _slot(value: Any) -> Any:
    return (value * _MIX) >> np.uint64(32)


@Inlined
def _fill(shingles: Any, places: Any, values: Any, marks: Any, slots: Any, held: Any) -> Any:
    """Put distinct shingles into the hash table instead of the `held` values that are in it.

    Returns how many there are; `marks` says where in the table each one is.
    """
    mask = np.uint64(len(slots) - 1)
    for at in range(held):
        slots[marks[at]] = -1
    count = np.int32(0)
    for at in range(places):
        value = shingles[at]
        slot = _slot(value) & mask
        while slots[slot] >= 0 and values[slots[slot]] != value:
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] < 0:
            slots[slot] = count
            values[count] = value
            marks[count] = slot
            count += np.int32(1)
    return count


@machine_code("u2[:], i8[:], u8[:], i8[:], i4[:], i8, u8[:], i4[:], i4[:], u8[:], i8[:]")
def distinct_kernel(
    packed: Any,
    bounds: Any,
    vocabulary: Any,
    offsets: Any,
    rows: Any,
    size: int,
    values: Any,
    marks: Any,
    slots: Any,
    shingles: Any,
    distinct: Any,
) -> int:
    """Count the distinct shingles of rows; see `overlap_kernel`."""
    held = np.int32(0)
    for i in range(len(rows)):
        places = _write_shingles(packed, bounds, vocabulary, offsets, rows[i], size, shingles)
        held = _fill(shingles, places, values, marks, slots, held)
        distinct[i] = held
    for at in range(held):
        slots[marks[at]] = -1
    return 0


@machine_code(
    "u2[:], i8[:], u8[:], i8[:], i4[:], i8, u8[:], u8[:], i4[:], i4[:], u8[:], u8[:], i8[:]"
)
def overlap_kernel(
    packed: Any,
    bounds: Any,
    vocabulary: Any,
    offsets: Any,
    row_of: Any,
    size: int,
    values: Any,
    stamps: Any,
    marks: Any,
    slots: Any,
    shingles: Any,
    pairs: Any,
    shared: Any,
) -> int:
    """Count the distinct shingles that each pair `a << 32 | b` of texts shares.

    The tokens of a row are `packed[bounds[row]:bounds[row + 1]]`, numbers of `vocabulary` from
    `offsets[row]` on. Pairs of one `a` stand together. `slots` is a hash table of a power of two,
    -1 everywhere before and after, far longer than a text, so that few values are in each other's
    way; the other buffers have room for the shingles of the longest text.
    """
    mask = np.uint64(len(slots) - 1)
    loaded = np.int64(-1)
    held = np.int32(0)
    for i in range(len(pairs)):
        text = np.int64(pairs[i] >> np.uint64(32))
        if text != loaded:
            row = row_of[text]
            places = _write_shingles(packed, bounds, vocabulary, offsets, row, size, shingles)
            held = _fill(shingles, places, values, marks, slots, held)
            for at in range(held):
                stamps[at] = np.uint64(0)
            loaded = text
        row = row_of[pairs[i] & np.uint64(0xFFFFFFFF)]
        places = _write_shingles(packed, bounds, vocabulary, offsets, row, size, shingles)
        stamp = np.uint64(i + 1)
        count = 0
        for at in range(places):
            value = shingles[at]
            slot = _slot(value) & mask
            while slots[slot] >= 0 and values[slots[slot]] != value:
                slot = (slot + np.uint64(1)) & mask
            place = slots[slot]
            if place >= 0 and stamps[place] != stamp:
                stamps[place] = stamp
                count += 1
        shared[i] = count
    for at in range(held):
        slots[marks[at]] = -1
    return 0
