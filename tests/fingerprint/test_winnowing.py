"""Winnowing: what is selected, and the promise that comes with it."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.fingerprint.shingles import shingle_array, shingle_counts
from provenance.fingerprint.winnowing import winnow
from provenance.text.corpus import tokenize_texts

values = st.lists(st.integers(0, 5), max_size=15)


def select(texts, window):
    """Return the selected places of each text."""
    counts = np.array([len(text) for text in texts], np.int64)
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    flat = np.array([value for text in texts for value in text], np.uint64)
    places = winnow(flat, bounds, counts, window)
    return [places[(low <= places) & (places < high)] - low for low, high in pairwise(bounds)]


def select_plainly(text, window):
    """Return the rightmost least value's place of every window, as the paper words it."""
    chosen = set()
    for start in range(max(len(text) - window + 1, min(len(text), 1))):
        part = text[start : start + window]
        chosen.add(start + max(i for i, value in enumerate(part) if value == min(part)))
    return sorted(chosen)


@given(st.lists(values, max_size=4), st.integers(1, 6))
def test_the_least_of_every_window_is_selected(texts, window):
    """The selection is the rightmost minimum of each window; a shorter text is one window."""
    found = [places.tolist() for places in select(texts, window)]
    assert found == [select_plainly(text, window) for text in texts]


words = st.lists(st.sampled_from("abcdef"), max_size=12)


@given(words, words, words, words, st.data())
def test_every_shared_run_is_seen(before, after, begin, end, data):
    """Texts that share k + w - 1 tokens in a row have a selected shingle of that run in common."""
    size, window = 3, 4
    run = data.draw(st.lists(st.sampled_from("abcdef"), min_size=size + window - 1, max_size=12))
    texts = [" ".join([*before, *run, *after]), " ".join([*begin, *run, *end])]
    table = tokenize_texts(texts, compile_kernels=False)
    shingles = shingle_array(table, size)
    places = winnow(shingles, table.bounds, shingle_counts(table, size), window)
    seen = []
    for text, offset in ((0, len(before)), (1, len(begin))):
        low = table.bounds[text] + offset
        inside = (low <= places) & (places <= low + len(run) - size)
        seen.append({int(place - low) for place in places[inside]})
    assert seen[0] & seen[1]
