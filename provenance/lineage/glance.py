"""What a text shows at a glance: which of the words that readers of cues ask for stand in it.

Most texts have few of them, or none, and then most readers have nothing to do. One kernel passes
over the UTF-8 of many texts; a text with letters that need more care (other scripts than Latin,
scripts without spaces, letters that look like Latin ones, invisible marks, rare spaces) is not
judged.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.lineage.kernels import (
    ASKED,
    CAPITAL,
    CAREFUL,
    ENDS_LABEL,
    KNOWN,
    LOW_SEED,
    OF_DATE,
    OF_WORD,
    SEED,
    SPELLED,
    TIMES,
    UNEVEN,
    glance_kernel,
)
from provenance.text.corpus import encoded_batches

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD: Final = re.compile(r"\w+")
LINE_ENDS: Final = frozenset("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
SPACES: Final = frozenset("\t\xa0\u1680\u2007\u2009\u200a\u202f\u205f\u3000")

_FAR = 0x590  # letters from here on are of scripts that need care
_CARE: Final = re.compile(
    "[\x1f\u00ad\u0130\u0370-\u052f\u0590-\u1cff\u2000-\u2006\u2008\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u2069]"
)
_BITS = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Glance:
    r"""What a text has of what readers ask for; no letter of it needs care.

    A word is what `\w+` matches, as the text has it or in lower case. `parts` are in lower case,
    too: what underscores leave of words, and pairs of that with one space between. `signs` are
    those of `provenance.lineage.kernels`.
    """

    words: frozenset[str]
    low_words: frozenset[str]
    parts: frozenset[str]
    signs: int


@cache
def _characters() -> tuple["NDArray[np.uint8]", "NDArray[np.uint16]"]:
    """Return the kinds of the first code points, and what each is in lower case."""
    every = "".join(map(chr, range(KNOWN)))
    kinds, lower = np.zeros(KNOWN, np.uint8), np.arange(KNOWN, dtype=np.uint16)
    for point, character in enumerate(every):
        folded = character.lower()
        if folded != character:
            if len(folded) == 1 and ord(folded) < 1 << 16:
                lower[point] = ord(folded)
            else:
                kinds[point] = CAREFUL
    for kind, pattern in ((OF_WORD, re.compile(r"\w")), (CAREFUL, _CARE)):
        kinds[[match.start() for match in pattern.finditer(every)]] |= np.uint8(kind)
    kinds[_FAR:] |= np.where(kinds[_FAR:] & OF_WORD, np.uint8(CAREFUL), np.uint8(0))
    kinds[[ord(mark) for mark in LINE_ENDS | SPACES if ord(mark) < KNOWN]] |= np.uint8(UNEVEN)
    return kinds, lower


def low_hash(word: str) -> int:
    """Return the hash by which a kernel knows a word in lower case, or a pair of words."""
    first, space, second = word.partition(" ")
    if space:
        both = low_hash(first) * int(TIMES) & _BITS ^ low_hash(second)
        return both * int(TIMES) & _BITS
    return _hash(word, int(LOW_SEED))


def _hash(word: str, value: int) -> int:
    for letter in word:
        value = (value ^ ord(letter)) * int(TIMES) & _BITS
    return value


@cache
def _letters() -> "NDArray[np.uint32]":
    """Return a bit for each place of a letter in "copyright"."""
    places = np.zeros(128, np.uint32)
    for place, letter in enumerate("copyright"):
        places[ord(letter)] |= np.uint32(1 << place)
    return places


class Glancer:
    """Looks at many texts for what is asked for."""

    def __init__(
        self,
        words: Iterable[str],
        low_words: Iterable[str],
        capital_words: Iterable[str] = (),
        *,
        ends_of_labels: Iterable[str] = (),
        months: Iterable[str] = (),
    ) -> None:
        """Ask for words as they are written, and for words and pairs of words in lower case.

        Those of the latter that are capital words count only where they begin with one of A to Z.
        The signs of labels and of datelines are told by the last words of labels and the months.
        """
        own = sorted(set(words))
        told = dict.fromkeys(low_words, ASKED)
        for kind, several in (
            (SPELLED, (word.lower() for word in own)),
            (CAPITAL, capital_words),
            (ENDS_LABEL, ends_of_labels),
            (OF_DATE, months),
        ):
            for word in several:
                told[word] = told.get(word, 0) | kind
        low = sorted(told)
        self._few = len(own)
        self._names = [*own, *low]
        self._told = np.array([ASKED] * len(own) + [told[word] for word in low], np.uint8)
        hashes = [*(_hash(word, int(SEED)) for word in own), *map(low_hash, low)]
        size = 1 << (8 * len(hashes) + 8).bit_length()
        self._hashes = np.array(hashes, np.uint64)
        self._slots = np.full(size, -1, np.int32)
        for number, value in enumerate(hashes):
            slot = value >> 32 & size - 1
            while self._slots[slot] >= 0:
                slot = slot + 1 & size - 1
            self._slots[slot] = number

    def look(self, texts: Iterable[str | bytes]) -> Iterator[Glance | None]:
        """Yield a glance at each text, which may be in UTF-8; None at one that needs care."""
        for batch in encoded_batches(texts):
            yield from self._look(batch)

    def _look(self, batch: Sequence[bytes]) -> Iterator[Glance | None]:
        bounds = np.zeros(len(batch) + 1, np.int64)
        np.cumsum([len(text) + 1 for text in batch], out=bounds[1:])
        data = np.frombuffer(b"\0".join([*batch, b""]), np.uint8)
        hits = np.empty(2 * len(data), np.int32)  # three for a word and what stands behind it
        counts, signs = np.zeros(len(batch), np.int32), np.zeros(len(batch), np.uint16)
        written = glance_kernel(
            data,
            bounds,
            *_characters(),
            _letters(),
            self._slots,
            self._hashes,
            self._told,
            np.full(len(self._hashes), -1, np.int32),
            hits,
            counts,
            signs,
        )
        numbers = hits[:written].tolist()
        names, few = self._names, self._few
        at = 0
        for count, shown in zip(counts.tolist(), signs.tolist(), strict=True):
            own, at = numbers[at : at + count], at + count
            if shown & CAREFUL:
                yield None
                continue
            whole = [number >> 1 for number in own if number & 1]
            yield Glance(
                frozenset([names[i] for i in whole if i < few]),
                frozenset([names[i] for i in whole if i >= few]),
                frozenset([names[number >> 1] for number in own]),
                shown,
            )
