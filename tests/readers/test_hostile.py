"""Input that breaks readers: each a clear report, and nothing else lost."""

import bz2
import gzip
import json
import lzma
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from articles import TEXT, page

from provenance.model import Document, Skipped
from provenance.readers import Note, read

RECORD = json.dumps({"text": TEXT}).encode() + b"\n"


def read_all(*paths, **options):
    """Read paths to lists of documents, skipped input and notes."""
    items = list(read(paths, **options))
    kinds = (Document, Skipped, Note)
    return tuple([item for item in items if isinstance(item, kind)] for kind in kinds)


def test_a_file_that_grows_is_read_as_it_was(tmp_path):
    """What is added to a file while it is read is not read, and a note says so."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id": "a", "text": "A."}\n{"id": "b", "text": "B."}\n')
    items = read(path)
    assert next(items).id == "a"
    with path.open("ab") as file:
        file.write(b'{"id": "c", "text": "C."}\n' * 2)
    [document, note] = items
    assert document.id == "b"
    assert note == Note("a.jsonl", "while it was read, the file grew: what was added is not read")


def test_a_file_that_becomes_shorter_is_told_of(tmp_path):
    """What is left of a file is read, and a note says that it was longer."""
    path = tmp_path / "a.jsonl"
    lines = [json.dumps({"id": str(n), "text": f"{n}. {TEXT}"}) + "\n" for n in range(2000)]
    path.write_text("".join(lines))
    items = read(path)
    assert next(items).id == "0"
    path.write_text(lines[0])
    *rest, note = items
    assert len(rest) < 1999
    assert note == Note("a.jsonl", "while it was read, the file became shorter")


PACKERS = {
    ".gz": gzip.compress,
    ".zst": zstandard.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_line_without_an_end_is_a_bomb_or_too_long(tmp_path, suffix):
    """A small file that grows to one endless line is told of; the records before it are read."""
    (tmp_path / f"a.jsonl{suffix}").write_bytes(PACKERS[suffix](RECORD + bytes(150_000_000)))
    (tmp_path / "z.txt").write_text("Z.")
    documents, skipped, _ = read_all(tmp_path)
    assert {document.text for document in documents} == {"Z.", TEXT}
    assert "bomb" in skipped[-1].reason or "--max-document" in skipped[-1].reason


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_does_not_grow_with_what_a_bomb_holds(tmp_path):
    """Bombs of a gigabyte, in zstandard and in a dictionary of Parquet, take a fraction of it."""
    compressor = zstandard.ZstdCompressor(level=1).compressobj()
    with (tmp_path / "a.jsonl.zst").open("wb") as file:
        for _ in range(64):
            file.write(compressor.compress(bytes(16 << 20)))
        file.write(compressor.flush())
    long = "word " * 200_000
    indices = pa.array([0] * 2000, pa.int32())
    table = pa.table({"text": pa.DictionaryArray.from_arrays(indices, pa.array([long]))})
    pq.write_table(table, tmp_path / "b.parquet")
    code = (
        "import sys\n"
        "from provenance.readers.opening import read_file\n"
        "from provenance.readers.options import ReadOptions\n"
        "from provenance.readers.paths import find\n"
        "said = [sum(1 for _ in read_file(f, ReadOptions())) for f in find(sys.argv[1:])]\n"
        # Not that of `getrusage`, which counts the process that this one was forked from.
        "status = open('/proc/self/status').read()\n"
        "print(said, int(status.split('VmHWM:')[1].split()[0]) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    said, megabytes = done.stdout.rsplit(maxsplit=1)
    assert said == "[1, 2000]"
    assert int(megabytes) < 600


def test_nul_bytes_and_mixed_encodings(tmp_path):
    """NUL is a character like others in records; bytes of two encodings are told of."""
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "n", "text": "one\\u0000two"}\n')
    (tmp_path / "b.csv").write_bytes(b"id,text\nc,one\x00two\n")
    (tmp_path / "c.txt").write_bytes("Größe ".encode() * 40 + "Größe".encode("latin-1"))
    (tmp_path / "d.jsonl").write_bytes(
        b'{"id": "u", "text": "Gr\xc3\xb6\xc3\x9fe"}\n{"id": "l", "text": "Gr\xf6\xdfe"}\n'
    )
    documents, skipped, [note, other] = read_all(tmp_path)
    texts = {document.id: document.text for document in documents}
    assert texts["n"] == texts["c"] == "one\0two"
    assert texts["u"] == texts["l"] == "Größe"
    assert not skipped
    assert "not valid UTF-8 from byte" in note.message
    assert (other.place, other.message[:26]) == ("d.jsonl#2", "not UTF-8; read as cp1252 ")


def test_a_corpus_of_damaged_files_loses_nothing_else(tmp_path):
    """Damaged files of every kind between sound ones: each is told of, every sound one is read."""
    words = RECORD * 200
    parquet = tmp_path / "c.parquet"
    pq.write_table(pa.table({"text": [TEXT] * 100}), parquet)
    damaged = {
        "a.jsonl.gz": gzip.compress(words, mtime=0)[:-20],
        "b.jsonl.zst": zstandard.compress(words)[:-20],
        "c.parquet": parquet.read_bytes()[:-20],
        "d.zip": b"PK\x03\x04" + bytes(100),
        "e.tar": b"x" * 3000,
        "f.warc": b"WARC/1.0\r\nContent-Length: 99\r\n\r\n",
        "g.json": b"[" * 100_000,
        "h.html": b"<div>" * 10_000,
        "i.xml": b"<rss><channel><item>",
        "j.arrow": b"ARROW1\x00\x00" + bytes(50),
        "k.csv": b'id,text\n"a,b',
        "l.txt": bytes(range(256)) * 9,
        "m.eml": b"\x00\xff",
        "n.mbox": b"\x00\xff",
        "o": b"\x1f\x8b\x08" + bytes(30),
    }
    for name, data in damaged.items():
        (tmp_path / name).write_bytes(data)
        (tmp_path / f"{name}.sound.txt").write_text(f"Sound beside {name}.")
    (tmp_path / "p.html").write_text(page())
    documents, skipped, _ = read_all(tmp_path)
    texts = {document.text for document in documents}
    assert {f"Sound beside {name}." for name in damaged} < texts
    told = {item.place.partition("#")[0].partition(",")[0] for item in skipped}
    assert told == damaged.keys()
    assert all(item.reason and "\n" not in item.reason for item in skipped)
