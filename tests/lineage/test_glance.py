"""Glances at texts: what the readers of cues find with one is what they find without."""

import re

import pytest
from any_text import characters, texts
from checked import checked_kernels
from hypothesis import example, given
from hypothesis import strategies as st

from provenance.lineage.cues import read_all_cues, read_cues
from provenance.lineage.glance import Glancer
from provenance.lineage.invisible import without_invisible
from provenance.lineage.page import Page
from provenance.model import Document

pytest.importorskip("numba")

ASKED = ("AP", "Éire", "Press", "by", "via", "été", "x_1", "a", "Z", "0", "²")
PIECES = (
    *(
        "OSLO, Sept 20 (NTB) - ",
        "PARIS (AP) — ",
        "Vale, 3 May (Reuters) ",
        "in May (AFP) ",
        "(AP) ",
    ),
    *("Source: ", "_Source_: AFP", "said.Source: Vale Post", "(Photo: AFP)", "(Image credit: X) "),
    *("By Ann Roe, HPU", "By Vale Post staff", "© 2023 Reuters", "Copyright Vale News", "(c) AP"),
    *("The Associated Press contributed to this report.", "With inputs from PTI", "_by AFP_"),
    *(" — Vale News Service", "- Vale Press", "(Agencies)", "from agencies", "— news services"),
    *(
        "[gallery]",
        "UPDATE 1-Vale",
        "(Updates with talks)",
        "Correction: an earlier version",
    ),
    *("https://vale.example/a", "www.vale.example", "told The Insider.", "Vale news agency said"),
    *(
        "first appeared in Vale Post",
        "View original article",
        "original article",
        "Follow AP on X",
        "source",
        "Like Vale Herald on Facebook",
        "like Vale Herald on X",
    ),
    *("Associated", "Press", "Associated Press", "associated press", "AP", "_", "’", "é", "ⅳ", "("),
    *(
        ")",
        ") -",
        "/",
        " / ",
        "|",
        "Vale News | ",
        "OSLO /Reuters/ ",
        ":",
        "-",
        ".",
        " ",
        " ",
        "\n",
    ),
    *(
        "\n\n",
        "\t",
        "\u2002",
        "\xa0",
        "\u200b",
        "Кремль",
        "аssociated",
        "北京",
        "☕",
        "\ufe0f",
        "İ",
    ),
)


def glance(text):
    """Return a glance at one text, as machine code takes it."""
    return next(Glancer(ASKED, ASKED).look([text]))


@given(st.lists(texts, max_size=4))
@example(["Z", "z", "AP ap Ap", "X_1 x_1"])
def test_a_glance_has_the_words_that_are_asked_for(several):
    """It has the words of the text that were asked for, as they stand and in lower case."""
    for text, seen in zip(several, Glancer(ASKED, ASKED).look(several), strict=True):
        if seen is not None:
            words = set(re.findall(r"\w+", text))
            assert seen.words == words & set(ASKED)
            assert seen.low_words == {word.lower() for word in words} & set(ASKED)


@pytest.mark.parametrize(
    ("text", "seen"),
    [("like", 0), ("Like", 1), ("LIKE", 1), ("a like_Like", 1), ("Likes unlike", 0)],
)
def test_capital_words_count_with_a_capital_only(text, seen):
    """A word that says something at the head of a sentence only is asked for as that."""
    (found,) = Glancer((), ("like",), ("like",)).look([text])
    assert len(found.parts) == seen


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("by a press", {"by", "a", "by a"}),
        ("By  A", {"by", "a"}),
        ("_by_ a", {"by", "a"}),
        ("x_by a", {"by", "a", "by a"}),
        ("by\na", {"by", "a"}),
    ],
)
def test_parts_are_words_without_underscores_and_pairs_of_them(text, parts):
    """Underscores part words, and two parts with one space between are a pair."""
    (seen,) = Glancer((), ("by", "a", "by a")).look([text])
    assert seen.parts == parts


@pytest.mark.parametrize(
    "text", ["", "AP", "Éire, été.", "a\tb\u2028", "“x_1” — 0…", "☕\ufe0f by", "² via", "STRASSE"]
)
def test_texts_in_latin_letters_are_judged(text):
    """Latin letters, marks and pictures need no care."""
    assert glance(text) is not None


@pytest.mark.parametrize(
    "text", ["Кремль", "αβ", "北京", "שלום", "İzmir", "a\u200bb", "a\u00adb", "a\u2002b", "ⅳ", "𝐀"]
)
def test_other_letters_and_invisible_marks_need_care(text):
    """Other scripts, look-alikes, invisible marks and rare spaces are left to slower readers."""
    assert glance(text) is None


@given(characters)
def test_what_needs_no_care_is_neither_invisible_nor_joined_nor_a_look_alike(character):
    """A character that a glance passes over is one that the readers take as it is."""
    seen = glance(character)
    if seen is not None:
        page = Page(Document("d", character))
        assert without_invisible(character) is None
        assert not page.joined
        assert page.view == (Page(Document("d", character), seen).view)


@given(st.lists(texts, max_size=3))
def test_machine_code_and_checked_python_see_the_same(several):
    """The kernel reads and writes no place outside its arrays."""
    found = list(Glancer(ASKED, ASKED).look(several))
    with checked_kernels():
        assert list(Glancer(ASKED, ASKED).look(several)) == found


@given(st.lists(st.lists(st.one_of(st.sampled_from(PIECES), texts), max_size=9).map("".join)))
@example(["A story.\n\nUpdate: it ended.\nSource: AFP"])
@example(["one (Photo: AFP)", "_Source_: AFP", "from_agencies (Agencies)"])
@example(["Officials told AP on Monday.", "He told the Associated Press, and THE CANADIAN PRESS."])
def test_cues_are_the_same_with_a_glance_and_without(several):
    """Every cue of many texts is the cue of each text by itself."""
    documents = [Document(str(i), text) for i, text in enumerate(several)]
    found = read_all_cues(documents, compile_kernels=True)
    assert found == [read_cues(document) for document in documents]
