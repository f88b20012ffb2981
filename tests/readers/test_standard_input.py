"""What comes on standard input is told from how it begins."""

import bz2
import gzip
import io
import json
import lzma
import sys
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from articles import PARAGRAPHS, TEXT, page
from pyarrow import ipc

from provenance.model import Document
from provenance.readers import read

LINES = json.dumps({"text": TEXT}).encode() + b"\n"
ROWS = pa.table({"text": [TEXT]})
FEED = "".join(f"&lt;p&gt;{paragraph}&lt;/p&gt;" for paragraph in PARAGRAPHS)


def columns(write):
    """Return what a function writes to a stream."""
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def arrow(stream):
    """Write an Arrow stream."""
    with ipc.new_stream(stream, ROWS.schema) as writer:
        writer.write_table(ROWS)


def zipped(stream):
    """Write a zip."""
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", TEXT)


def tarred(stream):
    """Write a tar."""
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo("a.jsonl")
        member.size = len(LINES)
        archive.addfile(member, io.BytesIO(LINES))


WARC = (
    f"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\n"
    f"Content-Length: {len(TEXT.encode())}\r\n\r\n{TEXT}\r\n\r\n"
).encode()
KINDS = {
    "text": TEXT.encode(),
    "json lines": LINES,
    "html": page().encode(),
    "html without doctype": page().replace("<!DOCTYPE html>\n", "  ").encode(),
    "xhtml": b'<?xml version="1.0"?>\n' + page().encode(),
    "feed": f"<rss><item><description>{FEED}</description></item></rss>".encode(),
    "mailbox": f"From a@b.example Thu May  4 10:00:00 2023\n\n{TEXT}\n".encode(),
    "warc": WARC,
    "parquet": columns(lambda stream: pq.write_table(ROWS, stream)),
    "arrow": columns(arrow),
    "zip": columns(zipped),
    "tar": columns(tarred),
    "gzip": gzip.compress(LINES),
    "gzip of html": gzip.compress(page().encode()),
    "zstandard": zstandard.compress(LINES),
    "bzip2": bz2.compress(LINES),
    "xz": lzma.compress(LINES),
    "gzip of tar": gzip.compress(columns(tarred)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_told_from_the_beginning(monkeypatch, kind):
    """Each format and compression is known without a name, and gives the article."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(KINDS[kind])))
    items = list(read("-"))
    assert [type(item) for item in items] == [Document], items
    assert items[0].text.strip() == TEXT
    assert items[0].path.startswith("-")
