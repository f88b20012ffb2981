"""Runs: immutable sorted files of postings, which are read where they lie.

A posting is 64 bits, the 40 of a key above 24 of a document: its number less the run's first. A
file is a header of eight 64-bit numbers (a magic number, the format, the first and the last
document, how many postings, the xxh3 of what follows, two zeros), a directory and the postings,
rising. The directory gives, for each value of the top bits of a key, where its postings begin;
there is one entry for about sixteen postings, and one more at the end.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import xxhash

from provenance.errors import StoreError
from provenance.index.hits import Found, Wanted, limited
from provenance.index.keys import KEY_BITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMBER_BITS: Final = 64 - KEY_BITS
MOST_DOCUMENTS: Final = 1 << NUMBER_BITS
SUFFIX: Final = ".run"
_MAGIC: Final = int.from_bytes(b"PROVRUN1", "little")
_HEADER: Final = 8
_PER_ENTRY: Final = 4  # bits: sixteen postings an entry of the directory
_OFFSET: Final = np.uint64(NUMBER_BITS)
_LOW: Final = np.uint64(MOST_DOCUMENTS - 1)


@dataclass(frozen=True, slots=True)
class Run:
    """An open run: the documents `first..last`, and its sorted postings."""

    name: str
    first: int
    last: int
    directory: "NDArray[np.uint32]"
    shift: int
    postings: "NDArray[np.uint64]"

    def find(self, wanted: Wanted) -> Found:
        """Return which documents of the run have which of the keys."""
        lows = wanted.keys << _OFFSET
        low = np.searchsorted(self.postings, lows, "left")
        high = np.searchsorted(self.postings, lows | _LOW, "right")
        counts = high - low
        rows = np.repeat(np.arange(len(wanted.keys)), counts)
        places = np.repeat(low - np.cumsum(counts) + counts, counts) + np.arange(len(rows))
        numbers = (self.postings[places] & _LOW).astype(np.int64) + self.first
        return limited(rows, numbers, wanted)

    def place(self) -> tuple[int, int, int, int, int, int]:
        """Return where postings and directory lie in memory, and the numbers of the run.

        These are the shift, the first and last document, and how many postings there are.
        """
        where = self.postings.ctypes.data, self.directory.ctypes.data
        return (*where, self.shift, self.first, self.last, len(self.postings))


def postings_of(
    keys: "NDArray[np.uint64]", numbers: "NDArray[np.int64]", first: int
) -> "NDArray[np.uint64]":
    """Return the sorted postings of keys that documents from the number `first` on hold."""
    found = keys << _OFFSET
    found |= (numbers - first).view(np.uint64)
    found.sort()
    return found


def merged(runs: Iterable[Run], gone: "NDArray[np.int64]") -> "NDArray[np.uint64]":
    """Return the postings of adjacent runs as those of one, without documents that are gone."""
    parts = []
    base: int | None = None
    for run in runs:
        base = run.first if base is None else base
        part = run.postings + np.uint64(run.first - base)
        inside = gone[(gone >= run.first) & (gone <= run.last)]
        if len(inside):
            numbers = (part & _LOW).astype(np.int64) + base
            part = part[~np.isin(numbers, inside)]
        parts.append(part)
    found = np.concatenate([np.empty(0, np.uint64), *parts])
    found.sort()
    return found


def write_run(path: Path, first: int, last: int, postings: "NDArray[np.uint64]") -> None:
    """Write a run so that it lasts; what is left after a failure is no run of any index."""
    bits = max(len(postings).bit_length() - _PER_ENTRY, 0)
    tops = postings >> np.uint64(64 - bits) if bits else np.zeros_like(postings)
    directory = np.zeros((1 << bits) + 1, np.uint32)
    np.cumsum(np.bincount(tops.view(np.int64), minlength=1 << bits), out=directory[1:])
    if len(directory) % 2:  # postings begin at a multiple of eight bytes
        directory = np.append(directory, np.uint32(len(postings)))
    checksum = xxhash.xxh3_64()
    checksum.update(directory.data)
    checksum.update(postings.data)
    header = np.zeros(_HEADER, np.uint64)
    header[:6] = (_MAGIC, bits, first, last, len(postings), checksum.intdigest())
    with path.open("wb") as file:
        file.write(header.data)
        file.write(directory.data)
        file.write(postings.data)
        file.flush()
        os.fsync(file.fileno())


def open_run(path: Path, first: int, last: int, count: int, *, written: bool = False) -> Run:
    """Return a run whose manifest says that it has so many postings of these documents.

    The checksum is left out where this process has just `written` it. Raises `StoreError` where
    the file is missing, cut off, damaged or another one.
    """
    try:
        size = path.stat().st_size
        data = np.memmap(path, np.uint64, "r") if size and size % 8 == 0 else None
    except FileNotFoundError:
        raise StoreError(f"{path} is missing{_REPAIR}") from None
    if data is None or len(data) < _HEADER or int(data[0]) != _MAGIC:
        raise StoreError(f"{path} is cut off or no run of an index{_REPAIR}")
    bits = int(data[1])
    entries = ((1 << bits) + 2) // 2 * 2 if bits < 40 else 0
    if data[2:5].tolist() != [first, last, count] or len(data) != _HEADER + entries // 2 + count:
        raise StoreError(f"{path} is cut off or not the run that the index expects{_REPAIR}")
    if not written and xxhash.xxh3_64_intdigest(data[_HEADER:].data) != int(data[5]):
        raise StoreError(f"{path} is damaged: its checksum differs{_REPAIR}")
    directory = data[_HEADER : _HEADER + entries // 2].view(np.uint32)
    return Run(path.name, first, last, directory, 64 - bits, data[_HEADER + entries // 2 :])


_REPAIR: Final = "; no text is lost: `provenance index rebuild` makes the runs anew"
