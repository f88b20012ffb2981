"""The folded letters of texts, without spaces, each with the offset it was read at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.text.folding import (
    BARE,
    MARKED,
    NONSPACING,
    SEPARATOR,
    SINGLE,
    TRANSPARENT,
    load_table,
    plain_table,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LetterTable:
    """The letters of texts `0..n-1`: text `i` owns the slice `bounds[i]:bounds[i + 1]`.

    `letters` are folded code points, `places` the code-point offsets they were read at.
    """

    bounds: "NDArray[np.int64]"
    letters: "NDArray[np.int32]"
    places: "NDArray[np.uint32]"


def read_letters(texts: Sequence[str], *, compile_kernels: bool) -> LetterTable:
    """Return the letters of the texts; joined they are the joined folded tokens."""
    return _compiled(texts) if compile_kernels else _plain(texts)


def _plain(texts: Sequence[str]) -> LetterTable:
    classes, folds = plain_table()
    letters: list[int] = []
    places: list[int] = []
    bounds = [0]
    for text in texts:
        base = 0
        for place, character in enumerate(text):
            kind = classes[ord(character)]
            if kind == TRANSPARENT:
                continue
            if kind == SEPARATOR:
                base = 0
                continue
            if kind in (BARE, MARKED, SINGLE):
                base = kind
            elif base == 0 or (kind == NONSPACING and base == BARE):
                continue
            folded = folds.get(ord(character), character)
            letters.extend(map(ord, folded))
            places.extend([place] * len(folded))
        bounds.append(len(letters))
    return LetterTable(
        np.array(bounds, np.int64), np.array(letters, np.int32), np.array(places, np.uint32)
    )


def _compiled(texts: Sequence[str]) -> LetterTable:
    from provenance.text.kernels import letter_kernel

    table = load_table()
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    bounds = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    room = len(points) + 64
    while True:
        letters, places = np.empty(room, np.int32), np.empty(room, np.uint32)
        counts = np.zeros(len(texts), np.int64)
        written = letter_kernel(
            points,
            bounds,
            table.classes,
            table.fold_index,
            table.fold_start,
            table.fold_points,
            letters,
            places,
            counts,
        )
        if (counts >= 0).all():
            break
        room *= 4
    return LetterTable(
        np.concatenate([[0], np.cumsum(counts)]), letters[:written], places[:written]
    )
