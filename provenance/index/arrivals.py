"""Documents as they arrive, with their digests and keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import xxhash

from provenance.index.keys import CompiledKeys, Keys, plain_keys
from provenance.index.settings import IndexSettings
from provenance.model import Document
from provenance.text.corpus import TokenTable, tokenize_texts

if TYPE_CHECKING:
    import numpy as np
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
    """Makes the keys of documents, by kernels once that pays."""

    def __init__(self, settings: IndexSettings) -> None:
        self.settings = settings
        self._compiled: CompiledKeys | None = None

    @property
    def compile_kernels(self) -> bool:
        """Whether keys are made by kernels; they are the same either way."""
        return self._compiled is not None

    @compile_kernels.setter
    def compile_kernels(self, wanted: bool) -> None:
        if wanted != self.compile_kernels:
            self._compiled = CompiledKeys(self.settings) if wanted else None

    def arrivals(self, documents: Sequence[Document]) -> Arrivals:
        """Return the documents with their digests and keys."""
        return Arrivals(documents, [digest_of(d.text) for d in documents], self.keys(documents))

    def keys(self, documents: Sequence[Document]) -> Keys:
        """Return the keys of documents."""
        if self._compiled is not None:
            return self._compiled.keys(documents)
        return plain_keys(documents, self.settings)

    def table(self, texts: Sequence[str]) -> TokenTable:
        """Return the tokens of texts."""
        if self._compiled is not None:
            return self._compiled.table(texts)
        return tokenize_texts(texts, compile_kernels=False)
