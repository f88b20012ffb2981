"""What is a token, where it stands, and what it folds to."""

import unicodedata

import pytest
import xxhash
from any_text import texts
from hypothesis import given
from hypothesis import strategies as st

from provenance.text.tokens import BLANK_LINE, LINE_BREAK, NO_BREAK, tokenize


def folded(text):
    """Return the folded tokens of a text."""
    return [token.folded for token in tokenize(text)]


@given(texts)
def test_spans_rise_and_never_overlap(text):
    """Every token has a span within the text that begins at or after the end of the last one."""
    end = 0
    for token in tokenize(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end


@given(texts)
def test_a_token_is_what_its_own_span_folds_to(text):
    """The slice that a token's span marks is that one token and no other."""
    for token in tokenize(text):
        assert folded(text[token.start : token.end]) == [token.folded]


@given(texts)
def test_the_hash_is_xxh64_of_the_folded_form(text):
    """A token's hash is the xxh64, seed 0, of its folded form in UTF-8, surrogates let through."""
    for token in tokenize(text):
        raw = token.folded.encode("utf-8", "surrogatepass")
        assert token.hash == xxhash.xxh64(raw, seed=0).intdigest()


@given(texts, texts)
def test_text_after_a_blank_does_not_change_tokens(text, more):
    """Tokens depend on nothing but the text up to the next blank."""
    assert folded(f"{text} {more}") == folded(text) + folded(more)


latin = st.characters(max_codepoint=0x24F, categories=["L", "Zs"])
stacked = st.sampled_from("ảấẦặợựớ̛ụ̈ḁỳḹ\u0323\u0301\u031b")


@given(st.text(st.one_of(latin, stacked)))
def test_canonical_forms_of_latin_text_have_equal_tokens(text):
    """NFC and NFD of a Latin text give the same tokens."""
    assert folded(unicodedata.normalize("NFC", text)) == folded(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ελλάδα Ἀθῆναι ᾠδή", "ελλαδα αθηναι ωιδη"),
        ("Ёлка и йод", "елка и иод"),
        ("شَارِعُ ٱلْمَدِينَةِ", "شارع ٱلمدينة"),
        ("مـــديـنة", "مدينة"),
        ("שָׁלוֹם", "שלום"),
        ("한국 뉴스", unicodedata.normalize("NFD", "한국 뉴스")),
        ("ＷＩＲＥ　Ｎｅｗｓ １２", "wire news 12"),
        ("ﬁnal eﬀort", "final effort"),
        ("STRASSE", "straße"),
        ("co\u00adoperate jo\u200diner", "cooperate joiner"),
        ("ｶﾞｽ", "ガス"),
    ],
)
def test_spellings_that_fold_together(one, other):
    """Case, compatibility form, vowel points, tatweel and invisible marks make no difference."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("कि", "का"), ("ไม้", "ไม่"), ("が", "か"), ("中", "国"), ("1", "2"), ("naïve", "native")],
)
def test_spellings_that_stay_apart(one, other):
    """Marks that carry vowels or tones are kept where a script needs them."""
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" -–— \u0301 \u200b", []),
        ("The mayor's co-op: 3.5%", ["the", "mayor", "s", "co", "op", "3", "5"]),
        ("新闻3月", ["新", "闻", "3", "月"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("हिन्दी समाचार", ["हिन्दी", "समाचार"]),
        ("a\x00b\ud800c", ["a", "b", "c"]),
        ("☕👩‍🔬 coffee", ["coffee"]),
    ],
)
def test_what_separates(text, expected):
    """Letters, digits and marks make tokens; scripts without spaces give one a base character."""
    assert folded(text) == expected


def test_a_character_weighs_half_a_word():
    """A token of a script without spaces weighs 1, a word or a number 2."""
    assert [t.weight for t in tokenize("ok 新闻 42 ไทย")] == [2, 1, 1, 2, 1, 1, 1]


def test_a_span_holds_the_marks_that_are_dropped():
    """Dropped marks belong to the span of the letter they stand on; spaces do not."""
    (token,) = tokenize(" e\u0301te\u0301 ")
    assert (token.folded, token.start, token.end) == ("ete", 1, 6)


@pytest.mark.parametrize(
    ("between", "line_break"),
    [
        (" ", NO_BREAK),
        ("\n", LINE_BREAK),
        ("\r\n", LINE_BREAK),
        ("\r", LINE_BREAK),
        ("\u2028", LINE_BREAK),
        ("\n\n", BLANK_LINE),
        ("\n \t\n", BLANK_LINE),
        ("\r\n\r\n", BLANK_LINE),
        ("\r\r", BLANK_LINE),
        ("\n\r", BLANK_LINE),
        (" -\n*\n ", BLANK_LINE),
    ],
)
def test_line_breaks(between, line_break):
    """A token knows whether it begins a line or follows a blank one; CR LF is one line end."""
    assert [t.line_break for t in tokenize(f"a{between}b")] == [BLANK_LINE, line_break]
