"""Kernels that propose near-duplicates: shared bands, shared winnowed shingles.

Texts are numbered in the order of their content; `row_of[text]` says where a text's signature
and keys lie. :mod:`provenance.match.pairs` has the plain forms.
"""

from typing import Any

import numpy as np

from provenance.machine_code import Inlined, machine_code

_MIX = np.uint64(0x9E3779B97F4A7C15)


@machine_code("u4[::], i4[:], i8[:], i8, i8, u8[::]")
def band_keys_kernel(
    signatures: Any, row_of: Any, order: Any, first: int, rows: int, keys: Any
) -> int:
    """Write the keys of some bands, `keys[band, text]`: of `rows` values each from `first` on.

    `order` has the texts in the order of their rows, as they lie in memory.
    """
    for i in range(len(order)):
        text = order[i]
        column = first
        for band in range(len(keys)):
            value = np.uint64(rows)
            for _ in range(rows):
                value ^= value >> np.uint64(29)
                value = (value + np.uint64(signatures[row_of[text], column])) * _MIX
                column += 1
            keys[band, text] = value ^ (value >> np.uint64(32))
    return 0


@machine_code("u8[::], i8, i8, i4[:], i4[:], i4[:], i4[:], u8[:], i8[:]")
def band_kernel(
    keys: Any,
    band: int,
    neighbours: int,
    heads: Any,
    before: Any,
    leader: Any,
    depth: Any,
    pairs: Any,
    sampled: Any,
) -> int:
    """Write the pairs of texts that have one key in a band, `a << 32 | b`.

    Each text meets the first of its bucket and the `neighbours` before it; `sampled[0]` grows by
    the buckets that are larger. Returns how many pairs there are, be there room for them or not.
    """
    mask = np.uint64(len(heads) - 1)
    for slot in range(len(heads)):
        heads[slot] = -1
    found = 0
    for text in range(keys.shape[1]):
        slot = keys[band, text] & mask
        while heads[slot] >= 0 and keys[band, heads[slot]] != keys[band, text]:
            slot = (slot + np.uint64(1)) & mask
        other = heads[slot]
        heads[slot] = text
        before[text] = other
        if other < 0:
            leader[text] = text
            depth[text] = 0
            continue
        leader[text] = leader[other]
        depth[text] = depth[other] + 1
        if depth[text] == neighbours + 1:
            sampled[0] += 1
        met = 0
        while other >= 0:
            if found < len(pairs):
                pairs[found] = (np.uint64(other) << np.uint64(32)) | np.uint64(text)
            found += 1
            met += 1
            if met < neighbours:
                other = before[other]
            elif met == neighbours and depth[text] > neighbours:
                other = leader[text]
            else:
                other = np.int32(-1)
    return found


@machine_code("u4[::], i4[:], f8, u8[:]")
def agreement_kernel(signatures: Any, row_of: Any, least: float, pairs: Any) -> int:
    """Keep the pairs whose signatures agree in a share of `least`; return how many there are."""
    kept = 0
    width = signatures.shape[1]
    for i in range(len(pairs)):
        a = row_of[pairs[i] >> np.uint64(32)]
        b = row_of[pairs[i] & np.uint64(0xFFFFFFFF)]
        equal = 0
        for column in range(width):
            equal += np.int64(signatures[a, column] == signatures[b, column])
        pairs[kept] = pairs[i]
        kept += np.int64(equal / width >= least)
    return kept


@machine_code("u4[:], i8[:], i8[:], u4[:], i4[::]")
def shard_kernel(keys: Any, selected: Any, places: Any, parted: Any, counts: Any) -> int:
    """Write the keys of texts shard by shard, and how many of each text are in each shard.

    A shard is a value of a key's lowest bits; how many there are is a power of two. `counts` is
    zero before, `places` is room for a number a shard.
    """
    shards = counts.shape[1]
    mask = np.uint32(shards - 1)
    at = np.uint64(0)
    for text in range(len(selected)):
        for _ in range(selected[text]):
            counts[text, keys[at] & mask] += np.int32(1)
            at += np.uint64(1)
    begin = 0
    for shard in range(shards):
        places[shard] = begin
        for text in range(len(selected)):
            begin += counts[text, shard]
    for i in range(np.uint64(len(keys))):
        shard = keys[i] & mask
        parted[places[shard]] = keys[i]
        places[shard] += 1
    return 0


@machine_code("u4[:], i8[:]")
def tally_kernel(keys: Any, counts: Any) -> int:
    """Count the keys of each bucket, which is a value of the highest eight bits."""
    for i in range(len(keys)):
        counts[keys[i] >> np.uint32(24)] += 1
    return 0


@machine_code("u4[:], i8[:], i4[:], i8[:], u8[:]")
def scatter_kernel(keys: Any, bounds: Any, row_of: Any, places: Any, entries: Any) -> int:
    """Write `key << 32 | text` of the keys of a shard into its buckets, in order of texts.

    The keys of a row are `keys[bounds[row]:bounds[row + 1]]`. `places` has where each bucket begins
    and gets where it ends.
    """
    for text in range(len(row_of)):
        row = row_of[text]
        for at in range(np.uint64(bounds[row]), np.uint64(bounds[row + 1])):
            key = keys[at]
            bucket = key >> np.uint32(24)
            entries[places[bucket]] = (np.uint64(key) << np.uint64(32)) | np.uint64(text)
            places[bucket] += 1
    return 0


@Inlined
def _sort(entries: Any, other: Any, counts: Any) -> None:
    """Sort by bits 32 to 55, entries that agree in them staying in order; `other` is room."""
    for digit in range(3):
        shift = np.uint64(32 + 8 * digit)
        for i in range(256):
            counts[i] = 0
        for i in range(len(entries)):
            counts[(entries[i] >> shift) & np.uint64(255)] += 1
        total = 0
        for i in range(256):
            count = counts[i]
            counts[i] = total
            total += count
        for i in range(len(entries)):
            value = (entries[i] >> shift) & np.uint64(255)
            other[counts[value]] = entries[i]
            counts[value] += 1
        entries, other = other, entries
    for i in range(len(other)):
        other[i] = entries[i]


@machine_code("u8[:], i8[:], i8[:], i8[:], u1[:], i8[:], u8[:], u8[:], i8")
def post_kernel(
    entries: Any,
    starts: Any,
    ends: Any,
    selected: Any,
    seen: Any,
    counts: Any,
    other: Any,
    posted: Any,
    first: int,
) -> int:
    """Write the posting rows of a shard: the texts of every key that several carry, rising.

    Bucket `i` is `entries[starts[i]:ends[i]]`; rows may be written over what was read.

    A row is `begin << 32 | text`, where `begin` is the row of the key's first text; rows are
    numbered from `first`. A key that repeats is taken off the count that its text selected.
    `other` has room for a bucket; `seen` is zero, and its length a power of two. Returns how
    many rows there are, be there room for them or not.
    """
    written = 0
    mask = np.uint64(len(seen) - 1)
    for bucket in range(256):
        low = starts[bucket]
        high = ends[bucket]
        # most keys are carried by one text alone: leave those out before sorting
        for at in range(low, high):
            place = ((entries[at] >> np.uint64(32)) * _MIX >> np.uint64(40)) & mask
            seen[place] += seen[place] < np.uint8(2)
        kept = low
        for at in range(low, high):
            entry = entries[at]
            place = ((entry >> np.uint64(32)) * _MIX >> np.uint64(40)) & mask
            entries[kept] = entry
            kept += np.int64(seen[place] >= np.uint8(2))
        for i in range(len(seen)):
            seen[i] = 0
        _sort(entries[low:kept], other[: kept - low], counts)
        at = low
        while at < kept:
            key = entries[at] >> np.uint64(32)
            begin = written
            last = np.int64(-1)
            while at < kept and entries[at] >> np.uint64(32) == key:
                text = np.int64(entries[at] & np.uint64(0xFFFFFFFF))
                if text == last:
                    selected[text] -= 1
                else:
                    if written < len(posted):
                        posted[written] = (np.uint64(first + begin) << np.uint64(32)) | np.uint64(
                            text
                        )
                    written += 1
                    last = text
                at += 1
            if written == begin + 1:
                written = begin
    return written


@machine_code("u8[:], i8[:], u4[:]")
def place_kernel(posted: Any, bounds: Any, rows: Any) -> int:
    """Write the rows of each text, rising, but where it is a key's first; return how many.

    `bounds` is zero and two longer than there are texts; text `i` gets the rows
    `rows[bounds[i]:bounds[i + 1]]`.
    """
    for row in range(len(posted)):
        if np.int64(posted[row] >> np.uint64(32)) < row:
            bounds[(posted[row] & np.uint64(0xFFFFFFFF)) + np.uint64(2)] += 1
    for i in range(2, len(bounds)):
        bounds[i] += bounds[i - 1]
    for row in range(len(posted)):
        if np.int64(posted[row] >> np.uint64(32)) < row:
            text = (posted[row] & np.uint64(0xFFFFFFFF)) + np.uint64(1)
            rows[bounds[text]] = row
            bounds[text] += 1
    return bounds[len(bounds) - 1]


@machine_code("u8[:], u4[:], i8[:], i8[:], i8, i8, f8, u8[:], i4[:], i4[:], u8[:], i8[:]")
def share_kernel(
    posted: Any,
    rows: Any,
    bounds: Any,
    selected: Any,
    carriers: int,
    neighbours: int,
    share: float,
    ahead: Any,
    counts: Any,
    touched: Any,
    pairs: Any,
    state: Any,
) -> int:
    """Write the pairs that share a `share` of the selected keys of the text that has fewer.

    A key with more than `carriers` texts is sampled: each text meets the first and the
    `neighbours` before it. `ahead` has room for the rows of a text. Starts with text `state[0]`,
    and stops where there may be no room, with the text to go on with in it. Returns how many
    pairs were written.
    """
    written = 0
    low_half = np.uint64(0xFFFFFFFF)
    for text in range(state[0], len(selected)):
        seen = 0
        # apart from the rest, so that the processor waits for many rows at a time
        first = bounds[text]
        for i in range(np.uint64(bounds[text + 1] - first)):
            ahead[i] = posted[rows[np.uint64(first) + i]] >> np.uint64(32)
        for i in range(bounds[text + 1] - first):
            row = np.int64(rows[first + i])
            begin = np.int64(ahead[i])
            near = begin
            if row - begin > neighbours:
                far = begin + carriers
                if far < len(posted) and np.int64(posted[far] >> np.uint64(32)) == begin:
                    near = row - neighbours
                    other = posted[begin] & low_half
                    if counts[other] == 0:
                        touched[seen] = other
                        seen += 1
                    counts[other] += 1
            for at in range(near, row):
                other = posted[at] & low_half
                if counts[other] == 0:
                    touched[seen] = other
                    seen += 1
                counts[other] += 1
        if seen > len(pairs) - written:
            for i in range(seen):
                counts[touched[i]] = 0
            state[0] = text
            return written
        for i in range(seen):
            other = np.uint64(touched[i])
            shared = counts[other]
            counts[other] = 0
            if shared >= share * min(selected[text], selected[other]):
                pairs[written] = (other << np.uint64(32)) | np.uint64(text)
                written += 1
    state[0] = len(selected)
    return written
