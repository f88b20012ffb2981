"""Streams to read from: a file as it was when it was opened, one with bytes put back, a copy."""

import io
import os
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO, Final, cast

from provenance.errors import InputError

_BUFFER: Final = 1 << 18
_IN_MEMORY: Final = 32 << 20


class _Snapshot(io.RawIOBase):
    """A file up to the size that it had when it was opened, so that reading a growing one ends."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        status = os.fstat(self._file.fileno())
        self._end = status.st_size if stat.S_ISREG(status.st_mode) else None
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._end is not None

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        view = memoryview(buffer)
        if self._end is not None:
            view = view[: max(self._end - self._at, 0)]
        count = self._file.readinto(view) or 0
        self._at += count
        return count

    def readall(self) -> bytes:
        if self._end is None:
            return self._file.readall() or b""
        pieces = []
        while self._at < self._end and (piece := self._file.read(self._end - self._at)):
            self._at += len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        if self._end is None:
            raise io.UnsupportedOperation("seek")
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._end}[whence]
        self._at = self._file.seek(start + place)
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._file.close()
        super().close()


class _PutBack(io.RawIOBase):
    """A stream with bytes before it that were taken from it."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = memoryview(start)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._start or memoryview(self._stream.read(len(buffer)))
        count = min(len(buffer), len(data))
        buffer[:count] = data[:count]
        self._start = self._start[count:]
        return count


def open_local(location: str) -> BinaryIO:
    """Open a file as it is now: what is added to it later is not read. Raises `OSError`."""
    return cast("BinaryIO", io.BufferedReader(_Snapshot(Path(location)), _BUFFER))


def put_back(start: bytes, stream: BinaryIO) -> BinaryIO:
    """Return a stream that begins with bytes that were taken from another."""
    return cast("BinaryIO", io.BufferedReader(_PutBack(start, stream), _BUFFER))


def copied(stream: BinaryIO, limit: int) -> BinaryIO:
    """Return a copy of a stream in which every place is reached at once; a large one is on disk.

    Raises `InputError` where it is longer than the limit, in bytes.
    """
    copy = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller's
    count = 0
    while piece := stream.read(_BUFFER):
        count += len(piece)
        if count > limit:
            copy.close()
            raise InputError(f"more than {limit:,} bytes in a file that has to be read as a whole")
        copy.write(piece)
    copy.seek(0)
    return cast("BinaryIO", copy)
