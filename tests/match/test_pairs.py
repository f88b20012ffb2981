"""Near-duplicate pairs: every value exact, no pair lost."""

import random
from itertools import combinations

import numpy as np
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from provenance.config import Config
from provenance.fingerprint.bands import choose_bands
from provenance.fingerprint.shingles import shingle_hash
from provenance.match.pairs import compare_texts, find_near_duplicates, likely_share
from provenance.match.postings import build_postings, count_shared
from provenance.match.sketches import banding_of
from provenance.text.corpus import tokenize_texts

NO_OTHERS = None
paths = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])


def shingle_set(text, size=5):
    """Return a text's set of shingles by the definition."""
    tokens = [xxhash.xxh64_intdigest(word.encode()) for word in text.split()]
    if len(tokens) < size:
        return {shingle_hash(tokens)} if tokens else set()
    return {shingle_hash(tokens[i : i + size]) for i in range(len(tokens) - size + 1)}


def brute_force(texts, config):
    """Return every near-duplicate pair with its exact values."""
    sets = [shingle_set(text, config.shingle) for text in texts]
    found = {}
    for a, b in combinations(range(len(texts)), 2):
        shared = len(sets[a] & sets[b])
        if not shared:
            continue
        values = (
            shared / len(sets[a] | sets[b]),
            shared / len(sets[a]),
            shared / len(sets[b]),
        )
        if values[0] >= config.threshold or max(values) >= config.containment:
            found[a, b] = values
    return found


def found_in(texts, config, *, compiled=False):
    """Return the near-duplicate pairs that the search finds, candidates of both kinds used."""
    table = tokenize_texts(texts, compile_kernels=compiled)
    others = count_shared(
        build_postings(table),
        least=1 << 30,
        share=0.6 * likely_share(config),
        compile_kernels=compiled,
    )
    pairs = find_near_duplicates(table, config, others, compile_kernels=compiled)
    columns = (pairs.jaccard, pairs.a_containment, pairs.b_containment)
    values = zip(*(c.tolist() for c in columns), strict=True)
    return dict(zip(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True), values, strict=True))


def versions(filler, seed):
    """Return copies of a few invented texts, edited, cut and extended by different amounts."""
    draw = random.Random(seed)
    texts = []
    for story in range(4):
        words = filler(f"{seed} {story}", 200).split()
        for version in range(6):
            copy = [
                f"e{draw.randrange(10**9)}" if draw.random() < 0.004 * version else w for w in words
            ]
            kept = copy[: draw.randint(60, 200)] if version % 2 else copy
            texts.append(
                " ".join([*kept, *filler(f"{seed} {story} {version}", 8 * version).split()])
            )
    return texts


@paths
@pytest.mark.parametrize(
    "config", [Config(), Config(threshold=0.4, containment=0.5), Config(shingle=3, permutations=64)]
)
def test_pairs_are_those_of_brute_force(filler, config, compiled):
    """All near-duplicate pairs are found, with the exact Jaccard and containments."""
    texts = versions(filler, 5)
    expected = brute_force(texts, config)
    assert len(expected) > 8
    assert found_in(texts, config, compiled=compiled) == expected


@pytest.mark.parametrize("threshold", [0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
def test_bands_alone_find_what_is_alike(filler, threshold):
    """Without other candidates, every pair over the threshold is found by its signatures."""
    texts = versions(filler, 6)
    config = Config(threshold=threshold, containment=1.0)
    table = tokenize_texts(texts, compile_kernels=False)
    pairs = find_near_duplicates(table, config, NO_OTHERS, compile_kernels=False)
    found = set(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True))
    expected = {pair for pair, v in brute_force(texts, config).items() if v[0] >= threshold}
    assert expected
    assert expected <= found


short = st.lists(st.sampled_from("abc"), max_size=8).map(" ".join)


@given(st.lists(short, max_size=6))
def test_small_texts_are_compared_exactly(texts):
    """Short, empty and repetitive texts have the values of brute force too."""
    table = tokenize_texts(texts, compile_kernels=False)
    every = list(combinations(range(len(texts)), 2))
    a, b = np.array(every, np.int32).reshape(-1, 2).T
    pairs = compare_texts(table, Config(), a, b, compile_kernels=False)
    sets = [shingle_set(text) for text in texts]
    for i, (one, other) in enumerate(every):
        shared = len(sets[one] & sets[other])
        assert pairs.jaccard[i] == shared / max(len(sets[one] | sets[other]), 1)
        assert pairs.a_containment[i] == shared / max(len(sets[one]), 1)
        assert pairs.b_containment[i] == shared / max(len(sets[other]), 1)


@given(st.lists(short, max_size=6))
def test_what_is_found_is_near(texts):
    """No pair is reported that brute force does not report with the same values."""
    expected = brute_force(texts, Config())
    assert found_in(texts, Config()).items() <= expected.items()


def test_a_large_bucket_is_sampled_and_counted(filler):
    """Of many near-copies each meets the first and its neighbours; that is counted, and no lie."""
    words = filler("bucket", 300).split()
    texts = [" ".join([*words[:150], f"copy{i}", *words[150:]]) for i in range(60)]
    table = tokenize_texts(texts, compile_kernels=False)
    pairs = find_near_duplicates(table, Config(), NO_OTHERS, compile_kernels=False)
    assert pairs.sampled_buckets > 0
    assert set(range(1, 60)) == set(pairs.b[pairs.a == 0].tolist())
    assert pairs.jaccard.min() > 0.95


@given(st.floats(0.1, 0.99), st.sampled_from([32, 64, 128, 256]))
def test_few_values_propose_no_less(threshold, permutations):
    """Bands reach the recall that all values of a signature allow, with rows of three at least."""
    config = Config(threshold=threshold, permutations=permutations)
    whole = choose_bands(threshold, config.recall, permutations)
    chosen = banding_of(config)
    assert chosen.recall(threshold) >= min(config.recall, whole.recall(threshold))
    assert chosen == whole or (chosen.rows >= 3 and chosen.values <= 64)


def test_likely_share_is_what_a_pair_has_at_least():
    """At the limits a pair shares 2J / (1 + J), or the containment, of the smaller set at least."""
    assert likely_share(Config(threshold=0.5, containment=0.9)) == pytest.approx(2 / 3)
    assert likely_share(Config(threshold=0.9, containment=0.8)) == 0.8
