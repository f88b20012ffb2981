import numpy as np
import pytest
from checked import checked_kernels
from hypothesis import given
from hypothesis import strategies as st

from provenance.index.candidates import NOTHING, choose
from provenance.index.keys import Keys, Kind
from provenance.index.store import Hits

KINDS = np.array([1, 2, Kind.TEXT, *[Kind.BAND] * 3, *[Kind.PASSAGE] * 6], np.uint8)
TEXT, BAND, PASSAGE = 2, 3, 6


def keys_of(documents):
    """Return keys of so many documents, of all kinds each; their places are 10, 11 and so on."""
    kinds = np.tile(KINDS, documents)
    places = np.where(kinds == Kind.PASSAGE, 10 + np.arange(len(kinds)), -1).astype(np.int32)
    bounds = np.arange(documents + 1) * len(KINDS)
    return Keys(bounds, np.zeros(len(kinds), np.uint64), kinds, places, np.diff(bounds))


def hits_of(pairs):
    """Return hits, of pairs of a key and a document."""
    rows = np.array([row for row, _ in sorted(pairs)], np.int64)
    return Hits(rows, np.array([number for _, number in sorted(pairs)], np.int64))


@pytest.fixture(params=[False, True], ids=["plain", "compiled"])
def chosen(request):
    """Return a function that gives the candidates of one document with some hits."""

    def choose_one(*hits, holders=8):
        return choose(keys_of(1), hits_of(hits), holders, compile_kernels=request.param)[0]

    return choose_one


@given(
    st.integers(1, 4),
    st.sets(st.tuples(st.integers(0, 47), st.integers(1, 12)), max_size=120),
    st.integers(2, 10),
)
def test_compiled(count, pairs, holders):
    """The kernel chooses as the plain path does, for any hits of several documents."""
    hits = hits_of({(row, n) for row, n in pairs if row < count * len(KINDS)})
    plain, compiled = (
        choose(keys_of(count), hits, holders, compile_kernels=c) for c in (False, True)
    )
    assert compiled == plain
    with checked_kernels():
        assert choose(keys_of(count), hits, holders, compile_kernels=True) == plain


def test_nothing_shared(chosen):
    """Without hits there are no candidates."""
    assert chosen() == NOTHING


def test_one_passage_key_of_few_documents(chosen):
    """A passage key that at most four documents have names them, one that five have does not."""
    assert chosen(*[(PASSAGE, n) for n in range(1, 5)]).numbers == (1, 2, 3, 4)
    assert chosen(*[(PASSAGE, n) for n in range(1, 6)]).numbers == ()


def test_two_passage_keys(chosen):
    """Two passage keys name a candidate however many others have each."""
    hits = [(PASSAGE + k, n) for k in range(2) for n in range(1, 6) if k == 0 or n != 3]
    assert chosen(*hits).numbers == (1, 2, 4, 5)


def test_keys_of_many_documents_name_the_four_that_share_most(chosen):
    """Of documents that share nothing but keys at the cap, the four with most are compared."""
    hits = [(PASSAGE + k, n) for k in range(6) for n in range(1, 9) if k < 4 or n > 4]
    assert chosen(*hits, holders=8).numbers == (5, 6, 7, 8)


def test_eight_by_bands_the_first_of_equals(chosen):
    """Of many documents of one band the eight with most are compared, of equals the first."""
    hits = [(BAND, n) for n in range(1, 21)] + [(BAND + 1, 20)]
    assert chosen(*hits, holders=32).numbers == (*range(1, 8), 20)


def test_first_of_the_same_text_and_all_versions_of_a_page(chosen):
    """The first of the same text stands for all; of a page, the latest four are compared."""
    found = chosen(*[(TEXT, n) for n in (5, 6)], *[(0, n) for n in range(1, 7)])
    assert (found.same_text, found.same_page) == (5, tuple(range(1, 7)))
    assert found.numbers == (3, 4, 5, 6)


def test_the_place_of_the_only_key(chosen):
    """What shares one passage key and nothing else is told with its place, all else with -1."""
    found = chosen((PASSAGE + 2, 1), (PASSAGE, 2), (PASSAGE + 1, 2), (PASSAGE, 3), (BAND, 3))
    assert found.numbers == (1, 2, 3)
    assert found.by_one == (10 + PASSAGE + 2, -1, -1)
