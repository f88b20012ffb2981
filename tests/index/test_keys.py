import numpy as np
import pytest
import xxhash
from any_text import texts
from checked import checked_kernels
from hypothesis import given, settings
from hypothesis import strategies as st
from prose import document, text, words

from provenance.index.arrivals import encoded
from provenance.index.keys import CompiledKeys, Kind, mixed, plain_keys
from provenance.index.settings import IndexSettings

SETTINGS = st.sampled_from(
    [
        IndexSettings(),
        IndexSettings(passages=False),
        IndexSettings(shingle=2, passage_shingle=2, window=3, permutations=64, threshold=0.9),
    ]
)
urls = st.none() | st.sampled_from(["http://a.example/", "https://www.b.example/x#y"])
documents = st.builds(document, texts, texts | texts.map(lambda t: t * 9), url=urls)


def same(a, b):
    """Tell whether two sets of keys are the same to the bit."""
    names = ("bounds", "values", "kinds", "places", "tokens")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)


def made(compiled, given_documents):
    """Return the keys that kernels make."""
    return compiled.keys(given_documents, [encoded(d.text) for d in given_documents])[0]


@given(st.lists(documents, min_size=1, max_size=6), SETTINGS)
def test_compiled_keys(given_documents, settings):
    """The compiled path makes the keys of the plain one, whatever was made before."""
    compiled = CompiledKeys(settings)
    plain = plain_keys(given_documents, settings)
    assert same(made(compiled, given_documents), plain)
    back = given_documents[::-1]
    assert same(made(compiled, back), plain_keys(back, settings))


@settings(max_examples=20)
@given(st.lists(documents, min_size=1, max_size=3), SETTINGS)
def test_no_document_leads_outside_an_array(given_documents, settings):
    """Checked Python makes the same keys as machine code."""
    expected = made(CompiledKeys(settings), given_documents)
    with checked_kernels():
        assert same(made(CompiledKeys(settings), given_documents), expected)


def test_compiled_keys_of_long_texts():
    """So it does with texts longer than its room, and with many equal shingles."""
    long = [document("a", text(1, 70_000)), document("b", "la la " * 3000), document("c", "")]
    assert same(made(CompiledKeys(IndexSettings()), long), plain_keys(long, IndexSettings()))


def test_formula():
    """A key is the formula of the module's description."""
    mask = (1 << 64) - 1
    value = xxhash.xxh3_64_intdigest(b"some id")
    v = value ^ (Kind.ID * 0x9E3779B97F4A7C15 & mask)
    for _ in range(2):
        v = (v ^ (v >> 32)) * 0xD6E8FEB86659FD93 & mask
    assert mixed(np.array([value], np.uint64), Kind.ID).tolist() == [v >> 24]
    assert plain_keys([document("some id", "")], IndexSettings()).values.tolist() == [v >> 24]


@pytest.mark.parametrize("seed", range(40))
def test_guarantee(seed):
    """Texts that share as many tokens in a row as the index guarantees share a passage key."""
    settings = IndexSettings()
    shared = " ".join(words(1000 + seed, settings.guarantee))
    pair = [document(str(i), f"{text(2 * seed + i)} {shared} {text(90 + i)}") for i in range(2)]
    keys = plain_keys(pair, settings)
    own = [keys.of(i).values[keys.of(i).kinds == Kind.PASSAGE] for i in range(2)]
    assert len(np.intersect1d(*own))


def test_addresses_are_told_apart_from_ids():
    """An id and an address of the same letters have different keys."""
    keys = plain_keys([document("a.example/1", "", url="http://a.example/1")], IndexSettings())
    assert keys.kinds.tolist() == [Kind.ID, Kind.ADDRESS]
    assert len(set(keys.values.tolist())) == 2
