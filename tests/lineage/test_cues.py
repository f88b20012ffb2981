"""Credits, mentions, photo credits and traces are told apart."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.lineage.cues import CREDITS, MOST_OF_A_SIGNAL, read_cues
from provenance.model import Document

PROSE = "The council voted late on the plan, and the mayor said that it would go ahead next year."
MORE = "Residents of the valley had asked for a longer debate about the cost of the new bridge."


def signals(text, **known):
    """Signal and value of each cue of a text."""
    return [(cue.signal, cue.value) for cue in read_cues(Document("d", text, **known))]


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("With reporting from Hill News Agency.", "Hill News Agency"),
        ("(With inputs from PTI)", "PTI"),
        ("With files from The Canadian Press", "Canadian Press"),
        ("(Con información de EFE)", "EFE"),
        ("(con EFE)", "EFE"),
        ("Avec AFP", "AFP"),
        ("Mit Material von dpa.", "dpa"),
        ("Com informações da Agência Brasil", "Agência Brasil"),
        ("— AP", "AP"),
        ("— Hill News Service", "Hill News Service"),
        ("(AFP)", "AFP"),
        ("（新华社）", "Xinhua"),
        ("Agencies", "agencies"),
        ("(with agency inputs)", "agencies"),
        ("Agenturen", "agencies"),
    ],
)
def test_a_credit_at_the_end_speaks_for_the_text(line, agency):
    """Whatever its words, it names the agency and covers the article."""
    text = f"{PROSE}\n\n{MORE}\n\n{line}"
    (cue,) = read_cues(Document("d", text))
    assert (cue.signal, cue.value) == ("credit_line", agency)
    assert (cue.covers_start, cue.covers_end) == (0, len(text))


def test_an_agency_in_brackets_credits_the_text_only_where_the_text_ends():
    """After a caption it credits the picture."""
    caption = "Several hundred people stood at the gate of the town hall on Monday. (AFP)"
    assert signals(f"{PROSE}\n\n{MORE} (APP)") == [("credit_line", "APP")]
    assert signals(f"{caption}\n\n{PROSE}\n\n{MORE}") == [("photo_credit", "AFP")]


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("(photo credit: REUTERS)", "Reuters"),
        ("Photo: AP", "AP"),
        ("Photo credit: Getty Images / Staff", "Getty Images"),
        ("Getty Images", "Getty Images"),
        ("(AP Photo/Ann Roe)", "AP"),
        ("REUTERS/Ann Roe", "Reuters"),
        ("A man at the gate. Ann Roe/EPA", "EPA"),
        ("Foto: dpa", "dpa"),
        ("Фото: РИА Новости", "RIA Novosti"),
        ("图片来源：新华社", "Xinhua"),
        ("Source: Getty Images", "Getty Images"),
    ],
)
def test_a_photo_credit_is_no_credit_of_the_text(line, agency):
    """It covers only its own words."""
    (cue,) = read_cues(Document("d", f"{line}\n\n{PROSE}\n\n{MORE}"))
    assert (cue.signal, cue.value) == ("photo_credit", agency)
    assert (cue.covers_start, cue.covers_end) == (cue.start, cue.end)


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("A spokesman told AFP that the vote was over.", "AFP"),
        ("At least two bridges fell, AFP reported quoting the mayor.", "AFP"),
        ("The vote is over, according to the Associated Press.", "AP"),
        ("The town restricted access to the bridge, reported The Outsider.", "The Outsider"),
        (
            "The news agency RIA Novosti on Thursday showed images of the bridge.",
            "RIA Novosti",
        ),
        ("According to Armenpress News Agency, the bridge was closed.", "Armenpress"),
        ("Half of the town agrees, a new Gallup/NBC News poll suggests.", "NBC News"),
        ("Die Brücke ist laut dpa gesperrt.", "dpa"),
        ("Об этом сообщает ТАСС.", "TASS"),
        ("据新华社报道，计划已通过。", "Xinhua"),
    ],
)
def test_a_mention_is_no_credit(sentence, name):
    """An agency that somebody spoke to, or that said something, did not write the text."""
    text = f"{PROSE}\n\n{sentence}\n\n{MORE}"
    (cue,) = read_cues(Document("d", text))
    assert (cue.signal, cue.value) == ("mention", name)
    assert (cue.covers_start, cue.covers_end) == (cue.start, cue.end)


@pytest.mark.parametrize(
    "line",
    [
        "By Ann Roe, Associated Press",
        "Staff Writers, AP",
        "By AP Staff",
        "Associated Press",
        "AP | 3 May",
    ],
)
def test_a_byline_with_an_agency_is_read(line):
    """Alone, after a name, or with "staff"."""
    assert signals(f"Vote on bridge\n\n{line}\n\n{PROSE}\n\n{MORE}") == [("byline_agency", "AP")]


@pytest.mark.parametrize(
    "line",
    [
        "Reuters Sues Vale Corp",
        "— Ann Roe",
        "Trend",
        "The Getty heir sold his house in Petra to a Bloomberg supporter",
        "NASA and the AP exam",
    ],
)
def test_headlines_people_and_common_words_credit_nobody(line):
    """Abbreviations that are words count only where a form asks for an agency."""
    assert signals(f"{line}\n\n{PROSE}\n\n{MORE}") == []


def test_who_is_quoted_is_no_byline():
    """A name below a quotation says who said it."""
    text = f"{PROSE}\n\n“The bridge is a mistake.”\n\nAnn Roe, Associated Press\n\n{MORE}"
    assert not {signal for signal, _ in signals(text)} & CREDITS


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("© 2023 The Associated Press. All rights reserved.", "AP"),
        ("Copyright (c) 2024 Vale Herald", "Vale Herald"),
        ("Copyright 2014 Hill News Agency. All rights reserved. Do not copy.", "Hill News Agency"),
        ("© Reuters", "Reuters"),
        ("(c) 2023, The Vale Post", "The Vale Post"),
    ],
)
def test_copyright_lines_name_their_owner(line, name):
    """With a year or a sign, in any order."""
    assert signals(f"{PROSE}\n\n{line}") == [("copyright_line", name)]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("This article was originally published on The Vale Herald.", "The Vale Herald"),
        ("This story first appeared in the Vale Herald on May 3.", "Vale Herald"),
        ("This article is republished from The Conversation under a licence.", "The Conversation"),
        ("Read the original at https://vale.example/a.", "https://vale.example/a"),
        ("Originally reported by Northwire.", "Northwire"),
        ("The post Council votes appeared first on Vale Herald.", "Vale Herald"),
        ("Dieser Artikel erschien zuerst bei Tagblatt Vale.", "Tagblatt Vale"),
        ("Publicado originalmente en El Valle.", "El Valle"),
        ("Статья впервые опубликована на сайте «Долина».", "Долина"),
        ("本文首发于山谷日报。", "山谷日报"),
    ],
)
def test_first_publication_is_read(line, name):
    """In several languages, with prepositions, dates and licences around the name."""
    assert signals(f"{PROSE}\n\n{line}") == [("originally_published", name)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The play first appeared on Broadway, and sold well for years.",
        "It was first published in 1923.",
        "The firm filed a copyright lawsuit against Vale Corp.",
        "The casualty figures could not immediately be independently verified.",
        "He built it with assistance from the army and its engineers, the mayor said.",
        "They [and] said [sic] it.",
        "Follow us on Twitter",
        "Follow Ann Roe on Twitter",
    ],
)
def test_prose_with_the_words_of_a_cue_is_no_cue(sentence):
    """A play, a lawsuit, a passive or an insertion says nothing of the text's source."""
    assert signals(f"{PROSE}\n\n{sentence}\n\n{MORE}") == []


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Al Jazeera was not able to independently verify the toll.", "Al Jazeera"),
        ("The Vale Herald has not independently verified the video.", "Vale Herald"),
        ("It was a film which AFP could not independently verify.", "AFP"),
        ("The film could not be independently verified by Vale News.", "Vale News"),
    ],
)
def test_a_newsroom_that_could_not_verify_names_itself(sentence, name):
    """Whoever did not verify wrote the text."""
    text = f"{PROSE} {sentence}"
    (cue,) = read_cues(Document("d", text))
    assert (cue.signal, cue.value) == ("self_naming", name)
    assert (cue.covers_start, cue.covers_end) == (0, len(text))


def test_an_outlet_names_itself_in_its_page():
    """The line "Follow X on Twitter" names the outlet."""
    assert signals(f"{PROSE}\n\nFollow VALE NEWS on Twitter") == [("outlet_naming", "VALE NEWS")]


@pytest.mark.parametrize(
    ("known", "line"),
    [
        ({"url": "https://apnews.com/a"}, "© 2023 The Associated Press."),
        ({"source": "Associated Press"}, "PARIS (AP) — The council voted."),
        ({"source": "The Vale Herald"}, "This article was originally published on Vale Herald."),
        ({"url": "https://vale.example/a"}, "Source: https://www.vale.example/a"),
    ],
)
def test_credits_at_home_are_only_a_name(known, line):
    """A credit counts only where the host is somebody else."""
    assert [signal for signal, _ in signals(f"{line}\n\n{PROSE}", **known)] == ["self_naming"]
    elsewhere = [signal for signal, _ in signals(f"{line}\n\n{PROSE}", url="https://hill.example")]
    assert set(elsewhere) <= CREDITS
    assert elsewhere


def test_a_page_of_unknown_origin_is_at_home_where_it_names_itself():
    """What it asks to follow is its outlet, so "originally appeared on" says nothing new."""
    text = (
        f"{PROSE}\n\nThis article originally appeared on Vale Herald.\n\n"
        "Follow Vale Herald on Facebook and Twitter."
    )
    assert set(signals(text)) == {("outlet_naming", "Vale Herald")}
    assert signals(text, source="Hill Courier")[0] == ("originally_published", "Vale Herald")


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("UPDATE 2-Council votes on bridge", "UPDATE 2-"),
        ("(UPDATES with quotes)", "(UPDATES with quotes)"),
        ("CORRECTION: The vote was on Monday.", "CORRECTION: The vote was on Monday."),
        ("Korrektur: Die Abstimmung war am Montag.", "Korrektur: Die Abstimmung war am Montag."),
        ("更正：投票在周一。", "更正：投票在周一。"),
    ],
)
def test_notices_of_a_revision_are_read(line, notice):
    """At the head of a line, in several languages."""
    assert signals(f"{line}\n\n{PROSE}") == [("correction_notice", notice)]


@pytest.mark.parametrize(
    "clock", ["Tue. Dec 3rd, 2024", "Tuesday, December 3, 2024 10:15 AM", "2024年12月3日 星期二"]
)
def test_a_date_alone_on_the_first_line_is_the_pages_clock(clock):
    """It is a cue of its own, and not below the first line."""
    assert signals(f"\n{clock}\n\n{PROSE}") == [("page_clock", clock)]
    assert signals(f"{PROSE}\n\n{clock}\n\n{MORE}") == []


def test_shortcodes_are_named():
    """A code with attributes, a well-known one, or a closing one."""
    text = f"[vale-player not-x=”true”]\n\n{PROSE} [caption]x[/caption]"
    assert signals(text) == [
        ("shortcode", "vale-player"),
        ("shortcode", "caption"),
        ("shortcode", "caption"),
    ]


def test_links_lead_to_other_hosts_and_are_capped():
    """Links home do not count, and the first fifty of a document are given."""
    assert signals("See https://vale.example/b.", url="https://vale.example/a") == []
    assert signals("See https://hill.example/b.", url="https://vale.example/a") == [
        ("link", "https://hill.example/b")
    ]
    many = "".join(f"see https://hill.example/{number} " for number in range(200))
    assert len(signals(many)) == MOST_OF_A_SIGNAL
    assert signals(many)[0][1].endswith("/0")


def test_metadata_declares_sources_at_no_place_in_the_text():
    """Whatever the spelling of the key, as text, object or list; the canonical link by its host."""
    document = Document(
        "d",
        PROSE,
        url="https://hill.example/a",
        canonical_url="https://vale.example/a",
        authors=("Ann Roe", "Reuters"),
        metadata={
            "isBasedOn": {"url": "https://vale.example/a"},
            "CreditText": "AFP",
            "source_organization": [{"name": "The Associated Press"}],
            "provider": {"name": 7},
            "syndication-source": "",
            "section": "AP",
        },
    )
    cues = read_cues(document)
    assert {(cue.signal, cue.value) for cue in cues} == {
        ("canonical_link", "https://vale.example/a"),
        ("byline_agency", "Reuters"),
        ("declared_source", "https://vale.example/a"),
        ("declared_source", "AFP"),
        ("declared_source", "AP"),
    }
    spans = {(cue.start, cue.end, cue.covers_start, cue.covers_end) for cue in cues}
    assert spans == {(0, 0, 0, len(PROSE))}


@pytest.mark.parametrize(
    "metadata",
    [
        {"isBasedOn": "https://vale.example/a"},
        {"isBasedOn": [{"@type": "NewsArticle", "@id": "https://vale.example/a"}]},
        {"is_based_on_url": "https://vale.example/a"},
        {"syndication-source": "https://vale.example/a"},
        {"original-source": "https://vale.example/a"},
        {"DC.source": "https://vale.example/a"},
        {"jsonld": {"@graph": [{"isBasedOn": {"url": "https://vale.example/a"}}]}},
        {"json-ld": [{"provider": {"@type": "Organization", "url": "https://vale.example/a"}}]},
        {"meta": {"original-source": " https://vale.example/a "}},
    ],
)
def test_declared_sources_are_found_where_crawlers_keep_them(metadata):
    """In fields, tags and structured data, in the spellings that are met."""
    document = Document("d", PROSE, url="https://hill.example/b", metadata=metadata)
    (cue,) = read_cues(document)
    assert (cue.signal, cue.value) == ("declared_source", "https://vale.example/a")
    home = Document("d", PROSE, url="https://vale.example/b", metadata=metadata)
    assert [cue.signal for cue in read_cues(home)] == ["self_naming"]


@pytest.mark.parametrize(
    "metadata",
    [
        {"creditText": "Photo: AFP"},
        {"creditText": "Getty Images"},
        {"image": {"creditText": "AFP"}},
        {"comments": [{"provider": "AFP"}]},
        {"provider": {"name": ["AFP"]}},
        {"og:url": "https://hill.example/c"},
        {"og:url": 7, "provider": None, "isBasedOn": [[], {}, 3.5, ""]},
        {"meta": {"meta": {"meta": {"meta": {"provider": "AFP"}}}}},
        {7: "AFP"},
    ],
)
def test_other_metadata_declares_no_source_of_the_text(metadata):
    """Credits of pictures, what others said, the page's own address, and malformed values."""
    assert read_cues(Document("d", PROSE, url="https://hill.example/b", metadata=metadata)) == ()


def test_an_address_given_for_sharing_is_a_canonical_link_where_the_host_differs():
    """Open Graph's address stands for the page that is meant."""
    document = Document(
        "d", PROSE, url="https://hill.example/b", metadata={"og:url": "https://vale.example/a"}
    )
    (cue,) = read_cues(document)
    assert (cue.signal, cue.value) == ("canonical_link", "https://vale.example/a")


def test_a_canonical_link_within_the_site_says_nothing():
    """A subdomain is the same site."""
    document = Document(
        "d", "", url="https://m.vale.example/a", canonical_url="https://www.vale.example/b"
    )
    assert read_cues(document) == ()


def test_datelines_speak_for_the_text_up_to_the_next():
    """A second dateline begins another story."""
    first = f"OSLO (NTB) — {PROSE}\n\n{MORE}\n\n"
    second = f"PARIS (AFP) — {MORE}\n\n{PROSE}"
    cues = read_cues(Document("d", first + second))
    parts = [(first + second)[cue.covers_start : cue.covers_end] for cue in cues]
    assert parts == [first, second]


def test_every_kind_of_line_end_is_a_line_end():
    """Carriage returns and Unicode separators do not hide a cue, and offsets stay."""
    for end in ("\r\n", "\r", "\u2028", "\x85"):
        text = f"{PROSE}{end}{end}— AP{end}"
        (cue,) = read_cues(Document("d", text))
        assert (cue.signal, text[cue.start : cue.end]) == ("credit_line", "AP")


def test_all_of_a_composite_is_told_apart():
    """Two of three articles declare a source; pictures and mentions stay what they are."""
    lone = f"Council claims its bridge\n\n{PROSE}\n\n{MORE}\n\n"
    first = (
        "Council Takes Over Six Bridges in Vale; Mayor Calls Hill\n\n"
        "Several hundred people stood at the gate of the town hall. (AFP)\n\n"
        f"{PROSE}\n\n  • The bridge was closed at noon, AFP reported quoting the mayor.\n"
        "  • The town restricted access to the bridge, reported The Outsider.\n\n"
    )
    second = f"Mayor says no\n\nA man at the gate\n(photo credit: REUTERS)\n\n{MORE}\n\n"
    text = (
        f"{lone}{first}Source: https://hill.example/world/a-1.html\n\n"
        f"{second}Source: https://dale.example/a-2\n\nExit mobile version"
    )
    found = read_cues(Document("d", text))
    assert [(cue.signal, cue.value) for cue in found] == [
        ("photo_credit", "AFP"),
        ("mention", "AFP"),
        ("mention", "The Outsider"),
        ("source_line", "https://hill.example/world/a-1.html"),
        ("photo_credit", "Reuters"),
        ("source_line", "https://dale.example/a-2"),
    ]
    parts = [text[c.covers_start : c.covers_end] for c in found if c.signal == "source_line"]
    assert parts == [first, second]


PIECES = st.sampled_from(
    [
        "Source: ",
        "(AP)",
        "\n",
        " — ",
        "Reuters",
        "told ",
        "PARIS ",
        "©",
        "2023 ",
        "http://a.b/c",
        "İ",
        "\ud800",
        "\x00",
        "contributed to this report",
        "originally published on ",
        "电",
        "日",
        "[a b=1]",
        "with assistance from ",
        "The ",
        "Vale",
        ".",
        ":",
        "\u200b",
        "Follow ",
        " on Twitter",
        "е",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map("".join))
def test_any_text_gives_ordered_cues_within_it(text):
    """Spans lie in the text, cues are sorted and unique, and reading again gives the same."""
    cues = read_cues(Document("d", text))
    assert list(cues) == sorted(set(cues), key=lambda c: (c.start, c.end, c.signal, c.value))
    for cue in cues:
        assert 0 <= cue.start <= cue.end <= len(text)
        assert 0 <= cue.covers_start <= cue.covers_end <= len(text)
    assert read_cues(Document("d", text)) == cues


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "[abc ",
        "Source: ",
        "\n",
        "a\n",
        "(AP)\n",
        "Reuters ",
        "told AFP, ",
        ":",
        "— ",
        "© ",
        "copyright 2023 ",
        "http://",
        "contributed to this report ",
        "originally published ",
        "رويترز ",
        "PARIS (AP) — text ",
        "新华社北京9月20日电",
        "A",
        " ",
        " news agency",
        "Rеuters ",
    ],
)
def test_reading_time_grows_with_the_text_and_no_faster(unit):
    """A hostile text of 400,000 letters takes seconds at the very worst."""
    document = Document("d", unit * (400_000 // len(unit)))
    begin = time.process_time()
    read_cues(document)
    assert time.process_time() - begin < 3
