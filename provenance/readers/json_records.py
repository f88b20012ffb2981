"""JSON Lines (one record a line) and JSON files (one record, or an array of them)."""

import codecs
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from provenance.errors import InputError
from provenance.model import Document, Skipped
from provenance.readers.encodings import decode, marked_encoding, refuse_binary
from provenance.readers.items import Item, Note, Opened, Unnamed, too_large
from provenance.readers.options import DEFAULTS, ReadOptions
from provenance.readers.records import from_record

# NaN and Infinity are not JSON, but what pandas writes for a missing value: so they are read.
_DECODER: Final = json.JSONDecoder(parse_constant=lambda _: None)


def read_json_lines(opened: Opened) -> Iterator[Item]:
    """Yield a document for every line with a usable record, and the reason for any other line.

    Lines of white space are passed over; the records between are numbered from 1, the unusable
    ones too, so that repairing one renames none. Raises `InputError` where there is no record.
    """
    encoding, lines = _lines(opened)
    number = 0
    for line_number, line in enumerate(lines, 1):
        if line is not None and (not line or line.isspace()):
            continue
        number += 1
        place = f"{opened.path}, line {line_number}"
        if line is None:
            yield Skipped(place, too_large(opened.options.max_document))
        else:
            yield read_line(line, encoding, f"{opened.path}#{number}", place, opened.options)
    if not number:
        raise InputError("empty file")


def read_line(
    line: bytes | str, encoding: str, path: str, place: str, options: ReadOptions = DEFAULTS
) -> Document | Unnamed | Skipped:
    """Return the document of one line, called `path`, or the reason why it has none."""
    try:
        text = line if isinstance(line, str) else line.decode(encoding)
        return from_record(_parse(text), path, options)
    except InputError as error:
        return Skipped(place, str(error))
    except UnicodeError as error:
        return Skipped(
            place, f"not {encoding}: {error} (--encoding names the encoding of the file)"
        )


def read_json(opened: Opened) -> Iterator[Item]:
    """Yield the documents of a file that holds one record, an array of records, or lines.

    Raises `InputError` where it is none of these.
    """
    data = opened.read()
    first, _, rest = data.lstrip().partition(b"\n")
    if not first:
        raise InputError("empty file")
    if rest and not rest.isspace() and is_json_object(first):
        yield from read_json_lines(replace(opened, stream=io.BytesIO(data)))
        return
    text, note = decode(data, opened.options.encoding)
    if note:
        yield Note(opened.path, note)
    value = _parse(text)
    several = isinstance(value, list)
    if value == []:
        raise InputError("no records: an empty array")
    for number, record in enumerate(value if isinstance(value, list) else [value], 1):
        place = f"{opened.path}#{number}" if several else opened.path
        try:
            yield from_record(record, place, opened.options)
        except InputError as error:
            yield Skipped(place, str(error))


def is_json_object(line: bytes) -> bool:
    """Say whether a line parses as a JSON object."""
    try:
        return isinstance(_parse(line.removeprefix(codecs.BOM_UTF8).decode()), dict)
    except (InputError, UnicodeDecodeError):
        return False


def _lines(opened: Opened) -> tuple[str, Iterable[bytes | str | None]]:
    """Return the encoding, and the lines; decoded already where a newline is more than a byte."""
    lines = opened.lines()
    first = next(lines, b"")
    if first is None:
        return "utf-8", chain((None,), lines)
    refuse_binary(first)
    encoding, skipped = marked_encoding(first) or (opened.options.encoding or "utf-8", 0)
    if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
        text, _ = decode(first + opened.read(), encoding)
        return encoding, text.split("\n")
    return encoding, chain((first[skipped:],), lines)


def _parse(text: str) -> object:
    """Read a JSON value; raise `InputError` with the reason where there is none."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise InputError(f"broken JSON: {error.msg} (character {error.pos + 1})") from None
    except RecursionError:
        raise InputError("JSON that is nested too deep") from None
    except ValueError:
        raise InputError("JSON with a whole number of too many digits") from None
