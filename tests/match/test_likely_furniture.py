"""Furniture of many pages at once is that of each page."""

from contextlib import nullcontext

import pytest
from checked import checked_kernels
from hypothesis import given
from hypothesis import strategies as st
from labelled_pages import PAGES, pages

from provenance.match import likely_furniture
from provenance.match.furniture import LONGEST_LINE, SLOT, load_lexicon
from provenance.match.likely_furniture import furniture_of
from provenance.match.page_furniture import page_furniture

pytest.importorskip("numba")
LEXICON = load_lexicon()
SLOTS = {"number": "4", "year": "2019", "date": "4 May", "any": "a bridge", "name": "Vale Herald"}
SLOTS |= {slot: words[0] for slot, words in LEXICON.slots.items()}
WORDS = """The the By 3 min read Share on this article Facebook comments and Home Sign “Home ‘Sign’
up Here’s More… Home. Related: © Фото 分享 ago, 4 a|b İ ſhare É –"""
known = st.sampled_from(sorted(LEXICON.literal))
opened = st.sampled_from(sorted(LEXICON.phrases)).map(
    lambda phrase: SLOT.sub(lambda slot: SLOTS[slot[1]], phrase)
)
words = st.sampled_from(WORDS.split())
marks = st.sampled_from(
    [" ", "\t", "|", "-", ": ", ", ", ". ", " | ", " > ", " / ", ") ", "; ", "* "]
)
far = st.sampled_from(
    ["\xa0", "\u2003", "\u3000", "\x85", "\x1c", "\x0b", "”", "…", "·", "»", "•", "《", "\ud800"]
)
ends = st.sampled_from(["\n", "\n\n", "\r\n", "\r", " \n\t", "\u2028", "\n\u3000", "\n“", "\n» "])
spaces = st.just(" ")
pieces = st.lists(known | known.map(str.title) | opened | words | spaces | marks | far | ends)


@pytest.mark.parametrize("run", [nullcontext, checked_kernels])
@given(several=st.lists(pieces.map("".join), max_size=4))
def test_furniture_is_that_of_each_page(run, several):
    """Lines of known words, marks of all kinds, and spaces that are none in ASCII."""
    with run():
        expected = [page_furniture(text) for text in several]
        assert list(furniture_of(several)) == expected
        encoded = (text.encode("utf-8", "surrogatepass") for text in several)
        assert list(furniture_of(encoded)) == expected


def test_labelled_pages_have_the_same_furniture():
    """In every language."""
    texts = [
        page.text for folder in (PAGES, PAGES.parent / "other_pages") for page in pages(folder)
    ]
    expected = [page_furniture(text) for text in texts]
    assert list(furniture_of(texts)) == expected
    assert sum(map(len, expected)) > 100


@pytest.mark.parametrize("word", ["read", "écrit", "讀"])
def test_a_lines_length_counts_in_code_points(word):
    """The longest line that can be furniture is looked at whatever space is around it."""
    line = f"Share {word * LONGEST_LINE}"[: LONGEST_LINE - 4] + " ago"
    texts = [f"\u3000{line}\u2003 \nhome\nhome\n", f"x{line}"]
    assert list(furniture_of(texts)) == [page_furniture(text) for text in texts]


def test_prose_is_passed_over(monkeypatch):
    """A line that begins as many do, and ends in no word of furniture, is never looked at."""
    monkeypatch.setattr(likely_furniture, "is_furniture", pytest.fail)
    prose = (
        "The bridge was closed for a week.\n“This is slow,” she said.\nIn May it was open again.\n"
    )
    assert list(furniture_of([prose, "", prose])) == [[], [], []]


def test_any_number_of_lines_is_told():
    """More lines than there is room for at first."""
    text = "home\n" * 9000
    assert list(furniture_of([text])) == [page_furniture(text)]
