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

from provenance.machine_code import machine_code
from provenance.match.kernels import gram_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD = 2  # the weight of a word; a character of a script without spaces weighs 1
COLUMNS = 7  # job, first start, first end, second start, second end, equal weight, longest run
_MOST_RUNS = 20_000
_LOOK_BACK = 400
_ROUNDS = 16
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


@machine_code(
    "i8[::], i8, i8[::], i4[:], i4[:], u1[:], i8[:], i4[::], u1[:], i4[:], i4[:], i4[::], i4[::], "
    "i4[::], i8[:]"
)
def chain_kernel(
    jobs: Any,
    first_job: int,
    ranges: Any,
    symbols: Any,
    grams: Any,
    weights: Any,
    settings: Any,
    table: Any,
    held: Any,
    following: Any,
    covered: Any,
    runs: Any,
    out: Any,
    blocks: Any,
    counts: Any,
) -> int:
    """Chain the pairs `jobs[0][i], jobs[1][i]` from `first_job` on, until `out` is full.

    Sequence `i` is `symbols[ranges[0][i]:ranges[1][i]]`; negative symbols equal nothing. The
    equal runs of the chains go to `blocks` where that has room at all. Returns the next job;
    `counts` are the rows written, the pairs whose runs were capped, and the blocks written.
    """
    gram, long_run, common, frequent, gap = (
        settings[0],
        settings[1],
        settings[2],
        settings[3],
        settings[4],
    )
    gap_open, narrow, wide, wide_most, least, join = (
        settings[5],
        settings[6],
        settings[7],
        settings[8],
        settings[9],
        settings[10],
    )
    most = settings[11]
    block_room = len(blocks[0])
    blocks_written = 0
    values, heads, places = table[0], table[1], table[2]
    run_p, run_q, length, weight = runs[0], runs[1], runs[2], runs[3]
    best, before, alive, picked = runs[4], runs[5], runs[6], runs[7]
    most_runs = len(run_p)
    room = len(out[0])
    written = 0
    capped = 0
    indexed = -1
    mask = 0
    job = first_job
    while job < len(jobs[0]):
        p_text, q_text = jobs[0][job], jobs[1][job]
        p0, p1 = ranges[0][p_text], ranges[1][p_text]
        q0, q1 = ranges[0][q_text], ranges[1][q_text]
        if indexed != q_text:
            indexed = q_text
            mask = 1
            while mask < 2 * (q1 - q0):
                mask *= 2
            mask -= 1
            for i in range(mask + 1):
                places[i] = 0
                held[i] = 0
            for q in range(q1 - 1, q0 - 1, -1):
                value = grams[q]
                if value < 0 or q + gram > q1:
                    continue
                held[value >> 3 & mask] |= 1 << (value & 7)
                slot = value & mask
                while places[slot] > 0 and values[slot] != value:
                    slot = (slot + 1) & mask
                if places[slot] == 0:
                    values[slot] = value
                    following[q - q0] = -1
                else:
                    following[q - q0] = heads[slot]
                heads[slot] = q
                places[slot] += 1
        shift = q1 - p0
        for i in range(p1 - p0 + q1 - q0 + 1):
            covered[i] = 0
        count = 0
        longest = 0
        for p in range(p0, p1 - gram + 1):
            value = grams[p]
            if value < 0 or held[value >> 3 & mask] >> (value & 7) & 1 == 0:
                continue  # most n-grams are not in the second sequence: eight bits a slot tell
            slot = value & mask
            while places[slot] > 0 and values[slot] != value:
                slot = (slot + 1) & mask
            if places[slot] == 0 or places[slot] > frequent:
                continue
            rare = places[slot] <= common
            q = heads[slot]
            while q >= 0:
                diagonal = p - q + shift
                if covered[diagonal] <= p - p0:
                    low = 0
                    while (
                        p - low > p0
                        and q - low > q0
                        and symbols[p - low - 1] == symbols[q - low - 1]
                        and symbols[p - low - 1] >= 0
                    ):
                        low += 1
                    high = 0
                    while (
                        p + high < p1
                        and q + high < q1
                        and symbols[p + high] == symbols[q + high]
                        and symbols[p + high] >= 0
                    ):
                        high += 1
                    if low + high >= gram and (rare or low + high >= long_run):
                        covered[diagonal] = p - p0 + high
                        if count < most_runs:
                            total = 0
                            for i in range(p - low, p + high):
                                total += weights[i]
                            at = count
                            while at > 0 and (
                                run_p[at - 1] > p - low
                                or (run_p[at - 1] == p - low and run_q[at - 1] > q - low)
                            ):
                                run_p[at] = run_p[at - 1]
                                run_q[at] = run_q[at - 1]
                                length[at] = length[at - 1]
                                weight[at] = weight[at - 1]
                                at -= 1
                            run_p[at] = p - low
                            run_q[at] = q - low
                            length[at] = low + high
                            weight[at] = total
                            longest = max(longest, low + high)
                        if count <= most_runs:
                            count += 1
                q = following[q - q0]
        cut = count > most_runs
        count = min(count, most_runs)
        if written + count > room or (block_room > 0 and blocks_written + count > block_room):
            break  # each run may become a chain of its own
        capped += cut
        for r in range(count):
            alive[r] = 1
        begin = written
        for _ in range(_ROUNDS):
            again = False
            for r in range(count):
                if alive[r] == 0:
                    best[r] = 0
                    continue
                own = 10 * weight[r]
                best[r] = own
                before[r] = -1
                looked = 0
                for s in range(r - 1, -1, -1):
                    if run_p[r] - run_p[s] > longest + gap or looked == _LOOK_BACK:
                        break
                    looked += 1
                    if alive[s] == 0 or run_p[s] == run_p[r] or run_q[s] >= run_q[r]:
                        continue
                    gap_p = run_p[r] - run_p[s] - length[s]
                    gap_q = run_q[r] - run_q[s] - length[s]
                    if gap_p > gap or gap_q > gap:
                        continue
                    overlap = max(0, -gap_p, -gap_q)
                    if overlap >= length[r]:
                        continue
                    gap_p += overlap
                    gap_q += overlap
                    cost = own * overlap // length[r]
                    if gap_p > 0 or gap_q > 0:
                        cost += gap_open + narrow * min(gap_p, gap_q)
                        cost += min(wide_most, wide * abs(gap_p - gap_q))
                    if best[s] + own - cost > best[r]:
                        best[r] = best[s] + own - cost
                        before[r] = s
            while True:
                top = -1
                for r in range(count):
                    if best[r] >= least and (top < 0 or best[r] > best[top]):
                        top = r
                if top < 0:
                    break
                size = 0
                whole = True
                r = top
                while r >= 0:
                    whole = whole and alive[r] == 1
                    picked[size] = r
                    size += 1
                    r = before[r]
                if not whole:
                    best[top] = 0
                    again = True
                    continue
                first = picked[size - 1]
                p_low, q_low = run_p[first], run_q[first]
                p_high, q_high = p_low, q_low
                equal = 0
                heaviest = 0
                for i in range(size - 1, -1, -1):
                    r = picked[i]
                    overlap = max(0, p_high - run_p[r], q_high - run_q[r])
                    if block_room > 0:
                        blocks[0][blocks_written] = job
                        blocks[1][blocks_written] = run_p[r] + overlap - p0
                        blocks[2][blocks_written] = run_q[r] + overlap - q0
                        blocks[3][blocks_written] = length[r] - overlap
                        blocks_written += 1
                    equal += weight[r] - weight[r] * overlap // length[r]
                    heaviest = max(heaviest, weight[r])
                    p_high = max(p_high, run_p[r] + length[r])
                    q_high = max(q_high, run_q[r] + length[r])
                for r in range(count):
                    if alive[r] == 1 and (
                        (run_p[r] >= p_low and run_p[r] + length[r] <= p_high)
                        or (run_q[r] >= q_low and run_q[r] + length[r] <= q_high)
                    ):
                        alive[r] = 0
                        best[r] = 0
                at = written
                while at > begin and (
                    out[1][at - 1] > p_low - p0
                    or (out[1][at - 1] == p_low - p0 and out[3][at - 1] > q_low - q0)
                ):
                    for column in range(1, 7):
                        out[column][at] = out[column][at - 1]
                    at -= 1
                out[0][written] = job
                out[1][at] = p_low - p0
                out[2][at] = p_high - p0
                out[3][at] = q_low - q0
                out[4][at] = q_high - q0
                out[5][at] = equal
                out[6][at] = heaviest
                written += 1
            # with fewer runs alive no score gets higher: only broken chains are worth a look
            if not again or (most > 0 and written - begin >= most):
                break
        kept = begin
        for at in range(begin + 1, written):
            gap_p = out[1][at] - out[2][kept]
            gap_q = out[3][at] - out[4][kept]
            if -join // 2 <= gap_p <= join and -join // 2 <= gap_q <= join:
                size = min(out[2][at] - out[1][at], out[4][at] - out[3][at])
                overlap = min(size, max(0, -gap_p, -gap_q))
                out[5][kept] += out[5][at] - out[5][at] * overlap // size
                out[2][kept] = max(out[2][kept], out[2][at])
                out[3][kept] = min(out[3][kept], out[3][at])
                out[4][kept] = max(out[4][kept], out[4][at])
                out[6][kept] = max(out[6][kept], out[6][at])
            else:
                kept += 1
                for column in range(7):
                    out[column][kept] = out[column][at]
        if written > begin:
            written = kept + 1
        job += 1
    counts[0], counts[1], counts[2] = written, capped, blocks_written
    return job


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
    blocks: bool = False,
    compile_kernels: bool,
    workers: int = 1,
) -> Chains:
    """Return the chains of the pairs `(first[i], second[i])` of sequences; `job` is that i.

    Sequence `i` is `symbols[ranges[0, i]:ranges[1, i]]`; sequences may overlap. Pairs that have
    the same second sequence should stand together: its index is built once. Compiled, the pairs
    are shared out among so many `workers`.
    """
    if compile_kernels:
        grams = np.empty(len(symbols), np.int32)
        gram_kernel(symbols, settings.gram, grams)
    else:
        grams = gram_values(symbols, settings.gram)
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
    given = _Given(ranges, symbols, grams, weights, measures, blocks)
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
    grams: "NDArray[np.int32]"
    weights: "NDArray[np.uint8]"
    measures: "NDArray[np.int64]"
    blocks: bool

    def inputs(self) -> tuple[Any, ...]:
        """Return the arrays in the order of the kernel."""
        return self.ranges, self.symbols, self.grams, self.weights, self.measures

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
    table, runs = np.empty((3, slots), np.int32), np.empty((8, most_runs), np.int32)
    following, covered = np.empty(longest + 1, np.int32), np.empty(2 * longest + 2, np.int32)
    room = max(4096, most_runs)
    jobs = np.stack([first, second]).astype(np.int64)
    counts = np.zeros(3, np.int64)
    pieces = [np.empty((COLUMNS, 0), np.int32)]
    block_pieces = [np.empty((4, 0), np.int32)]
    job = capped = 0
    while job < len(first):
        out = np.empty((COLUMNS, room), np.int32)
        found = np.empty((4, 2 * room if given.blocks else 0), np.int32)
        job = chain_kernel(
            jobs, job, *given.inputs(), table, held, following, covered, runs, out, found, counts
        )
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
    table, runs = ([[0] * size for _ in range(rows)] for rows, size in ((3, slots), (8, most_runs)))
    held, following, covered = [0] * slots, [0] * (longest + 1), [0] * (2 * longest + 2)
    room = max(4096, most_runs)
    jobs, counts = [first.tolist(), second.tolist()], [0, 0, 0]
    pieces = [np.empty((COLUMNS, 0), np.int32)]
    block_pieces = [np.empty((4, 0), np.int32)]
    job = capped = 0
    while job < len(first):
        out = [[0] * room for _ in range(COLUMNS)]
        found = [[0] * (2 * room if given.blocks else 0) for _ in range(4)]
        job = chain_kernel.plain(
            jobs, job, *inputs, table, held, following, covered, runs, out, found, counts
        )
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
