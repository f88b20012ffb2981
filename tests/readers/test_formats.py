"""The same article in every format is the same text to everything that comes after reading."""

import csv
import gzip
import io
import itertools
import json
import tarfile
import zipfile
from email.message import EmailMessage

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from articles import PARAGRAPHS, TEXT, page
from pyarrow import ipc
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from provenance.audit import compare, scan
from provenance.model import Document
from provenance.readers import read
from provenance.text.corpus import tokenize_texts

PAGE = page().encode()
RECORD = {"text": TEXT, "title": "Lamp"}


class Writer(WARCWriter):
    """A writer that leaves no temporary files open."""

    _create_temp_file = staticmethod(io.BytesIO)


def warc():
    """Return the article as a page in a web archive."""
    stream = io.BytesIO()
    writer = Writer(stream, gzip=True)
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            "https://post.example/lamp", "response", io.BytesIO(PAGE), http_headers=headers
        )
    )
    return stream.getvalue()


def wet():
    """Return the article as a text in a web archive."""
    stream = io.BytesIO()
    writer = Writer(stream, gzip=False)
    record = writer.create_warc_record(
        "https://post.example/lamp",
        "conversion",
        io.BytesIO(TEXT.encode()),
        warc_content_type="text/plain",
    )
    writer.write_record(record)
    return stream.getvalue()


def table(delimiter):
    """Return the article as a table of characters."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(RECORD), delimiter=delimiter)
    writer.writeheader()
    writer.writerow(RECORD)
    return stream.getvalue().encode()


def columns(kind):
    """Return the article as a table of columns."""
    stream = io.BytesIO()
    rows = pa.Table.from_pylist([RECORD])
    if kind == "parquet":
        pq.write_table(rows, stream)
    else:
        with ipc.new_file(stream, rows.schema) as writer:
            writer.write_table(rows)
    return stream.getvalue()


def zipped():
    """Return the article as a text in a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("lamp.txt", TEXT)
    return stream.getvalue()


def tarred():
    """Return the article as a page in a packed tar."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        member = tarfile.TarInfo("lamp.html")
        member.size = len(PAGE)
        archive.addfile(member, io.BytesIO(PAGE))
    return stream.getvalue()


def mail():
    """Return the article as a message."""
    message = EmailMessage()
    message.set_content(TEXT, cte="base64")
    return message.as_bytes()


def feed():
    """Return the article in a feed."""
    story = "".join(f"&lt;p&gt;{paragraph}&lt;/p&gt;" for paragraph in PARAGRAPHS)
    item = f"<item><title>Lamp</title><description>{story}</description></item>"
    return f"<rss><channel>{item}</channel></rss>".encode()


FORMATS = {
    "a.txt": TEXT.encode(),
    "b.html": PAGE,
    "c.jsonl": json.dumps(RECORD).encode(),
    "d.json": json.dumps([RECORD], indent=1).encode(),
    "e.csv": table(","),
    "f.tsv": table("\t"),
    "g.parquet": columns("parquet"),
    "h.arrow": columns("arrow"),
    "i.warc.gz": warc(),
    "j.wet": wet(),
    "k.zip": zipped(),
    "l.tar.gz": tarred(),
    "m.txt.gz": gzip.compress(TEXT.encode(), mtime=0),
    "n.jsonl.zst": zstandard.compress(json.dumps(RECORD).encode()),
    "o.eml": mail(),
    "p.xml": feed(),
    "q.txt": TEXT.encode("utf-16"),
}


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """Read the article in every format; return the documents by file."""
    folder = tmp_path_factory.mktemp("formats")
    for name, data in FORMATS.items():
        (folder / name).write_bytes(data)
    found = [item for item in read(folder) if isinstance(item, Document)]
    by_file = {
        document.path[: len(name)]: document
        for document in found
        for name in FORMATS
        if document.path.startswith(name)
    }
    assert by_file.keys() == FORMATS.keys()
    return by_file


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(FORMATS, 2)])
def test_two_formats_give_the_same_tokens_and_one_passage(documents, one, other):
    """Two formats of one article have the same tokens, Jaccard 1 and one exact match of all."""
    a, b = documents[one], documents[other]
    first, second = (tokenize_texts([d.text], compile_kernels=False) for d in (a, b))
    assert first.digest(0) == second.digest(0)
    found = compare(a, b)
    assert found.pair.jaccard == 1.0
    [match] = found.matches
    assert (match.kind, match.a_containment, match.b_containment) == ("exact", 1.0, 1.0)
    words = [" ".join(d.text[s.start : s.end].split()) for d, s in ((a, match.a), (b, match.b))]
    assert words[0] == words[1]


def test_all_formats_are_one_cluster(documents):
    """A scan of all formats has one cluster and one passage, with every format in both."""
    audit = scan(documents.values())
    [cluster] = audit.clusters
    assert set(cluster.members) == {document.id for document in documents.values()}
    [passage] = [p for p in audit.passages if p.documents == len(FORMATS)]
    assert passage.tokens == audit.documents[0].tokens
    assert len({report.tokens for report in audit.documents}) == 1
