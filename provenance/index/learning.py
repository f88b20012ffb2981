"""Boilerplate learned from the stream: wordings that mutually unrelated documents carry.

What is learned holds for later documents only. A passage key is looked at when it gets its 6th,
10th, 16th, 24th and 32nd document: it is boilerplate where ten of them are unrelated, or six of
one source. Prose of forty tokens that several sources carry stays: it is no template.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.index.arrivals import Arrivals, Keyer
from provenance.index.examiner import TOGETHER, Examined
from provenance.index.keys import Keys, Kind
from provenance.index.store import Store
from provenance.model import Document

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNRELATED, _OF_ONE_SOURCE, _SEVERAL = 10, 6, 3
_RELATED: Final = 0.25  # share of the passage keys of the shorter text
_PROSE: Final = 40
_REMEMBERED: Final = 4096  # documents whose keys are kept at hand


@dataclass(slots=True)
class _Holder:
    """A document that has a key, with its passage keys once they are asked for."""

    document: Document
    keys: frozenset[int] | None = None


class Learner:
    """Looks at the keys of kept documents and says which of them have become boilerplate."""

    def __init__(self, store: Store, keyer: Keyer) -> None:
        self._store = store
        self._keyer = keyer
        self._known: dict[int, _Holder] = {}

    def learn(self, examined: Examined, arrivals: Arrivals, which: int) -> "NDArray[np.uint64]":
        """Return the keys that are boilerplate from now on."""
        keys = arrivals.keys.of(which)
        own = _arriving(arrivals, which)
        due: dict[tuple[int, ...], list[int]] = {}
        held_by = examined.hits.numbers
        cuts = np.searchsorted(examined.hits.rows, [examined.due, examined.due + 1]).T.tolist()
        for row, (low, high) in zip(examined.due.tolist(), cuts, strict=True):
            numbers = tuple(held_by[low:high].tolist())
            if len(numbers) + 1 >= (_UNRELATED if own.document.source is None else _OF_ONE_SOURCE):
                due.setdefault(numbers, []).append(row)
        common = np.zeros(len(keys.values), np.bool_)
        if due:
            known = self._holders({n for numbers in due for n in numbers}, arrivals)
            held = {numbers: [own, *(known[n] for n in numbers if n in known)] for numbers in due}
            self._read_keys({id(h): h for of in held.values() for h in _asked(of)}.values())
            several = common.copy()
            for numbers, rows in due.items():
                common[rows] = _is_common(held[numbers])
                several[rows] = len(_sources(held[numbers])) >= _SEVERAL
            common &= ~self._prose(keys.places, common & several)
        found: NDArray[np.uint64] = keys.values[common]
        return found

    def _holders(self, numbers: AbstractSet[int], arrivals: Arrivals) -> dict[int, _Holder]:
        """Return the documents of some numbers, stored or arriving."""
        found = {n: _arriving(arrivals, n - TOGETHER) for n in numbers if n >= TOGETHER}
        new = sorted(n for n in numbers if n < TOGETHER and n not in self._known)
        if len(self._known) + len(new) > _REMEMBERED:
            self._known.clear()
            new = sorted(n for n in numbers if n < TOGETHER)
        for stored in self._store.fetch(new) if new else ():
            self._known[stored.number] = _Holder(stored.document)
        return found | {n: self._known[n] for n in numbers if n in self._known}

    def _read_keys(self, holders: Iterable[_Holder]) -> None:
        """Find the passage keys of those whose keys are not known."""
        new = [holder for holder in holders if holder.keys is None]
        if new:
            keys = self._keyer.keys([holder.document for holder in new])
            for i, holder in enumerate(new):
                holder.keys = _passages(keys.of(i))

    def _prose(
        self, places: "NDArray[np.int32]", flags: "NDArray[np.bool_]"
    ) -> "NDArray[np.bool_]":
        """Flag the keys among some that stand in a long run of them."""
        settings = self._store.settings
        rows = np.flatnonzero(flags)
        rows = rows[np.argsort(places[rows], kind="stable")]
        long = np.zeros(len(flags), np.bool_)
        for part in np.split(rows, np.flatnonzero(np.diff(places[rows]) > settings.window) + 1):
            if len(part) and (
                places[part[-1]] - places[part[0]] + settings.passage_shingle >= _PROSE
            ):
                long[part] = True
        return long


def _arriving(arrivals: Arrivals, which: int) -> _Holder:
    return _Holder(arrivals.documents[which], _passages(arrivals.keys.of(which)))


def _passages(keys: Keys) -> frozenset[int]:
    return frozenset(keys.values[keys.kinds == Kind.PASSAGE].tolist())


def _sources(held: Iterable[_Holder]) -> set[str]:
    return {h.document.source for h in held if h.document.source is not None}


def _of_source(held: Sequence[_Holder]) -> list[_Holder]:
    """Return the holders of the source of the newest, which stands first."""
    source = held[0].document.source
    return [] if source is None else [h for h in held if h.document.source == source]


def _asked(held: Sequence[_Holder]) -> Sequence[_Holder]:
    """Return those of the holders whose keys say whether they make boilerplate."""
    if len(held) >= _UNRELATED:
        return held
    same = _of_source(held)
    return same if len(same) >= _OF_ONE_SOURCE else ()


def _is_common(held: Sequence[_Holder]) -> bool:
    """Tell whether holders make boilerplate."""
    return _are_unrelated(held, _UNRELATED) or _are_unrelated(_of_source(held), _OF_ONE_SOURCE)


def _are_unrelated(held: Sequence[_Holder], enough: int) -> bool:
    """Tell whether so many documents share little with each of those counted before."""
    counted: list[frozenset[int]] = []
    for left, holder in zip(range(len(held), 0, -1), held, strict=True):
        if len(counted) + left < enough:
            return False
        own = holder.keys or frozenset()
        if all(len(own & other) <= _RELATED * min(len(own), len(other)) for other in counted):
            counted.append(own)
            if len(counted) == enough:
                return True
    return False
