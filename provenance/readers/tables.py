"""CSV and its kin: a header line, then one record a row."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final, cast

from provenance.errors import InputError
from provenance.model import Skipped
from provenance.readers.encodings import guess, marked_encoding, refuse_binary
from provenance.readers.items import Item, Note, Opened, too_large
from provenance.readers.records import aliases, from_record, no_text
from provenance.readers.streams import put_back

_SAMPLE: Final = 1 << 20
_DELIMITERS: Final = ",;\t|"


def read_table(opened: Opened) -> Iterator[Item]:
    """Yield a document for every row with a usable record, and the reason for any other row.

    The delimiter is the one of comma, semicolon, tab and bar that the header line has most of.
    Rows are numbered from 1, the header not counted. Raises `InputError` where the header names
    no text.
    """
    text, note = _decoded(opened)
    if note:
        yield Note(opened.path, note)
    limit = opened.options.max_document
    csv.field_size_limit(max(limit, csv.field_size_limit()))
    lines = _lines(text, limit)
    first = next((line for line in lines if not line.isspace()), "")
    if not first:
        raise InputError("empty file")
    delimiter = _delimiter(first)
    rows = csv.reader(_chain(first, lines), delimiter=delimiter, strict=False)
    header = [name.strip() for name in next(rows)]
    if not set(header) & set(aliases(opened.options.fields)["text"]) and not opened.options.adapter:
        raise InputError(no_text(header, opened.options.fields))
    number = 0
    try:
        for row in rows:
            if not row:
                continue
            number += 1
            place = f"{opened.path}#{number}"
            try:
                yield from_record(_record(header, row), place, opened.options)
            except InputError as error:
                yield Skipped(place, str(error))
    except csv.Error as error:
        raise InputError(f"broken CSV after row {number}: {error}") from None
    if not number:
        raise InputError("no rows below the header")


def _record(header: list[str], row: list[str]) -> dict[str, object]:
    """Name the cells of a row; an empty one is missing."""
    if len(row) != len(header):
        raise InputError(f"the row has {len(row)} cells, the header {len(header)}")
    for cell in row:
        if not cell.isascii() and any("\udc80" <= character <= "\udcff" for character in cell):
            raise InputError("broken characters (--encoding names the encoding of the file)")
    return {name: cell for name, cell in zip(header, row, strict=True) if cell}


def _delimiter(line: str) -> str:
    counts = [(line.count(mark), -place) for place, mark in enumerate(_DELIMITERS)]
    most, place = max(counts)
    return _DELIMITERS[-place] if most else ","


def _chain(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _lines(text: io.TextIOWrapper, limit: int) -> Iterator[str]:
    """Yield the lines; raise `InputError` at one that is too long."""
    while line := text.readline(limit + 1):
        if len(line) > limit:
            raise InputError(f"a line is {too_large(limit)}")
        yield line


def _decoded(opened: Opened) -> tuple[io.TextIOWrapper, str | None]:
    """Return the characters of a file; bytes that are none become lone surrogates.

    Its encoding is told from its beginning: byte order mark, the encoding given, UTF-8, detection.
    """
    sample = opened.stream.read(_SAMPLE)
    refuse_binary(sample)
    note = None
    encoding, skipped = marked_encoding(sample) or (opened.options.encoding or "utf-8", 0)
    errors = "surrogateescape"
    if not (skipped or opened.options.encoding or _is_utf8(sample)):
        # Of a long file whole lines, for a character that is cut off is none of any encoding.
        whole = sample[: sample.rfind(b"\n") + 1] if len(sample) == _SAMPLE else sample
        _, encoding, note = guess(sample if _is_utf8(whole) else whole)
        errors = "replace" if encoding == "utf-8" else errors
    stream = cast("io.BufferedReader", put_back(sample[skipped:], opened.stream))
    return io.TextIOWrapper(stream, encoding, errors, newline=""), note


def _is_utf8(sample: bytes) -> bool:
    """Tell whether bytes are UTF-8 but for a character that is cut off at their end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True
