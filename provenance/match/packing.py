"""Token numbers in two bytes, or four where they are large: most tokens are usual words.

Words are numbered in the order of first sight, so that nearly all tokens have small numbers.
"""

from typing import Any

import numpy as np

from provenance.machine_code import Inlined, machine_code

_LARGE = 0x8000  # marks the first half of a number that takes two


@Inlined
def unpack(packed: Any, begin: Any, end: Any, vocabulary: Any, offset: Any, hashes: Any) -> Any:
    """Write the hashes of the packed tokens; return how many there are."""
    at = np.uint64(begin)
    tokens = np.int64(0)
    while at < np.uint64(end):
        number = np.uint64(packed[at])
        at += np.uint64(1)
        if number >= np.uint64(_LARGE):
            number = (number & np.uint64(_LARGE - 1)) << np.uint64(16) | np.uint64(packed[at])
            at += np.uint64(1)
        hashes[tokens] = vocabulary[np.uint64(offset) + number]
        tokens += 1
    return tokens


@machine_code("i4[:], i8[:], u2[:], i8[:]")
def pack_kernel(ids: Any, counts: Any, packed: Any, sizes: Any) -> int:
    """Write numbers in one or two halves each, and how many halves each text takes.

    Text `i` has `counts[i]` numbers, one text behind the other; `packed` has room for twice as
    many as there are. Returns how many halves were written.
    """
    written = np.uint64(0)
    at = np.uint64(0)
    for text in range(len(counts)):
        before = written
        for _ in range(counts[text]):
            number = np.uint32(ids[at])
            at += np.uint64(1)
            if number < np.uint32(_LARGE):
                packed[written] = number
            else:
                packed[written] = np.uint32(_LARGE) | (number >> np.uint32(16))
                written += np.uint64(1)
                packed[written] = number & np.uint32(0xFFFF)
            written += np.uint64(1)
        sizes[text] = written - before
    return written
