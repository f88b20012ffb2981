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


@Inlined
def _write_shingles(
    hashes: Any, begin: Any, tokens: Any, size: Any, shingles: Any, into: Any
) -> Any:
    """Write the shingles of the tokens from `begin` on from `into` on; return how many there are.

    A text shorter than a shingle has one.
    """
    length = min(tokens, size)
    places = np.uint64(tokens - length + 1 if tokens > 0 else 0)
    # unsigned, so that no place counts from the end
    first = np.uint64(begin)
    to = np.uint64(into)
    for at in range(places):
        shingles[to + at] = shingle_of(hashes, first + at, length)
    return places


@Inlined
def _winnow(
    shingles: Any, places: Any, window: Any, least: Any, reach: Any, keys: Any, written: Any
) -> Any:
    """Write the low half of every winnowed shingle of a text; return where the last one ends.

    A shingle is selected where a whole window lies between the next one before it that is less
    and the next behind it that is no more.
    """
    span = min(np.uint64(window), places)
    for at in range(places):
        least[at] = 1
        reach[at] = 0
    for shift in range(np.uint64(1), span):
        for at in range(places - shift):
            later = at + shift
            least[later] &= np.uint8(shingles[at] >= shingles[later])
            reach[later] += least[later]
    for at in range(places):
        least[at] = 1
    for shift in range(np.uint64(1), span):
        for at in range(places - shift):
            least[at] &= np.uint8(shingles[at + shift] > shingles[at])
            reach[at] += least[at]
    for at in range(places):
        # written over where it is not selected: cheaper than a branch
        keys[written] = np.uint32(shingles[at] & np.uint64(0xFFFFFFFF))
        written += np.uint64(reach[at] + np.uint8(1) >= span)
    return written


@Inlined
def _lower(
    shingles: Any, begin: Any, places: Any, factors: Any, summands: Any, mixed: Any, row: Any
) -> None:
    """Lower a row to the minimum of every permutation over the shingles from a place on."""
    first = np.uint64(begin)
    for at in range(np.uint64(places)):
        value = np.uint32(shingles[first + at] & np.uint64(0xFFFFFFFF))
        value = np.uint32(value ^ (value >> np.uint32(16)))
        value = np.uint32(value * np.uint32(0x85EBCA6B))
        value = np.uint32(value ^ (value >> np.uint32(13)))
        value = np.uint32(value * np.uint32(0xC2B2AE35))
        mixed[at] = np.uint32(value ^ (value >> np.uint32(16)))
    for i in range(len(factors)):
        factor = factors[i]
        summand = summands[i]
        least = row[i]
        for at in range(np.uint64(places)):
            least = min(least, np.uint32(mixed[at] * factor + summand))
        row[i] = least


@machine_code("u8[:], i8[:], i8, u8[:]")
def shingle_kernel(hashes: Any, counts: Any, size: int, shingles: Any) -> int:
    """Write, at each token, the shingle that begins there; a short text has one at its first.

    Text `i` has `counts[i]` tokens, one text behind the other. The last places of a text that
    hold no shingle are left as they are.
    """
    begin = 0
    for text in range(len(counts)):
        _write_shingles(hashes, begin, counts[text], size, shingles, begin)
        begin += counts[text]
    return begin


@machine_code("u8[:], i8[:], i8, u4[:], u4[:], u4[:], u4[::]")
def minhash_kernel(
    shingles: Any, counts: Any, size: int, factors: Any, summands: Any, mixed: Any, rows: Any
) -> int:
    """Lower each text's row to the minimum of every permutation over its shingles.

    Shingles lie as `shingle_kernel` leaves them. `mixed` is room for as many values as a text has
    tokens.
    """
    begin = 0
    for text in range(len(counts)):
        tokens = counts[text]
        places = max(tokens - size + 1, 1) if tokens > 0 else 0
        _lower(shingles, begin, places, factors, summands, mixed, rows[text])
        begin += tokens
    return begin


@machine_code(
    "u8[:], i8[:], i8, i8, i8, u4[:], u4[:], u8[:], u4[:], u1[:], u1[:], u4[::], u4[:], i8[:]"
)
def sketch_kernel(
    hashes: Any,
    counts: Any,
    size: int,
    winnowed: int,
    window: int,
    factors: Any,
    summands: Any,
    shingles: Any,
    mixed: Any,
    least: Any,
    reach: Any,
    rows: Any,
    keys: Any,
    selected: Any,
) -> int:
    """Write the signatures of texts, and the low halves of their winnowed shingles, in order.

    Signatures are of shingles of `size` tokens, and `rows` holds the highest value before; those
    of `winnowed` tokens are winnowed. `selected` gets how many a text has; returns how many there
    are in all. `shingles`, `mixed`, `least` and `reach` are room for the longest text.
    """
    begin = 0
    written = np.uint64(0)
    for text in range(len(counts)):
        tokens = counts[text]
        before = written
        places = _write_shingles(hashes, begin, tokens, winnowed, shingles, 0)
        written = _winnow(shingles, places, window, least, reach, keys, written)
        if size != winnowed:
            places = _write_shingles(hashes, begin, tokens, size, shingles, 0)
        _lower(shingles, 0, places, factors, summands, mixed, rows[text])
        selected[text] = written - before
        begin += tokens
    return written
