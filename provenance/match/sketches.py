"""What the search for near-duplicates knows of each text: its tokens, signature, winnowed keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.config import Config
from provenance.fingerprint.bands import Bands, choose_bands
from provenance.fingerprint.minhash import EMPTY, permutations
from provenance.match.postings import SHINGLE, WINDOW
from provenance.storage import Column, Storage
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TEXTS_AT_A_TIME = 256
_FEW, _SHORTEST = 64, 3  # values of a signature, and of one row of it
_SHARD = 1 << 22  # keys that are sorted at a time


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
    """The low half of each winnowed shingle of texts, repeated ones included.

    Those of a shard have their lowest bits in common; in it they lie row by row, of each row
    `counts[row, shard]`.
    """

    shards: Sequence[Column]
    counts: "NDArray[np.int32]"


class KeyShards:
    """Winnowed keys of texts that come one after the other, about so many, in a storage."""

    def __init__(self, expected: int, storage: Storage) -> None:
        self.shards = min(256, power_of_two(expected // _SHARD))
        room = expected // self.shards + 1024
        self._columns = [storage.column(np.uint32, 0, room) for _ in range(self.shards)]
        self._counts = Column(np.int32, self.shards)

    def append(self, keys: "NDArray[np.uint32]", counts: "NDArray[np.int32]") -> None:
        """Add texts, whose keys lie shard by shard, as `in_shards` gives them."""
        bounds = bounds_of(counts.sum(axis=0, dtype=np.int64)).tolist()
        for column, (low, high) in zip(self._columns, pairwise(bounds), strict=True):
            column.append(keys[low:high])
        self._counts.append(counts)

    def take(self) -> WinnowedKeys:
        """Return the keys of all texts."""
        return WinnowedKeys(self._columns, self._counts.values())


def in_shards(
    keys: "NDArray[np.uint32]", selected: "NDArray[np.int64]", shards: int
) -> tuple["NDArray[np.uint32]", "NDArray[np.int32]"]:
    """Return the keys of texts shard by shard, and how many each text has in each."""
    from provenance.match.near import shard_kernel

    parted = np.empty(len(keys), np.uint32)
    counts = np.zeros((len(selected), shards), np.int32)
    shard_kernel(keys, selected, np.empty(shards, np.int64), parted, counts)
    return parted, counts


def banding_of(config: Config) -> Bands:
    """Return the banding that proposes near-duplicates; values beyond it are not computed.

    Few values reach the recall, too, with shorter rows: to compare the pairs that these propose
    besides takes less time than to compute more values, unless rows become so short that texts
    which share little propose each other.
    """
    few = choose_bands(config.threshold, config.recall, min(config.permutations, _FEW))
    if few.rows >= _SHORTEST:
        return few
    return choose_bands(config.threshold, config.recall, config.permutations)


class Sketcher:
    """Makes signatures, as far as bands use them, and winnowed keys of token hashes."""

    def __init__(self, config: Config) -> None:
        self._size = config.shingle
        used = banding_of(config).values
        factors, summands = permutations(config.permutations, config.seed)
        self._permutations = factors[:used], summands[:used]
        self._room = _room(1 << 12)
        self._keys = np.empty(1 << 16, np.uint32)

    def sketch(
        self, hashes: "NDArray[np.uint64]", counts: "NDArray[np.int64]"
    ) -> tuple["NDArray[np.uint32]", "NDArray[np.uint32]", "NDArray[np.int64]"]:
        """Return signatures, keys and the number of keys of texts that lie behind each other."""
        from provenance.fingerprint.sketch import sketch_kernel

        longest = int(counts.max(initial=0))
        if longest > len(self._room[0]):
            self._room = _room(2 * longest)
        if len(hashes) >= len(self._keys):
            self._keys = np.empty(2 * len(hashes), np.uint32)
        rows = np.full((len(counts), len(self._permutations[0])), EMPTY, np.uint32)
        selected = np.empty(len(counts), np.int64)
        written = sketch_kernel(
            hashes,
            counts,
            self._size,
            SHINGLE,
            WINDOW,
            *self._permutations,
            *self._room,
            rows,
            self._keys,
            selected,
        )
        return rows, self._keys[:written], selected


def _room(tokens: int) -> "tuple[NDArray[Any], ...]":
    kinds = (np.uint64, np.uint32, np.uint8, np.uint8)
    return tuple(np.empty(tokens, kind) for kind in kinds)


def sketch_table(table: TokenTable, config: Config) -> tuple["NDArray[np.uint32]", WinnowedKeys]:
    """Return the signatures and winnowed keys of the texts of a table, by compiled kernels."""
    sketcher = Sketcher(config)
    signatures = np.empty((len(table), banding_of(config).values), np.uint32)
    keys = KeyShards(len(table.ids) // 2, Storage())
    lengths = np.diff(table.bounds)
    for first in range(0, len(table), _TEXTS_AT_A_TIME):
        last = min(first + _TEXTS_AT_A_TIME, len(table))
        part = slice(int(table.bounds[first]), int(table.bounds[last]))
        hashes = table.vocabulary[table.ids[part]]
        rows, new, selected = sketcher.sketch(hashes, np.ascontiguousarray(lengths[first:last]))
        signatures[first:last] = rows
        keys.append(*in_shards(new, selected, keys.shards))
    return signatures, keys.take()


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


def power_of_two(size: int) -> int:
    """Return the least power of two that is no less."""
    return 1 << max(size - 1, 0).bit_length()
