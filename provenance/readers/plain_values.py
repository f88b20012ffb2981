"""What the values of plain JSON Lines mean, for the kernels that take them as they stand."""

from typing import Any, Final

import numpy as np

from provenance.machine_code import Inlined

UNDATED: Final = 1 << 62
WRONG = -1 << 62
_DAY = 86_400
_LATEST_ZONE = 12 * 3600


@Inlined
def copy(source: Any, start: Any, target: Any, at: Any, size: Any) -> None:
    """Copy so many bytes."""
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
def canonical(data: Any, at: Any, end: Any) -> Any:
    """Tell whether all escapes of a string are those of quotes and backslashes."""
    while at < end:
        if data[at] == 92:
            if data[at + 1] != 34 and data[at + 1] != 92:
                return False
            at += 1
        at += 1
    return True


@Inlined
def stripped(data: Any, at: Any, end: Any) -> Any:
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
def latest_second(data: Any, at: Any, end: Any) -> Any:
    """Return the last second (Unix time) that a date of two forms can mean; `WRONG` for others.

    The forms are YYYY-MM-DD and YYYY-MM-DDThh:mm:ssZ, with years from 1600 on.
    """
    wrong = np.int64(WRONG)
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
def host_end(data: Any, at: Any, end: Any) -> Any:
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
        if not stripped(data, start, at):
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
def authors_plain(data: Any, at: Any, end: Any) -> Any:
    """Tell whether the authors are one name or a list of names."""
    if data[at - 1] == 34:
        for i in range(at, end):
            if data[i] == 59:
                return False
        return stripped(data, at, end)
    return data[at] == 34 and _names_end(data, at, end) == end


@Inlined
def copy_authors(data: Any, at: Any, end: Any, arena: Any, written: Any) -> Any:
    """Write the authors as a list in JSON; return where it ends."""
    arena[written] = 91
    written += 1
    if end != 0 and data[at - 1] == 34:
        copy(data, at - 1, arena, written, end - at + 2)
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
