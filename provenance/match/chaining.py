"""Local alignment of two sequences by chains of equal runs.

The kernel serves tokens and letters alike, runs as plain Python or compiled, and gives the same
numbers either way: it works on whole numbers only.

Seeds are n-grams that are not frequent in the second sequence; each is extended to a maximal
run. A chain adds up the weights of its runs and pays for gaps once per gap, not once per symbol,
so that abridged copy stays one passage. The best chain is taken, what lies inside its range on
either side is dropped, and the rest is chained again, which finds moved blocks in any order.
Sources: seed-and-extend as in Altschul et al. 1990; chaining with concave gap costs as in
Eppstein et al. 1992.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.match.chain_kernel import CELLS, RUN_COLUMNS, chain_kernel
from provenance.match.kernels import gram_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD = 2  # the weight of a word; a character of a script without spaces weighs 1
COLUMNS = 7  # job, first start, first end, second start, second end, equal weight, longest run
_MOST_RUNS = 20_000
_SHARE = 1 << 20  # symbols of pairs that are worth a worker
_BLOCK = 1 << 16  # places whose n-grams are numbered at a time: they stay in the cache


@dataclass(frozen=True, slots=True)
class ChainSettings:
    """The measures of a chain; a symbol of weight w scores 10 w, costs are on the same scale.

    `gram` symbols in a row make a seed. A run that is shorter than `long_run` needs a seed with
    at most `common` places in the second sequence; a longer one may have `frequent`. A step over
    a gap of more than `gap` symbols on either side ends a chain; a gap of x and y symbols costs
    `gap_open + narrow * min(x, y) + min(wide_most, wide * |x - y|)`. Chains score at least
    `least`. Neighbouring chains with gaps of at most `join` on both sides become one. At most
    `most` chains are taken from a pair, all of them where it is 0.
    """

    gram: int
    long_run: int
    common: int
    frequent: int
    gap: int
    gap_open: int
    narrow: int
    wide: int
    wide_most: int
    least: int
    join: int
    most: int = 0


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains of pairs of sequences, in the order of the jobs and then of the first side.

    Starts and ends are places in the two sequences; `equal` and `longest` are the weights of all
    equal symbols and of the longest run. `blocks` has four rows, the job, the start on either
    side and the length of every equal run in the chains, where they were asked for.
    """

    job: "NDArray[np.int32]"
    a_start: "NDArray[np.int32]"
    a_end: "NDArray[np.int32]"
    b_start: "NDArray[np.int32]"
    b_end: "NDArray[np.int32]"
    equal: "NDArray[np.int32]"
    longest: "NDArray[np.int32]"
    capped: int
    blocks: "NDArray[np.int32]"

    def __len__(self) -> int:
        return len(self.job)


def gram_values(symbols: "NDArray[np.int32]", size: int) -> "NDArray[np.int32]":
    """Return, at each place, a number that equal n-grams share; -1 where a symbol is negative.

    The last `size - 1` places are -1: no n-gram fits there.
    """
    values = np.full(len(symbols), -1, np.int32)
    for low in range(0, len(symbols) - size + 1, _BLOCK):
        part = symbols[low : low + _BLOCK + size - 1].astype(np.int64)
        count = len(part) - size + 1
        value = part[:count].copy()
        for shift in range(1, size):
            value *= 1_000_003
            value += part[shift : shift + count]
        value &= (1 << 40) - 1
        value ^= value >> 17
        value &= 0x3FFFFFFF
        negative = np.flatnonzero(part < 0)
        for shift in range(size):
            place = negative - shift
            value[place[(place >= 0) & (place < count)]] = -1
        values[low : low + count] = value
    return values


def chain_pairs(
    first: "NDArray[np.int32]",
    second: "NDArray[np.int32]",
    ranges: "NDArray[np.int64]",
    symbols: "NDArray[np.int32]",
    weights: "NDArray[np.uint8]",
    settings: ChainSettings,
    *,
    hidden: "NDArray[np.bool_] | None" = None,
    blocks: bool = False,
    compile_kernels: bool,
    workers: int = 1,
) -> Chains:
    """Return the chains of the pairs `(first[i], second[i])` of sequences; `job` is that i.

    Sequence `i` is `symbols[ranges[0, i]:ranges[1, i]]`; sequences may overlap. Negative symbols
    and `hidden` ones equal nothing. Pairs that have the same second sequence should stand
    together: its index is built once. Compiled, the pairs are shared out among so many `workers`.
    """
    if hidden is None:
        hidden = np.zeros(len(symbols), np.bool_)
    if compile_kernels:
        grams = np.empty(len(symbols), np.int32)
        gram_kernel(symbols, hidden.view(np.uint8), settings.gram, grams)
    else:
        grams = gram_values(np.where(hidden, np.int32(-1), symbols), settings.gram)
    measures = np.array(
        (
            settings.gram,
            settings.long_run,
            settings.common,
            settings.frequent,
            settings.gap,
            settings.gap_open,
            settings.narrow,
            settings.wide,
            settings.wide_most,
            settings.least,
            settings.join,
            settings.most,
        )
    )
    given = _Given(ranges, symbols, hidden.view(np.uint8), grams, weights, measures, blocks)
    if not compile_kernels:
        return _chain_plain(given, first, second)
    lengths = (ranges[1] - ranges[0]).astype(np.int64)
    work = np.cumsum(lengths[first] + lengths[second])
    total = int(work[-1]) if len(work) else 0
    shares = min(workers, total // _SHARE)
    if shares < 2:
        return _chain_compiled(given, first, second, 0)
    cuts = np.searchsorted(work, total * np.arange(1, shares) / shares)
    edges = [0, *cuts.tolist(), len(first)]
    with ThreadPoolExecutor(shares) as crew:  # kernels hold no lock
        parts = [
            crew.submit(_chain_compiled, given, first[low:high], second[low:high], low)
            for low, high in pairwise(edges)
        ]
        return _joined([part.result() for part in parts])


@dataclass(frozen=True, slots=True)
class _Given:
    """What is the same for all pairs of one call."""

    ranges: "NDArray[np.int64]"
    symbols: "NDArray[np.int32]"
    hidden: "NDArray[np.uint8]"
    grams: "NDArray[np.int32]"
    weights: "NDArray[np.uint8]"
    measures: "NDArray[np.int64]"
    blocks: bool

    def inputs(self) -> tuple[Any, ...]:
        """Return the arrays in the order of the kernel."""
        return self.ranges, self.symbols, self.hidden, self.grams, self.weights, self.measures

    def room(self) -> tuple[int, int, int]:
        """Return the longest sequence, the slots of its index, and the runs that are kept."""
        longest = int((self.ranges[1] - self.ranges[0]).max(initial=0))
        slots = 1
        while slots < 2 * max(longest, 1):
            slots *= 2
        return longest, slots, min(_MOST_RUNS, max(64, 64 * longest))


def _chain_compiled(
    given: _Given, first: "NDArray[np.int32]", second: "NDArray[np.int32]", before: int
) -> Chains:
    """Chain some of the pairs, which `before` others stand before."""
    longest, slots, most_runs = given.room()
    held = np.empty(slots, np.uint8)
    table, runs = np.empty((3, slots), np.int32), np.empty((RUN_COLUMNS, most_runs), np.int32)
    following, covered = np.empty(longest + 1, np.int32), np.empty(2 * longest + 2, np.int32)
    seeds = np.empty(longest + 1, np.int32)
    scratch = table, held, following, covered, seeds, np.empty(CELLS, np.uint8), runs
    room = max(4096, most_runs)
    jobs = np.stack([first, second]).astype(np.int64)
    counts = np.zeros(3, np.int64)
    pieces = [np.empty((COLUMNS, 0), np.int32)]
    block_pieces = [np.empty((4, 0), np.int32)]
    job = capped = 0
    while job < len(first):
        out = np.empty((COLUMNS, room), np.int32)
        found = np.empty((4, 2 * room if given.blocks else 0), np.int32)
        job = chain_kernel(jobs, job, *given.inputs(), *scratch, out, found, counts)
        written, cut, blocks_written = counts.tolist()
        capped += cut
        pieces.append(out[:, :written].copy())
        block_pieces.append(found[:, :blocks_written].copy())
    columns, blocks = np.concatenate(pieces, axis=1), np.concatenate(block_pieces, axis=1)
    columns[0] += before
    blocks[0] += before
    return Chains(*(*columns, capped, blocks))


def _chain_plain(given: _Given, first: "NDArray[np.int32]", second: "NDArray[np.int32]") -> Chains:
    longest, slots, most_runs = given.room()
    inputs = [array.tolist() for array in given.inputs()]
    table, runs = (
        [[0] * size for _ in range(rows)] for rows, size in ((3, slots), (RUN_COLUMNS, most_runs))
    )
    held, following, covered = [0] * slots, [0] * (longest + 1), [0] * (2 * longest + 2)
    scratch = table, held, following, covered, [0] * (longest + 1), [0] * CELLS, runs
    room = max(4096, most_runs)
    jobs, counts = [first.tolist(), second.tolist()], [0, 0, 0]
    pieces = [np.empty((COLUMNS, 0), np.int32)]
    block_pieces = [np.empty((4, 0), np.int32)]
    job = capped = 0
    while job < len(first):
        out = [[0] * room for _ in range(COLUMNS)]
        found = [[0] * (2 * room if given.blocks else 0) for _ in range(4)]
        job = chain_kernel.plain(jobs, job, *inputs, *scratch, out, found, counts)
        written, cut, blocks_written = counts
        capped += cut
        pieces.append(np.array(out, np.int32)[:, :written])
        block_pieces.append(np.array(found, np.int32).reshape(4, -1)[:, :blocks_written])
    columns = np.concatenate(pieces, axis=1)
    return Chains(*(*columns, capped, np.concatenate(block_pieces, axis=1)))


def _joined(parts: Sequence[Chains]) -> Chains:
    """Return the chains of several parts of the pairs, in order."""
    return Chains(
        np.concatenate([part.job for part in parts]),
        np.concatenate([part.a_start for part in parts]),
        np.concatenate([part.a_end for part in parts]),
        np.concatenate([part.b_start for part in parts]),
        np.concatenate([part.b_end for part in parts]),
        np.concatenate([part.equal for part in parts]),
        np.concatenate([part.longest for part in parts]),
        sum(part.capped for part in parts),
        np.concatenate([part.blocks for part in parts], axis=1),
    )
