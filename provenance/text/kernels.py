"""Compiled token kernels: code points to token hashes, and token hashes to vocabulary numbers.

Importing this module imports numba. :mod:`provenance.text.tokens` defines what they compute.
"""

from typing import Any

import numpy as np

from provenance.compiled import kernel
from provenance.text.folding import BARE, MARKED, NONSPACING, SEPARATOR, SINGLE, TRANSPARENT
from provenance.text.tokens import (
    BLANK_LINE,
    CHARACTER_WEIGHT,
    LINE_BREAK,
    NO_BREAK,
    WORD_WEIGHT,
)

_P1 = np.uint64(0x9E3779B185EBCA87)
_P2 = np.uint64(0xC2B2AE3D27D4EB4F)
_P3 = np.uint64(0x165667B19E3779F9)
_P4 = np.uint64(0x85EBCA77C2B2AE63)
_P5 = np.uint64(0x27D4EB2F165667C5)
_MIX = np.uint64(0x9E3779B97F4A7C15)


@kernel
def _rotate(value: Any, count: Any) -> Any:
    return (value << np.uint64(count)) | (value >> np.uint64(64 - count))


@kernel
def _word(buffer: Any, at: Any, size: Any) -> Any:
    """Read a little-endian number of `size` bytes."""
    value = np.uint64(0)
    for i in range(size):
        value |= np.uint64(buffer[at + i]) << np.uint64(8 * i)
    return value


@kernel
def _round(lane: Any, value: Any) -> Any:
    return _rotate(lane + value * _P2, 31) * _P1


@kernel
def _stripe(buffer: Any, lanes: Any) -> None:
    """Take 32 bytes into the four lanes of xxh64."""
    for i in range(4):
        lanes[i] = _round(lanes[i], _word(buffer, 8 * i, 8))


@kernel
def _digest(buffer: Any, held: Any, total: Any, lanes: Any) -> Any:
    """Finish xxh64, seed 0, of `total` bytes, the last `held` of which are in the buffer.

    Source: the xxHash specification, XXH64.
    """
    if total >= 32:
        value = (
            _rotate(lanes[0], 1)
            + _rotate(lanes[1], 7)
            + _rotate(lanes[2], 12)
            + _rotate(lanes[3], 18)
        )
        for i in range(4):
            value = (value ^ _round(np.uint64(0), lanes[i])) * _P1 + _P4
    else:
        value = _P5
    value += np.uint64(total)
    at = 0
    while at + 8 <= held:
        value = _rotate(value ^ _round(np.uint64(0), _word(buffer, at, 8)), 27) * _P1 + _P4
        at += 8
    if at + 4 <= held:
        value = _rotate(value ^ (_word(buffer, at, 4) * _P1), 23) * _P2 + _P3
        at += 4
    while at < held:
        value = _rotate(value ^ (np.uint64(buffer[at]) * _P5), 11) * _P1
        at += 1
    value = (value ^ (value >> np.uint64(33))) * _P2
    value = (value ^ (value >> np.uint64(29))) * _P3
    return value ^ (value >> np.uint64(32))


@kernel
def _reset(lanes: Any) -> None:
    lanes[0] = _P1 + _P2
    lanes[1] = _P2
    lanes[2] = np.uint64(0)
    lanes[3] = np.uint64(0) - _P1


@kernel
def token_kernel(
    points: Any,
    bounds: Any,
    classes: Any,
    fold_index: Any,
    fold_start: Any,
    fold_points: Any,
    hashes: Any,
    starts: Any,
    ends: Any,
    weights: Any,
    breaks: Any,
    counts: Any,
) -> int:
    """Write the tokens of the texts `points[bounds[i]:bounds[i + 1]]`; return how many there are.

    `hashes`, `starts`, `ends`, `weights` and `breaks` need room for one token a code point.
    """
    buffer = np.empty(32, np.uint8)
    lanes = np.empty(4, np.uint64)
    encoded = np.empty(4, np.uint8)
    written = 0
    for text in range(len(bounds) - 1):
        first = bounds[text]
        before = written
        held = 0
        total = 0
        base = 0
        newlines = 0
        line_break = BLANK_LINE
        start = 0
        end = 0
        carriage = False
        _reset(lanes)
        for at in range(first, bounds[text + 1] + 1):
            point = points[at] if at < bounds[text + 1] else 32
            kind = classes[point]
            if kind == TRANSPARENT:
                continue
            if (
                kind == SEPARATOR
                or kind == SINGLE
                or (base == SINGLE and (kind == BARE or kind == MARKED))
            ):
                if total > 0:
                    hashes[written] = _digest(buffer, held, total, lanes)
                    starts[written] = start
                    ends[written] = end
                    weights[written] = CHARACTER_WEIGHT if base == SINGLE else WORD_WEIGHT
                    breaks[written] = line_break
                    written += 1
                    if total >= 32:
                        _reset(lanes)
                    held = 0
                    total = 0
                    base = 0
                    newlines = 0
                    line_break = NO_BREAK
                if kind == SEPARATOR:
                    if (
                        10 <= point <= 13 or point == 0x85 or point == 0x2028 or point == 0x2029
                    ) and not (point == 10 and carriage):
                        newlines += 1
                        if newlines >= 2:
                            line_break = BLANK_LINE
                        elif line_break == NO_BREAK:
                            line_break = LINE_BREAK
                    carriage = point == 13
                    continue
            elif kind == BARE or kind == MARKED:
                pass
            elif total == 0:
                continue
            elif kind == NONSPACING and base == BARE:
                end = at - first + 1
                continue
            if total == 0:
                start = at - first
            if kind == BARE or kind == MARKED or kind == SINGLE:
                base = kind
            carriage = False
            form = fold_index[point]
            low = 0
            high = 1
            if form != 0:
                low = fold_start[form]
                high = fold_start[form + 1]
            for i in range(low, high):
                folded = fold_points[i] if form != 0 else point
                if folded < 0x80:
                    encoded[0] = folded
                    size = 1
                elif folded < 0x800:
                    encoded[0] = 0xC0 | (folded >> 6)
                    encoded[1] = 0x80 | (folded & 0x3F)
                    size = 2
                elif folded < 0x10000:
                    encoded[0] = 0xE0 | (folded >> 12)
                    encoded[1] = 0x80 | ((folded >> 6) & 0x3F)
                    encoded[2] = 0x80 | (folded & 0x3F)
                    size = 3
                else:
                    encoded[0] = 0xF0 | (folded >> 18)
                    encoded[1] = 0x80 | ((folded >> 12) & 0x3F)
                    encoded[2] = 0x80 | ((folded >> 6) & 0x3F)
                    encoded[3] = 0x80 | (folded & 0x3F)
                    size = 4
                for j in range(size):
                    if held == 32:
                        _stripe(buffer, lanes)
                        held = 0
                    buffer[held] = encoded[j]
                    held += 1
                total += size
            if held == 32:
                _stripe(buffer, lanes)
                held = 0
            end = at - first + 1
        counts[text] = written - before
    return written


@kernel
def intern_kernel(
    hashes: Any,
    weights: Any,
    keys: Any,
    numbers: Any,
    known: Any,
    known_weights: Any,
    count: int,
    ids: Any,
) -> int:
    """Give every hash its vocabulary number, new ones in order of first sight.

    `keys` and `numbers` (-1 where free) are an open-addressing table whose size is a power of two
    and at least twice the vocabulary. Returns the new size of the vocabulary.
    """
    mask = np.uint64(len(keys) - 1)
    for i in range(len(hashes)):
        value = hashes[i]
        slot = (value * _MIX >> np.uint64(20)) & mask
        while numbers[slot] >= 0 and keys[slot] != value:
            slot = (slot + np.uint64(1)) & mask
        if numbers[slot] < 0:
            keys[slot] = value
            numbers[slot] = count
            known[count] = value
            known_weights[count] = weights[i]
            count += 1
        ids[i] = numbers[slot]
    return count


@kernel
def letter_kernel(
    points: Any,
    bounds: Any,
    classes: Any,
    fold_index: Any,
    fold_start: Any,
    fold_points: Any,
    letters: Any,
    places: Any,
    counts: Any,
) -> int:
    """Write the folded letters of the texts with the code-point offset each was read at.

    Returns how many fit: where `letters` is full, texts that did not fit have a count of -1.
    """
    written = 0
    for text in range(len(bounds) - 1):
        before = written
        base = 0
        for at in range(bounds[text], bounds[text + 1]):
            point = points[at]
            kind = classes[point]
            if kind == TRANSPARENT:
                continue
            if kind == SEPARATOR:
                base = 0
                continue
            if kind == BARE or kind == MARKED or kind == SINGLE:
                base = kind
            elif base == 0 or (kind == NONSPACING and base == BARE):
                continue
            form = fold_index[point]
            if form == 0:
                if written == len(letters):
                    counts[text:] = -1
                    return before
                letters[written] = point
                places[written] = at - bounds[text]
                written += 1
            else:
                for i in range(fold_start[form], fold_start[form + 1]):
                    if written == len(letters):
                        counts[text:] = -1
                        return before
                    letters[written] = fold_points[i]
                    places[written] = at - bounds[text]
                    written += 1
        counts[text] = written - before
    return written
