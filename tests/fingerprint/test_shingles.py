"""Shingles: the arrays meet the definition of one."""

import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from provenance.fingerprint.shingles import (
    distinct_shingles,
    shingle_array,
    shingle_counts,
    shingle_hash,
    shingle_places,
)
from provenance.text.corpus import tokenize_texts

words = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12).map(" ".join)
several = st.lists(words, max_size=5)
sizes = st.integers(1, 8)


def shingles_of(text, size):
    """Return a text's shingles by the definition, in plain Python."""
    tokens = [xxhash.xxh64_intdigest(word.encode()) for word in text.split()]
    if len(tokens) < size:
        return [shingle_hash(tokens)] if tokens else []
    return [shingle_hash(tokens[i : i + size]) for i in range(len(tokens) - size + 1)]


@given(several, sizes)
def test_arrays_meet_the_definition(texts, size):
    """Every text has the shingles that the definition gives it, at their first tokens."""
    table = tokenize_texts(texts, compile_kernels=False)
    values = shingle_array(table, size)
    counts = shingle_counts(table, size)
    places = shingle_places(table, size)
    for i, text in enumerate(texts):
        start, count = table.bounds[i], counts[i]
        assert values[start : start + count].tolist() == shingles_of(text, size)
        assert places[table.slice(i)].tolist() == [n < count for n in range(len(text.split()))]


@given(several, sizes)
def test_distinct_shingles_are_rising_sets(texts, size):
    """A text's distinct shingles are its set of shingles in rising order."""
    table = tokenize_texts(texts, compile_kernels=False)
    values, bounds = distinct_shingles(shingle_array(table, size), table, size)
    for i, text in enumerate(texts):
        own = values[bounds[i] : bounds[i + 1]].tolist()
        assert own == sorted(set(shingles_of(text, size)))


@given(several, sizes, st.data())
def test_a_range_of_texts_has_the_same_shingles(texts, size, data):
    """Shingles of texts `first..last-1` are those of the whole array there."""
    table = tokenize_texts(texts, compile_kernels=False)
    first = data.draw(st.integers(0, len(texts)))
    last = data.draw(st.integers(first, len(texts)))
    part = shingle_array(table, size, first, last)
    places = shingle_places(table, size)[table.bounds[first] : table.bounds[last]]
    whole = shingle_array(table, size)[table.bounds[first] : table.bounds[last]]
    assert part[places].tolist() == whole[places].tolist()


@pytest.mark.parametrize("text", ["", "one", "one two", "one two three", "one two three four"])
def test_a_short_text_alone(text):
    """A text shorter than a shingle has one of all its tokens; an empty one has none."""
    table = tokenize_texts([text], compile_kernels=False)
    values = shingle_array(table, 5)[shingle_places(table, 5)]
    assert values.tolist() == shingles_of(text, 5)
    assert len(values) == (1 if text else 0)


def test_a_short_text_equals_only_its_like():
    """The beginning of a longer text is not a shingle of it."""
    table = tokenize_texts(["a b c", "A B, C!", "a b c d e f", "a b"], compile_kernels=False)
    values, bounds = distinct_shingles(shingle_array(table, 5), table, 5)
    sets = [set(values[bounds[i] : bounds[i + 1]].tolist()) for i in range(4)]
    assert sets[0] == sets[1]
    assert sets[0].isdisjoint(sets[2])
    assert sets[0].isdisjoint(sets[3])


def test_the_number_of_one_shingle_is_pinned():
    """Stored shingles stay comparable: the documented formula gives these numbers."""
    tokens = [xxhash.xxh64_intdigest(word.encode()) for word in ("the", "old", "harbour")]
    value = 3
    for token in tokens:
        value = (value * 0x9E3779B185EBCA87 + token) % 2**64
    value ^= value >> 32
    value = value * 0xC2B2AE3D27D4EB4F % 2**64
    assert shingle_hash(tokens) == value ^ (value >> 29)
    assert shingle_hash([]) == 0
    assert shingle_hash([1, 2]) != shingle_hash([2, 1])
