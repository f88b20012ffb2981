"""Documents with the same folded tokens stand as one text for all that compares texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from provenance.model import Document
from provenance.text.corpus import TokenTable, tokenize_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents, their tokens, and their distinct texts.

    `documents` are sorted by id. Text `t` stands for the documents `members[t]`, the first of
    which is its bearer; texts are ordered by the digest of their tokens, so that nothing depends
    on ids or on the order of input. `text_of` gives each document's text, -1 for one without
    tokens. `sources` numbers the source of each text, -1 where it is unknown or not one.
    """

    documents: Sequence[Document]
    tokens: TokenTable
    table: TokenTable
    texts: Sequence[str]
    members: Sequence[tuple[int, ...]]
    text_of: "NDArray[np.int32]"
    sources: "NDArray[np.int32]"
    compile_kernels: bool


def text_digest(text: str) -> str:
    """Return the xxh3 (128 bits) of a text's UTF-8 in hexadecimal."""
    return xxhash.xxh3_128_hexdigest(text.encode("utf-8", "surrogatepass"))


def precedence(document: Document) -> tuple[float, int, str, str]:
    """Order documents for representatives: earliest published, longest, then by content.

    A date without an hour counts as the end of its day: it must not beat one that states it.
    """
    date = document.published
    published = float("inf") if date is None else date.latest
    return published, -len(document.text), text_digest(document.text), document.id


def collapse(documents: Sequence[Document], *, compile_kernels: bool) -> Corpus:
    """Return the corpus of the documents, which must be sorted by id."""
    tokens = tokenize_texts([d.text for d in documents], compile_kernels=compile_kernels)
    groups: dict[bytes, list[int]] = {}
    for index in np.flatnonzero(np.diff(tokens.bounds)).tolist():
        groups.setdefault(tokens.digest(index), []).append(index)
    members = []
    text_of = np.full(len(documents), -1, np.int32)
    for text, digest in enumerate(sorted(groups)):
        group = groups[digest]
        if len(group) > 1:
            group.sort(key=lambda i: precedence(documents[i]))
        members.append(tuple(group))
        text_of[group] = text
    bearers = np.array([group[0] for group in members], np.int64)
    return Corpus(
        documents,
        tokens,
        tokens.select(bearers),
        [documents[i].text for i in bearers.tolist()],
        members,
        text_of,
        _number_sources(documents, members),
        compile_kernels,
    )


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
