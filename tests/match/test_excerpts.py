"""Excerpts of one story that several strangers quote."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.match import excerpts
from provenance.match.classes import CLASSES
from provenance.match.excerpts import tell_excerpts
from provenance.match.spans import Alignments
from provenance.model import MatchClass

REUSE, WIDE = CLASSES.index(MatchClass.REUSE), CLASSES.index(MatchClass.WIDELY_SHARED)


def rows_of(*spans):
    """Return alignments of (a, b, start, end): the same tokens on both sides."""
    ordered = sorted(spans)
    a, b, start, end = (np.array(column, np.int32) for column in zip(*ordered, strict=True))
    wide = start.astype(np.int64), end.astype(np.int64)
    return Alignments(a, b, start, end, start, end, *wide, *wide, end - start), ordered


def classes_of(spans, wide):
    """Return the class of each span; those in `wide` come as widely shared."""
    rows, ordered = rows_of(*spans)
    given_classes = np.array([WIDE if span in wide else REUSE for span in ordered], np.int8)
    found = tell_excerpts(rows, given_classes)
    return dict(zip(ordered, found.tolist(), strict=True))


STORY = [(0, 1, 0, 90), (0, 2, 0, 90), (1, 2, 0, 90)]


def test_what_most_of_a_story_carries_is_the_storys():
    """A passage that all texts of a story have, and one stranger, was taken from the story."""
    excerpt = (0, 3, 40, 60)
    assert classes_of([*STORY, excerpt], {excerpt})[excerpt] == REUSE


def test_what_more_strangers_carry_is_anybodys():
    """A passage with more carriers outside the story than inside stays widely shared."""
    outside = [(0, stranger, 40, 60) for stranger in (3, 4, 5)]
    found = classes_of([*STORY, *outside], set(outside))
    assert {found[span] for span in outside} == {WIDE}


def test_what_one_text_of_a_story_added_is_not_the_storys():
    """A passage that the relatives of a text lack is background, whoever else has it."""
    added = (0, 3, 90, 120)
    assert classes_of([*STORY, added], {added})[added] == WIDE


def test_without_relatives_nothing_is_told():
    """Two texts that share nothing with others keep the class that they had."""
    lone = (0, 1, 0, 40)
    assert classes_of([lone], {lone})[lone] == WIDE


def plainly_told(ordered, given_classes):
    """Return the classes as the rule of `tell_excerpts` says, until it tells nothing more."""
    told = told_once(ordered, given_classes)
    return told if told == given_classes else plainly_told(ordered, told)


def told_once(ordered, given_classes):
    """Return the classes after one look at every row, one passage and partner at a time."""
    related = {(a, b) for (a, b, _, _), k in zip(ordered, given_classes, strict=True) if k == REUSE}
    related |= {(b, a) for a, b in related}

    def carried(text, low, high):
        kin = {b for a, b in related if a == text}
        words = {}
        for a, b, start, end in ordered:
            if text in (a, b):
                other = b if a == text else a
                common = max(min(end, high) - max(start, low), 0)
                words[other] = words.get(other, 0) + common
        carriers = {other for other, count in words.items() if count >= 0.5 * (high - low)}
        if len(kin) < 2:
            return -1.0, False
        inside = len(carriers & kin)
        return inside / len(kin), 2 * inside >= len(carriers)

    told = []
    for (a, b, low, high), kind in zip(ordered, given_classes, strict=True):
        sides = [carried(a, low, high), carried(b, low, high)]
        known = sum(most >= 0 for most, _ in sides)
        most, few = max(sides)
        least = 0.5 if known == 2 else 0.8
        excerpt = kind == WIDE and known and most >= least and few
        told.append(REUSE if excerpt else kind)
    return told


@pytest.mark.parametrize("at_a_time", [1, 7, 1 << 20, "kernel"])
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(4, 8), st.integers(0, 5), st.integers(6, 9)),
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_passages_of_all_texts_at_once_are_told_as_each_by_itself(at_a_time, spans, chance):
    """However many rows are compared at once, the rule is that of one passage after the other.

    So it is where a kernel counts.
    """
    compiled = at_a_time == "kernel"
    if compiled:
        pytest.importorskip("numba")
    rows, ordered = rows_of((0, 4, 0, 6), (1, 4, 0, 6), (0, 5, 0, 6), *spans)
    given_classes = [chance.choice([WIDE, WIDE, REUSE]) for _ in ordered]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(excerpts, "_AT_A_TIME", 1 if compiled else at_a_time)
        found = tell_excerpts(rows, np.array(given_classes, np.int8), compile_kernels=compiled)
    assert found.tolist() == plainly_told(ordered, given_classes)


@given(
    st.sets(
        st.tuples(st.integers(0, 4), st.integers(5, 9), st.integers(0, 5), st.integers(6, 20)),
        min_size=1,
        max_size=20,
    ),
    st.randoms(use_true_random=False),
)
def test_only_widely_shared_rows_change(spans, chance):
    """Every row keeps its class but for widely shared ones, which may become reuse."""
    wide = {span for span in spans if chance.random() < 0.5}
    for span, found in classes_of(list(spans), wide).items():
        assert found == REUSE or span in wide


def test_what_is_told_makes_relatives():
    """A stranger whose excerpt was told belongs to the story when the next excerpt is asked."""
    first, others = (1, 3, 10, 40), [(1, 3, 60, 80), (1, 4, 60, 80), (1, 5, 60, 80)]
    alone = classes_of([*STORY, *others], set(others))
    assert {alone[span] for span in others} == {WIDE}
    found = classes_of([*STORY, first, *others], {first, *others})
    assert {found[span] for span in (first, *others)} == {REUSE}


@given(
    st.sets(
        st.tuples(st.integers(0, 4), st.integers(5, 9), st.integers(0, 5), st.integers(6, 20)),
        min_size=1,
        max_size=20,
    ),
    st.randoms(use_true_random=False),
)
def test_told_again_nothing_changes(spans, chance):
    """Excerpts of a result in which they are told are the same."""
    rows, ordered = rows_of(*spans)
    given_classes = np.array([chance.choice([WIDE, REUSE]) for _ in ordered], np.int8)
    once = tell_excerpts(rows, given_classes)
    assert tell_excerpts(rows, once).tolist() == once.tolist()
