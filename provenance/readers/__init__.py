"""Anything to documents: `read` finds the files, picks a reader for each, and settles the ids.

A reader is a function from an opened file to documents and whatever else is to be said; to add
a format, write one and name its suffixes in `READERS`.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from provenance.errors import ConfigError, InputError
from provenance.model import Document, Skipped
from provenance.readers.compression import DAMAGED, decompressed, split_compression
from provenance.readers.encodings import check_encoding
from provenance.readers.ids import DuplicateIds, assign_ids, escaped
from provenance.readers.items import Item, Note, Opened, Reader, Unnamed, gather_notes
from provenance.readers.opening import open_file, read_file
from provenance.readers.options import MAX_DOCUMENT, Adapter, FieldNames, ReadOptions
from provenance.readers.paths import InputFile, find
from provenance.readers.registry import READERS

if TYPE_CHECKING:
    from provenance.readers.bulk import Batch, Block

_AT_A_TIME: Final = 256
_PACKED: Final = 4  # bytes of text that a compressed byte may hold, to guess how many there are

__all__ = [
    "READERS",
    "Adapter",
    "DuplicateIds",
    "FieldNames",
    "Item",
    "Note",
    "Opened",
    "ReadOptions",
    "Reader",
    "Reading",
    "gather_notes",
    "read",
    "read_file",
]


class Reading(Iterator[Document | Skipped | Note]):
    """What `read` yields; while nothing is taken from it, it can be read in bulk instead."""

    def __init__(
        self,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        duplicate_ids: DuplicateIds,
        options: ReadOptions,
    ) -> None:
        self._paths = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
        self._duplicate_ids: DuplicateIds = duplicate_ids
        self._options = options
        self._items: Iterator[Document | Skipped | Note] | None = None

    def __next__(self) -> Document | Skipped | Note:
        if self._items is None:
            self._items = self._read()
        return next(self._items)

    def _read(self) -> Iterator[Document | Skipped | Note]:
        self._check()
        files = find(self._paths)
        yield from assign_ids(_read_all(files, self._options), self._duplicate_ids)

    def in_order(self) -> Iterator[Document | Skipped | Note]:
        """Yield everything at once and in order, with ids as they are.

        An id may come again: that of a record, its URL, or else its path with its number in the
        file.
        """
        self._check()
        for _, item in _read_all(find(self._paths), self._options):
            found = item.document if isinstance(item, Unnamed) else item
            yield escaped(found) if isinstance(found, Document) else found

    def _check(self) -> None:
        if self._options.encoding is not None:
            check_encoding(self._options.encoding)
        if self._options.max_document < 1:
            raise ConfigError("max_document (--max-document) must be 1 or more bytes")

    def size(self) -> int:
        """Return how many bytes lie in the files; 0 where they cannot be read in bulk.

        Those can whose bytes can be read a second time, should the bulk not do. Raises as `read`.
        """
        if self._items is not None or self._options.adapter is not None:
            return 0
        self._check()
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
                for item in read_file(file, self._options):
                    others.append(item)
                    if len(others) >= _AT_A_TIME:
                        yield from batches_of(others)
                        others = []
            else:
                blocks = 0
                try:
                    compression = split_compression(file.path)[1]
                    with open_file(file) as raw:
                        stream = decompressed(raw, compression)
                        for block in read_blocks(file.path, stream, self._options):
                            yield block
                            blocks += int((block.kinds > 0).any())
                except (InputError, OSError, *DAMAGED):
                    raise NotInBulkError from None
                if not blocks:
                    yield Skipped(file.path, "empty file")
        yield from batches_of(others)


def read(  # noqa: PLR0913 - a keyword for each thing that a user may say of the input
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    duplicate_ids: DuplicateIds = "error",
    encoding: str | None = None,
    text_field: str | None = None,
    id_field: str | None = None,
    date_field: str | None = None,
    source_field: str | None = None,
    adapter: Adapter | None = None,
    max_document: int = MAX_DOCUMENT,
) -> Reading:
    """Yield every document that paths lead to, once, with a word on everything left out.

    A path is a file, a folder (read with its folders, sorted), a pattern with `*`, an address
    that fsspec knows, or '-' for standard input. Texts keep their newlines; their encoding is
    `encoding`, else UTF-8, else detected with a `Note`; a byte order mark overrules all three and
    is removed. `assign_ids` says how ids are made.

    Of records, `text_field`, `id_field`, `date_field` and `source_field` name the fields that
    hold these; else the names of the common extractors are known. `adapter` is called with every
    record and returns the one to use, a `Document`, or None to leave it out. A document that
    takes more than `max_document` bytes is left out.

    Raises `InputError` before anything is read where a path does not exist, none is given, or
    the encoding is unknown; and where a record's own id is given twice, unless `duplicate_ids`
    is "suffix". Anything else that cannot be read is yielded as `Skipped`.
    """
    names = FieldNames(text_field, id_field, date_field, source_field)
    return Reading(paths, duplicate_ids, ReadOptions(encoding, names, adapter, max_document))


def _read_all(
    files: Iterable[InputFile | Skipped], options: ReadOptions
) -> Iterator[tuple[str, Item]]:
    for file in files:
        if isinstance(file, Skipped):
            yield file.place, file
        else:
            for item in read_file(file, options):
                yield file.location, item
