"""The compiled writer gives the bytes of the plain one."""

import numpy as np
import pytest
from any_text import texts
from hypothesis import given
from hypothesis import strategies as st

from provenance.json_text import encode
from provenance.match.classes import CLASSES
from provenance.match.results import KINDS, MatchTable, PairTable
from provenance.output import many_rows
from provenance.output.many_rows import match_lines, pair_lines, rounded_steps
from provenance.output.rows import match_row, pair_row

pytest.importorskip("numba")
shares = st.fractions(0, 1, max_denominator=400).map(float)


@given(st.lists(texts, min_size=2, max_size=4, unique=True), st.data())
def test_pairs_are_written_as_rows_are(ids, data):
    """Any ids and values give the lines that each row gives by itself, in rooms of any size."""
    number = st.integers(0, len(ids) - 1)
    chosen = data.draw(st.lists(st.tuples(number, number, shares, shares, shares), max_size=5))
    a, b = (np.array([row[i] for row in chosen], np.int32) for i in (0, 1))
    values = (np.array([row[i] for row in chosen], np.float64) for i in (2, 3, 4))
    table = PairTable(sorted(ids), a, b, *values)
    expected = "".join(f"{encode(pair_row(pair))}\n" for pair in table).encode()
    for room in (64, 1 << 20):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(many_rows, "_ROOM", room)
            assert b"".join(pair_lines(table)) == expected


@given(st.lists(texts, min_size=2, max_size=4, unique=True), st.data())
def test_matches_are_written_as_rows_are(ids, data):
    """Any ids, places, classes and figures give the lines that each row gives by itself."""
    number, place = st.integers(0, len(ids) - 1), st.integers(0, 1 << 30)
    kinds = (st.integers(0, len(CLASSES) - 1), st.integers(0, len(KINDS) - 1))
    row = st.tuples(number, place, place, number, place, place, *kinds, *[shares] * 3, place)
    chosen = data.draw(st.lists(row, max_size=5))
    types = ["i4", "i8", "i8", "i4", "i8", "i8", "i1", "i1", "f8", "f8", "f8", "i4"]
    columns = ([row[i] for row in chosen] for i in range(len(types)))
    arrays = (np.array(c, kind) for c, kind in zip(columns, types, strict=True))
    table = MatchTable(sorted(ids), *arrays)
    expected = "".join(f"{encode(match_row(match))}\n" for match in table).encode()
    assert b"".join(match_lines(table)) == expected


@given(st.integers(1, 4000), st.data())
def test_numbers_are_rounded_as_python_rounds(whole, data):
    """Steps of 0.0001 are those of `round`, ties between two steps included."""
    values = [data.draw(st.integers(0, whole)) / whole, 0.03125, 0.00005, 0.99995, 0.0, 1.0]
    steps = rounded_steps(np.array(values))
    assert [step / 10_000 for step in steps.tolist()] == [round(value, 4) for value in values]
