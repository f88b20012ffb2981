"""The keys under which an index knows a document; each has 40 bits.

A key is the top 40 bits of

    v = value ^ kind * 0x9E3779B97F4A7C15;  v ^= v >> 32;  v *= 0xD6E8FEB86659FD93
    v ^= v >> 32;  v *= 0xD6E8FEB86659FD93

modulo 2^64. The value is the xxh3 (64 bits) of an id, an address or the hashes of all tokens; of
a band, what `provenance.fingerprint.bands.band_keys` gives; of a passage, the shingle.
Keys only propose: what they find is compared in full.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import xxhash

from provenance.fingerprint.bands import band_keys
from provenance.fingerprint.minhash import signatures
from provenance.fingerprint.shingles import shingle_array, shingle_counts
from provenance.fingerprint.winnowing import winnow
from provenance.index.settings import IndexSettings
from provenance.lineage.attribution import plain_address
from provenance.model import Document
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEY_BITS = 40
_KIND = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_MIX = np.uint64(0xD6E8FEB86659FD93)


TextKeys: TypeAlias = "tuple[NDArray[np.uint64], NDArray[np.uint8], NDArray[np.int32]]"
"""The keys of one text, with the kind and the place of each."""


class Kind(IntEnum):
    """What a key was made of."""

    ID = 1
    ADDRESS = 2
    TEXT = 3
    BAND = 4
    PASSAGE = 5


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of documents: those of document `i` are `values[bounds[i]:bounds[i + 1]]`.

    Within a document they go by kind. `places` gives, for a passage key, the token in the
    document where its shingle first stands, else -1; `tokens` the tokens of each document.
    """

    bounds: "NDArray[np.int64]"
    values: "NDArray[np.uint64]"
    kinds: "NDArray[np.uint8]"
    places: "NDArray[np.int32]"
    tokens: "NDArray[np.int64]"

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def of(self, document: int) -> "Keys":
        """Return the keys of one document."""
        part = slice(int(self.bounds[document]), int(self.bounds[document + 1]))
        return Keys(
            np.array([0, part.stop - part.start]),
            self.values[part],
            self.kinds[part],
            self.places[part],
            self.tokens[document : document + 1],
        )

    def owners(self) -> "NDArray[np.int64]":
        """Return the document of each key."""
        return np.repeat(np.arange(len(self)), np.diff(self.bounds))


def mixed(values: "NDArray[np.uint64]", kind: Kind) -> "NDArray[np.uint64]":
    """Return the keys of values of one kind."""
    found = values ^ np.uint64(kind * _KIND & _MASK)
    found = (found ^ (found >> np.uint64(32))) * _MIX
    found = (found ^ (found >> np.uint64(32))) * _MIX
    return found >> np.uint64(64 - KEY_BITS)


def word_value(text: str) -> int:
    """Return the value of an id or an address."""
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"))


def addresses(document: Document) -> list[str]:
    """Return the addresses at which a document was found, plainly written."""
    given = (document.url, document.canonical_url)
    return sorted({plain_address(url) for url in given if url} - {""})


def word_keys(documents: Iterable[Document]) -> tuple["NDArray[np.uint64]", list[int]]:
    """Return the keys of the ids and addresses of documents, and how many each has.

    The first of each is that of its id.
    """
    ids, found, counts = [], [], []
    for document in documents:
        own = [word_value(address) for address in addresses(document)]
        ids.append(word_value(document.id))
        found.append(own)
        counts.append(1 + len(own))
    of_ids = mixed(np.array(ids, np.uint64), Kind.ID)
    of_urls = mixed(np.array([v for own in found for v in own], np.uint64), Kind.ADDRESS)
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    keys = np.empty(int(bounds[-1]), np.uint64)
    first = np.zeros(len(keys), np.bool_)
    first[bounds[:-1]] = True
    keys[first], keys[~first] = of_ids, of_urls
    return keys, counts


def plain_keys(table: TokenTable, settings: IndexSettings) -> "list[TextKeys]":
    """Return, a text each, its keys with their kinds and places; those of words left out."""
    banding = settings.banding
    shingles = shingle_array(table, settings.shingle)
    counts = shingle_counts(table, settings.shingle)
    rows = signatures(shingles, table.bounds, counts, settings.permutations, settings.seed)
    bands = np.stack(list(band_keys(rows, banding)), axis=1)
    bands = mixed(bands, Kind.BAND)
    wide = shingle_array(table, settings.passage_shingle)
    wide_counts = shingle_counts(table, settings.passage_shingle)
    chosen = winnow(wide, table.bounds, wide_counts, settings.window)
    values = mixed(wide[chosen], Kind.PASSAGE)
    cuts = np.searchsorted(chosen, table.bounds)
    found: list[TextKeys] = []
    for text in range(len(table)):
        part = table.slice(text)
        if part.start == part.stop:
            found.append((np.empty(0, np.uint64), np.empty(0, np.uint8), np.empty(0, np.int32)))
            continue
        whole = xxhash.xxh3_64_intdigest(table.vocabulary[table.ids[part]].tobytes())
        keys = [mixed(np.array([whole], np.uint64), Kind.TEXT), bands[text]]
        places = np.full(1 + banding.bands, -1, np.int32)
        kinds = np.full(1 + banding.bands, Kind.BAND, np.uint8)
        kinds[0] = Kind.TEXT
        if settings.passages:
            own = slice(int(cuts[text]), int(cuts[text + 1]))
            once, first = np.unique(values[own], return_index=True)
            keys.append(once)
            places = np.concatenate([places, (chosen[own][first] - part.start).astype(np.int32)])
            kinds = np.concatenate([kinds, np.full(len(once), Kind.PASSAGE, np.uint8)])
        found.append((np.concatenate(keys), kinds, places))
    return found
