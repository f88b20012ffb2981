"""The kernel that writes rows of JSON Lines from words."""

from typing import Any

import numpy as np

from provenance.machine_code import machine_code

NULL = -(1 << 31)


@machine_code("u1[:], i8[:], u1[:], u1[:], i8[:], i4[:], i4[::], i8, u1[:], i8[:]")
def row_kernel(
    labels: Any,
    label_bounds: Any,
    quoted: Any,
    words: Any,
    starts: Any,
    lengths: Any,
    picks: Any,
    first: int,
    out: Any,
    state: Any,
) -> int:
    """Write rows from `first` on until there may be no room; return the row to go on with.

    A column is its label and a value: the word of its pick, between quotes if the column is
    `quoted`; null where the pick is `NULL` or the word's length negative; or, where the pick is
    -1 - n, the number n. One more label ends a row. `state[0]` gets the bytes written.
    """
    written = np.uint64(0)
    columns = picks.shape[1]
    for row in range(first, len(picks)):
        need = len(labels)
        for column in range(columns):
            need += 24
            if picks[row, column] >= 0:
                need += max(lengths[picks[row, column]], 0)
        if need > len(out) - np.int64(written):
            state[0] = written
            return row
        for column in range(columns + 1):
            for at in range(np.uint64(label_bounds[column]), np.uint64(label_bounds[column + 1])):
                out[written] = labels[at]
                written += np.uint64(1)
            if column == columns:
                continue
            pick = np.int64(picks[row, column])
            if pick == NULL or (pick >= 0 and lengths[pick] < 0):
                for byte in (110, 117, 108, 108):
                    out[written] = byte
                    written += np.uint64(1)
                continue
            if quoted[column]:
                out[written] = 34
                written += np.uint64(1)
            if pick >= 0:
                start = np.uint64(starts[pick])
                for at in range(np.uint64(lengths[pick])):
                    out[written + at] = words[start + at]
                written += np.uint64(lengths[pick])
            else:
                value = -1 - pick
                power = np.int64(1)
                while value // power >= 10:
                    power *= 10
                while power > 0:
                    out[written] = 48 + (value // power) % 10
                    written += np.uint64(1)
                    power //= 10
            if quoted[column]:
                out[written] = 34
                written += np.uint64(1)
    state[0] = written
    return len(picks)
