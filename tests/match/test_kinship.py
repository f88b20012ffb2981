"""Which texts are related, and how many are not."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.match import kinship
from provenance.match.kinship import (
    count_unrelated,
    count_unrelated_of_source,
    find_kinship,
    kinship_of,
)
from provenance.match.postings import CARRIERS, SharedPairs, build_postings
from provenance.text.corpus import tokenize_texts

TEXTS = 7
pairs = st.sets(
    st.tuples(st.integers(0, TEXTS - 1), st.integers(0, TEXTS - 1)).filter(lambda p: p[0] < p[1])
)
groups = st.lists(st.sets(st.integers(0, TEXTS - 1), min_size=1).map(sorted), max_size=6)


def kin(related):
    """Return the kinship of these pairs."""
    a, b = np.array(sorted(related), np.int32).reshape(-1, 2).T
    return kinship_of(SharedPairs(a, b, np.ones(len(a), np.int32)), TEXTS)


def flat(lists):
    """Return groups of texts as bounds and one array."""
    bounds = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    return bounds, np.array([text for one in lists for text in one], np.int32)


def count_plainly(group, related, most):
    """Count the texts of a group that are related to none counted before."""

    def kin(one, other):
        return (min(one, other), max(one, other)) in related

    taken = []
    for text in group:
        if len(taken) < most and not any(kin(text, other) for other in taken):
            taken.append(text)
    return len(taken)


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
@given(lists=groups, related=pairs, most=st.integers(1, 4))
def test_unrelated_texts_are_counted(compiled, lists, related, most):
    """A group counts the texts that are related to none counted before."""
    found = count_unrelated(*flat(lists), kin(related), most, compile_kernels=compiled)
    assert found.tolist() == [count_plainly(group, related, most) for group in lists]


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
@given(
    lists=groups,
    related=pairs,
    sources=st.lists(st.integers(-1, 2), min_size=TEXTS, max_size=TEXTS),
)
def test_the_source_with_most_is_counted(compiled, lists, related, sources):
    """Of each group the source with most unrelated texts counts; unknown sources never do."""
    found = count_unrelated_of_source(
        *flat(lists), np.array(sources, np.int32), kin(related), 3, compile_kernels=compiled
    )
    expected = [
        max(count_plainly([t for t in group if sources[t] == s], related, 3) for s in range(3))
        for group in lists
    ]
    assert found.tolist() == expected


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
def test_texts_of_a_big_story_are_one(compiled):
    """Texts that are related through flagged ones count once, those related through others not."""
    chain = {(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6)}
    a, b = np.array(sorted(chain), np.int32).T
    flags = np.array([True, True, True, False, False, False, False])
    led = kinship_of(SharedPairs(a, b, np.ones(len(a), np.int32)), TEXTS, flags)
    lists = flat([[0, 2], [1, 3], [2, 4], [3, 5], [0, 4, 6]])
    counted = count_unrelated(*lists, led, 9, compile_kernels=compiled)
    assert counted.tolist() == [1, 1, 2, 2, 3]
    counted = count_unrelated(*lists, kin(chain), 9, compile_kernels=compiled)
    assert counted.tolist() == [2, 2, 2, 2, 3]


def test_a_story_with_more_copies_than_are_compared_is_one(filler):
    """Copies of one story are related whatever each of them left out; strangers are not."""
    draw = random.Random(4)
    parts = [filler(f"part {i}", 40) for i in range(8)]
    copies = [
        " ".join(part for i, part in enumerate(parts) if i != draw.randrange(8) and i != n % 8)
        for n in range(2 * CARRIERS)
    ]
    strangers = [f"{filler(i, 300)} {parts[0]}" for i in range(3)]
    table = tokenize_texts([*copies, *strangers], compile_kernels=False)
    unknown = np.full(len(table), -1, np.int32)
    found = find_kinship(build_postings(table), unknown, compile_kernels=False)
    assert set(found.leader.tolist()) == {0, *range(len(copies), len(table))}


@given(pairs)
def test_kinship_knows_its_pairs(related):
    """Two texts are related where a pair says so, whichever is named first."""
    found = kin(related)
    every = [(a, b) for a in range(TEXTS) for b in range(TEXTS) if a != b]
    a, b = np.array(every, np.int32).T
    known = [(min(pair), max(pair)) in related for pair in every]
    assert found.related(a, b).tolist() == known


def related_texts(texts, sources):
    """Return the related pairs among the texts."""
    postings = build_postings(tokenize_texts(texts, compile_kernels=False))
    found = find_kinship(postings, np.array(sources, np.int32), compile_kernels=False)
    owners = np.repeat(np.arange(len(texts)), np.diff(found.bounds)).tolist()
    return {(a, b) for a, b in zip(owners, found.kin.tolist(), strict=True) if a < b}


def test_what_makes_texts_related(filler):
    """About 150 shared tokens, or two fifths of the shorter text, make two texts related."""
    shared = filler("shared", 220)
    some = " ".join(shared.split()[:90])
    brief = " ".join(shared.split()[:25])
    texts = [
        f"{filler(1, 800)} {shared}",
        f"{shared} {filler(2, 800)}",
        f"{filler(3, 800)} {some}",
        f"{filler(4, 20)} {brief}",
        f"{filler(5, 80)} {brief}",
    ]
    assert related_texts(texts, [-1] * 5) == {(0, 1), (0, 3), (1, 3), (2, 3), (3, 4)}


@pytest.mark.parametrize("at_a_time", [1 << 20, 100])
def test_a_template_of_one_source_makes_no_kin(filler, monkeypatch, at_a_time):
    """What ten texts of one source carry does not relate them, but relates others to them."""
    monkeypatch.setattr(kinship, "_POSTINGS_AT_A_TIME", at_a_time)
    template = filler("template", 120)
    texts = [f"{filler(i, 150)} {template}" for i in range(12)]
    of_one = related_texts(texts, [0] * 12)
    assert of_one == set()
    of_two = related_texts(texts, [0] * 10 + [1] * 2)
    assert (0, 10) in of_two
    assert (0, 1) not in of_two
