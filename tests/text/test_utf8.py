"""The token kernel: inside its arrays whatever the texts are."""

from dataclasses import fields

import numpy as np
from any_text import texts
from checked import checked_kernels
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.text.corpus import Tokenizer, pack
from provenance.text.utf8 import edge_kernel, fold_kernel

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


@given(st.lists(st.integers(0, 255), max_size=150))
def test_runs_are_those_of_letters_digits_and_bytes_beyond_ascii(values):
    """Folded bytes are those of `bytes.lower`, and runs end where they are zero."""
    data = np.array(values, np.uint8)
    whole = -(-(len(data) + 1) // 64) * 64
    folded = np.zeros(whole + 16, np.uint8)
    fold_kernel(data, folded[: len(data)])
    expected = [
        255 if byte >= 128 else ord(chr(byte).lower()) if chr(byte).isalnum() else 0
        for byte in values
    ]
    assert folded[: len(data)].tolist() == expected
    edges = np.empty(whole + 2, np.uint32)
    runs = edge_kernel(folded[:whole], edges)
    inside = [False, *(byte != 0 for byte in expected), False]
    turns = [i for i in range(len(inside) - 1) if inside[i] != inside[i + 1]]
    assert edges[: 2 * runs].tolist() == turns
