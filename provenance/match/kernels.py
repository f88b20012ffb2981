"""Compiled kernels of the search for pairs."""

from typing import Any

import numpy as np

from provenance.machine_code import machine_code


@machine_code(
    "i8, i8[:], u8[:], i8[:], i4[:], i4[:], i8[:], i8, f8, i8, i8, u8[:], i4[:], i4[:], i4[::],"
    "i8[:]"
)
def count_shared_kernel(
    first: int,
    bounds: Any,
    carriers: Any,
    text_bounds: Any,
    shingles: Any,
    rows_of_text: Any,
    selected: Any,
    least: int,
    share: float,
    most: int,
    neighbours: int,
    ahead: Any,
    counts: Any,
    touched: Any,
    out: Any,
    pairs: Any,
) -> int:
    """Count the shingles that texts from `first` on share with earlier ones, until `out` is full.

    A row of `carriers` is `source << 32 | text`; between rows of one source that is not 0 nothing
    is shared. `ahead` has room for two numbers for each shingle of a text. Returns the next text to
    go on with; `pairs` is the number of pairs written.
    """
    written = 0
    room = out.shape[1]
    for text in range(first, len(selected)):
        seen = 0
        # apart from the rest, so that the processor waits for many rows at a time
        entry = text_bounds[text]
        for i in range(text_bounds[text + 1] - entry):
            ahead[2 * i] = bounds[shingles[entry + i]]
        for i in range(text_bounds[text + 1] - entry):
            ahead[2 * i + 1] = carriers[ahead[2 * i]]
        for i in range(text_bounds[text + 1] - entry):
            row = np.int64(rows_of_text[entry + i])
            begin = np.int64(ahead[2 * i])
            at = begin
            if begin == row:
                continue
            own = carriers[row] >> np.uint64(32)
            sampled = row - neighbours > begin and bounds[shingles[entry + i] + 1] - begin > most
            while at < row:
                carrier = carriers[at]
                if own == 0 or own != carrier >> np.uint64(32):
                    other = carrier & np.uint64(0xFFFFFFFF)
                    if counts[other] == 0:
                        touched[seen] = other
                        seen += 1
                    counts[other] += 1
                if sampled and at == begin:
                    at = row - neighbours
                else:
                    at += 1
        if seen > room - written and written > 0:
            for i in range(seen):
                counts[touched[i]] = 0
            pairs[0] = written
            return text
        for i in range(seen):
            other = touched[i]
            shared = counts[other]
            counts[other] = 0
            low = min(selected[text], selected[other])
            if shared >= least or (share > 0 and shared >= share * low):
                out[0, written] = other
                out[1, written] = text
                out[2, written] = shared
                written += 1
    pairs[0] = written
    return len(selected)


@machine_code("i8[:], i4[:], i8[:], i4[:], i4[:], i8, i4[:], i4[:]")
def unrelated_kernel(
    bounds: Any,
    texts: Any,
    kin_bounds: Any,
    kin: Any,
    leader: Any,
    most: int,
    taken: Any,
    counts: Any,
) -> int:
    """Count, a group each, the texts that are related to none counted before, up to `most`.

    `taken` has room for so many.
    """
    for group in range(len(bounds) - 1):
        count = 0
        for row in range(bounds[group], bounds[group + 1]):
            if count == most:
                break
            text = texts[row]
            alone = True
            for i in range(count):
                if leader[text] == leader[taken[i]]:
                    alone = False
                    break
                low, high = kin_bounds[text], kin_bounds[text + 1]
                while low < high:
                    middle = (low + high) // 2
                    if kin[middle] < taken[i]:
                        low = middle + 1
                    else:
                        high = middle
                if low < kin_bounds[text + 1] and kin[low] == taken[i]:
                    alone = False
                    break
            if alone:
                taken[count] = text
                count += 1
        counts[group] = count
    return 0


@machine_code("i4[:], i8[:], f8[:], i4[:], i4[:], f8[:]")
def weigh_shared_kernel(values: Any, bounds: Any, weights: Any, a: Any, b: Any, shared: Any) -> int:
    """Add up the weights of the values that the rising sets `a[i]` and `b[i]` share."""
    for i in range(len(a)):
        left = bounds[a[i]]
        right = bounds[b[i]]
        left_end = bounds[a[i] + 1]
        right_end = bounds[b[i] + 1]
        total = 0.0
        while left < left_end and right < right_end:
            if values[left] == values[right]:
                total += weights[values[left]]
                left += 1
                right += 1
            elif values[left] < values[right]:
                left += 1
            else:
                right += 1
        shared[i] = total
    return 0


@machine_code("i4[:], u1[:], i8, i4[:]")
def gram_kernel(symbols: Any, hidden: Any, size: int, values: Any) -> int:
    """Write what `gram_values` of chaining returns where hidden symbols are negative."""
    low_bits = np.int64((1 << 40) - 1)
    base = np.int64(1_000_003)
    leaving = np.int64(1)  # the weight of the symbol that a step leaves behind
    for _ in range(size):
        leaving = (leaving * base) & low_bits
    value = np.int64(0)
    whole = 0  # symbols since the last negative one
    for at in range(len(symbols)):
        symbol = symbols[at]
        value = value * base + symbol
        if at >= size:
            value -= leaving * symbols[at - size]
        value &= low_bits
        whole = 0 if symbol < 0 or hidden[at] else whole + 1
        if at >= size - 1:
            mixed = (value ^ (value >> 17)) & 0x3FFFFFFF
            values[at - size + 1] = mixed if whole >= size else -1
    for at in range(max(len(symbols) - size + 1, 0), len(symbols)):
        values[at] = -1
    return 0


@machine_code("i8[:], i8[:], i4[:], i8[:]")
def first_places_kernel(lows: Any, highs: Any, ids: Any, places: Any) -> int:
    """Write the lowest place of each word in the ranges of tokens, which rise and may overlap.

    Only what is negative is written.
    """
    reached = np.int64(0)
    for i in range(len(lows)):
        for token in range(max(lows[i], reached), highs[i]):
            if places[ids[token]] < 0:
                places[ids[token]] = token
        reached = max(reached, highs[i])
    return 0


@machine_code("i8[:], i4[:], u1[:], i8[:], i4[:], i8[:], i4[:]")
def spell_kernel(
    tokens: Any, ids: Any, marked: Any, bounds: Any, letters: Any, starts: Any, symbols: Any
) -> int:
    """Write the letters of tokens behind each other, -1 for those of marked ones.

    Word `w` of the vocabulary has `letters[bounds[w]:bounds[w + 1]]`; `starts` are where each
    token begins, and the last ends. Returns how many letters there are, whether or not `symbols`
    has room for them.
    """
    written = 0
    for i in range(len(tokens)):
        starts[i] = written
        token = tokens[i]
        word = ids[token]
        low = bounds[word]
        size = bounds[word + 1] - low
        if size <= 8 and written + 8 <= len(symbols) and low + 8 <= len(letters):
            # the next word overwrites what is too much; read before written, eight go at once
            first, second, third, fourth = (
                letters[low],
                letters[low + 1],
                letters[low + 2],
                letters[low + 3],
            )
            fifth, sixth, seventh, eighth = (
                letters[low + 4],
                letters[low + 5],
                letters[low + 6],
                letters[low + 7],
            )
            hidden = np.int32(-1) if marked[token] else np.int32(0)
            symbols[written] = first | hidden
            symbols[written + 1] = second | hidden
            symbols[written + 2] = third | hidden
            symbols[written + 3] = fourth | hidden
            symbols[written + 4] = fifth | hidden
            symbols[written + 5] = sixth | hidden
            symbols[written + 6] = seventh | hidden
            symbols[written + 7] = eighth | hidden
        elif written + size <= len(symbols):
            for at in range(size):
                symbols[written + at] = -1 if marked[token] else letters[low + at]
        written += size
    starts[len(tokens)] = written
    return written


@machine_code("i8[:], i8[:], i8[:], i8[:], i8[:], i4[:], i4[:], u1[:], i8[:], i8[:]")
def carriers_kernel(
    text: Any,
    start: Any,
    end: Any,
    bounds: Any,
    partner: Any,
    row_start: Any,
    row_end: Any,
    related: Any,
    inside: Any,
    carriers: Any,
) -> int:
    """Count the texts that share half of each passage `text[i], start[i], end[i]`, and relatives.

    What text `t` shares stands in the rows `bounds[t]:bounds[t + 1]`, by partner.
    """
    for passage in range(len(text)):
        low, high = start[passage], end[passage]
        all_of_them = 0
        relatives = 0
        row = bounds[text[passage]]
        last = bounds[text[passage] + 1]
        while row < last:
            one = partner[row]
            first = row
            common = 0
            while row < last and partner[row] == one:
                common += max(0, min(row_end[row], high) - max(row_start[row], low))
                row += 1
            if common > 0 and 2 * common >= high - low:
                all_of_them += 1
                relatives += related[first]
        inside[passage] = relatives
        carriers[passage] = all_of_them
    return 0


@machine_code("i4[::], f8, i8, i8[:]")
def node_kernel(spans: Any, overlap: float, look_back: int, node_of: Any) -> int:
    """Write one node over the first spans for those that overlap by a share of the longer one.

    `spans[:, i]` are text, start and end, sorted; a node is one of the last `look_back` of its
    text, and ends where the last of its spans does. Returns how many nodes there are.
    """
    nodes = 0
    for i in range(spans.shape[1]):
        text, start, end = spans[0, i], spans[1, i], spans[2, i]
        found = -1
        for at in range(nodes - 1, max(-1, nodes - 1 - look_back), -1):
            if spans[0, at] != text:
                break
            common = min(spans[2, at], end) - max(spans[1, at], start)
            if common >= overlap * max(spans[2, at] - spans[1, at], end - start):
                found = at
                break
        if found < 0:
            found = nodes
            nodes += 1
            spans[0, found], spans[1, found], spans[2, found] = text, start, end
        spans[2, found] = max(spans[2, found], end)
        node_of[i] = found
    return nodes
