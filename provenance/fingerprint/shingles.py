"""Shingles: runs of k tokens, each one 64-bit number.

For token hashes t_1 .. t_n (xxh64) the number is, modulo 2^64,

    h = n;  for each t:  h = h * 0x9E3779B185EBCA87 + t
    h ^= h >> 32;  h *= 0xC2B2AE3D27D4EB4F;  h ^= h >> 29

A text shorter than k is one shingle of all its tokens, so it equals only texts of the same tokens.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

FACTOR = 0x9E3779B185EBCA87
FINISH = 0xC2B2AE3D27D4EB4F
_MASK = (1 << 64) - 1


def shingle_hash(token_hashes: Sequence[int]) -> int:
    """Return the number of one shingle; this is the definition that arrays must meet."""
    value = len(token_hashes)
    for token in token_hashes:
        value = (value * FACTOR + token) & _MASK
    value ^= value >> 32
    value = value * FINISH & _MASK
    return value ^ (value >> 29)


def shingle_counts(table: TokenTable, size: int) -> "NDArray[np.int64]":
    """Return how many shingles each text has: n - k + 1, 1 for a short text, 0 for an empty one."""
    tokens = np.diff(table.bounds)
    return np.where(tokens == 0, 0, np.maximum(tokens - size + 1, 1))


def shingle_array(
    table: TokenTable, size: int, first: int = 0, last: int | None = None
) -> "NDArray[np.uint64]":
    """Return, at each token of the texts `first..last-1`, the shingle that begins there.

    The last k - 1 places of a text hold no shingle and their values mean nothing, except that a
    text shorter than k has its one shingle at its first token.
    """
    last = len(table) if last is None else last
    bounds = table.bounds[first : last + 1]
    tokens = table.vocabulary[table.ids[bounds[0] : bounds[-1]]]
    values = np.full(len(tokens), size, np.uint64)
    for shift in range(size):
        values *= np.uint64(FACTOR)
        values[: max(len(values) - shift, 0)] += tokens[shift:]
    _finish(values)
    lengths = np.diff(bounds)
    for text in np.flatnonzero((lengths > 0) & (lengths < size)):
        start, end = bounds[text] - bounds[0], bounds[text + 1] - bounds[0]
        values[start] = shingle_hash(tokens[start:end].tolist())
    return values


def _finish(values: "NDArray[np.uint64]") -> None:
    values ^= values >> np.uint64(32)
    values *= np.uint64(FINISH)
    values ^= values >> np.uint64(29)


def shingles_at(table: TokenTable, places: "NDArray[np.int64]", size: int) -> "NDArray[np.uint64]":
    """Return the shingle of `size` tokens that begins at each of some places.

    All of its tokens must be of one text.
    """
    values = np.full(len(places), size, np.uint64)
    for shift in range(size):
        values *= np.uint64(FACTOR)
        values += table.vocabulary[table.ids[places + shift]]
    _finish(values)
    return values


def shingle_places(table: TokenTable, size: int) -> "NDArray[np.bool_]":
    """Return, a token each, whether a shingle begins there."""
    places = np.zeros(len(table.ids) + 1, np.int8)
    counts = shingle_counts(table, size)
    some = counts > 0
    np.add.at(places, table.bounds[:-1][some], 1)
    np.add.at(places, (table.bounds[:-1] + counts)[some], -1)
    return np.cumsum(places[:-1], dtype=np.int8).astype(np.bool_)


def distinct_shingles(
    shingles: "NDArray[np.uint64]", table: TokenTable, size: int
) -> tuple["NDArray[np.uint64]", "NDArray[np.int64]"]:
    """Return every text's distinct shingles in rising order, in one array, and its bounds."""
    places = shingle_places(table, size)
    owner = np.repeat(np.arange(len(table)), np.diff(table.bounds))[places]
    values = shingles[places]
    order = np.lexsort((values, owner))
    values, owner = values[order], owner[order]
    fresh = np.ones(len(values), np.bool_)
    fresh[1:] = (values[1:] != values[:-1]) | (owner[1:] != owner[:-1])
    counts = np.bincount(owner[fresh], minlength=len(table))
    return values[fresh], np.concatenate([[0], np.cumsum(counts)])
