"""Figures with intervals: counts added up by unit of documents, and units drawn again.

An interval is the percentile interval of the bootstrap (Efron & Tibshirani 1993, An Introduction
to the Bootstrap, chapter 13). Documents of one story are not independent, so stories are drawn,
not documents. A figure is computed of sums over units, so that each drawing is one product of
matrices.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Indexes = NDArray[np.int64]

RESAMPLES = 1000
# Above so many units, several are drawn together: their sums differ as little as those of units.
BLOCKS = 2000
_TAILS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its value and 95 % interval, and how many cases it was counted over.

    `value` is None where there is nothing to count; `low` and `high` where there are fewer than
    two units to draw from.
    """

    group: str
    figure: str
    value: float | None
    low: float | None
    high: float | None
    of: int
    definition: str


class Sample:
    """Documents, the units they belong to, and how often each drawing takes each unit.

    `ids` number the documents; `units` gives each of them its unit, a number from 0.
    """

    def __init__(
        self, ids: Sequence[str], units: ArrayLike, *, resamples: int = RESAMPLES, seed: int = 0
    ) -> None:
        self.ids = tuple(ids)
        self.index: Mapping[str, int] = {name: number for number, name in enumerate(ids)}
        self.units: Indexes = np.asarray(units, dtype=np.int64)
        count = int(self.units.max()) + 1 if len(self.units) else 0
        self.blocks = min(count, BLOCKS)
        # The old generator, because its numbers are promised never to change: intervals are the
        # same under every NumPy.
        generator = np.random.RandomState(seed)
        block = np.arange(count)
        if count > self.blocks:
            block = generator.permutation(count) % self.blocks
        self.block_of: Indexes = block[self.units]
        # The first row takes everything once.
        drawn: NDArray[Any] = np.empty((0, self.blocks))
        if self.blocks > 1:
            shares = np.full(self.blocks, 1 / self.blocks)
            drawn = generator.multinomial(self.blocks, shares, size=resamples)
        self.weights: Numbers = np.vstack([np.ones((1, self.blocks)), drawn])

    @property
    def drawings(self) -> int:
        """One for the sample as it is, and one for each time it is drawn again."""
        return len(self.weights)


class Tally:
    """Sums of named amounts: for the sample as it is, and for each drawing of it."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self._sums: dict[str, Numbers] = {}
        self._binned: dict[str, Numbers] = {}

    def add(self, name: str, documents: ArrayLike, amounts: ArrayLike = 1.0) -> None:
        """Add an amount for each document listed; a document may be listed more than once."""
        sample = self.sample
        listed = np.asarray(documents, dtype=np.int64)
        weights = np.broadcast_to(np.asarray(amounts, dtype=np.float64), listed.shape)
        by_block = np.bincount(sample.block_of[listed], weights, minlength=sample.blocks)
        self._sums[name] = self[name] + sample.weights @ by_block

    def add_ids(self, name: str, ids: Iterable[str]) -> None:
        """Add one for each document listed by id."""
        self.add(name, [self.sample.index[document] for document in ids])

    def add_pairs(self, name: str, a: ArrayLike, b: ArrayLike, amounts: ArrayLike = 1.0) -> None:
        """Add an amount for each pair of documents: half with each of the two."""
        half = np.asarray(amounts, dtype=np.float64) / 2
        self.add(name, a, half)
        self.add(name, b, half)

    def add_binned(
        self, name: str, documents: ArrayLike, bins: ArrayLike, amounts: ArrayLike, length: int
    ) -> None:
        """Add amounts for documents, kept apart by bin, a number from 0 to `length`."""
        sample = self.sample
        blocks = sample.block_of[np.asarray(documents, dtype=np.int64)]
        at = np.asarray(bins, dtype=np.int64)
        weights = np.broadcast_to(np.asarray(amounts, dtype=np.float64), at.shape)
        table = np.bincount(blocks * length + at, weights, minlength=sample.blocks * length)
        self._binned[name] = sample.weights @ table.reshape(sample.blocks, length)

    def __getitem__(self, name: str) -> Numbers:
        """Give the sums under a name, one a drawing; zeros where nothing was added."""
        return self._sums.get(name, np.zeros(self.sample.drawings))

    def binned(self, name: str) -> Numbers:
        """Give the sums under a name: a row for each drawing, a column for each bin."""
        return self._binned[name]


@dataclass(frozen=True, slots=True)
class Measure:
    """How a figure is computed of sums; `of` names the sums that count its cases."""

    figure: str
    definition: str
    of: str | tuple[str, ...]
    compute: Callable[[Tally], Numbers]


def ratio(part: Numbers, whole: Numbers) -> Numbers:
    """Return the share of each part in its whole; not a number where the whole is nothing."""
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def harmonic(precision: Numbers, recall: Numbers) -> Numbers:
    """Return F1, the harmonic mean; 0 where one is 0 or has nothing to be counted over."""
    p, r = np.nan_to_num(precision), np.nan_to_num(recall)
    mean = np.divide(2 * p * r, p + r, out=np.zeros_like(p), where=p + r > 0)
    mean[np.isnan(precision) & np.isnan(recall)] = np.nan
    return mean


def figures(group: str, tally: Tally, measures: Sequence[Measure]) -> list[Figure]:
    """Compute figures, each with its interval."""
    found = []
    for measure in measures:
        values = measure.compute(tally)
        drawn = values[1:][~np.isnan(values[1:])]
        value = None if np.isnan(values[0]) else float(values[0])
        low = high = None
        if value is not None and len(drawn):
            low, high = (float(bound) for bound in np.percentile(drawn, _TAILS))
        counted = (measure.of,) if isinstance(measure.of, str) else measure.of
        of = round(sum(float(tally[name][0]) for name in counted))
        found.append(Figure(group, measure.figure, value, low, high, of, measure.definition))
    return found


def precision_recall(
    name: str, right: str, found: str, true: str, words: str, *, found_right: str | None = None
) -> list[Measure]:
    """Return precision, recall and F1 of things found against things that are true.

    `right`, `found` and `true` name their sums; `found_right` counts the right ones among those
    found, where that is another count than the true ones that were found.
    """

    def precision(tally: Tally) -> Numbers:
        return ratio(tally[found_right or right], tally[found])

    def recall(tally: Tally) -> Numbers:
        return ratio(tally[right], tally[true])

    def f1(tally: Tally) -> Numbers:
        return harmonic(precision(tally), recall(tally))

    return [
        Measure(f"{name} precision", f"share true of the {words} found", found, precision),
        Measure(f"{name} recall", f"share found of the true {words}", true, recall),
        Measure(f"{name} F1", "harmonic mean of precision and recall", (true, found), f1),
    ]
