"""The token kernel: inside its arrays whatever the texts are."""

from dataclasses import fields

import numpy as np
from any_text import texts
from checked import checked_kernels
from hypothesis import example, given, settings
from hypothesis import strategies as st

from provenance.text.corpus import Tokenizer, pack
from provenance.text.folding import SEPARATOR, load_table
from provenance.text.runs import find_edges, fold
from provenance.text.tokens import NEWLINES

long_words = st.text("aÉ文\u0301 ", min_size=30, max_size=70)


def tokens_of(several):
    """Return what the tokenizer writes for texts, its vocabulary and weights."""
    tokenizer = Tokenizer()
    found = tokenizer.tokenize(*pack([text.encode("utf-8", "surrogatepass") for text in several]))
    columns = [getattr(found, field.name).tolist() for field in fields(found)]
    return [*columns, tokenizer.vocabulary.tolist(), tokenizer.weights.tolist()]


@settings(max_examples=60)
@given(st.lists(texts | long_words, max_size=4))
def test_no_text_leads_outside_an_array(several):
    """Machine code and checked Python write the same tokens for any texts."""
    with checked_kernels():
        expected = tokens_of(several)
    assert tokens_of(several) == expected


def test_what_is_left_out_as_parting_parts_tokens_and_lines_not():
    """All from U+2010 to U+2027 separate, and none of them ends a line."""
    known = range(0x2010, 0x2028)
    assert {load_table().classes[point] for point in known} == {SEPARATOR}
    assert not NEWLINES & set(map(chr, known))


@given(st.lists(st.integers(0, 255) | st.sampled_from([0xE2, 0x80, 0x99]), max_size=150))
@example([0xE2, 0x80, 0x90, 0x61, 0xE2, 0x80, 0xA7, 0xE2, 0x80, 0xA8, 0xE2, 0x80, 0x8F])
def test_runs_are_those_of_letters_digits_and_most_bytes_beyond_ascii(values):
    """Folded bytes are those of `bytes.lower`, and runs end where they are zero."""
    data = np.array([*values, 0, 0], np.uint8)
    folded, edges = np.full(240, 7, np.uint8), np.empty(240, np.uint32)
    with np.errstate(over="ignore"):
        whole = fold(data, len(values), folded)
        runs = find_edges(folded, whole, edges)
    assert folded[len(values) : whole + 16].any() == 0
    parting = {
        place + i
        for place in range(len(values) - 2)
        if values[place : place + 2] == [0xE2, 0x80] and 0x90 <= values[place + 2] <= 0xA7
        for i in range(3)
    }
    expected = [
        0
        if i in parting
        else 255
        if byte >= 128
        else ord(chr(byte).lower())
        if chr(byte).isalnum()
        else 0
        for i, byte in enumerate(values)
    ]
    assert folded[: len(values)].tolist() == expected
    inside = [False, *(byte != 0 for byte in expected), False]
    turns = [i for i in range(len(inside) - 1) if inside[i] != inside[i + 1]]
    assert edges[: 2 * runs].tolist() == turns
