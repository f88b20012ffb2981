"""Options that say what is in the input, as the command takes them."""

import json

import pytest
from articles import PARAGRAPHS, TEXT, page
from typer.testing import CliRunner

from provenance.cli import app


def run(*arguments):
    """Run the command; return its exit code, standard output and standard error."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


def test_offsets_are_those_of_the_texts_that_are_written(tmp_path):
    """Spans of pages and records can be looked up in the files of --text-out."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.html").write_text(page())
    (corpus / "b.jsonl").write_text(json.dumps({"id": "b/1", "text": f"Earlier.\r\n{TEXT}"}))
    options = ("--save", tmp_path / "result", "--text-out", tmp_path / "texts", "-q")
    assert run("scan", corpus, *options) == (0, "", "")
    index = (tmp_path / "texts" / "index.jsonl").read_text().splitlines()
    files = {row["id"]: row["file"] for row in map(json.loads, index)}
    assert files == {"a.html": "a.html.txt", "b/1": "b/1.txt"}
    [line] = (tmp_path / "result" / "matches.jsonl").read_text().splitlines()
    match = json.loads(line)
    words = []
    for side in "ab":
        data = (tmp_path / "texts" / files[match[side]]).read_bytes()
        words.append(data.decode()[match[f"{side}_start"] : match[f"{side}_end"]])
    assert words[0].split() == words[1].split()
    assert words[0].startswith(PARAGRAPHS[0])
    code, _, errors = run("scan", corpus, "--text-out", tmp_path / "texts")
    assert (code, "is not empty" in errors) == (2, True)


def test_fields_that_the_user_names(tmp_path):
    """Without the field the message lists those there are; with it the corpus is read."""
    (tmp_path / "x.csv").write_text("key,story,day,site\nk1,One two.,2023-05-04,Post\n")
    code, _, errors = run("scan", tmp_path / "x.csv")
    assert code == 2
    assert "the fields are 'key', 'story', 'day', 'site' (--text-field names" in errors
    named = ("--text-field", "story", "--id-field", "key", "--date-field", "day")
    code, output, _ = run(
        *("scan", tmp_path / "x.csv", *named, "--source-field", "site"),
        *("--table", "documents", "-f", "jsonl"),
    )
    row = json.loads(output)
    assert (code, row["id"], row["source"], row["published"]) == (0, "k1", "Post", "2023-05-04")
    assert (row["published_precision"], row["published_from"]) == ("day", "day")


def test_an_adapter_is_a_function_of_a_file_or_module(tmp_path, monkeypatch):
    """--adapter names a function; what is none of them is an error before anything is read."""
    (tmp_path / "x.jsonl").write_text('{"k": "a", "parts": ["One", "two."]}\n')
    (tmp_path / "mine.py").write_text(
        "def adapt(record):\n    return {'id': record['k'], 'text': ' '.join(record['parts'])}\n"
        "number = 7\n"
    )
    monkeypatch.chdir(tmp_path)
    for name in ("mine.py:adapt", "mine:adapt"):
        code, output, _ = run(
            "scan", "x.jsonl", "--adapter", name, "--table", "documents", "-f", "jsonl"
        )
        assert (code, json.loads(output)["id"]) == (0, "a")
    for name in ("mine.py:nothing", "mine:number", "nowhere:adapt", "words", "gone.py:adapt"):
        code, output, errors = run("scan", "x.jsonl", "--adapter", name)
        assert (code, output) == (2, "")
        assert errors.startswith(f"provenance: error: --adapter {name}: ")


def test_a_limit_that_is_exceeded_is_told(tmp_path):
    """A document over --max-document is listed as skipped; the others are scanned."""
    (tmp_path / "a.txt").write_text("word " * 100)
    (tmp_path / "b.txt").write_text("few words")
    code, _, errors = run("scan", tmp_path, "--max-document", 100, "--table", "documents")
    assert code == 0
    assert "a.txt: larger than 100 bytes (--max-document allows more)" in errors


@pytest.mark.parametrize("number", [2, 5])
def test_a_text_is_compared_by_the_number_that_its_path_has(tmp_path, number):
    """FILE#n is the record that reports call so, also where records before it are unusable."""
    lines = ["{}", json.dumps({"text": TEXT}), "", "[]", "{}", json.dumps({"text": TEXT[:-20]})]
    (tmp_path / "x.jsonl").write_text("\n".join(lines))
    (tmp_path / "y.txt").write_text(TEXT)
    code, output, _ = run("compare", f"{tmp_path}/x.jsonl#{number}", tmp_path / "y.txt")
    assert code == 0
    assert f"x.jsonl#{number}" in output
