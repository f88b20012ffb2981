"""The keys under which an index knows a document; each has 40 bits.

A key is the top 40 bits of

    v = value ^ kind * 0x9E3779B97F4A7C15;  v ^= v >> 32;  v *= 0xD6E8FEB86659FD93
    v ^= v >> 32;  v *= 0xD6E8FEB86659FD93

modulo 2^64. The value is the xxh3 (64 bits) of an id, an address or the hashes of all tokens; of
a band, what `provenance.fingerprint.bands.band_keys` gives; of a passage, the shingle.
Keys only propose: what they find is compared in full.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import xxhash

from provenance.fingerprint.bands import band_keys
from provenance.fingerprint.minhash import permutations, signatures
from provenance.fingerprint.shingles import shingle_array, shingle_counts
from provenance.fingerprint.winnowing import winnow
from provenance.index.settings import IndexSettings
from provenance.lineage.attribution import plain_address
from provenance.machine_code import Lasting
from provenance.model import Document
from provenance.text.corpus import Tokenizer, TokenTable, pack, tokenize_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEY_BITS: Final = 40
_MOST_WORDS: Final = 1 << 20  # words from which a vocabulary is begun anew
_KIND = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_MIX = np.uint64(0xD6E8FEB86659FD93)


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


def word_values(documents: Iterable[Document]) -> tuple["NDArray[np.uint64]", list[int]]:
    """Return the values of the ids and addresses of documents, and how many each has.

    The first of each is that of its id.
    """
    found, counts = [], []
    for document in documents:
        own = addresses(document)
        found.append(word_value(document.id))
        found += map(word_value, own)
        counts.append(1 + len(own))
    return np.array(found, np.uint64), counts


def plain_keys(documents: Sequence[Document], settings: IndexSettings) -> Keys:
    """Return the keys of documents, in plain Python and NumPy."""
    table = tokenize_texts([d.text for d in documents], compile_kernels=False)
    words, counts = word_values(documents)
    banding = settings.banding
    shingles = shingle_array(table, settings.shingle)
    texts = shingle_counts(table, settings.shingle)
    rows = signatures(shingles, table.bounds, texts, settings.permutations, settings.seed)
    bands = mixed(np.stack(list(band_keys(rows, banding)), axis=1), Kind.BAND)
    wide = shingle_array(table, settings.passage_shingle)
    wide_counts = shingle_counts(table, settings.passage_shingle)
    chosen = winnow(wide, table.bounds, wide_counts, settings.window)
    passages = mixed(wide[chosen], Kind.PASSAGE)
    cuts = np.searchsorted(chosen, table.bounds)
    parts: list[tuple[NDArray[np.uint64], Kind, NDArray[np.int32] | None]] = []
    bounds = [0]
    at = 0
    for text, count in enumerate(counts):
        part = table.slice(text)
        own = [
            (mixed(words[at : at + 1], Kind.ID), Kind.ID, None),
            (mixed(words[at + 1 : at + count], Kind.ADDRESS), Kind.ADDRESS, None),
        ]
        at += count
        if part.start < part.stop:
            whole = whole_value(table.vocabulary[table.ids[part]])
            own.append((mixed(np.array([whole], np.uint64), Kind.TEXT), Kind.TEXT, None))
            own.append((bands[text], Kind.BAND, None))
            if settings.passages:
                place = slice(int(cuts[text]), int(cuts[text + 1]))
                once, first = np.unique(passages[place], return_index=True)
                places = (chosen[place][first] - part.start).astype(np.int32)
                own.append((once, Kind.PASSAGE, places))
        parts += own
        bounds.append(bounds[-1] + sum(len(values) for values, _, _ in own))
    return Keys(
        np.array(bounds, np.int64),
        np.concatenate([np.empty(0, np.uint64), *(values for values, _, _ in parts)]),
        np.concatenate(
            [np.empty(0, np.uint8), *(np.full(len(v), kind, np.uint8) for v, kind, _ in parts)]
        ),
        np.concatenate(
            [
                np.empty(0, np.int32),
                *(np.full(len(v), -1, np.int32) if at is None else at for v, _, at in parts),
            ]
        ),
        np.diff(table.bounds),
    )


class CompiledKeys:
    """Makes the same keys by kernels, in room that is used again."""

    def __init__(self, settings: IndexSettings) -> None:
        self._passages = settings.passages
        banding = settings.banding
        self._bands, self._columns = banding.bands, banding.bands * banding.rows
        factors, summands = permutations(settings.permutations, settings.seed)
        measures = (
            banding.bands,
            banding.rows,
            settings.shingle,
            settings.passage_shingle,
            settings.window,
            int(settings.passages),
        )
        used = self._columns  # the rest of a signature is in no band
        given = factors[:used].copy(), summands[:used].copy(), np.array(measures, np.int64)
        self._given = tuple(map(Lasting, given))
        self._tokenizer = Tokenizer()
        self._room(1 << 16, 1 << 8)

    def begin(self) -> None:
        """Forget the words of earlier documents if they are many; tokens are numbered anew then."""
        if len(self._tokenizer.vocabulary) > _MOST_WORDS:
            self._tokenizer = Tokenizer()

    def keys(self, documents: Sequence[Document], data: Sequence[bytes]) -> tuple[Keys, TokenTable]:
        """Return the keys of documents, whose texts in UTF-8 are `data`, and their tokens."""
        from provenance.index.kernels import keys_kernel

        tokens = self._tokenizer.tokenize(*pack(data))
        hashes, counts = tokens.hashes, tokens.counts
        table = tokens.table(self._tokenizer.vocabulary, self._tokenizer.weights)
        if len(hashes) > self._most_tokens or len(counts) > self._most_texts:
            self._room(2 * len(hashes), 2 * len(counts))
        words, word_counts = word_values(documents)
        ends, sizes = np.cumsum(counts).tolist(), counts.tolist()
        whole = np.array(
            [whole_value(hashes[end - n : end]) for end, n in zip(ends, sizes, strict=True)],
            np.uint64,
        )
        most = len(words) + (1 + self._bands) * len(counts)
        most += len(hashes) if self._passages else 0
        values, kinds = np.empty(most, np.uint64), np.empty(most, np.uint8)
        places, bounds = np.empty(most, np.int32), np.empty(len(counts) + 1, np.int64)
        size = keys_kernel(
            words,
            np.array(word_counts, np.int64),
            whole,
            hashes,
            counts,
            *self._given,
            *self._scratch,
            values,
            kinds,
            places,
            bounds,
        )
        return Keys(bounds, values[:size], kinds[:size], places[:size], counts), table

    def more(self, texts: Sequence[bytes]) -> TokenTable:
        """Return the tokens of texts in UTF-8, equal ones with the numbers that they had before."""
        tokens = self._tokenizer.tokenize(*pack(texts))
        return tokens.table(self._tokenizer.vocabulary, self._tokenizer.weights)

    def _room(self, tokens: int, texts: int) -> None:
        self._most_tokens = max(tokens, 1 << 16)
        self._most_texts = max(texts, 1 << 8)
        room = (
            np.empty((self._most_texts, self._columns), np.uint32),
            np.zeros(self._most_tokens, np.uint64),
            np.empty(self._most_tokens, np.uint64),
            np.empty(self._most_tokens, np.uint32),
        )
        self._scratch = tuple(map(Lasting, room))


def whole_value(hashes: "NDArray[np.uint64]") -> int:
    """Return the value of all tokens of a text."""
    return xxhash.xxh3_64_intdigest(np.ascontiguousarray(hashes).data)
