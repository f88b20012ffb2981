"""One file after the other: opened, decompressed, given to its reader, its failures told."""

import re
import stat
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from provenance.errors import InputError, MissingExtra
from provenance.model import Document, Skipped
from provenance.readers.compression import DAMAGED, decompressed, split_compression
from provenance.readers.items import Item, Note, Opened, Unnamed
from provenance.readers.json_records import is_json_object
from provenance.readers.mojibake import NOTE, is_mojibake
from provenance.readers.options import ReadOptions
from provenance.readers.paths import STANDARD_INPUT, InputFile
from provenance.readers.registry import READERS
from provenance.readers.streams import open_local, put_back

_DEEPEST: Final = 3  # archives in archives
_ENOUGH: Final = 4096  # bytes to see what a stream is

# How streams begin that have no name to go by.
_COMPRESSED: Final = (
    (b"\x1f\x8b", ".gz"),
    (b"\x28\xb5\x2f\xfd", ".zst"),
    (b"BZh", ".bz2"),
    (b"\xfd7zXZ\x00", ".xz"),
)
# What may stand before the first element of HTML and XML. Skipped piece by piece: possessive
# groups, which would do it at once, are broken before Python 3.11.5 (python/cpython, 106052).
_PROLOGUE: Final = re.compile(
    rb"\s+|<\?xml[^>]{0,200}>|<!--.{0,2000}?-->|<!DOCTYPE\s(?!html)[^>]{0,500}>",
    re.DOTALL | re.IGNORECASE,
)
_KINDS: Final = (
    (rb"PAR1", ".parquet"),
    (rb"ARROW1|\xff\xff\xff\xff", ".arrow"),
    (rb"PK\x03\x04", ".zip"),
    (rb"WARC/[01]\.\d", ".warc"),
    (rb"From [^\n]{3,200}\d{4}\r?\n", ".mbox"),
)
_ROOTS: Final = (
    (rb"<!doctype\s+html|<html[\s>]", ".html"),
    (rb"<(?:rss|feed|rdf:RDF|nitf|newsItem|newsMessage)[\s>]", ".xml"),
)
_XML: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\s", re.IGNORECASE)


def read_file(file: InputFile, options: ReadOptions) -> Iterator[Item]:
    """Yield what a file holds; whatever fails is `Skipped`, and what was read before it counts."""
    if _unknown(file.path) and not file.named:
        yield Skipped(file.path, _unknown_kind(file.path))
        return
    url = file.location if file.location.startswith(("http://", "https://")) else None
    try:
        opened = open_file(file)
    except InputError as error:
        yield Skipped(file.path, str(error))
    except OSError as error:
        yield Skipped(file.path, _failure(error, 0))
    else:
        size = _size(file)
        with opened as stream:
            seekable = file.location != STANDARD_INPUT and url is None
            for item in _read(Opened(file.path, stream, options, seekable, url), 0):
                yield item
                if isinstance(item, Document | Unnamed):
                    document = item.document if isinstance(item, Unnamed) else item
                    if is_mojibake(document.text):
                        yield Note(document.path or file.path, NOTE)
        if (now := _size(file)) != size:
            changed = "grew: what was added is not read" if now > size else "became shorter"
            yield Note(file.path, f"while it was read, the file {changed}")


def _size(file: InputFile) -> int:
    """Return the size of a local file in bytes; 0 where there is none."""
    try:
        status = Path(file.location).stat()
    except (OSError, ValueError):
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def open_file(file: InputFile) -> AbstractContextManager[BinaryIO]:
    """Open a file as it lies there; raise `InputError` or `OSError` where that fails."""
    if "://" in file.location:
        from provenance.readers.remote import open_remote

        return open_remote(file.location)
    if file.location != STANDARD_INPUT:
        return open_local(file.location)
    if sys.stdin is None:
        raise InputError("standard input is closed")
    return nullcontext(sys.stdin.buffer)


def _read(opened: Opened, depth: int) -> Iterator[Item]:
    """Yield what an opened file holds, read by the suffixes of its name."""
    name, compression = split_compression(opened.path)
    suffix = suffix_of(name)
    reader = READERS.get(suffix, read_unknown)
    count = 0
    try:
        if compression:
            stream = decompressed(opened.stream, compression)
            opened = replace(opened, stream=stream, seekable=False)
        for item in reader(_with_inside(opened, depth)):
            yield item
            count += isinstance(item, (Document, Unnamed))
        if count and _unknown(opened.path):
            yield Note(opened.path, f"unknown kind of file ({suffix}), read as it is")
    except (InputError, MissingExtra) as error:
        yield Skipped(opened.path, _and_before(str(error), count))
    except MemoryError:
        yield Skipped(opened.path, _and_before("it needs more memory than there is", count))
    except RecursionError:
        yield Skipped(opened.path, _and_before("nested too deep", count))
    except (OSError, *DAMAGED) as error:
        yield Skipped(opened.path, _failure(error, count))


def _with_inside(opened: Opened, depth: int) -> Opened:
    """Return an opened file that can read the files in it."""

    def inside(path: str, stream: BinaryIO) -> Iterator[Item]:
        if _unknown(path):
            yield Skipped(path, _unknown_kind(path))
        elif depth == _DEEPEST:
            yield Skipped(path, f"more than {_DEEPEST} archives around it")
        else:
            yield from _read(Opened(path, stream, opened.options), depth + 1)

    return replace(opened, inside=inside)


def read_unknown(opened: Opened) -> Iterator[Item]:
    """Read a stream as what it begins like; else JSON Lines or text.

    JSON Lines are what the first line with anything on it shows to be a JSON object.
    """
    ahead = []
    for line in opened.lines():
        if line is None:
            raise InputError("one line with too many bytes (--max-document allows more)")
        ahead.append(line)
        if not line.isspace():
            break
    start = b"".join(ahead)
    if len(start) < _ENOUGH:
        start += opened.stream.read(_ENOUGH - len(start))
    stream = put_back(start, opened.stream)
    for signature, suffix in _COMPRESSED:
        if start.startswith(signature):
            inner = replace(opened, stream=decompressed(stream, suffix), seekable=False)
            yield from read_unknown(inner)
            return
    reader = READERS[_kind(start, ahead[-1] if ahead else b"")]
    yield from reader(replace(opened, stream=stream, seekable=False))


def _kind(start: bytes, line: bytes) -> str:
    """Return the suffix of the kind of file that begins like this."""
    if is_json_object(line):
        return ".jsonl"
    start = start[:_ENOUGH]
    for text, kinds in (start, _KINDS), (_after_prologue(start), _ROOTS):
        for pattern, suffix in kinds:
            if re.match(pattern, text, re.IGNORECASE):
                return suffix
    if _XML.match(start):
        return ".xml"
    return ".tar" if start[257:262] == b"ustar" else ".txt"


def _after_prologue(start: bytes) -> bytes:
    at = 3 if start.startswith(b"\xef\xbb\xbf") else 0
    while found := _PROLOGUE.match(start, at):
        at = found.end()
    return start[at:]


def suffix_of(name: str) -> str:
    """Return the suffix of a name in lower case, with its dot."""
    return PurePosixPath(name).suffix.lower().rstrip(".")


def _unknown(path: str) -> bool:
    suffix = suffix_of(split_compression(path)[0])
    return bool(suffix) and suffix not in READERS


def _unknown_kind(path: str) -> str:
    suffix = suffix_of(split_compression(path)[0])
    return f"unknown kind of file ({suffix}); name it to read its text"


def _failure(error: Exception, count: int) -> str:
    """Say why reading stopped, and what was read until then."""
    if isinstance(error, FileNotFoundError):
        return "the file vanished before it was read"
    if isinstance(error, OSError) and error.strerror:
        reason = f"unreadable: {error.strerror}"
    else:
        reason = f"damaged or cut off compressed data: {error}"
    return _and_before(reason, count)


def _and_before(reason: str, count: int) -> str:
    return f"{reason}; the {count} records before are read" if count else reason
