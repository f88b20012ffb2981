"""The order of large arrays of numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.match.ordering import stable_order

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
