"""The order of large arrays of numbers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def stable_order(values: "NDArray[np.uint64]") -> "NDArray[np.int64]":
    """Return `np.argsort(values, kind="stable")`, about ten times as fast for large arrays.

    A number and its place are packed into one word, so that plain sorting orders both; where the
    number is too wide its low bits are left out, and the few that this mixes up are sorted again.
    """
    bits = max(len(values) - 1, 1).bit_length()
    narrow = int(values.max(initial=0)) >> (64 - bits) == 0
    packed = values << np.uint64(bits) if narrow else values >> np.uint64(bits) << np.uint64(bits)
    packed |= np.arange(len(values), dtype=np.uint64)
    packed.sort()
    order = (packed & np.uint64((1 << bits) - 1)).astype(np.int64)
    if not narrow:
        _sort_again(order, packed >> np.uint64(bits), values)
    return order


def _sort_again(
    order: "NDArray[np.int64]", prefix: "NDArray[np.uint64]", values: "NDArray[np.uint64]"
) -> None:
    ordered = values[order]
    mixed = np.flatnonzero((prefix[1:] == prefix[:-1]) & (ordered[1:] != ordered[:-1]))
    for value in dict.fromkeys(prefix[mixed].tolist()):
        low = int(np.searchsorted(prefix, np.uint64(value), "left"))
        high = int(np.searchsorted(prefix, np.uint64(value), "right"))
        part = np.sort(order[low:high])
        order[low:high] = part[np.argsort(values[part], kind="stable")]


def value_ranges(values: "NDArray[np.uint64]", at_a_time: int) -> Iterator["NDArray[np.bool_]"]:
    """Yield which of the values lie in each of up to 256 ranges, which rise and cover all.

    Hashes spread evenly, so that about `at_a_time` lie in a range: what is computed of one range
    after the other takes little memory, and in the end the order is that of all values.
    """
    parts = -(-len(values) // at_a_time)
    bits = min(max(parts - 1, 0).bit_length(), 8)
    if not bits:
        yield np.ones(len(values), np.bool_)
        return
    part_of = (values >> np.uint64(64 - bits)).astype(np.uint8)
    for part in range(1 << bits):
        yield part_of == part
