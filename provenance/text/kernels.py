"""The compiled letter kernel."""

from typing import Any

from provenance.machine_code import machine_code
from provenance.text.folding import BARE, MARKED, NONSPACING, SEPARATOR, SINGLE, TRANSPARENT


@machine_code("u4[:], i8[:], u1[:], u2[:], u4[:], u4[:], i4[:], u4[:], i8[:]")
def letter_kernel(
    points: Any,
    bounds: Any,
    classes: Any,
    fold_index: Any,
    fold_start: Any,
    fold_points: Any,
    letters: Any,
    places: Any,
    counts: Any,
) -> int:
    """Write the folded letters of the texts with the code-point offset each was read at.

    Returns how many fit: where `letters` is full, texts that did not fit have a count of -1.
    """
    written = 0
    for text in range(len(bounds) - 1):
        before = written
        base = 0
        for at in range(bounds[text], bounds[text + 1]):
            point = points[at]
            kind = classes[point]
            if kind == TRANSPARENT:
                continue
            if kind == SEPARATOR:
                base = 0
                continue
            if kind == BARE or kind == MARKED or kind == SINGLE:
                base = kind
            elif base == 0 or (kind == NONSPACING and base == BARE):
                continue
            form = fold_index[point]
            if form == 0:
                if written == len(letters):
                    for rest in range(text, len(counts)):
                        counts[rest] = -1
                    return before
                letters[written] = point
                places[written] = at - bounds[text]
                written += 1
            else:
                for i in range(fold_start[form], fold_start[form + 1]):
                    if written == len(letters):
                        for rest in range(text, len(counts)):
                            counts[rest] = -1
                        return before
                    letters[written] = fold_points[i]
                    places[written] = at - bounds[text]
                    written += 1
        counts[text] = written - before
    return written
