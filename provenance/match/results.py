"""Matches and pairs of documents, kept in arrays and given as objects one at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from provenance.match.chaining import WORD
from provenance.match.classes import CLASSES
from provenance.match.collapse import Corpus
from provenance.match.pairs import VerifiedPairs
from provenance.match.search import Reuse
from provenance.match.spans import Alignments
from provenance.model import Match, MatchKind, Pair, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALL_PAIRS = 200  # documents of one wording or one pair of wordings up to which all pairs are listed
KINDS = (MatchKind.EXACT, MatchKind.NEAR, MatchKind.REWRITTEN)


@dataclass(frozen=True, slots=True)
class PairTable(Sequence[Pair]):
    """Verified pairs of documents, sorted by their ids; `a` and `b` number `ids`."""

    ids: Sequence[str]
    a: "NDArray[np.int32]"
    b: "NDArray[np.int32]"
    jaccard: "NDArray[np.float64]"
    a_containment: "NDArray[np.float64]"
    b_containment: "NDArray[np.float64]"

    def __len__(self) -> int:
        return len(self.a)

    @overload
    def __getitem__(self, row: int) -> Pair: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Pair]: ...
    def __getitem__(self, row: int | slice) -> Pair | Sequence[Pair]:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        return Pair(
            self.ids[self.a[row]],
            self.ids[self.b[row]],
            float(self.jaccard[row]),
            float(self.a_containment[row]),
            float(self.b_containment[row]),
        )

    def __iter__(self) -> Iterator[Pair]:
        columns = [getattr(self, f.name).tolist() for f in fields(self)[1:]]
        for a, b, *values in zip(*columns, strict=True):
            yield Pair(self.ids[a], self.ids[b], *values)


@dataclass(frozen=True, slots=True)
class MatchTable(Sequence[Match]):
    """Matches of documents, sorted by their ids and places; `a` and `b` number `ids`.

    `match_class` and `kind` are indexes of the classes and kinds; starts and ends are code points.
    """

    ids: Sequence[str]
    a: "NDArray[np.int32]"
    a_start: "NDArray[np.int64]"
    a_end: "NDArray[np.int64]"
    b: "NDArray[np.int32]"
    b_start: "NDArray[np.int64]"
    b_end: "NDArray[np.int64]"
    match_class: "NDArray[np.int8]"
    kind: "NDArray[np.int8]"
    similarity: "NDArray[np.float64]"
    a_containment: "NDArray[np.float64]"
    b_containment: "NDArray[np.float64]"
    tokens: "NDArray[np.int32]"

    def __len__(self) -> int:
        return len(self.a)

    @overload
    def __getitem__(self, row: int) -> Match: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Match]: ...
    def __getitem__(self, row: int | slice) -> Match | Sequence[Match]:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        return self._match([getattr(self, f.name)[row].item() for f in fields(self)[1:]])

    def __iter__(self) -> Iterator[Match]:
        columns = [getattr(self, f.name).tolist() for f in fields(self)[1:]]
        for row in zip(*columns, strict=True):
            yield self._match(row)

    def _match(self, row: Sequence[Any]) -> Match:
        a, a_start, a_end, b, b_start, b_end, match_class, kind, *figures = row
        return Match(
            Span(self.ids[a], a_start, a_end),
            Span(self.ids[b], b_start, b_end),
            CLASSES[match_class],
            KINDS[kind],
            *figures,
        )


def document_pairs(corpus: Corpus, pairs: VerifiedPairs) -> PairTable:
    """Return the verified pairs of documents: those of texts, and documents of equal tokens."""
    return pairs_of_documents([d.id for d in corpus.documents], corpus.members, pairs)


def pairs_of_documents(
    ids: Sequence[str], members: Sequence[tuple[int, ...]], pairs: VerifiedPairs
) -> PairTable:
    """Return what `document_pairs` does; `members` are the documents of each text."""
    rows, first, second = _spread(members, pairs.a, pairs.b)
    same_first, same_second = _same_text(members)
    ones = np.ones(len(same_first))
    swap = first > second
    a = np.concatenate([np.where(swap, second, first), same_first])
    b = np.concatenate([np.where(swap, first, second), same_second])
    own, other = pairs.a_containment[rows], pairs.b_containment[rows]
    values = (
        np.concatenate([pairs.jaccard[rows], ones]),
        np.concatenate([np.where(swap, other, own), ones]),
        np.concatenate([np.where(swap, own, other), ones]),
    )
    order = np.lexsort((b, a))
    return PairTable(ids, a[order], b[order], *(v[order] for v in values))


def document_matches(corpus: Corpus, reuse: Reuse, min_tokens: int) -> MatchTable:
    """Return the matches of documents: those of texts, and whole documents of equal tokens.

    Documents of equal tokens match as a whole where they have at least `min_tokens`.
    """
    found = reuse.alignments
    rows, first, second = _spread(corpus.members, found.a, found.b)
    a_low, a_high = _places(corpus, found, "a", rows, first)
    b_low, b_high = _places(corpus, found, "b", rows, second)
    lengths = np.diff(corpus.table.bounds)
    a_size = (found.a_end - found.a_start)[rows]
    b_size = (found.b_end - found.b_start)[rows]
    equal = found.equal[rows]
    similarity = equal / np.maximum(np.maximum(a_size, b_size), 1)
    a_share = a_size / np.maximum(lengths[found.a[rows]], 1)
    b_share = b_size / np.maximum(lengths[found.b[rows]], 1)
    kind = np.where(similarity == 1.0, 0, 1)
    swap = first > second
    same_first, same_second = _same_text(repeated_texts(corpus, min_tokens))
    tokens = corpus.tokens
    ones = np.ones(len(same_first))
    counts = tokens.counts[same_first]
    last = tokens.firsts + tokens.counts - 1

    def column(
        left: "NDArray[np.generic]", right: "NDArray[np.generic]", same: "NDArray[np.generic]"
    ) -> "NDArray[np.generic]":
        return np.concatenate([np.where(swap, right, left), same])

    columns = (
        column(first, second, same_first),
        column(a_low, b_low, tokens.starts[tokens.firsts[same_first]].astype(np.int64)),
        column(a_high, b_high, tokens.ends[last[same_first]].astype(np.int64)),
        column(second, first, same_second),
        column(b_low, a_low, tokens.starts[tokens.firsts[same_second]].astype(np.int64)),
        column(b_high, a_high, tokens.ends[last[same_second]].astype(np.int64)),
        np.concatenate([reuse.classes[rows], np.zeros(len(ones), np.int8)]),
        np.concatenate([kind, np.zeros(len(ones), np.int8)]).astype(np.int8),
        np.concatenate([similarity, ones]),
        column(a_share, b_share, ones),
        column(b_share, a_share, ones),
        np.concatenate([equal, counts]).astype(np.int32),
    )
    order = np.lexsort((columns[4], columns[1], columns[3], columns[0]))
    return MatchTable([d.id for d in corpus.documents], *(c[order] for c in columns))  # type: ignore[arg-type]


def _spread(
    members: Sequence[tuple[int, ...]], a: "NDArray[np.int32]", b: "NDArray[np.int32]"
) -> tuple["NDArray[np.int64]", "NDArray[np.int32]", "NDArray[np.int32]"]:
    """Return rows and document pairs: each pair of texts stands for pairs of their documents.

    Where two texts have more than `ALL_PAIRS` documents together, each document is paired with
    the other text's bearer only.
    """
    single = np.array([len(group) == 1 for group in members], np.bool_)
    bearer = np.array([group[0] for group in members], np.int32)
    plain = single[a] & single[b] if len(a) else np.zeros(0, np.bool_)
    rows: list[int] = []
    first: list[int] = []
    second: list[int] = []
    others = np.flatnonzero(~plain)
    for row, x, y in zip(others.tolist(), a[others].tolist(), b[others].tolist(), strict=True):
        left, right = members[x], members[y]
        if len(left) + len(right) <= ALL_PAIRS:
            first += [document for document in left for _ in right]
            second += right * len(left)
        else:
            first += [left[0]] * len(right) + list(left[1:])
            second += [*right, *([right[0]] * (len(left) - 1))]
        rows += [row] * (len(first) - len(rows))
    return (
        np.concatenate([np.flatnonzero(plain), np.array(rows, np.int64)]),
        np.concatenate([bearer[a[plain]], np.array(first, np.int32)]),
        np.concatenate([bearer[b[plain]], np.array(second, np.int32)]),
    )


def repeated_texts(corpus: Corpus, min_tokens: int) -> list[tuple[int, ...]]:
    """Return the documents of each text that several have, with enough tokens for a passage."""
    table = corpus.table
    found = []
    for text, group in enumerate(corpus.members):
        if len(group) > 1:
            weights = table.weights[table.ids[table.slice(text)]]
            if WORD * len(weights) - np.count_nonzero(weights < WORD) >= WORD * min_tokens:
                found.append(group)
    return found


def _same_text(
    groups: Sequence[tuple[int, ...]],
) -> tuple["NDArray[np.int32]", "NDArray[np.int32]"]:
    """Return the pairs of documents of one text, all or with the bearer; the lower one first."""
    pairs = []
    for group in groups:
        if 1 < len(group) <= ALL_PAIRS:
            ordered = sorted(group)
            pairs += [(x, y) for i, x in enumerate(ordered) for y in ordered[i + 1 :]]
        elif len(group) > 1:
            pairs += [(min(group[0], x), max(group[0], x)) for x in group[1:]]
    found = np.array(pairs, np.int32).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _places(
    corpus: Corpus,
    found: Alignments,
    side: str,
    rows: "NDArray[np.int64]",
    documents: "NDArray[np.int32]",
) -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
    """Return the code points of one side in these documents.

    A document whose letters stand elsewhere than the bearer's is given whole tokens.
    """
    tokens = corpus.tokens
    text = getattr(found, side)[rows]
    bearer = np.array([group[0] for group in corpus.members], np.int32)[text]
    start = tokens.firsts[documents] + getattr(found, f"{side}_start")[rows]
    end = tokens.firsts[documents] + getattr(found, f"{side}_end")[rows] - 1
    own = documents == bearer
    low = np.where(own, getattr(found, f"{side}_low")[rows], tokens.starts[start])
    high = np.where(own, getattr(found, f"{side}_high")[rows], tokens.ends[end])
    return low, high
