"""CSV and its kin: every row that is written is the row that was read, quotes and line end too."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from provenance.errors import InputError
from provenance.readers.encodings import marked_encoding
from provenance.writers.decisions import FIELDS
from provenance.writers.records import Records

_DELIMITERS: Final = ",;\t|"
_LONGEST_CELL: Final = 1 << 30


def write_table(source: BinaryIO, sink: BinaryIO, records: Records) -> None:
    """Copy the header and the rows that are written; annotated ones have cells more at their end.

    Rows are numbered from 1 below the header; empty lines stay and have no number. Raises
    `InputError` where an annotated table has the fields already.
    """
    first = source.readline()
    encoding, skipped = marked_encoding(first) or ("utf-8", 0)
    sink.write(first[:skipped])
    data = io.BytesIO((first + source.read())[skipped:])
    # what is no UTF-8 becomes a surrogate a byte, and that byte again
    text = io.TextIOWrapper(data, encoding, "surrogateescape", newline="")
    errors = "surrogateescape"
    header, delimiter = True, ","
    number = 0
    for cells, raw in _rows(text):
        if not cells:
            sink.write(raw.encode(encoding, errors))
            continue
        if header:
            header, delimiter = False, _delimiter(raw)
            added: Iterable[object] | None = FIELDS if records.annotate else None
            if added and not set(FIELDS).isdisjoint(next(csv.reader([raw], delimiter=delimiter))):
                raise InputError("the table is annotated already: give the one it was made from")
            sink.write(_with(raw, added, delimiter).encode(encoding, errors))
            continue
        number += 1
        verdict = records.verdict(number)
        if not verdict.write:
            continue
        added = None
        if records.annotate:
            added = verdict.annotation.values() if verdict.annotation else [None] * len(FIELDS)
        sink.write(_with(raw, added, delimiter).encode(encoding, errors))


def _rows(text: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """Yield whether a row has cells, and the characters of the row as they stand in the file."""
    lines = iter(text)
    first = ""
    for first in lines:
        if not first.isspace():
            break
        yield False, first
    seen: list[str] = []
    csv.field_size_limit(max(_LONGEST_CELL, csv.field_size_limit()))

    def watched() -> Iterator[str]:
        if first and not first.isspace():
            seen.append(first)
            yield first
        for line in lines:
            seen.append(line)
            yield line

    try:
        for row in csv.reader(watched(), delimiter=_delimiter(first)):
            yield bool(row), "".join(seen)
            seen.clear()
    except csv.Error as error:
        raise InputError(f"broken CSV: {error}. Nothing was written") from None
    if seen:
        yield False, "".join(seen)


def _with(raw: str, added: Iterable[object] | None, delimiter: str) -> str:
    """Return a row with cells more before its line end."""
    if added is None:
        return raw
    body = raw.rstrip("\r\n")
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter, lineterminator="").writerow([_cell(v) for v in added])
    return f"{body}{delimiter}{sink.getvalue()}{raw[len(body) :]}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _delimiter(line: str) -> str:
    """Return the delimiter as the reader finds it: the one that the header has most of."""
    most, place = max((line.count(mark), -place) for place, mark in enumerate(_DELIMITERS))
    return _DELIMITERS[-place] if most else ","
