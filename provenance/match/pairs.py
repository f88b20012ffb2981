"""Near-duplicate pairs: candidates by signatures and by shared shingles, verified exactly."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.config import Config
from provenance.fingerprint.bands import band_keys
from provenance.fingerprint.minhash import signatures
from provenance.fingerprint.shingles import distinct_shingles, shingle_array, shingle_counts
from provenance.match.candidates import band_pairs, distinct, joined, overlaps, split
from provenance.match.postings import SharedPairs
from provenance.match.sketches import StoredTokens, banding_of, sketch_table, stored_tokens
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BUCKET_NEIGHBOURS = 32
_DEVIATIONS = 4
SLACK = 0.6  # winnowed shingles estimate what is shared; this much less is still looked at


@dataclass(frozen=True, slots=True)
class VerifiedPairs:
    """Pairs of texts, `a < b`, with exact values over their full shingle sets."""

    a: "NDArray[np.int32]"
    b: "NDArray[np.int32]"
    jaccard: "NDArray[np.float64]"
    a_containment: "NDArray[np.float64]"
    b_containment: "NDArray[np.float64]"
    sampled_buckets: int

    def __len__(self) -> int:
        return len(self.a)


def likely_share(config: Config) -> float:
    """Return the share of the shorter text's shingles that a near-duplicate pair has in common."""
    return min(2 * config.threshold / (1 + config.threshold), config.containment)


def find_near_duplicates(
    table: TokenTable, config: Config, others: SharedPairs | None, *, compile_kernels: bool
) -> VerifiedPairs:
    """Return every candidate pair whose exact Jaccard or containment reaches its limit.

    Candidates are the pairs that share a band of their signatures, and `others`. The containment
    limit is for the text with fewer shingles.
    """
    if compile_kernels:
        rows = np.arange(len(table), dtype=np.int32)
        signatures, _ = sketch_table(table, config)
        pairs, sampled = pairs_of_bands(signatures, rows, np.diff(table.bounds) > 0, config)
        if others is not None:
            pairs = distinct(np.concatenate([pairs, joined(others.a, others.b)]))
        return near_duplicates(stored_tokens(table), rows, pairs, config, sampled)
    size = config.shingle
    shingles = shingle_array(table, size)
    a, b, sampled = _band_pairs(table, shingles, config)
    if others is not None:
        a, b = np.concatenate([a, others.a]), np.concatenate([b, others.b])
    a, b = split(distinct(joined(a, b)))
    found = compare_texts(table, config, a, b, shingles, compile_kernels=False)
    return _near(found, config, sampled)


def pairs_of_bands(
    signatures: "NDArray[np.uint32]",
    row_of: "NDArray[np.int32]",
    some: "NDArray[np.bool_]",
    config: Config,
) -> tuple["NDArray[np.uint64]", int]:
    """Return the pairs of texts that their signatures propose, and how many buckets were sampled.

    `row_of` gives the row of each text; `some` tells which texts have tokens.
    """
    least = _least_agreement(config)
    texts = np.flatnonzero(some)
    return band_pairs(signatures, row_of, texts, banding_of(config), _BUCKET_NEIGHBOURS, least)


def near_duplicates(
    tokens: StoredTokens,
    row_of: "NDArray[np.int32]",
    pairs: "NDArray[np.uint64]",
    config: Config,
    sampled: int,
) -> VerifiedPairs:
    """Return those of the pairs `a << 32 | b` whose exact values reach a limit."""
    return _near(_verified(tokens, row_of, pairs, config), config, sampled)


def _near(found: VerifiedPairs, config: Config, sampled: int) -> VerifiedPairs:
    """Return the pairs that reach a limit."""
    kept = (found.jaccard >= config.threshold) | (
        np.maximum(found.a_containment, found.b_containment) >= config.containment
    )
    return VerifiedPairs(
        found.a[kept],
        found.b[kept],
        found.jaccard[kept],
        found.a_containment[kept],
        found.b_containment[kept],
        sampled,
    )


def compare_texts(
    table: TokenTable,
    config: Config,
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    shingles: "NDArray[np.uint64] | None" = None,
    *,
    compile_kernels: bool,
) -> VerifiedPairs:
    """Return the exact Jaccard and containments of pairs of texts over their full shingle sets.

    `shingles` is the table's `shingle_array` where the caller has it already.
    """
    if compile_kernels:
        rows = np.arange(len(table), dtype=np.int32)
        return _verified(stored_tokens(table), rows, joined(a, b), config)
    if shingles is None:
        shingles = shingle_array(table, config.shingle)
    values, bounds = distinct_shingles(shingles, table, config.shingle)
    sizes = np.diff(bounds)
    return _exactly(a, b, intersections(values, bounds, a, b), sizes[a], sizes[b])


def _verified(
    tokens: StoredTokens,
    row_of: "NDArray[np.int32]",
    pairs: "NDArray[np.uint64]",
    config: Config,
) -> VerifiedPairs:
    return _exactly(*split(pairs), *overlaps(tokens, row_of, pairs, config.shingle))


def _exactly(
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
    shared: "NDArray[np.int64]",
    a_size: "NDArray[np.int64]",
    b_size: "NDArray[np.int64]",
) -> VerifiedPairs:
    return VerifiedPairs(
        a,
        b,
        shared / np.maximum(a_size + b_size - shared, 1),
        shared / np.maximum(a_size, 1),
        shared / np.maximum(b_size, 1),
        0,
    )


def intersections(
    values: "NDArray[np.uint64]",
    bounds: "NDArray[np.int64]",
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
) -> "NDArray[np.int64]":
    """Return how many values the sets `values[bounds[i]:bounds[i + 1]]` of each pair share."""
    shared = np.zeros(len(a), np.int64)
    sets: dict[int, set[int]] = {}

    def members(text: int) -> set[int]:
        if text not in sets:
            sets[text] = set(values[bounds[text] : bounds[text + 1]].tolist())
        return sets[text]

    for i, (first, second) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        shared[i] = len(members(first) & members(second))
    return shared


def _band_pairs(
    table: TokenTable,
    shingles: "NDArray[np.uint64]",
    config: Config,
) -> tuple["NDArray[np.int32]", "NDArray[np.int32]", int]:
    """Return the pairs that share a band and whose signatures do not rule them out.

    In a bucket each text meets the first one and the `_BUCKET_NEIGHBOURS` before it; the number
    of buckets that were larger is returned as well.
    """
    counts = shingle_counts(table, config.shingle)
    banding = banding_of(config)
    whole = signatures(shingles, table.bounds, counts, config.permutations, config.seed)
    rows = whole[:, : banding.values]
    some = np.flatnonzero(counts)
    found = [np.empty(0, np.int64)]
    sampled = 0
    for unsorted in band_keys(rows[some], banding):
        order = np.argsort(unsorted, kind="stable")
        keys, texts = unsorted[order], some[order]
        fresh = np.ones(len(keys), np.bool_)
        fresh[1:] = keys[1:] != keys[:-1]
        leader = np.flatnonzero(fresh)[np.cumsum(fresh) - 1] if len(keys) else fresh.nonzero()[0]
        depth = np.arange(len(keys)) - leader
        deep = depth > _BUCKET_NEIGHBOURS
        sampled += len(np.unique(leader[deep]))
        found.append(texts[leader[deep]] * len(table) + texts[deep])
        for back in range(1, min(_BUCKET_NEIGHBOURS, int(depth.max(initial=0))) + 1):
            row = np.flatnonzero(depth >= back)
            found.append(texts[row - back] * len(table) + texts[row])
    pairs = np.unique(np.concatenate(found))
    a, b = pairs // max(len(table), 1), pairs % max(len(table), 1)
    alike = np.concatenate(
        [
            np.empty(0),
            *(
                (rows[a[i : i + 65536]] == rows[b[i : i + 65536]]).mean(axis=1)
                for i in range(0, len(a), 65536)
            ),
        ]
    )
    kept = alike >= _least_agreement(config)
    return a[kept].astype(np.int32), b[kept].astype(np.int32), sampled


def _least_agreement(config: Config) -> float:
    """Return the share of equal values in two signatures below which a pair is ruled out."""
    spread = math.sqrt(config.threshold * (1 - config.threshold) / banding_of(config).values)
    return config.threshold - _DEVIATIONS * spread
