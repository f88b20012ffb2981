import errno
import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from prose import document, text

from provenance.errors import StoreError
from provenance.index import database, postings
from provenance.index.filter import DuplicateFilter
from provenance.index.folder import open_index
from provenance.index.settings import IndexSettings
from provenance.timestamps import parse


def filled(folder, count=12, **options):
    """Make an index of some documents."""
    options = {"flush": 5, "fan_out": 2, **options}
    with DuplicateFilter(open_index(folder, **options)) as index:
        for i in range(count):
            index.check_and_add(document(f"d{i}", text(i)))


def copies_found(folder, count=12):
    """Return how many of the documents an index knows the copies of."""
    with DuplicateFilter(folder, read_only=True) as index:
        verdicts = index.check_many(document(f"x{i}", text(i)) for i in range(count))
    return sum(v.nearest == f"d{i}" for i, v in enumerate(verdicts))


def test_everything_known_comes_back(tmp_path):
    """What is known of a document comes back as it was, without metadata of no meaning here."""
    whole = document(
        "http://a.example/1",
        "One \ud800 text\r\nof 2 lines.\n",
        url="http://a.example/1",
        source="a.example",
        title="Title",
        authors=("A", "B"),
        published=parse("2026-11-25"),
        fetched=parse("2026-11-25T10:00:00Z"),
        language="en",
        path="a#1",
        offsets_of="field",
    )
    with DuplicateFilter(tmp_path / "i") as index:
        index.check_and_add(whole)
    with DuplicateFilter(tmp_path / "i") as index:
        (stored,) = index.store.fetch([1])
    assert stored.document == whole


def test_second_writer(tmp_path):
    """A second writer is told who holds the index, or waits; readers do not mind."""
    first = open_index(tmp_path / "i")
    with pytest.raises(StoreError, match=f"written by process {os.getpid()} on .* since"):
        open_index(tmp_path / "i")
    open_index(tmp_path / "i", read_only=True).close()
    threading.Timer(0.3, first.close).start()
    open_index(tmp_path / "i", wait=20).close()


def test_other_settings(tmp_path):
    """Other settings than those of the index are refused with what differs."""
    open_index(tmp_path / "i", IndexSettings(threshold=0.8)).close()
    with pytest.raises(StoreError, match=r"threshold is 0\.8, not 0\.7"):
        open_index(tmp_path / "i", IndexSettings())
    open_index(tmp_path / "i").close()


def change(folder, statement):
    """Change the database of an index behind its back."""
    connection = sqlite3.connect(folder / database.DATABASE)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_database_that_is_locked(tmp_path, monkeypatch):
    """A database that another program has locked is told, and used again when it is free."""
    monkeypatch.setattr(database, "_BUSY", 0.05)
    with DuplicateFilter(tmp_path / "i") as index:
        index.check_and_add(document("d0", text(0)))
        other = sqlite3.connect(tmp_path / "i" / database.DATABASE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"):
            index.check_and_add(document("d1", text(1)))
        other.close()
        index.check_and_add(document("d1", text(1)))
    assert copies_found(tmp_path / "i", 2) == 2


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("PRAGMA user_version = 99", "format 99.*upgrade"),
        ("PRAGMA application_id = 7", "another program"),
        ("UPDATE settings SET value = '{\"keys_version\": 0}'", "another version"),
        ("DELETE FROM settings", "damaged"),
    ],
)
def test_index_of_others(tmp_path, statement, words):
    """An index of a newer format, another program or other formulas is refused and kept."""
    filled(tmp_path / "i")
    change(tmp_path / "i", statement)
    before = (tmp_path / "i" / database.DATABASE).read_bytes()
    for read_only in (True, False):
        with pytest.raises(StoreError, match=words):
            open_index(tmp_path / "i", read_only=read_only)
    assert (tmp_path / "i" / database.DATABASE).read_bytes() == before


def test_what_is_no_index(tmp_path):
    """A file, a folder of other files, and a file that is no database are left as they are."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="is a file"):
        open_index(tmp_path / "file")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("x")
    with pytest.raises(StoreError, match=r"other files \(notes\.txt\)"):
        open_index(tmp_path / "other")
    (tmp_path / "i").mkdir()
    (tmp_path / "i" / database.DATABASE).write_text("not a database at all " * 100)
    with pytest.raises(StoreError, match="is no index"):
        open_index(tmp_path / "i")
    assert sorted(p.name for p in (tmp_path / "i").iterdir()) == [database.DATABASE]
    with pytest.raises(StoreError, match="no index"):
        open_index(tmp_path / "none", read_only=True)


def test_database_that_is_cut_off(tmp_path):
    """A database that is cut off is told as damaged, when it is opened or when it is read."""
    filled(tmp_path / "i", 40)
    path = tmp_path / "i" / database.DATABASE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(StoreError, match="damaged"):
        copies_found(tmp_path / "i")


def test_damaged_page(tmp_path):
    """A text that has changed on the disk is told, and not compared."""
    filled(tmp_path / "i", 40)
    path = tmp_path / "i" / database.DATABASE
    data = bytearray(path.read_bytes())
    with DuplicateFilter(tmp_path / "i", read_only=True) as index:
        ((body,),) = index.store.tables.connection.execute(
            "SELECT body FROM document WHERE number = 3"
        ).fetchall()
    place = data.index(body) + len(body) // 2
    data[place] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        copies_found(tmp_path / "i")


def test_full_disk(tmp_path):
    """On a full disk a call fails with what to do; what was acknowledged stays."""
    with DuplicateFilter(tmp_path / "i") as index:
        index.check_and_add(document("d0", text(0)))
        connection = index.store.tables.connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError, match=r"is full; nothing acknowledged is lost"):
            index.check_and_add_many([document(f"d{i}", text(i, 3000)) for i in range(1, 9)])
        assert index.check(document("x", text(3, 3000))).nearest is None
        connection.execute("PRAGMA max_page_count = 1000000")
        index.check_and_add_many([document(f"d{i}", text(i)) for i in range(1, 12)])
    assert copies_found(tmp_path / "i") == 12


def test_full_disk_while_a_run_is_written(tmp_path, monkeypatch):
    """Where a run cannot be written its documents stay, in the log, and no half run is left."""

    def fail(path, *_):
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with DuplicateFilter(open_index(tmp_path / "i", flush=12)) as index:
        monkeypatch.setattr(postings, "write_run", fail)
        with pytest.raises(StoreError, match="No space left"):
            index.check_and_add_many([document(f"d{i}", text(i)) for i in range(12)])
        assert not list((tmp_path / "i").glob("*.run"))
        monkeypatch.undo()
        index.check_and_add(document("e", text(99)))
        assert len(list((tmp_path / "i").glob("*.run"))) == 1
    assert copies_found(tmp_path / "i") == 12


def test_folder_that_cannot_be_written(tmp_path, monkeypatch):
    """An index that cannot be written is refused to writers and open to readers."""
    filled(tmp_path / "i")
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))
    with pytest.raises(StoreError, match="cannot be written; open it read-only"):
        open_index(tmp_path / "i")
    assert copies_found(tmp_path / "i") == 12


def test_writing_through_a_reader(tmp_path):
    """A store that is open read-only writes nothing."""
    filled(tmp_path / "i")
    with (
        DuplicateFilter(tmp_path / "i", read_only=True) as index,
        pytest.raises(StoreError, match="open read-only"),
    ):
        index.check_and_add(document("n", text(77)))


def test_run_of_a_crash(tmp_path):
    """A run that the database does not name is removed by the next writer."""
    filled(tmp_path / "i")
    stranger = tmp_path / "i" / "0123456789abcdef.run"
    stranger.write_bytes(b"half")
    assert copies_found(tmp_path / "i") == 12
    assert stranger.exists()
    open_index(tmp_path / "i").close()
    assert not stranger.exists()


def test_reader_sees_what_is_committed(tmp_path):
    """A reader sees what was committed since, through flushes, merges and removals."""
    writer = DuplicateFilter(open_index(tmp_path / "i", flush=3, fan_out=2))
    with DuplicateFilter(tmp_path / "i", read_only=True) as reader, writer:
        for i in range(20):
            writer.check_and_add(document(f"d{i}", text(i)))
            assert reader.check(document("x", text(i))).nearest == f"d{i}"
            assert reader.check(document("x", text(i // 2))).nearest == f"d{i // 2}"
        writer.remove(["d3"])
        assert reader.check(document("x", text(3))).nearest is None


def test_removed_documents_stay_removed(tmp_path):
    """What is removed is gone from recent keys, runs, merged runs and after compaction."""
    filled(tmp_path / "i", 20)
    with DuplicateFilter(open_index(tmp_path / "i", flush=5, fan_out=2)) as index:
        assert index.remove(["d1", "d19"]) == 2
        for i in (1, 19):
            assert index.check(document("x", text(i))).nearest is None
        for i in range(20, 40):
            index.check_and_add(document(f"d{i}", text(i)))
        index.store.compact()
        assert [len(index.store.postings.runs), len(index.store.postings.gone)] == [1, 0]
        for i in (1, 19):
            assert index.check(document("x", text(i))).nearest is None
        assert index.check(document("x", text(18))).nearest == "d18"
        index.check_and_add(document("again", text(1)))
        assert index.check(document("x", text(1))).nearest == "again"


def test_dictionary(tmp_path, monkeypatch):
    """Texts are compressed with a dictionary of the first ones; old rows stay readable."""
    monkeypatch.setattr("provenance.index.folder.LEARN_FROM", 30)
    filled(tmp_path / "i", 50, flush=100)
    with DuplicateFilter(tmp_path / "i") as index:
        kinds = index.store.tables.connection.execute(
            "SELECT dictionary, count(*) FROM document GROUP BY dictionary"
        ).fetchall()
        assert kinds == [(0, 30), (1, 20)]
        index.store.compact()
        assert [s.document.text for s in index.store.documents()] == [text(i) for i in range(50)]
    assert copies_found(tmp_path / "i") == 12


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from prose import document, text
from provenance.index.filter import DuplicateFilter
from provenance.index.folder import open_index
with DuplicateFilter(open_index(sys.argv[1], flush=7, fan_out=2)) as index:
    for i in range(int(sys.argv[3]), 100000):
        index.check_and_add(document(f"d{i}", text(i, 60)))
        print(i, flush=True)
"""


@pytest.mark.slow
def test_killed_writer(tmp_path):
    """A writer that is killed at any moment loses nothing that it acknowledged."""
    done = 0
    for wait in (0.0, 0.05, 0.11, 0.23):
        command = [sys.executable, "-c", WRITER, tmp_path / "i", Path(__file__).parents[1]]
        with subprocess.Popen([*command, str(done)], stdout=subprocess.PIPE) as process:
            acknowledged = [process.stdout.readline()]
            time.sleep(wait)
            process.kill()
            acknowledged += process.stdout.readlines()
        done = 1 + int([line for line in acknowledged if line.endswith(b"\n")][-1])
        with DuplicateFilter(tmp_path / "i", read_only=True) as index:
            verdicts = index.check_many(document("x", text(i, 60)) for i in range(done))
        assert [v.nearest for v in verdicts] == [f"d{i}" for i in range(done)]
    with DuplicateFilter(tmp_path / "i") as index:
        assert len(list(index.store.documents())) in (done, done + 1)
