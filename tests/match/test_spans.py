"""Aligned spans in arrays."""

from dataclasses import fields

import numpy as np
import pytest

from provenance.match.spans import Alignments, join_alignments, merge_alignments


def rows(*spans):
    """Return alignments of (a, b, a_start, a_end, b_start, b_end, equal); ten letters a token."""
    table = np.array(spans, np.int64).reshape(-1, 7)
    a, b, a_start, a_end, b_start, b_end, equal = table.T
    narrow = [column.astype(np.int32) for column in (a, b, a_start, a_end, b_start, b_end)]
    wide = [column * 10 for column in (a_start, a_end, b_start, b_end)]
    return Alignments(*narrow, *wide, equal.astype(np.int32))


def plain(found):
    """Return alignments as tuples, code points left out where they agree with the tokens."""
    names = ("a_start", "a_end", "b_start", "b_end")
    for name, place in zip(names, ("a_low", "a_high", "b_low", "b_high"), strict=True):
        assert (getattr(found, name) * 10 == getattr(found, place)).all()
    columns = [getattr(found, f.name).tolist() for f in fields(found)]
    return list(zip(*columns[:6], columns[10], strict=True))


def test_some_rows_are_taken_from_all_columns():
    """Rows are taken by number or by flag, in the order asked for."""
    found = rows((0, 1, 0, 9, 5, 14, 9), (0, 2, 3, 8, 0, 5, 5), (1, 2, 0, 4, 4, 8, 4))
    assert plain(found.take(np.array([2, 0]))) == [(1, 2, 0, 4, 4, 8, 4), (0, 1, 0, 9, 5, 14, 9)]
    assert plain(found.take(np.array([False, True, False]))) == [(0, 2, 3, 8, 0, 5, 5)]


def test_joined_rows_are_ordered_by_pair_and_place():
    """Parts are joined in one order, whichever comes first."""
    one = rows((0, 2, 5, 9, 0, 4, 4), (1, 2, 0, 4, 0, 4, 4))
    other = rows((0, 1, 0, 4, 0, 4, 4), (0, 2, 0, 4, 8, 12, 4))
    expected = [
        (0, 1, 0, 4, 0, 4, 4),
        (0, 2, 0, 4, 8, 12, 4),
        (0, 2, 5, 9, 0, 4, 4),
        (1, 2, 0, 4, 0, 4, 4),
    ]
    assert plain(join_alignments([one, other])) == expected
    assert plain(join_alignments([other, one])) == expected
    assert plain(join_alignments([rows(), rows()])) == []


def test_what_overlaps_on_both_sides_becomes_one_span():
    """The merged span reaches from the first to the last end, and counts no token twice."""
    tokens, letters = rows((0, 1, 0, 20, 10, 30, 20)), rows((0, 1, 10, 40, 20, 50, 24))
    assert plain(merge_alignments(tokens, letters)) == [(0, 1, 0, 40, 10, 50, 34)]


@pytest.mark.parametrize(
    "letters",
    [
        pytest.param((0, 1, 10, 40, 60, 90, 24), id="only in a"),
        pytest.param((0, 1, 50, 80, 20, 50, 24), id="only in b"),
        pytest.param((0, 2, 0, 20, 10, 30, 24), id="other pair"),
        pytest.param((0, 1, 20, 40, 30, 50, 20), id="side by side"),
    ],
)
def test_other_spans_stay_apart(letters):
    """Spans that overlap on one side only, or are of other texts, are not merged."""
    tokens = (0, 1, 0, 20, 10, 30, 20)
    assert plain(merge_alignments(rows(tokens), rows(letters))) == sorted([tokens, letters])


def test_a_merged_span_has_no_more_equal_tokens_than_tokens():
    """What both alignments count is cut to the length of the shorter side."""
    tokens, letters = rows((0, 1, 0, 20, 0, 30, 20)), rows((0, 1, 15, 24, 15, 30, 9))
    assert plain(merge_alignments(tokens, letters)) == [(0, 1, 0, 24, 0, 30, 24)]


def test_merging_leaves_what_it_was_given():
    """The rows that are merged are not changed in place."""
    tokens, letters = rows((0, 1, 0, 20, 10, 30, 20)), rows((0, 1, 10, 40, 20, 50, 24))
    merge_alignments(tokens, letters)
    assert plain(tokens) == [(0, 1, 0, 20, 10, 30, 20)]
    assert plain(letters) == [(0, 1, 10, 40, 20, 50, 24)]
