"""The installed command with input that is missing, damaged or hostile: no traceback, no harm."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("provenance")
ROOT = Path(__file__).parents[1]
TEXT = (
    "Three hundred ships waited off the harbour on Friday, and the harbour master said that none "
    "of them would enter before the strike of the tug crews ends.\n"
)
# Seconds: far above what these take, far below what a step quadratic in the input would take.
PATIENCE = 300


def run(*arguments, cwd, **options):
    """Run the installed command to its end."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
        **options,
    )


def records(path, *rows):
    """Write rows as JSON Lines; a string is a line as it is."""
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def contents(folder):
    """Return the bytes of every file below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def prepare(folder):
    """Fill a folder with one file of each kind of bad input."""
    (folder / "good.txt").write_text(TEXT, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_bytes(b" \n\t\n")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "latin.txt").write_bytes(
        "Das Gesetz über Flüsse und Bäche gilt fürs Tal.".encode("latin-1")
    )
    (folder / "invalid.jsonl").write_bytes(b'{"id": "x", "text": "\x01\x02\x03\xff two"}\n')
    records(
        folder / "damaged.jsonl",
        {"id": "whole", "text": TEXT},
        '{"id": "cut", "text": "one tw',
        {"id": "textless", "title": "a title"},
        {"id": "empty", "text": ""},
        [1, 2],
    )
    records(folder / "twice.jsonl", {"id": "same", "text": TEXT}, {"id": "same", "text": "Other."})
    (folder / "nothing").mkdir()
    (folder / "pictures").mkdir()
    (folder / "pictures" / "photo.jpg").write_bytes(b"\xff\xd8\xff\x00")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scan", "missing.txt"], "there is no file or folder 'missing.txt'"),
        (["scan", "good.txt", "missing.txt"], "there is no file or folder 'missing.txt'"),
        (["scan", "empty.txt"], "empty.txt: empty file"),
        (["scan", "blank.txt"], "blank.txt: empty text"),
        (["scan", "binary.txt"], "binary.txt: binary file"),
        (["scan", "invalid.jsonl"], "invalid.jsonl, line 1: not utf-8"),
        (["scan", "nothing"], "nothing/: no readable files"),
        (["scan", "pictures"], "photo.jpg: unknown kind of file (.jpg)"),
        (["scan", "twice.jsonl"], "the id 'same' is given twice: record 1 of twice.jsonl and"),
        (["scan", "good.txt", "--save", "pictures"], "pictures holds photo.jpg"),
        (["scan", "good.txt", "--save", "good.txt"], "good.txt is a file"),
        (["lineage", "nothing"], "nothing/: no readable files"),
        (["explain", "pictures", "a", "b"], "pictures is no result folder"),
        (["explain", "good.txt", "a", "b"], "good.txt is not there or is no folder"),
        (["compare", "good.txt", "binary.txt"], "binary.txt: binary file"),
        (["compare", "nothing", "good.txt"], "no readable files"),
    ],
)
def test_where_nothing_can_be_done_it_exits_2_and_says_why(arguments, words, tmp_path):
    """Nothing on standard output, a few lines on standard error, no file made or changed."""
    prepare(tmp_path)
    before = contents(tmp_path)
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert all(line.startswith("provenance: ") for line in done.stderr.splitlines())
    assert len(done.stderr.splitlines()) <= 2
    assert contents(tmp_path) == before


def test_what_is_bad_is_skipped_counted_and_listed_beside_what_is_good(tmp_path):
    """A folder of everything is scanned for what can be read; the rest is in the result, too."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    prepare(corpus)
    before = contents(corpus)
    arguments = ("scan", "corpus", "--duplicate-ids", "suffix", "--save", "result")
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert contents(corpus) == before
    audit = json.loads((tmp_path / "result" / "audit.json").read_text(encoding="utf-8"))
    reasons = {item["place"]: item["reason"] for item in audit["skipped"]}
    assert reasons.keys() == {
        "binary.txt",
        "blank.txt",
        "damaged.jsonl, line 2",
        "damaged.jsonl, line 3",
        "damaged.jsonl, line 4",
        "damaged.jsonl, line 5",
        "empty.txt",
        "invalid.jsonl, line 1",
        "pictures/photo.jpg",
    }
    assert all(reasons.values())
    assert [note["place"] for note in audit["notes"]] == ["latin.txt"]
    assert audit["counts"]["skipped"] == len(reasons)
    assert audit["counts"]["documents"] == 5
    assert f"skipped                       {len(reasons)}" in done.stdout


@pytest.mark.parametrize("table", ["matches", "lineage"])
def test_a_closed_pipe_is_no_failure(table, tmp_path):
    """`| head -1` gets its line; the command says nothing and exits 0."""
    records(tmp_path / "many.jsonl", *({"id": f"d{n}", "text": TEXT} for n in range(400)))
    arguments = [COMMAND, "scan", "many.jsonl", "--table", table, "-f", "jsonl"]
    with subprocess.Popen(
        arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert json.loads(process.stdout.readline())
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_in_the_middle_of_a_scan_is_one_line_and_130(tmp_path):
    """An interrupted scan leaves an earlier result as it was, beside what it can go on from."""
    records(tmp_path / "few.jsonl", *({"id": f"d{n}", "text": TEXT} for n in range(3)))
    assert run("scan", "few.jsonl", "--save", "result", cwd=tmp_path).returncode == 0
    before = contents(tmp_path / "result")
    rows = ({"id": f"r{n}", "text": f"{TEXT} {n} {n * n}"} for n in range(40_000))
    records(tmp_path / "many.jsonl", *rows)
    process = subprocess.Popen(
        [COMMAND, "scan", "many.jsonl", "--save", "result"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    output, messages = process.communicate(timeout=PATIENCE)
    assert (process.returncode, output, messages) == (130, b"", b"provenance: interrupted\n")
    after = contents(tmp_path / "result")
    assert {path: data for path, data in after.items() if "stages" not in path.parts} == before


def test_ctrl_c_while_modules_are_loaded_is_one_line_and_130():
    """A command that is given up at once says so as one that is given up later."""
    script = (
        "import sys\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "from provenance.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"provenance: interrupted\n")


# Big or degenerate.


def test_documents_of_one_repeated_word_are_scanned_and_compared(tmp_path):
    """Repetition inside a document is not reuse, and costs no more than other text."""
    (tmp_path / "a.txt").write_text("word " * 200_000, encoding="utf-8")
    (tmp_path / "b.txt").write_text("word " * 200_000 + "end", encoding="utf-8")
    done = run("scan", "a.txt", "b.txt", "-f", "jsonl", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 2
    compared = run("compare", "a.txt", "b.txt", cwd=tmp_path)
    assert (compared.returncode, compared.stderr) == (0, "")


@pytest.mark.slow
def test_two_files_of_five_megabytes_of_one_word_take_seconds(tmp_path):
    """No step is quadratic in the repetitions of a word."""
    (tmp_path / "a.txt").write_text("word " * 1_000_000, encoding="utf-8")
    (tmp_path / "b.txt").write_text("word " * 1_000_000 + "end", encoding="utf-8")
    before = os.times()
    done = run("scan", "a.txt", "b.txt", "-f", "jsonl", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert _spent(before) < 30


def _spent(before):
    """Return the CPU seconds of the processes that ended since."""
    now = os.times()
    return now.children_user + now.children_system - before.children_user - before.children_system


def _words(count):
    """Yield different words without end, the same each time."""
    for number in range(count):
        yield "".join(
            "bcdfghjklmnpqrst"[number >> 4 * digit & 15] + "aeiou"[number % 5] for digit in range(5)
        )


@pytest.mark.slow
def test_a_document_of_100_megabytes_is_scanned(tmp_path):
    """One huge text takes a minute at most, and is a document like any other."""
    line = " ".join(_words(200_000))
    with (tmp_path / "huge.txt").open("w", encoding="utf-8") as file:
        written = 0
        while written < 100_000_000:
            written += file.write(f"{line} {written}\n")
    before = os.times()
    done = run("scan", "huge.txt", "-f", "jsonl", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    assert _spent(before) < 120


@pytest.mark.slow
def test_very_many_records_of_one_word_are_scanned(tmp_path):
    """A line costs what it costs among few lines; nothing is quadratic in their number."""
    count = 50_000
    records(
        tmp_path / "words.jsonl", *({"id": str(n), "text": w} for n, w in enumerate(_words(count)))
    )
    before = os.times()
    done = run("scan", "words.jsonl", "-f", "jsonl", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == count
    assert _spent(before) < 120


# A CPython without numba.


@pytest.mark.slow
def test_without_numba_the_result_is_the_same(tmp_path):
    """The plain path writes the bytes that the compiled one writes."""
    # An import that is blocked from the start, and a word on whether it was used all the same.
    said = (
        "import atexit, sys\n"
        "atexit.register(lambda: sys.stderr.write("
        "'compiled' if 'llvmlite' in sys.modules else 'plain'))\n"
    )
    for name, block in (("open", ""), ("blocked", "sys.modules['numba'] = None\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sitecustomize.py").write_text(said + block, encoding="utf-8")
    # Characters without a token make the corpus large enough to be worth compiling for.
    records(tmp_path / "ruled.jsonl", {"id": "ruled", "text": f"ruled {'-' * 400_000} lines"})
    corpus = (ROOT / "seeds" / "wire" / "documents.jsonl", tmp_path / "ruled.jsonl")
    results = {}
    for name, path in (("open", "compiled"), ("blocked", "plain")):
        done = run(
            *("scan", *corpus, "-q", "--save", name + "-result"),
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path / name)},
        )
        assert (done.returncode, done.stderr) == (0, path)
        folder = tmp_path / f"{name}-result"
        results[name] = {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "run.json"}
    assert results["open"] == results["blocked"]
