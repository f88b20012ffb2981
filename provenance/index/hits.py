"""What is asked of a part of an index, and what it answers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Found: TypeAlias = "tuple[NDArray[np.int64], NDArray[np.int64]]"
"""Rows of the keys that were asked for, rising, and a document that has each; these rise, too."""

_PACKED_BITS = np.uint64(24)
_MOST_PACKED = 1 << 24
_ABOVE_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The keys that are looked up, and how much of each.

    Of each key the first `most` documents from the number `since` on are wanted, of which `taken`
    were found before; where `most` is 0, all. Those that are among `gone`, which rises, are not.
    """

    keys: "NDArray[np.uint64]"
    most: "NDArray[np.int64]"
    since: int
    gone: "NDArray[np.int64]"
    taken: "NDArray[np.int64]"


def order_of(keys: "NDArray[np.uint64]") -> "NDArray[np.int64]":
    """Return the order in which keys of 40 bits rise, equal ones as they stand."""
    if len(keys) >= _MOST_PACKED:
        return np.argsort(keys, kind="stable")
    packed = (keys << _PACKED_BITS) | np.arange(len(keys), dtype=np.uint64)
    packed.sort()  # far quicker than a stable order
    return (packed & np.uint64(_MOST_PACKED - 1)).astype(np.int64)


def limited(rows: "NDArray[np.int64]", numbers: "NDArray[np.int64]", wanted: Wanted) -> Found:
    """Return those of some hits that are wanted."""
    alive = (numbers >= wanted.since) | (wanted.most[rows] == 0)
    if len(wanted.gone) and len(numbers):
        place = np.minimum(np.searchsorted(wanted.gone, numbers), len(wanted.gone) - 1)
        alive &= wanted.gone[place] != numbers
    rows, numbers = rows[alive], numbers[alive]
    if len(rows):
        kept = wanted.taken[rows] + ranks(rows) < wanted.most[rows]
        kept |= wanted.most[rows] == 0
        rows, numbers = rows[kept], numbers[kept]
    return rows, numbers


def ranks(rows: "NDArray[np.int64] | NDArray[np.uint64]") -> "NDArray[np.int64]":
    """Return how many equal numbers stand before each; equal ones stand together."""
    fresh = np.ones(len(rows), np.bool_)
    fresh[1:] = rows[1:] != rows[:-1]
    starts = np.flatnonzero(fresh)
    places = np.arange(len(rows))
    return places - starts[np.cumsum(fresh) - 1] if len(rows) else places


def with_end(keys: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    """Return rising keys with one behind them that is above all, if it is not there."""
    if len(keys) and keys[-1] == _ABOVE_ALL:
        return keys
    return np.append(keys, _ABOVE_ALL)


def with_more(keys: "NDArray[np.uint64]", more: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    """Return rising keys that end above all, as `with_end` gives them, and more of them."""
    more = np.unique(more)
    new = more[keys[keys.searchsorted(more)] != more]
    return np.insert(keys, keys.searchsorted(new), new)  # far quicker than to order all again
