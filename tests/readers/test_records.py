import pytest

from provenance.errors import InputError
from provenance.model import Document
from provenance.readers.items import Unnamed
from provenance.readers.records import ALIASES, from_record

TEXT = "The ferry stayed in the harbour."


def document(**record):
    """Make a document of a record."""
    made = from_record(record, "wire.jsonl#1")
    return made.document if isinstance(made, Unnamed) else made


def test_trafilatura():
    """In trafilatura's JSON `source` is the URL, and the outlet is the site's name."""
    made = document(
        title="Ferry",
        author="Ana Ruiz; Bo Lind",
        hostname="example.org",
        date="2023-09-20",
        fingerprint="5f1",
        id=None,
        raw_text=TEXT + " raw",
        **{"source": "https://www.example.org/ferry", "source-hostname": "Example News"},
        filedate="2024-01-02",
        language="en",
        text=TEXT,
        comments="",
    )
    assert made.text == TEXT
    assert made.id == made.url == "https://www.example.org/ferry"
    assert (made.source, made.title) == ("Example News", "Ferry")
    assert made.authors == ("Ana Ruiz", "Bo Lind")
    assert (str(made.published), str(made.fetched)) == ("2023-09-20", "2024-01-02")
    assert made.language == "en"
    assert made.metadata == {
        "fingerprint": "5f1",
        "raw_text": TEXT + " raw",
        "hostname": "example.org",
        "comments": "",
    }


def test_news_please():
    """In news-please's JSON `maintext` is the text, whatever `text` holds."""
    made = document(
        authors=["Ana Ruiz"],
        date_download="2024-01-02 03:04:05",
        date_publish="2023-09-20 10:15:01",
        date_modify="None",
        maintext=TEXT,
        text="<p>" + TEXT,
        source_domain="example.org",
        title="Ferry",
        url="https://example.org/ferry",
    )
    assert (made.text, made.source, made.authors) == (TEXT, "example.org", ("Ana Ruiz",))
    assert str(made.published) == "2023-09-20T10:15:01"
    assert str(made.fetched) == "2024-01-02T03:04:05"
    assert made.metadata["date_modify"] == "None"


def test_fundus():
    """In fundus' JSON the address and the time of the visit stand in `html`."""
    made = document(
        plaintext=TEXT,
        publishing_date="2023-09-20 10:15:01+02:00",
        lang="en",
        authors=["Ana Ruiz"],
        publisher="Example News",
        topics=["ferries"],
        html={
            "requested_url": "https://example.org/f",
            "responded_url": "https://example.org/ferry",
            "crawl_date": "2024-01-02 03:04:05",
            "content": "<html>",
        },
    )
    assert (made.url, made.source) == ("https://example.org/ferry", "Example News")
    assert str(made.published) == "2023-09-20T10:15:01+02:00"
    assert str(made.fetched) == "2024-01-02T03:04:05"
    assert made.metadata["html"] == {"content": "<html>"}
    assert made.language == "en"


def test_fundus_body():
    """Fundus' nested body is joined by blank lines, and offsets are those of what is joined."""
    sections = [{"headline": ["Ferry"], "paragraphs": ["One.", "Two."]}]
    made = document(body={"summary": ["In short."], "sections": sections})
    assert made.text == "In short.\n\nFerry\n\nOne.\n\nTwo."
    assert made.offsets_of == "extracted"


def test_newspaper():
    """newspaper4k's fields are read, its canonical link too."""
    made = document(
        text=TEXT,
        publish_date="2023-09-20T10:15:01",
        meta_lang="en",
        canonical_link="https://other.example/ferry",
        source_url="https://example.org",
        url="https://example.org/ferry?x=1",
    )
    assert made.url == "https://example.org/ferry?x=1"
    assert made.canonical_url == "https://other.example/ferry"
    assert (made.source, made.language) == ("example.org", "en")
    assert document(text=TEXT, canonical_link="https://a.example/b").url == "https://a.example/b"


def test_schema_org():
    """schema.org's things are read by their names."""
    made = document(
        articleBody=TEXT,
        headline="Ferry",
        datePublished="2023-09-20T10:15:01Z",
        author=[{"@type": "Person", "name": "Ana Ruiz"}, {"name": None}, "Bo Lind"],
        publisher={"@type": "Organization", "name": "Example News"},
        inLanguage="en",
        url="https://example.org/ferry",
        metadata={"dateDownloaded": "2024-01-02"},
    )
    assert (made.text, made.title, made.source) == (TEXT, "Ferry", "Example News")
    assert made.authors == ("Ana Ruiz", "Bo Lind")
    assert (str(made.fetched), made.metadata) == ("2024-01-02", {})


@pytest.mark.parametrize("nested", [True, False])
def test_fineweb(nested):
    """In dumps of crawls `date` is the crawl's, never the publication's."""
    known = {
        "dump": "CC-MAIN-2023-40",
        "url": "https://www.Example.org/ferry",
        "date": "2023-09-20T10:15:01Z",
        "file_path": "s3://x",
    }
    record = {"metadata": known} if nested else known
    made = document(text=TEXT, id="<urn:uuid:1>", **record)
    assert made.published is None
    assert str(made.fetched) == "2023-09-20T10:15:01Z"
    assert made.source == "example.org"
    assert made.metadata == {"dump": "CC-MAIN-2023-40", "file_path": "s3://x"}


def test_passim():
    """The `series` of passim is the source."""
    made = document(id="np/1", text=TEXT, series="The Mercury", date="1849-01-01")
    assert (made.id, made.source, str(made.published)) == ("np/1", "The Mercury", "1849-01-01")


def test_own_names():
    """This package's own field names are read."""
    made = document(
        id=7,
        text=TEXT,
        source="Wire",
        url="https://a.example/1",
        title="T",
        canonical_url="https://b.example/1",
        authors="Ana Ruiz",
        language="en",
        published="2023",
        fetched=1695204901,
    )
    assert made == Document(
        id="7",
        text=TEXT,
        source="Wire",
        url="https://a.example/1",
        title="T",
        canonical_url="https://b.example/1",
        authors=("Ana Ruiz",),
        language="en",
        published=made.published,
        fetched=made.fetched,
        metadata={},
        path="wire.jsonl#1",
        offsets_of="field",
        published_from="published",
    )
    assert (str(made.published), str(made.fetched)) == ("2023", "2023-09-20T10:15:01Z")


@pytest.mark.parametrize("name", ALIASES["text"])
def test_names_of_the_text(name):
    """Each of the text's names is read, and one that is null gives way to the next."""
    record = {**dict.fromkeys(ALIASES["text"]), name: TEXT}
    assert document(**record).text == TEXT


@pytest.mark.parametrize("scheme", ["http://", "https://", " HTTPS://"])
def test_an_address_in_source(scheme):
    """An address in `source` is the URL; beside a URL it is only metadata."""
    address = f"{scheme}www.Example.org:8080/a"
    made = document(text=TEXT, source=address)
    assert (made.url, made.source) == (address.strip(), "example.org")
    made = document(text=TEXT, source=address, url="https://b.example")
    assert (made.url, made.source) == ("https://b.example", "b.example")
    assert made.metadata == {"source": address}


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://WWW.Example.ORG/a", "example.org"),
        ("http://user@news.example.org.:80/", "example.org"),
        ("https://www.", None),
        ("no address", None),
        ("https://[broken", None),
    ],
)
def test_the_host_stands_in_for_the_source(url, source):
    """Without a source the host counts, in lower case, without 'www.'; a broken URL has none."""
    made = document(text=TEXT, url=url)
    assert (made.url, made.source) == (url, source)


def test_wrong_types_become_metadata():
    """A field that cannot be used is kept as metadata and otherwise ignored."""
    odd = {"title": 5, "authors": {"x": 1}, "url": ["u"], "source": 1.5, "language": {}, "tags": []}
    odd |= {"published": "soon", "fetched": False, "canonical_url": "  "}
    made = document(text=TEXT, **odd)
    assert made.metadata == odd
    bare = Document("wire.jsonl#1", TEXT, metadata=odd, path=made.path, offsets_of="field")
    assert made == bare


def test_a_date_that_cannot_be_read_gives_way():
    """Where the first of two dates is none, the second is read and the first kept."""
    made = document(text=TEXT, date_publish="None", date="2023-09-20")
    assert str(made.published) == "2023-09-20"
    assert made.metadata == {"date_publish": "None"}


@pytest.mark.parametrize("value", ["", "  ", None])
def test_an_empty_id_is_none(value):
    """An empty id does not count as one."""
    made = from_record({"id": value, "text": TEXT}, "wire.jsonl#1")
    assert isinstance(made, Unnamed)
    assert made.document.id == "wire.jsonl#1"


def test_nested_metadata_has_no_say_over_id_and_text():
    """A nested object describes a document, but neither names it nor is its text."""
    with pytest.raises(InputError, match="no text"):
        from_record({"metadata": {"text": TEXT, "id": "x"}}, "wire.jsonl#1")
    assert document(text=TEXT, title="Own", metadata={"title": "Nested"}).title == "Own"
    assert document(text=TEXT, metadata="words").metadata == {"metadata": "words"}
