"""Places of tokens in three bytes are the places of an array."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.storage import Storage
from provenance.text.places import PlaceColumns

token = st.tuples(
    st.sampled_from([0, 5, 65_534, 65_536, 70_000, 1 << 31]), st.sampled_from([1, 255, 256, 70_000])
)


@given(st.lists(st.lists(token, max_size=6), max_size=4), st.data())
def test_places_are_taken_as_from_an_array(parts, data):
    """A number, a slice or an array of numbers gives the starts and ends that were appended."""
    columns = PlaceColumns(Storage(), 0)
    for part in parts:
        starts, sizes = np.array(part, np.uint32).reshape(-1, 2).T
        columns.append(starts, starts + sizes)
    starts, ends = columns.take()
    both = [(start, start + size) for part in parts for start, size in part]
    own = np.array(both, np.uint32).reshape(-1, 2)
    chosen = np.array(data.draw(st.lists(st.integers(0, len(own) - 1)) if both else st.just([])))
    chosen = chosen.astype(np.int64)
    part = data.draw(st.slices(len(own)))
    for column, places in ((starts, own[:, 0]), (ends, own[:, 1])):
        assert len(column) == len(places)
        assert column.dtype == places.dtype == column[:].dtype
        assert column[:].tolist() == places.tolist()
        assert column[part].tolist() == places[part].tolist()
        assert column[chosen].tolist() == places[chosen].tolist()
        assert [int(column[i]) for i in chosen.tolist()] == places[chosen].tolist()
