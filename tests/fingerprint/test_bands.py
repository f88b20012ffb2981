"""Bands and rows come from the recall that is asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.fingerprint.bands import Bands, band_keys, choose_bands


@given(st.floats(0.05, 1), st.floats(0.5, 0.9999), st.sampled_from([16, 64, 128, 256]))
def test_the_recall_at_the_threshold_is_reached(threshold, recall, permutations):
    """The banding reaches the recall, or is the one that comes nearest to it: single rows."""
    banding = choose_bands(threshold, recall, permutations)
    assert banding.bands * banding.rows <= permutations
    reached = banding.recall(threshold) >= recall - 1e-12
    assert reached or banding == Bands(permutations, 1)


@given(st.floats(0.1, 0.99), st.floats(0.5, 0.999))
def test_no_banding_of_more_rows_reaches_it(threshold, recall):
    """The banding has the most rows, and so the fewest false candidates, that recall allows."""
    banding = choose_bands(threshold, recall, 128)
    for rows in range(banding.rows + 1, 129):
        assert Bands(128 // rows, rows).recall(threshold) < recall


@pytest.mark.parametrize(
    ("threshold", "recall", "expected"),
    [(1.0, 0.999, Bands(1, 128)), (0.05, 1.0, Bands(128, 1))],
)
def test_extremes(threshold, recall, expected):
    """Identity needs one band of all values; an impossible recall gets single rows."""
    assert choose_bands(threshold, recall, 128) == expected


def test_recall_is_the_share_of_random_pairs_that_meet():
    """The stated recall is what random signatures of that likeness show."""
    generator = np.random.default_rng(3)
    banding, jaccard, pairs = Bands(8, 3), 0.5, 4000
    one = generator.integers(0, 2**32, (pairs, 24), np.uint32)
    other = np.where(generator.random(one.shape) < jaccard, one, one ^ np.uint32(1))
    met = np.zeros(pairs, np.bool_)
    for a, b in zip(band_keys(one, banding), band_keys(other, banding), strict=True):
        met |= a == b
    assert met.mean() == pytest.approx(banding.recall(jaccard), abs=0.03)


@given(st.lists(st.lists(st.integers(0, 2), min_size=7, max_size=7), max_size=6))
def test_keys_are_equal_where_bands_are(rows):
    """Two texts have the same key of a band exactly where all its values are the same."""
    banding = Bands(3, 2)
    signatures = np.array(rows, np.uint32).reshape(-1, 7)
    keys = list(band_keys(signatures, banding))
    assert len(keys) == 3
    for band, of_band in enumerate(keys):
        part = signatures[:, 2 * band : 2 * band + 2]
        for i in range(len(rows)):
            for j in range(i):
                assert (of_band[i] == of_band[j]) == (part[i] == part[j]).all()


def test_bands_do_not_share_keys():
    """The same values in two bands have different keys: one store can hold all bands."""
    first, second = band_keys(np.full((1, 4), 9, np.uint32), Bands(2, 2))
    assert first[0] != second[0]
