"""A look at the words around the one key that two texts share, before all of both are compared.

Most documents that share a single passage key share eight words and no more. Where the words near
the key differ, nothing else is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.index.arrivals import Arrivals, Keyer, encoded
from provenance.match.alignment import TOKEN_CHAINS
from provenance.match.chaining import WORD, chain_pairs
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EQUAL: Final = 12  # tokens around the key from which the texts may share a passage
_TOKENS: Final = 48  # of the arriving document that are looked at on either side of the key
_BYTES: Final = 300  # of the other text
_PLACES: Final = 4  # where the key may stand in it
_SHORT_TOKENS: Final = 64  # fewer are compared in full
_SHORT_BYTES: Final = 600


@dataclass(frozen=True, slots=True)
class SharedKey:
    """The place of the only key that an arriving document shares with a text in UTF-8."""

    document: int
    place: int
    data: bytes


def may_share(keyer: Keyer, arrivals: Arrivals, shared: Sequence[SharedKey]) -> list[bool]:
    """Tell for each whether a passage may stand around the key.

    It may where more words near it are equal than those of the key, where it cannot be told where
    the key stands in the other text, and where either text is short.
    """
    table, _ = keyer.beside(arrivals)
    found = [True] * len(shared)
    windows: list[bytes] = []
    of: list[int] = []
    for i, key in enumerate(shared):
        parts = _windows(keyer, arrivals, table, key)
        found[i] = not parts
        windows += parts
        of += [i] * len(parts)
    if not windows:
        return found
    table, others = keyer.beside(arrivals, windows)
    own = [_own_tokens(table, shared[i]) for i in of]
    sizes = np.array([len(ids) for ids in own], np.int64)
    ends = np.concatenate([np.cumsum(sizes), others.bounds[1:] + sizes.sum()])
    count = len(windows)
    symbols = np.concatenate([*own, others.ids])
    chains = chain_pairs(
        np.arange(count, dtype=np.int32),
        np.arange(count, 2 * count, dtype=np.int32),
        np.stack([np.concatenate([[0], ends[:-1]]), ends]),
        symbols,
        others.weights[symbols],
        TOKEN_CHAINS,
        compile_kernels=keyer.compile_kernels,
    )
    for window in chains.job[chains.equal >= WORD * _EQUAL].tolist():
        found[of[window]] = True
    return found


def _own_tokens(table: TokenTable, key: SharedKey) -> "NDArray[np.int32]":
    """Return the tokens of the document around the key."""
    part = table.slice(key.document)
    middle = part.start + key.place
    return table.ids[max(part.start, middle - _TOKENS) : min(part.stop, middle + 2 * _TOKENS)]


def _windows(keyer: Keyer, arrivals: Arrivals, table: TokenTable, key: SharedKey) -> list[bytes]:
    """Return what stands around the key in the other text, none where that cannot be told.

    It is looked for in the same letters, else where its longest word stands.
    """
    part = table.slice(key.document)
    first = part.start + key.place
    last = first + keyer.settings.passage_shingle
    data = key.data
    if part.stop - part.start < _SHORT_TOKENS or len(data) < _SHORT_BYTES or last > part.stop:
        return []
    text = arrivals.documents[key.document].text
    starts, ends = table.starts[first:last].tolist(), table.ends[first:last].tolist()
    words = encoded(text[starts[0] : ends[-1]])
    places = _places(data, words)
    if not places:
        longest = max(map(int.__sub__, ends, starts))
        word = next(text[s:e] for s, e in zip(starts, ends, strict=True) if e - s == longest)
        places = _places(data, encoded(word))
    if len(places) > _PLACES:
        return []
    return [_around(data, at - _BYTES, at + len(words) + _BYTES) for at in places]


def _places(data: bytes, words: bytes) -> list[int]:
    """Return where some words stand in a text, at most one place more than are looked at."""
    places: list[int] = []
    at = data.find(words)
    while at >= 0 and len(places) <= _PLACES:
        places.append(at)
        at = data.find(words, at + 1)
    return places


def _around(data: bytes, low: int, high: int) -> bytes:
    """Return a part of a text that begins and ends between characters."""
    low, high = max(low, 0), min(high, len(data))
    while low and data[low] & 0xC0 == 0x80:
        low -= 1
    while high < len(data) and data[high] & 0xC0 == 0x80:
        high += 1
    return data[low:high]
