"""Hidden sources: what texts credit and the corpus does not hold."""

import random
import re

from provenance.audit import scan
from provenance.lineage.hidden import draw_hidden_sources
from provenance.model import Document

SYLLABLES = ("ba", "ko", "ri", "tu", "men", "sol", "var", "dep", "lin", "gos", "fay", "hum")


def invent(seed, words):
    """Return filler that shares no five words in a row with filler of another seed."""
    draw = random.Random(seed)
    return " ".join("".join(draw.choices(SYLLABLES, k=4)) for _ in range(words))


def hidden_of(*documents):
    """Return the hidden sources of a scan."""
    return scan(documents).lineage.hidden_sources


def wire(name, story, place, source):
    """Return an agency's story as an outlet carries it, cut from the end."""
    text = f"{place} (AP) — {invent(story, 200)}"
    return Document(name, text[: -10 * len(name)], source=source)


def test_an_agency_has_one_hidden_source_for_each_story():
    """Two stories of one agency come from two unseen texts, each fed to its own documents."""
    found = hidden_of(
        wire("a1", "lamp", "PELLAN", "Courier"),
        wire("a22", "lamp", "PELLAN", "Gazette"),
        wire("b1", "ferry", "VALE", "Courier"),
        wire("b22", "ferry", "VALE", "Gazette"),
    )
    assert [source.name for source in found] == ["AP", "AP"]
    assert len({source.id for source in found}) == 2
    assert all(source.id.startswith("~AP#") for source in found)
    assert sorted(source.documents for source in found) == [("a1", "a22"), ("b1", "b22")]


def test_a_text_alone_has_a_hidden_source_where_it_states_one():
    """A line that states the source is enough; a dateline that no other text bears out is not."""
    alone, other = wire("a1", "lamp", "PELLAN", "Courier"), Document("x", invent(9, 80))
    assert hidden_of(alone, other) == ()
    stated = Document("a1", f"{alone.text}\n\nSource: Associated Press", source="Courier")
    (source,) = hidden_of(stated, other)
    assert (source.name, source.documents) == ("AP", ("a1",))


def test_the_agency_itself_is_no_hidden_source():
    """Where the story holds the credited outlet's own text, nothing is hidden."""
    own = Document("own", f"PELLAN (AP) — {invent('lamp', 200)}", source="Associated Press")
    assert hidden_of(own, wire("a1", "lamp", "PELLAN", "Courier")) == ()


def test_a_mention_draws_no_source():
    """An agency that is only talked about is not the source of a text."""
    text = f"{invent(1, 60)}. The mayor told AP that he was tired. {invent(2, 60)}."
    assert hidden_of(Document("a", text, source="Courier"), Document("b", invent(3, 80))) == ()


def test_ids_do_not_depend_on_document_ids():
    """Other ids for the same texts give hidden sources of the same ids."""
    texts = [f"PELLAN (AP) — {invent('lamp', size)}" for size in (200, 150)]
    outlets = ["Courier", "Gazette"]
    rows = list(zip(texts, outlets, strict=True))
    one = hidden_of(*(Document(f"a{i}", text, source=s) for i, (text, s) in enumerate(rows)))
    other = hidden_of(*(Document(f"{9 - i}z", text, source=s) for i, (text, s) in enumerate(rows)))
    assert [source.id for source in one] == [source.id for source in other]
    (source,) = one
    assert re.fullmatch("~AP#[0-9a-f]{8}", source.id)


def test_a_dateline_on_a_page_of_no_outlet_draws_no_source():
    """Where the outlet is unknown the page may be the agency's own; a source line tells more."""
    text = f"PELLAN (AP) — {invent('lamp', 200)}"
    assert hidden_of(Document("a", text)) == ()
    credited = hidden_of(Document("a", f"{text}\n\nSource: Associated Press"))
    assert [source.signal for source in credited] == ["source_line"]


def test_an_abbreviation_is_the_name_it_stands_for():
    """Two credits of one story, in short and in full, draw one source."""
    story = invent("lamp", 200)
    found = hidden_of(
        Document("a", f"{story}\n\nSource: Pellan Press Agency", source="Courier"),
        Document("b", f"PELLAN (PPA) — {story[:-100]}", source="Gazette"),
    )
    assert [source.documents for source in found] == [("a", "b")]


def test_an_outlet_that_many_credit_is_an_agency():
    """What names itself on the page of an outlet that three texts credit is no source of it."""
    story = invent("lamp", 200)
    own = Document("own", f"{story}\n\nSource: AFP", source="Pellan Press")
    takers = [
        Document(name, f"{story[: -60 * i]}\n\nSource: Pellan Press", source=name)
        for i, name in enumerate(["Argus", "Courier", "Gazette"], 1)
    ]
    assert [source.name for source in hidden_of(own, *takers[:1])] == ["AFP"]
    assert hidden_of(own, *takers) == ()


def drawn(found, *ends):
    """Return the sources that are drawn where these (source, derived) pairs are the story."""
    family = found.family(found.tree(*ends))
    sources = draw_hidden_sources(found.corpus, found.cues, found.credit, found.notes, family)
    return [(d.source.name, d.source.documents) for d in sources]


def test_roots_that_share_and_credit_nobody_have_an_unseen_source(sentences, page, study):
    """Texts that share most of their words, none the other's source, come from an unseen one."""
    shared, new = sentences("lamp", 12), sentences("new", 9)
    found = study(
        page("a", [*new[:3], *shared]),
        page("b", [*shared, *new[3:6]]),
        page("c", [*shared[:6], *new[6:], *shared[6:]]),
    )
    assert drawn(found) == [("unseen", ("a", "b", "c"))]
    assert drawn(found, ("a", "b"), ("a", "c")) == []
    assert drawn(found, ("a", "b")) == [("unseen", ("a", "c"))]


def test_roots_that_share_little_have_no_unseen_source(sentences, page, study):
    """Less than half of the shorter text in common draws no source."""
    shared, new = sentences("lamp", 6), sentences("new", 20)
    found = study(page("a", [*new[:10], *shared]), page("b", [*shared, *new[10:]]))
    assert len(found.relations) == 1
    assert drawn(found) == []


def test_a_composite_joins_no_two_unseen_sources(sentences, page, study):
    """Texts of two stories have a source each, and a digest of both is fed by one of them."""
    lamp, ferry, new = sentences("lamp", 16), sentences("ferry", 16), sentences("new", 12)
    found = study(
        page("lamp1", [*new[:3], *lamp]),
        page("lamp2", [*lamp, *new[3:6]]),
        page("ferry1", [*new[6:9], *ferry]),
        page("ferry2", [*ferry, *new[9:]]),
        page("digest", [*lamp[:8], *ferry[:8]]),
    )
    groups = sorted(documents for _, documents in drawn(found))
    assert len(groups) == 2
    assert not any({"lamp1", "ferry1"} <= set(group) for group in groups)


def test_a_text_that_credits_the_one_above_it_is_fed_by_that(sentences, page, study):
    """In a story of an unseen agency, who credits the outlet above is no child of the agency."""
    lines = sentences("lamp", 20)
    found = study(
        page("a", lines, None, "Courier", "Pellan News Agency"),
        page("b", lines[:18], None, "Gazette", "Pellan News Agency"),
        page("c", lines[:16], None, "Argus", "Courier"),
    )
    assert drawn(found, ("a", "b"), ("a", "c")) == [("Pellan News Agency", ("a", "b"))]
    assert drawn(found, ("b", "a"), ("a", "c")) == [("Pellan News Agency", ("a", "b"))]


def test_only_what_the_root_credits_is_drawn(sentences, page, study):
    """Where the first text of a story credits no one, what its copies credit is no source."""
    lines = sentences("lamp", 20)
    found = study(
        page("a", lines, None, "Courier"),
        page("b", lines[:18], None, "Gazette", "Pellan News Agency"),
    )
    assert drawn(found, ("a", "b")) == []
    assert drawn(found, ("b", "a")) == [("Pellan News Agency", ("b",))]
