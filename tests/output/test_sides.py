import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.audit import Comparison
from provenance.model import Document, Match, MatchClass, MatchKind, Pair, Span
from provenance.output.display import width
from provenance.output.sides import blocks, render
from provenance.text.tokens import tokenize

WIRE = "Three hundred ships waited off the harbour on Friday, the harbour master said."
PAPER = "Local: Three hundred vessels waited off the harbour on Friday, the master said."


def compared(a_text, b_text, a_start=0, b_start=0):
    """Return two documents and one match from the given starts to both ends."""
    a, b = Document("a", a_text), Document("b", b_text)
    match = Match(
        Span("a", a_start, len(a_text)),
        Span("b", b_start, len(b_text)),
        MatchClass.REUSE,
        MatchKind.NEAR,
        0.9,
        0.8,
        0.7,
        12,
    )
    return a, b, Comparison(Pair("a", "b", 0.5, 0.6, 0.7), (match,))


def test_passages_stand_side_by_side_with_offsets_and_changes_marked():
    """Equal words are plain, words of one side stand in brackets, on the same line."""
    text = render(*compared(WIRE, PAPER, 0, 7), columns=73)
    assert text == (
        "a                                   │ b\n"
        "78 characters                       │ 79 characters\n"
        "\n"
        "Jaccard 0.5000\n"
        "60.0% of a is in b\n"
        "70.0% of b is in a\n"
        "\n"
        "Words in [brackets] stand on one side only.\n"
        "\n"
        "Passage 1 of 1 · reuse, near · 12 equal words, similarity 0.90\n"
        "0 to 78                             │ 7 to 79\n"
        "Three hundred [ships] waited off    │ Three hundred [vessels] waited off\n"
        "the harbour on Friday, the          │ the harbour on Friday, the\n"
        "[harbour] master said.              │ master said.\n"
    )


def test_the_first_document_stands_on_the_left_whatever_its_id():
    """A comparison is stored by id, and shown as it was asked for."""
    a, b, comparison = compared(WIRE, PAPER, 0, 7)
    lines = render(b, a, comparison, columns=73).splitlines()
    assert lines[0].split() == ["b", "│", "a"]
    assert "7 to 79                             │ 0 to 78" in lines
    assert lines[4] == "70.0% of b is in a"


def test_colour_is_never_the_only_mark():
    """Without its colour codes a coloured view is the plain one."""
    plain = render(*compared(WIRE, PAPER), columns=80)
    colored = render(*compared(WIRE, PAPER), columns=80, color=True)
    assert colored != plain
    assert re.sub(r"\x1b\[[0-9]+m", "", colored) == plain


def test_case_accents_and_punctuation_do_not_count_as_changes():
    """What the audit takes for equal is shown as equal."""
    text = render(*compared('"Élan!" SAID he', "elan said, he"), columns=80)
    assert "[" not in text.split("side only.")[1]


def test_scripts_without_spaces_are_compared_by_character():
    """One changed character of Chinese is marked alone, and columns stay aligned."""
    text = render(*compared("三百艘船在港口外等候", "三百艘轮在港口外等候"), columns=60)
    assert "三百艘[船]在港口外等候" in text
    assert "三百艘[轮]在港口外等候" in text
    assert len({width(line.split("│")[0]) for line in text.splitlines() if "│" in line}) == 1


def test_where_nothing_is_shared_it_says_so():
    """A comparison without matches is a sentence, not an empty page."""
    a, b, comparison = compared("one", "two")
    text = render(a, b, Comparison(comparison.pair, ()))
    assert "They share no passage." in text


@pytest.mark.parametrize("columns", [30, 80])
def test_no_line_is_wider_than_the_terminal_or_obeyed_by_it(columns, hostile):
    """Hostile texts keep to their column."""
    text = render(*compared(hostile * 30 + "x" * 500, hostile * 20), columns=columns)
    assert all(width(line) <= columns for line in text.splitlines())
    assert not {"\x1b", "\x9b", "\u202e", "\ud800", "\r", "\x00"} & set(text)


@given(st.text(max_size=200), st.text(max_size=200), st.integers(20, 60))
def test_all_letters_of_both_sides_are_shown(a_text, b_text, columns):
    """Nothing of a passage is lost between the lines."""
    shown = render(*compared(a_text, b_text), columns=columns)
    body = shown.split(f" to {len(b_text):,}\n", 1)[1]
    for index, text in enumerate((a_text, b_text)):
        column = "".join(line.partition("│")[2 * index] for line in body.splitlines())
        for token in tokenize(text):
            letters = [c for c in text[token.start : token.end] if c.isalnum() and c.isascii()]
            assert set(letters) <= set(column)


@given(st.lists(st.sampled_from("abcdef"), max_size=60), st.lists(st.sampled_from("abcdef")))
def test_blocks_cover_both_sides_in_order_and_equal_ones_are_equal(a, b):
    """Blocks follow each other without a gap; a block called equal is equal."""
    a_done = b_done = 0
    for a_end, b_end, equal in blocks(a, b):
        assert a_end >= a_done
        assert b_end >= b_done
        assert not equal or a[a_done:a_end] == b[b_done:b_end]
        a_done, b_done = a_end, b_end
    assert (a_done, b_done) == (len(a), len(b))


@given(st.lists(st.sampled_from("abcdef"), min_size=1))
def test_equal_sides_are_one_equal_block(words):
    """No word of two equal texts is marked."""
    assert list(blocks(words, words)) == [(len(words), len(words), True)]


@pytest.mark.slow
def test_long_repetitive_texts_are_compared_in_time():
    """A text built to be slow for a quadratic comparison takes no more than seconds."""
    started = time.perf_counter()
    list(blocks(["a", "b"] * 50_000 + ["c"], ["b", "a"] * 50_000 + ["d"]))
    assert time.perf_counter() - started < 5
