"""Kernels that take the fields of plain JSON Lines as they stand.

A line is plain here where its fields need nothing of :mod:`provenance.readers.records`: values
that are used as they are, dates of the usual form, a source or an address to read one off. The
fields of any other line are left to that module, and its text alone is taken.
"""

from typing import Any

import numpy as np

from provenance.machine_code import machine_code
from provenance.readers.plain_values import (
    UNDATED,
    WRONG,
    authors_plain,
    canonical,
    copy,
    copy_authors,
    host_end,
    latest_second,
    stripped,
)
from provenance.readers.scanner import BLANK, PLAIN, TEXT_ONLY

_ID, _SOURCE, _URL, _TITLE, _PUBLISHED, _FETCHED, _LANGUAGE, _CANONICAL, _AUTHORS = range(9)
_TEXT = 9
_PUBLISHED_FROM, _PATH = 9, 10  # among what is written, which the text is not


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
        end = host_end(data, at, url_end)
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
                if not canonical(data, start, end):
                    plain = False
            if field == _AUTHORS:
                if plain and end != 0:
                    plain = authors_plain(data, start, end)
                continue
            if end != 0 and not (
                stripped(data, start, end) if field != _ID else end > start and data[start] != 126
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
            latest[count] = latest_second(
                data, spans[line, 2 * _PUBLISHED], spans[line, 2 * _PUBLISHED + 1]
            )
            plain = latest[count] != WRONG
        if plain and spans[line, 2 * _FETCHED + 1] != 0:
            plain = (
                latest_second(data, spans[line, 2 * _FETCHED], spans[line, 2 * _FETCHED + 1])
                != WRONG
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
            copy(data, start, arena, written, size)
            written += size
            lengths[count, field] = size
        before = written
        written = copy_authors(
            data, spans[line, 2 * _AUTHORS], spans[line, 2 * _AUTHORS + 1], arena, written
        )
        lengths[count, _AUTHORS] = written - before
        lengths[count, _PUBLISHED_FROM] = -1
        if spans[line, 2 * _PUBLISHED + 1] != 0:
            rank = spans[line, 2 * (_TEXT + 1)]
            size = origin_bounds[rank + 1] - origin_bounds[rank]
            copy(origins, origin_bounds[rank], arena, written, size)
            written += size
            lengths[count, _PUBLISHED_FROM] = size
        copy(path, 0, arena, written, len(path))
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
