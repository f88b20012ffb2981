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
def _flag(
    text: Any,
    tokens: Any,
    entries: Any,
    shingles: Any,
    places: Any,
    often: Any,
    lowest: Any,
    before: Any,
    after: Any,
    near: Any,
) -> None:
    """Flag the tokens of a text that are up to so many before and after a shingle's place.

    The shingle must be `often` enough for the text.
    """
    for at in range(tokens):
        near[at] = 0
    for entry in range(entries[text], entries[text + 1]):
        if often[shingles[entry]] >= lowest[text]:
            place = np.int64(places[entry])
            for at in range(max(place - before, 0), min(place + after + 1, tokens)):
                near[at] = 1


@machine_code(
    "i8[:], u8[:], i4[:], i8[:], i4[:], i4[:], u1[:], u1[:], i8, i8, i8, i4[:], i4[:], u1[:],"
    "u8[:], u8[:]"
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
    order: Any,
    cliques: Any,
    near: Any,
    hashes: Any,
    cells: Any,
) -> int:
    """Count, in the cell of each wording near a frequent shingle, the cliques that carry it.

    Text `i` has the tokens `ids[bounds[i]:bounds[i + 1]]` and the shingles `shingles[entries[i]:
    entries[i + 1]]` at its `places`; those count of which `often` is no less than the text's
    `lowest`. A wording of `size` tokens begins up to `before` tokens before
    such a place or `after` behind it; its cell is told by its lowest bits. Texts are taken in an
    `order` in which those of a clique stand together. `near` and `hashes` have room for the
    longest text. Returns how many wordings there are.
    """
    mask = np.uint64(len(cells) - 1)
    most = np.uint64(MOST)
    found = 0
    for i in range(len(order)):
        text = order[i]
        begin = bounds[text]
        tokens = bounds[text + 1] - begin
        _flag(text, tokens, entries, shingles, places, often, lowest, before, after, near)
        clique = (np.uint64(cliques[text]) + np.uint64(1)) << np.uint64(8)
        for at in range(tokens):
            hashes[at] = vocabulary[ids[begin + at]]
        for at in range(tokens - size + 1):
            if near[at]:
                cell = shingle_of(hashes, np.uint64(at), size) & mask
                held = cells[cell]
                if held >> np.uint64(8) << np.uint64(8) != clique:
                    count = held & most
                    cells[cell] = clique | (count + np.uint64(count < most))
                found += 1
    return found


@machine_code(
    "i8[:], u8[:], i4[:], i8[:], i4[:], i4[:], u1[:], u1[:], i8, i8, i8, i8, i8, u1[:], u8[:],"
    "u8[:], i8[:], u8[:], i8[:]"
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
    least: int,
    first: int,
    near: Any,
    hashes: Any,
    cells: Any,
    found: Any,
    values: Any,
    written: Any,
) -> int:
    """Write the wordings whose cells count `least` cliques, until there may be no more room.

    As `tally_kernel`, from the text `first` on; the room must do for the longest text. `found` gets
    the places in `ids`, `values` the shingles, `written[0]` how many they are. Returns the text to
    go on with.
    """
    mask = np.uint64(len(cells) - 1)
    count = 0
    text = first
    while text < len(bounds) - 1 and bounds[text + 1] - bounds[text] <= len(found) - count:
        begin = bounds[text]
        tokens = bounds[text + 1] - begin
        _flag(text, tokens, entries, shingles, places, often, lowest, before, after, near)
        for at in range(tokens):
            hashes[at] = vocabulary[ids[begin + at]]
        for at in range(tokens - size + 1):
            if near[at]:
                value = shingle_of(hashes, np.uint64(at), size)
                if np.int64(cells[value & mask] & np.uint64(MOST)) >= least:
                    found[count] = begin + at
                    values[count] = value
                    count += 1
        text += 1
    written[0] = count
    return text
