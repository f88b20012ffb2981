"""Documents as they arrive, with their digests and keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from provenance.index.keys import CompiledKeys, Keys, plain_keys
from provenance.index.settings import IndexSettings
from provenance.model import Document
from provenance.text.corpus import TokenTable, join_tables, tokenize_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Documents in order of arrival, with what is made of their texts.

    That is each text in UTF-8, its digest, the keys, and the tokens if they are at hand.
    """

    documents: Sequence[Document]
    data: Sequence[bytes]
    digests: Sequence[bytes]
    keys: Keys
    table: TokenTable | None

    def __len__(self) -> int:
        return len(self.documents)

    def only(self, which: int) -> "Arrivals":
        """Return one of them."""
        table = None if self.table is None else self.table.select(np.array([which]))
        return Arrivals(
            [self.documents[which]],
            [self.data[which]],
            [self.digests[which]],
            self.keys.of(which),
            table,
        )

    def id_keys(self, which: int) -> "NDArray[np.uint64]":
        """Return the key of the id of one document."""
        first = int(self.keys.bounds[which])
        return self.keys.values[first : first + 1]


def digest_of(data: bytes) -> bytes:
    """Return the xxh3 (128 bits) of a text in UTF-8."""
    return xxhash.xxh3_128_digest(data)


def encoded(text: str) -> bytes:
    """Return a text in UTF-8; surrogates pass."""
    return text.encode("utf-8", "surrogatepass")


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
        data = [encoded(d.text) for d in documents]
        digests = [digest_of(d) for d in data]
        if self._compiled is not None:
            self._compiled.begin()
            return Arrivals(documents, data, digests, *self._compiled.keys(documents, data))
        return Arrivals(documents, data, digests, plain_keys(documents, self.settings), None)

    def keys(self, documents: Sequence[Document]) -> Keys:
        """Return the keys of documents, which are no arrivals."""
        if self._compiled is not None:
            return self._compiled.keys(documents, [encoded(d.text) for d in documents])[0]
        return plain_keys(documents, self.settings)

    def beside(
        self, arrivals: Arrivals, others: Sequence[bytes] = ()
    ) -> tuple[TokenTable, TokenTable]:
        """Return the tokens of the latest arrivals, and of texts in UTF-8, as equal numbers."""
        if self._compiled is not None and arrivals.table is not None:
            return arrivals.table, self._compiled.more(others)
        both = self.tokens(arrivals, range(len(arrivals)), others)
        places = np.arange(len(both))
        return both.select(places[: len(arrivals)]), both.select(places[len(arrivals) :])

    def tokens(
        self, arrivals: Arrivals, which: Sequence[int], others: Sequence[bytes]
    ) -> TokenTable:
        """Return the tokens of some of the latest arrivals, and of texts in UTF-8 behind them."""
        if self._compiled is not None and arrivals.table is not None:
            own = arrivals.table.select(np.array(which, np.int64))
            return join_tables([own, self._compiled.more(others)])
        texts = [arrivals.documents[i].text for i in which]
        texts += [data.decode("utf-8", "surrogatepass") for data in others]
        return tokenize_texts(texts, compile_kernels=False)
