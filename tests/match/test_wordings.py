"""Wordings of a corpus, and how many mutually unrelated texts carry each."""

from contextlib import nullcontext
from itertools import combinations

import numpy as np
import pytest
from checked import checked_kernels
from hypothesis import given
from hypothesis import strategies as st

from provenance.match import wordings
from provenance.match.kinship import find_kinship, kinship_of
from provenance.match.postings import SharedPairs, build_postings
from provenance.match.wordings import LONG, SHORT, Carriers, find_cliques, shared_wordings
from provenance.text.corpus import tokenize_texts

pytest.importorskip("numba")
TEXTS = 8
pairs = st.sets(st.sampled_from(list(combinations(range(TEXTS), 2))))
phrase = st.sampled_from([" ".join(f"{c}{i}" for i in range(9)) for c in "abcdef"])
corpora = st.lists(st.lists(phrase, max_size=6).map(" ".join), min_size=1, max_size=TEXTS)


def kin_of(related, leaders=()):
    """Return the kinship of these pairs; texts before a leader in a row of `leaders` have it."""
    a, b = np.array(sorted(related), np.int32).reshape(-1, 2).T
    of_big_story = np.isin(np.arange(TEXTS), leaders)
    return kinship_of(SharedPairs(a, b, np.ones(len(a), np.int32)), TEXTS, of_big_story)


@given(related=pairs, leaders=st.sets(st.integers(0, TEXTS - 1)).map(sorted))
def test_texts_of_a_clique_are_all_related(related, leaders):
    """Any two texts of one number are kin or have one leader."""
    kinship = kin_of(related, leaders)
    numbers = find_cliques(kinship).tolist()
    leader = kinship.leader.tolist()
    for a, b in combinations(range(TEXTS), 2):
        if numbers[a] == numbers[b]:
            assert (a, b) in related or leader[a] == leader[b]
    assert all(numbers[number] == number for number in numbers)


def test_texts_that_are_all_related_are_one_clique():
    """Kin of everybody join the first, the kin of none are alone, and so is who misses one."""
    every = set(combinations(range(TEXTS), 2))
    assert set(find_cliques(kin_of(every)).tolist()) == {0}
    assert find_cliques(kin_of(set())).tolist() == list(range(TEXTS))
    assert find_cliques(kin_of(every - {(2, 5)})).tolist() == [0, 0, 0, 0, 0, 5, 0, 0]


@pytest.mark.parametrize("run", [nullcontext, checked_kernels])
@pytest.mark.parametrize(("size", "texts"), [(LONG, 3), (SHORT, 2), (LONG, 2), (SHORT, 4)])
@given(several=corpora, related=pairs, few=st.booleans(), data=st.data())
def test_no_wording_is_left_out_that_enough_unrelated_texts_carry(
    run, size, texts, several, related, few, data
):
    """Places and counts of wordings in `least` unrelated texts are those of the plain path."""
    least = data.draw(st.integers(1, texts))
    table = tokenize_texts([*several, *[""] * (TEXTS - len(several))], compile_kernels=False)
    postings = build_postings(table)
    sources = np.array([-1, 0, 0, 1, 1, 1, 0, -1], np.int32)
    found = []
    for compiled in (False, True):
        carriers = Carriers(table, sources, kin_of(related), 5, 3, compile_kernels=compiled)
        with pytest.MonkeyPatch.context() as patch, run():
            patch.setattr(wordings, "_WORDINGS_AT_A_TIME", 3 if few else 1 << 10)
            patch.setattr(wordings, "_MOST_CELLS", 2 if few else 1 << 10)
            rows = shared_wordings(carriers, postings, size, texts, least)
        kept = (rows.overall >= least) | (rows.of_source >= least)
        columns = (rows.place, rows.overall, rows.of_source)
        found.append([column[kept].tolist() for column in columns])
    assert found[0] == found[1]


def test_most_wordings_of_one_story_are_left_out(story, filler):
    """Copies of one story are a clique, so that the sieve passes none of what only they carry."""
    texts = [f"{' '.join(story)} {filler(i, 30)} {filler('everywhere', 12)}" for i in range(9)]
    texts += [f"{filler(i, 300)} {filler('everywhere', 12)}" for i in (20, 21)]
    table = tokenize_texts(texts, compile_kernels=True)
    postings = build_postings(table)
    sources = np.full(len(table), -1, np.int32)
    kinship = find_kinship(postings, sources, compile_kernels=True)
    carriers = Carriers(table, sources, kinship, 10, 6, compile_kernels=True)
    found = shared_wordings(carriers, postings, LONG, 3, 3)
    assert len(found.place) == 5 * len(texts)
    assert set(found.overall.tolist()) == {3}
