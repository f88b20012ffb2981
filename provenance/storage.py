"""Where the large arrays of a scan lie: in memory up to a limit, in temporary files beyond it.

A temporary file has no name, or one that the system removes with its last handle, so nothing is
left however the process ends.
"""

import contextlib
import ctypes
import math
import mmap
import re
import sys
import tempfile
import threading
import weakref
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

from provenance.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FIXED: Final = 160 << 20  # bytes of the program and its libraries, whatever the input
_PAGE_BY_PAGE: Final = 1 << 22
_UNITS: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def parse_size(text: str) -> int:
    """Return the bytes that `500MB`, `2G`, `1.5 GiB` or `800000000` mean; `ConfigError` if none."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", text.strip().lower())
    if not found:
        raise ConfigError(f"{text!r} is no size; give one like 500MB or 2GB")
    number, unit, binary = found.groups()
    power = "kmgt".find(unit) + 1 if unit else 0
    return int(float(number) * (1024**power if binary else _UNITS[unit]))


class Storage:
    """Gives columns, which hold `limit` bytes of memory at most with all the rest of a scan.

    What they would take beyond a quarter of what the limit leaves is in files in `folder`, the
    usual place for temporary files if none is named; the rest is for work. Without a limit
    everything stays in memory, but for the texts of documents, of which `texts` characters do;
    with one they all go to files. `filed` counts the bytes that went there.
    """

    def __init__(
        self,
        limit: int | None = None,
        folder: "Path | None" = None,
        *,
        texts: float = math.inf,
    ) -> None:
        self.limit = limit
        self.folder = folder
        self.texts = texts if limit is None else -1
        self.filed = 0
        self._left = math.inf if limit is None else max(limit - FIXED, 0) / 4
        self._lock = threading.Lock()
        self._maps: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()

    def column(self, kind: Any, width: int = 0, expected: int = 1024) -> "Column":  # noqa: ANN401
        """Return an empty column of a kind, with so many values a row; 0 for plain numbers."""
        return Column(kind, width, expected, self)

    def take(self, size: int) -> bool:
        """Tell whether so many bytes more of memory may be held, and count them if so."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
            return True

    def give_back(self, size: int) -> None:
        """Count bytes of memory that are held no longer."""
        with self._lock:
            self._left += size

    def file(self, owner: object) -> BinaryIO:
        """Return a new temporary file, which is closed with its owner.

        Raises `StorageError` where none can be made.
        """
        try:
            file = tempfile.TemporaryFile(prefix="provenance-", dir=self.folder, buffering=0)  # noqa: SIM115
        except OSError as error:
            raise self.failure(error) from None
        weakref.finalize(owner, file.close)
        return file

    def write(self, file: BinaryIO, data: memoryview) -> None:
        """Write all of the data behind what is in a file."""
        self.filed += len(data)
        while data:
            data = data[file.write(data) :]

    def map(self, file: BinaryIO) -> mmap.mmap:
        """Return a file as memory, to be read."""
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._maps.add(mapped)
        return mapped

    def release(self) -> None:
        """Let the system take back what is free, and what shows parts of files that can be read on.

        The C library holds on to the pages of arrays of some megabytes, unless it is asked.
        """
        if hasattr(mmap, "MADV_DONTNEED"):
            for mapped in self._maps:
                mapped.madvise(mmap.MADV_DONTNEED)
        if sys.platform == "linux":
            with contextlib.suppress(OSError, AttributeError):  # not every C library has it
                ctypes.CDLL(None).malloc_trim(0)

    def failure(self, error: OSError) -> StorageError:
        """Return what is to be said where a temporary file cannot be written."""
        place = self.folder or tempfile.gettempdir()
        return StorageError(
            f"temporary files cannot be written in {place}: {error.strerror}; "
            "name another folder with --tmp DIR, or give more memory with --max-memory SIZE"
        )


class Column:
    """An array that grows at its end; what is not used yet takes no memory.

    With a storage that has no memory left it goes on in a temporary file. `kind` is its dtype.
    """

    def __init__(
        self,
        kind: Any,  # noqa: ANN401 - a dtype
        width: int = 0,
        expected: int = 1024,
        storage: Storage | None = None,
    ) -> None:
        self._shape = (width,) if width else ()
        self.kind = np.dtype(kind)
        self._values = room((expected, *self._shape), kind)
        self._used = 0
        self._held = 0
        self._storage = storage
        self._file: BinaryIO | None = None

    def append(self, values: "NDArray[Any]") -> None:
        """Copy values to the end; raise `StorageError` where a file cannot take them."""
        end = self._used + len(values)
        if self._file is None and self._storage and not self._storage.take(values.nbytes):
            self._to_file(self._storage)
        if self._file is not None:
            self._write(values)
        else:
            self._held += values.nbytes
            if end > len(self._values):
                larger = room((2 * end, *self._shape), self.kind)
                larger[: self._used] = self._values[: self._used]
                self._values = larger
            self._values[self._used : end] = values
        self._used = end

    def values(self) -> "NDArray[Any]":
        """Return what was appended, until the next append; not to be written to."""
        if self._file is None or self._storage is None or not self._used:
            return self._values[: self._used]
        mapped = self._storage.map(self._file)
        return np.frombuffer(mapped, self.kind).reshape(self._used, *self._shape)

    def take(self) -> "NDArray[Any]":
        """Return what was appended, and keep nothing."""
        values = self.values()
        if self._storage:
            self._storage.give_back(self._held)
        if self._file:
            self._file.close()
        self._file, self._held, self._used = None, 0, 0
        self._values = np.empty((0, *self._shape), self.kind)
        return values

    def _to_file(self, storage: Storage) -> None:
        self._file = storage.file(self)
        self._write(self._values[: self._used])
        storage.give_back(self._held)
        self._values, self._held = np.empty((0, *self._shape), self.kind), 0

    def _write(self, values: "NDArray[Any]") -> None:
        if not self._file or not self._storage:
            return
        try:
            self._storage.write(
                self._file, np.ascontiguousarray(values, self.kind).reshape(-1).view(np.uint8).data
            )
        except OSError as error:
            raise self._storage.failure(error) from None


def room(shape: tuple[int, ...], kind: Any) -> "NDArray[Any]":  # noqa: ANN401 - a dtype
    """Return room for an array, a page of which takes memory once it is written to.

    NumPy asks for huge pages, which take three times as long to come by.
    """
    size = math.prod(shape) * np.dtype(kind).itemsize
    if size < _PAGE_BY_PAGE:
        return np.empty(shape, kind)
    if sys.platform == "win32":
        return np.frombuffer(mmap.mmap(-1, size), kind).reshape(shape)
    private = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return np.frombuffer(private, kind).reshape(shape)


def peak_memory() -> int | None:
    """Return the most bytes of memory that this process has had; None where that is unknown."""
    with contextlib.suppress(ImportError, OSError):
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return None
