"""Kernels that take the fields of plain JSON Lines as they stand, and their texts unescaped.

A line is plain here where its fields need nothing of :mod:`provenance.readers.records`: values
that are used as they are, dates of the usual form, a source or an address to read one off. The
fields of any other line are left to that module, and its text alone is taken.
"""

from typing import Any, Final

import numpy as np

from provenance.eight_bytes import bytes_before, word, zeros
from provenance.machine_code import Inlined, machine_code
from provenance.readers.scanner import BLANK, ESCAPES, PLAIN, TEXT_ONLY, hexadecimal

_ID, _SOURCE, _URL, _TITLE, _PUBLISHED, _FETCHED, _LANGUAGE, _CANONICAL, _AUTHORS = range(9)
_TEXT = 9
_PUBLISHED_FROM, _PATH = 9, 10  # among what is written, which the text is not
UNDATED: Final = 1 << 62
_WRONG = -1 << 62
_DAY = 86_400
_LATEST_ZONE = 12 * 3600


@Inlined
def _copy(source: Any, start: Any, target: Any, at: Any, size: Any) -> None:
    # unsigned, so that no place counts from the end and LLVM copies many bytes at a time
    first = np.uint64(start)
    to = np.uint64(at)
    for i in range(np.uint64(size)):
        target[to + i] = source[first + i]


@Inlined
def _space_at(data: Any, at: Any) -> Any:
    """Tell whether the character at a place is white space to `str.strip`."""
    byte = data[at]
    if byte < 0x80:
        return byte == 32
    second = data[at + 1]
    third = data[at + 2]
    if byte == 0xC2:
        return second == 0x85 or second == 0xA0
    if byte == 0xE2:
        if second == 0x81:
            return third == 0x9F
        return second == 0x80 and (third <= 0x8A or third == 0xA8 or third == 0xA9 or third == 0xAF)
    return (byte == 0xE1 and second == 0x9A and third == 0x80) or (
        byte == 0xE3 and second == 0x80 and third == 0x80
    )


@Inlined
def _canonical(data: Any, at: Any, end: Any) -> Any:
    """Tell whether all escapes of a string are those of quotes and backslashes."""
    while at < end:
        if data[at] == 92:
            if data[at + 1] != 34 and data[at + 1] != 92:
                return False
            at += 1
        at += 1
    return True


@Inlined
def _stripped(data: Any, at: Any, end: Any) -> Any:
    """Tell whether a string is not empty and has no white space around it."""
    if end <= at or _space_at(data, at):
        return False
    last = end - 1
    while last > at and data[last] & 0xC0 == 0x80:
        last -= 1
    return not _space_at(data, last)


@Inlined
def _digits(data: Any, at: Any, count: Any) -> Any:
    """Read a number of digits; -1 where one is none."""
    value = np.int64(0)
    for i in range(count):
        digit = np.int64(data[at + i]) - 48
        if digit < 0 or digit > 9:
            return np.int64(-1)
        value = value * 10 + digit
    return value


@Inlined
def _latest(data: Any, at: Any, end: Any) -> Any:
    """Return the last second (Unix time) that a date of two forms can mean; `_WRONG` for others.

    The forms are YYYY-MM-DD and YYYY-MM-DDThh:mm:ssZ, with years from 1600 on.
    """
    wrong = np.int64(_WRONG)
    length = end - at
    if (length != 10 and length != 20) or data[at + 4] != 45 or data[at + 7] != 45:
        return wrong
    year = _digits(data, at, 4)
    month = _digits(data, at + 5, 2)
    day = _digits(data, at + 8, 2)
    if year < 1600 or month < 1 or month > 12 or day < 1:
        return wrong
    longest = 31
    if month == 4 or month == 6 or month == 9 or month == 11:
        longest = 30
    elif month == 2:
        longest = 29 if (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 else 28
    if day > longest:
        return wrong
    # days since 1970, counted from March so that the leap day is the last of a year
    shifted = year - (1 if month <= 2 else 0)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + of_year - 719_468
    if length == 10:
        return (days + 1) * _DAY - 1 + _LATEST_ZONE
    if data[at + 10] != 84 or data[at + 13] != 58 or data[at + 16] != 58 or data[at + 19] != 90:
        return wrong
    hour = _digits(data, at + 11, 2)
    minute = _digits(data, at + 14, 2)
    second = _digits(data, at + 17, 2)
    if hour < 0 or hour > 23 or minute < 0 or minute > 59 or second < 0 or second > 59:
        return wrong
    return days * _DAY + hour * 3600 + minute * 60 + second


@Inlined
def _host_end(data: Any, at: Any, end: Any) -> Any:
    """Return where the host of an address ends that begins at a place; -1 if it is not plain."""
    while at < end:
        byte = data[at]
        if byte == 47 or byte == 63 or byte == 35:
            break
        if not (97 <= byte <= 122 or 48 <= byte <= 57 or byte == 45 or byte == 46):
            return np.int64(-1)
        at += 1
    return at if data[at - 1] != 46 and data[at - 1] != 47 else np.int64(-1)


@Inlined
def _names_end(data: Any, at: Any, end: Any) -> Any:
    """Return where a list of plain names ends that stands at a place; -1 if it is none."""
    while True:
        if data[at] != 34:
            return np.int64(-1)
        start = at + 1
        at = start
        while data[at] != 34:
            if data[at] == 92:
                return np.int64(-1)
            at += 1
        if not _stripped(data, start, at):
            return np.int64(-1)
        at += 1
        while data[at] == 32 or data[at] == 9 or data[at] == 13:
            at += 1
        if at == end:
            return at
        at += 1  # a comma, for the list is valid
        while data[at] == 32 or data[at] == 9 or data[at] == 13:
            at += 1


@Inlined
def _authors_plain(data: Any, at: Any, end: Any) -> Any:
    """Tell whether the authors are one name or a list of names."""
    if data[at - 1] == 34:
        for i in range(at, end):
            if data[i] == 59:
                return False
        return _stripped(data, at, end)
    return data[at] == 34 and _names_end(data, at, end) == end


@Inlined
def _copy_authors(data: Any, at: Any, end: Any, arena: Any, written: Any) -> Any:
    """Write the authors as a list in JSON; return where it ends."""
    arena[written] = 91
    written += 1
    if end != 0 and data[at - 1] == 34:
        _copy(data, at - 1, arena, written, end - at + 2)
        written += end - at + 2
    elif end != 0:
        inside = False  # a name
        while at < end:
            byte = data[at]
            if byte == 34:
                inside = not inside
            if inside or byte == 34 or byte == 44:
                arena[written] = byte
                written += 1
                if byte == 44 and not inside:
                    arena[written] = 32
                    written += 1
            at += 1
    arena[written] = 93
    return written + 1


@machine_code("u1[:], u1[:], i4[::], i4[::]")
def hosts_kernel(data: Any, kinds: Any, spans: Any, hosts: Any) -> int:
    """Find the host that stands in for the source of each plain line without one.

    A row of `hosts` gets where it begins, after 'www.', where it ends, and how many dots are in
    it; zeros where there is no address or none is needed, and an end of -1 where it takes the
    real parser to read one.
    """
    for line in range(len(kinds)):
        for i in range(3):
            hosts[line, i] = 0
        if kinds[line] != PLAIN or spans[line, 2 * _SOURCE + 1] != 0:
            continue
        field = _URL if spans[line, 2 * _URL + 1] != 0 else _CANONICAL
        url = np.int64(spans[line, 2 * field])
        url_end = np.int64(spans[line, 2 * field + 1])
        if url_end == 0:
            continue
        hosts[line, 1] = -1
        at = url + 4
        if url_end < at or not (
            data[url] == 104
            and data[url + 1] == 116
            and data[url + 2] == 116
            and data[url + 3] == 112
        ):
            continue
        if data[at] == 115:
            at += 1
        if at + 3 >= url_end or data[at] != 58 or data[at + 1] != 47 or data[at + 2] != 47:
            continue
        at += 3
        end = _host_end(data, at, url_end)
        if end - at > 4 and (
            data[at] == 119 and data[at + 1] == 119 and data[at + 2] == 119 and data[at + 3] == 46
        ):
            at += 4
        if end <= at:
            continue
        hosts[line, 0] = at
        hosts[line, 1] = end
        for place in range(at, end):
            hosts[line, 2] += data[place] == 46
    return 0


@machine_code("u1[:], u1[:], i4[::], i4[::], u1[:], u1[:], i8[:], i8, u1[:], i4[::], i8[:]")
def fields_kernel(
    data: Any,
    kinds: Any,
    spans: Any,
    hosts: Any,
    path: Any,
    origins: Any,
    origin_bounds: Any,
    number: int,
    arena: Any,
    lengths: Any,
    latest: Any,
) -> int:
    """Write what plain lines say beside their text, as JSON writes it, one line after the other.

    `lengths` has for each plain line the bytes of `COLUMNS` and of the path, -1 where there is
    none; `latest` the last second of its date. `hosts` has, of each line, where the site of its
    address begins and ends, as `hosts_kernel` does for its host. `origins` holds the names of
    dates of publication. A line whose fields need the real parser becomes `TEXT_ONLY`. Records
    are numbered from `number`. Returns how many bytes were written, at most four times those of
    the data besides names, paths and 32 for each line.
    """
    written = np.int64(0)
    count = 0
    for line in range(len(kinds)):
        if kinds[line] == BLANK:
            continue
        number += 1
        if kinds[line] != PLAIN:
            continue
        plain = True
        for field in range(_TEXT):
            start = np.int64(spans[line, 2 * field])
            end = np.int64(spans[line, 2 * field + 1])
            if end < 0:  # it has escapes; those that JSON has to write may stay
                end = -end
                spans[line, 2 * field + 1] = end
                if not _canonical(data, start, end):
                    plain = False
            if field == _AUTHORS:
                if plain and end != 0:
                    plain = _authors_plain(data, start, end)
                continue
            if end != 0 and not (
                _stripped(data, start, end) if field != _ID else end > start and data[start] != 126
            ):
                plain = False
        blank = True
        for at in range(spans[line, 2 * _ID], spans[line, 2 * _ID + 1]):
            if data[at] != 32:
                blank = data[at] >= 0x80  # which may be a space, too
                break
        own = spans[line, 2 * _ID + 1] != 0
        if own and blank:
            plain = False
        latest[count] = UNDATED
        if plain and spans[line, 2 * _PUBLISHED + 1] != 0:
            latest[count] = _latest(
                data, spans[line, 2 * _PUBLISHED], spans[line, 2 * _PUBLISHED + 1]
            )
            plain = latest[count] != _WRONG
        if plain and spans[line, 2 * _FETCHED + 1] != 0:
            plain = (
                _latest(data, spans[line, 2 * _FETCHED], spans[line, 2 * _FETCHED + 1]) != _WRONG
            )
        if spans[line, 2 * _URL + 1] == 0:
            spans[line, 2 * _URL] = spans[line, 2 * _CANONICAL]
            spans[line, 2 * _URL + 1] = spans[line, 2 * _CANONICAL + 1]
        url = spans[line, 2 * _URL]
        url_end = spans[line, 2 * _URL + 1]
        source = spans[line, 2 * _SOURCE]
        if spans[line, 2 * _SOURCE + 1] != 0:
            # an address in place of a source
            if data[source] | 32 == 104 and data[source + 1] | 32 == 116:
                plain = False
        elif plain and url_end != 0:
            plain = hosts[line, 1] > 0
            spans[line, 2 * _SOURCE] = hosts[line, 0]
            spans[line, 2 * _SOURCE + 1] = hosts[line, 1]
        if not own:
            spans[line, 2 * _ID] = url
            spans[line, 2 * _ID + 1] = url_end
            if url_end == 0 or data[url] == 126:
                plain = False
        if not plain:
            kinds[line] = TEXT_ONLY
            continue
        for field in range(_AUTHORS):
            start = spans[line, 2 * field]
            size = spans[line, 2 * field + 1] - start
            if spans[line, 2 * field + 1] == 0:
                lengths[count, field] = -1
                continue
            _copy(data, start, arena, written, size)
            written += size
            lengths[count, field] = size
        before = written
        written = _copy_authors(
            data, spans[line, 2 * _AUTHORS], spans[line, 2 * _AUTHORS + 1], arena, written
        )
        lengths[count, _AUTHORS] = written - before
        lengths[count, _PUBLISHED_FROM] = -1
        if spans[line, 2 * _PUBLISHED + 1] != 0:
            rank = spans[line, 2 * (_TEXT + 1)]
            size = origin_bounds[rank + 1] - origin_bounds[rank]
            _copy(origins, origin_bounds[rank], arena, written, size)
            written += size
            lengths[count, _PUBLISHED_FROM] = size
        _copy(path, 0, arena, written, len(path))
        before = written
        written += len(path)
        arena[written] = 35
        digits = 1
        power = np.int64(10)
        while power <= number:
            power *= 10
            digits += 1
        for _ in range(digits):
            power //= 10
            written += 1
            arena[written] = 48 + (number // power) % 10
        written += 1
        lengths[count, _PATH] = written - before
        count += 1
    return written


@machine_code("u1[:], i8[:], u1[:], i8[:], i4[:]")
def count_kernel(texts: Any, bounds: Any, marked: Any, characters: Any, rows: Any) -> int:
    """Count the characters of texts in UTF-8, each with a zero byte behind it.

    `rows` gets the texts in which a byte C2 (or C3) and the one behind it are `marked`, at the
    second byte (256 further on for C3). Returns how many there are.
    """
    found = 0
    for text in range(len(bounds) - 1):
        first = np.uint64(bounds[text])
        last = np.uint64(bounds[text + 1] - 1)
        inner = np.int64(0)  # bytes that begin no character
        leading = np.int64(0)
        for low in range(first, last, np.uint64(128)):  # which a byte can count
            few = np.uint8(0)
            marks = np.uint8(0)
            for at in range(low, min(low + np.uint64(128), last)):
                few = np.uint8(few + np.uint8(texts[at] & np.uint8(0xC0) == np.uint8(0x80)))
                marks = np.uint8(marks + np.uint8(texts[at] & np.uint8(0xFE) == np.uint8(0xC2)))
            inner += np.int64(few)
            leading += np.int64(marks)
        characters[text] = np.int64(last - first) - inner
        at = first
        while leading > 0 and at < last:
            if texts[at] & np.uint8(0xFE) == np.uint8(0xC2):
                second = np.uint64(texts[at + np.uint64(1)])
                leading -= 1
                if marked[(np.uint64(texts[at] & np.uint8(1)) << np.uint64(8)) | second] != 0:
                    rows[found] = text
                    found += 1
                    leading = 0
            at += np.uint64(1)
    return found


@machine_code("u1[:], u1[:], i4[::], u1, u1[:], i8[:]")
def unescape_kernel(data: Any, kinds: Any, spans: Any, kind: int, texts: Any, bounds: Any) -> int:
    """Write the texts of all lines of a kind, escapes undone, each with a zero byte behind it.

    `bounds` gets where each begins, and where the last ends. Returns how many there are.
    """
    written = 0
    count = 0
    for line in range(len(kinds)):
        if kinds[line] != kind:
            continue
        bounds[count] = written
        count += 1
        at = np.int64(spans[line, 2 * _TEXT])
        end = np.int64(spans[line, 2 * _TEXT + 1])
        escaped = end < 0
        if escaped:
            end = -end
        while at < end:
            stop = end
            if escaped:
                stop = at
                while stop < end:
                    marks = zeros(word(data, stop) ^ ESCAPES)
                    if marks != np.uint64(0):
                        stop += bytes_before(marks)
                        break
                    stop += 8
                stop = min(stop, end)
            _copy(data, at, texts, written, stop - at)
            written += stop - at
            at = stop
            if at == end:
                break
            byte = data[at + 1]
            if byte != 117:
                if byte == 110:
                    byte = np.uint8(10)
                elif byte == 116:
                    byte = np.uint8(9)
                elif byte == 114:
                    byte = np.uint8(13)
                elif byte == 98:
                    byte = np.uint8(8)
                elif byte == 102:
                    byte = np.uint8(12)
                texts[written] = byte
                written += 1
                at += 2
                continue
            code = hexadecimal(data, at + 2)
            at += 6
            if code >= 0xD800 and code < 0xE000:
                low = hexadecimal(data, at + 2)
                at += 6
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
            if code < 0x80:
                texts[written] = code
                written += 1
            elif code < 0x800:
                texts[written] = 0xC0 | (code >> 6)
                texts[written + 1] = 0x80 | (code & 0x3F)
                written += 2
            elif code < 0x10000:
                texts[written] = 0xE0 | (code >> 12)
                texts[written + 1] = 0x80 | ((code >> 6) & 0x3F)
                texts[written + 2] = 0x80 | (code & 0x3F)
                written += 3
            else:
                texts[written] = 0xF0 | (code >> 18)
                texts[written + 1] = 0x80 | ((code >> 12) & 0x3F)
                texts[written + 2] = 0x80 | ((code >> 6) & 0x3F)
                texts[written + 3] = 0x80 | (code & 0x3F)
                written += 4
        texts[written] = 0
        written += 1
    bounds[count] = written
    return count
