"""The kernel that tells candidates from shared keys; `provenance.index.candidates` has the rule."""

from typing import Any

import numpy as np

from provenance.index.kernels import sort_values
from provenance.machine_code import Inlined, machine_code

_PAGE, _TEXT, _BAND, _PASSAGE, _RARE, _FEW = 1, 2, 4, 8, 16, 32
_FLAG_BITS = np.uint64(8)
_FLAGS = np.uint64(255)


@Inlined
def _mark_most(counts: Any, least: Any, marks: Any, size: Any, most: Any) -> Any:
    """Mark those with the highest counts from `least` on, at most so many, of equals the first."""
    taken = 0
    limit = np.int64(1) << 60
    while taken < most:
        top = np.int64(0)
        for i in range(size):
            if top < counts[i] < limit:
                top = counts[i]
        if top < least:
            break
        for i in range(size):
            if counts[i] == top and taken < most:
                marks[i] = 1
                taken += 1
        limit = top


@machine_code(
    "i8[:], u1[:], i4[:], i8[:], i8[:], i8, i8, i8, i8, i8, i8, u8[:], i8[::], i8[:], i8[:], "
    "i8[:], i8[:], i8[:], i8[:]"
)
def choose_kernel(
    bounds: Any,
    kinds: Any,
    places: Any,
    rows: Any,
    held_by: Any,
    holders: int,
    few_holders: int,
    versions: int,
    by_bands: int,
    by_rare: int,
    by_all: int,
    scratch: Any,
    tallies: Any,
    numbers: Any,
    by_one: Any,
    ends: Any,
    same_text: Any,
    pages: Any,
    page_ends: Any,
) -> int:
    """Write the candidates of each document, and `same_text`, which is -1 where there is none.

    Those of document `i` end at `ends[i]`, the documents of its page at `page_ends[i]`. `by_one`
    has the place of the one passage key that names a candidate, else -1. `scratch` and the six
    rows of `tallies` have room for all hits.
    """
    number, bands, rare, every = tallies[0], tallies[1], tallies[2], tallies[3]
    flags, marks = tallies[4], tallies[5]
    at = 0
    written = 0
    pages_written = 0
    for document in range(len(bounds) - 1):
        begin = at
        while at < len(rows) and rows[at] < bounds[document + 1]:
            row = rows[at]
            held = at
            while held < len(rows) and rows[held] == row:
                held += 1
            kind = kinds[row]
            flag = _PAGE
            if kind == 3:
                flag = _TEXT
            elif kind == 4:
                flag = _BAND
            elif kind == 5:
                flag = _PASSAGE
                if held - at < holders:
                    flag |= _RARE
                if held - at <= few_holders:
                    flag |= _FEW
            while at < held:
                scratch[at] = np.uint64(held_by[at]) << _FLAG_BITS | np.uint64(flag)
                at += 1
        sort_values(scratch, begin, at)
        size = 0
        for i in range(begin, at):
            own = np.int64(scratch[i] >> _FLAG_BITS)
            flag = np.int64(scratch[i] & _FLAGS)
            if i == begin or number[size - 1] != own:
                number[size] = own
                bands[size] = 0
                rare[size] = 0
                every[size] = 0
                flags[size] = 0
                marks[size] = 0
                size += 1
            last = size - 1
            flags[last] |= flag
            bands[last] += flag == _BAND
            every[last] += (flag & _PASSAGE) > 0
            rare[last] += (flag & _RARE) > 0
        same_text[document] = -1
        page_begin = pages_written
        for i in range(size):
            if flags[i] & _TEXT and same_text[document] < 0:
                same_text[document] = number[i]
                marks[i] = 1
            if flags[i] & _PAGE:
                pages[pages_written] = i
                pages_written += 1
            if rare[i] < 2 and not flags[i] & _FEW:
                rare[i] = 0
        for i in range(max(page_begin, pages_written - versions), pages_written):
            marks[pages[i]] = 1
        for i in range(page_begin, pages_written):
            pages[i] = number[pages[i]]
        _mark_most(bands, 1, marks, size, by_bands)
        _mark_most(rare, 1, marks, size, by_rare)
        _mark_most(every, 2, marks, size, by_all)
        for i in range(size):
            if marks[i]:
                numbers[written] = number[i]
                by_one[written] = -1
                if every[i] == 1 and bands[i] == 0 and flags[i] & (_PAGE | _TEXT) == 0:
                    for hit in range(begin, at):
                        if held_by[hit] == number[i]:
                            by_one[written] = places[rows[hit]]
                written += 1
        ends[document] = written
        page_ends[document] = pages_written
    return written
