"""Which earlier documents are worth a comparison, told from the keys that they share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.index.keys import Keys, Kind
from provenance.index.store import Hits

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEW = 4  # documents of a passage key that names candidates by itself
_VERSIONS = 4  # latest documents of one id or address
_BY_BANDS, _BY_RARE, _BY_ALL = 8, 8, 4


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of one document, in order of arrival.

    `same_text` may have the same tokens, `same_page` the same id or address; of these only the
    latest are candidates. `by_one` has, for a candidate that shares one passage key and nothing
    else, the place of that key in the document, else -1.
    """

    numbers: tuple[int, ...] = ()
    same_text: int | None = None
    same_page: tuple[int, ...] = ()
    by_one: tuple[int, ...] = ()


NOTHING = Candidates()


def choose(keys: Keys, hits: Hits, holders: int, *, compile_kernels: bool) -> list[Candidates]:
    """Return the candidates of each document that has some of the keys.

    A candidate has the same id, address or tokens; or is among the eight with most bands in
    common; or shares two passage keys, or one that four documents have at most, and is among the
    eight with most, keys of `holders` documents left out, or among the four with most of all.
    Ties go to the earlier document.
    """
    if not len(hits.rows):
        return [NOTHING] * len(keys)
    return _compiled(keys, hits, holders) if compile_kernels else _plain(keys, hits, holders)


def _compiled(keys: Keys, hits: Hits, holders: int) -> list[Candidates]:
    from provenance.index.candidate_kernel import choose_kernel

    count, found = len(keys), len(hits.rows)
    numbers, by_one = np.empty((2, found), np.int64)
    pages = np.empty(found, np.int64)
    ends, same_text, page_ends = np.empty((3, count), np.int64)
    choose_kernel(
        keys.bounds,
        keys.kinds,
        keys.places,
        hits.rows,
        hits.numbers,
        holders,
        _FEW,
        _VERSIONS,
        _BY_BANDS,
        _BY_RARE,
        _BY_ALL,
        np.empty(found, np.uint64),
        np.empty((6, found), np.int64),
        numbers,
        by_one,
        ends,
        same_text,
        pages,
        page_ends,
    )
    chosen = []
    low = page_low = 0
    every, one = numbers[: ends[-1]].tolist(), by_one[: ends[-1]].tolist()
    of_page = pages[: page_ends[-1]].tolist()
    for end, text, page_end in zip(
        ends.tolist(), same_text.tolist(), page_ends.tolist(), strict=True
    ):
        if end == low:
            chosen.append(NOTHING)
            continue
        chosen.append(
            Candidates(
                tuple(every[low:end]),
                text if text >= 0 else None,
                tuple(of_page[page_low:page_end]),
                tuple(one[low:end]),
            )
        )
        low, page_low = end, page_end
    return chosen


def _plain(keys: Keys, hits: Hits, holders: int) -> list[Candidates]:
    chosen = [NOTHING] * len(keys)
    kind, place = keys.kinds[hits.rows], keys.places[hits.rows]
    per_key = np.bincount(hits.rows, minlength=len(keys.kinds))[hits.rows]
    owners = np.searchsorted(keys.bounds, hits.rows, "right") - 1
    for document in np.unique(owners).tolist():
        own = owners == document
        chosen[document] = _of_one(hits.numbers[own], kind[own], per_key[own], place[own], holders)
    return chosen


def _of_one(
    held_by: "NDArray[np.int64]",
    kind: "NDArray[np.uint8]",
    per_key: "NDArray[np.int64]",
    place: "NDArray[np.int32]",
    holders: int,
) -> Candidates:
    """Return the candidates of one document from the documents that have each of its keys."""
    numbers, of = np.unique(held_by, return_inverse=True)

    def total(flags: "NDArray[np.bool_]") -> "NDArray[np.int64]":
        return np.bincount(of[flags], minlength=len(numbers))

    passage = kind == Kind.PASSAGE
    same_page = total((kind == Kind.ID) | (kind == Kind.ADDRESS)) > 0
    same_text = total(kind == Kind.TEXT) > 0
    bands, every = total(kind == Kind.BAND), total(passage)
    rare = total(passage & (per_key < holders))
    few = total(passage & (per_key <= _FEW)) > 0
    pages, texts = numbers[same_page], numbers[same_text][:1]
    picked = np.concatenate(
        [
            pages[-_VERSIONS:],
            texts,
            _most(numbers, bands, _BY_BANDS),
            _most(numbers, np.where((rare >= 2) | few, rare, 0), _BY_RARE),
            _most(numbers, np.where(every >= 2, every, 0), _BY_ALL),
        ]
    )
    if not len(picked):
        return NOTHING
    by_one = (every == 1) & (bands == 0) & ~same_page & ~same_text
    place_of = np.full(len(numbers), -1, np.int64)
    place_of[of] = place
    chosen = np.unique(picked)
    at = np.searchsorted(numbers, chosen)
    return Candidates(
        tuple(chosen.tolist()),
        int(texts[0]) if len(texts) else None,
        tuple(pages.tolist()),
        tuple(np.where(by_one, place_of, -1)[at].tolist()),
    )


def _most(
    numbers: "NDArray[np.int64]", counts: "NDArray[np.int64]", most: int
) -> "NDArray[np.int64]":
    """Return the numbers with the highest counts above 0, at most so many."""
    some = np.flatnonzero(counts)
    if len(some) > most:
        some = some[np.argsort(-counts[some], kind="stable")[:most]]
    return numbers[some]
