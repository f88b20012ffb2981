import http.server
import json
import sys
import threading

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from articles import TEXT, page

from provenance.errors import InputError, MissingExtra
from provenance.model import Document, Skipped
from provenance.readers import Note, read


def read_all(*paths, **options):
    """Read paths to lists of documents, skipped input and notes."""
    items = list(read(paths, **options))
    kinds = (Document, Skipped, Note)
    return tuple([item for item in items if isinstance(item, kind)] for kind in kinds)


@pytest.fixture
def memory():
    """Give fsspec's file system in memory, emptied before and after."""
    system = fsspec.filesystem("memory")
    system.rm("/", recursive=True) if system.find("/") else None
    with system.open("/news/a.jsonl", "wb") as file:
        file.write(b'{"id": "j", "text": "A."}\n')
    with system.open("/news/deep/b.txt.gz", "wb", compression="gzip") as file:
        file.write(b"B.")
    with system.open("/news/deep/c.parquet", "wb") as file:
        pq.write_table(pa.table({"text": ["C."]}), file)
    with system.open("/news/.hidden.txt", "wb") as file:
        file.write(b"H.")
    yield system
    system.rm("/", recursive=True)


@pytest.mark.usefixtures("memory")
def test_a_folder_at_an_address():
    """A folder is read with its folders, called as a local one would be; hidden files are not."""
    documents, skipped, _ = read_all("memory://news")
    assert sorted((d.id, d.text, d.path) for d in documents) == [
        ("deep/b.txt.gz", "B.", "deep/b.txt.gz"),
        ("deep/c.parquet#1", "C.", "deep/c.parquet#1"),
        ("j", "A.", "a.jsonl#1"),
    ]
    assert skipped == [Skipped(".hidden.txt", "hidden file")]


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("memory://news/a.jsonl", ["j"]),
        ("memory://news/deep/b.txt.gz", ["b.txt.gz"]),
        ("memory://news/*.jsonl", ["j"]),
        ("memory://news/**/*.gz", ["deep/b.txt.gz"]),
    ],
)
def test_a_file_or_a_pattern_at_an_address(address, ids):
    """A file is called by its name; what a pattern fits, by the path below its fixed part."""
    assert [document.id for document in read_all(address)[0]] == ids


def test_the_local_file_system_by_address(tmp_path):
    """The same files by path and by address give the same documents."""
    (tmp_path / "a.html").write_text(page())
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": TEXT}))
    assert read_all(f"file://{tmp_path}") == read_all(tmp_path)


def test_a_page_of_the_web_is_called_by_its_address(tmp_path):
    """A page that is fetched has its address as id and site as source; a missing one a reason."""
    (tmp_path / "lamp.html").write_text(page(site=""))

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(tmp_path))

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            [document], [skipped], _ = read_all(f"{address}/lamp.html", f"{address}/gone.html")
        finally:
            server.shutdown()
            thread.join()
    assert (document.id, document.url) == (f"{address}/lamp.html",) * 2
    assert (document.text, document.source, document.path) == (TEXT, "127.0.0.1", "lamp.html")
    assert skipped.place == "gone.html"


@pytest.mark.parametrize("address", ["memory://nowhere", "memory://nowhere/*.txt", "klingon://x"])
def test_an_address_that_is_not_there(address):
    """An address without a file stops before anything is read, and is named."""
    with pytest.raises(InputError, match=address.split("*", maxsplit=1)[0]):
        read_all(address)


def test_without_the_extra_the_message_names_the_command(monkeypatch):
    """Where fsspec is not installed, an address is an error with the command that installs it."""
    monkeypatch.setitem(sys.modules, "fsspec", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(MissingExtra, match=r"pip install 'article-provenance\[remote\]'"):
        read_all("memory://news")


def test_a_file_that_vanishes_is_skipped(memory):
    """A file that is gone when its turn comes is skipped; the others are read."""
    items = read(["memory://news/a.jsonl", "memory://news/deep"])
    assert next(items).id == "j"
    memory.rm("/news/deep/b.txt.gz")
    assert Skipped("b.txt.gz", "the file vanished before it was read") in list(items)
