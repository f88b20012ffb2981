import json

import pytest

import provenance
from provenance.model import Span
from provenance.output import folder
from provenance.output.texts import Texts, find_texts

WIRE = "HARBOUR (AP) — Three hundred ships waited off the harbour on Friday, the master said."


@pytest.fixture
def scanned(tmp_path, monkeypatch):
    """Give the function that scans files in a folder and reads the saved result back."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "wire.txt").write_text(WIRE, encoding="utf-8")
    records = [{"id": f"d{n}", "text": f"{WIRE} {n}"} for n in range(3)]
    (tmp_path / "articles" / "feed.jsonl").write_text("\n".join(map(json.dumps, records)))
    monkeypatch.chdir(tmp_path)

    def scan(*paths, texts=False):
        audit = provenance.scan(provenance.read(paths))
        run = {"paths": list(paths), "directory": str(tmp_path)}
        folder.save(audit, "result", run=run, texts=texts)
        return folder.load(tmp_path / "result")

    return scan


@pytest.mark.parametrize("paths", [["articles"], ["articles/wire.txt", "articles/feed.jsonl"]])
def test_texts_are_read_again_by_path_and_digest(paths, scanned, tmp_path, monkeypatch):
    """From a folder and from files named, also when asked from elsewhere."""
    result = scanned(*paths)
    monkeypatch.chdir(tmp_path.parent)
    texts = find_texts(result, ["wire.txt", "d2"])
    assert texts.found == {"wire.txt": WIRE, "d2": f"{WIRE} 2"}
    assert not texts.missing


def test_a_text_that_changed_is_not_quoted(scanned, tmp_path):
    """A record is found where another was put before it; one that was edited is not."""
    result = scanned("articles")
    feed = tmp_path / "articles" / "feed.jsonl"
    lines = feed.read_text().splitlines()
    feed.write_text("\n".join(["{}", lines[0].replace("ships", "boats"), lines[1]]))
    texts = find_texts(result, ["d0", "d1"])
    assert texts.found == {"d1": f"{WIRE} 1"}
    assert "feed.jsonl has changed since the scan" in texts.missing["d0"]


def test_a_file_that_moved_is_said_so(scanned, tmp_path):
    """The sentence says what to do the next time."""
    result = scanned("articles")
    (tmp_path / "articles" / "wire.txt").rename(tmp_path / "elsewhere.txt")
    texts = find_texts(result, ["wire.txt"])
    assert "wire.txt is not where it was" in texts.missing["wire.txt"]
    assert "--save-texts" in texts.missing["wire.txt"]


def test_texts_that_the_result_keeps_need_no_files(scanned, tmp_path):
    """They are in texts.jsonl, and gone with the next result that keeps none."""
    result = scanned("articles", texts=True)
    (tmp_path / "articles" / "wire.txt").unlink()
    assert find_texts(result, ["wire.txt"]).found == {"wire.txt": WIRE}
    again = scanned("articles")
    assert not (tmp_path / "result" / "texts.jsonl").exists()
    assert again.texts is None


def test_a_kept_text_that_was_changed_is_not_quoted(scanned, tmp_path):
    """Its digest tells."""
    result = scanned("articles", texts=True)
    kept = tmp_path / "result" / "texts.jsonl"
    kept.write_text(kept.read_text(encoding="utf-8").replace("ships", "boats"), encoding="utf-8")
    assert "damaged" in find_texts(result, ["wire.txt"]).missing["wire.txt"]


@pytest.mark.parametrize("run", ["[]", "{", '{"paths": 3, "directory": []}', None])
def test_a_damaged_run_file_only_costs_the_quotes(run, scanned, tmp_path, monkeypatch):
    """A result is read without it."""
    scanned("articles")
    path = tmp_path / "result" / "run.json"
    path.write_text(run) if run else path.unlink()
    monkeypatch.chdir(tmp_path.parent)
    assert find_texts(folder.load(tmp_path / "result"), ["wire.txt"]).missing


def test_what_came_from_standard_input_is_not_sought(audited, report, tmp_path):
    """Nobody can read it again."""
    audit = audited([report("a")])
    made = audit.documents[0]
    object.__setattr__(made.document, "path", "-#1")
    folder.save(audit, tmp_path / "result", run={"paths": ["-"], "directory": str(tmp_path)})
    texts = find_texts(folder.load(tmp_path / "result"), ["a"])
    assert "not read from a file" in texts.missing["a"]


def test_words_are_quoted_with_what_stands_around_them():
    """A long passage is shortened, and no word is cut."""
    texts = Texts({"a": WIRE})
    assert texts.words(Span("a", 8, 12)) == "(AP)"
    assert texts.quote(Span("a", 8, 12)) == (
        "HARBOUR [(AP)] — Three hundred ships waited off the …"
    )
    assert texts.quote(Span("a", len(WIRE) - 5, len(WIRE))) == (
        "… off the harbour on Friday, the master [said.]"
    )
    assert Texts({"a": "word " * 100}).quote(Span("a", 0, 500)).endswith("word …]")
    assert texts.quote(Span("b", 0, 1)) is None
    assert texts.words(Span("b", 0, 1)) is None
