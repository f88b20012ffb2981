"""Counting flags and covered places before a place, without an array as long as the corpus."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Flags:
    """Flagged places, counted: `before(place)` of them stand before a place."""

    def __init__(self, flags: "NDArray[np.bool_]") -> None:
        self.places = np.flatnonzero(flags)

    def before(self, place: "NDArray[np.int64]") -> "NDArray[np.int64]":
        """Return how many flags stand before each place."""
        return np.searchsorted(self.places, place)

    def outside(self, place: "NDArray[np.int64]") -> "NDArray[np.int64]":
        """Return how many places without a flag stand before each place."""
        found: NDArray[np.int64] = place - self.before(place)
        return found

    def place_outside(self, number: "NDArray[np.int64]") -> "NDArray[np.int64]":
        """Return the place without a flag before which so many others stand."""
        passed = np.searchsorted(self.places - np.arange(len(self.places)), number, "right")
        found: NDArray[np.int64] = number + passed
        return found


class Ranges:
    """Half-open ranges of places, which may overlap, counted as one set of places."""

    def __init__(self, low: "NDArray[np.int64]", high: "NDArray[np.int64]") -> None:
        order = np.argsort(low, kind="stable")
        low, reach = low[order], np.maximum.accumulate(high[order])
        fresh = np.ones(len(low), np.bool_)
        fresh[1:] = low[1:] > reach[:-1]
        last = np.append(np.flatnonzero(fresh)[1:], len(low)) - 1
        self._low, self._high = low[fresh], reach[last] if len(low) else reach
        self._total = np.concatenate([[0], np.cumsum(self._high - self._low)])

    def before(self, place: "NDArray[np.int64]") -> "NDArray[np.int64]":
        """Return how many places in a range stand before each place."""
        begun = np.searchsorted(self._low, place)
        beyond = np.maximum(np.append(0, self._high)[begun] - place, 0)
        found: NDArray[np.int64] = self._total[begun] - beyond
        return found
