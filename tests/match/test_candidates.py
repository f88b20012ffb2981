"""The compiled search for near-duplicates is the plain one."""

import random
from contextlib import nullcontext

import numpy as np
import pytest
from checked import checked_kernels
from hypothesis import given
from hypothesis import strategies as st

from provenance.config import Config
from provenance.match import candidates, sketches
from provenance.match.candidates import (
    distinct,
    joined,
    overlaps,
    post_keys,
    sharing_pairs,
    split,
)
from provenance.match.overlap import story_kernel
from provenance.match.packing import pack_kernel, unpack
from provenance.match.pairs import (
    compare_texts,
    find_near_duplicates,
    near_duplicates,
    pairs_of_bands,
)
from provenance.match.postings import build_postings, count_shared
from provenance.match.sketches import sketch_table, stored_tokens
from provenance.storage import Storage
from provenance.text.corpus import tokenize_texts

pytest.importorskip("numba")


@pytest.fixture(scope="module")
def table(filler):
    """Return the tokens of stories in many versions, a wording that is everywhere, and oddities."""
    draw = random.Random(8)
    everywhere = filler("everywhere", 12)
    texts = ["", "one", "one two", "one two one two one two one two one two one two"]
    for story in range(12):
        words = filler(story, 150).split()
        for version in range(25):
            rate = 0.01 * (version % 9)
            copy = [f"e{draw.randrange(10**9)}" if draw.random() < rate else w for w in words]
            start, end = sorted(draw.sample(range(151), 2)) if version % 3 else (0, 150)
            texts.append(" ".join([*copy[start:end], everywhere]))
    return tokenize_texts(texts, compile_kernels=True)


@pytest.mark.parametrize("shard", [1 << 23, 64])
@pytest.mark.parametrize("share", [0.1, 0.5])
def test_sharing_pairs_are_those_of_the_postings(table, monkeypatch, share, shard):
    """Pairs by half shingles, in any number of shards, are those that postings count."""
    monkeypatch.setattr(sketches, "_SHARD", shard)
    counted = count_shared(build_postings(table), least=1 << 30, share=share, compile_kernels=False)
    _, keys = sketch_table(table, Config())
    found = sharing_pairs(post_keys(keys, np.arange(len(table), dtype=np.int32), Storage()), share)
    assert found.tolist() == joined(counted.a, counted.b).tolist()
    assert len(found) > 100


@pytest.mark.parametrize(
    "config", [Config(), Config(threshold=0.4, shingle=3), Config(shingle=9, permutations=32)]
)
def test_both_paths_find_the_same(table, config):
    """Bands, agreement of signatures and exact values agree, sampled buckets included."""
    plain = find_near_duplicates(table, config, None, compile_kernels=False)
    fast = find_near_duplicates(table, config, None, compile_kernels=True)
    assert len(plain) > 100
    for name in ("a", "b", "jaccard", "a_containment", "b_containment", "sampled_buckets"):
        assert np.array_equal(getattr(plain, name), getattr(fast, name))


@pytest.mark.parametrize("room", [1, 1 << 10, 1 << 16])
def test_any_pairs_are_compared_exactly(table, monkeypatch, room):
    """Short, empty and repetitive texts have the same values on both paths, in any room."""
    monkeypatch.setattr(candidates, "_STORY", room)
    draw = random.Random(9)
    numbers = [
        draw.randrange(12) if draw.random() < 0.5 else draw.randrange(304) for _ in range(600)
    ]
    a, b = np.array(numbers, np.int32).reshape(2, -1)
    plain = compare_texts(table, Config(), a, b, compile_kernels=False)
    fast = compare_texts(table, Config(), a, b, compile_kernels=True)
    for name in ("a", "b", "jaccard", "a_containment", "b_containment"):
        assert np.array_equal(getattr(plain, name), getattr(fast, name))


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
def test_a_story_is_what_pairs_connect(edges):
    """Each text has the least text that a chain of pairs leads to."""
    expected = list(range(12))
    for _ in expected:
        for a, b in edges:
            expected[a] = expected[b] = min(expected[a], expected[b])
    story = np.empty(12, np.int32)
    sides = np.array(edges, np.int32).reshape(-1, 2)
    story_kernel(joined(sides[:, 0], sides[:, 1]), story)
    assert story.tolist() == expected


def test_token_numbers_are_packed_in_one_half_or_two():
    """Every number up to the largest comes back; a small one takes half the room."""
    numbers = np.array([0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 70_000, 5], np.int32)
    counts = np.array([3, 0, 4, 1], np.int64)
    packed, sizes = np.empty(16, np.uint16), np.empty(4, np.int64)
    assert pack_kernel(numbers, counts, packed, sizes) == 12
    assert sizes.tolist() == [3, 0, 8, 1]
    with checked_kernels():
        again = np.empty(16, np.uint16), np.empty(4, np.int64)
        pack_kernel(numbers, counts, *again)
    assert again[0][:12].tolist() == packed[:12].tolist()
    vocabulary = np.arange(70_010, dtype=np.uint64) * np.uint64(3)
    hashes = np.zeros(8, np.uint64)
    assert unpack(packed, 0, 12, vocabulary, 2, hashes) == 8
    assert hashes.tolist() == [3 * (number + 2) for number in numbers.tolist()]


def test_pairs_are_packed_and_unpacked():
    """Two numbers become one and two again; each pair is kept once, in order."""
    a, b = np.array([3, 0, 3], np.int32), np.array([4, 2**31 - 1, 4], np.int32)
    assert [side.tolist() for side in split(joined(a, b))] == [a.tolist(), b.tolist()]
    assert distinct(joined(a, b)).tolist() == [2**31 - 1, (3 << 32) + 4]


def test_rows_that_stand_for_no_text_do_not_count(table):
    """Only the rows that are named are compared, and pairs number their names."""
    rows = np.arange(len(table), dtype=np.int32)[::-3].copy()
    counted = count_shared(
        build_postings(table.select(rows.astype(np.int64))),
        least=1 << 30,
        share=0.3,
        compile_kernels=False,
    )
    found = sharing_pairs(post_keys(sketch_table(table, Config())[1], rows, Storage()), 0.3)
    assert found.tolist() == joined(counted.a, counted.b).tolist()
    assert len(found) > 50


@pytest.mark.parametrize("room", [1, 1 << 16])
def test_no_text_leads_outside_an_array(table, monkeypatch, room):
    """Checked Python proposes and verifies the pairs that machine code does."""
    monkeypatch.setattr(candidates, "_STORY", room)
    few = table.select(np.array([0, 1, 2, 3, 4, 5, 4, 13, 60, 61, 0, 62], np.int64))
    rows = np.arange(len(few), dtype=np.int32)
    found = []
    for checked in (False, True):
        with checked_kernels() if checked else nullcontext():
            signatures, keys = sketch_table(few, Config())
            others = sharing_pairs(post_keys(keys, rows, Storage()), 0.3)
            some = np.diff(few.bounds) > 0
            bands, sampled = pairs_of_bands(signatures, rows, some, Config())
            tokens = stored_tokens(few)
            proposed = distinct(np.concatenate([bands, others]))
            pairs = near_duplicates(tokens, rows, proposed, Config(), sampled)
            every = joined(*np.triu_indices(len(few), 1))
            found.append([others.tolist(), pairs.jaccard.tolist()])
            found[-1].append(overlaps(tokens, rows, every, 5)[0].tolist())
    assert found[0] == found[1]
    assert min(map(len, found[0])) > 3
