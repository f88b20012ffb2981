"""Kernels from token hashes to shingles, winnowed shingles and signatures, a text at a time.

:mod:`provenance.fingerprint.shingles`, `winnowing` and `minhash` define what they compute.
"""

from typing import Any

import numpy as np

from provenance.fingerprint.shingles import FACTOR, FINISH
from provenance.machine_code import Inlined, machine_code

_FACTOR = np.uint64(FACTOR)
_FINISH = np.uint64(FINISH)


@Inlined
def shingle_of(hashes: Any, at: Any, length: Any) -> Any:
    """Return the shingle of so many tokens from a place on."""
    value = np.uint64(length)
    for shift in range(np.uint64(length)):
        value = value * _FACTOR + hashes[at + shift]
    value ^= value >> np.uint64(32)
    value *= _FINISH
    return value ^ (value >> np.uint64(29))


@machine_code("u8[:], i8[:], i8, u8[:]")
def shingle_kernel(hashes: Any, counts: Any, size: int, shingles: Any) -> int:
    """Write, at each token, the shingle that begins there; a short text has one at its first.

    Text `i` has `counts[i]` tokens, one text behind the other. The last places of a text that
    hold no shingle are left as they are.
    """
    begin = 0
    for text in range(len(counts)):
        tokens = counts[text]
        length = min(tokens, size)
        places = tokens - length + 1 if tokens > 0 else 0
        # unsigned, so that no place counts from the end
        first = np.uint64(begin)
        for at in range(first, first + np.uint64(places)):
            shingles[at] = shingle_of(hashes, at, length)
        begin += tokens
    return begin


@machine_code("u8[:], i8[:], i8, i8, u1[:], u1[:], u4[:], i8[:]")
def winnow_kernel(
    shingles: Any,
    counts: Any,
    size: int,
    window: int,
    least: Any,
    reach: Any,
    keys: Any,
    selected: Any,
) -> int:
    """Write the low half of every winnowed shingle, in order, and how many each text has.

    A shingle is selected where a whole window lies between the next one before it that is less
    and the next behind it that is no more. `least` and `reach` are room for as many bytes as a
    text has tokens. Returns how many are selected in all.
    """
    begin = np.uint64(0)
    written = np.uint64(0)
    for text in range(len(counts)):
        tokens = counts[text]
        places = np.uint64(max(tokens - size + 1, 1) if tokens > 0 else 0)
        span = min(np.uint64(window), places)
        for at in range(places):
            least[at] = 1
            reach[at] = 0
        for shift in range(np.uint64(1), span):
            for at in range(places - shift):
                later = at + shift
                known = np.uint8(shingles[begin + at] >= shingles[begin + later])
                least[later] &= known
                reach[later] += least[later]
        for at in range(places):
            least[at] = 1
        for shift in range(np.uint64(1), span):
            for at in range(places - shift):
                known = np.uint8(shingles[begin + at + shift] > shingles[begin + at])
                least[at] &= known
                reach[at] += least[at]
        before = written
        for at in range(places):
            # written over where it is not selected: cheaper than a branch
            keys[written] = np.uint32(shingles[begin + at] & np.uint64(0xFFFFFFFF))
            written += np.uint64(reach[at] + np.uint8(1) >= span)
        selected[text] = written - before
        begin += np.uint64(tokens)
    return written


@machine_code("u8[:], i8[:], i8, u4[:], u4[:], u4[:], u4[::]")
def minhash_kernel(
    shingles: Any, counts: Any, size: int, factors: Any, summands: Any, mixed: Any, rows: Any
) -> int:
    """Lower each text's row to the minimum of every permutation over its shingles.

    `mixed` is room for as many values as a text has tokens.
    """
    begin = 0
    for text in range(len(counts)):
        tokens = counts[text]
        places = max(tokens - size + 1, 1) if tokens > 0 else 0
        for at in range(places):
            value = np.uint32(shingles[begin + at] & np.uint64(0xFFFFFFFF))
            value = np.uint32(value ^ (value >> np.uint32(16)))
            value = np.uint32(value * np.uint32(0x85EBCA6B))
            value = np.uint32(value ^ (value >> np.uint32(13)))
            value = np.uint32(value * np.uint32(0xC2B2AE35))
            mixed[at] = np.uint32(value ^ (value >> np.uint32(16)))
        for i in range(len(factors)):
            factor = factors[i]
            summand = summands[i]
            least = rows[text, i]
            for at in range(places):
                least = min(least, np.uint32(mixed[at] * factor + summand))
            rows[text, i] = least
        begin += tokens
    return begin
