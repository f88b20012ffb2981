"""A kernel that tells which lines of texts in UTF-8 may be page furniture.

:mod:`provenance.match.likely_furniture` says what it asks of a line.
"""

from typing import Any

import numpy as np

from provenance.eight_bytes import LOW, word, zeros
from provenance.machine_code import Inlined, machine_code

TIMES = np.uint64(0x100000001B3)
FIRST, SECOND, LAST = (
    np.uint64(seed) for seed in (0xCBF29CE484222325, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
)
ALONE, CLOSED, PAIR, LATTER = 1, 2, 4, 8  # kinds of hashes
SPACE, EDGE, BETWEEN, STOP, SEPARATES = 1, 2, 4, 8, 16  # kinds of bytes
OTHER, QUOTE, BARS = 1, 2, 4  # what a part of a line holds

_LINE_FEED = LOW * np.uint64(10)
_RETURN = LOW * np.uint64(13)


@machine_code("u1[:], i8[:], u2[:], u8[:], u1[:], i8, i8[:], i8[:], i8[:]")
def line_kernel(
    data: Any,
    bounds: Any,
    marks: Any,
    slots: Any,
    kinds: Any,
    longest: int,
    texts: Any,
    lows: Any,
    highs: Any,
) -> int:
    """Write the text, first and last byte of the lines that may be furniture, in order.

    Text `i` is `data[bounds[i]:bounds[i + 1] - 1]`. `marks` has the kinds of each byte, and above
    them its lower case. Hashes that are asked for are in `slots`, with their `kinds`. Longer lines
    than `longest` code points are left out. Returns how many there are, be there room or not.
    """
    found = 0
    for text in range(len(bounds) - 1):
        at, stop = bounds[text], bounds[text + 1] - 1
        while at < stop:
            end = _line_end(data, at, stop)
            low, high = _trimmed(data, at, end, marks)
            at = end + 1
            points = high - low
            if points > 4 * longest or low == high:
                continue
            for i in range(low, high):
                points -= np.int64(data[i] & 0xC0 == 0x80)
            if points <= longest and (
                _is_bar(data, low, high, marks) or _may_be(data, low, high, marks, slots, kinds)
            ):
                if found < len(texts):
                    texts[found], lows[found], highs[found] = text, low, high
                found += 1
    return found


@Inlined
def _line_end(data: Any, at: Any, end: Any) -> Any:
    """Return the place of the first line feed or carriage return, `end` if there is none."""
    while at + 8 <= end:
        eight = word(data, at)
        if (zeros(eight ^ _LINE_FEED) | zeros(eight ^ _RETURN)) != 0:
            break
        at += 8
    while at < end and data[at] != 10 and data[at] != 13:
        at += 1
    return at


@Inlined
def _trimmed(data: Any, low: Any, high: Any, marks: Any) -> Any:
    """Return a line without the space around it, which may take other marks with it."""
    while low < high:
        if marks[data[low]] & SPACE:
            low += 1
        elif high - low >= 2 and _is_space(data, low, 2):
            low += 2
        elif high - low >= 3 and _is_space(data, low, 3):
            low += 3
        else:
            break
    while low < high:
        if marks[data[high - 1]] & SPACE:
            high -= 1
        elif high - low >= 2 and _is_space(data, high - 2, 2):
            high -= 2
        elif high - low >= 3 and _is_space(data, high - 3, 3):
            high -= 3
        else:
            break
    return low, high


@Inlined
def _is_space(data: Any, at: Any, size: Any) -> bool:
    """Whether so many bytes may be a space."""
    if size == 2:
        return data[at] == 0xC2 and (data[at + 1] == 0x85 or data[at + 1] == 0xA0)
    if data[at] == 0xE1:
        return data[at + 1] == 0x9A and data[at + 2] == 0x80
    if data[at] == 0xE3:
        return data[at + 1] == 0x80 and data[at + 2] == 0x80
    if data[at] != 0xE2:
        return False
    last = data[at + 2]
    if data[at + 1] == 0x81:
        return last == 0x9F
    return data[at + 1] == 0x80 and (last <= 0x8A or last == 0xA8 or last == 0xA9 or last == 0xAF)


@Inlined
def _is_bar(data: Any, low: Any, high: Any, marks: Any) -> bool:
    """Whether a line may have two separators with space behind."""
    found = 0
    for at in range(low, high - 1):
        mark, after = data[at], data[at + 1]
        separates = marks[mark] & SEPARATES != 0
        if mark >= 128 and at >= low + 2:
            separates = (mark == 0xB7 or mark == 0xBB) and data[at - 1] == 0xC2
            if (mark == 0xA2 or mark == 0xBA) and data[at - 1] == 0x80:
                separates = data[at - 2] == 0xE2
        found += np.int64(separates and (after >= 128 or marks[after] & SPACE != 0))
    return found >= 2


@Inlined
def _may_be(data: Any, low: Any, high: Any, marks: Any, slots: Any, kinds: Any) -> bool:
    """Whether the first two words or a last word of a line are such as furniture has."""
    while low < high and marks[data[low]] & EDGE:
        low += 1
    while low < high and marks[data[low]] & (SPACE | BETWEEN):
        low += 1
    if low == high:
        return False
    after = _word_end(data, low, high, marks)
    holds = _holds(data, low, after)
    quoted = _is_quote(data, low, high)
    if holds & OTHER or (holds & QUOTE and not quoted):
        return True
    value = _hash(data, low, _core_end(data, low, after, marks), marks, FIRST)
    kind = np.uint8(PAIR) if quoted else _kind_of(value, slots, kinds)
    if kind & ALONE:
        return True
    first = low
    if kind == 0:  # only the end of the line can tell
        while high > low and marks[data[high - 1]] & (SPACE | BETWEEN | EDGE):
            high -= 1
        first = high
        while first > low and not marks[data[first - 1]] & (SPACE | BETWEEN):
            first -= 1
    elif not quoted:
        second = after
        while second < high and marks[data[second]] & (SPACE | BETWEEN):
            second += 1
        end = _word_end(data, second, high, marks)
        core = _core_end(data, second, end, marks)
        if core == second or (kind & CLOSED and marks[data[after - 1]] & STOP):
            return True
        if holds & BARS or _holds(data, second, end) != 0:
            return True
        value = _hash(data, second, core, marks, value ^ SECOND)
        if _kind_of(value, slots, kinds) & PAIR:
            return True
    while first < high:
        end = _word_end(data, first, high, marks)
        if _holds(data, first, end) & (OTHER | BARS):
            return True
        value = _hash(data, first, _core_end(data, first, end, marks), marks, LAST)
        if _kind_of(value, slots, kinds) & LATTER:
            return True
        first = end + 1
    return False


@Inlined
def _word_end(data: Any, at: Any, high: Any, marks: Any) -> Any:
    """Return where a word ends that begins here."""
    while at < high and not marks[data[at]] & (SPACE | BETWEEN):
        at += 1
    return at


@Inlined
def _core_end(data: Any, low: Any, high: Any, marks: Any) -> Any:
    """Return where a word ends without the marks at its end."""
    while high > low and marks[data[high - 1]] & EDGE:
        high -= 1
    return high


@Inlined
def _holds(data: Any, low: Any, high: Any) -> Any:
    """Return whether a part holds bars, curly quotes, or other code points beyond ASCII."""
    found = 0
    at = low
    while at < high:
        if data[at] == 124:
            found |= BARS
        elif data[at] >= 128:
            quote = _is_quote(data, at, high)
            found |= QUOTE if quote else OTHER
            at += 2 if quote else 0
        at += 1
    return found


@Inlined
def _is_quote(data: Any, at: Any, high: Any) -> bool:
    """Whether a curly quote, which counts as a straight one, stands here."""
    if at + 3 > high or data[at] != 0xE2 or data[at + 1] != 0x80:
        return False
    last = data[at + 2]
    return last == 0x98 or last == 0x99 or last == 0x9C or last == 0x9D


@Inlined
def _hash(data: Any, low: Any, high: Any, marks: Any, seed: Any) -> Any:
    """Return a hash of a word in lower case."""
    value = seed
    for i in range(low, high):
        value = (value ^ np.uint64(marks[data[i]] >> np.uint16(8))) * TIMES
    return value ^ (value >> np.uint64(32))


@Inlined
def _kind_of(value: Any, slots: Any, kinds: Any) -> Any:
    """Return the kind of a hash, 0 of one that nobody asks for."""
    mask = np.uint64(len(slots) - 1)
    slot = value & mask
    while kinds[slot] != 0 and slots[slot] != value:
        slot = (slot + np.uint64(1)) & mask
    return kinds[slot]
