import numpy as np

from provenance.index.candidates import NOTHING, choose
from provenance.index.keys import Kind
from provenance.index.store import Hits

KINDS = np.array([1, 2, Kind.TEXT, *[Kind.BAND] * 3, *[Kind.PASSAGE] * 6], np.uint8)
TEXT, BAND, PASSAGE = 2, 3, 6


def chosen(*hits, holders=8):
    """Return the candidates of one document with these hits: pairs of a key and a document."""
    rows = np.array([row for row, _ in sorted(hits)], np.int64)
    numbers = np.array([number for _, number in sorted(hits)], np.int64)
    found = choose(np.zeros(len(KINDS), np.int64), KINDS, Hits(rows, numbers), holders, 1)
    return found[0]


def test_nothing_shared():
    """Without hits there are no candidates."""
    assert chosen() == NOTHING


def test_one_passage_key_of_few_documents():
    """A passage key that at most four documents have names them, one that five have does not."""
    assert chosen(*[(PASSAGE, n) for n in range(1, 5)]).numbers == (1, 2, 3, 4)
    assert chosen(*[(PASSAGE, n) for n in range(1, 6)]).numbers == ()


def test_two_passage_keys():
    """Two passage keys name a candidate however many others have each."""
    hits = [(PASSAGE + k, n) for k in range(2) for n in range(1, 6) if k == 0 or n != 3]
    assert chosen(*hits).numbers == (1, 2, 4, 5)


def test_keys_of_many_documents_name_the_four_that_share_most():
    """Of documents that share nothing but keys at the cap, the four with most are compared."""
    hits = [(PASSAGE + k, n) for k in range(6) for n in range(1, 9) if k < 4 or n > 4]
    assert chosen(*hits, holders=8).numbers == (5, 6, 7, 8)


def test_eight_by_bands_the_first_of_equals():
    """Of many documents of one band the eight with most are compared, of equals the first."""
    hits = [(BAND, n) for n in range(1, 21)] + [(BAND + 1, 20)]
    assert chosen(*hits, holders=32).numbers == (*range(1, 8), 20)


def test_first_of_the_same_text_and_all_versions_of_a_page():
    """The first of the same text stands for all; of a page, the latest four are compared."""
    found = chosen(*[(TEXT, n) for n in (5, 6)], *[(0, n) for n in range(1, 7)])
    assert (found.same_text, found.same_page) == (5, tuple(range(1, 7)))
    assert found.numbers == (3, 4, 5, 6)
