"""The token kernel of the compiled path: UTF-8 to tokens, eight bytes at a time.

:mod:`provenance.text.tokens` defines what it computes. A token of up to sixteen bytes is known by
those bytes, so that its hash is computed when it is first seen; anything but plain ASCII takes
the definition's steps, a character at a time.
"""

from typing import Any

import numpy as np

from provenance.eight_bytes import HIGH, bits_below, word
from provenance.machine_code import Inlined, machine_code
from provenance.text.folding import BARE, MARKED, NONSPACING, SEPARATOR, SINGLE, TRANSPARENT
from provenance.text.tokens import (
    BLANK_LINE,
    CHARACTER_WEIGHT,
    NO_BREAK,
    WORD_WEIGHT,
)

_P1 = np.uint64(0x9E3779B185EBCA87)
_P2 = np.uint64(0xC2B2AE3D27D4EB4F)
_P3 = np.uint64(0x165667B19E3779F9)
_P4 = np.uint64(0x85EBCA77C2B2AE63)
_P5 = np.uint64(0x27D4EB2F165667C5)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_GATHER = np.uint64(0x0102040810204080)  # brings bit 0 of eight bytes together in the highest
# The bytes of a token of some length among the first eight, and among the eight behind them.
_SIZES = range(32)
_FIRST = np.array([(1 << 8 * min(size, 8)) - 1 for size in _SIZES], np.uint64)
_SECOND = np.array([(1 << 8 * min(max(size - 8, 0), 8)) - 1 for size in _SIZES], np.uint64)
AHEAD = 256  # runs that are looked up at a time
_FROM_10 = np.uint64(0x7676767676767676)  # added to a byte of ASCII: its high bit if 10 or more
_FROM_14 = np.uint64(0x7272727272727272)
_END = 32  # stands behind the last character
_OTHER = 0xFF  # in folded bytes: part of a character beyond ASCII


@Inlined
def decode(data: Any, at: Any) -> Any:
    """Return the code point of the UTF-8 sequence (of 2 to 4 bytes) at a place, and its length."""
    first = np.int64(data[at])
    if first < 0xE0:
        return ((first & 0x1F) << 6) | (np.int64(data[at + 1]) & 0x3F), 2
    if first < 0xF0:
        return (
            ((first & 0x0F) << 12)
            | ((np.int64(data[at + 1]) & 0x3F) << 6)
            | (np.int64(data[at + 2]) & 0x3F)
        ), 3
    return (
        ((first & 0x07) << 18)
        | ((np.int64(data[at + 1]) & 0x3F) << 12)
        | ((np.int64(data[at + 2]) & 0x3F) << 6)
        | (np.int64(data[at + 3]) & 0x3F)
    ), 4


@Inlined
def _rotate(value: Any, count: Any) -> Any:
    return (value << np.uint64(count)) | (value >> np.uint64(64 - count))


@Inlined
def _round(lane: Any, value: Any) -> Any:
    return _rotate(lane + value * _P2, 31) * _P1


@Inlined
def _stripe(buffer: Any, lanes: Any) -> None:
    """Take 32 bytes into the four lanes of xxh64."""
    for i in range(4):
        lanes[i] = _round(lanes[i], word(buffer, 8 * i))


@Inlined
def _reset(lanes: Any) -> None:
    lanes[0] = _P1 + _P2
    lanes[1] = _P2
    lanes[2] = _ZERO
    lanes[3] = _ZERO - _P1


@Inlined
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


@Inlined
def _slot(low: Any, high: Any) -> Any:
    value = (low ^ (high * _P2)) * _MIX
    return value ^ (value >> np.uint64(32))


@Inlined
def _number(
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

    A token of up to 16 bytes is spelled by them, zeros behind (`low`, `high`); a longer one by
    its hash, which is `given`, and all ones. `slots` is a hash table of the rows of `spellings`,
    of which there are `state[3]`: both halves, hash, number. They lie in order of first sight, so
    that the usual ones lie together. `state[2]` is the size of the vocabulary.
    """
    mask = np.uint64(len(slots) - 1)
    slot = _slot(low, high) & mask
    while slots[slot] != 0:
        row = np.uint64(slots[slot] - 1)
        if spellings[row, 0] == low and spellings[row, 1] == high:
            return np.int64(spellings[row, 3]), spellings[row, 2]
        slot = (slot + _ONE) & mask
    if state[3] == len(spellings):
        return np.int64(-1), _ZERO
    value = given
    if high != _ALL:
        size = 0
        for i in range(8):
            buffer[i] = (low >> np.uint64(8 * i)) & np.uint64(255)
            buffer[i + 8] = (high >> np.uint64(8 * i)) & np.uint64(255)
        while size < 16 and buffer[size] != 0:
            size += 1
        value = _digest(buffer, size, size, lanes)
    # two tokens of one hash have one number
    other = value & mask
    while by_hash[other] != 0 and vocabulary[by_hash[other] - 1] != value:
        other = (other + _ONE) & mask
    if by_hash[other] == 0:
        vocabulary[state[2]] = value
        weights[state[2]] = weight
        state[2] += 1
        by_hash[other] = state[2]
    row = np.uint64(state[3])
    spellings[row, 0] = low
    spellings[row, 1] = high
    spellings[row, 2] = value
    spellings[row, 3] = np.uint64(by_hash[other] - 1)
    state[3] += 1
    slots[slot] = state[3]
    return np.int64(by_hash[other] - 1), value


@machine_code("u1[:], u1[:]")
def fold_kernel(data: Any, folded: Any) -> int:
    """Write letters and digits of ASCII in lower case, 0 for its other characters, else 255."""
    for i in range(len(data)):
        byte = data[i]
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
        folded[i] = value
    return 0


@machine_code("u1[:], u4[:]")
def edge_kernel(folded: Any, edges: Any) -> int:
    """Write where each run of bytes that are not zero begins and ends; return how many runs.

    The length of `folded` is a multiple of 64, and its last byte is zero.
    """
    found = 0
    before = _ZERO
    for at in range(np.uint64(0), np.uint64(len(folded)), np.uint64(64)):
        mask = _ZERO
        for part in range(np.uint64(8)):
            eight = word(folded, at + np.uint64(8) * part)
            some = ((((eight & ~HIGH) + ~HIGH) | eight) & HIGH) >> np.uint64(7)
            mask |= ((some * _GATHER) >> np.uint64(56)) << (np.uint64(8) * part)
        turns = mask ^ ((mask << _ONE) | before)
        before = mask >> np.uint64(63)
        while turns != _ZERO:
            edges[found] = at + bits_below(turns)
            found += 1
            turns &= turns - _ONE
    return found // 2


@Inlined
def _look_up(
    folded: Any, edges: Any, run: Any, end: Any, slots: Any, spellings: Any, ahead: Any
) -> None:
    """Write both halves, the hash and the number of the tokens of ASCII that are known already.

    The number is -1 where a run is not found at once, or is no token of ASCII of up to 16 bytes.
    Each loop waits for memory that the others do not need, so that the processor waits for many
    words at a time.
    """
    mask = np.uint64(len(slots) - 1)
    count = np.uint64(end - run)
    for i in range(count):
        at = np.int64(edges[2 * np.uint64(run) + 2 * i])
        length = np.int64(edges[2 * np.uint64(run) + 2 * i + _ONE]) - at
        size = np.uint64(length) & np.uint64(31)  # a longer run is no token of 16 bytes anyway
        low = word(folded, at) & _FIRST[size]
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
        ahead[3, i] = spellings[row, 3] | (_ZERO - np.uint64(found != _ZERO))


@Inlined
def _broken(point: Any, carriage: Any, newlines: Any, line_break: Any) -> Any:
    """Return the newlines since a token and the break they make, past one more separator."""
    if (10 <= point <= 13 or point == 0x85 or point == 0x2028 or point == 0x2029) and not (
        point == 10 and carriage
    ):
        newlines += 1
        line_break = max(line_break, min(newlines, BLANK_LINE))
    return newlines, line_break


@machine_code(
    "u1[:], u1[:], u4[:], i8, i8[:], i8, u1[:], u2[:], u4[:], u4[:], i4[:], u8[::], i4[:], u8[:], "
    "u1[:], i4[:], u8[:], u4[:], u4[:], u1[:], i8[:], i8[:], u1[:], u8[:], u8[::]"
)
def token_kernel(
    data: Any,
    folded: Any,
    edges: Any,
    runs: int,
    bounds: Any,
    first: int,
    classes: Any,
    fold_index: Any,
    fold_start: Any,
    fold_points: Any,
    slots: Any,
    spellings: Any,
    by_hash: Any,
    vocabulary: Any,
    weights: Any,
    ids: Any,
    hashes: Any,
    starts: Any,
    ends: Any,
    breaks: Any,
    counts: Any,
    state: Any,
    buffer: Any,
    lanes: Any,
    ahead: Any,
) -> int:
    """Write the tokens of the texts from `first` on; return the text to go on with.

    Text `i` is `data[bounds[i]:bounds[i + 1] - 1]`; between texts, and behind the last, lies a
    zero byte, and sixteen more behind all. `state` holds the tokens written, the runs used up,
    and how many words and spellings are known. Where the vocabulary is full the text that
    overflowed is not written.
    """
    run = state[1]
    ready = run  # the runs before are looked up
    origin = run
    for text in range(first, len(bounds) - 1):
        begin = bounds[text]
        stop = bounds[text + 1] - 1
        before = state[0]
        written = before
        beyond = begin  # bytes that are no code points of their own
        newlines = 0
        line_break = BLANK_LINE
        carriage = False
        behind = begin
        while run < runs and edges[2 * run] < stop:
            if run == ready:
                origin = run
                ready = min(run + AHEAD, runs)
                _look_up(folded, edges, run, ready, slots, spellings, ahead)
            at = np.int64(edges[2 * run])
            high_edge = np.int64(edges[2 * run + 1])
            known = np.uint64(run - origin)
            run += 1
            gap = word(data, behind) & _FIRST[np.uint64(at - behind) & np.uint64(31)]
            lines = (gap + _FROM_10) & ~(gap + _FROM_14) & HIGH
            if lines != _ZERO or at - behind > 8:
                for place in range(behind, at):
                    newlines, line_break = _broken(
                        np.int64(data[place]), carriage, newlines, line_break
                    )
                    carriage = data[place] == 13
            elif at > behind:
                carriage = False
            behind = high_edge
            length = high_edge - at
            number = np.int64(ahead[3, known])
            value = ahead[2, known]
            low = ahead[0, known]
            high = ahead[1, known]
            if number < 0 and length <= 16 and (low | high) & HIGH == _ZERO:
                number, value = _number(
                    low,
                    high,
                    _ZERO,
                    WORD_WEIGHT,
                    slots,
                    spellings,
                    by_hash,
                    vocabulary,
                    weights,
                    buffer,
                    lanes,
                    state,
                )
                if number < 0:
                    return text
            if number >= 0:
                ids[written] = number
                hashes[written] = value
                starts[written] = at - beyond
                ends[written] = at - beyond + length
                breaks[written] = line_break
                written += 1
                newlines = 0
                line_break = NO_BREAK
                carriage = False
                continue
            # The steps of the definition.
            held = 0
            total = 0
            base = 0
            start = 0
            end = 0
            low = _ZERO
            high = _ZERO
            _reset(lanes)
            while at <= high_edge:
                point = np.int64(_END)
                size = 1
                if at < high_edge:
                    point = np.int64(data[at])
                    if point >= 0x80:
                        point, size = decode(data, at)
                kind = classes[point]
                if kind == TRANSPARENT:
                    at += size
                    beyond += size - 1
                    continue
                if (
                    kind == SEPARATOR
                    or kind == SINGLE
                    or (base == SINGLE and (kind == BARE or kind == MARKED))
                ):
                    if total > 0:
                        weight = CHARACTER_WEIGHT if base == SINGLE else WORD_WEIGHT
                        value = _ZERO
                        if total > 16:
                            value = _digest(buffer, held, total, lanes)
                            low = value
                            high = _ALL
                        number, value = _number(
                            low,
                            high,
                            value,
                            weight,
                            slots,
                            spellings,
                            by_hash,
                            vocabulary,
                            weights,
                            buffer,
                            lanes,
                            state,
                        )
                        if number < 0:
                            return text
                        ids[written] = number
                        hashes[written] = value
                        starts[written] = start
                        ends[written] = end
                        breaks[written] = line_break
                        written += 1
                        if total >= 32:
                            _reset(lanes)
                        held = 0
                        total = 0
                        base = 0
                        low = _ZERO
                        high = _ZERO
                        newlines = 0
                        line_break = NO_BREAK
                        carriage = False
                    if kind == SEPARATOR:
                        if at < high_edge:
                            newlines, line_break = _broken(point, carriage, newlines, line_break)
                            carriage = False
                            beyond += size - 1
                        at += size
                        continue
                elif kind == BARE or kind == MARKED:
                    pass
                elif total == 0:
                    at += size
                    beyond += size - 1
                    continue
                elif kind == NONSPACING and base == BARE:
                    at += size
                    beyond += size - 1
                    end = at - beyond
                    continue
                if total == 0:
                    start = at - beyond
                if kind == BARE or kind == MARKED or kind == SINGLE:
                    base = kind
                form = fold_index[point]
                i = np.int64(0)
                last = np.int64(1)
                if form != 0:
                    i = np.int64(fold_start[form])
                    last = np.int64(fold_start[form + 1])
                while i < last:
                    letter = point
                    if form != 0:
                        letter = np.int64(fold_points[i])
                    i += 1
                    width = 1
                    code = letter
                    if letter >= 0x10000:
                        width = 4
                        code = (
                            (0xF0 | (letter >> 18))
                            | ((0x80 | ((letter >> 12) & 0x3F)) << 8)
                            | ((0x80 | ((letter >> 6) & 0x3F)) << 16)
                            | ((0x80 | (letter & 0x3F)) << 24)
                        )
                    elif letter >= 0x800:
                        width = 3
                        code = (
                            (0xE0 | (letter >> 12))
                            | ((0x80 | ((letter >> 6) & 0x3F)) << 8)
                            | ((0x80 | (letter & 0x3F)) << 16)
                        )
                    elif letter >= 0x80:
                        width = 2
                        code = (0xC0 | (letter >> 6)) | ((0x80 | (letter & 0x3F)) << 8)
                    for _ in range(width):
                        encoded = code & 0xFF
                        code >>= 8
                        if total < 8:
                            low |= np.uint64(encoded) << np.uint64(8 * total)
                        elif total < 16:
                            high |= np.uint64(encoded) << np.uint64(8 * (total - 8))
                        if held == 32:
                            _stripe(buffer, lanes)
                            held = 0
                        buffer[held] = encoded
                        held += 1
                        total += 1
                if held == 32:
                    _stripe(buffer, lanes)
                    held = 0
                at += size
                beyond += size - 1
                end = at - beyond
        counts[text] = written - before
        state[0] = written
        state[1] = run
    return len(bounds) - 1


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
    for i in range(size):
        slot = vocabulary[i] & mask
        while by_hash[slot] != 0:
            slot = (slot + _ONE) & mask
        by_hash[slot] = i + 1
    return 0
