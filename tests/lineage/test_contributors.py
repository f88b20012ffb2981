"""Who contributed to a text, whose material it holds, and whose staff wrote it."""

import pytest

from provenance.lineage.cues import CREDITS, read_cues
from provenance.model import Document

PROSE = "The council voted late on the plan, and the mayor said that it would go ahead next year."


def signals(line, **known):
    """Signal and value of each cue of a text that ends with this line."""
    return {(c.signal, c.value) for c in read_cues(Document("d", f"{PROSE}\n\n{line}", **known))}


@pytest.mark.parametrize(
    "line",
    [
        "The Associated Press contributed to this report.",
        "- The Associated Press has contributed to this report",
        "Additional reporting by The Associated Press.",
        "Reporting by AP",
        "With assistance from the Associated Press.",
        "Unter Mitarbeit von AP",
    ],
)
def test_an_agency_that_contributed_is_a_contributor(line):
    """It gave an unknown part of the text: less than a credit of the whole."""
    assert signals(line) == {("contributor_line", "AP")}


@pytest.mark.parametrize(
    "line",
    [
        "With reporting from AP.",
        "(With inputs from AP)",
        "With files from The Associated Press",
        "Con información de AP",
        "Mit Material von AP.",
    ],
)
def test_an_agency_whose_material_was_used_is_credited(line):
    """Inputs, files and information are the matter of the text."""
    assert signals(line) == {("credit_line", "AP")}


@pytest.mark.parametrize(
    ("line", "people", "outlet"),
    [
        ("CNN's Ann Roe and Bo Doe contributed to this report.", "Ann Roe, Bo Doe", "CNN"),
        ("Associated Press writer Ann Roe contributed to this report.", "Ann Roe", "AP"),
        (
            "Associated Press writers Ann Roe in Oslo and Bo Doe contributed to this report.",
            "Ann Roe, Bo Doe",
            "AP",
        ),
        ("Vale News' Ann Roe contributed reporting.", "Ann Roe", "Vale News"),
    ],
)
def test_an_outlet_whose_people_contributed_wrote_the_text(line, people, outlet):
    """They are its staff; on its own pages that is only its name."""
    expected = {("contributor_credit", people), ("staff_line", outlet)}
    assert signals(line) == expected
    assert "staff_line" in CREDITS
    at_home = signals(line, source=outlet)
    assert at_home == {("contributor_credit", people), ("self_naming", outlet)}


def test_staff_people_and_agencies_of_one_note_are_told_apart():
    """The owner of the staff, the people, and who else contributed."""
    line = "Vale News' Ann Roe, Bo Doe and The Associated Press contributed to this report."
    assert signals(line) == {
        ("staff_line", "Vale News"),
        ("contributor_credit", "Ann Roe, Bo Doe"),
        ("contributor_line", "AP"),
    }
    line = "The Associated Press and Vale News' Ann Roe contributed to this report."
    assert signals(line) == {
        ("contributor_line", "AP"),
        ("staff_line", "Vale News"),
        ("contributor_credit", "Ann Roe"),
    }
    assert signals("—With assistance from Ann Roe.") == {("contributor_credit", "Ann Roe")}


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("With reporting from The Border Star.", "The Border Star"),
        ("With reporting from Ironton Mountain Record.", "Ironton Mountain Record"),
        ("With reporting from MPA.", "MPA"),
        ("— Eastport Mountain Ledger", "Eastport Mountain Ledger"),
        ("— The Lakeside Sentinel", "The Lakeside Sentinel"),
    ],
)
def test_papers_and_abbreviations_are_no_people(line, outlet):
    """A masthead's last word, an article before it, or capitals alone tell an outlet."""
    assert signals(line) == {("credit_line", outlet)}


@pytest.mark.parametrize("line", ["With reporting from Lena H. Sun.", "— Ann Star", "— AR"])
def test_people_with_the_words_of_mastheads_are_people(line):
    """A surname or initials credit no outlet."""
    assert not {value for signal, value in signals(line) if signal in CREDITS}


@pytest.mark.parametrize(
    "line",
    [
        "Agency material was used in this article.",
        "This article is based in part on wire service reports.",
        "Wire services contributed to this report.",
    ],
)
def test_agencies_can_contribute_without_a_name(line):
    """Whose material was used is not said."""
    assert signals(line) == {("contributor_line", "agencies")}


def test_prose_that_goes_on_is_no_sign_off():
    """In wrapped text a dash and a paper's name can begin a sentence."""
    text = "LONDRES, 10 juin. — Les Vale Nachrichten\nprennent que la vote est finie."
    assert read_cues(Document("d", f"{PROSE}\n\n{text}")) == ()
