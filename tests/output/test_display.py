import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from provenance.output.display import fit, fit_name, number, pad, pieces, printable, width, wrap

ANY_TEXT = st.text(st.characters(exclude_categories=()))
REORDERING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def test_escapes_and_line_breaks_lose_their_power():
    """Control characters become visible, breaks become spaces, overrides become U+FFFD."""
    assert printable("a\x1b[31mb\r\nc\x00\x9bd\u202ee\ud800") == "a␛[31mb  c␀�d�e�"


def test_ordinary_text_of_any_script_is_left_alone():
    """Arabic, Hindi, Chinese and an emoji joined by ZWJ come out as they went in."""
    text = "قال المدير إنه नमस्ते 港口 👩‍🚒 naïve"
    assert printable(text) == text


@given(ANY_TEXT)
def test_nothing_printable_is_obeyed_by_a_terminal(text):
    """No control, surrogate, line separator or reordering code point is left."""
    shown = printable(text)
    assert not REORDERING & set(shown)
    assert all(unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"} for c in shown)


@given(ANY_TEXT, st.integers(1, 30))
def test_a_fitted_text_is_never_wider_than_asked(text, columns):
    """Both ways of cutting keep to the width, and keep a short text whole."""
    for cut in (fit(text, columns), fit_name(text, columns)):
        assert width(cut) <= columns
        if width(printable(text)) <= columns and len(text) <= columns:
            assert cut == printable(text)


def test_wide_characters_count_twice():
    """Four columns hold two Chinese characters, or one and an ellipsis."""
    assert fit("港口", 4) == "港口"
    assert fit("港口等", 4) == "港…"
    assert wcswidth(pad("港口", 6)) == 6


def test_a_long_name_keeps_its_end():
    """Addresses of one site stay apart when they are cut."""
    assert fit_name("https://example.org/news/2024/ships-wait", 20) == "https://ex…hips-wait"


def test_a_huge_text_is_cut_without_being_walked():
    """Only the beginning of a text of 50 million characters is looked at."""
    assert fit("é" * 50_000_000, 5) == "éééé…"


def test_marks_without_width_do_not_pile_up():
    """A letter with a thousand accents is cut, although it is one column wide."""
    assert len(fit("a" + "\u0301" * 1000, 10)) < 100


@given(ANY_TEXT, st.integers(2, 30))
def test_wrapping_loses_no_word_and_keeps_to_the_width(text, columns):
    """Wrapped lines hold all the text but its spaces, within the columns."""
    lines = list(wrap(text, columns))
    assert all(width(line) <= columns + len(line) - len(line.lstrip()) for line in lines)
    assert "".join("".join(lines).split()) == "".join(printable(text).split())


def test_wrapped_lines_are_indented_as_the_first_is():
    """The indent of a line is kept where it is broken."""
    assert list(wrap("  one two three", 9)) == ["  one two", "  three"]


def test_pieces_split_between_characters():
    """A word too long for a line is split by columns; nothing is one empty piece."""
    assert list(pieces("港口港口", 5)) == ["港口", "港口"]
    assert list(pieces("", 5)) == [""]


def test_counts_agree_with_their_noun():
    """One is singular, thousands are set apart, irregular plurals are given."""
    assert number(1, "passage") == "1 passage"
    assert number(4988, "passage") == "4,988 passages"
    assert number(2, "match", "matches") == "2 matches"
