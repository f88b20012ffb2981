"""The hash of a token, for kernels: xxh64 with seed 0 of bytes that arrive one by one.

Bytes gather in a buffer of 32; four lanes take them when it is full. Source: the xxHash
specification, XXH64.
"""

from typing import Any

import numpy as np

from provenance.eight_bytes import word
from provenance.machine_code import Inlined

_P1 = np.uint64(0x9E3779B185EBCA87)
_P2 = np.uint64(0xC2B2AE3D27D4EB4F)
_P3 = np.uint64(0x165667B19E3779F9)
_P4 = np.uint64(0x85EBCA77C2B2AE63)
_P5 = np.uint64(0x27D4EB2F165667C5)
_ZERO = np.uint64(0)


@Inlined
def _rotate(value: Any, count: Any) -> Any:
    return (value << np.uint64(count)) | (value >> np.uint64(64 - count))


@Inlined
def _round(lane: Any, value: Any) -> Any:
    return _rotate(lane + value * _P2, 31) * _P1


@Inlined
def take_stripe(buffer: Any, lanes: Any) -> None:
    """Take 32 bytes into the four lanes of xxh64."""
    for i in range(4):
        lanes[i] = _round(lanes[i], word(buffer, 8 * i))


@Inlined
def reset(lanes: Any) -> None:
    """Make the lanes ready for the first byte."""
    lanes[0] = _P1 + _P2
    lanes[1] = _P2
    lanes[2] = _ZERO
    lanes[3] = _ZERO - _P1


@Inlined
def digest(buffer: Any, held: Any, total: Any, lanes: Any) -> Any:
    """Finish xxh64, seed 0, of `total` bytes, the last `held` of which are in the buffer."""
    if total >= 32:
        value = (
            _rotate(lanes[0], 1)
            + _rotate(lanes[1], 7)
            + _rotate(lanes[2], 12)
            + _rotate(lanes[3], 18)
        )
        for i in range(4):
            value = (value ^ _round(_ZERO, lanes[i])) * _P1 + _P4
    else:
        value = _P5
    value += np.uint64(total)
    at = 0
    while at + 8 <= held:
        value = _rotate(value ^ _round(_ZERO, word(buffer, at)), 27) * _P1 + _P4
        at += 8
    if at + 4 <= held:
        four = word(buffer, at) & np.uint64(0xFFFFFFFF)
        value = _rotate(value ^ (four * _P1), 23) * _P2 + _P3
        at += 4
    while at < held:
        value = _rotate(value ^ (np.uint64(buffer[at]) * _P5), 11) * _P1
        at += 1
    value = (value ^ (value >> np.uint64(33))) * _P2
    value = (value ^ (value >> np.uint64(29))) * _P3
    return value ^ (value >> np.uint64(32))
