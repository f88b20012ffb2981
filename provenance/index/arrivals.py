"""Documents as they arrive, with their digests and keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from provenance.index.keys import Keys, Kind, plain_keys, word_keys
from provenance.index.settings import IndexSettings
from provenance.model import Document
from provenance.text.corpus import tokenize_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Documents in order of arrival, the digest of each text, and their keys."""

    documents: Sequence[Document]
    digests: Sequence[bytes]
    keys: Keys

    def __len__(self) -> int:
        return len(self.documents)

    def only(self, which: int) -> "Arrivals":
        """Return one of them."""
        return Arrivals([self.documents[which]], [self.digests[which]], self.keys.of(which))

    def id_keys(self, which: int) -> "NDArray[np.uint64]":
        """Return the key of the id of one document."""
        first = int(self.keys.bounds[which])
        return self.keys.values[first : first + 1]


def digest_of(text: str) -> bytes:
    """Return the xxh3 (128 bits) of a text's UTF-8."""
    return xxhash.xxh3_128_digest(text.encode("utf-8", "surrogatepass"))


class Keyer:
    """Makes the keys of documents."""

    def __init__(self, settings: IndexSettings) -> None:
        self.settings = settings

    def arrivals(self, documents: Sequence[Document]) -> Arrivals:
        """Return the documents with their digests and keys."""
        table = tokenize_texts([d.text for d in documents], compile_kernels=False)
        words, counts = word_keys(documents)
        of_texts = plain_keys(table, self.settings)
        values, kinds, places, sizes = [], [], [], []
        at = 0
        for count, (keys, own_kinds, own_places) in zip(counts, of_texts, strict=True):
            values += [words[at : at + count], keys]
            kinds += [np.full(count, Kind.ADDRESS, np.uint8), own_kinds]
            kinds[-2][0] = Kind.ID
            places += [np.full(count, -1, np.int32), own_places]
            sizes.append(count + len(keys))
            at += count
        bounds = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return Arrivals(
            documents,
            [digest_of(d.text) for d in documents],
            Keys(
                bounds,
                np.concatenate([np.empty(0, np.uint64), *values]),
                np.concatenate([np.empty(0, np.uint8), *kinds]),
                np.concatenate([np.empty(0, np.int32), *places]),
                np.diff(table.bounds),
            ),
        )

    def passage_keys(self, text: str) -> "NDArray[np.uint64]":
        """Return the passage keys of a text, rising."""
        table = tokenize_texts([text], compile_kernels=False)
        ((keys, kinds, _),) = plain_keys(table, self.settings)
        found: NDArray[np.uint64] = keys[kinds == Kind.PASSAGE]
        return found
