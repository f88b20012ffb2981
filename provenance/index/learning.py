"""Boilerplate learned from the stream: wordings that mutually unrelated documents carry.

What is learned holds for later documents only. A passage key is looked at when it gets its 6th,
10th, 16th, 24th and 32nd document: it is boilerplate where ten of them are unrelated, or six of
one source. Prose of forty tokens that several sources carry stays: it is no template.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.index.arrivals import Arrivals, Keyer
from provenance.index.examiner import Examined
from provenance.index.keys import Kind
from provenance.index.store import Store, Stored

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNRELATED, _OF_ONE_SOURCE, _SEVERAL = 10, 6, 3
_RELATED: Final = 0.25  # share of the passage keys of the shorter text
_PROSE: Final = 40
_REMEMBERED: Final = 4096  # documents whose keys are kept at hand


class Learner:
    """Looks at the keys of kept documents and says which of them have become boilerplate."""

    def __init__(self, store: Store, keyer: Keyer) -> None:
        self._store = store
        self._keyer = keyer
        self._known: dict[int, tuple[Stored, frozenset[int]]] = {}

    def learn(
        self,
        examined: Examined,
        arrivals: Arrivals,
        which: int,
        real: Callable[[int], int],
    ) -> "NDArray[np.uint64]":
        """Return the keys that are boilerplate from now on; `real` gives a number once stored."""
        keys = arrivals.keys.of(which)
        verdict: dict[tuple[int, ...], tuple[bool, int]] = {}
        common = np.zeros(len(keys.values), np.bool_)
        several = np.zeros(len(keys.values), np.bool_)
        for row in examined.due.tolist():
            of_key = examined.hits.numbers[
                np.searchsorted(examined.hits.rows, row) : np.searchsorted(
                    examined.hits.rows, row, "right"
                )
            ]
            holders = tuple(real(n) for n in of_key.tolist())
            if holders not in verdict:
                own = frozenset(keys.values[keys.kinds == Kind.PASSAGE].tolist())
                verdict[holders] = self._judge(holders, arrivals.documents[which].source, own)
            common[row], sources = verdict[holders]
            several[row] = sources >= _SEVERAL
        common &= ~self._prose(keys.places, common & several)
        found: NDArray[np.uint64] = keys.values[common]
        return found

    def _judge(
        self, holders: Iterable[int], source: str | None, own: frozenset[int]
    ) -> tuple[bool, int]:
        """Tell whether holders and one more make boilerplate, and how many sources they have."""
        held = [(source, own)]
        for number in holders:
            if number not in self._known:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                for stored in self._store.fetch([number]):
                    keys = self._keyer.keys([stored.document])
                    passages = keys.values[keys.kinds == Kind.PASSAGE]
                    self._known[number] = stored, frozenset(passages.tolist())
            if number in self._known:
                stored, keys_of = self._known[number]
                held.append((stored.document.source, keys_of))
        common = _unrelated(keys for _, keys in held) >= _UNRELATED
        if source is not None:
            of_source = (keys for name, keys in held if name == source)
            common |= _unrelated(of_source) >= _OF_ONE_SOURCE
        return common, len({name for name, _ in held if name is not None})

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


def _unrelated(keys: Iterable[frozenset[int]]) -> int:
    """Return how many of some documents share little with each of those counted before."""
    counted: list[frozenset[int]] = []
    for own in keys:
        if all(len(own & other) <= _RELATED * min(len(own), len(other)) for other in counted):
            counted.append(own)
    return len(counted)
