"""Hidden sources: what texts credit and the corpus does not hold."""

import random

from provenance.audit import scan
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
    stories = sorted({name[0] for name in source.documents} for source in found)
    assert stories == [{"a"}, {"b"}]


def test_a_text_alone_can_have_a_hidden_source():
    """A credit is enough where no other document carries the text."""
    (source,) = hidden_of(wire("a1", "lamp", "PELLAN", "Courier"), Document("x", invent(9, 80)))
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
    one = hidden_of(*(Document(f"a{i}", text) for i, text in enumerate(texts)))
    other = hidden_of(*(Document(f"{9 - i}z", text) for i, text in enumerate(texts)))
    assert [source.id for source in one] == [source.id for source in other]
    assert one
