import sys

import pytest
from articles import PARAGRAPHS, TEXT

from provenance.lineage.cues import read_cues
from provenance.model import Document, Skipped
from provenance.readers import Note, read

STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Pellan Post</title><link>https://post.example/</link><language>en</language>
<item><title>Lamp &amp; keeper</title><link>https://www.post.example/lamp</link>
<guid isPermaLink="false">post-1</guid><dc:creator>Ana Bell</dc:creator>
<pubDate>Thu, 04 May 2023 10:00:00 GMT</pubDate>
<source url="https://agency.example/feed">Meridian Press Agency</source>
<description>Short.</description>
<content:encoded><![CDATA[<div>{STORY}</div><script>x</script>]]></content:encoded></item>
<item><title>Second</title><guid>https://post.example/2</guid>
<description>Caf&eacute;&nbsp;&amp; bar: &lt;b&gt;one&lt;/b&gt; &lt;i&gt;two&lt;/i&gt;.
</description></item>
<item><title>Empty</title></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Echo</title>
<entry xml:lang="de"><title>Lampe</title><id>tag:echo.example,2023:1</id>
<link rel="via" href="https://agency.example/lamp"/><link href="https://echo.example/lampe"/>
<published>2023-05-04T10:00:00Z</published><updated>2023-05-05T10:00:00Z</updated>
<author><name>Cy Dorn</name></author><author><name>Ana Bell</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{STORY}</div></content></entry>
<entry><id>tag:echo.example,2023:2</id><summary type="html">&lt;p&gt;A &amp;amp; B&lt;/p&gt;
</summary></entry>
</feed>"""
NITF = f"""<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-4.dtd">
<nitf><head><title>Lamp</title><docdata><doc-id id-string="mpa-77"/>
<date.issue norm="20230504T100000Z"/></docdata><pubdata name="Meridian Daily"/></head>
<body><body.head><hedline><hl1>Lamp goes dark</hl1></hedline><byline>By Ana Bell</byline>
<distributor>Meridian Press Agency</distributor></body.head>
<body.content><block>{STORY}</block></body.content></body></nitf>"""
NEWSML = f"""<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:newsml:mpa.example:20230504:lamp" version="2">
<itemMeta><provider qcode="nprov:MPA"><name>Meridian Press Agency</name></provider>
<firstCreated>2023-05-04T09:00:00Z</firstCreated><versionCreated>2023-05-04T10:00:00Z</versionCreated>
</itemMeta><contentMeta><headline>Lamp goes dark</headline><by>Ana Bell</by>
<creditline>Northline Agency</creditline><language tag="en-GB"/></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">
<head><title>x</title></head><body>{STORY}</body></html></inlineXML></contentSet></newsItem>
<newsItem guid="urn:2"><itemMeta/><contentMeta/><contentSet><inlineData>Plain text.</inlineData>
</contentSet></newsItem></itemSet></newsMessage>"""


@pytest.fixture
def read_xml(tmp_path):
    """Give a function that reads one XML file."""

    def write(xml, name="x.xml", **options):
        (tmp_path / name).write_bytes(xml if isinstance(xml, bytes) else xml.encode())
        items = list(read(tmp_path, **options))
        kinds = (Document, Skipped, Note)
        return tuple([item for item in items if isinstance(item, kind)] for kind in kinds)

    return write


def test_items_of_a_feed(read_xml):
    """Of an RSS feed, each item is a document: the whole content before its summary."""
    documents, [skipped], notes = read_xml(RSS)
    first, second = documents
    assert first.text == TEXT
    assert (first.id, first.url) == ("https://www.post.example/lamp",) * 2
    assert (first.title, first.authors) == ("Lamp & keeper", ("Ana Bell",))
    assert (first.source, first.language) == ("post.example", "en")
    assert first.published.text == "2023-05-04T10:00:00Z"
    assert first.published_from == "the element pubDate"
    assert ("declared_source", "https://agency.example/feed") in {
        (cue.signal, cue.value) for cue in read_cues(first)
    }
    assert (second.text, second.url) == ("Café\xa0& bar: one two.", "https://post.example/2")
    assert skipped == Skipped("x.xml#3", "an item without text")
    assert notes == []


def test_items_of_rdf(read_xml):
    """In RSS 1.0 the items stand beside the channel."""
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>Post</title></channel><item><title>A</title><description>One.</description>"
        "<dc:date>2023-05-04</dc:date></item></rdf:RDF>"
    )
    [document], _, _ = read_xml(rdf)
    assert (document.id, document.text, document.source) == ("x.xml#1", "One.", "Post")
    assert document.published.text == "2023-05-04"


def test_entries_of_atom(read_xml):
    """Atom's entries have their texts as XHTML, HTML or plain; an update is no publication."""
    (first, second), skipped, _ = read_xml(ATOM, "x.atom")
    assert (first.text, first.url, first.language) == (TEXT, "https://echo.example/lampe", "de")
    assert first.authors == ("Cy Dorn", "Ana Bell")
    assert first.published.text == "2023-05-04T10:00:00Z"
    assert first.metadata == {"meta": {"syndication-source": "https://agency.example/lamp"}}
    assert (second.text, second.id) == ("A & B", "tag:echo.example,2023:2")
    assert (second.source, second.published) == ("The Echo", None)
    assert skipped == []


def test_a_story_in_nitf(read_xml):
    """NITF gives headline, byline, date, and the distributor as a declared source."""
    [document], _, notes = read_xml(NITF)
    assert (document.id, document.text, document.title) == ("mpa-77", TEXT, "Lamp goes dark")
    assert (document.source, document.authors) == ("Meridian Daily", ("Ana Bell",))
    assert document.published.text == "2023-05-04T10:00:00Z"
    assert document.metadata == {"meta": {"provider": "Meridian Press Agency"}}
    assert notes == []


def test_items_of_newsml(read_xml):
    """NewsML-G2 gives the date of the version, its provider, and the text in whatever form."""
    (first, second), _, _ = read_xml(NEWSML, "x.newsml")
    assert (first.id, first.text) == ("urn:newsml:mpa.example:20230504:lamp", TEXT)
    assert (first.title, first.source) == ("Lamp goes dark", "Meridian Press Agency")
    assert (first.authors, first.language) == (("Ana Bell",), "en-GB")
    assert first.published.text == "2023-05-04T10:00:00Z"
    assert first.published_from == "the element versionCreated"
    assert first.metadata == {"meta": {"creditText": "Northline Agency"}}
    assert (second.text, second.id) == ("Plain text.", "urn:2")


def test_nitf_inside_newsml(read_xml):
    """NITF within an item of NewsML is its text, and no item of its own."""
    nitf = NITF[NITF.index("<nitf>") :]
    start = NEWSML.index("<html xmlns")
    end = NEWSML.index("</inlineXML>")
    documents, _, _ = read_xml(NEWSML[:start] + nitf + NEWSML[end:])
    assert [document.text for document in documents] == [TEXT, "Plain text."]


def test_an_encoding_that_xml_declares(read_xml):
    """The declaration of XML names its encoding; a byte order mark does, too."""
    xml = RSS.replace("Short.", "Käse.").replace('"UTF-8"', '"ISO-8859-1"')
    xml = xml.replace("content:encoded", "content:other")
    assert read_xml(xml.encode("latin-1"))[0][0].text == "Käse."
    assert read_xml(xml.replace('encoding="ISO-8859-1"', "").encode("utf-16"))[0][0].text == "Käse."


ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("", "empty file"),
        ("<page><p>Words.</p></page>", "no news in this XML, whose root is 'page'"),
        ("words", "broken XML"),
        (f"<!DOCTYPE rss [<!ENTITY a0 'ha'>{ENTITIES}]><rss>&a11;</rss>", "XML that defines"),
        (
            '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
            "XML that defines",
        ),
        ("<rss>" + "<a>" * 10_000, "broken XML"),
        ("<rss><channel>" + "x" * 11_000_000, ""),
    ],
)
def test_a_file_without_news_is_skipped(read_xml, xml, reason):
    """What is no news, defines entities, or nests without end is told of in a sentence."""
    documents, [skipped], _ = read_xml(xml)
    assert documents == []
    assert skipped.reason.startswith(reason)


def test_entities_behind_a_long_comment_are_not_expanded(read_xml):
    """An entity that the file defines is never expanded, wherever it is defined."""
    comment = f"<!--{'x' * 100_000}-->"
    xml = (
        f"{comment}<!DOCTYPE rss [<!ENTITY a0 'haha'>{ENTITIES}]><rss><channel><item>"
        "<description>One &a11; two.</description></item></channel></rss>"
    )
    documents, _, _ = read_xml(xml)
    assert all("haha" not in document.text for document in documents)


def test_broken_xml_is_read_as_far_as_it_goes(read_xml):
    """Items before and after an error are read, and a note tells of the error."""
    broken = RSS.replace("Short.", "Fish & chips")
    documents, _, [note] = read_xml(broken)
    assert documents[0].text == TEXT
    assert note.message.startswith("broken XML, read as far as it goes")
    cut = RSS[: RSS.index("<item><title>Second")]
    documents, _, [note] = read_xml(cut)
    assert [document.text for document in documents] == [TEXT]
    assert note.message.startswith("broken XML")


def test_without_the_extra_the_message_names_the_command(read_xml, monkeypatch):
    """Where lxml is not installed, XML is skipped with the command that installs it."""
    monkeypatch.setitem(sys.modules, "lxml", None)
    _, [skipped], _ = read_xml(RSS)
    assert skipped.reason.endswith("pip install 'article-provenance[xml]'")
