"""Which earlier documents are worth a comparison, told from the keys that they share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.index.keys import Kind
from provenance.index.store import Hits

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEW = 4  # documents of a passage key that names candidates by itself
_VERSIONS = 4  # latest documents of one id or address
_BY_BANDS, _BY_RARE, _BY_ALL = 8, 8, 4
_NUMBER_BITS = np.uint64(40)
_NUMBERS = np.uint64((1 << 40) - 1)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of one document, in order of arrival.

    `same_text` may have the same tokens, `same_page` the same id or address; of these only the
    latest are candidates.
    """

    numbers: tuple[int, ...] = ()
    same_text: int | None = None
    same_page: tuple[int, ...] = ()


NOTHING = Candidates()


def choose(
    owners: "NDArray[np.int64]", kinds: "NDArray[np.uint8]", hits: Hits, holders: int, count: int
) -> list[Candidates]:
    """Return the candidates of documents `0..count-1`; their keys go by `owners` and `kinds`.

    A candidate has the same id, address or tokens; or is among the eight with most bands in
    common; or shares two passage keys, or one that four documents have at most, and is among the
    eight with most, keys of `holders` documents left out, or among the four with most of all.
    Ties go to the earlier document.
    """
    chosen = [NOTHING] * count
    if not len(hits.rows):
        return chosen
    kind = kinds[hits.rows]
    per_key = np.bincount(hits.rows, minlength=len(kinds))[hits.rows]
    pairs = (owners[hits.rows].astype(np.uint64) << _NUMBER_BITS) | hits.numbers.astype(np.uint64)
    order = np.argsort(pairs, kind="stable")
    pairs, kind, per_key = pairs[order], kind[order], per_key[order]
    fresh = np.ones(len(pairs), np.bool_)
    fresh[1:] = pairs[1:] != pairs[:-1]
    starts = np.flatnonzero(fresh)

    def total(flags: "NDArray[np.bool_]") -> "NDArray[np.int64]":
        return np.add.reduceat(flags.astype(np.int64), starts)

    passage = kind == Kind.PASSAGE
    same_page = total((kind == Kind.ID) | (kind == Kind.ADDRESS)) > 0
    same_text = total(kind == Kind.TEXT) > 0
    bands = total(kind == Kind.BAND)
    every = total(passage)
    rare = total(passage & (per_key < holders))
    few = total(passage & (per_key <= _FEW)) > 0
    eligible = same_page | same_text | (bands > 0) | (every >= 2) | few
    rows = np.flatnonzero(eligible)
    owner = (pairs[starts[rows]] >> _NUMBER_BITS).astype(np.int64)
    number = (pairs[starts[rows]] & _NUMBERS).astype(np.int64)
    cuts = np.flatnonzero(np.diff(owner)) + 1
    for part in np.split(np.arange(len(rows)), cuts):
        if not len(part):
            continue
        of = rows[part]
        numbers = number[part]
        pages = numbers[same_page[of]]
        texts = numbers[same_text[of]][:1]
        shared = np.where((rare[of] >= 2) | few[of], rare[of], 0)
        picked = np.concatenate(
            [
                pages[-_VERSIONS:],
                texts,
                _most(numbers, bands[of], _BY_BANDS),
                _most(numbers, shared, _BY_RARE),
                _most(numbers, np.where(every[of] >= 2, every[of], 0), _BY_ALL),
            ]
        )
        chosen[int(owner[part[0]])] = Candidates(
            tuple(np.unique(picked).tolist()),
            int(texts[0]) if len(texts) else None,
            tuple(pages.tolist()),
        )
    return chosen


def _most(
    numbers: "NDArray[np.int64]", counts: "NDArray[np.int64]", most: int
) -> "NDArray[np.int64]":
    """Return the numbers with the highest counts above 0, at most so many."""
    some = np.flatnonzero(counts)
    if len(some) > most:
        some = some[np.argsort(-counts[some], kind="stable")[:most]]
    return numbers[some]
