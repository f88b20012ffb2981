import pytest
from prose import document, text, words

from provenance.index.arrivals import Keyer, encoded
from provenance.index.keys import Kind
from provenance.index.settings import IndexSettings
from provenance.index.surroundings import SharedKey, may_share

SHARED = words(1, 40)
OWN, OTHER = words(2, 200), words(3, 200)


@pytest.fixture(params=[False, True], ids=["plain", "compiled"])
def keyer(request):
    """Makes keys by the plain path or by kernels."""
    made = Keyer(IndexSettings())
    made.compile_kernels = request.param
    return made


def told(keyer, own, other):
    """Look around each passage key of one text that stands in the other."""
    arrivals = keyer.arrivals([document("before", text(9)), document("own", " ".join(own))])
    keys, others = arrivals.keys.of(1), keyer.keys([document("other", " ".join(other))])
    arrivals = keyer.arrivals(arrivals.documents)
    data = encoded(" ".join(other))
    found = []
    for value, kind, place in zip(keys.values, keys.kinds, keys.places, strict=True):
        if kind == Kind.PASSAGE and value in others.values[others.kinds == Kind.PASSAGE]:
            found += may_share(keyer, arrivals, [SharedKey(1, int(place), data)])
    return found


def test_more_words_than_those_of_the_key(keyer):
    """Where 12 words or more are shared around a key, the texts may share a passage."""
    found = []
    for size in (12, 13, 19, 40):
        for start in range(0, len(SHARED) - size + 1, 3):  # one in so many is a key in both
            some = SHARED[start : start + size]
            found += told(keyer, [*OWN, *some, *OWN], [*OTHER, *some, *OTHER])
    assert found
    assert all(found)


def test_a_passage_with_a_changed_word(keyer):
    """So they may where a word in the passage differs."""
    changed = [*SHARED[:12], "otherwise", *SHARED[13:]]
    found = told(keyer, [*OWN, *SHARED, *OWN], [*OTHER, *changed, *OTHER])
    assert found
    assert all(found)


def test_a_few_words_are_no_passage(keyer):
    """Where the key is all that is shared, they do not."""
    found = []
    for start in range(30):  # one in so many of eleven words is a key in both
        few = SHARED[start : start + 11]
        found += told(keyer, [*OWN, *few, *OWN], [*OTHER, *few, *OTHER])
    assert found
    assert not any(found)


def test_few_words_in_other_spaces_or_several_times(keyer):
    """A key that stands between other spaces, or in a few places, is looked for in each."""
    found = []
    for start in range(30):  # one in so many of eleven words is a key in both
        some = SHARED[start : start + 11]
        for other in ([*OTHER, "\n\n".join(some), *OTHER], [*some, *OTHER, *some]):
            found += told(keyer, [*OWN, *some, *OWN], other)
    assert found
    assert not any(found)


def test_the_second_place_of_a_key_counts(keyer):
    """Where a key stands twice, a passage around either place is enough."""
    found = told(keyer, [*OWN, *SHARED, *OWN], [*SHARED, *OTHER, "\n\n".join(SHARED[:20]), "end"])
    assert all(found)
    assert found


def test_what_cannot_be_told_is_looked_at(keyer):
    """Words in other letters or in many places of the other text, and short texts, may share."""
    some = SHARED[:14]
    louder = [w.upper() for w in some]
    often = [*some, *OTHER] * 6
    for other in ([*OTHER, *louder, *OTHER], often, [*some, "end"]):
        assert all(told(keyer, [*OWN, *some, *OWN], other))
    assert told(keyer, [*OWN, *some, *OWN], [*OTHER, *louder, *OTHER])


def test_a_window_in_the_middle_of_a_character(keyer):
    """A text is cut between characters, however many bytes they take."""
    for width in range(4):
        around = ["x" * width, *["\u4e00\u00e9\U0001f600" * 60] * 2]
        other = [*around, *SHARED[:25], *around[::-1]]
        found = told(keyer, [*OWN, *SHARED[:25], *OWN], other)
        assert found
        assert all(found)
