"""Counting before a place: what a running sum over all places gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.match.counting import Flags, Ranges

PLACES = np.arange(31)
ranges = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=8)


@given(st.lists(st.booleans(), min_size=30, max_size=30))
def test_flags_before_a_place(flags):
    """As many flags stand before a place as a running sum counts, and the rest are outside."""
    total = np.concatenate([[0], np.cumsum(flags)])
    found = Flags(np.array(flags))
    assert found.before(PLACES).tolist() == total.tolist()
    assert found.outside(PLACES).tolist() == (PLACES - total).tolist()
    outside = np.append(np.flatnonzero(~np.array(flags)), 30)
    assert found.place_outside(np.arange(len(outside))).tolist() == outside.tolist()


@given(ranges)
def test_covered_places_before_a_place(several):
    """A place that several ranges cover counts once, and empty ranges cover none."""
    covered = np.zeros(40, np.bool_)
    for low, size in several:
        covered[low : low + size] = True
    total = np.concatenate([[0], np.cumsum(covered)])
    low = np.array([low for low, _ in several], np.int64)
    high = np.array([low + size for low, size in several], np.int64)
    assert Ranges(low, high).before(PLACES).tolist() == total[PLACES].tolist()
