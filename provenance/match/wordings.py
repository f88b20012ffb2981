"""Wordings of a corpus, and how many mutually unrelated texts carry each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.fingerprint.shingles import shingles_at
from provenance.match.kinship import Kinship, count_unrelated, count_unrelated_of_source
from provenance.match.ordering import stable_order, value_ranges
from provenance.match.postings import WINDOW, Postings
from provenance.storage import Column
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG, SHORT = 8, 5  # tokens of a shingle that marks alone, and of one that marks whole lines
_WORDINGS_AT_A_TIME = 1 << 20
_MOST_CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class Carriers:
    """What is known of the texts that carry wordings.

    `sources` numbers the source of each text, -1 where it is unknown. Unrelated texts are counted
    up to `overall`, and those of one source up to `of_source`.
    """

    table: TokenTable
    sources: "NDArray[np.int32]"
    kinship: Kinship
    overall: int
    of_source: int
    compile_kernels: bool

    def often(self, wordings: "Wordings") -> "NDArray[np.bool_]":
        """Tell which of some wordings so many unrelated texts carry, overall or of one source."""
        return (wordings.overall >= self.overall) | (wordings.of_source >= self.of_source)


@dataclass(frozen=True, slots=True)
class Wordings:
    """Places in the flat token arrays, with the unrelated texts that carry what begins there.

    `overall` counts them all, `of_source` those of the source that has most.
    """

    place: "NDArray[np.int64]"
    overall: "NDArray[np.int32]"
    of_source: "NDArray[np.int32]"


def count_carriers(
    carriers: Carriers, place: "NDArray[np.int64]", value: "NDArray[np.uint64]"
) -> Wordings:
    """Return the wordings at some places, which rise; equal values are equal wordings."""
    found = Wordings(place, *np.empty((2, len(place)), np.int32))
    for chosen in value_ranges(value, _WORDINGS_AT_A_TIME):
        rows = np.flatnonzero(chosen)
        text = (np.searchsorted(carriers.table.bounds, place[rows], "right") - 1).astype(np.int32)
        order = stable_order(value[rows])
        rows, text = rows[order], text[order]
        fresh = np.ones(len(rows), np.bool_)
        fresh[1:] = value[rows[1:]] != value[rows[:-1]]
        once = fresh.copy()
        once[1:] |= text[1:] != text[:-1]
        bounds = np.append(np.flatnonzero(fresh[once]), int(once.sum()))
        group = np.cumsum(fresh) - 1
        overall = count_unrelated(
            bounds,
            text[once],
            carriers.kinship,
            carriers.overall,
            compile_kernels=carriers.compile_kernels,
        )
        of_source = count_unrelated_of_source(
            bounds,
            text[once],
            carriers.sources,
            carriers.kinship,
            carriers.of_source,
            compile_kernels=carriers.compile_kernels,
        )
        found.overall[rows], found.of_source[rows] = overall[group], of_source[group]
    return found


def shared_wordings(
    carriers: Carriers, postings: Postings, size: int, texts: int, least: int
) -> Wordings:
    """Return the wordings of `size` tokens beside winnowed shingles that so many `texts` carry.

    A window's choice depends on its content only, so every run of 8 tokens that several texts share
    holds a winnowed shingle of at least as many. Wordings that fewer than `least` unrelated
    texts carry may be left out.
    """
    often = postings.carriers >= texts
    reach = WINDOW - 1, 0 if size >= LONG else WINDOW - 1
    if not carriers.compile_kernels:
        return count_carriers(carriers, *_near(carriers.table, postings, size, often, reach))
    cliques = find_cliques(carriers.kinship)
    # a long wording holds a shingle, so that too few unrelated texts with that are enough to know,
    # unless a text has the shingle again elsewhere, which is not posted
    level, lowest = often.astype(np.uint8), np.ones(len(carriers.table), np.uint8)
    if size >= LONG and least >= texts:
        level += _count_cliques(postings, cliques, least) >= least
        lowest += ~_repeating(postings)
    found = _sifted(carriers.table, postings, size, (level, lowest), reach, cliques, least)
    return count_carriers(carriers, *found)


def find_cliques(kinship: Kinship) -> "NDArray[np.int32]":
    """Return a number for each text; texts of one number are all related to each other."""
    from provenance.match.sieve import clique_kernel

    cliques, following = np.empty((2, len(kinship.leader)), np.int32)
    clique_kernel(kinship.bounds, kinship.kin, kinship.leader, cliques, following)
    return cliques


def _count_cliques(
    postings: Postings, cliques: "NDArray[np.int32]", most: int
) -> "NDArray[np.int32]":
    """Return how many cliques carry each shingle, up to `most`."""
    alone = Kinship(np.zeros(len(cliques) + 1, np.int64), np.empty(0, np.int32), cliques)
    return count_unrelated(postings.bounds, postings.texts, alone, most, compile_kernels=True)


def _repeating(postings: Postings) -> "NDArray[np.bool_]":
    """Tell which texts carry a shingle at several places."""
    group, text = postings.occurrences.group, postings.occurrences.text
    again = (group[1:] == group[:-1]) & (text[1:] == text[:-1])
    flags = np.zeros(len(postings.selected), np.bool_)
    flags[text[1:][again]] = True
    return flags


def _near(
    table: TokenTable,
    postings: Postings,
    size: int,
    often: "NDArray[np.bool_]",
    reach: tuple[int, int],
) -> tuple["NDArray[np.int64]", "NDArray[np.uint64]"]:
    """Return the places and values of wordings that begin near a shingle that is `often`.

    That is up to so many tokens before or after its place, as `reach` says.
    """
    owner = np.repeat(np.arange(len(table), dtype=np.int32), np.diff(postings.text_bounds))
    kept = often[postings.shingles]
    chosen = table.bounds[owner[kept]] + postings.text_places[kept]
    flags = np.zeros(len(table.ids) + 1, np.bool_)
    before, after = reach
    for shift in range(-before, after + 1):
        moved = chosen + shift
        flags[moved[(moved >= 0) & (moved < len(table.ids))]] = True
    place = np.flatnonzero(flags[:-1])
    text = np.searchsorted(table.bounds, place, "right") - 1
    place = place[place + size <= table.bounds[text + 1]]
    return place, shingles_at(table, place, size)


def _sifted(
    table: TokenTable,
    postings: Postings,
    size: int,
    often: tuple["NDArray[np.uint8]", "NDArray[np.uint8]"],
    reach: tuple[int, int],
    cliques: "NDArray[np.int32]",
    least: int,
) -> tuple["NDArray[np.int64]", "NDArray[np.uint64]"]:
    """Return what `_near` does but for most wordings that fewer than `least` cliques carry.

    `often` has a level of each shingle, and the lowest that counts in each text.
    """
    from provenance.match.sieve import MOST, sift_kernel, tally_kernel

    longest = int(np.diff(table.bounds).max(initial=0))
    expected = 4 * int(postings.carriers[often[0] >= often[1].max(initial=1)].sum())
    cells = np.zeros(1 << (min(expected, _MOST_CELLS) - 1).bit_length(), np.uint64)
    arguments = (
        *(table.bounds, table.vocabulary, table.ids),
        *(postings.text_bounds, postings.shingles, postings.text_places, *often, *reach, size),
        *(np.zeros(longest, np.uint8), np.empty(longest, np.int32), np.empty(longest, np.uint64)),
    )
    order = np.argsort(cliques, kind="stable").astype(np.int32)
    tally_kernel(*arguments, order, cliques, cells)
    places, values = Column(np.int64), Column(np.uint64)
    room = longest + _WORDINGS_AT_A_TIME
    place, value, written = (
        np.empty(room, np.int64),
        np.empty(room, np.uint64),
        np.zeros(1, np.int64),
    )
    text = 0
    while text < len(table):
        text = sift_kernel(*arguments, min(least, MOST), text, cells, place, value, written)
        places.append(place[: written[0]])
        values.append(value[: written[0]])
    return places.take(), values.take()
