"""The strict scanner of JSON Lines: where the values of plain records lie, without parsing them.

A record is plain where the scanner can tell that the real parser would read it, and which of its
fields would be used: an object in valid UTF-8 whose known fields are strings or null, each used
field named once. Everything else is left to the real parser, which alone knows what is wrong.
"""

from typing import Any, Final

import numpy as np

from provenance.machine_code import Inlined, machine_code
from provenance.readers.json_scanning import (
    line_end,
    past_spaces,
    scalar_end,
    string_end,
    value_end,
)
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
def _scan(
    data: Any, at: Any, names: Any, bounds: Any, fields: Any, ranks: Any, spans: Any, best: Any
) -> Any:
    """Scan one record that begins at a place; return where it ends, negative if it is not plain."""
    seen = np.uint64(0)
    if data[at] != 123:
        return np.int64(-1)
    at = past_spaces(data, at + 1)
    while True:
        if data[at] != 34:
            return np.int64(-1)
        key = at + 1
        end = string_end(data, key)
        if end < 0:  # an escape may hide a known name
            return np.int64(-1)
        at = past_spaces(data, end + 1)
        if data[at] != 58:
            return np.int64(-1)
        at = past_spaces(data, at + 1)
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
                end = string_end(data, start)
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
                at = scalar_end(data, at)
                if at < 0:
                    return np.int64(-1)
            elif fields[found] == _AUTHORS:
                start = at
                at = value_end(data, at)
                if at < 0:
                    return np.int64(-1)
                end = at
                if data[start] == 91:  # what is between the brackets, if anything is
                    start = past_spaces(data, start + 1)
                    end -= 1
                if start != end and ranks[found] < best[_AUTHORS]:
                    best[_AUTHORS] = ranks[found]
                    spans[2 * _AUTHORS] = start
                    spans[2 * _AUTHORS + 1] = end
            else:
                return np.int64(-1)
        else:
            at = value_end(data, at)
            if at < 0:
                return np.int64(-1)
        at = past_spaces(data, at)
        if data[at] == 44:
            at = past_spaces(data, at + 1)
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
        end = line_end(data, at)
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
            first = past_spaces(data, at)
            stop = _scan(data, first, names, bounds, fields, ranks, spans[line], best)
            plain = stop >= 0 and past_spaces(data, stop) == end
            spans[line, 2 * (TEXT + 1)] = best[_PUBLISHED]
            text = np.int64(spans[line, 2 * TEXT + 1])
            if text < 0:
                text = -text
            kinds[line] = PLAIN if plain and text > spans[line, 2 * TEXT] else ODD
        line += 1
        at = end + 1
    lines[line] = at
    return line
