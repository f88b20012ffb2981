import gzip
import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from provenance.errors import InputError
from provenance.model import Document, Skipped
from provenance.readers import READERS, Note, read

LINES = b'{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n'


def read_all(*paths, **options):
    """Read paths to lists of documents, skipped input and notes."""
    items = list(read(paths, **options))
    kinds = (Document, Skipped, Note)
    return tuple([item for item in items if isinstance(item, kind)] for kind in kinds)


@pytest.fixture
def stdin(monkeypatch):
    """Give a function that puts bytes on standard input."""

    def put(data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return put


def test_a_folder_of_many_kinds(tmp_path):
    """Each kind of file gets its reader, whatever its compression, and ids are the contract's."""
    folder = tmp_path / "news"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("A text.")
    (folder / "sub" / "b.MD").write_text("# B\n")
    (folder / "c.jsonl").write_bytes(
        b'{"text": "C.", "url": "https://c.example/1"}\n{"text": "D."}'
    )
    (folder / "d.jsonl.gz").write_bytes(gzip.compress(LINES))
    (folder / "e.ndjson.zst").write_bytes(zstandard.compress(b'{"text": "E."}'))
    (folder / "f.txt.gz").write_bytes(gzip.compress(b"F text."))
    (folder / "g").write_bytes(b"\n  \n" + LINES.replace(b'"id"', b'"key"'))
    (folder / "h.json").write_bytes(b'{"text": "H."}')
    documents, skipped, notes = read_all(folder)
    assert {document.id: document.text for document in documents} == {
        "a": "One.",
        "b": "Two.",
        "a.txt": "A text.",
        "https://c.example/1": "C.",
        "c.jsonl#2": "D.",
        "e.ndjson.zst#1": "E.",
        "f.txt.gz": "F text.",
        "g#1": "One.",
        "g#2": "Two.",
        "h.json": "H.",
        "sub/b.MD": "# B\n",
    }
    assert {document.path for document in documents} >= {"c.jsonl#1", "d.jsonl.gz#2", "sub/b.MD"}
    assert (skipped, notes) == ([], [])


def test_one_path_need_not_be_a_list(tmp_path):
    """A single path is read as it is, as a string or a path."""
    (tmp_path / "a.txt").write_text("A.")
    assert [item.id for item in read(tmp_path / "a.txt")] == ["a.txt"]
    assert [item.id for item in read(str(tmp_path))] == ["a.txt"]


def test_a_missing_path_stops_before_anything_is_read(tmp_path):
    """A path that does not exist is an error before the first document."""
    (tmp_path / "a.txt").write_text("A.")
    with pytest.raises(InputError, match="there is no file or folder"):
        next(read([tmp_path / "a.txt", tmp_path / "b.txt"]))


def test_unknown_kinds(tmp_path):
    """In a folder a file of unknown kind is skipped; given by name it is read, with a note."""
    (tmp_path / "a.css").write_text("words { }")
    (tmp_path / "a.xyz").write_bytes(LINES)
    documents, skipped, _ = read_all(tmp_path)
    assert documents == []
    assert [item.place for item in skipped] == ["a.css", "a.xyz"]
    assert "(.css)" in skipped[0].reason
    documents, skipped, notes = read_all(tmp_path / "a.css", tmp_path / "a.xyz")
    assert sorted(document.id for document in documents) == ["a", "a.css", "b"]
    assert skipped == []
    assert [note.place for note in notes] == ["a.css", "a.xyz"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("x.txt", b"", "empty file"),
        ("x.txt", b" \n\n", "empty text"),
        ("x.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "binary file: a PNG image"),
        ("x.md", bytes(64), "binary file"),
        ("x", bytes(64), "binary file"),
        ("x.jsonl", b"", "empty file"),
        ("x.json", b"{", "broken JSON"),
        ("x.txt.gz", b"", "empty file"),
        ("x.txt.gz", b"no gzip", "damaged or cut off compressed data"),
        # Without a time, or test runners in parallel see different names of this case.
        (
            "x.txt.gz",
            gzip.compress(b"some words", mtime=0)[:-9],
            "damaged or cut off compressed data",
        ),
        ("x.txt.zst", b"no zstandard", "damaged or cut off compressed data"),
        ("x.txt.zst", zstandard.compress(b"words" * 50)[:-9], "damaged or cut off compressed data"),
    ],
)
def test_unusable_files_are_skipped(tmp_path, name, data, reason):
    """A file that gives no document is skipped with a reason, and the others are read."""
    (tmp_path / name).write_bytes(data)
    (tmp_path / "z.txt").write_text("Z.")
    [document], [skipped], notes = read_all(tmp_path)
    assert document.id == "z.txt"
    assert skipped.place == name
    assert skipped.reason.startswith(reason)
    assert notes == []


def test_records_before_the_damage_are_read(tmp_path):
    """Of a compressed file that ends early, what can be read is read, and the end is named."""
    words = random.Random(1)
    lines = [json.dumps({"text": words.randbytes(400).hex()}) + "\n" for _ in range(2000)]
    data = gzip.compress("".join(lines).encode())
    (tmp_path / "x.jsonl.gz").write_bytes(data[: len(data) // 2])
    documents, [skipped], _ = read_all(tmp_path)
    assert len(documents) > 100
    assert f"the {len(documents)} records before are read" in skipped.reason


def test_a_file_that_vanishes_is_skipped(tmp_path):
    """A file that is gone when its turn comes is skipped."""
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "b.txt").write_text("B.")
    stream = read(tmp_path)
    next(stream)
    (tmp_path / "b.txt").unlink()
    assert Skipped("b.txt", "the file vanished before it was read") in list(stream)


def test_a_file_that_may_not_be_read_is_skipped(tmp_path, monkeypatch):
    """A file without permission is skipped with the system's words."""
    (tmp_path / "a.txt").write_text("A.")

    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert read_all(tmp_path)[1] == [Skipped("a.txt", "unreadable: Permission denied")]


def test_a_folder_without_readable_files(tmp_path):
    """A folder with nothing in it gives no document and one reason."""
    (tmp_path / "none").mkdir()
    expected = [Skipped("none/", "no readable files in this folder")]
    assert list(read(tmp_path / "none")) == expected


def test_duplicate_ids(tmp_path):
    """An id given twice is an error that names both places; with suffixes reading goes on."""
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "b.jsonl").write_bytes(LINES)
    places = f"record 1 of {tmp_path}/a.jsonl and record 1 of {tmp_path}/b.jsonl"
    with pytest.raises(InputError, match=places):
        read_all(tmp_path)
    documents, _, _ = read_all(tmp_path, duplicate_ids="suffix")
    assert len({document.id for document in documents}) == 4


def test_the_order_of_files_does_not_matter(tmp_path):
    """Files given in any order give the same documents, ids included."""
    for name in ("x", "y", "z"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"Text of {'x' if name == 'z' else name}.")
        record = {"text": f"{name}.", "url": "https://example.org/ferry"}
        (tmp_path / name / "b.jsonl").write_text(json.dumps(record))
    paths = [path for name in "xyz" for path in sorted((tmp_path / name).iterdir())]
    forward = {(document.id, document.text) for document in read_all(*paths)[0]}
    assert forward == {(document.id, document.text) for document in read_all(*paths[::-1])[0]}
    assert len({name for name, _ in forward}) == 6


def test_an_encoding_is_given(tmp_path):
    """A given encoding is used for every file; an unknown one is an error at once."""
    (tmp_path / "a.txt").write_bytes("Größe".encode("cp850"))
    (tmp_path / "b.jsonl").write_bytes('{"text": "Größe"}'.encode("cp850"))
    documents, skipped, notes = read_all(tmp_path, encoding="cp850")
    assert [document.text for document in documents] == ["Größe", "Größe"]
    assert (skipped, notes) == ([], [])
    with pytest.raises(InputError, match="try utf-8"):
        next(read(tmp_path, encoding="klingon"))


def test_standard_input_of_records(stdin):
    """Standard input whose first line is a JSON object is JSON Lines, broken lines and all."""
    stdin(b"\n \n" + b'{"text": "One."}\n{"text": \n{"text": "Three."}\n')
    documents, [skipped], _ = read_all("-")
    assert [document.id for document in documents] == ["-#1", "-#3"]
    assert skipped.place == "-, line 4"


@pytest.mark.parametrize("data", [b"\n\nThe ferry stayed.\n", b"[1]\n", b'{\n "text": "x"}\n'])
def test_standard_input_of_text(stdin, data):
    """Standard input that begins otherwise is one text, its blank lines included."""
    stdin(data)
    [document], _, _ = read_all("-")
    assert (document.id, document.text, document.path) == ("-", data.decode(), "-")


def test_empty_standard_input(stdin, monkeypatch):
    """Nothing on standard input, or none, is skipped with a reason."""
    stdin(b"")
    assert read_all("-")[1] == [Skipped("-", "empty file")]
    monkeypatch.setattr(sys, "stdin", None)
    assert read_all("-")[1] == [Skipped("-", "standard input is closed")]


def test_a_named_pipe_of_the_shell(tmp_path):
    """A pipe that a shell opened for the command is read to its end."""
    (tmp_path / "a.jsonl").write_bytes(LINES)
    code = "from provenance.readers import read; import sys; print(len(list(read(sys.argv[1]))))"
    ends = os.pipe()
    os.write(ends[1], LINES)
    os.close(ends[1])
    done = subprocess.run(
        [sys.executable, "-c", code, f"/dev/fd/{ends[0]}"],
        pass_fds=[ends[0]], capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    os.close(ends[0])
    assert done.stdout == "2\n"


def test_names_that_are_no_unicode(tmp_path):
    """A file name that is not valid UTF-8 is an id with lone surrogates."""
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text("A.")
    [document], _, _ = read_all(tmp_path)
    assert document.id == "\udcff.txt"


def test_reading_changes_nothing(tmp_path):
    """No file is changed by being read."""
    (tmp_path / "a.jsonl").write_bytes(LINES)
    before = (tmp_path / "a.jsonl").stat().st_mtime_ns
    read_all(tmp_path)
    assert (tmp_path / "a.jsonl").stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_every_suffix_is_lower_case():
    """The table of readers is asked with a suffix in lower case, and cannot be changed."""
    assert all(suffix == suffix.lower() for suffix in READERS)
    with pytest.raises(TypeError):
        READERS[".x"] = None


def test_plain_input_needs_no_heavy_import(tmp_path):
    """Reading UTF-8 imports neither the decompressor nor the detector."""
    (tmp_path / "a.txt").write_text("A.")
    code = (
        "import sys; from provenance.readers import read; list(read(sys.argv[1]));"
        "print({'zstandard', 'charset_normalizer', 'numpy'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    assert done.stdout == "set()\n"
