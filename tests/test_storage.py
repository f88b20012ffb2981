"""Memory that is bounded: the same bytes with any limit, and no file is left behind."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from any_text import texts
from hypothesis import given
from hypothesis import strategies as st

import provenance
from provenance.errors import ConfigError, StorageError
from provenance.filed_texts import FiledTexts, Filing, encoded_text, text_length
from provenance.model import Document
from provenance.output import folder
from provenance.storage import FIXED, Storage, parse_size

SEEDS = "seeds/wire/documents.jsonl"


@pytest.mark.parametrize(
    ("text", "size"),
    [("500MB", 500_000_000), ("2g", 2_000_000_000), ("1.5 GiB", 3 << 29), ("12k", 12_000)],
)
def test_a_size_is_a_number_with_a_unit(text, size):
    """Units are those people write; without one a number is bytes."""
    assert parse_size(text) == size
    assert parse_size("800000000") == 800_000_000


@pytest.mark.parametrize("text", ["", "much", "-1", "5 apples", "1e9"])
def test_what_is_no_size_is_refused(text):
    """Anything else is an error that shows how to write one."""
    with pytest.raises(ConfigError, match="500MB"):
        parse_size(text)


@pytest.mark.parametrize("room", [None, 0, 5000])
def test_a_column_holds_what_was_appended(room, tmp_path):
    """In memory, in a file, or partly first, a column gives the same array."""
    storage = Storage(None if room is None else FIXED + 4 * room, tmp_path)
    column, rows = storage.column(np.int32), storage.column(np.uint16, 3)
    parts = [np.arange(n, n + n % 700, dtype=np.int32) for n in range(0, 9000, 400)]
    for part in parts:
        column.append(part)
        rows.append(np.ones((2, 3), np.uint16))
    assert column.values().tolist() == np.concatenate(parts).tolist()
    storage.release()
    assert column.take().tolist() == np.concatenate(parts).tolist()
    assert rows.values().shape == (2 * len(parts), 3)
    assert len(column.values()) == 0
    assert (storage.filed > 0) == (room is not None)
    assert not list(tmp_path.iterdir())


@given(texts)
def test_a_filed_text_is_read_as_it_was(text):
    """Any text comes back from the file, surrogates too; other fields stay, and can be replaced."""
    filed = FiledTexts(Storage(1))
    filed.keep(Document("before", "é"))
    document = filed.keep(Document("a", text, title="T"))
    assert isinstance(document, Document)
    assert (document.id, document.text, document.title) == ("a", text, "T")
    assert replace(document, title="U") == Document("a", text, title="U")


@given(st.lists(st.text(max_size=4), max_size=6), st.integers(0, 9))
def test_many_texts_are_filed_few_are_held(several, held):
    """Texts go to a file once they have more characters than may be held; either way they stay."""
    storage = Storage(texts=held)
    filing = Filing(storage)
    for number, text in enumerate(several):
        filing.add(Document(str(number), text))
    documents = list(filing.documents.values())
    assert [document.text for document in documents] == several
    assert list(map(text_length, documents)) == list(map(len, several))
    assert [encoded_text(d).decode() for d in documents] == several
    filed = [type(document) is not Document for document in documents]
    assert filed == [sum(map(len, several)) > held] * len(several)


def test_texts_are_held_where_no_file_can_be_written(tmp_path):
    """Without a limit of memory a scan does not need a place for temporary files."""
    filing = Filing(Storage(folder=tmp_path / "gone", texts=3))
    for name in ("first", "second"):
        filing.add(Document(name, name))
    assert [document.text for document in filing.documents.values()] == ["first", "second"]


def saved(path, place, **options):
    """Return the files of a result."""
    audit = provenance.scan(provenance.read(path), **options)
    folder.save(audit, place)
    return {p.name: p.read_bytes() for p in place.iterdir() if p.name != "run.json"}


@pytest.mark.parametrize("passages", [True, False])
@pytest.mark.parametrize("compiled", [True, False])
def test_a_limit_does_not_show_in_the_result(pytestconfig, tmp_path, compiled, passages):
    """With all of its columns and texts in files a scan gives the same bytes."""
    if compiled:
        pytest.importorskip("numba")
    path = pytestconfig.rootpath / SEEDS
    config = provenance.Config(passages=passages)
    storage = Storage(1, tmp_path)
    options = {"compile_kernels": compiled, "keep_texts": False}
    limited = saved(path, tmp_path / "limited", config=config, storage=storage, **options)
    assert storage.filed > 100_000
    assert limited == saved(path, tmp_path / "free", config=config, **options)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["free", "limited"]


def test_a_folder_that_takes_no_files_is_told(tmp_path):
    """The error names the folder and the options that help."""
    with pytest.raises(StorageError, match=r"gone.*--tmp"):
        Storage(1, tmp_path / "gone").column(np.int8).append(np.zeros(9, np.int8))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")  # noqa: PTH110
def test_a_full_disk_is_told(monkeypatch):
    """Where a file cannot grow the error says so."""
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: open("/dev/full", "wb", buffering=0))  # noqa: PTH123, SIM115
    with pytest.raises(StorageError, match="No space left"):
        Storage(1).column(np.int8).append(np.zeros(9, np.int8))


# Runs the command line in a process that waits, once something is in a file, to be ended.
WAITING = """
import sys, time
from provenance import storage
from provenance.cli import main
write = storage.Storage.write

def written(self, file, data):
    write(self, file, data)
    print("written", flush=True)
    time.sleep(60)

storage.Storage.write = written
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize(
    ("end", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_a_signal_leaves_no_temporary_file(pytestconfig, tmp_path, end, code):
    """Interrupted, ended or killed, a scan with files leaves none, and its exit code says why."""
    command = [sys.executable, "-c", WAITING, "scan", str(pytestconfig.rootpath / SEEDS)]
    process = subprocess.Popen(
        [*command, "--max-memory", "1MB", "--tmp", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        assert process.stdout.readline() == b"written\n"
        time.sleep(0.1)
        process.send_signal(end)
        process.stdout.read()
    assert process.returncode == code
    assert not list(tmp_path.iterdir())
