"""Which tokens of a text its reuse with another text covers."""

from typing import TYPE_CHECKING

import numpy as np

from provenance.match.classes import CLASSES
from provenance.match.collapse import Corpus
from provenance.match.search import Reuse
from provenance.model import MatchClass

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Coverage:
    """The reuse of a corpus, looked up by text and partner."""

    def __init__(self, corpus: Corpus, reuse: Reuse) -> None:
        """Index the alignments that are reuse."""
        rows = reuse.alignments.take(reuse.classes == CLASSES.index(MatchClass.REUSE))
        self._texts = len(corpus.table)
        self._bounds = corpus.table.bounds
        self._boilerplate = reuse.common.boilerplate
        text = np.concatenate([rows.a, rows.b]).astype(np.int64)
        keys = text * self._texts + np.concatenate([rows.b, rows.a])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._start = np.concatenate([rows.a_start, rows.b_start])[order]
        self._end = np.concatenate([rows.a_end, rows.b_end])[order]
        self._equal = np.tile(rows.equal, 2)[order]

    def own(self, text: int) -> "NDArray[np.bool_]":
        """Return a flag for each token of a text that is no boilerplate."""
        return ~self._boilerplate[self._bounds[text] : self._bounds[text + 1]]

    def equal(self, text: int, partner: int) -> int:
        """Return how many tokens of a text are the same in its reuse with `partner`."""
        key = text * self._texts + partner
        low, high = np.searchsorted(self._keys, [key, key + 1]).tolist()
        return int(self._equal[low:high].sum())

    def shared(self, text: int, partner: int) -> "NDArray[np.bool_]":
        """Return a flag for each own token of `text` that its reuse with `partner` covers."""
        key = text * self._texts + partner
        low, high = np.searchsorted(self._keys, [key, key + 1]).tolist()
        covered = np.zeros(int(self._bounds[text + 1] - self._bounds[text]), np.bool_)
        for start, end in zip(
            self._start[low:high].tolist(), self._end[low:high].tolist(), strict=True
        ):
            covered[start:end] = True
        covered &= self.own(text)
        return covered
