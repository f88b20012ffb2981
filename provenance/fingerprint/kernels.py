"""Compiled fingerprint kernels; importing this module imports numba."""

from typing import Any

import numpy as np

from provenance.compiled import kernel


@kernel
def signature_kernel(
    mixed: Any, starts: Any, counts: Any, factors: Any, summands: Any, rows: Any
) -> None:
    """Take the minimum of every permutation over each text's mixed hashes into its row."""
    for text in range(len(counts)):
        row = rows[text]
        for at in range(starts[text], starts[text] + counts[text]):
            value = mixed[at]
            for i in range(len(factors)):
                row[i] = min(row[i], np.uint32(value * factors[i] + summands[i]))
