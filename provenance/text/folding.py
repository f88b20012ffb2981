"""The folding table: what each code point is to a token, and what it becomes.

The table is generated from the Unicode Character Database of one Python and pinned in the
package, so that every Python gives the same tokens. `python -m provenance.text.folding` writes
it anew.
"""

import functools
import sys
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEPARATOR = 0  # ends a token
TRANSPARENT = 1  # joiners, soft hyphens, variation selectors: neither ends a token nor counts
BARE = 2  # a base on which nonspacing marks are dropped
MARKED = 3  # a base that keeps its marks
SINGLE = 4  # a base of a script without spaces: a token of its own, with its marks
NONSPACING = 5  # a mark that is dropped on a bare base
SPACING = 6  # a mark that is kept on every base

TABLE = "folding.npz"
TABLE_VERSION = 1
_POINTS = 0x110000
_BARE_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")
_SINGLE_SCRIPTS = (
    "CJK UNIFIED IDEOGRAPH",
    "CJK COMPATIBILITY IDEOGRAPH",
    "IDEOGRAPHIC",
    "HIRAGANA",
    "KATAKANA",
    "THAI",
    "LAO",
    "KHMER",
    "MYANMAR",
)
_TRANSPARENT = frozenset([0x034F, 0x0640, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])


@dataclass(frozen=True, slots=True)
class FoldingTable:
    """The class of every code point, and the folded form of those that change.

    `classes` has one byte a code point. `fold_index` gives, a code point, 0 where it folds to
    itself, else `i` such that it folds to `fold_points[fold_start[i]:fold_start[i + 1]]`.
    """

    unicode_version: str
    classes: "NDArray[np.uint8]"
    fold_index: "NDArray[np.uint16]"
    fold_start: "NDArray[np.uint32]"
    fold_points: "NDArray[np.uint32]"


@functools.cache
def load_table() -> FoldingTable:
    """Return the pinned table; it is read once."""
    import numpy as np

    with files("provenance.text").joinpath(TABLE).open("rb") as handle, np.load(handle) as table:
        return FoldingTable(
            str(table["unicode_version"]),
            table["classes"],
            table["fold_index"],
            table["fold_start"],
            table["fold_points"],
        )


@functools.cache
def plain_table() -> tuple[bytes, dict[int, str]]:
    """Return the pinned table as classes and a dictionary of folded forms, for plain Python."""
    table = load_table()
    changed = table.fold_index.nonzero()[0].tolist()
    starts, points = table.fold_start.tolist(), table.fold_points.tolist()
    folds = {}
    for point in changed:
        i = int(table.fold_index[point])
        folds[point] = "".join(map(chr, points[starts[i] : starts[i + 1]]))
    return table.classes.tobytes(), folds


def _compatibility(text: str) -> str:
    """Fold compatibility form and case until nothing changes."""
    while True:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        if folded == text:
            return folded
        text = folded


def classify(character: str) -> tuple[int, str]:
    """Return the class of a character and its folded form, from this Python's Unicode data."""
    category = unicodedata.category(character)
    if ord(character) in _TRANSPARENT or category == "Cf":
        return TRANSPARENT, ""
    if category[0] not in "LNM":
        return SEPARATOR, ""
    folded = "".join(c for c in _compatibility(character) if unicodedata.category(c)[0] in "LNM")
    folded = "".join(c for c in folded if ord(c) not in _TRANSPARENT)
    if not folded:
        return TRANSPARENT, ""
    kind = unicodedata.category(folded[0])
    if kind in ("Mn", "Me"):
        return NONSPACING, folded
    if kind == "Mc":
        return SPACING, folded
    name = unicodedata.name(folded[0], "")
    if name.startswith(_SINGLE_SCRIPTS):
        return SINGLE, folded
    if name.startswith(_BARE_SCRIPTS):
        bare = "".join(c for c in folded if unicodedata.category(c) not in ("Mn", "Me"))
        return BARE, bare
    return MARKED, folded


def generate_table() -> dict[str, object]:
    """Compute the arrays of the table from this Python's Unicode data."""
    import numpy as np

    classes = np.zeros(_POINTS, np.uint8)
    index = np.zeros(_POINTS, np.uint16)
    forms: dict[str, int] = {}
    for point in range(_POINTS):
        kind, folded = classify(chr(point))
        classes[point] = kind
        if kind > TRANSPARENT and folded != chr(point):
            index[point] = forms.setdefault(folded, len(forms) + 1)
    points = [ord(c) for form in forms for c in form]
    starts = np.cumsum([0, 0, *map(len, forms)])
    return {
        "unicode_version": np.array(unicodedata.unidata_version),
        "classes": classes,
        "fold_index": index,
        "fold_start": starts.astype(np.uint32),
        "fold_points": np.array(points, np.uint32),
    }


def _write() -> None:
    import numpy as np

    target = Path(__file__).with_name(TABLE)
    np.savez_compressed(target, **generate_table())  # type: ignore[arg-type]
    sys.stderr.write(f"wrote {target} for Unicode {unicodedata.unidata_version}\n")


if __name__ == "__main__":
    _write()
