"""Kernels of the index: keys of documents, and look-ups in runs and in the table of recent keys.

:mod:`provenance.index.keys`, `runs` and `recent` have the plain forms.
"""

from typing import Any

import numpy as np

from provenance.machine_code import Inlined, machine_code

_KIND = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_FOLD = np.uint64(0x9E3779B97F4A7C15)
_OFFSET = np.uint64(24)  # bits of a posting below its key; the key's own bits are 64 less these
_LOW = np.uint64((1 << 24) - 1)
_ONE = np.uint64(1)
_TEXT, _BAND, _PASSAGE = 3, 4, 5


@Inlined
def _mixed(value: Any, kind: Any) -> Any:
    value ^= np.uint64(kind) * _KIND
    value = (value ^ (value >> np.uint64(32))) * _MIX
    value = (value ^ (value >> np.uint64(32))) * _MIX
    return value >> _OFFSET


@Inlined
def _sort(values: Any, first: Any, last: Any) -> None:
    """Sort a part of an array by insertion over shrinking gaps (Shell 1959)."""
    gap = last - first
    while gap > 1:
        gap = max(gap * 4 // 9, 1)
        for at in range(first + gap, last):
            value = values[at]
            place = at
            while place >= first + gap and values[place - gap] > value:
                values[place] = values[place - gap]
                place -= gap
            values[place] = value


@machine_code(
    "u8[:], i8[:], u8[:], u4[::], i8, i8, u8[:], i8[:], i8, i8, i8, u8[:], u8[:], u1[:], i4[:], "
    "i8[:]"
)
def keys_kernel(
    words: Any,
    word_counts: Any,
    whole: Any,
    signatures: Any,
    bands: int,
    rows: int,
    shingles: Any,
    counts: Any,
    size: int,
    window: int,
    passages: int,
    scratch: Any,
    values: Any,
    kinds: Any,
    places: Any,
    bounds: Any,
) -> int:
    """Write the keys of documents as `Keys` has them.

    `words` are ready keys of ids and addresses; `whole` the value of each document's tokens;
    `shingles` are those of `size` tokens at each token. `scratch` has room for the longest text.
    """
    at = 0
    word = 0
    begin = 0
    for document in range(len(counts)):
        bounds[document] = at
        for i in range(word_counts[document]):
            values[at] = words[word]
            kinds[at] = 1 if i == 0 else 2
            places[at] = -1
            at += 1
            word += 1
        tokens = counts[document]
        if tokens == 0:
            continue
        values[at] = _mixed(whole[document], _TEXT)
        kinds[at] = _TEXT
        places[at] = -1
        at += 1
        for band in range(bands):
            value = np.uint64(band + 1)
            for column in range(band * rows, band * rows + rows):
                value ^= value >> np.uint64(29)
                value = (value + np.uint64(signatures[document, column])) * _FOLD
            values[at] = _mixed(value ^ (value >> np.uint64(32)), _BAND)
            kinds[at] = _BAND
            places[at] = -1
            at += 1
        if passages:
            found = 0
            last = -1
            spots = max(tokens - size + 1, 1)
            span = min(window, spots)
            for first in range(begin, begin + max(spots - window + 1, 1)):
                best = first
                least = shingles[first]
                for place in range(first + 1, first + span):
                    value = shingles[place]
                    lower = value <= least
                    best = place if lower else best
                    least = value if lower else least
                if best != last:
                    scratch[found] = (_mixed(least, _PASSAGE) << _OFFSET) | np.uint64(best - begin)
                    found += 1
                    last = best
            _sort(scratch, 0, found)
            for i in range(found):
                key = scratch[i] >> _OFFSET
                if i > 0 and scratch[i - 1] >> _OFFSET == key:
                    continue
                values[at] = key
                kinds[at] = _PASSAGE
                places[at] = np.int32(scratch[i] & _LOW)
                at += 1
        begin += tokens
    bounds[len(counts)] = at
    return at


@Inlined
def _is_gone(number: Any, gone: Any) -> Any:
    low = 0
    high = len(gone)
    while low < high:
        middle = (low + high) // 2
        if gone[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low < len(gone) and gone[low] == number


@machine_code("u8[:], u4[:], i8, i8, i8[:], i8, i8, u8[:], i8[:], i8[:], i8[:]")
def run_kernel(
    postings: Any,
    directory: Any,
    shift: int,
    first: int,
    gone: Any,
    since: int,
    most: int,
    keys: Any,
    taken: Any,
    rows: Any,
    numbers: Any,
) -> int:
    """Write which documents of a run have which keys; return how many, be there room or not.

    Of each key at most `most` are taken (all if 0), with the `taken` before. Documents that are
    gone or before `since` are passed over.
    """
    found = 0
    for row in range(len(keys)):
        if most > 0 and taken[row] >= most:
            continue
        low = keys[row] << _OFFSET
        entry = np.int64(low >> np.uint64(shift)) if shift < 64 else 0
        at = np.int64(directory[entry])
        end = np.int64(directory[entry + 1])
        while at < end and postings[at] < low:
            at += 1
        own = taken[row]
        high = low | _LOW
        while at < end and postings[at] <= high:
            number = np.int64(postings[at] & _LOW) + first
            at += 1
            if number < since or (len(gone) > 0 and _is_gone(number, gone)):
                continue
            if most > 0 and own >= most:
                break
            if found < len(rows):
                rows[found] = row
                numbers[found] = number
            own += 1
            found += 1
    return found


@Inlined
def _slot(key: Any, slots: Any, table: Any, mask: Any) -> Any:
    """Return the slot of a key, or the free one where it belongs."""
    slot = (key * _FOLD >> np.uint64(20)) & mask
    while slots[slot] >= 0 and table[slot] != key:
        slot = (slot + _ONE) & mask
    return slot


@machine_code("u8[:], i8, u8[:], i4[:], i4[:], i4[:]")
def recent_add_kernel(
    keys: Any, held: int, table: Any, heads: Any, tails: Any, following: Any
) -> int:
    """Put keys, numbered from `held` on, into the table; return how many slots were taken anew.

    `table` has the key of each slot, `heads` and `tails` its first and last entry (-1 where it is
    free); `following` chains the entries of a key.
    """
    mask = np.uint64(len(table) - 1)
    fresh = 0
    for i in range(len(keys)):
        at = held + i
        following[at] = -1
        slot = _slot(keys[i], heads, table, mask)
        if heads[slot] < 0:
            table[slot] = keys[i]
            heads[slot] = at
            fresh += 1
        else:
            following[tails[slot]] = at
        tails[slot] = at
    return fresh


@machine_code("u8[:], i8[:], i4[:], u8[:], i4[:], i8[:], i8, i8, i8[:], i8[:], i8[:]")
def recent_find_kernel(
    keys: Any,
    taken: Any,
    heads: Any,
    table: Any,
    following: Any,
    numbers_held: Any,
    since: int,
    most: int,
    gone: Any,
    rows: Any,
    numbers: Any,
) -> int:
    """Write which recent documents have which keys; as `run_kernel` does."""
    mask = np.uint64(len(table) - 1)
    found = 0
    for row in range(len(keys)):
        own = taken[row]
        at = heads[_slot(keys[row], heads, table, mask)]
        while at >= 0 and (most == 0 or own < most):
            number = numbers_held[at]
            at = following[at]
            if number < since or (len(gone) > 0 and _is_gone(number, gone)):
                continue
            if found < len(rows):
                rows[found] = row
                numbers[found] = number
            own += 1
            found += 1
    return found
