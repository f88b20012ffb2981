"""Which widely shared prose is the text of one story after all, met again in excerpts of it."""

from typing import TYPE_CHECKING

import numpy as np

from provenance.match.classes import CLASSES
from provenance.match.spans import Alignments
from provenance.model import MatchClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

_REUSE = CLASSES.index(MatchClass.REUSE)
_WIDE = CLASSES.index(MatchClass.WIDELY_SHARED)
_COVERED = 0.5  # of a passage that a text must share to carry it
_MOST, _NEARLY_ALL = 0.5, 0.8  # of a text's relatives that carry what belongs to their story
_FEWEST = 2


def tell_excerpts(rows: Alignments, classes: "NDArray[np.int8]") -> "NDArray[np.int8]":
    """Return the classes of the alignments, widely shared excerpts of one story told as reuse.

    Unrelated features that quote one report at length make its words look like prose that is
    anybody's. They belong to a story where most texts of it carry them, and where these are no
    fewer than the strangers who carry them, too. Of a pair whose other side has no relatives to
    ask, nearly all texts of the story must.
    """
    classes = classes.copy()
    wide = np.flatnonzero(classes == _WIDE)
    if not len(wide):
        return classes
    of_text: dict[int, list[tuple[int, int, int]]] = {}
    related: dict[int, set[int]] = {}
    used = np.unique(np.concatenate([rows.a[wide], rows.b[wide]]))
    for one, other, start, end in (
        (rows.a, rows.b, rows.a_start, rows.a_end),
        (rows.b, rows.a, rows.b_start, rows.b_end),
    ):
        near = np.flatnonzero(np.isin(one, used))
        for row in near.tolist():
            text, partner = int(one[row]), int(other[row])
            of_text.setdefault(text, []).append((partner, int(start[row]), int(end[row])))
            if classes[row] == _REUSE:
                related.setdefault(text, set()).add(partner)

    def carriers(text: int, start: int, end: int) -> tuple[float, bool] | None:
        """Return the share of a text's relatives that carry a passage, and if strangers are fewer.

        None where too few are related to tell.
        """
        kin = related.get(text, set())
        if len(kin) < _FEWEST:
            return None
        shared: dict[int, int] = {}
        for partner, low, high in of_text[text]:
            common = min(high, end) - max(low, start)
            if common > 0:
                shared[partner] = shared.get(partner, 0) + common
        enough = _COVERED * (end - start)
        carrying = {partner for partner, common in shared.items() if common >= enough}
        inside = len(carrying & kin)
        return inside / len(kin), 2 * inside >= len(carrying)

    for row in wide.tolist():
        sides = [
            side
            for side in (
                carriers(int(rows.a[row]), int(rows.a_start[row]), int(rows.a_end[row])),
                carriers(int(rows.b[row]), int(rows.b_start[row]), int(rows.b_end[row])),
            )
            if side is not None
        ]
        least = _MOST if len(sides) == 2 else _NEARLY_ALL
        best = max(sides, default=(0.0, False))
        if best[0] >= least and best[1]:
            classes[row] = _REUSE
    return classes
