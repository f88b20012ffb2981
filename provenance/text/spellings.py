"""What the compiled tokenizer knows of tokens: their spellings, hashes and vocabulary numbers.

A token of up to 16 bytes is spelled by them, zeros behind, as two numbers; a longer one by its
hash and all ones. `slots` is a hash table of the rows of `spellings`, which are both halves, the
hash and the number, in order of first sight, so that the usual ones lie together.
"""

from typing import Any

import numpy as np

from provenance.eight_bytes import HIGH, word
from provenance.machine_code import Inlined, machine_code
from provenance.text.xxh64 import digest

ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xC2B2AE3D27D4EB4F)
_ONE = np.uint64(1)
_ZERO = np.uint64(0)
# The bytes of a token of some length among the first eight, and among the eight behind them.
_SIZES = range(32)
FIRST = np.array([(1 << 8 * min(size, 8)) - 1 for size in _SIZES], np.uint64)
_SECOND = np.array([(1 << 8 * min(max(size - 8, 0), 8)) - 1 for size in _SIZES], np.uint64)


@Inlined
def _slot(low: Any, high: Any) -> Any:
    value = (low ^ (high * _SPREAD)) * _MIX
    return value ^ (value >> np.uint64(32))


@Inlined
def number_of(
    low: Any,
    high: Any,
    given: Any,
    weight: Any,
    slots: Any,
    spellings: Any,
    by_hash: Any,
    vocabulary: Any,
    weights: Any,
    buffer: Any,
    lanes: Any,
    state: Any,
) -> Any:
    """Return the vocabulary number of a token and its hash; number -1 where there is no room.

    `low` and `high` spell it; `given` is its hash where they do not. `state` has the size of the
    vocabulary at 1 and the number of spellings at 2.
    """
    mask = np.uint64(len(slots) - 1)
    slot = _slot(low, high) & mask
    while slots[slot] != 0:
        row = np.uint64(slots[slot] - 1)
        if spellings[row, 0] == low and spellings[row, 1] == high:
            return np.int64(spellings[row, 3]), spellings[row, 2]
        slot = (slot + _ONE) & mask
    if state[2] == len(spellings):
        return np.int64(-1), _ZERO
    value = given
    if high != ALL:
        size = 0
        for i in range(8):
            buffer[i] = (low >> np.uint64(8 * i)) & np.uint64(255)
            buffer[i + 8] = (high >> np.uint64(8 * i)) & np.uint64(255)
        while size < 16 and buffer[size] != 0:
            size += 1
        value = digest(buffer, size, size, lanes)
    # two tokens of one hash have one number
    mask = np.uint64(len(by_hash) - 1)
    other = value & mask
    while by_hash[other] != 0 and vocabulary[by_hash[other] - 1] != value:
        other = (other + _ONE) & mask
    if by_hash[other] == 0:
        vocabulary[state[1]] = value
        weights[state[1]] = weight
        state[1] += 1
        by_hash[other] = state[1]
    row = np.uint64(state[2])
    spellings[row, 0] = low
    spellings[row, 1] = high
    spellings[row, 2] = value
    spellings[row, 3] = np.uint64(by_hash[other] - 1)
    state[2] += 1
    slots[slot] = state[2]
    return np.int64(by_hash[other] - 1), value


@Inlined
def look_up(
    folded: Any, edges: Any, run: Any, end: Any, slots: Any, spellings: Any, ahead: Any
) -> None:
    """Write both halves, the hash and the number of the tokens of ASCII that are known already.

    The number is negative where a run is not found at once, or is no token of ASCII of up to 16
    bytes. Each loop waits for memory that the others do not need, so that the processor waits for
    many words at a time.
    """
    mask = np.uint64(len(slots) - 1)
    count = np.uint64(end - run)
    for i in range(count):
        at = np.int64(edges[2 * np.uint64(run) + 2 * i])
        length = np.int64(edges[2 * np.uint64(run) + 2 * i + _ONE]) - at
        size = np.uint64(length) & np.uint64(31)  # a longer run is no token of 16 bytes anyway
        low = word(folded, at) & FIRST[size]
        high = word(folded, at + 8) & _SECOND[size]
        ahead[0, i] = low
        ahead[1, i] = high
        ahead[3, i] = ((low | high) & HIGH) | np.uint64(length > 16)
    for i in range(count):
        ahead[2, i] = np.uint64(slots[_slot(ahead[0, i], ahead[1, i]) & mask])
    for i in range(count):
        row = max(ahead[2, i], _ONE) - _ONE
        # without `and`, which would be branches
        found = (
            (spellings[row, 0] ^ ahead[0, i])
            | (spellings[row, 1] ^ ahead[1, i])
            | np.uint64(ahead[2, i] == _ZERO)
            | ahead[3, i]
        )
        ahead[2, i] = spellings[row, 2]
        ahead[3, i] = spellings[row, 3] | (np.uint64(found != _ZERO) << np.uint64(63))


@machine_code("i4[:], u8[::], i8, i4[:], u8[:], i8")
def grow_kernel(
    slots: Any, spellings: Any, spelled: int, by_hash: Any, vocabulary: Any, size: int
) -> int:
    """Fill larger tables, which are zero, with the spellings and words that are known."""
    mask = np.uint64(len(slots) - 1)
    for i in range(spelled):
        slot = _slot(spellings[i, 0], spellings[i, 1]) & mask
        while slots[slot] != 0:
            slot = (slot + _ONE) & mask
        slots[slot] = i + 1
    mask = np.uint64(len(by_hash) - 1)
    for i in range(size):
        slot = vocabulary[i] & mask
        while by_hash[slot] != 0:
            slot = (slot + _ONE) & mask
        by_hash[slot] = i + 1
    return 0
