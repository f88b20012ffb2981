"""The token kernel of the compiled path: UTF-8 to tokens, eight bytes at a time.

:mod:`provenance.text.tokens` defines what it computes. A token of up to sixteen bytes is known by
those bytes, so that its hash is computed when it is first seen; anything but plain ASCII takes
the definition's steps, a character at a time.
"""

from typing import Any

import numpy as np

from provenance.eight_bytes import HIGH, word
from provenance.machine_code import Inlined, machine_code
from provenance.text.folding import BARE, MARKED, NONSPACING, SEPARATOR, SINGLE, TRANSPARENT
from provenance.text.runs import find_edges, fold
from provenance.text.spellings import ALL, FIRST, look_up, number_of
from provenance.text.tokens import BLANK_LINE, CHARACTER_WEIGHT, NO_BREAK, WORD_WEIGHT
from provenance.text.xxh64 import digest, reset, take_stripe

_ONE = np.uint64(1)
_ZERO = np.uint64(0)
AHEAD = 256  # runs that are looked up at a time
_FROM_10 = np.uint64(0x7676767676767676)  # added to a byte of ASCII: its high bit if 10 or more
_FROM_14 = np.uint64(0x7272727272727272)
_END = 32  # stands behind the last character


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
def _broken(point: Any, carriage: Any, newlines: Any, line_break: Any) -> Any:
    """Return the newlines since a token and the break they make, past one more separator."""
    if (10 <= point <= 13 or point == 0x85 or point == 0x2028 or point == 0x2029) and not (
        point == 10 and carriage
    ):
        newlines += 1
        line_break = max(line_break, min(newlines, BLANK_LINE))
    return newlines, line_break


@machine_code(
    "u1[:], i8[:], i8, u1[:], u2[:], u4[:], u4[:], i4[:], u8[::], i4[:], u8[:], "
    "u1[:], i4[:], u8[:], u4[:], u4[:], u1[:], i8[:], i8[:], u1[:], u8[:], u8[::], u1[:], u4[:]"
)
def token_kernel(
    texts: Any,
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
    folded: Any,
    edges: Any,
) -> int:
    """Write the tokens of the texts from `first` on; return the text to go on with.

    Text `i` is `texts[bounds[i]:bounds[i + 1] - 1]`; between texts, and behind the last, lies a
    zero byte, and sixteen more behind all. `state` holds the tokens written, and how many words
    and spellings are known. Places are written if there is room for any. Where the vocabulary is
    full the text that overflowed is not written. `folded` and `edges` are room for the longest
    text and 80 more.
    """
    placed = len(starts) > 0
    for text in range(first, len(bounds) - 1):
        data = texts[bounds[text] :]
        size = bounds[text + 1] - bounds[text] - 1
        before = state[0]
        written = before
        runs = find_edges(folded, fold(data, size, folded), edges)
        run = 0
        ready = 0  # the runs before are looked up
        origin = 0
        beyond = 0  # bytes that are no code points of their own
        newlines = 0
        line_break = BLANK_LINE
        carriage = False
        behind = 0
        while run < runs:
            if run == ready:
                origin = run
                ready = min(run + AHEAD, runs)
                look_up(folded, edges, run, ready, slots, spellings, ahead)
            if not placed:  # the usual words, one after the other
                known = np.uint64(run - origin)
                end = np.uint64(ready - origin)
                while known < end and np.int64(ahead[3, known]) >= 0:
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
    return len(bounds) - 1
