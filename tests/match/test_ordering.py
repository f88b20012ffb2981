"""The order of large arrays of numbers."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.match.ordering import stable_order, value_ranges

few = st.sampled_from([0, 1, 2**32, 2**63, 2**63 + 1, 2**63 + 2, 2**64 - 1])
numbers = st.lists(few | st.integers(0, 2**64 - 1), max_size=60)


@given(numbers)
def test_the_order_is_numpys_stable_one(values):
    """Any numbers, equal ones and such as differ in their low bits only, are ordered stably."""
    array = np.array(values, np.uint64)
    assert stable_order(array).tolist() == np.argsort(array, kind="stable").tolist()


@pytest.mark.parametrize("high", [1 << 20, (1 << 64) - 1], ids=["narrow", "wide"])
def test_many_numbers_are_ordered_alike(high):
    """A hundred thousand numbers, a tenth of them repeated, are ordered stably."""
    draw = np.random.default_rng(3)
    array = draw.integers(0, high, 100_000, np.uint64, endpoint=True)
    array[::10] = array[5::10]
    assert (stable_order(array) == np.argsort(array, kind="stable")).all()


@given(numbers, st.integers(1, 70))
def test_ranges_of_values_rise_and_cover_all(values, at_a_time):
    """Each value lies in one range, and none is higher than a value of the next range."""
    array = np.array(values, np.uint64)
    ranges = list(value_ranges(array, at_a_time))
    assert sum(chosen.astype(int) for chosen in ranges).tolist() == [1] * len(values)
    parts = [array[chosen] for chosen in ranges if chosen.any()]
    assert all(low.max() < high.min() for low, high in pairwise(parts))
    assert len(ranges) == 1 or at_a_time < len(values)
