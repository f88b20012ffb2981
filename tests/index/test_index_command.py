import json

import pytest
from prose import document, text
from typer.testing import CliRunner

from provenance.cli import app
from provenance.index.filter import DuplicateFilter
from provenance.index.folder import open_index


def run(*arguments):
    """Run `provenance index` and return what it did."""
    return CliRunner().invoke(app, ["index", *map(str, arguments)])


@pytest.fixture
def index(tmp_path):
    """The folder of an index with a few documents, in runs and out of them."""
    with DuplicateFilter(open_index(tmp_path / "i", flush=4, fan_out=2)) as opened:
        for i in range(10):
            opened.check_and_add(document(f"d{i}", text(i), title=f"Title {i}"))
        opened.check_and_add(document("copy", text(3)))
    return tmp_path / "i"


def nearest(index, seed):
    """Return the document of an index that a text is a copy of."""
    with DuplicateFilter(index, read_only=True) as opened:
        return opened.check(document("x", text(seed))).nearest


def test_add(tmp_path):
    """Texts that are added are known to the filter, copies too."""
    (tmp_path / "a.txt").write_text(text(1))
    (tmp_path / "b.txt").write_text(text(1) + " more")
    done = run("add", tmp_path / "i", tmp_path / "a.txt", tmp_path / "b.txt")
    assert (done.exit_code, "2 texts" in done.stderr) == (0, True)
    assert nearest(tmp_path / "i", 1) == "a.txt"
    assert run("add", tmp_path / "i", tmp_path / "none.txt").exit_code == 2


def test_remove(index):
    """Documents are removed by id and by age, and nothing else is."""
    assert "1 documents" in run("remove", index, "d3", "unknown").stderr
    assert (nearest(index, 3), nearest(index, 4)) == (None, "d4")
    assert "0 documents" in run("remove", index, "--before", "1d").stderr
    assert "10 documents" in run("remove", index, "--before", "2999-01-01").stderr
    assert nearest(index, 4) is None
    assert run("remove", index).exit_code == 2


def test_stats(index):
    """The figures of an index count its documents, verdicts, runs and settings."""
    done = run("stats", index, "--format", "json")
    figures = {row["figure"]: row["value"] for row in json.loads(done.stdout)}
    assert figures["documents"] == 11
    assert figures["kept"] == 10
    assert figures["verdict exact_duplicate"] == 1
    assert figures["verdict new"] == 10
    assert figures["runs"] == 1
    assert figures["documents in no run"] == 3
    assert figures["setting window"] == 12


def test_compact_keeps_everything(index):
    """After compaction there is one run, and every document is known."""
    run("remove", index, "d0")
    assert run("compact", index).exit_code == 0
    figures = {
        r["figure"]: r["value"] for r in json.loads(run("stats", index, "-f", "json").stdout)
    }
    assert (figures["runs"], figures["documents in no run"]) == (1, 0)
    assert figures["documents removed since compaction"] == 0
    assert [nearest(index, i) for i in range(10)] == [None, *(f"d{i}" for i in range(1, 10))]
    assert run("verify", index).exit_code == 0


def test_export_can_be_added(index, tmp_path):
    """What is exported makes the same index again."""
    done = run("export", index)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["id"] for record in records] == [f"d{i}" for i in range(10)]
    assert records[4]["title"] == "Title 4"
    assert records[4]["provenance"]["reason"] == "new"
    (tmp_path / "e.jsonl").write_text(done.stdout)
    run("add", tmp_path / "j", tmp_path / "e.jsonl")
    assert (
        run("export", tmp_path / "j").stdout.splitlines()[0].split('"provenance"')[0]
        == (done.stdout.splitlines()[0].split('"provenance"')[0])
    )


def test_sound(index):
    """A sound index has no problems."""
    done = run("verify", index)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "is sound" in done.stderr


def test_damaged_run_is_found_and_rebuilt(index):
    """Verify names a damaged run with exit code 1, and rebuild makes all runs anew."""
    (path,) = index.glob("*.run")
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    done = run("verify", index)
    assert done.exit_code == 1
    assert path.name in done.stdout
    assert "rebuild" in done.stdout
    assert run("stats", index).exit_code == 2
    assert len(run("export", index).stdout.splitlines()) == 10
    assert run("rebuild", index).exit_code == 0
    assert run("verify", index).exit_code == 0
    assert [nearest(index, i) for i in range(10)] == [f"d{i}" for i in range(10)]


def test_missing_keys_and_damaged_texts_are_found(index):
    """Verify names documents whose text is damaged and those whose keys are incomplete."""
    store = open_index(index)
    execute = store.tables.connection.execute
    execute("UPDATE recent SET keys = substr(keys, 1, 80) WHERE number = 10")
    execute("UPDATE document SET digest = x'00' WHERE number = 2")
    store.close()
    done = run("verify", index)
    assert done.exit_code == 1
    assert "the text of d1" in done.stdout
    assert "keys of d9 are incomplete" in done.stdout


@pytest.mark.parametrize("command", ["stats", "verify", "compact", "rebuild", "export", "remove"])
def test_no_index(command, tmp_path):
    """Commands that need an index make none."""
    done = run(command, tmp_path / "none", *(["x"] if command == "remove" else []))
    assert done.exit_code == 2
    assert "there is no index" in done.stderr
    assert not (tmp_path / "none").exists()
