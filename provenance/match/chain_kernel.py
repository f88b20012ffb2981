"""The kernel that chains equal runs: an index, the runs of a pair, their scores, the chains."""

from typing import Any

from provenance.machine_code import Inlined, machine_code

RUN_COLUMNS = 10
CELLS = 1 << 12
_ROW = 6  # a power of two: cells in a row of places
_LOOK_BACK = 400
_ROUNDS = 16


@Inlined
def _index(grams: Any, q0: Any, q1: Any, gram: Any, table: Any, held: Any, following: Any) -> Any:
    """Index the n-grams of the second sequence by value; return the mask of the slots.

    `following` chains the places of an n-gram, rising: -2 ends a chain, -1 stands where an n-gram
    has one place only.
    """
    values, heads, places = table[0], table[1], table[2]
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
            if places[slot] == 1:
                following[heads[slot] - q0] = -2
        heads[slot] = q
        places[slot] += 1
    return mask


@Inlined
def _find_runs(
    p0: Any,
    p1: Any,
    q0: Any,
    q1: Any,
    mask: Any,
    symbols: Any,
    hidden: Any,
    grams: Any,
    weights: Any,
    settings: Any,
    table: Any,
    held: Any,
    following: Any,
    covered: Any,
    seeds: Any,
    runs: Any,
) -> Any:
    """Write the maximal equal runs of a pair by their places; return how many, and the longest.

    There is one more than there is room for where some are left out.
    """
    gram, long_run, common, frequent = settings[0], settings[1], settings[2], settings[3]
    values, heads, places = table[0], table[1], table[2]
    run_p, run_q, length, weight = runs[0], runs[1], runs[2], runs[3]
    most_runs = len(run_p)
    shift = q1 - p0
    for i in range(p1 - p0 + q1 - q0 + 1):
        covered[i] = 0
    found = 0
    for p in range(p0, p1 - gram + 1):  # most n-grams are not in the second: eight bits a slot tell
        value = grams[p]
        seeds[found] = p
        found += held[value >> 3 & mask] >> (value & 7) & 1
    count = 0
    longest = 0
    inside = 0  # up to here n-grams lie in a run `beside` their places in the second sequence
    beside = 0
    for seed in range(found):
        p = seeds[seed]
        if p < inside and following[p - beside - q0] == -1:
            continue
        value = grams[p]
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
                    and hidden[p - low - 1] + hidden[q - low - 1] == 0
                ):
                    low += 1
                high = 0
                while (
                    p + high < p1
                    and q + high < q1
                    and symbols[p + high] == symbols[q + high]
                    and symbols[p + high] >= 0
                    and hidden[p + high] + hidden[q + high] == 0
                ):
                    high += 1
                if low + high >= gram and (rare or low + high >= long_run):
                    covered[diagonal] = p - p0 + high
                    if p + high - gram >= inside:
                        inside = p + high - gram + 1
                        beside = p - q
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
    return count, longest


@Inlined
def score_runs(count: Any, longest: Any, settings: Any, ended: Any, runs: Any) -> Any:
    """Write the score of the best chain that ends with each living run, and the run before it.

    A short run has none before it where no run has ended in the cells of places around its
    start: most runs are chance and stand alone. Of the others those that lie too far before one
    are passed over, and where no chain so far can add to the score none is looked at. Returns the
    highest score.
    """
    gap, gap_open, narrow, wide, wide_most = (
        settings[4],
        settings[5],
        settings[6],
        settings[7],
        settings[8],
    )
    run_p, run_q, length, weight = runs[0], runs[1], runs[2], runs[3]
    best, before, alive, long_before, highest = runs[4], runs[5], runs[6], runs[8], runs[9]
    short = settings[1]
    cell = 0
    while 1 << cell <= gap + settings[0]:
        cell += 1
    brief = (1 << cell) - gap
    for i in range(CELLS):
        ended[i] = 0
    last_long = -1
    top = 0
    for r in range(count):
        long_before[r] = last_long
        if length[r] > short:
            last_long = r
        if alive[r] == 0:
            best[r] = 0
            highest[r] = top
            continue
        own = 10 * weight[r]
        score = own
        before[r] = -1
        p, q = run_p[r], run_q[r]
        p_low, p_high = (p - gap) >> cell << _ROW, (p + length[r] - 1) >> cell << _ROW
        q_low, q_high = (q - gap) >> cell, (q + length[r] - 1) >> cell
        if (
            length[r] > brief
            or ended[(p_low + q_low) & (CELLS - 1)]
            + ended[(p_low + q_high) & (CELLS - 1)]
            + ended[(p_high + q_low) & (CELLS - 1)]
            + ended[(p_high + q_high) & (CELLS - 1)]
            > 0
        ):
            s = r - 1
            last = max(0, r - _LOOK_BACK)
            while s >= last and highest[s] + own > score:
                distance = p - run_p[s]
                if distance > longest + gap:
                    break
                if distance > short + gap and length[s] <= short:
                    s = long_before[s]
                    continue
                gap_p = distance - length[s]
                gap_q = q - run_q[s] - length[s]
                if (
                    alive[s] == 1
                    and distance > 0
                    and run_q[s] < q
                    and gap_p <= gap
                    and gap_q <= gap
                ):
                    overlap = max(0, -gap_p, -gap_q)
                    if overlap < length[r]:
                        gap_p += overlap
                        gap_q += overlap
                        cost = own * overlap // length[r]
                        if gap_p > 0 or gap_q > 0:
                            cost += gap_open + narrow * min(gap_p, gap_q)
                            cost += min(wide_most, wide * abs(gap_p - gap_q))
                        if best[s] + own - cost > score:
                            score = best[s] + own - cost
                            before[r] = s
                s -= 1
        ended[(((p + length[r]) >> cell << _ROW) + ((q + length[r]) >> cell)) & (CELLS - 1)] = 1
        best[r] = score
        top = max(top, score)
        highest[r] = top
    return top


@machine_code(
    "i8[::], i8, i8[::], i4[:], u1[:], i4[:], u1[:], i8[:], i4[::], u1[:], i4[:], i4[:], i4[:], "
    "u1[:], i4[::], i4[::], i4[::], i8[:]"
)
def chain_kernel(
    jobs: Any,
    first_job: int,
    ranges: Any,
    symbols: Any,
    hidden: Any,
    grams: Any,
    weights: Any,
    settings: Any,
    table: Any,
    held: Any,
    following: Any,
    covered: Any,
    seeds: Any,
    ended: Any,
    runs: Any,
    out: Any,
    blocks: Any,
    counts: Any,
) -> int:
    """Chain the pairs `jobs[0][i], jobs[1][i]` from `first_job` on, until `out` is full.

    Sequence `i` is `symbols[ranges[0][i]:ranges[1][i]]`; negative and
    hidden symbols equal nothing. The
    equal runs of the chains go to `blocks` where that has room at all. Returns the next job;
    `counts` are the rows written, the pairs whose runs were capped, and the blocks written.
    """
    least, join, most = settings[9], settings[10], settings[11]
    block_room = len(blocks[0])
    blocks_written = 0
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
            mask = _index(grams, q0, q1, settings[0], table, held, following)
        count, longest = _find_runs(
            p0,
            p1,
            q0,
            q1,
            mask,
            symbols,
            hidden,
            grams,
            weights,
            settings,
            table,
            held,
            following,
            covered,
            seeds,
            runs,
        )
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
            if score_runs(count, longest, settings, ended, runs) < least:
                break
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
