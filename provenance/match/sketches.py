"""What the search for near-duplicates knows of each text: its tokens, signature, winnowed keys."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.config import Config
from provenance.fingerprint.bands import Bands, choose_bands
from provenance.fingerprint.minhash import EMPTY, permutations
from provenance.match.postings import SHINGLE, WINDOW
from provenance.storage import Column
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TEXTS_AT_A_TIME = 256


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """The tokens of texts, row by row: `packed[bounds[i]:bounds[i + 1]]` are those of row `i`.

    They are packed numbers of the hashes in `vocabulary` from `offsets[i]` on.
    """

    packed: "NDArray[np.uint16]"
    bounds: "NDArray[np.int64]"
    vocabulary: "NDArray[np.uint64]"
    offsets: "NDArray[np.int64]"


@dataclass(frozen=True, slots=True)
class WinnowedKeys:
    """The low half of each winnowed shingle of texts, repeated ones included, row by row.

    Those of row `i` are `keys[bounds[i]:bounds[i + 1]]`.
    """

    keys: "NDArray[np.uint32]"
    bounds: "NDArray[np.int64]"


def banding_of(config: Config) -> Bands:
    """Return the banding that proposes near-duplicates; what it leaves over is not computed."""
    return choose_bands(config.threshold, config.recall, config.permutations)


class Sketcher:
    """Makes signatures, as far as bands use them, and winnowed keys of token hashes."""

    def __init__(self, config: Config) -> None:
        self._size = config.shingle
        used = banding_of(config).values
        factors, summands = permutations(config.permutations, config.seed)
        self._permutations = factors[:used], summands[:used]
        self._room(1 << 16)

    def sketch(
        self, hashes: "NDArray[np.uint64]", counts: "NDArray[np.int64]"
    ) -> tuple["NDArray[np.uint32]", "NDArray[np.uint32]", "NDArray[np.int64]"]:
        """Return signatures, keys and the number of keys of texts that lie behind each other."""
        from provenance.fingerprint.sketch import minhash_kernel, shingle_kernel, winnow_kernel

        if len(hashes) > len(self._shingles):
            self._room(2 * len(hashes))
        rows = np.full((len(counts), len(self._permutations[0])), EMPTY, np.uint32)
        selected = np.empty(len(counts), np.int64)
        shingle_kernel(hashes, counts, SHINGLE, self._shingles)
        written = winnow_kernel(
            self._shingles, counts, SHINGLE, WINDOW, *self._reach, self._keys, selected
        )
        if self._size != SHINGLE:
            shingle_kernel(hashes, counts, self._size, self._shingles)
        minhash_kernel(self._shingles, counts, self._size, *self._permutations, self._mixed, rows)
        return rows, self._keys[:written], selected

    def _room(self, tokens: int) -> None:
        self._shingles = np.zeros(tokens, np.uint64)
        self._keys = np.empty(tokens + 1, np.uint32)
        self._reach = np.empty(tokens, np.uint8), np.empty(tokens, np.uint8)
        self._mixed = np.empty(tokens, np.uint32)


def sketch_table(table: TokenTable, config: Config) -> tuple["NDArray[np.uint32]", WinnowedKeys]:
    """Return the signatures and winnowed keys of the texts of a table, by compiled kernels."""
    sketcher = Sketcher(config)
    signatures = np.empty((len(table), banding_of(config).values), np.uint32)
    keys, counts = Column(np.uint32), Column(np.int64)
    lengths = np.diff(table.bounds)
    for first in range(0, len(table), _TEXTS_AT_A_TIME):
        last = min(first + _TEXTS_AT_A_TIME, len(table))
        part = slice(int(table.bounds[first]), int(table.bounds[last]))
        hashes = table.vocabulary[table.ids[part]]
        rows, new, selected = sketcher.sketch(hashes, np.ascontiguousarray(lengths[first:last]))
        signatures[first:last] = rows
        keys.append(new)
        counts.append(selected)
    return signatures, WinnowedKeys(keys.values(), bounds_of(counts.values()))


def stored_tokens(table: TokenTable) -> StoredTokens:
    """Return the tokens of a table's texts."""
    packed, sizes = pack(table.ids, np.diff(table.bounds))
    return StoredTokens(packed, bounds_of(sizes), table.vocabulary, np.zeros(len(table), np.int64))


def pack(
    ids: "NDArray[np.int32]", counts: "NDArray[np.int64]"
) -> tuple["NDArray[np.uint16]", "NDArray[np.int64]"]:
    """Return the packed numbers of texts that lie behind each other, and the size of each."""
    from provenance.match.packing import pack_kernel

    packed, sizes = np.empty(2 * len(ids), np.uint16), np.empty(len(counts), np.int64)
    return packed[: pack_kernel(ids, counts, packed, sizes)], sizes


def bounds_of(counts: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Return where each of several things that lie behind each other begins, and the last ends."""
    bounds = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=bounds[1:])
    return bounds
