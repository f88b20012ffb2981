"""Kernels of the index: keys of documents, and look-ups in runs and in the table of recent keys.

:mod:`provenance.index.keys`, `runs` and `recent` have the plain forms.
"""

from typing import Any

import numpy as np

from provenance.fingerprint.minhash import EMPTY
from provenance.fingerprint.sketch import minhash_kernel, shingle_kernel
from provenance.machine_code import Inlined, machine_code
from provenance.memory import peek

_KIND = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_FOLD = np.uint64(0x9E3779B97F4A7C15)
_OFFSET = np.uint64(24)  # bits of a posting below its key; the key's own bits are 64 less these
_LOW = np.uint64((1 << 24) - 1)
_ONE = np.uint64(1)
_HALF = np.uint64((1 << 32) - 1)
_STEP = 8  # postings that are looked at together
_SHARE = np.uint64((1 << 16) - 1)
BLOCK = 128  # keys that are looked up together
_EMPTY = np.uint32(EMPTY)
_TEXT, _BAND, _PASSAGE = 3, 4, 5


@Inlined
def _mixed(value: Any, kind: Any) -> Any:
    value ^= np.uint64(kind) * _KIND
    value = (value ^ (value >> np.uint64(32))) * _MIX
    value = (value ^ (value >> np.uint64(32))) * _MIX
    return value >> _OFFSET


@Inlined
def sort_values(values: Any, first: Any, last: Any) -> None:
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


_shingle = Inlined(shingle_kernel.plain)
_minhash = Inlined(minhash_kernel.plain)


@machine_code(
    "u8[:], i8[:], u8[:], u8[:], i8[:], u4[:], u4[:], i8[:], u4[::], u8[:], u8[:], u4[:], u8[:], "
    "u1[:], i4[:], i8[:]"
)
def keys_kernel(
    words: Any,
    word_counts: Any,
    whole: Any,
    hashes: Any,
    counts: Any,
    factors: Any,
    summands: Any,
    settings: Any,
    signatures: Any,
    shingles: Any,
    scratch: Any,
    mixed: Any,
    values: Any,
    kinds: Any,
    places: Any,
    bounds: Any,
) -> int:
    """Write the keys of documents as `Keys` has them.

    `words` are the values of ids and addresses, of each document its id first; `whole` the value
    of its tokens, of which `hashes` has the hash of each. The settings are bands, rows of a band,
    the tokens of a shingle and of a passage's, the window, and whether there are passages.
    `shingles`, `scratch` and `mixed` have room for all tokens.
    """
    bands, rows, narrow, size = settings[0], settings[1], settings[2], settings[3]
    window, passages = settings[4], settings[5]
    for document in range(len(counts)):
        for column in range(bands * rows):
            signatures[document, column] = _EMPTY
    _shingle(hashes, counts, narrow, shingles)
    _minhash(shingles, counts, narrow, factors, summands, mixed, signatures)
    if passages and size != narrow:
        _shingle(hashes, counts, size, shingles)
    at = 0
    word = 0
    begin = 0
    for document in range(len(counts)):
        bounds[document] = at
        for i in range(word_counts[document]):
            kind = 1 if i == 0 else 2
            values[at] = _mixed(words[word], kind)
            kinds[at] = kind
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
            best = begin - 1
            least = np.uint64(0)
            for first in range(begin, begin + max(spots - window + 1, 1)):
                low = first + span - 1
                if best < first:  # the least has left the window
                    best = first
                    least = shingles[first]
                    low = first + 1
                for place in range(low, first + span):
                    value = shingles[place]
                    lower = value <= least
                    best = place if lower else best
                    least = value if lower else least
                if best != last:
                    scratch[found] = (_mixed(least, _PASSAGE) << _OFFSET) | np.uint64(best - begin)
                    found += 1
                    last = best
            sort_values(scratch, 0, found)
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


@Inlined
def _home(key: Any) -> Any:
    return key * _FOLD >> np.uint64(20)


@Inlined
def _slot(key: Any, slots: Any, table: Any, mask: Any) -> Any:
    """Return the slot of a key, or the free one where it belongs."""
    slot = _home(key) & mask
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


@machine_code(
    "i8[::], u8[:], i4[:], i4[:], i8[:], i8[:], i8, u8[:], i8[:], i8[:], i8[:], i8[:], i8[:], "
    "i8[:], i8[:]"
)
def find_kernel(
    runs: Any,
    table: Any,
    heads: Any,
    following: Any,
    held_by: Any,
    gone: Any,
    since: int,
    keys: Any,
    most: Any,
    order: Any,
    spans: Any,
    ends: Any,
    drafts: Any,
    rows: Any,
    numbers: Any,
) -> int:
    """Write which documents have which keys, by key and number; return how many.

    Each row of `runs` has the addresses of a run's postings and directory, its shift and its first
    and last document; the other tables are those of the recent keys. Of each key the first `most`
    are taken, from the number `since` on, or all where it is 0; those that are `gone` are passed
    over. Keys are looked up in the given order, in which they should rise. `spans` has room for
    `BLOCK` keys in all runs, `ends` for one number more than there are keys; where `rows` has too
    little room nothing is written to it.
    """
    mask = np.uint64(len(table) - 1)
    found = 0
    for row in range(len(ends)):
        ends[row] = 0
    for low in range(0, len(keys), BLOCK):
        count = min(BLOCK, len(keys) - low)
        touched = np.uint64(0)
        # Memory is slow and patient: what does not depend on each other is read at once.
        for run in range(len(runs)):
            directory, shift, held = runs[run, 1], runs[run, 2], runs[run, 5]
            for i in range(count):
                lowest = keys[order[low + i]] << _OFFSET
                entry = np.int64(0)
                share = np.uint64(0)
                if shift < 64:
                    entry = np.int64(lowest >> np.uint64(shift))
                    share = lowest >> np.uint64(shift - 16) & _SHARE
                at = 3 * (run * BLOCK + i)
                both = peek(directory + 4 * entry)
                first, end = np.int64(both & _HALF), np.int64(both >> np.uint64(32))
                # keys are spread evenly, so its share tells about where a key lies
                likely = first + np.int64((share * np.uint64(end - first)) >> np.uint64(16))
                spans[at] = first
                spans[at + 1] = end
                likely = min(max(first, likely - _STEP // 2), held - _STEP)
                spans[at + 2] = max(0, likely)
        for run in range(len(runs)):
            postings = runs[run, 0]
            for i in range(count):
                first = spans[3 * (run * BLOCK + i) + 2]
                touched ^= peek(postings + 8 * first) ^ peek(postings + 8 * (first + _STEP - 1))
        for i in range(count):
            touched ^= np.uint64(heads[_home(keys[order[low + i]]) & mask])
        spans[len(spans) - 1] = np.int64(touched)
        for run in range(len(runs)):
            postings, held = runs[run, 0], runs[run, 5]
            for i in range(count):
                lowest = keys[order[low + i]] << _OFFSET
                at = 3 * (run * BLOCK + i)
                begin, end, start = spans[at], spans[at + 1], spans[at + 2]
                if held < _STEP:
                    below = 0
                    for j in range(held):
                        below += np.int64(peek(postings + 8 * j) < lowest)
                    spans[at] = below
                    continue
                # as a rule once, without a branch that nobody can foresee; steps overlap by one
                while True:
                    below = 0
                    for j in range(start, start + _STEP):
                        below += np.int64(peek(postings + 8 * j) < lowest)
                    if below == _STEP and start + _STEP < end:
                        start = min(start + _STEP - 1, held - _STEP)
                    elif below == 0 and start > begin:
                        start = max(start - _STEP + 1, 0)
                    else:
                        break
                spans[at] = start + below
        for i in range(count):
            row = order[low + i]
            key = keys[row]
            limit = most[row]
            highest = key << _OFFSET | _LOW
            own = 0
            for run in range(len(runs)):
                at = spans[3 * (run * BLOCK + i)]
                end = spans[3 * (run * BLOCK + i) + 1]
                if runs[run, 4] < since and limit > 0:
                    continue
                while at < end:
                    posting = peek(runs[run, 0] + 8 * at)
                    at += 1
                    if posting > highest or (limit > 0 and own >= limit):
                        break
                    number = np.int64(posting & _LOW) + runs[run, 3]
                    if limit > 0 and number < since:
                        continue
                    if len(gone) > 0 and _is_gone(number, gone):
                        continue
                    if found < len(rows):
                        drafts[2 * found] = row
                        drafts[2 * found + 1] = number
                    own += 1
                    found += 1
            held = np.int64(heads[_slot(key, heads, table, mask)])
            while held >= 0 and (limit == 0 or own < limit):
                number = held_by[held]
                held = np.int64(following[held])
                if limit > 0 and number < since:
                    continue
                if len(gone) > 0 and _is_gone(number, gone):
                    continue
                if found < len(rows):
                    drafts[2 * found] = row
                    drafts[2 * found + 1] = number
                own += 1
                found += 1
            ends[row + 1] = own
    if found > len(rows):
        return found
    for row in range(1, len(ends)):
        ends[row] += ends[row - 1]
    for i in range(found):
        row = drafts[2 * i]
        rows[ends[row]] = row
        numbers[ends[row]] = drafts[2 * i + 1]
        ends[row] += 1
    return found
