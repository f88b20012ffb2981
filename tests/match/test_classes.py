"""Why a wording is shared."""

import numpy as np
import pytest

from provenance.match.alignment import align
from provenance.match.classes import CLASSES, classify_alignments, quoted_tokens
from provenance.model import MatchClass
from provenance.text.corpus import tokenize_texts


def classes_of(a, b, wide=""):
    """Return the class of each wording that two texts share; `wide` words are widely shared."""
    table = tokenize_texts([a, b], compile_kernels=False)
    nothing = np.zeros(len(table.ids), np.bool_)
    first, second = np.array([0], np.int32), np.array([1], np.int32)
    rows, _ = align(
        table, [a, b], first, second, nothing, min_tokens=12, min_run=8, compile_kernels=False
    )
    common = np.zeros(len(table.ids), np.bool_)
    for text, content in enumerate((a, b)):
        if wide:
            part = table.slice(text)
            low = content.index(wide)
            starts = table.starts[part]
            common[part] = (starts >= low) & (starts < low + len(wide))
    found = classify_alignments(table, [a, b], rows, common)
    return {
        a[low:high]: CLASSES[kind]
        for low, high, kind in zip(rows.a_low, rows.a_high, found.tolist(), strict=True)
    }


@pytest.fixture
def around(filler):
    """Return a maker of two texts that share some wordings in other company."""

    def make(*shared, left="{}", right="{}"):
        texts = []
        for seed, form in (("left", left), ("right", right)):
            parts = [filler(seed, 90)]
            for i, text in enumerate(shared):
                parts += [form.format(text), filler(f"{seed}{i}", 90)]
            texts.append("\n\n".join(parts))
        return texts

    return make


def test_plain_wording_is_reuse(filler, around):
    """A passage that neither text quotes and few texts share is reuse."""
    shared = filler("shared", 30)
    assert classes_of(*around(shared)) == {shared: MatchClass.REUSE}


@pytest.mark.parametrize("marks", ["“{}”", "«{}»", '"{}"', "„{}“"])
def test_what_both_texts_quote_is_a_quotation(filler, around, marks):
    """A passage between quotation marks on both sides is a quotation."""
    shared = filler("speech", 30)
    assert classes_of(*around(shared, left=marks, right=marks)) == {shared: MatchClass.QUOTATION}


def test_what_one_text_quotes_is_reuse(filler, around):
    """A passage that only one text puts between quotation marks was taken from the other."""
    shared = filler("speech", 30)
    assert classes_of(*around(shared, left="“{}”")) == {shared: MatchClass.REUSE}


def test_a_quotation_of_less_than_most_is_reuse(filler, around):
    """A passage counts as a quotation only where most of it stands between marks."""
    words = filler("shared", 30).split()
    for said, expected in ((15, MatchClass.REUSE), (24, MatchClass.QUOTATION)):
        shared = f"“{' '.join(words[:said])}” {' '.join(words[said:])}"
        assert list(classes_of(*around(shared)).values()) == [expected]


def test_widely_shared_prose_is_named_so(filler, around):
    """A passage of which half or more is widely shared is no reuse between these two."""
    shared = filler("shared", 30)
    assert classes_of(*around(shared), wide=shared) == {shared: MatchClass.WIDELY_SHARED}
    words = shared.split()
    some = classes_of(*around(shared), wide=" ".join(words[:10]))
    assert some == {shared: MatchClass.REUSE}


def test_texts_of_one_story_share_everything_as_reuse(filler, around):
    """Beside sixty tokens of plain reuse a quotation is reuse, too."""
    speech, story = filler("speech", 30), filler("story", 70)
    assert classes_of(*around(f"“{speech}”", story)) == {
        speech: MatchClass.REUSE,
        story: MatchClass.REUSE,
    }
    less = " ".join(story.split()[:40])
    assert classes_of(*around(f"“{speech}”", less)) == {
        speech: MatchClass.QUOTATION,
        less: MatchClass.REUSE,
    }


def test_a_quarter_of_a_short_text_tells_one_story(filler):
    """In a short text a quarter of its tokens is enough for all to be reuse."""
    speech, story = f"“{filler('speech', 30)}”", filler("story", 25)
    long = f"{filler(1, 200)}\n\n{speech}\n\n{filler(2, 60)}\n\n{story}"
    found = classes_of(f"{speech}\n\n{filler(3, 10)}\n\n{story}", long)
    assert set(found.values()) == {MatchClass.REUSE}


def test_quoted_tokens_are_flagged_in_the_texts_asked_for():
    """Tokens between marks are flagged, in the texts that are named and in no others."""
    texts = ["He said “bring bread” twice", "She said “bring eel”"]
    table = tokenize_texts(texts, compile_kernels=False)
    every = quoted_tokens(table, texts, np.array([0, 1], np.int32))
    assert every.tolist() == [False, False, True, True, False, False, False, True, True]
    assert quoted_tokens(table, texts, np.array([1], np.int32)).sum() == 2


def test_nothing_shared_has_no_classes():
    """Texts without a common wording give no rows and no classes."""
    assert classes_of("one two three", "four five six") == {}
