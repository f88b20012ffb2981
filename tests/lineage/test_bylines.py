"""Bylines that name newsrooms which nobody listed."""

import pytest

from provenance.lineage.cues import CREDITS, read_cues
from provenance.model import Document

PROSE = "The council voted late on the plan, and the mayor said that it would go ahead next year."


def bylines(head, **known):
    """Values of the byline cues of a text that begins with this head, once each."""
    cues = read_cues(Document("d", f"Vote on bridge\n\n{head}\n\n{PROSE}", **known))
    return {cue.value for cue in cues if cue.signal == "byline_agency"}


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ("By Ann Roe, HPU", "HPU"),
        ("By Ann Roe and Bo Doe, HPU", "HPU"),
        ("By Ann Roe | Vale News Agency", "Vale News Agency"),
        ("By Vale Post staff", "Vale Post"),
        ("By The Hill Independent Staff Writers", "The Hill Independent"),
        ("Halyard Press Union\n\nBy Ann Roe", "Halyard Press Union"),
        ("By Ann Roe\nNorvane News Service", "Norvane News Service"),
        ("Von Ann Roe, HPU", "HPU"),
    ],
)
def test_the_form_of_a_byline_names_its_newsroom(head, outlet):
    """Capitals after a name, a newsroom's words, "staff", or a masthead beside the byline."""
    assert bylines(head) == {outlet}
    assert bylines(head, source=outlet) == set()


@pytest.mark.parametrize(
    "head",
    [
        "By Ann Roe, PhD",
        "By Ann Roe, MPH",
        "By Ann Roe, Oslo",
        "By our staff",
        "By Ann Roe\n\nTop News",
        "By Ann Roe\n\nBreaking News",
        "By noon the council had voted, HPU",
        "By the time it was over, all staff",
        "Top News\n\nBy Ann Roe",
    ],
)
def test_degrees_places_and_headings_are_no_newsrooms(head):
    """What only stands beside a name credits nobody."""
    assert bylines(head) == set()


def test_a_wrapped_sentence_is_no_byline():
    """A line that goes on with the sentence above it names, and credits nobody."""
    text = (
        "Gaddafi spoke in a speech carried by television and monitored by the\n"
        "British Broadcasting Corporation.\nThe agency lowered the debt of the valley's town from\n"
        f"AAA to AA.\n\n{PROSE}"
    )
    assert not {cue.signal for cue in read_cues(Document("d", text))} & CREDITS


@pytest.mark.parametrize(
    "text",
    [
        "The company introduced a DNA/RNA sample column for its customers.",
        "It will receive a share of CVI/Beta Ventures, a joint venture.",
        "Pupils in independent schools and in alternative provision (AP)",
        "It is establishing a programme of commercial paper ( CP )",
        "Sections 501(c)4s are exempt from the tax, the senator said.",
        "The soprano Ruta Belcroft died in Belga on Thursday after a fall.",
        "The system tracks each piece of warranty glass distributed by Chrysler",
        "UPDATE III (Flashback) - Over to you, Howard Doe",
        "See the map of ships at ShipTraffic.com, AFP",
    ],
)
def test_words_that_look_like_agencies_are_none(text):
    """Slashes in terms, abbreviations spelled out, statutes and places credit nobody."""
    assert read_cues(Document("d", f"{text}\n\n{PROSE}")) == ()
