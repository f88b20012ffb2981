"""Anything to documents: `read` finds the files, picks a reader for each, and settles the ids.

A reader is a function from an opened file to documents and whatever else is to be said; to add
a format, write one and name its suffixes in `READERS`.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import BinaryIO, Final

from provenance.errors import InputError
from provenance.model import Document, Skipped
from provenance.readers.compression import DAMAGED, open_decompressed, split_compression
from provenance.readers.encodings import check_encoding
from provenance.readers.ids import DuplicateIds, assign_ids
from provenance.readers.items import Item, Note, Opened, Reader, Unnamed
from provenance.readers.json_records import is_json_object, read_json, read_json_lines
from provenance.readers.paths import STANDARD_INPUT, InputFile, find
from provenance.readers.text import read_text

__all__ = ["READERS", "DuplicateIds", "Item", "Note", "Opened", "Reader", "read"]


def read(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    duplicate_ids: DuplicateIds = "error",
    encoding: str | None = None,
) -> Iterator[Document | Skipped | Note]:
    """Yield every document that paths lead to, once, with a word on everything left out.

    A path is a file, a folder (read with its folders, sorted) or '-' for standard input. Texts
    keep their newlines; their encoding is `encoding`, else UTF-8, else detected with a `Note`;
    a byte order mark overrules all three and is removed. `assign_ids` says how ids are made.

    Raises `InputError` before anything is read where a path does not exist, none is given, or
    the encoding is unknown; and where a record's own id is given twice, unless `duplicate_ids`
    is "suffix". Anything else that cannot be read is yielded as `Skipped`.
    """
    if encoding is not None:
        check_encoding(encoding)
    files = find([paths] if isinstance(paths, str | os.PathLike) else paths)
    yield from assign_ids(_read_all(files, encoding), duplicate_ids)


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
            for item in _read_file(file, encoding):
                yield file.location, item


def _read_file(file: InputFile, encoding: str | None) -> Iterator[Item]:
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
