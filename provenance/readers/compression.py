"""Compressed files, opened as if they were not."""

import bz2
import io
import lzma
import sys
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import BinaryIO, Final, Protocol, cast

from provenance.errors import InputError
from provenance.readers.streams import open_local

_BUFFER: Final = 1 << 18
# A block of zstandard can expand 30,000 times: so few bytes at once that memory stays bounded.
_FEW: Final = 1 << 12
_SOME: Final = 1 << 14
_GZIP: Final = 31  # a window of 32 KB, and the head and sum of gzip
# Text shrinks by a factor of 3 to 20, templates by 100.
_MOST_EXPANDED: Final = 250
_NO_BOMB: Final = 64 << 20  # bytes up to which no ratio is too high
# https://iipc.github.io/warc-specifications/specifications/warc-zstd/
_DICTIONARY: Final = b"\x5d\x2a\x4d\x18"
_FRAME: Final = b"\x28\xb5\x2f\xfd"
_LARGEST_DICTIONARY: Final = 64 << 20
_SHORT: Final = MappingProxyType(
    {".tgz": ".gz", ".tbz": ".bz2", ".tbz2": ".bz2", ".txz": ".xz", ".tzst": ".zst"}
)
# What damaged or cut off compressed data raises while it is read.
DAMAGED: Final = (EOFError, zlib.error, lzma.LZMAError)


def split_compression(name: str) -> tuple[str, str]:
    """Split the suffix of a compression off a file name: 'a.jsonl.gz' gives 'a.jsonl', '.gz'."""
    low = name.lower()
    for suffix in DECOMPRESSORS:
        if low.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)], suffix
    for suffix, compression in _SHORT.items():
        if low.endswith(suffix) and len(name) > len(suffix):
            return f"{name[: -len(suffix)]}.tar", compression
    return name, ""


def open_decompressed(location: str, suffix: str) -> BinaryIO:
    """Open a file for reading, through the decompressor of its suffix if it has one.

    Raises `OSError` where it cannot be opened; reading raises as `decompressed` does.
    """
    return decompressed(open_local(location), suffix)


def decompressed(stream: BinaryIO, suffix: str) -> BinaryIO:
    """Return a stream through the decompressor of a suffix; the same stream if there is none.

    Reading raises `OSError`, one of `DAMAGED`, or `InputError` where little data becomes so much
    that it is no text. Closing closes the stream below.
    """
    if not suffix:
        return stream
    return cast("BinaryIO", _Decompressed(DECOMPRESSORS[suffix](stream), stream))


def check_expansion(expanded: int, compressed: int) -> None:
    """Raise `InputError` where bytes have become so many more that no text is behind them."""
    if expanded > _NO_BOMB and expanded > _MOST_EXPANDED * max(compressed, 1):
        raise InputError(
            f"a decompression bomb: its data grows to more than {_MOST_EXPANDED} times its size"
        )


class _Decompressor(Protocol):
    """What the decompressors of Python have in common."""

    def read1(self, size: int = -1, /) -> bytes: ...
    def close(self) -> None: ...


class _Guarded(io.RawIOBase):
    """A decompressor that stops at a decompression bomb."""

    def __init__(self, stream: "_Decompressor", below: BinaryIO) -> None:
        self._stream = stream
        self._tell = below.tell
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        # As much as there is at once: what comes before damage must not be lost with it.
        data = self._stream.read1(len(buffer))
        count = len(data)
        buffer[:count] = data
        self._count += count
        if self._count > _NO_BOMB:
            check_expansion(self._count, self._tell())
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Decompressed(io.BufferedReader):
    """A decompressed stream that closes the file below it too."""

    def __init__(self, stream: "_Decompressor", below: BinaryIO) -> None:
        super().__init__(_Guarded(stream, below), _BUFFER)
        self._below = below

    def close(self) -> None:
        super().close()
        self._below.close()


class _Gzip:
    """Gzip members, one after the other, as web archives hold thousands of them.

    The class of the standard library reads the head of each in Python, which takes longer than
    to decompress a page. Raises `EOFError` where the last is cut off, `zlib.error` for damage.
    """

    def __init__(self, below: BinaryIO) -> None:
        self._below = below
        self._member = zlib.decompressobj(_GZIP)
        self._compressed = b""
        self._clean = True  # at the start of a member

    def read1(self, size: int = -1, /) -> bytes:
        """Return what can be had at once, up to a number of bytes; nothing at the end."""
        size = size if size > 0 else _BUFFER
        pieces: list[bytes] = []
        while size > 0:
            while not self._compressed and (chunk := self._below.read(_SOME)):
                # zeros may stand between members
                self._compressed = chunk.lstrip(b"\0") if self._clean else chunk
            if not self._compressed:
                if pieces or self._clean:
                    break
                raise EOFError("the last member is cut off")
            try:
                data = self._member.decompress(self._compressed, size)
            except zlib.error:
                if pieces:
                    break
                raise
            self._clean = self._member.eof
            if self._clean:
                self._compressed = self._member.unused_data.lstrip(b"\0")
                self._member = zlib.decompressobj(_GZIP)
            else:
                self._compressed = self._member.unconsumed_tail
            pieces.append(data)
            size -= len(data)
        return b"".join(pieces)

    def close(self) -> None:
        """Forget what was read."""
        self._compressed = b""


class _Zstandard:
    """Zstandard frames, one after the other; raises `EOFError` where the last is cut off.

    The package's own stream reader ends quietly there, which would lose text without a word.
    """

    def __init__(self, below: BinaryIO) -> None:
        import zstandard

        self._below = below
        self._error = zstandard.ZstdError
        self._clean = True  # at the start of a frame
        self._compressed = below.read(8)
        dictionary = None
        if self._compressed[:4] == _DICTIONARY:
            size = int.from_bytes(self._compressed[4:], "little")
            dictionary = zstandard.ZstdCompressionDict(self._dictionary(size))
            self._compressed = b""
        self._new = zstandard.ZstdDecompressor(
            dict_data=dictionary, max_window_size=1 << 31
        ).decompressobj
        self._frame = self._new()
        self._ready = memoryview(b"")

    def _dictionary(self, size: int) -> bytes:
        """Read the dictionary of a web archive: a frame before all others, itself compressed."""
        import zstandard

        if size > _LARGEST_DICTIONARY:
            raise OSError("damaged zstandard data: a dictionary of too many bytes")
        data = self._below.read(size)
        if data.startswith(_FRAME):
            try:
                data = zstandard.ZstdDecompressor().decompress(data, _LARGEST_DICTIONARY)
            except zstandard.ZstdError as error:
                raise OSError(f"damaged zstandard data: {error}") from None
        return data

    def read1(self, size: int = -1) -> bytes:
        """Return what can be had at once, up to a number of bytes; nothing at the end."""
        while not self._ready:
            chunk = self._compressed or self._below.read(_FEW)
            self._compressed = b""
            if not chunk:
                if self._clean:
                    return b""
                raise EOFError("the last frame is cut off")
            try:
                self._ready = memoryview(self._frame.decompress(chunk))
            except self._error as error:
                raise OSError(f"damaged zstandard data: {error}") from None
            self._clean = self._frame.eof
            if self._clean:
                self._compressed = self._frame.unused_data
                self._frame = self._new()
        data = self._ready[:size] if size >= 0 else self._ready
        self._ready = self._ready[len(data) :]
        return data.tobytes()

    def close(self) -> None:
        """Forget what was read."""
        self._ready = memoryview(b"")


def _zstandard(below: BinaryIO) -> "_Decompressor":
    if sys.version_info >= (3, 14):
        from compression import zstd

        return cast("_Decompressor", zstd.ZstdFile(below))
    return _Zstandard(below)


def _bzip2(below: BinaryIO) -> "_Decompressor":
    return cast("_Decompressor", bz2.BZ2File(below))


def _xz(below: BinaryIO) -> "_Decompressor":
    return cast("_Decompressor", lzma.LZMAFile(below))


DECOMPRESSORS: Final[Mapping[str, Callable[[BinaryIO], "_Decompressor"]]] = MappingProxyType(
    {".gz": _Gzip, ".zst": _zstandard, ".bz2": _bzip2, ".xz": _xz}
)
