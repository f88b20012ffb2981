"""The kernels from token hashes to shingles and winnowed keys are the plain forms, bit for bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.fingerprint.minhash import EMPTY, permutations
from provenance.fingerprint.shingles import shingle_hash
from provenance.fingerprint.sketch import minhash_kernel, shingle_kernel, sketch_kernel
from provenance.fingerprint.winnowing import winnow

pytest.importorskip("numba")
hashes = st.integers(0, 2**64 - 1) | st.integers(0, 3)
many = st.lists(st.lists(hashes, max_size=14), max_size=4)


def flat(several):
    """Return lists behind each other, and their lengths."""
    values = np.array([value for text in several for value in text], np.uint64)
    return values, np.array([len(text) for text in several], np.int64)


@given(many, st.integers(1, 6))
def test_shingles_are_those_of_the_definition(several, size):
    """Each place that holds a shingle has `shingle_hash` of its tokens, and no other is written."""
    values, counts = flat(several)
    written = np.full(len(values), 7, np.uint64)
    shingle_kernel(values, counts, size, written)
    expected = []
    for text in several:
        places = max(len(text) - size + 1, min(len(text), 1))
        expected += [shingle_hash(text[i : i + size]) for i in range(places)]
        expected += [7] * (len(text) - places)
    assert written.tolist() == expected


@given(many, st.integers(1, 4), st.integers(1, 4), st.integers(1, 6))
def test_keys_are_the_low_halves_of_winnowed_shingles(several, size, other, window):
    """Keys are those of `winnow`, in order, on machine code and on checked Python.

    Signatures are those of shingles of any length.
    """
    hashes, counts = flat(several)
    values, wide = np.zeros((2, len(hashes)), np.uint64)
    shingle_kernel(hashes, counts, size, values)
    shingle_kernel(hashes, counts, other, wide)
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    shingles = np.where(counts == 0, 0, np.maximum(counts - size + 1, 1))
    places = winnow(values, bounds, shingles, window)
    expected = np.histogram(places, bounds)[0] if len(values) else np.zeros(len(counts))
    signatures = np.full((len(counts), 20), EMPTY)
    with np.errstate(over="ignore"):
        minhash_kernel.plain(
            wide, counts, other, *permutations(20, 3), np.empty(99, np.uint32), signatures
        )
    for run in (sketch_kernel, sketch_kernel.plain):
        keys, selected = np.empty(len(values) + 1, np.uint32), np.empty(len(counts), np.int64)
        rows = np.full((len(counts), 20), EMPTY)
        room = [np.empty(99, kind) for kind in (np.uint64, np.uint32, np.uint8, np.uint8)]
        with np.errstate(over="ignore"):
            written = run(
                hashes,
                counts,
                other,
                size,
                window,
                *permutations(20, 3),
                *room,
                rows,
                keys,
                selected,
            )
        assert keys[:written].tolist() == (values[places] & np.uint64(0xFFFFFFFF)).tolist()
        assert selected.tolist() == expected.tolist()
        assert rows.tolist() == signatures.tolist()
