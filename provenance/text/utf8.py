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
from provenance.text.spellings import ALL, FIRST, look_up, number_of
from provenance.text.tokens import BLANK_LINE, CHARACTER_WEIGHT, NO_BREAK, WORD_WEIGHT
from provenance.text.xxh64 import digest, reset, take_stripe

_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_GATHER = np.uint64(0x0102040810204080)  # brings bit 0 of eight bytes together in the highest
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


@machine_code("u1[:], u1[:]")
def fold_kernel(data: Any, folded: Any) -> int:
    """Write letters and digits of ASCII in lower case, 0 for what surely parts tokens, else 255.

    What surely does are other characters of ASCII, dashes and quotation marks. The last two bytes
    are left as they are.
    """
    last = len(data) - 2
    for i in range(min(2, last)):
        apart = _apart(data[i], data[i + 1], data[i + 2])
        if i == 1:
            apart = min(apart, _apart(data[0], data[1], data[2]))
        folded[i] = np.uint8(0) if apart == 0 else _lower(data[i])
    # the place two further on, unsigned, so that no place counts from the end
    for i in range(np.uint64(max(last, 2)) - np.uint64(2)):
        third = data[i + np.uint64(2)]
        apart = min(
            _apart(third, data[i + np.uint64(3)], data[i + np.uint64(4)]),
            _apart(data[i + _ONE], third, data[i + np.uint64(3)]),
            _apart(data[i], data[i + _ONE], third),
        )
        folded[i + np.uint64(2)] = np.uint8(0) if apart == 0 else _lower(third)
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
    and how many words and spellings are known. Places are written if there is room for any. Where
    the vocabulary is full the text that overflowed is not written.
    """
    placed = len(starts) > 0
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
                look_up(folded, edges, run, ready, slots, spellings, ahead)
            if not placed:  # the usual words, one after the other
                known = np.uint64(run - origin)
                end = np.uint64(ready - origin)
                while (
                    known < end
                    and np.int64(ahead[3, known]) >= 0
                    and edges[np.uint64(2 * origin) + 2 * known] < stop
                ):
                    ids[np.uint64(written)] = ahead[3, known]
                    hashes[np.uint64(written)] = ahead[2, known]
                    written += 1
                    known += _ONE
                if np.int64(known) + origin > run:
                    run = origin + np.int64(known)
                    continue
            at = np.int64(edges[2 * run])
            high_edge = np.int64(edges[2 * run + 1])
            known = np.uint64(run - origin)
            run += 1
            if placed:
                gap = word(data, behind) & FIRST[np.uint64(at - behind) & np.uint64(31)]
                lines = (gap + _FROM_10) & ~(gap + _FROM_14) & HIGH
                if lines != _ZERO or gap & HIGH != _ZERO or at - behind > 8:
                    for place in range(behind, at):
                        newlines, line_break = _broken(
                            np.int64(data[place]), carriage, newlines, line_break
                        )
                        carriage = data[place] == 13
                        beyond += np.int64(data[place] & 0xC0 == 0x80)
                elif at > behind:
                    carriage = False
                behind = high_edge
            length = high_edge - at
            number = np.int64(ahead[3, known])
            value = ahead[2, known]
            low = ahead[0, known]
            high = ahead[1, known]
            if number < 0 and length <= 16 and (low | high) & HIGH == _ZERO:
                number, value = number_of(
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
                if placed:
                    starts[written] = at - beyond
                    ends[written] = at - beyond + length
                    breaks[written] = line_break
                    newlines = 0
                    line_break = NO_BREAK
                    carriage = False
                written += 1
                continue
            # The steps of the definition.
            held = 0
            total = 0
            base = 0
            start = 0
            end = 0
            low = _ZERO
            high = _ZERO
            reset(lanes)
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
                            value = digest(buffer, held, total, lanes)
                            low = value
                            high = ALL
                        number, value = number_of(
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
                        if placed:
                            starts[written] = start
                            ends[written] = end
                            breaks[written] = line_break
                        written += 1
                        if total >= 32:
                            reset(lanes)
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
                            take_stripe(buffer, lanes)
                            held = 0
                        buffer[held] = encoded
                        held += 1
                        total += 1
                if held == 32:
                    take_stripe(buffer, lanes)
                    held = 0
                at += size
                beyond += size - 1
                end = at - beyond
        counts[text] = written - before
        state[0] = written
        state[1] = run
    return len(bounds) - 1
