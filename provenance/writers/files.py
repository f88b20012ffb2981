"""Output that is there whole or not at all, compressed as its name says, never upon its input."""

import bz2
import gzip
import io
import lzma
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from provenance.errors import InputError
from provenance.readers.paths import InputFile


def check_output(output: Path, paths: Iterable[str], files: Iterable[InputFile]) -> None:
    """Raise `InputError` unless an output is new, and neither input nor inside of it nor around.

    An empty folder is as good as new.
    """
    if os.path.lexists(output):
        empty = output.is_dir() and not output.is_symlink() and not any(output.iterdir())
        if not empty:
            raise InputError(f"{output} exists: name a new file or folder; nothing is overwritten")
    real = Path(os.path.realpath(output))
    for path in paths:
        given = Path(os.path.realpath(path))
        if given.is_dir() and (given == real or given in real.parents):
            raise InputError(f"{output} lies in the input {path}, which is never touched")
    for file in files:
        if real == Path(file.real) or real in Path(file.real).parents:
            raise InputError(f"{output} is the input {file.location} or around it")
    if not real.parent.is_dir():
        raise InputError(f"there is no folder {output.parent} to write {output.name} in")


@contextmanager
def replacing(output: Path, *, folder: bool) -> Iterator[Path]:
    """Give a place beside an output that becomes the output at the end, and goes if that fails."""
    place = output.with_name(f".{output.name}.{os.getpid()}.partial")
    if folder:
        place.mkdir()
    try:
        yield place
        if folder and output.is_dir():
            output.rmdir()
        place.replace(output)
    finally:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


@contextmanager
def compressed(path: Path, suffix: str) -> Iterator[BinaryIO]:
    """Open a new file for writing through the compressor of a suffix; same bytes, same file."""
    with path.open("xb") as raw:
        stream = _compressor(raw, suffix)
        try:
            yield stream
        finally:
            if stream is not raw:
                stream.close()
        raw.flush()


def _compressor(raw: BinaryIO, suffix: str) -> BinaryIO:
    match suffix:
        case ".gz":
            return cast("BinaryIO", gzip.GzipFile("", "wb", 6, raw, mtime=0))
        case ".bz2":
            return cast("BinaryIO", bz2.BZ2File(raw, "wb"))
        case ".xz":
            return cast("BinaryIO", lzma.LZMAFile(raw, "wb"))
        case ".zst":
            return _zstandard(raw)
        case _:
            return raw


def _zstandard(raw: BinaryIO) -> BinaryIO:
    if sys.version_info >= (3, 14):
        from compression import zstd

        return cast("BinaryIO", zstd.ZstdFile(raw, "wb"))
    import zstandard

    writer = zstandard.ZstdCompressor(write_checksum=True).stream_writer(raw, closefd=False)
    return cast("BinaryIO", io.BufferedWriter(cast("io.RawIOBase", writer)))
