"""Kernels that leave out wordings which too few unrelated texts can carry.

A clique is a set of texts of which any two are related, so that a wording is carried by no more
unrelated texts than cliques. Counting cliques takes neither an order of the wordings nor kinship.
"""

from typing import Any

import numpy as np

from provenance.fingerprint.sketch import shingle_of
from provenance.machine_code import Inlined, machine_code

MOST = 255  # cliques that a cell counts up to


@machine_code("i8[:], i4[:], i4[:], i4[:], i4[:]")
def clique_kernel(bounds: Any, kin: Any, leader: Any, cliques: Any, following: Any) -> int:
    """Number cliques that every text is in one of; a number is that of a text in it.

    The related texts of text `i`, rising, are `kin[bounds[i]:bounds[i + 1]]`; texts of one leader
    are a clique, and any other text joins the first clique that all of it is related to.
    `following` has room for a number each text. Returns how many cliques there are.
    """
    for text in range(len(leader)):
        cliques[text] = leader[text]
        following[text] = -1
    for text in range(len(leader)):
        if leader[text] != text:
            following[leader[text]] = -2  # others join no clique of a leader
    found = 0
    for text in range(len(leader)):
        if leader[text] != text:
            continue
        found += 1
        at = bounds[text]
        while following[text] == -1 and at < bounds[text + 1] and kin[at] < text:
            first = kin[at]
            at += 1
            if cliques[first] != first or following[first] == -2:
                continue
            member = following[first]
            while member >= 0 and _holds(kin, bounds[text], bounds[text + 1], member):
                member = following[member]
            if member < 0:
                cliques[text] = first
                following[text] = following[first]
                following[first] = text
                found -= 1
                break
    return found


@Inlined
def _holds(values: Any, low: Any, end: Any, wanted: Any) -> bool:
    """Whether rising values have one in a range."""
    high = end
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < end and values[low] == wanted


@Inlined
def _gather(
    text: Any,
    bounds: Any,
    vocabulary: Any,
    ids: Any,
    entries: Any,
    shingles: Any,
    places: Any,
    often: Any,
    lowest: Any,
    before: Any,
    after: Any,
    size: Any,
    near: Any,
    starts: Any,
    values: Any,
) -> Any:
    """Write where in a text the wordings near frequent shingles begin, and their own shingles.

    Returns how many there are.
    """
    tokens = bounds[text + 1] - bounds[text]
    low, high = tokens, np.int64(0)
    for entry in range(entries[text], entries[text + 1]):
        if often[shingles[entry]] >= lowest[text]:
            place = np.int64(places[entry])
            first, last = max(place - before, 0), min(place + after + 1, tokens)
            low, high = min(low, first), max(high, last)
            for at in range(first, last):
                near[at] = 1
    for at in range(low, min(high + size - 1, tokens)):
        values[at] = vocabulary[ids[bounds[text] + at]]
    count = 0
    for at in range(low, high):
        flagged = near[at] and at + size <= tokens
        near[at] = 0
        if flagged:
            starts[count] = at
            values[count] = shingle_of(values, np.uint64(at), size)  # count is no more than at
            count += 1
    return count


@machine_code(
    "i8[:], u8[:], i4[:], i8[:], i4[:], i4[:], u1[:], u1[:], i8, i8, i8, u1[:], i4[:], u8[:],"
    "i4[:], i4[:], u8[:]"
)
def tally_kernel(
    bounds: Any,
    vocabulary: Any,
    ids: Any,
    entries: Any,
    shingles: Any,
    places: Any,
    often: Any,
    lowest: Any,
    before: int,
    after: int,
    size: int,
    near: Any,
    starts: Any,
    values: Any,
    order: Any,
    cliques: Any,
    cells: Any,
) -> int:
    """Count, in the cell of each wording near a frequent shingle, the cliques that carry it.

    Text `i` has the tokens `ids[bounds[i]:bounds[i + 1]]` and the shingles `shingles[entries[i]:
    entries[i + 1]]` at its `places`; those count of which `often` is no less than the text's
    `lowest`. A wording of `size` tokens begins up to `before` tokens before such a place or `after`
    behind it; the lowest bits of its shingle tell its cell. Texts are taken in an `order` in which
    those of a clique stand together. `near`, which is zero, `starts` and `values` have room for the
    longest text. Returns how many wordings there are.
    """
    mask = np.uint64(len(cells) - 1)
    most = np.uint64(MOST)
    found = 0
    for text in order:
        count = _gather(
            *(text, bounds, vocabulary, ids, entries, shingles, places, often, lowest),
            *(before, after, size, near, starts, values),
        )
        clique = (np.uint64(cliques[text]) + np.uint64(1)) << np.uint64(8)
        for i in range(count):
            held = cells[values[i] & mask]
            if held >> np.uint64(8) << np.uint64(8) != clique:
                carriers = held & most
                cells[values[i] & mask] = clique | (carriers + np.uint64(carriers < most))
        found += count
    return found


@machine_code(
    "i8[:], u8[:], i4[:], i8[:], i4[:], i4[:], u1[:], u1[:], i8, i8, i8, u1[:], i4[:], u8[:],"
    "i8, i8, u8[:], i8[:], u8[:], i8[:]"
)
def sift_kernel(
    bounds: Any,
    vocabulary: Any,
    ids: Any,
    entries: Any,
    shingles: Any,
    places: Any,
    often: Any,
    lowest: Any,
    before: int,
    after: int,
    size: int,
    near: Any,
    starts: Any,
    values: Any,
    least: int,
    first: int,
    cells: Any,
    found: Any,
    shingle: Any,
    written: Any,
) -> int:
    """Write the wordings whose cells count `least` cliques, until there may be no more room.

    As `tally_kernel`, from the text `first` on; the room must do for the longest text. `found` gets
    the places in `ids`, `shingle` what begins there, `written[0]` how many they are. Returns the
    text to go on with.
    """
    mask = np.uint64(len(cells) - 1)
    kept = 0
    text = first
    while text < len(bounds) - 1 and bounds[text + 1] - bounds[text] <= len(found) - kept:
        count = _gather(
            *(text, bounds, vocabulary, ids, entries, shingles, places, often, lowest),
            *(before, after, size, near, starts, values),
        )
        for i in range(count):
            # written over if too few carry it: cheaper than a branch
            found[kept] = bounds[text] + starts[i]
            shingle[kept] = values[i]
            kept += np.int64(np.int64(cells[values[i] & mask] & np.uint64(MOST)) >= least)
        text += 1
    written[0] = kept
    return text
