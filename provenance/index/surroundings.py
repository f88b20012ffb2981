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

    It may where more words near it are equal than those of the key, where the key does not stand
    exactly once in the other text in the same letters, and where either text is short.
    """
    table, _ = keyer.beside(arrivals)
    windows = [_window(keyer, arrivals, table, key) for key in shared]
    looked_at = [i for i, window in enumerate(windows) if window is not None]
    found = [True] * len(shared)
    if not looked_at:
        return found
    table, others = keyer.beside(arrivals, [window for window in windows if window is not None])
    own = [_own_tokens(table, shared[i]) for i in looked_at]
    sizes = np.array([len(ids) for ids in own], np.int64)
    ends = np.concatenate([np.cumsum(sizes), others.bounds[1:] + sizes.sum()])
    count = len(looked_at)
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
    having = set(chains.job[chains.equal >= WORD * _EQUAL].tolist())
    for at, i in enumerate(looked_at):
        found[i] = at in having
    return found


def _own_tokens(table: TokenTable, key: SharedKey) -> "NDArray[np.int32]":
    """Return the tokens of the document around the key."""
    part = table.slice(key.document)
    middle = part.start + key.place
    return table.ids[max(part.start, middle - _TOKENS) : min(part.stop, middle + 2 * _TOKENS)]


def _window(keyer: Keyer, arrivals: Arrivals, table: TokenTable, key: SharedKey) -> bytes | None:
    """Return what stands around the key in the other text; None where that cannot be told."""
    part = table.slice(key.document)
    first = part.start + key.place
    last = first + keyer.settings.passage_shingle - 1
    data = key.data
    if part.stop - part.start < _SHORT_TOKENS or len(data) < _SHORT_BYTES or last >= part.stop:
        return None
    text = arrivals.documents[key.document].text
    words = encoded(text[int(table.starts[first]) : int(table.ends[last])])
    at = data.find(words)
    if at < 0 or data.find(words, at + 1) >= 0:
        return None
    low, high = max(at - _BYTES, 0), min(at + len(words) + _BYTES, len(data))
    while low and data[low] & 0xC0 == 0x80:  # inside a character
        low -= 1
    while high < len(data) and data[high] & 0xC0 == 0x80:
        high += 1
    return data[low:high]
