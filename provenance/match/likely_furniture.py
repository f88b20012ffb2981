"""Furniture of many pages at once: few lines are looked at.

What :mod:`provenance.match.furniture` takes for furniture begins as lines of the lexicon do, or has
a word of the lexicon at the end of a sentence. A kernel passes over the UTF-8 of many texts and
tells the lines of which this may be true, and those with bars between their parts.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.match.furniture import EDGES, LONGEST_LINE, SLOT, WORD, is_furniture, load_lexicon
from provenance.match.line_kernel import (
    ALONE,
    BETWEEN,
    CLOSED,
    EDGE,
    FIRST,
    LAST,
    LATTER,
    PAIR,
    SECOND,
    SEPARATES,
    SPACE,
    STOP,
    TIMES,
    line_kernel,
)
from provenance.match.page_furniture import is_bar, page_furniture
from provenance.text.corpus import encoded_batches, pack

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BITS: Final = (1 << 64) - 1
_ANY: Final = "{"


def furniture_of(texts: Iterable[str | bytes]) -> Iterator[list[tuple[int, int]]]:
    """Yield what `page_furniture` returns for each text; most lines are only passed over.

    Texts may be in UTF-8.
    """
    for batch in encoded_batches(texts):
        data, bounds = pack(batch)
        found = {
            text: [(low, high) for _, low, high in rows]
            for text, rows in groupby(_likely_lines(data, bounds), itemgetter(0))
        }
        for text, encoded in enumerate(batch):
            yield _furniture(encoded, found[text]) if text in found else []


def _furniture(encoded: bytes, likely: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the furniture of a text, of which only some lines are likely to be any."""
    marked = []
    for low, high in likely:
        line = _text(encoded[low:high])
        if is_furniture(line) or is_bar(line):
            marked.append((low, line))
    if len(marked) > 1:  # what is beside them may be furniture, too
        return page_furniture(_text(encoded))
    starts = ((len(_text(encoded[:low])), line) for low, line in marked)
    return [(start, start + len(line)) for start, line in starts]


def _text(encoded: bytes) -> str:
    return encoded.decode("utf-8", "surrogatepass")


def _likely_lines(
    data: "NDArray[np.uint8]", bounds: "NDArray[np.int64]"
) -> list[tuple[int, int, int]]:
    """Return the text, first and last byte in it of the lines that may be furniture."""
    size = 1 << 12
    while True:
        rows = np.empty((3, size), np.int64)
        found = line_kernel(data, bounds, _marks(), *_asked(), LONGEST_LINE, *rows)
        if found <= size:
            break
        size = found
    text, low, high = rows[:, :found]
    begin = bounds[text]
    return list(zip(text.tolist(), (low - begin).tolist(), (high - begin).tolist(), strict=True))


@cache
def _marks() -> "NDArray[np.uint16]":
    """Return the kinds of each byte, and in the high byte its lower case."""
    kinds = {SPACE: "\t\n\v\f\r\x1c\x1d\x1e\x1f ", EDGE: EDGES, BETWEEN: ":,;", STOP: ".!?|"}
    kinds[SEPARATES] = "|>/"
    marks = np.arange(256, dtype=np.uint16) << np.uint16(8)
    for point in range(128):
        mark = chr(point)
        marks[point] = ord(mark.lower()) << 8 | sum(k for k, of in kinds.items() if mark in of)
    return marks


@cache
def _asked() -> tuple["NDArray[np.uint64]", "NDArray[np.uint8]"]:
    """Return a hash table of the words that lines and sentences of the lexicon begin and end with.

    Of a line of one word nothing may follow in the sentence, of a pattern with a slot behind its
    first word anything, and of all others the second word is known.
    """
    lexicon = load_lexicon()
    asked: dict[int, int] = {}

    def ask(word: str, seed: int, kind: int) -> int:
        value = _hash(word.rstrip(EDGES), seed)
        asked[value] = asked.get(value, 0) | kind
        return value

    bars = {"".join(WORD.findall(word)[:1]) for word in lexicon.share_bar}
    followers: dict[str, set[str]] = {word: {"", *filter(str.isascii, bars)} for word in bars}
    for line in lexicon.literal:
        words = WORD.findall(line)
        if words:
            followers.setdefault(words[0], set()).add("".join(words[1:2]))
    for phrase in lexicon.phrases:
        for first, second in _beginnings(phrase):
            followers.setdefault(first, set()).add(second)
    for first in filter(str.isascii, followers):  # the kernel stops at any other letter
        value = ask(first, int(FIRST), PAIR)
        for second in filter(str.isascii, followers[first]):
            if second in ("", _ANY):
                ask(first, int(FIRST), ALONE if second else CLOSED)
            else:
                ask(second, value ^ int(SECOND), PAIR)
    for word in filter(str.isascii, lexicon.by_last):
        ask(word, int(LAST), LATTER)
    size = 1 << (4 * len(asked)).bit_length()
    slots, kinds = np.zeros(size, np.uint64), np.zeros(size, np.uint8)
    for value, kind in asked.items():
        slot = value & size - 1
        while kinds[slot]:
            slot = slot + 1 & size - 1
        slots[slot], kinds[slot] = value, kind
    return slots, kinds


def _beginnings(phrase: str) -> Iterator[tuple[str, str]]:
    """Yield the first two words that a pattern begins with, `_ANY` for a second that is open."""
    before, slot, after = (SLOT.split(phrase, maxsplit=1) + [""] * 2)[:3]
    words = WORD.findall(before)
    whole = words[:-1] if slot and before.endswith(words[-1]) else words
    if len(whole) > 1 or not slot:
        yield words[0], words[1]
    elif slot in load_lexicon().slots:
        for word in load_lexicon().slots[slot]:
            yield from _beginnings(before + word + after)
    else:
        yield words[0], _ANY


def _hash(word: str, value: int) -> int:
    """Return the hash by which the kernel knows a word in lower case."""
    for byte in word.encode():
        value = (value ^ byte) * int(TIMES) & _BITS
    return value ^ value >> 32
