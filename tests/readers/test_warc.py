import gzip
import http.server
import io
import threading
import urllib.request
import zlib

import brotli
import pytest
import zstandard
from articles import PARAGRAPHS, TEXT, page
from warcio.capture_http import capture_http
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from provenance.audit import scan
from provenance.model import Document, Skipped
from provenance.readers import Note, read

URL = "https://www.post.example/lamp"


def read_all(*paths, **options):
    """Read paths to lists of documents, skipped input and notes."""
    items = list(read(paths, **options))
    kinds = (Document, Skipped, Note)
    return tuple([item for item in items if isinstance(item, kind)] for kind in kinds)


class Writer(WARCWriter):
    """A writer that leaves no temporary files open."""

    _create_temp_file = staticmethod(io.BytesIO)


class Archive:
    """A web archive that a test writes record by record with warcio."""

    def __init__(self, *, packed=False):
        self.stream = io.BytesIO()
        self.writer = Writer(self.stream, gzip=packed)

    def response(self, body, *, url=URL, status="200 OK", kind="text/html", **headers):
        """Write the answer of a server; return the record."""
        said = [("Content-Type", kind), *((k.replace("_", "-"), v) for k, v in headers.items())]
        record = self.writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=StatusAndHeaders(status, said, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": "2023-05-06T07:08:09Z"},
        )
        self.writer.write_record(record)
        return record

    def text(self, text, *, url=URL, kind="conversion"):
        """Write a text as WET files hold it."""
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(text.encode()),
            warc_content_type="text/plain",
            warc_headers_dict={"WARC-Identified-Content-Language": "eng,deu"},
        )
        self.writer.write_record(record)

    def revisit(self, record, *, url):
        """Write a revisit of a response."""
        revisit = self.writer.create_revisit_record(
            url,
            record.rec_headers.get_header("WARC-Payload-Digest"),
            record.rec_headers.get_header("WARC-Target-URI"),
            record.rec_headers.get_header("WARC-Date"),
            warc_headers_dict={"WARC-Date": "2023-06-01T00:00:00Z"},
        )
        self.writer.write_record(revisit)

    def data(self):
        """Return the bytes of the archive."""
        return self.stream.getvalue()


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")  # those of warcio
def test_pages_that_were_served_recorded_and_scanned(tmp_path):
    """Pages of a local server, recorded by warcio, are one cluster of the text they carry."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "one.html").write_text(page(site="The Pellan Post"))
    (site / "two.html").write_text(page([*PARAGRAPHS, "The post adds a line."], site="The Echo"))
    (site / "style.css").write_text("p { color: black }")
    (site / "plain.txt").write_text(TEXT)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(site))

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        root = f"http://127.0.0.1:{server.server_port}"
        try:
            with capture_http(str(tmp_path / "crawl.warc.gz")):
                for name in ("one.html", "two.html", "style.css", "plain.txt", "missing.html"):
                    try:
                        urllib.request.urlopen(f"{root}/{name}").read()  # noqa: S310
                    except urllib.error.HTTPError as error:
                        error.close()
        finally:
            server.shutdown()
            thread.join()
    documents, skipped, notes = read_all(tmp_path / "crawl.warc.gz")
    by_url = {document.url: document for document in documents}
    assert by_url.keys() == {f"{root}/{name}" for name in ("one.html", "two.html", "plain.txt")}
    assert by_url[f"{root}/one.html"].text == by_url[f"{root}/plain.txt"].text == TEXT
    assert by_url[f"{root}/two.html"].source == "The Echo"
    assert all(d.fetched and not d.published and d.id.startswith("urn:uuid:") for d in documents)
    assert skipped == []
    passed = "records that are no pages or texts were passed over"
    assert [note.message for note in notes] == [
        f"{passed}: 1 of 'text/css', 1 with HTTP status 404"
    ]
    audit = scan(documents)
    assert [len(cluster.members) for cluster in audit.clusters] == [3]


@pytest.mark.parametrize(
    "pack",
    [
        lambda data: ("x.warc", data),
        lambda data: ("x.warc.gz", gzip.compress(data)),
        lambda data: ("x.warc.zst", zstandard.compress(data)),
        lambda data: ("x", data),
    ],
    ids=["plain", "gzip", "zstandard", "unnamed"],
)
def test_packed_archives(tmp_path, pack):
    """An archive reads the same plain, compressed as a whole, and without a name to go by."""
    archive = Archive()
    archive.response(page().encode())
    archive.text("A text.", url="https://a.b.echo.example/1")
    name, data = pack(archive.data())
    (tmp_path / name).write_bytes(data)
    first, second = read_all(tmp_path)[0]
    assert (first.text, first.url, first.path) == (TEXT, URL, f"{name}#1")
    assert first.fetched.text == "2023-05-06T07:08:09Z"
    assert (second.text, second.source) == ("A text.", "echo.example")
    assert (second.language, second.offsets_of, second.path) == ("eng", "extracted", f"{name}#2")


def test_an_archive_of_zstandard_with_a_dictionary(tmp_path):
    """Records that are compressed with the archive's own dictionary are read."""
    samples = [f"WARC/1.0\r\nWARC-Type: conversion {n} {TEXT[n:]}".encode() for n in range(200)]
    dictionary = zstandard.train_dictionary(2000, samples)
    archive = Archive()
    archive.text(TEXT)
    packed = zstandard.ZstdCompressor(dict_data=dictionary).compress(archive.data())
    for raw in (dictionary.as_bytes(), zstandard.compress(dictionary.as_bytes())):
        head = b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw
        (tmp_path / "x.wet.zst").write_bytes(head + packed)
        [document] = read_all(tmp_path)[0]
        assert document.text == TEXT


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("gzip", bytes),
        ("br", bytes),
    ],
)
def test_bodies_as_servers_send_them(tmp_path, encoding, encode):
    """Content encodings and chunks are undone, whether or not the crawler did so before."""
    body = encode(page().encode())
    archive = Archive()
    archive.response(body, Content_Encoding=encoding)
    parts = (body[: len(body) // 2], body[len(body) // 2 :])
    chunks = b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in parts)
    archive.response(
        chunks + b"0\r\n\r\n", Content_Encoding=encoding, Transfer_Encoding="chunked", url=URL + "2"
    )
    archive.response(body, Content_Encoding=encoding, Transfer_Encoding="chunked", url=URL + "3")
    (tmp_path / "x.warc").write_bytes(archive.data())
    documents, skipped, _ = read_all(tmp_path)
    assert [document.text for document in documents] == [TEXT] * 3
    assert skipped == []


def test_the_encoding_that_the_server_states(tmp_path):
    """A character set in the header of the answer comes before that of the page."""
    words = "Das Fährhaus öffnet. " + PARAGRAPHS[0]
    archive = Archive()
    archive.response(page([words]).encode("cp1252"), kind="text/html; charset=ISO-8859-1")
    (tmp_path / "x.warc").write_bytes(archive.data())
    [document], _, [] = read_all(tmp_path)
    assert document.text == words


def test_revisits_are_the_page_that_they_name(tmp_path):
    """A revisit gives the page again with its own address and date; another file's, a reason."""
    archive, other = Archive(packed=True), Archive()
    record = archive.response(page().encode())
    archive.revisit(record, url="https://mirror.example/lamp")
    archive.revisit(
        other.response(page([PARAGRAPHS[0]] * 2).encode(), url=URL + "9"), url=URL + "9"
    )
    (tmp_path / "x.warc.gz").write_bytes(archive.data())
    (one, two), [skipped], _ = read_all(tmp_path)
    assert (one.text, two.text) == (TEXT, TEXT)
    assert (two.url, two.fetched.text) == ("https://mirror.example/lamp", "2023-06-01T00:00:00Z")
    assert one.id != two.id
    assert skipped.place == "x.warc.gz#3"
    assert skipped.reason.startswith(f"a revisit of {URL}9, which is not a page in this file")


def broken(change):
    """Return an archive of three texts whose second record is changed."""
    pieces = []
    for number in range(3):
        archive = Archive()
        archive.text(f"Text {number}. {TEXT}", url=f"{URL}/{number}")
        pieces.append(archive.data())
    pieces[1] = change(pieces[1])
    return b"".join(pieces)


def lengthened(data, by):
    """Change the Content-Length of a record."""
    length = int(data.split(b"Content-Length: ")[1].split(b"\r")[0])
    return data.replace(b"Content-Length: %d" % length, b"Content-Length: %d" % (length + by))


@pytest.mark.parametrize("by", [-300, -1, 1, 2, 5, 40, 900, 10_000, 10**9])
def test_a_wrong_length_harms_no_other_record(tmp_path, by):
    """A record whose length is wrong ends where the next begins; it is told of, nothing is lost."""
    (tmp_path / "x.wet").write_bytes(broken(lambda data: lengthened(data, by)))
    documents, skipped, notes = read_all(tmp_path)
    if by == 10**9:
        assert [s.place for s in skipped] == ["x.wet#2", "x.wet"]
        assert "--max-document" in skipped[0].reason
        return
    assert [d.text for d in documents] == [f"Text {number}. {TEXT}" for number in range(3)]
    assert skipped == []
    assert [(n.place, n.message.split(":")[0]) for n in notes] == [
        ("x.wet#2", "wrong Content-Length")
    ]


@pytest.mark.parametrize("value", [b"", b"-5", b"many", b"9" * 30])
def test_an_unusable_length_loses_one_record(tmp_path, value):
    """Without a length, a record is skipped up to the next."""
    change = lambda data: data.replace(b"Content-Length: ", b"Content-Length: " + value + b"x")  # noqa: E731
    (tmp_path / "x.wet").write_bytes(broken(change))
    documents, [skipped], _ = read_all(tmp_path)
    assert [d.url for d in documents] == [f"{URL}/0", f"{URL}/2"]
    assert skipped.place == "x.wet#2"


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_that_is_cut_off(tmp_path, packed):
    """The records before the cut are read, the cut is told of, other files are read."""
    archive = Archive(packed=packed)
    for number in range(20):
        archive.text(f"Text {number}. {TEXT}", url=f"{URL}/{number}")
    name = "x.wet.gz" if packed else "x.wet"
    (tmp_path / name).write_bytes(archive.data()[: len(archive.data()) * 21 // 40])
    (tmp_path / "z.txt").write_text("Z.")
    documents, [skipped], _ = read_all(tmp_path)
    assert len(documents) > 5
    assert documents[-1].id == "z.txt"
    assert skipped.place == name
    assert f"the {len(documents) - 1} records before are read" in skipped.reason


def test_records_that_cannot_be_read_are_skipped_one_by_one(tmp_path):
    """A bomb, a damaged body and an empty page are told of by number; the others are read."""
    archive = Archive()
    archive.response(gzip.compress(bytes(3_000_000)), Content_Encoding="gzip")
    archive.response(b"\x1f\x8bdamaged", Content_Encoding="gzip")
    archive.response(b"<html></html>")
    archive.response(b"x", Content_Encoding="rot13")
    archive.response(page().encode())
    (tmp_path / "x.warc").write_bytes(archive.data())
    [document], skipped, _ = read_all(tmp_path, max_document=1_000_000)
    assert (document.text, document.path) == (TEXT, "x.warc#5")
    assert [s.place for s in skipped] == [f"x.warc#{n}" for n in range(1, 5)]
    assert [s.reason.split(":")[0] for s in skipped] == [
        "a decompression bomb, or a body larger than 1,000,000 bytes (--max-document allows more)",
        "a body with damaged gzip",
        "no article found in the page",
        "a body in the unknown encoding 'rot13'",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty file"), (b"\r\n", "empty file"), (b"words\n", "no web archive")],
)
def test_a_file_that_is_no_archive(tmp_path, data, reason):
    """A file without a record is skipped."""
    (tmp_path / "x.warc").write_bytes(data)
    [skipped] = read_all(tmp_path)[1]
    assert skipped.reason.startswith(reason)
