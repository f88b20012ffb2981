import sys
import time

import pytest
from articles import PARAGRAPHS, TEXT, TITLE, page, structured

from provenance.lineage.cues import read_cues
from provenance.model import Document, Skipped
from provenance.readers import Note, read


def read_all(*paths, **options):
    """Read paths to lists of documents, skipped input and notes."""
    items = list(read(paths, **options))
    kinds = (Document, Skipped, Note)
    return tuple([item for item in items if isinstance(item, kind)] for kind in kinds)


@pytest.fixture
def read_page(tmp_path):
    """Give a function that reads one page from a file."""

    def write(html, **options):
        data = html if isinstance(html, bytes) else html.encode()
        (tmp_path / "a.html").write_bytes(data)
        [document], skipped, notes = read_all(tmp_path, **options)
        assert skipped == []
        return document, [note.message for note in notes]

    return write


def test_a_page_is_its_article(read_page):
    """The text is the article without menus; offsets are its own; the id is the path."""
    document, notes = read_page(page())
    assert document.text == TEXT
    assert (document.id, document.path, document.offsets_of) == ("a.html", "a.html", "extracted")
    assert (document.title, document.source) == (TITLE, "The Pellan Post")
    assert (document.language, notes) == ("en", [])


def test_what_a_page_states_of_itself(read_page):
    """Structured data gives title, authors, date and source; the lineage reads its cues."""
    head = (
        structured(
            headline="Lamp goes dark",
            datePublished="2023-05-04T10:00:00+02:00",
            author=[{"@type": "Person", "name": "Ana Bell"}, {"name": "Cy Dorn"}],
            isBasedOn="https://agency.example/lamp",
            creditText="Meridian Press Agency",
        )
        + '<link rel="canonical" href="https://agency.example/lamp">'
        + '<meta property="og:url" content="https://www.post.example/lamp">'
        + '<meta name="syndication-source" content="https://agency.example/lamp">'
    )
    document, _ = read_page(page(head=head))
    assert document.title == "Lamp goes dark"
    assert document.authors == ("Ana Bell", "Cy Dorn")
    assert document.published.text == "2023-05-04T10:00:00+02:00"
    assert document.published_from == "json-ld datePublished"
    assert document.url == "https://www.post.example/lamp"
    assert document.canonical_url == "https://agency.example/lamp"
    cues = {(cue.signal, cue.value) for cue in read_cues(document)}
    assert cues >= {
        ("canonical_link", "https://agency.example/lamp"),
        ("declared_source", "https://agency.example/lamp"),
        ("declared_source", "Meridian Press Agency"),
    }


@pytest.mark.parametrize(
    ("head", "date", "origin"),
    [
        (
            (
                '<meta name="date" content="2023-05-09">'
                '<meta property="article:published_time" content="2023-05-04T10:00:00Z">'
            ),
            "2023-05-04T10:00:00Z",
            "meta article:published_time",
        ),
        ('<meta name="DC.date.issued" content="2023-05-04">', "2023-05-04", "meta dc.date.issued"),
        (
            '<meta itemprop="datePublished" content="4 May 2023">',
            "2023-05-04",
            "meta datepublished",
        ),
        (
            '<meta property="og:url" content="https://post.example/2023/05/04/lamp.html">',
            "2023-05-04",
            "the address",
        ),
        (
            structured(datePublished="soon") + '<meta name="date" content="2023">',
            "2023",
            "meta date",
        ),
        (structured(dateModified="2023-05-04"), None, None),
    ],
)
def test_where_a_date_is_from(read_page, head, date, origin):
    """The most specific statement of a date counts, at its precision; a change is none."""
    document, _ = read_page(page(head=head))
    assert (document.published and document.published.text, document.published_from) == (
        date,
        origin,
    )


def test_a_time_element_dates_a_page_where_it_is_marked_or_alone(read_page):
    """One of several unmarked times may be that of another story, and is no date."""
    marked = '<time class="entry-date" datetime="2023-05-04T10:00Z">x</time>'
    plain = '<time datetime="2023-05-0{}">x</time>'
    one = read_page(page([*PARAGRAPHS, marked, plain.format(1)]))[0]
    assert one.published.text == "2023-05-04T10:00Z"
    assert read_page(page([*PARAGRAPHS, plain.format(1)]))[0].published.text == "2023-05-01"
    assert read_page(page([*PARAGRAPHS, plain.format(1), plain.format(2)]))[0].published is None


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1252", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("koi8-r", "koi8-r"),
        ("shift_jis", "cp932"),
    ],
)
def test_a_declared_encoding(read_page, declared, encoding):
    """The encoding that a page declares is the one it is read in."""
    words = {"koi8-r": "Маяк погас.", "cp932": "灯台が消えた。"}.get(encoding, "Das Fährhaus.")
    html = page([*PARAGRAPHS, words + " " + PARAGRAPHS[0]]).replace('"utf-8"', f'"{declared}"')
    document, notes = read_page(html.encode(encoding))
    assert words in document.text
    assert notes == []


def test_a_declared_encoding_that_does_not_fit_is_noted(read_page):
    """Where the bytes are not what the page declares, that and the guess are reported."""
    html = page([*PARAGRAPHS, "Das Fährhaus an der Küste öffnet für Gäste später."])
    document, [note] = read_page(html.encode("cp1252"))
    assert "Fährhaus an der Küste" in document.text
    assert note.startswith("not utf-8, as it says; not UTF-8; read as ")


def test_a_page_without_an_article_is_skipped(tmp_path):
    """An empty page, or one of nothing but menus, gives no document and a reason."""
    (tmp_path / "a.html").write_bytes(b"")
    (tmp_path / "b.html").write_text("<html><body></body></html>")
    (tmp_path / "c.html").write_text("<!-- nothing -->")
    (tmp_path / "d.html").write_text("<html><body><script>var x = 'words'</script></body></html>")
    documents, skipped, _ = read_all(tmp_path)
    assert documents == []
    assert [s.place for s in skipped] == ["a.html", "b.html", "c.html", "d.html"]
    assert all(s.reason for s in skipped)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 10_000 + f"<p>{PARAGRAPHS[0]}</p>",
        f'<p title="{"x" * 12_000_000}">{PARAGRAPHS[0]}</p>',
        f"<p {' '.join(f'a{n}=1' for n in range(50_000))}>{PARAGRAPHS[0]}</p>",
        "".join(f'<a href="{n}">link {n}</a> ' for n in range(60_000)),
        f"<p>{PARAGRAPHS[0]}</p>" * 40_000,
        "<table>" + "<tr><td>one<td>two" * 40_000,
        page().replace("went", "we\x00nt").replace("lamp", "la\x01mp"),
        structured(headline="x")
        + "<script type='application/ld+json'>"
        + "[" * 100_000
        + "</script>",
    ],
    ids=["deep", "attribute", "attributes", "links", "paragraphs", "table", "nul", "json"],
)
def test_hostile_pages_end_soon_and_harm_no_other(tmp_path, html):
    """Whatever a page is made of, it is read or skipped within seconds, and others are read."""
    (tmp_path / "a.html").write_text(html)
    (tmp_path / "b.html").write_text(page())
    before = time.process_time()
    documents, skipped, _ = read_all(tmp_path)
    assert documents[-1].text == TEXT
    assert len(documents) + len(skipped) == 2
    assert time.process_time() - before < 30


def test_a_page_of_too_many_elements_gives_all_its_text(read_page):
    """Where looking for the article would take too long, all text is taken, and a note says so."""
    document, [note] = read_page("".join(f"<p>Line {n}.</p>" for n in range(15_000)))
    assert document.text.startswith("Line 0.\nLine 1.\n")
    assert "all text was taken" in note


def test_without_the_extra_the_message_names_the_command(tmp_path, monkeypatch):
    """Where trafilatura or lxml is not installed, pages are skipped with the command."""
    (tmp_path / "a.html").write_text(page())
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    [skipped] = read_all(tmp_path)[1]
    assert skipped.reason.endswith("pip install 'article-provenance[html]'")
    monkeypatch.setitem(sys.modules, "lxml", None)
    assert read_all(tmp_path)[1] == [skipped]
