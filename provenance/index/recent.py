"""The keys of documents that are in no run yet, in memory."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Recent:
    """Which recent documents have which key, in order of arrival."""

    def __init__(self) -> None:
        self._holders: dict[int, list[int]] = {}
        self._keys: list[NDArray[np.uint64]] = []
        self._numbers: list[int] = []

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def last(self) -> int:
        """The number of the latest document, 0 where there is none."""
        return self._numbers[-1] if self._numbers else 0

    def add(self, numbers: Sequence[int], keys: Sequence["NDArray[np.uint64]"]) -> None:
        """Take documents with rising numbers and the keys of each."""
        for number, own in zip(numbers, keys, strict=True):
            for key in own.tolist():
                self._holders.setdefault(key, []).append(number)
        self._numbers += numbers
        self._keys += keys

    def find(self, keys: "NDArray[np.uint64]") -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
        """Return which documents have which of the keys: rows of `keys`, and numbers."""
        rows: list[int] = []
        numbers: list[int] = []
        for row, key in enumerate(keys.tolist()):
            held = self._holders.get(key, ())
            rows += [row] * len(held)
            numbers += held
        return np.array(rows, np.int64), np.array(numbers, np.int64)

    def everything(self) -> tuple["NDArray[np.uint64]", "NDArray[np.int64]"]:
        """Return all keys, and the document of each."""
        counts = [len(own) for own in self._keys]
        return (
            np.concatenate([np.empty(0, np.uint64), *self._keys]),
            np.repeat(np.array(self._numbers, np.int64), counts),
        )
