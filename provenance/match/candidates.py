"""Candidates for near-duplicates, and what they share, by compiled kernels over sketches.

:mod:`provenance.match.pairs` has the plain forms; both give the same pairs. Texts are numbered in
the order of their content, and `row_of` says in which row of the sketches each one lies.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.fingerprint.bands import Bands
from provenance.match.postings import CARRIERS, NEIGHBOURS
from provenance.match.sketches import StoredTokens, WinnowedKeys, bounds_of, power_of_two
from provenance.storage import Storage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BANDS = 8  # that are looked at together
_STORY = 1 << 16  # tokens of texts that are compared with each other at a time


@dataclass(frozen=True, slots=True)
class PostedKeys:
    """The winnowed shingles that several texts carry: `begin << 32 | text`, rows of one together.

    `begin` is the row of the shingle's first text. `selected` counts the distinct shingles of
    each text.
    """

    rows: "NDArray[np.uint64]"
    selected: "NDArray[np.int64]"


def band_pairs(
    signatures: "NDArray[np.uint32]",
    row_of: "NDArray[np.int32]",
    some: "NDArray[np.int64]",
    banding: Bands,
    neighbours: int,
    least: float,
) -> tuple["NDArray[np.uint64]", int]:
    """Return the pairs `a << 32 | b` that share a band and agree in a share of `least`.

    In a bucket each text meets the first one and the `neighbours` before it; the number of
    buckets that were larger is returned as well. Texts but `some`, which have tokens, are left out.
    """
    from provenance.match.near import agreement_kernel, band_kernel, band_keys_kernel

    rows = row_of[some]
    order = np.argsort(rows)
    texts = len(rows)
    heads = np.empty(power_of_two(4 * texts), np.int32)
    before, leader, depth = np.empty((3, texts), np.int32)
    sampled = np.zeros(1, np.int64)
    room = np.empty(max(2 * texts, 1024), np.uint64)
    found = [np.empty(0, np.uint64)]
    for first in range(0, banding.bands, _BANDS):
        keys = np.empty((min(_BANDS, banding.bands - first), texts), np.uint64)
        band_keys_kernel(signatures, rows, order, first * banding.rows, banding.rows, keys)
        shared = []
        for band in range(len(keys)):
            while True:
                kept = sampled.copy()
                pairs = band_kernel(
                    keys, band, neighbours, heads, before, leader, depth, room, kept
                )
                if pairs <= len(room):
                    break
                room = np.empty(pairs, np.uint64)
            sampled = kept
            shared.append(room[:pairs].copy())
        proposed = distinct(np.concatenate(shared))
        found.append(proposed[: agreement_kernel(signatures, rows, least, proposed)].copy())
    pairs = distinct(np.concatenate(found))
    if len(some) < len(row_of):
        a, b = split(pairs)
        pairs = joined(some[a].astype(np.int32), some[b].astype(np.int32))
    return pairs, int(sampled[0])


def post_keys(winnowed: WinnowedKeys, row_of: "NDArray[np.int32]", storage: Storage) -> PostedKeys:
    """Return the winnowed shingles of texts by shingle, as `build_postings` does.

    Shingles are known by their halves, which will do to propose pairs. They are sorted a shard at
    a time, which is let go of then, and lie behind each other in a column of the storage.
    """
    from provenance.match.near import post_kernel, scatter_kernel, tally_kernel

    selected = winnowed.counts.sum(axis=1, dtype=np.int64)[row_of]
    posted = storage.column(np.uint64)
    counts = np.empty(256, np.int64)
    rows = 0
    for shard, column in enumerate(winnowed.shards):
        keys = column.take()
        tally = np.zeros(256, np.int64)
        tally_kernel(keys, tally)
        starts = bounds_of(tally)
        places = starts.copy()
        entries = np.empty(len(keys), np.uint64)
        bounds = bounds_of(winnowed.counts[:, shard].astype(np.int64))
        scatter_kernel(keys, bounds, row_of, places, entries)
        del keys
        most = int(tally.max())
        seen = np.zeros(power_of_two(4 * most), np.uint8)
        other = np.empty(most, np.uint64)
        # rows are written over the entries, of which there are no fewer
        size = post_kernel(entries, starts, places, selected, seen, counts, other, entries, rows)
        posted.append(entries[:size])
        rows += size
    return PostedKeys(posted.values(), selected)


def sharing_pairs(posted: PostedKeys, share: float) -> "NDArray[np.uint64]":
    """Return the pairs `a << 32 | b` that share so much of the shorter one's winnowed shingles.

    As `count_shared` does over postings.
    """
    from provenance.match.near import place_kernel, share_kernel

    texts = len(posted.selected)
    bounds = np.zeros(texts + 2, np.int64)
    placed = np.empty(len(posted.rows), np.uint32)
    place_kernel(posted.rows, bounds, placed)
    ahead = np.empty(int(np.diff(bounds).max(initial=0)), np.uint64)
    counted, touched = np.zeros((2, texts), np.int32)
    room = np.empty(max(1 << 16, texts), np.uint64)
    state = np.zeros(1, np.int64)
    found = [np.empty(0, np.uint64)]
    while state[0] < texts:
        size = share_kernel(
            posted.rows,
            placed,
            bounds,
            posted.selected,
            CARRIERS,
            NEIGHBOURS,
            share,
            ahead,
            counted,
            touched,
            room,
            state,
        )
        found.append(room[:size].copy())
    return distinct(np.concatenate(found))


def overlaps(
    tokens: StoredTokens, row_of: "NDArray[np.int32]", pairs: "NDArray[np.uint64]", size: int
) -> tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]"]:
    """Return the distinct shingles that sorted pairs share, and how many `a` and `b` have."""
    from provenance.match.overlap import overlap_kernel, story_kernel

    a, b = split(pairs)
    texts = len(row_of)
    story = np.empty(texts, np.int32)
    story_kernel(pairs, story)
    order = np.argsort(story[a], kind="stable")
    lengths = np.diff(tokens.bounds)[row_of]
    longest = int(max(lengths[a].max(initial=0), lengths[b].max(initial=0))) + 1
    room = power_of_two(max(2 * longest, _STORY))
    places, counts = np.full(texts, -1, np.int64), np.zeros(texts, np.int64)
    shared = np.empty(len(pairs), np.int64)
    overlap_kernel(
        tokens.packed,
        tokens.bounds,
        tokens.vocabulary,
        tokens.offsets,
        row_of,
        size,
        pairs[order],
        story,
        places,
        counts,
        np.empty(longest, np.uint64),
        np.empty(room, np.uint64),
        np.empty(room, np.uint32),
        np.full(2 * room, -1, np.int32),
        np.empty(room, np.uint32),
        np.empty(room, np.uint32),
        np.empty(room, np.int32),
        shared,
    )
    in_order = np.empty(len(pairs), np.int64)
    in_order[order] = shared
    return in_order, counts[a], counts[b]


def joined(a: "NDArray[np.int32]", b: "NDArray[np.int32]") -> "NDArray[np.uint64]":
    """Return pairs as `a << 32 | b`."""
    return (a.astype(np.uint64) << np.uint64(32)) | b.astype(np.uint64)


def split(pairs: "NDArray[np.uint64]") -> tuple["NDArray[np.int32]", "NDArray[np.int32]"]:
    """Return the two sides of pairs `a << 32 | b`."""
    return (
        (pairs >> np.uint64(32)).astype(np.int32),
        (pairs & np.uint64(0xFFFFFFFF)).astype(np.int32),
    )


def distinct(pairs: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    """Return each pair once, rising; np.unique would hash, which is far slower."""
    pairs = np.sort(pairs)
    fresh = np.ones(len(pairs), np.bool_)
    fresh[1:] = pairs[1:] != pairs[:-1]
    return pairs[fresh]
