"""JSON Lines (one record a line) and JSON files (one record, or an array of them)."""

import codecs
import io
import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final, cast

from provenance.errors import InputError
from provenance.model import Document, Skipped
from provenance.readers.encodings import decode, guess, marked_encoding, refuse_binary
from provenance.readers.items import Item, Note, Opened, Unnamed, too_large
from provenance.readers.options import DEFAULTS, ReadOptions
from provenance.readers.records import from_record
from provenance.readers.streams import put_back

_AHEAD: Final = 1 << 16  # bytes of lines that are looked at to detect an encoding
_BROKEN: Final = "not valid UTF-8; broken characters read as U+FFFD"
# NaN and Infinity are not JSON, but what pandas writes for a missing value: so they are read.
_DECODER: Final = json.JSONDecoder(parse_constant=lambda _: None)


def read_json_lines(opened: Opened) -> Iterator[Item]:
    """Yield a document for every line with a usable record, and the reason for any other line.

    Lines of white space are passed over; the records between are numbered from 1, the unusable
    ones too, so that repairing one renames none. Where no encoding is given, lines that are not
    UTF-8 are read in a detected one, with a note. Raises `InputError` where there is no record.
    """
    encoding, lines = _lines(opened)
    number = 0
    for line_number, (line, note) in enumerate(lines, 1):
        if line is not None and (not line or line.isspace()):
            continue
        number += 1
        place = f"{opened.path}, line {line_number}"
        if note:
            yield Note(f"{opened.path}#{number}", note)
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


def _lines(opened: Opened) -> tuple[str, Iterable[tuple[bytes | str | None, str | None]]]:
    """Return the encoding, and the lines with what had to be assumed of each.

    They are decoded already where a newline is more than a byte, and where they are no UTF-8.
    """
    lines = opened.lines()
    first = next(lines, b"")
    if first is None:
        return "utf-8", _detected(chain((None,), lines))
    refuse_binary(first)
    given = opened.options.encoding
    encoding, skipped = marked_encoding(first) or (given or "utf-8", 0)
    if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
        stream = cast("io.BufferedReader", put_back(first[skipped:], opened.stream))
        text = io.TextIOWrapper(stream, encoding, newline="\n")
        return encoding, ((line, None) for line in _wide_lines(text, opened))
    whole = chain((first[skipped:],), lines)
    if given or skipped:
        return encoding, ((line, None) for line in whole)
    return encoding, _detected(whole)


def _wide_lines(text: io.TextIOWrapper, opened: Opened) -> Iterator[str | None]:
    """Yield decoded lines, None for one that is too long; a broken one raises `InputError`."""
    limit = opened.options.max_document
    try:
        while line := text.readline(limit):
            if len(line) < limit or line.endswith("\n"):
                yield line
                continue
            while (rest := text.readline(limit)) and not rest.endswith("\n"):
                pass
            yield None
    except UnicodeError as error:
        raise InputError(f"not {text.encoding}: {error}") from None


def _detected(lines: Iterable[bytes | None]) -> Iterator[tuple[bytes | str | None, str | None]]:
    """Yield lines; those that are no UTF-8 decoded, with a note, as far as that can be detected.

    The encoding is that of the first of them and of those that soon follow it.
    """
    rest = iter(lines)
    ahead: deque[bytes | None] = deque()
    found: tuple[str, str, str] | None = None  # encoding, what to do with errors, note
    tried = False
    while ahead or (line := next(rest, b"")) or line is None:
        if ahead:
            line = ahead.popleft()
        if line is None or is_utf8(line):
            yield line, None
            continue
        if not tried:
            tried = True
            size = 0
            while size < _AHEAD and (other := next(rest, b"")) != b"":
                ahead.append(other)
                size += len(other or b"")
            found = _guess([line, *(other for other in ahead if other and not is_utf8(other))])
        try:
            yield (line.decode(*found[:2]), found[2]) if found else (line, None)
        except UnicodeDecodeError:
            yield line, None


def _guess(lines: Sequence[bytes]) -> tuple[str, str, str] | None:
    """Return the encoding of lines, how to take its errors, and a note; None where none fits."""
    try:
        _, encoding, note = guess(b"".join(lines))
    except InputError:
        return None
    return (encoding, "replace", _BROKEN) if encoding == "utf-8" else (encoding, "strict", note)


def is_utf8(line: bytes) -> bool:
    """Tell whether a line is UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


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
