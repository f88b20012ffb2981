"""Winnowing: the least shingle of every window, so that no long shared run goes unseen.

Source: Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for document fingerprinting",
SIGMOD 2003. With shingles of k tokens and windows of w shingles, any run of k + w - 1 equal
tokens has a selected shingle in common, because the choice depends on the window's content only.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def winnow(
    shingles: "NDArray[np.uint64]",
    bounds: "NDArray[np.int64]",
    counts: "NDArray[np.int64]",
    window: int,
) -> "NDArray[np.int64]":
    """Return the places of the selected shingles, rising.

    Text `i` has its `counts[i]` shingles at `shingles[bounds[i]:]`. In each window of `window`
    shingles the least is selected, the rightmost where several are equal; a text with fewer
    shingles is one window.
    """
    selected = np.zeros(len(shingles), np.bool_)
    windows = np.maximum(counts - window + 1, 0)
    starts = np.repeat(bounds[:-1] - np.cumsum(windows) + windows, windows)
    starts += np.arange(len(starts))
    best = starts.copy()
    for shift in range(1, window):
        other = starts + shift
        best = np.where(shingles[other] <= shingles[best], other, best)
    selected[best] = True
    for text in np.flatnonzero((counts > 0) & (counts < window)):
        part = shingles[bounds[text] : bounds[text] + counts[text]]
        selected[bounds[text] + len(part) - 1 - int(np.argmin(part[::-1]))] = True
    return np.flatnonzero(selected)
