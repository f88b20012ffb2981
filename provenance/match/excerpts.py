"""Which widely shared prose is the text of one story after all, met again in excerpts of it."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from provenance.match.classes import CLASSES
from provenance.match.kernels import carriers_kernel
from provenance.match.spans import Alignments
from provenance.model import MatchClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

_REUSE = CLASSES.index(MatchClass.REUSE)
_WIDE = CLASSES.index(MatchClass.WIDELY_SHARED)
_COVERED = 0.5  # of a passage that a text must share to carry it
_MOST, _NEARLY_ALL = 0.5, 0.8  # of a text's relatives that carry what belongs to their story
_FEWEST = 2
_AT_A_TIME = 1 << 20  # rows that are compared with passages at once


def tell_excerpts(
    rows: Alignments, classes: "NDArray[np.int8]", *, compile_kernels: bool = False
) -> "NDArray[np.int8]":
    """Return the classes of the alignments, widely shared excerpts of one story told as reuse.

    Unrelated features that quote one report at length make its words look like prose that is
    anybody's. They belong to a story where most texts of it carry them, and where these are no
    fewer than the strangers who carry them, too. Of a pair whose other side has no relatives to
    ask, nearly all texts of the story must. An excerpt that is told makes its text a relative of
    the story, which is asked again: telling the result once more changes nothing.
    """
    classes = classes.copy()
    shared = None
    while len(wide := np.flatnonzero(classes == _WIDE)):
        shared = shared or _Shared(rows, compile_kernels=compile_kernels)
        shared.relate(classes)
        told = wide[_belong(shared, rows, wide)]
        if not len(told):
            break
        classes[told] = _REUSE
    return classes


def _belong(shared: "_Shared", rows: Alignments, wide: "NDArray[np.int64]") -> "NDArray[np.bool_]":
    """Flag the widely shared alignments that are the text of one story."""
    a_most, a_few = shared.carriers(rows.a[wide], rows.a_start[wide], rows.a_end[wide])
    b_most, b_few = shared.carriers(rows.b[wide], rows.b_start[wide], rows.b_end[wide])
    known = (a_most >= 0).astype(np.int8) + (b_most >= 0)
    # the side whose story carries it more; of two alike, one that strangers carry less
    better = (b_most > a_most) | ((b_most == a_most) & b_few)
    most, few = np.where(better, b_most, a_most), np.where(better, b_few, a_few)
    least = np.where(known == 2, _MOST, _NEARLY_ALL)
    belong: NDArray[np.bool_] = (known > 0) & (most >= least) & few
    return belong


class _Shared:
    """What every text shares with others: partner and span, by text."""

    def __init__(self, rows: Alignments, *, compile_kernels: bool) -> None:
        self._compile_kernels = compile_kernels
        text = np.concatenate([rows.a, rows.b]).astype(np.int64)
        partner = np.concatenate([rows.b, rows.a]).astype(np.int64)
        self._texts = int(text.max(initial=0)) + 1
        keys = text * self._texts + partner
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        self._partner = partner[self._order]
        self._start = np.concatenate([rows.a_start, rows.b_start])[self._order]
        self._end = np.concatenate([rows.a_end, rows.b_end])[self._order]
        self._bounds = np.searchsorted(text[self._order], np.arange(self._texts + 1))

    def relate(self, classes: "NDArray[np.int8]") -> None:
        """Make relatives of the texts that share reuse; do this before asking for carriers."""
        fresh = np.ones(len(self._keys), np.bool_)
        fresh[1:] = self._keys[1:] != self._keys[:-1]
        first = np.flatnonzero(fresh)
        reuse = np.logical_or.reduceat(np.tile(classes == _REUSE, 2)[self._order], first)
        self._related = reuse[np.cumsum(fresh) - 1]
        self._kin = np.bincount(self._keys[first[reuse]] // self._texts, minlength=self._texts)

    def carriers(
        self, text: "NDArray[np.int32]", start: "NDArray[np.int32]", end: "NDArray[np.int32]"
    ) -> tuple["NDArray[np.float64]", "NDArray[np.bool_]"]:
        """Return the share of a text's relatives that carry each passage, -1 with too few to ask.

        The flags say whether strangers who carry it are no more than they.
        """
        most, few = np.full(len(text), -1.0), np.zeros(len(text), np.bool_)
        asked = np.flatnonzero(self._kin[text] >= _FEWEST)
        if not len(asked):
            return most, few
        # a big story has the same passage of a text in many rows
        asked = asked[np.lexsort((end[asked], start[asked], text[asked]))]
        passage = np.stack([text[asked], start[asked], end[asked]])
        fresh = np.ones(len(asked), np.bool_)
        fresh[1:] = (passage[:, 1:] != passage[:, :-1]).any(axis=0)
        of = np.cumsum(fresh) - 1
        passage = passage[:, fresh].astype(np.int64)
        sizes = np.diff(self._bounds)[passage[0]]
        block = np.cumsum(sizes) // _AT_A_TIME
        firsts = np.flatnonzero(np.diff(block, prepend=-1, append=-1)).tolist()
        if self._compile_kernels:
            found = [self._count_compiled(*np.ascontiguousarray(passage))]
        else:
            found = [self._count(*passage[:, low:high]) for low, high in pairwise(firsts)]
        inside, carriers = (np.concatenate(column)[of] for column in zip(*found, strict=True))
        most[asked] = inside / self._kin[text[asked]]
        few[asked] = 2 * inside >= carriers
        return most, few

    def _count_compiled(
        self, text: "NDArray[np.int64]", start: "NDArray[np.int64]", end: "NDArray[np.int64]"
    ) -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
        inside, carriers = np.empty(len(text), np.int64), np.empty(len(text), np.int64)
        carriers_kernel(
            text,
            start,
            end,
            self._bounds,
            self._partner,
            self._start,
            self._end,
            self._related.view(np.uint8),
            inside,
            carriers,
        )
        return inside, carriers

    def _count(
        self, text: "NDArray[np.int64]", start: "NDArray[np.int64]", end: "NDArray[np.int64]"
    ) -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
        """Count the relatives that carry each passage, and all texts that do."""
        sizes = np.diff(self._bounds)[text]
        passage = np.repeat(np.arange(len(text)), sizes)
        row = np.arange(len(passage)) + np.repeat(
            self._bounds[text] - np.cumsum(sizes) + sizes, sizes
        )
        common = np.minimum(self._end[row], end[passage])
        common -= np.maximum(self._start[row], start[passage])
        touching = common > 0
        passage, row, common = passage[touching], row[touching], common[touching]
        fresh = np.ones(len(row), np.bool_)
        partner = self._partner[row]
        fresh[1:] = (passage[1:] != passage[:-1]) | (partner[1:] != partner[:-1])
        first = np.flatnonzero(fresh)
        passage, row = passage[first], row[first]
        enough = np.add.reduceat(common, first) >= _COVERED * (end - start)[passage]
        passage, row = passage[enough], row[enough]
        return (
            np.bincount(passage[self._related[row]], minlength=len(text)),
            np.bincount(passage, minlength=len(text)),
        )
