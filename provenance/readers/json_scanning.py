"""The grammar of JSON for kernels: where strings, numbers and whole values end.

What is accepted here the real parser accepts, too; the rest is left to it.
"""

from typing import Any

import numpy as np

from provenance.eight_bytes import HIGH, LOW, bytes_before, word, zeros
from provenance.machine_code import Inlined

_DEEPEST = 60
_LONGEST_NUMBER = 1000
_QUOTES = np.uint64(0x2222222222222222)
ESCAPES = np.uint64(0x5C5C5C5C5C5C5C5C)
_SPACES = np.uint64(0x2020202020202020)
_LINE_FEEDS = np.uint64(0x0A0A0A0A0A0A0A0A)


@Inlined
def line_end(data: Any, at: Any) -> Any:
    """Return where the next line feed is; there must be one."""
    while True:
        marks = zeros(word(data, at) ^ _LINE_FEEDS)
        if marks != np.uint64(0):
            return at + bytes_before(marks)
        at += 8


@Inlined
def past_spaces(data: Any, at: Any) -> Any:
    """Return the first place from one on that is no white space within a line."""
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
def string_end(data: Any, at: Any) -> Any:
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
def scalar_end(data: Any, at: Any) -> Any:
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
def key_end(data: Any, at: Any) -> Any:
    """Return where the value begins of a key that must be at a place; negative if there is none."""
    if data[at] != 34:
        return np.int64(-1)
    end = string_end(data, at + 1)
    if end == -1:
        return np.int64(-1)
    if end < 0:
        end = -2 - end
    at = past_spaces(data, end + 1)
    return past_spaces(data, at + 1) if data[at] == 58 else np.int64(-1)


@Inlined
def value_end(data: Any, at: Any) -> Any:
    """Return where the JSON value that begins at a place ends; negative where there is none."""
    objects = np.uint64(0)  # a bit a level: whether it is an object
    depth = 0
    while True:
        byte = data[at]
        opened = False
        if byte == 34:
            at = string_end(data, at + 1)
            if at == -1:
                return np.int64(-1)
            if at < 0:
                at = -2 - at
            at += 1
        elif byte == 123 or byte == 91:
            closing = 125 if byte == 123 else 93
            at = past_spaces(data, at + 1)
            if data[at] == closing:
                at += 1
            else:
                if depth == _DEEPEST:
                    return np.int64(-1)
                depth += 1
                objects <<= np.uint64(1)
                if byte == 123:
                    objects |= np.uint64(1)
                    at = key_end(data, at)
                    if at < 0:
                        return np.int64(-1)
                opened = True
        else:
            at = scalar_end(data, at)
            if at < 0:
                return np.int64(-1)
        while not opened:
            if depth == 0:
                return at
            at = past_spaces(data, at)
            inside = objects & np.uint64(1) != np.uint64(0)
            if data[at] == 44:
                at = past_spaces(data, at + 1)
                if inside:
                    at = key_end(data, at)
                    if at < 0:
                        return np.int64(-1)
                opened = True
            elif data[at] == (125 if inside else 93):
                at += 1
                depth -= 1
                objects >>= np.uint64(1)
            else:
                return np.int64(-1)
