"""Documents as they arrive, with their digests and keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from provenance.index.keys import CompiledKeys, Keys, plain_keys
from provenance.index.settings import IndexSettings
from provenance.model import Document
from provenance.text.corpus import TokenTable, tokenize_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Documents in order of arrival, the digest of each text, their keys, and tokens if at hand."""

    documents: Sequence[Document]
    digests: Sequence[bytes]
    keys: Keys
    table: TokenTable | None

    def __len__(self) -> int:
        return len(self.documents)

    def only(self, which: int) -> "Arrivals":
        """Return one of them."""
        table = None if self.table is None else self.table.select(np.array([which]))
        return Arrivals([self.documents[which]], [self.digests[which]], self.keys.of(which), table)

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
        digests = [digest_of(d.text) for d in documents]
        if self._compiled is not None:
            return Arrivals(documents, digests, *self._compiled.keys(documents))
        return Arrivals(documents, digests, plain_keys(documents, self.settings), None)

    def keys(self, documents: Sequence[Document]) -> Keys:
        """Return the keys of documents."""
        if self._compiled is not None:
            return self._compiled.keys(documents)[0]
        return plain_keys(documents, self.settings)

    def tokens(self, arrivals: Arrivals, which: Sequence[int], texts: Sequence[str]) -> TokenTable:
        """Return the tokens of some of the latest arrivals, and of texts behind them."""
        if self._compiled is not None and arrivals.table is not None:
            own = arrivals.table.select(np.array(which, np.int64))
            return self._compiled.behind(own, texts)
        own_texts = [arrivals.documents[i].text for i in which]
        return tokenize_texts([*own_texts, *texts], compile_kernels=False)
