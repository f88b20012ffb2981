"""Folded letters: the joined tokens, each letter with its place."""

from any_text import texts
from hypothesis import given
from hypothesis import strategies as st

from provenance.text.letters import read_letters
from provenance.text.tokens import tokenize

several = st.lists(texts, max_size=4)


@given(several)
def test_compiled_letters_are_the_plain_ones(texts):
    """The compiled path gives the bits of the plain one for any texts."""
    one = read_letters(texts, compile_kernels=True)
    other = read_letters(texts, compile_kernels=False)
    for name in ("bounds", "letters", "places"):
        a, b = getattr(one, name), getattr(other, name)
        assert a.dtype == b.dtype
        assert a.tolist() == b.tolist()


def test_forms_longer_than_their_text_fit():
    """A character that folds to many letters needs more room than the text has characters."""
    texts = ["ﷺ" * 100, "", "㍿" * 50]
    one = read_letters(texts, compile_kernels=True)
    other = read_letters(texts, compile_kernels=False)
    assert one.letters.tolist() == other.letters.tolist()
    assert one.bounds.tolist() == other.bounds.tolist()
    assert len(one.letters) > sum(map(len, texts))


@given(several)
def test_letters_joined_are_tokens_joined(texts):
    """A text's letters are its folded tokens without spaces, each read within its token."""
    table = read_letters(texts, compile_kernels=False)
    for i, text in enumerate(texts):
        own = slice(table.bounds[i], table.bounds[i + 1])
        tokens = list(tokenize(text))
        joined = "".join(map(chr, table.letters[own].tolist()))
        assert joined == "".join(token.folded for token in tokens)
        owners = [token for token in tokens for _ in token.folded]
        places = table.places[own].tolist()
        assert all(t.start <= p < t.end for t, p in zip(owners, places, strict=True))
