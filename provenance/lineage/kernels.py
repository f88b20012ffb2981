"""The compiled kernel that finds words that are asked for in the UTF-8 of texts."""

from typing import Any

import numpy as np

from provenance.machine_code import machine_code
from provenance.text.utf8 import decode

OF_WORD, UNEVEN, CAREFUL = 1, 2, 4  # kinds of characters; a text has the kinds of them all
KNOWN = 0x2E80  # code points below have kinds; of those above, pictures alone need no care
_PICTURES, _PICTURES_END, _PICTURE_MARK = 0x1F300, 0x1FB00, 0xFE0F
SEED = np.uint64(0xCBF29CE484222325)
LOW_SEED = np.uint64(0x84222325CBF29CE5)
TIMES = np.uint64(0x9E3779B97F4A7C15)


@machine_code("u1[:], i8[:], u1[:], u2[:], i4[:], u8[:], i4[:], i4[:], i4[:], u1[:]")
def glance_kernel(
    data: Any,
    bounds: Any,
    kinds: Any,
    lower: Any,
    slots: Any,
    hashes: Any,
    stamps: Any,
    hits: Any,
    counts: Any,
    found: Any,
) -> int:
    """Write the numbers of the words that texts have, `counts[i]` for text `i`, and their kinds.

    Text `i` is `data[bounds[i]:bounds[i + 1] - 1]`, with a zero byte behind it. `slots` is a hash
    table of a power of two with the numbers of words, -1 where none is; `hashes` has the hash of
    each. Returns how many numbers were written.
    """
    mask = np.uint64(len(slots) - 1)
    written = 0
    for text in range(len(counts)):
        before = written
        kind = np.uint8(0)
        at = bounds[text]
        end = bounds[text + 1]
        inside = False
        own = SEED
        low = LOW_SEED
        while at < end:
            point = np.int64(data[at])
            if point < 0x80:
                at += 1
            else:
                point, size = decode(data, at)
                at += size
            of = np.uint8(CAREFUL)
            folded = np.uint64(point)
            if point < KNOWN:
                of = kinds[point]
                folded = np.uint64(lower[point])
            elif point == _PICTURE_MARK or _PICTURES <= point < _PICTURES_END:
                of = np.uint8(0)
            kind |= of
            if of & np.uint8(OF_WORD):
                own = (own ^ np.uint64(point)) * TIMES
                low = (low ^ folded) * TIMES
                inside = True
            elif inside:
                inside = False
                for turn in range(2):
                    value = own if turn == 0 else low
                    slot = (value >> np.uint64(32)) & mask
                    while slots[slot] >= 0 and hashes[slots[slot]] != value:
                        slot = (slot + np.uint64(1)) & mask
                    number = slots[slot]
                    if number >= 0 and stamps[number] != text:
                        stamps[number] = text
                        hits[written] = number
                        written += 1
                own = SEED
                low = LOW_SEED
        counts[text] = written - before
        found[text] = kind
    return written
