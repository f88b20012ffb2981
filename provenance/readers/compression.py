"""Compressed files, opened as if they were not."""

import bz2
import gzip
import io
import lzma
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, cast

_BUFFER: Final = 1 << 18
# What damaged or cut off compressed data raises while it is read.
DAMAGED: Final = (EOFError, zlib.error, lzma.LZMAError)


def split_compression(name: str) -> tuple[str, str]:
    """Split the suffix of a compression off a file name: 'a.jsonl.gz' gives 'a.jsonl', '.gz'."""
    for suffix in DECOMPRESSORS:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)], suffix
    return name, ""


def open_decompressed(location: str, suffix: str) -> BinaryIO:
    """Open a file for reading, through the decompressor of its suffix if it has one.

    Raises `OSError` where it cannot be opened; reading raises `OSError` or one of `DAMAGED`.
    """
    raw = Path(location).open("rb", buffering=_BUFFER)  # noqa: SIM115 - the caller closes it
    if not suffix:
        return raw
    return cast("BinaryIO", _Decompressed(DECOMPRESSORS[suffix](raw), raw))


class _Decompressed(io.BufferedReader):
    """A decompressed stream that closes the file below it too."""

    def __init__(self, stream: io.RawIOBase, below: BinaryIO) -> None:
        super().__init__(stream, _BUFFER)
        self._below = below

    def close(self) -> None:
        super().close()
        self._below.close()


class _Zstandard(io.RawIOBase):
    """Zstandard frames, one after the other; raises `EOFError` where the last is cut off.

    The package's own stream reader ends quietly there, which would lose text without a word.
    """

    def __init__(self, below: BinaryIO) -> None:
        import zstandard

        self._below = below
        self._new = zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj
        self._error = zstandard.ZstdError
        self._frame = self._new()
        self._clean = True  # at the start of a frame
        self._compressed = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            chunk = self._compressed or self._below.read(_BUFFER)
            self._compressed = b""
            if not chunk:
                if self._clean:
                    return 0
                raise EOFError("the last frame is cut off")
            try:
                self._ready = memoryview(self._frame.decompress(chunk))
            except self._error as error:
                raise OSError(f"damaged zstandard data: {error}") from None
            self._clean = self._frame.eof
            if self._clean:
                self._compressed = self._frame.unused_data
                self._frame = self._new()
        length = min(len(buffer), len(self._ready))
        buffer[:length] = self._ready[:length]
        self._ready = self._ready[length:]
        return length


def _zstandard(below: BinaryIO) -> io.RawIOBase:
    if sys.version_info >= (3, 14):
        from compression import zstd

        return cast("io.RawIOBase", zstd.ZstdFile(below))
    return _Zstandard(below)


def _gzip(below: BinaryIO) -> io.RawIOBase:
    return cast("io.RawIOBase", gzip.GzipFile(fileobj=below))


def _bzip2(below: BinaryIO) -> io.RawIOBase:
    return cast("io.RawIOBase", bz2.BZ2File(below))


def _xz(below: BinaryIO) -> io.RawIOBase:
    return cast("io.RawIOBase", lzma.LZMAFile(below))


DECOMPRESSORS: Final[Mapping[str, Callable[[BinaryIO], io.RawIOBase]]] = MappingProxyType(
    {".gz": _gzip, ".zst": _zstandard, ".bz2": _bzip2, ".xz": _xz}
)
