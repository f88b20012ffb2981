"""Folded tokens with offsets, in plain Python: the definition that the compiled path must meet."""

from collections.abc import Iterator
from dataclasses import dataclass

import xxhash

from provenance.text.folding import (
    BARE,
    MARKED,
    NONSPACING,
    SEPARATOR,
    SINGLE,
    TRANSPARENT,
    plain_table,
)

NO_BREAK, LINE_BREAK, BLANK_LINE = 0, 1, 2
NEWLINES = frozenset("\n\r\v\f\x85\u2028\u2029")
WORD_WEIGHT, CHARACTER_WEIGHT = 2, 1


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters, digits and marks, folded, with its half-open code-point offsets.

    `weight` is 2 for a word and 1 for a character of a script without spaces; `line_break` says
    whether the token begins a line (1) or follows a blank line (2).
    """

    folded: str
    start: int
    end: int
    weight: int
    line_break: int

    @property
    def hash(self) -> int:
        """The xxh64, seed 0, of the folded token's UTF-8."""
        return xxhash.xxh64_intdigest(self.folded.encode("utf-8", "surrogatepass"))


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in order; their spans never overlap.

    Letters, digits and marks make tokens; everything else separates. Each base character of a
    script without spaces (Han, Kana, Thai, Lao, Khmer, Burmese) is a token of its own, with its
    marks. Compatibility form and case are folded a code point at a time; nonspacing marks are
    dropped on Latin, Greek, Cyrillic, Arabic and Hebrew bases. Invisible format characters
    neither separate nor count.
    """
    classes, folds = plain_table()
    parts: list[str] = []
    start = end = base = newlines = 0
    previous = ""
    line_break = BLANK_LINE
    for position, character in enumerate(text):
        kind = classes[ord(character)]
        if kind == TRANSPARENT:
            continue
        if kind in (SEPARATOR, SINGLE) or (base == SINGLE and kind in (BARE, MARKED)):
            if parts:
                weight = CHARACTER_WEIGHT if base == SINGLE else WORD_WEIGHT
                yield Token("".join(parts), start, end, weight, line_break)
                parts, base, newlines, line_break = [], 0, 0, NO_BREAK
            if kind == SEPARATOR:
                if character in NEWLINES:
                    newlines += not (character == "\n" and previous == "\r")
                    line_break = max(line_break, min(newlines, BLANK_LINE))
                previous = character
                continue
        elif kind in (BARE, MARKED):
            pass
        elif not parts:
            continue
        elif kind == NONSPACING and base == BARE:
            end = position + 1
            continue
        if not parts:
            start = position
        if kind in (BARE, MARKED, SINGLE):
            base = kind
        parts.append(folds.get(ord(character), character))
        end = position + 1
        previous = ""
    if parts:
        weight = CHARACTER_WEIGHT if base == SINGLE else WORD_WEIGHT
        yield Token("".join(parts), start, end, weight, line_break)
