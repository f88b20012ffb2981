"""Anything to documents: `read` finds the files, picks a reader for each, and settles the ids.

A reader is a function from an opened file to documents and whatever else is to be said; to add
a format, write one and name its suffixes in `READERS`.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, Final

from provenance.errors import InputError
from provenance.model import Document, Skipped
from provenance.readers.compression import DAMAGED, open_decompressed, split_compression
from provenance.readers.encodings import check_encoding
from provenance.readers.ids import DuplicateIds, assign_ids
from provenance.readers.items import Item, Note, Opened, Reader, Unnamed
from provenance.readers.json_records import is_json_object, read_json, read_json_lines
from provenance.readers.paths import STANDARD_INPUT, InputFile, find
from provenance.readers.text import read_text

if TYPE_CHECKING:
    from provenance.readers.bulk import Batch, Block

_AT_A_TIME: Final = 256
_PACKED: Final = 4  # bytes of text that a compressed byte may hold, to guess how many there are

__all__ = [
    "READERS",
    "DuplicateIds",
    "Item",
    "Note",
    "Opened",
    "Reader",
    "Reading",
    "read",
    "read_file",
]


class Reading(Iterator[Document | Skipped | Note]):
    """What `read` yields; while nothing is taken from it, it can be read in bulk instead."""

    def __init__(
        self,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        duplicate_ids: DuplicateIds,
        encoding: str | None,
    ) -> None:
        self._paths = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
        self._duplicate_ids: DuplicateIds = duplicate_ids
        self._encoding = encoding
        self._items: Iterator[Document | Skipped | Note] | None = None

    def __next__(self) -> Document | Skipped | Note:
        if self._items is None:
            self._items = self._read()
        return next(self._items)

    def _read(self) -> Iterator[Document | Skipped | Note]:
        if self._encoding is not None:
            check_encoding(self._encoding)
        files = find(self._paths)
        yield from assign_ids(_read_all(files, self._encoding), self._duplicate_ids)

    def size(self) -> int:
        """Return how many bytes lie in the files; 0 where they cannot be read in bulk.

        Those can whose bytes can be read a second time, should the bulk not do. Raises as `read`.
        """
        if self._items is not None:
            return 0
        if self._encoding is not None:
            check_encoding(self._encoding)
        files = [file for file in find(self._paths) if isinstance(file, InputFile)]
        locations = [Path(file.location) for file in files]
        if not all(place.is_file() for place in locations):
            return 0
        packed = [_PACKED if split_compression(file.path)[1] else 1 for file in files]
        return sum(p.stat().st_size * n for p, n in zip(locations, packed, strict=True))

    def bulk(self) -> "Iterator[Block | Batch | Skipped | Note]":
        """Yield everything in blocks and batches; ids stay as they were read.

        Raises `NotInBulkError` where only reading document by document will do.
        """
        from provenance.readers.bulk import NotInBulkError, batches_of, has_lines, read_blocks

        others: list[Item] = []
        for file in find(self._paths):
            if isinstance(file, Skipped):
                yield file
            elif not has_lines(file):
                others += read_file(file, self._encoding)
                if len(others) >= _AT_A_TIME:
                    yield from batches_of(others)
                    others = []
            else:
                blocks = 0
                try:
                    with _open(file, split_compression(file.path)[1]) as stream:
                        for block in read_blocks(file.path, stream, self._encoding):
                            yield block
                            blocks += int((block.kinds > 0).any())
                except (InputError, OSError, *DAMAGED):
                    raise NotInBulkError from None
                if not blocks:
                    yield Skipped(file.path, "empty file")
        yield from batches_of(others)


def read(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    duplicate_ids: DuplicateIds = "error",
    encoding: str | None = None,
) -> Reading:
    """Yield every document that paths lead to, once, with a word on everything left out.

    A path is a file, a folder (read with its folders, sorted) or '-' for standard input. Texts
    keep their newlines; their encoding is `encoding`, else UTF-8, else detected with a `Note`;
    a byte order mark overrules all three and is removed. `assign_ids` says how ids are made.

    Raises `InputError` before anything is read where a path does not exist, none is given, or
    the encoding is unknown; and where a record's own id is given twice, unless `duplicate_ids`
    is "suffix". Anything else that cannot be read is yielded as `Skipped`.
    """
    return Reading(paths, duplicate_ids, encoding)


def read_unknown(opened: Opened) -> Iterator[Item]:
    """Read JSON Lines where the first line with anything on it is a JSON object, else text."""
    ahead = []
    for line in opened.stream:
        ahead.append(line)
        if not line.isspace():
            break
    reader = read_json_lines if ahead and is_json_object(ahead[-1]) else read_text
    yield from reader(replace(opened, ahead=tuple(ahead)))


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "": read_unknown,
        ".txt": read_text,
        ".text": read_text,
        ".md": read_text,
        ".markdown": read_text,
        ".jsonl": read_json_lines,
        ".ndjson": read_json_lines,
        ".jl": read_json_lines,
        ".json": read_json,
    }
)


def _read_all(
    files: Iterable[InputFile | Skipped], encoding: str | None
) -> Iterator[tuple[str, Item]]:
    for file in files:
        if isinstance(file, Skipped):
            yield file.place, file
        else:
            for item in read_file(file, encoding):
                yield file.location, item


def read_file(file: InputFile, encoding: str | None) -> Iterator[Item]:
    """Yield what one file holds, before ids are settled; what cannot be read as `Skipped`."""
    name, compression = split_compression(file.path)
    suffix = PurePosixPath(name).suffix.lower().rstrip(".")
    known = suffix in READERS
    if not known and not file.named:
        yield Skipped(file.path, f"unknown kind of file ({suffix}); name it to read its text")
        return
    reader = READERS.get(suffix, read_unknown)
    count = 0
    try:
        with _open(file, compression) as stream:
            for item in reader(Opened(file.path, stream, encoding)):
                yield item
                count += isinstance(item, (Document, Unnamed))
        if not known and count:
            yield Note(file.path, f"unknown kind of file ({suffix}), read as it is")
    except InputError as error:
        yield Skipped(file.path, str(error))
    except (OSError, *DAMAGED) as error:
        yield Skipped(file.path, _failure(error, count))


def _open(file: InputFile, compression: str) -> AbstractContextManager[BinaryIO]:
    if file.location != STANDARD_INPUT:
        return open_decompressed(file.location, compression)
    if sys.stdin is None:
        raise InputError("standard input is closed")
    return nullcontext(sys.stdin.buffer)


def _failure(error: Exception, count: int) -> str:
    """Say why reading stopped, and what was read until then."""
    if isinstance(error, FileNotFoundError):
        return "the file vanished before it was read"
    if isinstance(error, OSError) and error.strerror:
        reason = f"unreadable: {error.strerror}"
    else:
        reason = f"damaged or cut off compressed data: {error}"
    return f"{reason}; the {count} records before are read" if count else reason
