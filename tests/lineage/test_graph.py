"""The lineage of small stories, from end to end."""

from datetime import date, timedelta

import pytest

from provenance.audit import scan
from provenance.model import DerivationKind, Document
from provenance.timestamps import parse


def lineage_of(*documents):
    """Return the lineage of documents; it is the same in whatever order they come."""
    found = scan(documents).lineage
    assert scan(documents[::-1]).lineage == found
    return found


def primary(lineage):
    """Return the primary derivation of each derived document."""
    rows = [row for row in lineage.derivations if row.primary]
    found = {row.derived: row for row in rows}
    assert len(found) == len(rows)
    return found


def test_a_chain_of_copies_is_followed(sentences, page):
    """Each copy has the text it was made from, not the first one, as its primary source."""
    lines, new = sentences("lamp", 30), sentences("new", 6)
    steps = [lines, lines[:26], [*new[:3], *lines[:26]], [*new[:3], *lines[:22], *new[3:]]]
    days = [str(date(2031, 5, 1) + timedelta(days=2 * i)) for i in range(4)]
    outlets = ["Pellan Press", "Courier", "Gazette", "Argus"]
    rows = zip("dbca", steps, days, outlets, strict=True)
    lineage = lineage_of(*(page(*row) for row in rows), page("z", sentences("other", 30), days[0]))
    found = primary(lineage)
    assert {name: row.source for name, row in found.items()} == {"b": "d", "c": "b", "a": "c"}
    assert lineage.hidden_sources == ()
    assert all(row.direction_confidence > 0.9 for row in found.values())
    assert found["b"].share == 1.0
    assert 0.7 < found["c"].share < 1.0
    assert all(row.evidence for row in found.values())


def test_outlets_of_an_agency_are_fed_by_it_and_not_by_each_other(sentences, page):
    """Where several outlets credit an agency whose text is not here, it is the source of all."""
    lines = sentences("lamp", 30)
    outlets = ["Courier", "Gazette", "Argus", "Herald"]
    pages = [
        page(outlet, lines[: 30 - 4 * i], f"2031-05-0{i + 1}", outlet, "Pellan News Agency")
        for i, outlet in enumerate(outlets)
    ]
    lineage = lineage_of(*pages)
    (source,) = lineage.hidden_sources
    assert (source.name, source.documents) == ("Pellan News Agency", tuple(sorted(outlets)))
    assert {row.source for row in lineage.derivations} == {source.id}
    assert {row.derived for row in lineage.derivations} == set(outlets)
    assert all(row.primary and row.decided for row in lineage.derivations)
    texts = {document.id: document.text for document in pages}
    for row in lineage.derivations:
        (span,) = row.evidence[0].spans
        assert "Pellan News Agency" in texts[span.document][span.start : span.end]


def test_an_agency_that_is_here_is_no_hidden_source(sentences, page):
    """Where the corpus holds the credited outlet's text, that is the source."""
    lines = sentences("lamp", 30)
    lineage = lineage_of(
        page("own", lines, "2031-05-01", "Pellan News Agency"),
        page("one", lines[:26], "2031-05-02", "Courier", "Pellan News Agency"),
        page("two", lines[:22], "2031-05-02", "Gazette", "Pellan News Agency"),
    )
    assert lineage.hidden_sources == ()
    assert {name: row.source for name, row in primary(lineage).items()} == {
        "one": "own",
        "two": "own",
    }


@pytest.mark.parametrize("published", [None, "2031-05-01"])
def test_two_texts_that_nothing_tells_apart_are_undecided(sentences, page, published):
    """Two versions of one length and date, each with words of its own, have no decided source."""
    lines, new = sentences("lamp", 30), sentences("new", 1)[0].split()
    one, other = ([*lines[:15], f"{' '.join(new[i::2])}.", *lines[15:]] for i in (0, 1))
    lineage = lineage_of(
        page("a", one, published, "Courier"), page("b", other, published, "Gazette")
    )
    assert not any(row.decided for row in lineage.derivations)
    for row in lineage.derivations:
        assert row.source.startswith("~") or 0.3 < row.direction_confidence < 0.7


@pytest.mark.parametrize(
    ("first", "second", "decided"),
    [
        ("2031-05-01", "2031-05-02", True),
        ("2031-05-01", "2031-05-01", False),
        (None, None, False),
        ("2031-05-01", None, False),
    ],
)
def test_equal_documents_are_ordered_by_dates_alone(sentences, page, first, second, decided):
    """A copy of equal words is decided only where both dates say which was first."""
    lines = sentences("lamp", 8)
    text = page("x", lines).text
    rows = lineage_of(
        Document("z", text, published=parse(first)),
        Document("a", text.upper(), published=parse(second)),
    ).derivations
    (row,) = rows
    assert {row.source, row.derived} == {"a", "z"}
    assert (row.kind, row.confidence, row.share) == (DerivationKind.COPY, 1.0, 1.0)
    assert row.decided == decided
    assert row.direction_confidence == (0.95 if decided else 0.5)
    if decided:
        assert row.source == "z"


@pytest.mark.parametrize(("words", "rows"), [(11, 0), (12, 1)])
def test_equal_documents_of_a_few_words_derive_from_no_one(sentences, words, rows):
    """Texts too short for a passage are no copies, however equal."""
    text = " ".join(" ".join(sentences("lamp", 3)).split()[:words])
    assert len(lineage_of(Document("a", text), Document("b", text)).derivations) == rows


def test_a_composite_has_a_source_in_each_story(sentences, page):
    """A digest of two stories has a primary source in one and a further one in the other."""
    lamp, ferry = sentences("lamp", 30), sentences("ferry", 30)
    lineage = lineage_of(
        page("lamp", lamp, "2031-05-01", "Pellan Press"),
        page("ferry", ferry, "2031-05-01", "Argus"),
        page("digest", [*lamp[:14], *ferry[:12]], "2031-05-03", "Courier"),
    )
    rows = [row for row in lineage.derivations if row.derived == "digest"]
    assert sorted(row.source for row in rows) == ["ferry", "lamp"]
    assert [row.primary for row in rows] == [True, False]
    assert {row.derived for row in lineage.derivations} == {"digest"}
    assert sum(row.share for row in rows) == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(
    ("cut", "added", "kind"),
    [
        (30, 3, DerivationKind.COPY),
        (12, 0, DerivationKind.EXCERPT),
        (30, 20, DerivationKind.EXPANSION),
    ],
)
def test_the_kind_tells_what_was_taken_and_what_was_left(sentences, page, cut, added, kind):
    """A whole text is a copy, a part of it an excerpt, a whole one with more an expansion."""
    lines, new = sentences("lamp", 30), sentences("new", 20)
    lineage = lineage_of(
        page("old", lines, "2031-05-01", "Pellan Press"),
        page("new", [*lines[:cut], *new[:added]], "2031-05-09", "Courier"),
    )
    (row,) = lineage.derivations
    assert (row.source, row.derived, row.kind) == ("old", "new", kind)


def test_a_later_version_of_one_outlet_is_a_revision(sentences, page):
    """What an outlet made of its own text is a revision."""
    lines = sentences("lamp", 30)
    lineage = lineage_of(
        page("old", lines, "2031-05-01", "Courier"),
        page("new", [*lines, *sentences("new", 3)], "2031-05-02", "Courier"),
    )
    (row,) = lineage.derivations
    assert (row.source, row.derived, row.kind) == ("old", "new", DerivationKind.REVISION)


def test_strangers_have_no_lineage(sentences, page):
    """Texts that share nothing have no derivations and no hidden sources."""
    lineage = lineage_of(*(page(name, sentences(name, 12), "2031-05-01") for name in "abc"))
    assert (lineage.derivations, lineage.hidden_sources) == ((), ())
