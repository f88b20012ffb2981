"""What else could be the source of a text."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.lineage.signals.rivals import find_triangles

PAIRS = st.sets(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]),
    max_size=20,
)


@given(PAIRS)
def test_triangles_are_all_texts_related_to_both_ends(pairs):
    """For every arc, each text that is related to its source and its derived text is found once."""
    ordered = sorted(pairs)
    a = np.array([first for first, _ in ordered], np.int32)
    b = np.array([second for _, second in ordered], np.int32)
    parent, child = np.concatenate([a, b]).tolist(), np.concatenate([b, a]).tolist()
    arc_of = {ends: arc for arc, ends in enumerate(zip(parent, child, strict=True))}
    expected = sorted(
        (arc, arc_of[p, k], arc_of[k, c])
        for (p, c), arc in arc_of.items()
        for k in range(8)
        if (p, k) in arc_of and (k, c) in arc_of
    )
    found = find_triangles(a, b, 8)
    rows = zip(found.arc.tolist(), found.first.tolist(), found.second.tolist(), strict=True)
    assert sorted(rows) == expected
