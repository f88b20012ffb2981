"""Documents with the same folded tokens stand as one text for all that compares texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import xxhash

from provenance.filed_texts import encoded_text, text_length
from provenance.model import Document
from provenance.storage import Column, Storage
from provenance.text.corpus import TokenColumns, TokenTable, token_columns, token_digest
from provenance.text.places import Ends, PlaceColumns, Starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TEXTS_AT_A_TIME = 4096


@dataclass(frozen=True, slots=True)
class DocumentTokens:
    """Where the tokens of documents stand: those of document `i` from `firsts[i]` on.

    `counts` says how many each has; `starts` and `ends` are code points of the document's text.
    """

    firsts: "NDArray[np.int64]"
    counts: "NDArray[np.int64]"
    starts: Starts
    ends: Ends


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents, their tokens, and their distinct texts.

    `documents` are sorted by id. Text `t` stands for the documents `members[t]`, the first of
    which is its bearer; texts are ordered by the digest of their tokens, so that nothing depends
    on ids or on the order of input. `text_of` gives each document's text, -1 for one without
    tokens. `sources` numbers the source of each text, -1 where it is unknown or not one.
    `workers` threads may run kernels; nothing that is found depends on how many.
    """

    documents: Sequence[Document]
    tokens: DocumentTokens
    table: TokenTable
    texts: Sequence[str]
    members: Sequence[tuple[int, ...]]
    text_of: "NDArray[np.int32]"
    sources: "NDArray[np.int32]"
    compile_kernels: bool
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Texts(Sequence[str]):
    """The texts of some documents, which may read them from a file."""

    documents: Sequence[Document]
    bearers: "NDArray[np.int64]"

    def __len__(self) -> int:
        return len(self.bearers)

    @overload
    def __getitem__(self, text: int) -> str: ...
    @overload
    def __getitem__(self, text: slice) -> Sequence[str]: ...
    def __getitem__(self, text: int | slice) -> str | Sequence[str]:
        if isinstance(text, slice):
            return Texts(self.documents, self.bearers[text])
        return self.documents[int(self.bearers[text])].text

    def encoded(self) -> Iterator[bytes]:
        """Yield the texts in UTF-8; surrogates pass."""
        return (encoded_text(self.documents[bearer]) for bearer in self.bearers.tolist())


def text_digest(text: str) -> str:
    """Return the xxh3 (128 bits) of a text's UTF-8 in hexadecimal."""
    return digest(text.encode("utf-8", "surrogatepass"))


def digest(data: bytes) -> str:
    """Return the xxh3 (128 bits) of UTF-8 in hexadecimal."""
    return xxhash.xxh3_128_hexdigest(data)


def precedence(document: Document) -> tuple[float, int, str, str]:
    """Order documents for representatives: earliest published, longest, then by content.

    A date without an hour counts as the end of its day: it must not beat one that states it.
    """
    return *age_and_length(document), digest(encoded_text(document)), document.id


def age_and_length(document: Document) -> tuple[float, int]:
    """Return what `precedence` orders by first, which takes no look at the text."""
    date = document.published
    return float("inf") if date is None else date.latest, -text_length(document)


def collapse(
    documents: Sequence[Document],
    *,
    compile_kernels: bool,
    storage: Storage | None = None,
    workers: int = 1,
) -> Corpus:
    """Return the corpus of the documents, which must be sorted by id.

    Its tokens lie in the storage.
    """
    storage = storage or Storage()
    tokens = token_columns(map(encoded_text, documents), storage, compile_kernels=compile_kernels)
    groups: dict[bytes, list[int]] = {}
    ids = tokens.ids.values()
    for index in np.flatnonzero(np.diff(tokens.bounds)).tolist():
        low, high = tokens.bounds[index : index + 2].tolist()
        groups.setdefault(token_digest(tokens.vocabulary[ids[low:high]]), []).append(index)
    del ids
    members = []
    text_of = np.full(len(documents), -1, np.int32)
    for text, digest in enumerate(sorted(groups)):
        group = groups[digest]
        if len(group) > 1:
            group.sort(key=lambda i: precedence(documents[i]))
        members.append(tuple(group))
        text_of[group] = text
    bearers = np.array([group[0] for group in members], np.int64)
    placed, table = _by_text(tokens, bearers, storage)
    return Corpus(
        documents,
        placed,
        table,
        Texts(documents, bearers),
        members,
        text_of,
        _number_sources(documents, members),
        compile_kernels,
        workers,
    )


def _by_text(
    tokens: TokenColumns, bearers: "NDArray[np.int64]", storage: Storage
) -> tuple[DocumentTokens, TokenTable]:
    """Return the tokens of documents with those of the texts in front, and the table of these."""
    counts = np.diff(tokens.bounds)
    rest = np.ones(len(counts), np.bool_)
    rest[bearers] = False
    order = np.concatenate([bearers, np.flatnonzero(rest)])
    bounds = np.concatenate([[0], np.cumsum(counts[order])])
    firsts = np.empty(len(counts), np.int64)
    firsts[order] = bounds[:-1]
    lows, highs = tokens.bounds[order].tolist(), tokens.bounds[order + 1].tolist()
    slices = [slice(low, high) for low, high in zip(lows, highs, strict=True)]
    texts = len(bearers)
    starts, ends = _moved_places(tokens, slices, storage)
    table = TokenTable(
        bounds[: texts + 1],
        _moved(tokens.ids, slices[:texts], storage),
        starts,
        ends,
        _moved(tokens.breaks, slices[:texts], storage),
        tokens.vocabulary,
        tokens.weights,
    )
    return DocumentTokens(firsts, counts, starts, ends), table


def _moved_places(
    tokens: TokenColumns, slices: list[slice], storage: Storage
) -> tuple[Starts, Ends]:
    starts, ends = tokens.starts.take(), tokens.ends.take()
    moved = PlaceColumns(storage, len(starts))
    for part in _parts(slices):
        moved.append(_joined(starts, part), _joined(ends, part))
    return moved.take()


def _moved(column: Column, slices: list[slice], storage: Storage) -> "NDArray[Any]":
    """Return slices of a column behind each other; the column keeps nothing."""
    values = column.take()
    moved = storage.column(column.kind, 0, len(values))
    for part in _parts(slices):
        moved.append(_joined(values, part))
    return moved.values()


def _parts(slices: list[slice]) -> Iterator[list[slice]]:
    for first in range(0, len(slices), _TEXTS_AT_A_TIME):
        yield slices[first : first + _TEXTS_AT_A_TIME]


def _joined(values: "NDArray[Any]", slices: list[slice]) -> "NDArray[Any]":
    return np.concatenate([values[places] for places in slices])


def _number_sources(
    documents: Sequence[Document], members: Sequence[tuple[int, ...]]
) -> "NDArray[np.int32]":
    names = sorted({d.source for d in documents if d.source is not None})
    number = {name: i for i, name in enumerate(names)}
    sources = np.full(len(members), -1, np.int32)
    for text, group in enumerate(members):
        of_group = {documents[i].source for i in group}
        only = of_group.pop()
        if not of_group and only is not None:
            sources[text] = number[only]
    return sources
