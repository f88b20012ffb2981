"""Reading bytes eight at a time, for kernels."""

from typing import Any

import numpy as np

from provenance.machine_code import Inlined

LOW = np.uint64(0x0101010101010101)
HIGH = np.uint64(0x8080808080808080)


@Inlined
def word(data: Any, at: Any) -> Any:
    """Read eight bytes as a little-endian number; LLVM makes one load of it."""
    i = np.uint64(at)
    value = np.uint64(data[i])
    value |= np.uint64(data[i + np.uint64(1)]) << np.uint64(8)
    value |= np.uint64(data[i + np.uint64(2)]) << np.uint64(16)
    value |= np.uint64(data[i + np.uint64(3)]) << np.uint64(24)
    value |= np.uint64(data[i + np.uint64(4)]) << np.uint64(32)
    value |= np.uint64(data[i + np.uint64(5)]) << np.uint64(40)
    value |= np.uint64(data[i + np.uint64(6)]) << np.uint64(48)
    value |= np.uint64(data[i + np.uint64(7)]) << np.uint64(56)
    return value


@Inlined
def zeros(value: Any) -> Any:
    """Mark the high bit of the lowest byte that is zero; higher bytes may be marked wrongly."""
    return (value - LOW) & ~value & HIGH


@Inlined
def bytes_before(marks: Any) -> Any:
    """Return how many bytes lie below the lowest one whose high bit is marked."""
    lowest = marks >> np.uint64(7)
    below = (lowest & (~lowest + np.uint64(1))) - np.uint64(1)
    return np.int64(((below & LOW) * LOW) >> np.uint64(56))


@Inlined
def bits_below(value: Any) -> Any:
    """Return how many bits lie below the lowest one that is set; LLVM makes one count of it."""
    value = (value & (~value + np.uint64(1))) - np.uint64(1)
    value -= (value >> np.uint64(1)) & np.uint64(0x5555555555555555)
    value = (value & np.uint64(0x3333333333333333)) + (
        (value >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    value = (value + (value >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (value * LOW) >> np.uint64(56)
