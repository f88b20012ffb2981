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

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNRELATED, _OF_ONE_SOURCE, _SEVERAL = 10, 6, 3
_RELATED: Final = 0.25  # share of the passage keys of the shorter text
_PROSE: Final = 40
_REMEMBERED: Final = 4096  # documents whose keys are kept at hand


@dataclass(frozen=True, slots=True)
class _Holder:
    """A document that has a key: its source, and its passage keys."""

    source: str | None
    keys: frozenset[int]


class Learner:
    """Looks at the keys of kept documents and says which of them have become boilerplate."""

    def __init__(self, store: Store, keyer: Keyer) -> None:
        self._store = store
        self._keyer = keyer
        self._known: dict[int, _Holder] = {}

    def learn(self, examined: Examined, arrivals: Arrivals, which: int) -> "NDArray[np.uint64]":
        """Return the keys that are boilerplate from now on."""
        keys = arrivals.keys.of(which)
        of_key = [tuple(examined.hits.of(row).tolist()) for row in examined.due.tolist()]
        known = self._holders({n for numbers in of_key for n in numbers}, arrivals)
        own = _arriving(arrivals, which)
        verdict: dict[tuple[int, ...], tuple[bool, int]] = {}
        common = np.zeros(len(keys.values), np.bool_)
        several = np.zeros(len(keys.values), np.bool_)
        for row, numbers in zip(examined.due.tolist(), of_key, strict=True):
            if numbers not in verdict:
                verdict[numbers] = _judge([own, *(known[n] for n in numbers if n in known)])
            common[row], sources = verdict[numbers]
            several[row] = sources >= _SEVERAL
        common &= ~self._prose(keys.places, common & several)
        found: NDArray[np.uint64] = keys.values[common]
        return found

    def _holders(self, numbers: AbstractSet[int], arrivals: Arrivals) -> dict[int, "_Holder"]:
        """Return the documents of some numbers, stored or arriving."""
        found = {n: _arriving(arrivals, n - TOGETHER) for n in numbers if n >= TOGETHER}
        new = sorted(n for n in numbers if n < TOGETHER and n not in self._known)
        if len(self._known) + len(new) > _REMEMBERED:
            self._known.clear()
            new = sorted(n for n in numbers if n < TOGETHER)
        if new:
            stored = self._store.fetch(new)
            keys = self._keyer.keys([s.document for s in stored])
            for i, one in enumerate(stored):
                self._known[one.number] = _holder(one.document.source, keys.of(i))
        return found | {n: self._known[n] for n in numbers if n in self._known}

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
    return _holder(arrivals.documents[which].source, arrivals.keys.of(which))


def _holder(source: str | None, keys: Keys) -> _Holder:
    return _Holder(source, frozenset(keys.values[keys.kinds == Kind.PASSAGE].tolist()))


def _judge(held: Sequence[_Holder]) -> tuple[bool, int]:
    """Tell whether holders make boilerplate, the newest first, and how many sources they have."""
    common = _unrelated(h.keys for h in held) >= _UNRELATED
    source = held[0].source
    if source is not None:
        common |= _unrelated(h.keys for h in held if h.source == source) >= _OF_ONE_SOURCE
    return common, len({h.source for h in held if h.source is not None})


def _unrelated(keys: Iterable[frozenset[int]]) -> int:
    """Return how many of some documents share little with each of those counted before."""
    counted: list[frozenset[int]] = []
    for own in keys:
        if all(len(own & other) <= _RELATED * min(len(own), len(other)) for other in counted):
            counted.append(own)
    return len(counted)
