"""What the dates of two texts say."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.lineage.dates import Order, middle
from provenance.lineage.signals.publication import order_of_arcs, publication_columns
from provenance.timestamps import parse

DATES = st.sampled_from(
    [None, "2031-05-01", "2031-05-02", "2031-05-02T10:00:00Z", "2031-05-02T10:00", "2031-06-01"]
)


def columns(stated, sources):
    """Return the columns of all arcs between texts with these dates and sources."""
    published = [parse(date) if date else None for date in stated]
    a, b = np.triu_indices(len(stated), 1)
    a, b = a.astype(np.int32), b.astype(np.int32)
    parent, child = np.concatenate([a, b]), np.concatenate([b, a])
    number = np.array(sources, np.int32)
    orders = order_of_arcs(published, number, a, b)
    found = publication_columns(published, parent, child, orders, number[parent] == number[child])
    return published, parent, child, orders, found


@given(st.lists(st.tuples(DATES, st.integers(-1, 2)), min_size=2, max_size=6))
def test_dated_between_counts_the_later_ones_of_the_earlier_texts(texts):
    """It is the number of texts that are dated before the derived one and after the source."""
    published, parent, child, orders, found = columns(*zip(*texts, strict=True))
    for arc, (p, c) in enumerate(zip(parent.tolist(), child.tolist(), strict=True)):
        expected = 0
        if orders[arc] == Order.EARLIER:
            expected = sum(
                orders[other] == Order.EARLIER
                and child[other] == c
                and middle(published[parent[other]]) > middle(published[p])
                for other in range(len(parent))
            )
        assert round(float(np.expm1(found["dated_between"][arc]))) == expected


def test_one_clock_orders_times_without_a_zone():
    """Minutes of one outlet are in order; of two outlets they are days, which tie."""
    stated = ["2031-05-02T10:00", "2031-05-02T10:05"]
    assert columns(stated, [1, 1])[3].tolist() == [Order.EARLIER, Order.LATER]
    assert columns(stated, [1, 2])[3].tolist() == [Order.TIE, Order.TIE]


def test_what_one_outlet_published_at_once_is_told():
    """The same minute of one outlet is at once; the same day, or two outlets, is not."""
    moment = ["2031-05-02T10:00", "2031-05-02T10:00"]
    assert columns(moment, [1, 1])[4]["at_once"].tolist() == [1, 1]
    assert columns(moment, [1, 2])[4]["at_once"].tolist() == [0, 0]
    assert columns(["2031-05-02", "2031-05-02"], [1, 1])[4]["at_once"].tolist() == [0, 0]
