"""What a server said of the keys it was asked for, at one moment."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Answers:
    """The documents of rising keys, as many as `counts` says of each."""

    def __init__(
        self,
        keys: "NDArray[np.uint64]",
        counts: "NDArray[np.int64]",
        numbers: "NDArray[np.int64]",
    ) -> None:
        self._keys = keys
        self._counts = counts
        self._starts = np.cumsum(counts) - counts
        self._numbers = numbers

    def know(self, keys: "NDArray[np.uint64]") -> bool:
        """Tell whether all of some keys were asked for."""
        if not len(self._keys):
            return not len(keys)
        return bool((self._keys[self._places(keys)] == keys).all())

    def of(self, keys: "NDArray[np.uint64]") -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
        """Return which documents have which of the keys: rows of `keys`, and numbers."""
        if not len(self._keys):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        place = self._places(keys)
        count = self._counts[place]
        row = np.repeat(np.arange(len(keys)), count)
        within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        return row, self._numbers[np.repeat(self._starts[place], count) + within]

    def _places(self, keys: "NDArray[np.uint64]") -> "NDArray[np.intp]":
        return np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
