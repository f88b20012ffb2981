"""LSH bands: which signatures share a bucket, with a stated recall at the threshold.

Source: Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Bands:
    """A banding: `bands` groups of `rows` values each."""

    bands: int
    rows: int

    @property
    def values(self) -> int:
        """How many values of a signature it uses, from the first on."""
        return self.bands * self.rows

    def recall(self, jaccard: float) -> float:
        """Return the probability that two texts of this Jaccard share a bucket."""
        return 1.0 - (1.0 - jaccard**self.rows) ** self.bands


def choose_bands(threshold: float, recall: float, permutations: int) -> Bands:
    """Return the most selective banding whose recall at the threshold reaches the target.

    Where no banding reaches it, single rows come nearest and are returned.
    """
    for rows in range(permutations, 0, -1):
        miss = 1.0 - threshold**rows
        if miss <= 0.0:
            return Bands(1, rows)
        if miss >= 1.0 or recall >= 1.0:
            continue
        bands = math.ceil(math.log1p(-recall) / math.log(miss))
        if bands * rows <= permutations:
            return Bands(bands, rows)
    return Bands(permutations, 1)


def band_keys(signatures: "NDArray[np.uint32]", banding: Bands) -> "Iterator[NDArray[np.uint64]]":
    """Yield, a band at a time, one 64-bit key a text; equal values have equal keys."""
    for band in range(banding.bands):
        part = signatures[:, band * banding.rows : (band + 1) * banding.rows]
        keys = np.full(len(part), band + 1, np.uint64)
        for column in part.T:
            keys ^= keys >> np.uint64(29)
            keys = (keys + column) * np.uint64(0x9E3779B97F4A7C15)
        yield keys ^ (keys >> np.uint64(32))
