"""Kernels that count what pairs of texts share, exactly: texts of one story are read once.

Texts that pairs connect are a story. The distinct shingles of a story, or of as many of its texts
as there is room for, are numbered; a text is the list of its numbers, and what two texts share is
counted on those.
"""

from typing import Any

import numpy as np

from provenance.fingerprint.sketch import shingle_of
from provenance.machine_code import Inlined, machine_code
from provenance.match.packing import unpack

_MIX = np.uint64(0x9E3779B97F4A7C15)
_LOW = np.uint64(0xFFFFFFFF)
_ONE = np.uint64(1)


@Inlined
def _root(story: Any, text: Any) -> Any:
    while story[text] != text:
        story[text] = story[story[text]]
        text = np.int64(story[text])
    return text


@machine_code("u8[:], i4[:]")
def story_kernel(pairs: Any, story: Any) -> int:
    """Write the least text of the story that each text is part of; one without pairs is its own."""
    for text in range(len(story)):
        story[text] = text
    for i in range(len(pairs)):
        a = _root(story, np.int64(pairs[i] >> np.uint64(32)))
        b = _root(story, np.int64(pairs[i] & _LOW))
        story[max(a, b)] = min(a, b)
    for text in range(len(story)):
        story[text] = story[story[text]]
    return 0


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


@machine_code(
    "u2[:], i8[:], u8[:], i8[:], i4[:], i8, u8[:], i4[:], i8[:], i8[:], u8[:], u8[:], u4[:], "
    "i4[:], u4[:], u4[:], i4[:], i8[:]"
)
def overlap_kernel(
    packed: Any,
    bounds: Any,
    vocabulary: Any,
    offsets: Any,
    row_of: Any,
    size: int,
    pairs: Any,
    story: Any,
    places: Any,
    counts: Any,
    shingles: Any,
    values: Any,
    marks: Any,
    slots: Any,
    stamps: Any,
    numbers: Any,
    loaded: Any,
    shared: Any,
) -> int:
    """Count the distinct shingles that each pair `a << 32 | b` of texts shares, and each text's.

    The tokens of a row are `packed[bounds[row]:bounds[row + 1]]`, numbers of `vocabulary` from
    `offsets[row]` on. Pairs of one story stand together. `counts` gets the shingles of the texts
    in pairs. The other arrays are room: `places` for a number a text, -1 everywhere before and
    after; `shingles` for the longest text; `slots` for a hash table of a power of two, -1
    everywhere before and after; `values`, `marks`, `stamps`, `numbers` and `loaded` for half as
    many. Two texts always fit into that.
    """
    room = np.int64(len(slots) // 2)
    low = np.int64(0)
    while low < len(pairs):
        # as many pairs of a story as there is room for
        texts = 0
        total = np.int64(0)
        high = low
        first = story[np.int64(pairs[low] >> np.uint64(32))]
        while high < len(pairs) and story[np.int64(pairs[high] >> np.uint64(32))] == first:
            before = texts
            more = np.int64(0)
            for side in range(2):
                text = np.int64((pairs[high] >> np.uint64(32 - 32 * side)) & _LOW)
                if places[text] == -1:
                    places[text] = -2
                    loaded[texts] = text
                    texts += 1
                    more += bounds[row_of[text] + 1] - bounds[row_of[text]] + 1
            if total + more > room:
                for i in range(before, texts):
                    places[loaded[i]] = -1
                texts = before
                break
            total += more
            high += 1
        # far more slots than values, so that few are in each other's way
        wide = 64
        while wide < 2 * total:
            wide *= 2
        mask = np.uint64(wide - 1)
        used = np.uint64(0)  # of the numbers, text by text
        held = np.uint32(0)  # distinct shingles
        for i in range(texts):
            text = np.int64(loaded[i])
            written = _write_shingles(
                packed, bounds, vocabulary, offsets, row_of[text], size, shingles
            )
            places[text] = np.int64(used)
            for at in range(written):
                value = shingles[at]
                slot = _slot(value) & mask
                while slots[slot] >= 0 and values[slots[slot]] != value:
                    slot = (slot + _ONE) & mask
                number = np.uint32(slots[slot])
                if slots[slot] < 0:
                    number = held
                    slots[slot] = number
                    values[number] = value
                    marks[number] = slot
                    stamps[number] = 0
                    held += np.uint32(1)
                # written over where the text has it again: cheaper than a branch
                numbers[used] = number
                used += np.uint64(stamps[number] != np.uint32(i + 1))
                stamps[number] = i + 1
            counts[text] = np.int64(used) - places[text]
        for number in range(held):
            slots[marks[number]] = -1
            stamps[number] = 0
        stamp = np.uint32(0)
        marked = np.int64(-1)
        for i in range(low, high):
            a = np.int64(pairs[i] >> np.uint64(32))
            b = np.int64(pairs[i] & _LOW)
            if a != marked:
                marked = a
                stamp += np.uint32(1)
                for at in range(np.uint64(places[a]), np.uint64(places[a] + counts[a])):
                    stamps[numbers[at]] = stamp
            count = np.int64(0)
            for at in range(np.uint64(places[b]), np.uint64(places[b] + counts[b])):
                count += np.int64(stamps[numbers[at]] == stamp)
            shared[i] = count
        for i in range(texts):
            places[loaded[i]] = -1
        low = high
    return 0
