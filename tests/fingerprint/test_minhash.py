"""Signatures are datasketch's own, bit for bit."""

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash
from hypothesis import given
from hypothesis import strategies as st

from provenance.fingerprint.minhash import (
    EMPTY,
    from_datasketch,
    permutations,
    signatures,
    to_datasketch,
)
from provenance.fingerprint.sketch import minhash_kernel

hashes = st.lists(st.integers(0, 2**64 - 1), max_size=20)
paths = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])


@given(st.integers(0, 2**32 - 1), st.sampled_from([16, 128, 1024]))
def test_permutations_are_drawn_as_numpy_draws_them(seed, count):
    """Factors are odd and summands any, of the state that NumPy makes of the seed."""
    generator = np.random.RandomState(seed)
    factors = generator.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    summands = generator.randint(0, 1 << 32, count, dtype=np.uint32)
    for drawn, expected in zip(permutations(count, seed), (factors, summands), strict=True):
        assert drawn.dtype == np.uint32
        assert drawn.tolist() == expected.tolist()


def sign(sets, count=16, seed=1, *, compiled=False):
    """Return the signatures of sets of 64-bit shingles."""
    counts = np.array([len(s) for s in sets], np.int64)
    flat = np.array([value for s in sets for value in s], np.uint64)
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    if compiled:
        rows = np.full((len(sets), count), EMPTY, np.uint32)
        mixed = np.empty(len(flat), np.uint32)
        minhash_kernel(flat, counts, 1, *permutations(count, seed), mixed, rows)
        return rows
    return signatures(flat, bounds, counts, count, seed)


def datasketch_of(values, count=16, seed=1):
    """Return datasketch's MinHash fed with the low halves of the same shingles."""
    made = MinHash(num_perm=count, seed=seed, scheme="affine32", hashfunc=lambda h: h & 0xFFFFFFFF)
    made.update_batch(values)
    return made


@paths
@given(sets=st.lists(hashes, max_size=4), seed=st.sampled_from([0, 1, 42, 2**32 - 1]))
def test_values_are_those_of_datasketch(compiled, sets, seed):
    """A signature equals `datasketch.MinHash(scheme="affine32")` with the same hashes."""
    rows = sign(sets, seed=seed, compiled=compiled)
    for row, values in zip(rows, sets, strict=True):
        assert row.tolist() == datasketch_of(values, seed=seed).hashvalues.tolist()


@paths
def test_long_texts_and_other_sizes(compiled):
    """Neither long texts nor the number of permutations make a difference to datasketch's values.

    A text of more than 4,096 shingles is worked in parts.
    """
    generator = np.random.default_rng(7)
    values = generator.integers(0, 2**64, 5000, np.uint64).tolist()
    for count in (1, 128):
        row = sign([values, []], count, compiled=compiled)
        assert row[0].tolist() == datasketch_of(values, count).hashvalues.tolist()
        assert (row[1] == EMPTY).all()


@given(hashes, st.randoms())
def test_neither_order_nor_repetition_counts(values, random):
    """A signature depends on the set of shingles only."""
    shuffled = values * 2
    random.shuffle(shuffled)
    first, second = sign([values, shuffled])
    assert first.tolist() == second.tolist()


def test_to_datasketch_and_back():
    """A signature goes to datasketch, is compared there, and comes back unchanged."""
    first, second = sign([range(100), range(20, 120)], 128)
    lean, other = to_datasketch(first, 1), to_datasketch(second, 1)
    assert isinstance(lean, LeanMinHash)
    assert lean.jaccard(other) == np.mean(first == second)
    assert lean.jaccard(LeanMinHash(datasketch_of(range(100), 128))) == 1.0
    assert from_datasketch(lean, 1).tolist() == first.tolist()
    full = datasketch_of(range(100), 128)
    assert from_datasketch(full, 1).tolist() == first.tolist()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (MinHash(16, scheme="legacy"), "legacy"),
        (MinHash(16, scheme="affine64"), "affine64"),
        (MinHash(16, seed=2, scheme="affine32"), "seed 2"),
    ],
)
def test_other_signatures_are_refused(made, said):
    """A signature of another scheme or seed is refused with words that say what differs."""
    with pytest.raises(ValueError, match=said) as caught:
        from_datasketch(made, 1)
    assert "affine32" in str(caught.value)
    assert "seed 1" in str(caught.value)
