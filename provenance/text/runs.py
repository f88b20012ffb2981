"""Runs of letters, digits and bytes beyond ASCII in UTF-8, in which kernels find tokens."""

from typing import Any

import numpy as np

from provenance.eight_bytes import HIGH, bits_below, word
from provenance.machine_code import Inlined

_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_GATHER = np.uint64(0x0102040810204080)  # brings bit 0 of eight bytes together in the highest
_OTHER = 0xFF  # part of a character beyond ASCII


@Inlined
def _lower(byte: Any) -> Any:
    """Return a letter or digit of ASCII in lower case, 0 for its other characters, else 255."""
    lower = byte | np.uint8(0x20)
    letter = np.uint8(lower - np.uint8(97)) < np.uint8(26)
    digit = np.uint8(byte - np.uint8(48)) < np.uint8(10)
    value = np.uint8(0)
    if digit:
        value = byte
    if letter:
        value = lower
    if byte >= np.uint8(0x80):
        value = np.uint8(_OTHER)
    return value


@Inlined
def _apart(first: Any, second: Any, third: Any) -> Any:
    """Return 0 where three bytes are a dash, a quotation mark or the like, U+2010 to U+2027."""
    # arithmetic of bytes, which the processor does to many at a time
    far = np.uint8(max(np.uint8(third - np.uint8(0x90)), np.uint8(0x17)) - np.uint8(0x17))
    return (first ^ np.uint8(0xE2)) | (second ^ np.uint8(0x80)) | far


@Inlined
def fold(data: Any, size: Any, folded: Any) -> Any:
    """Write letters and digits of ASCII in lower case, 0 for what surely parts tokens, else 255.

    What surely does are other characters of ASCII, dashes and quotation marks. A zero byte and one
    more must lie behind the text. Returns the next multiple of 64 above its size; up to there, and
    sixteen bytes further, zeros are written.
    """
    whole = ((size >> 6) + 1) << 6
    for i in range(min(2, size)):
        apart = _apart(data[i], data[i + 1], data[i + 2])
        if i == 1:
            apart = min(apart, _apart(data[0], data[1], data[2]))
        folded[i] = np.uint8(0) if apart == 0 else _lower(data[i])
    # the place two further on, unsigned, so that no place counts from the end
    for i in range(np.uint64(max(size, 2)) - np.uint64(2)):
        third = data[i + np.uint64(2)]
        apart = min(
            _apart(third, data[i + np.uint64(3)], data[i + np.uint64(4)]),
            _apart(data[i + _ONE], third, data[i + np.uint64(3)]),
            _apart(data[i], data[i + _ONE], third),
        )
        folded[i + np.uint64(2)] = np.uint8(0) if apart == 0 else _lower(third)
    for i in range(size, whole + 16):
        folded[i] = 0
    return whole


@Inlined
def find_edges(folded: Any, size: Any, edges: Any) -> Any:
    """Write where each run of bytes that are not zero begins and ends; return how many runs.

    The size is a multiple of 64, and the last byte is zero.
    """
    found = _ZERO
    before = _ZERO
    for at in range(_ZERO, np.uint64(size), np.uint64(64)):
        mask = _ZERO
        for part in range(np.uint64(8)):
            eight = word(folded, at + np.uint64(8) * part)
            some = ((((eight & ~HIGH) + ~HIGH) | eight) & HIGH) >> np.uint64(7)
            mask |= ((some * _GATHER) >> np.uint64(56)) << (np.uint64(8) * part)
        turns = mask ^ ((mask << _ONE) | before)
        before = mask >> np.uint64(63)
        while turns != _ZERO:
            edges[found] = at + bits_below(turns)
            found += _ONE
            turns &= turns - _ONE
    return np.int64(found >> _ONE)
