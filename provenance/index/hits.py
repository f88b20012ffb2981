"""What is asked of a part of an index, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Found: TypeAlias = "tuple[NDArray[np.int64], NDArray[np.int64]]"
"""Rows of the keys that were asked for, rising, and a document that has each; these rise, too."""

_ROOM = 1 << 12
_PACKED_BITS = np.uint64(24)
_MOST_PACKED = 1 << 24


@dataclass(frozen=True, slots=True)
class Wanted:
    """The keys that are looked up, and how much of each.

    Of each key `most` documents are wanted in all (every one if 0), of which `taken` were found
    before; only those from the number `since` on that are not among `gone`, which rises.
    """

    keys: "NDArray[np.uint64]"
    most: int
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
    alive = numbers >= wanted.since
    if len(wanted.gone) and len(numbers):
        place = np.minimum(np.searchsorted(wanted.gone, numbers), len(wanted.gone) - 1)
        alive &= wanted.gone[place] != numbers
    rows, numbers = rows[alive], numbers[alive]
    if wanted.most and len(rows):
        fresh = np.ones(len(rows), np.bool_)
        fresh[1:] = rows[1:] != rows[:-1]
        starts = np.flatnonzero(fresh)
        rank = np.arange(len(rows)) - starts[np.cumsum(fresh) - 1]
        kept = wanted.taken[rows] + rank < wanted.most
        rows, numbers = rows[kept], numbers[kept]
    return rows, numbers


def gather(write: Callable[["NDArray[np.int64]", "NDArray[np.int64]"], int]) -> Found:
    """Return what a kernel writes, which is given more room where it needs that."""
    room = _ROOM
    while True:
        rows, numbers = np.empty((2, room), np.int64)
        found = write(rows, numbers)
        if found <= room:
            return rows[:found], numbers[:found]
        room = found
