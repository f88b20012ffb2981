"""The order of large arrays of numbers."""

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
