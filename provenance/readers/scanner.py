"""The strict scanner of JSON Lines: where the values of plain records lie, without parsing them.

A record is plain where the scanner can tell that the real parser would read it, and which of its
fields would be used: an object in valid UTF-8 whose known fields are strings or null, each used
field named once. Everything else is left to the real parser, which alone knows what is wrong.
"""

from typing import Any, Final

import numpy as np

from provenance.eight_bytes import HIGH, LOW, bytes_before, word, zeros
from provenance.machine_code import Inlined, machine_code
from provenance.readers.options import FieldNames
from provenance.readers.records import aliases

BLANK, PLAIN, TEXT_ONLY, ODD = 0, 1, 2, 3
SCANNED: Final = (
    *("id", "source", "url", "title", "published", "fetched", "language", "canonical_url"),
    "authors",
)
# What is written of a document; authors as a list in JSON, anything else as a string.
COLUMNS: Final = (*SCANNED, "published_from")
FIELDS: Final = (*SCANNED, "text")
TEXT: Final = len(SCANNED)  # the field behind those
SPANS: Final = 2 * len(FIELDS) + 1  # and which name the date of publication has
_PUBLISHED, _AUTHORS = SCANNED.index("published"), SCANNED.index("authors")
_REFUSED = 127  # names whose records are not plain
_DEEPEST = 60
_LONGEST_NUMBER = 1000

_QUOTES = np.uint64(0x2222222222222222)
ESCAPES = np.uint64(0x5C5C5C5C5C5C5C5C)
_SPACES = np.uint64(0x2020202020202020)
_LINE_FEEDS = np.uint64(0x0A0A0A0A0A0A0A0A)


def field_names(given: FieldNames) -> tuple[Any, Any, Any, Any]:
    """Return the known names for the scanner: their bytes, their bounds, fields and ranks."""
    names = [(name, _REFUSED, 0) for name in ("metadata", "html", "dump")]
    for field, known in aliases(given).items():
        for rank, name in enumerate(known):
            names.append((name, FIELDS.index(field), rank))
    return (
        np.frombuffer("".join(name for name, _, _ in names).encode() + bytes(8), np.uint8),
        np.cumsum([0, *(len(name.encode()) for name, _, _ in names)], dtype=np.int64),
        np.array([field for _, field, _ in names], np.uint8),
        np.array([rank for _, _, rank in names], np.uint8),
    )


@Inlined
def _line_end(data: Any, at: Any) -> Any:
    """Return where the next line feed is; there must be one."""
    while True:
        marks = zeros(word(data, at) ^ _LINE_FEEDS)
        if marks != np.uint64(0):
            return at + bytes_before(marks)
        at += 8


@Inlined
def _past_spaces(data: Any, at: Any) -> Any:
    while data[at] == 32 or data[at] == 9 or data[at] == 13:
        at += 1
    return at


@Inlined
def hexadecimal(data: Any, at: Any) -> Any:
    """Return the value of four hexadecimal digits, -1 where one is not."""
    value = np.int64(0)
    for i in range(4):
        digit = np.int64(data[at + i])
        if 48 <= digit <= 57:
            digit -= 48
        elif 97 <= digit <= 102:
            digit -= 87
        elif 65 <= digit <= 70:
            digit -= 55
        else:
            return np.int64(-1)
        value = value * 16 + digit
    return value


@Inlined
def _string_end(data: Any, at: Any) -> Any:
    """Return where a string ends whose first character is at a place: at its closing quote.

    Negative where it is no string of valid UTF-8 whose escapes Python reads as whole characters;
    -2 less the place where the string is right but has escapes.
    """
    escaped = False
    while True:
        value = word(data, at)
        quotes = value ^ _QUOTES
        escapes = value ^ ESCAPES
        marks = (
            ((quotes - LOW) & ~quotes)
            | ((escapes - LOW) & ~escapes)
            | ((value - _SPACES) & ~value)
            | value
        ) & HIGH
        if marks == np.uint64(0):
            at += 8
            continue
        at += bytes_before(marks)
        byte = np.int64(data[at])
        if byte == 34:
            return -2 - at if escaped else at
        if byte == 92:
            escaped = True
            kind = data[at + 1]
            if kind == 117:
                code = hexadecimal(data, at + 2)
                if code < 0 or 0xDC00 <= code < 0xE000:
                    return np.int64(-1)
                if 0xD800 <= code < 0xDC00:
                    if data[at + 6] != 92 or data[at + 7] != 117:
                        return np.int64(-1)
                    code = hexadecimal(data, at + 8)
                    if not 0xDC00 <= code < 0xE000:
                        return np.int64(-1)
                    at += 6
                at += 6
            elif (
                kind == 34
                or kind == 92
                or kind == 47
                or kind == 98
                or kind == 102
                or kind == 110
                or kind == 114
                or kind == 116
            ):
                at += 2
            else:
                return np.int64(-1)
        elif byte < 32:
            return np.int64(-1)
        else:
            while byte >= 0x80:
                second = np.int64(data[at + 1])
                size = 0
                if 0xC2 <= byte < 0xE0:
                    size = 2
                elif byte == 0xE0:
                    size = 3 if second >= 0xA0 else 0
                elif byte == 0xED:
                    size = 3 if second < 0xA0 else 0
                elif 0xE1 <= byte < 0xF0:
                    size = 3
                elif byte == 0xF0:
                    size = 4 if second >= 0x90 else 0
                elif 0xF1 <= byte < 0xF4:
                    size = 4
                elif byte == 0xF4:
                    size = 4 if second < 0x90 else 0
                if size == 0:
                    return np.int64(-1)
                for i in range(1, size):
                    if data[at + i] & 0xC0 != 0x80:
                        return np.int64(-1)
                at += size
                byte = np.int64(data[at])


@Inlined
def _scalar_end(data: Any, at: Any) -> Any:
    """Return where a number, `true`, `false` or `null` ends; negative where it is none of them."""
    byte = data[at]
    if byte == 110:
        return at + 4 if data[at + 1] == 117 and data[at + 2] == 108 and data[at + 3] == 108 else -1
    if byte == 116:
        return at + 4 if data[at + 1] == 114 and data[at + 2] == 117 and data[at + 3] == 101 else -1
    if byte == 102:
        right = (
            data[at + 1] == 97
            and data[at + 2] == 108
            and data[at + 3] == 115
            and data[at + 4] == 101
        )
        return at + 5 if right else -1
    first = at
    if byte == 45:
        at += 1
    if data[at] == 48:
        at += 1
    elif 49 <= data[at] <= 57:
        while 48 <= data[at] <= 57:
            at += 1
    else:
        return np.int64(-1)
    if data[at] == 46:
        at += 1
        if not 48 <= data[at] <= 57:
            return np.int64(-1)
        while 48 <= data[at] <= 57:
            at += 1
    if data[at] == 101 or data[at] == 69:
        at += 1
        if data[at] == 43 or data[at] == 45:
            at += 1
        if not 48 <= data[at] <= 57:
            return np.int64(-1)
        while 48 <= data[at] <= 57:
            at += 1
    # Python refuses whole numbers of thousands of digits
    return at if at - first <= _LONGEST_NUMBER else np.int64(-1)


@Inlined
def _key_end(data: Any, at: Any) -> Any:
    """Return where the value begins of a key that must be at a place; negative if there is none."""
    if data[at] != 34:
        return np.int64(-1)
    end = _string_end(data, at + 1)
    if end == -1:
        return np.int64(-1)
    if end < 0:
        end = -2 - end
    at = _past_spaces(data, end + 1)
    return _past_spaces(data, at + 1) if data[at] == 58 else np.int64(-1)


@Inlined
def _value_end(data: Any, at: Any) -> Any:
    """Return where the JSON value that begins at a place ends; negative where there is none."""
    objects = np.uint64(0)  # a bit a level: whether it is an object
    depth = 0
    while True:
        byte = data[at]
        opened = False
        if byte == 34:
            at = _string_end(data, at + 1)
            if at == -1:
                return np.int64(-1)
            if at < 0:
                at = -2 - at
            at += 1
        elif byte == 123 or byte == 91:
            closing = 125 if byte == 123 else 93
            at = _past_spaces(data, at + 1)
            if data[at] == closing:
                at += 1
            else:
                if depth == _DEEPEST:
                    return np.int64(-1)
                depth += 1
                objects <<= np.uint64(1)
                if byte == 123:
                    objects |= np.uint64(1)
                    at = _key_end(data, at)
                    if at < 0:
                        return np.int64(-1)
                opened = True
        else:
            at = _scalar_end(data, at)
            if at < 0:
                return np.int64(-1)
        while not opened:
            if depth == 0:
                return at
            at = _past_spaces(data, at)
            inside = objects & np.uint64(1) != np.uint64(0)
            if data[at] == 44:
                at = _past_spaces(data, at + 1)
                if inside:
                    at = _key_end(data, at)
                    if at < 0:
                        return np.int64(-1)
                opened = True
            elif data[at] == (125 if inside else 93):
                at += 1
                depth -= 1
                objects >>= np.uint64(1)
            else:
                return np.int64(-1)


@Inlined
def _scan(
    data: Any, at: Any, names: Any, bounds: Any, fields: Any, ranks: Any, spans: Any, best: Any
) -> Any:
    """Scan one record that begins at a place; return where it ends, negative if it is not plain."""
    seen = np.uint64(0)
    if data[at] != 123:
        return np.int64(-1)
    at = _past_spaces(data, at + 1)
    while True:
        if data[at] != 34:
            return np.int64(-1)
        key = at + 1
        end = _string_end(data, key)
        if end < 0:  # an escape may hide a known name
            return np.int64(-1)
        at = _past_spaces(data, end + 1)
        if data[at] != 58:
            return np.int64(-1)
        at = _past_spaces(data, at + 1)
        length = end - key
        found = -1
        for i in range(len(fields)):
            if bounds[i + 1] - bounds[i] == length:
                same = True
                for j in range(length):
                    if names[bounds[i] + j] != data[key + j]:
                        same = False
                        break
                if same:
                    found = i
                    break
        if found >= 0:
            bit = np.uint64(1) << np.uint64(found)
            if fields[found] == _REFUSED or seen & bit != np.uint64(0):
                return np.int64(-1)
            seen |= bit
            if data[at] == 34:
                start = at + 1
                end = _string_end(data, start)
                if end == -1:
                    return np.int64(-1)
                escaped = end < 0
                if escaped:
                    end = -2 - end
                at = end + 1
                field = np.int64(fields[found])
                if ranks[found] < best[field]:
                    best[field] = ranks[found]
                    spans[2 * field] = start
                    spans[2 * field + 1] = -end if escaped else end
            elif data[at] == 110:
                at = _scalar_end(data, at)
                if at < 0:
                    return np.int64(-1)
            elif fields[found] == _AUTHORS:
                start = at
                at = _value_end(data, at)
                if at < 0:
                    return np.int64(-1)
                end = at
                if data[start] == 91:  # what is between the brackets, if anything is
                    start = _past_spaces(data, start + 1)
                    end -= 1
                if start != end and ranks[found] < best[_AUTHORS]:
                    best[_AUTHORS] = ranks[found]
                    spans[2 * _AUTHORS] = start
                    spans[2 * _AUTHORS + 1] = end
            else:
                return np.int64(-1)
        else:
            at = _value_end(data, at)
            if at < 0:
                return np.int64(-1)
        at = _past_spaces(data, at)
        if data[at] == 44:
            at = _past_spaces(data, at + 1)
        elif data[at] == 125:
            return at + 1
        else:
            return np.int64(-1)


@machine_code("u1[:], i8")
def line_kernel(data: Any, size: int) -> int:
    """Count the line feeds of `data[:size]`."""
    lines = 0
    for low in range(np.uint64(0), np.uint64(size), np.uint64(128)):  # which a byte can count
        few = np.uint8(0)
        for at in range(low, min(low + np.uint64(128), np.uint64(size))):
            few = np.uint8(few + np.uint8(data[at] == np.uint8(10)))
        lines += np.int64(few)
    return lines


@machine_code("u1[:], i8, u1[:], i8[:], u1[:], u1[:], u1[:], u1[:], i8[:], i4[::]")
def scan_kernel(
    data: Any,
    size: int,
    names: Any,
    bounds: Any,
    fields: Any,
    ranks: Any,
    best: Any,
    kinds: Any,
    lines: Any,
    spans: Any,
) -> int:
    """Scan the lines `data[:size]`, the last of which ends in a line feed; return their number.

    `lines` gets the bounds of the lines, `kinds` whether each is blank, plain or odd. For a plain
    one `spans` gets, for each of `FIELDS`, where its string begins and ends, zeros where there is
    none; the end is negative where the string has escapes. Of authors it may be another value, or
    what is in a list. Last comes which of the names of a date of publication was used.
    """
    line = 0
    at = np.int64(0)
    while at < size:
        end = _line_end(data, at)
        lines[line] = at
        first = at
        while first < end and (data[first] == 32 or 9 <= data[first] <= 13):
            first += 1
        for i in range(spans.shape[1]):
            spans[line, i] = 0
        if first == end:
            kinds[line] = BLANK
        else:
            for i in range(len(best)):
                best[i] = 255
            first = _past_spaces(data, at)
            stop = _scan(data, first, names, bounds, fields, ranks, spans[line], best)
            plain = stop >= 0 and _past_spaces(data, stop) == end
            spans[line, 2 * (TEXT + 1)] = best[_PUBLISHED]
            text = np.int64(spans[line, 2 * TEXT + 1])
            if text < 0:
                text = -text
            kinds[line] = PLAIN if plain and text > spans[line, 2 * TEXT] else ODD
        line += 1
        at = end + 1
    lines[line] = at
    return line
