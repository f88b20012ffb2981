"""The flat arrays of tokens: the compiled path and the plain one give the same bits."""

from dataclasses import fields

import numpy as np
import xxhash
from any_text import texts
from hypothesis import given
from hypothesis import strategies as st

from provenance.text import corpus
from provenance.text.corpus import Tokenizer, pack, tokenize_texts
from provenance.text.tokens import tokenize


def same_bits(one, other):
    """Tell whether two tables are equal in every value and every type."""
    pairs = [(getattr(one, f.name), getattr(other, f.name)) for f in fields(one)]
    return all(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in pairs)


@given(st.lists(texts, max_size=5))
def test_compiled_tokens_are_the_plain_ones(several):
    """The compiled path gives the bits of the plain one for any texts."""
    assert same_bits(
        tokenize_texts(several, compile_kernels=True),
        tokenize_texts(several, compile_kernels=False),
    )


@given(st.text("aé文\u0301", min_size=1, max_size=200))
def test_compiled_hashes_of_long_tokens(text):
    """Tokens of any number of bytes have the same hash on both paths."""
    assert same_bits(
        tokenize_texts([text], compile_kernels=True), tokenize_texts([text], compile_kernels=False)
    )


@given(st.lists(texts, min_size=1, max_size=4))
def test_a_tokenizer_without_places_finds_the_same_tokens(several):
    """Numbers, hashes and counts do not depend on whether places are written."""
    packed = pack([text.encode("utf-8", "surrogatepass") for text in several])
    one, other = (Tokenizer(places=places).tokenize(*packed) for places in (True, False))
    for name in ("ids", "hashes", "counts"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert len(other.starts) == len(other.ends) == len(other.breaks) == 0


def test_each_token_is_hashed_on_its_own():
    """Tokens of every number of bytes, one after another, leave nothing to the next."""
    text = " ".join("a" * n + " b" for n in [*range(1, 140), 31, 32, 33, 64])
    table = tokenize_texts([text], compile_kernels=True)
    hashes = table.vocabulary[table.ids].tolist()
    assert hashes == [xxhash.xxh64_intdigest(word.encode()) for word in text.split()]


def test_batches_and_growth_do_not_show(monkeypatch):
    """Neither batches of texts nor a vocabulary that outgrows its table change the arrays."""
    several = ["", *(" ".join(f"w{n}" for n in range(i, 40_000, 7)) for i in range(7)), "w3 w5"]
    plain = tokenize_texts(several, compile_kernels=False)
    for size in (1 << 12, 1 << 20):
        monkeypatch.setattr(corpus, "_BATCH_BYTES", size)
        assert same_bits(tokenize_texts(several, compile_kernels=True), plain)


@given(st.lists(texts, max_size=4))
def test_a_table_holds_what_tokenize_yields(several):
    """Offsets, breaks, hashes and weights of a text's slice are those of its tokens."""
    table = tokenize_texts(several, compile_kernels=False)
    assert len(table) == len(several)
    for i, text in enumerate(several):
        part = table.slice(i)
        ids = table.ids[part]
        rows = zip(
            table.vocabulary[ids].tolist(),
            table.starts[part].tolist(),
            table.ends[part].tolist(),
            table.weights[ids].tolist(),
            table.breaks[part].tolist(),
            strict=True,
        )
        assert list(rows) == [
            (t.hash, t.start, t.end, t.weight, t.line_break) for t in tokenize(text)
        ]


def test_select_gives_the_texts_asked_for():
    """A selection has the chosen texts' tokens, in the order given, empty texts included."""
    texts = ["one two", "", "three one two", "新闻"]
    table = tokenize_texts(texts, compile_kernels=False)
    chosen = table.select(np.array([3, 1, 0]))
    other = tokenize_texts([texts[3], texts[1], texts[0]], compile_kernels=False)
    assert chosen.bounds.tolist() == other.bounds.tolist()
    assert chosen.vocabulary[chosen.ids].tolist() == other.vocabulary[other.ids].tolist()
    assert chosen.starts.tolist() == other.starts.tolist()


def test_equal_digests_are_equal_tokens():
    """A digest sees folded tokens and nothing else: not case, spaces or punctuation."""
    table = tokenize_texts(
        ["The  Mayor, said.", "the mayor SAID", "the mayor", "mayor the said"],
        compile_kernels=False,
    )
    digests = [table.digest(i) for i in range(4)]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
