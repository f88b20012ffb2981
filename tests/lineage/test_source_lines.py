"""Source lines, and the part of a composite file that each speaks for."""

import pytest

from provenance.lineage.cues import read_cues
from provenance.model import Document

PROSE = "The council voted late on the plan, and the mayor said that it would go ahead next year."
MORE = "Residents of the valley had asked for a longer debate about the cost of the new bridge."


def sources(text):
    """Each declared source and the text that it covers."""
    return [
        (cue.value, text[cue.covers_start : cue.covers_end])
        for cue in read_cues(Document("d", text))
        if cue.signal in ("source_line", "source_link_lost")
    ]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Source: https://vale.example/a", "https://vale.example/a"),
        ("Source URL: https://vale.example/a?b=1.", "https://vale.example/a?b=1"),
        ("SOURCE: vale.example/a", "vale.example/a"),
        ("Source : Reuters", "Reuters"),
        ("(Source: Hill News Service)", "Hill News Service"),
        ("Source: [The Vale](https://vale.example/a)", "https://vale.example/a"),
        ("Source:\nhttps://vale.example/a", "https://vale.example/a"),
        ("**Source:** https://vale.example/a", "https://vale.example/a"),
        ("Quelle: dpa", "dpa"),
        ("Fuente: El Valle", "El Valle"),
        ("Fonte: Agência Lusa", "Lusa"),
        ("Источник: ТАСС", "TASS"),
        ("المصدر: رويترز", "Reuters"),
        ("来源：新华网", "Xinhua"),
        ("出典：共同通信", "Kyodo"),
        ("स्रोत: पीटीआई", "PTI"),
        ("Kaynak: Anadolu Ajansı", "Anadolu"),
        ("Via: agencies", "agencies"),
        ("Source link", ""),
        ("Lien source", ""),
    ],
)
def test_a_single_source_line_at_the_end_speaks_for_the_whole_file(line, value):
    """In every language and with every mark around it, also when its target is lost."""
    text = f"{PROSE}\n\n{MORE}\n\n{line}\n\nShare via\nCopy link"
    assert sources(text) == [(value, text)]


@pytest.mark.parametrize(
    "line",
    [
        "Source: A person close to the matter said that the deal was off.",
        "Sources: told us that nothing was decided.",
        "The source: https://vale.example/a",
        "source.",
    ],
)
def test_prose_after_the_label_is_no_source(line):
    """A sentence, or the word in a sentence, declares nothing."""
    assert sources(f"{PROSE}\n\n{line}\n\n{MORE}") == []


def test_each_source_of_a_composite_speaks_for_the_text_above_it():
    """Up to the previous source line's end, and no further."""
    first = f"First\n\n{PROSE}\n\n"
    second = f"Second\n\n{MORE}\n\n"
    text = f"{first}Source: https://vale.example/a\n\n{second}Source: https://hill.example/b\n"
    assert sources(text) == [
        ("https://vale.example/a", first),
        ("https://hill.example/b", second),
    ]


def test_an_article_without_a_source_before_one_with_is_left_out():
    """A title-case headline between ended prose and new prose begins the next article."""
    lone = f"A Lone Article Without Any Source Line\n\n{PROSE}\n\n{MORE}\n\n"
    first = f"Council Votes Late on Plan for Bridge\n\n{MORE}\n\n{PROSE}\n\n"
    last = f"Mayor signs the plan\n\n{MORE}\n\n"
    text = f"{lone}{first}Source: https://vale.example/a\n\n{last}Source: https://hill.example/b"
    assert [part for _, part in sources(text)] == [first, last]


def test_a_dateline_begins_the_article_that_a_later_source_line_closes():
    """A new dateline after prose starts new copy."""
    wire = f"OSLO (NTB) — {PROSE}\n\n{MORE}\n\n"
    text = f"{MORE}\n\n{PROSE}\n\n{wire}Source: NTB\n\n{MORE}\n\nSource: https://vale.example/b"
    assert sources(text)[0] == ("NTB", wire)


def test_source_lines_above_the_text_speak_for_what_follows():
    """A header covers the text below it."""
    text = f"Source: https://vale.example/a\n\n{PROSE}\n\n{MORE}"
    assert sources(text) == [("https://vale.example/a", text)]


def test_the_source_of_a_chart_is_only_a_mention():
    """A plain name in the middle of the text speaks for a figure."""
    text = f"{PROSE}\n\nSource: Bureau of Bridges\n\n{MORE}"
    assert [cue.signal for cue in read_cues(Document("d", text))] == ["mention"]


def test_two_labels_for_one_article_cover_the_same_text():
    """A name and an address in two lines declare the same part."""
    text = f"{PROSE}\n\nSource: Vale Herald\nSource URL: https://vale.example/a\n"
    assert sources(text) == [
        ("Vale Herald", f"{PROSE}\n\n"),
        ("https://vale.example/a", f"{PROSE}\n\n"),
    ]


def test_a_round_up_names_the_source_of_each_part_in_brackets():
    """Each speaks for the text above it up to the last one; the footer is nobody's."""
    first = f"Vote on bridge\n\n{PROSE}\n\n"
    second = f"Ferry comes late\n\n{PROSE}\n\n"
    text = f"{first}(The Vale Independent)\n\n{second}(Canal Siete)\n\nPut together by Ann Roe.\n"
    assert sources(text) == [("The Vale Independent", first), ("Canal Siete", second)]


def test_one_name_in_brackets_closes_a_text_where_it_is_a_newsrooms():
    """A person's name, or one above more text, is no source."""
    assert [value for value, _ in sources(f"{PROSE}\n\n(The Vale Herald)")] == ["The Vale Herald"]
    assert sources(f"{PROSE}\n\n(Ann Roe)") == []
    assert sources(f"{PROSE}\n\n(The Vale Herald)\n\n{PROSE}") == []


def test_a_list_of_mixed_names_is_no_source_of_the_text():
    """Facts of a chart have several sources; agencies alone are credited."""
    found = read_cues(Document("d", f"{PROSE}\n\nSources: Vale Navy, Ships Register, AFP"))
    assert {(cue.signal, cue.value) for cue in found} == {
        ("mention", "Vale Navy"),
        ("mention", "Ships Register"),
        ("mention", "AFP"),
    }
    assert [name for name, _ in sources(f"{PROSE}\n\nSources: AP, AFP")] == ["AFP", "AP"]


def test_a_footer_below_a_source_line_does_not_make_it_a_charts():
    """A short last paragraph is the page's, not the article's."""
    footer = "Follow the Vale Post on Chatter and never miss what the valley is talking about."
    article = "\n\n".join([PROSE, MORE] * 10)
    assert [value for value, _ in sources(f"{article}\n\nSource: MPA\n\n{footer}")] == ["MPA"]
    assert sources(f"{PROSE}\n\nSource: Vale Statistics Office\n\n{PROSE}") == []
