"""Kernels that take the texts of JSON Lines, escapes undone."""

from typing import Any

import numpy as np

from provenance.eight_bytes import bytes_before, word, zeros
from provenance.machine_code import machine_code
from provenance.readers.json_scanning import ESCAPES, hexadecimal
from provenance.readers.plain_values import copy
from provenance.readers.scanner import TEXT


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
        place = first
        while leading > 0 and place < last:
            if texts[place] & np.uint8(0xFE) == np.uint8(0xC2):
                second = np.uint64(texts[place + np.uint64(1)])
                leading -= 1
                if marked[(np.uint64(texts[place] & np.uint8(1)) << np.uint64(8)) | second] != 0:
                    rows[found] = text
                    found += 1
                    break
            place += np.uint64(1)
    return found


@machine_code("u1[:], u1[:], i4[::], u1, u1[:], i8[:]")
def unescape_kernel(data: Any, kinds: Any, spans: Any, kind: int, texts: Any, bounds: Any) -> int:
    """Write the texts of all lines of a kind, escapes undone, each with a zero byte behind it.

    `bounds` gets where each begins, and where the last ends. Returns how many there are.
    """
    written = np.int64(0)
    count = 0
    for line in range(len(kinds)):
        if kinds[line] != kind:
            continue
        bounds[count] = written
        count += 1
        at = np.int64(spans[line, 2 * TEXT])
        end = np.int64(spans[line, 2 * TEXT + 1])
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
            copy(data, at, texts, written, stop - at)
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
