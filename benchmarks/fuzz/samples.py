"""Small valid files of every format that is read, for the fuzzer to damage."""

import bz2
import csv
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from pyarrow import feather, ipc

PARAGRAPHS = [
    "The old lighthouse on Cormorant Rock went dark on Tuesday night, after its lamp burned out.",
    "“We counted fourteen boats,” said keeper Odran Vell’s daughter, who watched from the café.",
    "По утру все лодки вернулись в гавань. 灯台の灯が消えた。",
]
TEXT = "\n".join(PARAGRAPHS)
RECORDS: list[dict[str, object]] = [
    {
        "id": f"r{number}",
        "text": f"{number}. {TEXT}",
        "url": f"https://news.post{number}.example.co.uk/2023/05/04/lamp?x={number}",
        "title": "Lamp",
        "date": "2023-05-04T10:00:00Z",
        "authors": "Ana Bell; Cy Dorn",
        "lang": "en",
    }
    for number in range(3)
]
OLD = {"id": "old", "text": "Der Leuchtturm am Fluß erlosch in der Nacht – müde, sagte der Wärter."}
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Lamp</title>'
    '<link rel="canonical" href="https://agency.example/lamp">'
    '<meta property="article:published_time" content="2023-05-04T10:00:00+02:00">'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Lamp","author":'
    '[{"name":"Ana Bell"}],"isBasedOn":"https://agency.example/lamp"}</script></head><body><nav>'
    '<a href="/">Home</a></nav><article>'
    + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    + '<time datetime="2023-05-04">May 4</time></article></body></html>'
).encode()


def _lines() -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS).encode()


def _table(delimiter: str) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(RECORDS[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(RECORDS)
    return stream.getvalue().encode()


def _columns(kind: str) -> bytes:
    stream = io.BytesIO()
    rows = pa.Table.from_pylist([{**r, "authors": ["Ana Bell"], "n": [1, 2]} for r in RECORDS])
    if kind == "parquet":
        pq.write_table(rows, stream, compression="snappy")
    elif kind == "parquet-plain":
        pq.write_table(rows, stream, compression="none", use_dictionary=False)
    elif kind == "feather":
        feather.write_feather(rows, stream, compression="lz4")
    else:
        with ipc.new_stream(stream, rows.schema) as writer:
            writer.write_table(rows, max_chunksize=2)
    return stream.getvalue()


def _archive() -> bytes:
    packed = brotli.compress(PAGE)
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE
    chunked = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Encoding: br\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    )
    records = [
        ("warcinfo", "application/warc-fields", b"software: fuzz\r\n"),
        ("response", "application/http; msgtype=response", page),
        ("response", "application/http; msgtype=response", chunked),
        ("revisit", "application/http; msgtype=response", b"HTTP/1.1 200 OK\r\n\r\n"),
        ("conversion", "text/plain", TEXT.encode()),
    ]
    pieces = []
    for number, (kind, content, block) in enumerate(records):
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            f"WARC-Target-URI: https://post.example/{number}\r\nWARC-Date: 2023-05-06T07:08:09Z\r\n"
            f"WARC-Payload-Digest: sha1:{'A' if number in (1, 3) else number}\r\n"
            f"Content-Type: {content}\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        pieces.append(head.encode() + block + b"\r\n\r\n")
    return b"".join(pieces)


def _feed() -> bytes:
    story = "".join(f"&lt;p&gt;{paragraph}&lt;/p&gt;" for paragraph in PARAGRAPHS)
    item = (
        "<item><title>Lamp &amp; keeper</title><link>https://post.example/1</link>"
        f"<pubDate>Thu, 04 May 2023 10:00:00 GMT</pubDate><description>{story}</description></item>"
    )
    return f'<?xml version="1.0"?><rss><channel>{item * 2}</channel></rss>'.encode()


def _newsml() -> bytes:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:1"><itemMeta>'
        '<provider literal="MPA"/><versionCreated>2023-05-04T10:00:00Z</versionCreated></itemMeta>'
        "<contentMeta><headline>Lamp</headline></contentMeta><contentSet><inlineXML><html><body>"
        f"{story}</body></html></inlineXML></contentSet></newsItem>"
    ).encode()


def _message() -> bytes:
    message = EmailMessage()
    message["From"] = "Pellan Harbour <press@harbour.example>"
    message["Date"] = "Thu, 04 May 2023 10:00:00 +0200"
    message["Subject"] = "Lämp"
    message.set_content(TEXT)
    message.add_alternative(PAGE.decode(), subtype="html")
    return message.as_bytes()


def _mailbox() -> bytes:
    return (b"From a@b.example Thu May  4 10:00:00 2023\n" + _message() + b"\n") * 2


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a/one.txt"), TEXT)
        archive.writestr(zipfile.ZipInfo("two.jsonl"), _lines(), zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("three.html"), PAGE, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in (("a/one.txt", TEXT.encode()), ("two.csv", _table(","))):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def samples() -> dict[str, bytes]:
    """Return valid files by suffix; each holds one document or more."""
    return {
        ".txt": TEXT.encode(),
        "": _lines(),
        ".html": PAGE,
        ".jsonl": _lines(),
        ".wide.jsonl": b"\xff\xfe" + _lines().decode().encode("utf-16-le"),
        ".old.jsonl": json.dumps(OLD, ensure_ascii=False).encode("cp1252") + b"\n" + _lines(),
        ".json": json.dumps(RECORDS).encode(),
        ".csv": _table(","),
        ".tsv": _table("\t"),
        ".parquet": _columns("parquet"),
        ".pq": _columns("parquet-plain"),
        ".arrows": _columns("stream"),
        ".feather": _columns("feather"),
        ".warc": _archive(),
        ".wet": _archive(),
        ".xml": _feed(),
        ".newsml": _newsml(),
        ".eml": _message(),
        ".mbox": _mailbox(),
        ".zip": _zip(),
        ".tar": _tar(),
    }


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, 1, mtime=0),
    ".zst": zstandard.ZstdCompressor(level=1).compress,
    ".bz2": lambda data: bz2.compress(data, 1),
    ".xz": lambda data: lzma.compress(data, preset=0),
}
