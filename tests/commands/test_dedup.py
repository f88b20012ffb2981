"""`provenance dedup`, as people and scripts use it."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from provenance.cli import app

WIRE = (
    "Three hundred ships waited off the harbour on Friday, and the harbour master said that none "
    "of them would enter before the strike of the tug crews ends. Insurers who met in the old "
    "customs house put the cost at four million a day."
)
OTHER = (
    "The museum of clocks opens its new wing in April with forty instruments that no visitor has "
    "seen since the flood, among them a water clock which once told monks when to rise."
)
RECORDS = [
    {"id": "b", "text": WIRE, "date": "2024-03-02", "source": "Hill Post"},
    {"id": "a", "text": WIRE + " So it is.", "date": "2024-03-03", "source": "Agency"},
    {"id": "c", "text": OTHER},
]


def run(*arguments):
    """Run the command line in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def crawl(tmp_path):
    """A file of three records and a line that is none."""
    path = tmp_path / "crawl.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in RECORDS) + "broken\n", encoding="utf-8")
    return path


def ids(path):
    """Return the ids of the records in a file; lines that are none are passed over."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["id"] for line in lines if line != "broken"]


def test_a_dry_run_is_what_happens_by_default(crawl):
    """What would be dropped, for which document and why; counts that add up; nothing written."""
    done = run("dedup", crawl)
    assert done.exit_code == 0
    (row,) = [line.split() for line in done.stdout.splitlines() if "near_duplicate" in line]
    assert row[0] == "a"
    assert row[4] == "b"
    assert "4 read: 2 kept (" in done.stderr
    assert "1 dropped (" in done.stderr
    assert "1 near_duplicate), 1 skipped" in done.stderr
    assert "crawl.jsonl, line 4" in done.stderr
    assert [path.name for path in crawl.parent.iterdir()] == ["crawl.jsonl"]


def test_people_see_the_first_rows_and_scripts_see_all(tmp_path):
    """Of thirty copies twenty, or as many as are asked for; a format has every one."""
    lines = [json.dumps({"id": f"n{i:02}", "text": WIRE}) + "\n" for i in range(31)]
    (tmp_path / "in.jsonl").write_text("".join(lines), encoding="utf-8")
    shown = run("dedup", tmp_path / "in.jsonl").stdout
    assert "\nn20 " in shown
    assert "\nn21 " not in shown
    assert "and 10 more" in shown
    assert run("dedup", tmp_path / "in.jsonl", "--limit", "5").stdout.count("exact_duplicate") == 5
    table = run("dedup", tmp_path / "in.jsonl", "-f", "csv").stdout
    assert table.count("exact_duplicate") == 30


def test_the_output_is_written_when_it_is_named(crawl, tmp_path):
    """Without the copy; what is no record stays."""
    done = run("dedup", crawl, "--output", tmp_path / "unique.jsonl")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "2 documents in 1 file" in done.stderr
    lines = crawl.read_bytes().splitlines(keepends=True)
    assert (tmp_path / "unique.jsonl").read_bytes() == lines[0] + lines[2] + lines[3]


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ((), ["b", "c"]),
        (("--keep", "longest"), ["a", "c"]),
        (("--keep=-published",), ["a", "c"]),
        (("--prefer", "agency"), ["a", "c"]),
        (("--prefer", "Elsewhere", "--prefer", "Hill Post"), ["b", "c"]),
        (("--threshold", "1", "--containment", "1"), ["b", "a", "c"]),
        (("--no-passages",), ["b", "c"]),
    ],
)
def test_the_keeper_is_the_one_that_is_asked_for(crawl, tmp_path, options, kept):
    """By policy, keys, or sources; and settings of a scan hold."""
    done = run("dedup", crawl, "-o", tmp_path / "out.jsonl", *options)
    assert done.exit_code == 0, done.stderr
    assert ids(tmp_path / "out.jsonl") == kept


def test_a_saved_result_knows_its_files(crawl, tmp_path, monkeypatch):
    """From wherever it is used; with another order than that of the scan, too."""
    monkeypatch.chdir(tmp_path)
    assert run("scan", "crawl.jsonl", "--save", "result").exit_code == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert run("dedup", "../result", "-o", "one.jsonl").exit_code == 0
    assert ids(tmp_path / "elsewhere" / "one.jsonl") == ["b", "c"]
    assert run("dedup", "../result", "-o", "two.jsonl", "--keep", "longest").exit_code == 0
    assert ids(tmp_path / "elsewhere" / "two.jsonl") == ["a", "c"]
    table = run("dedup", "../result", "--format", "jsonl").stdout
    assert json.loads(table)["characters"] == len(WIRE) + len(" So it is.")
    crawl.write_text(crawl.read_text(encoding="utf-8").replace("Three", "Four"), encoding="utf-8")
    done = run("dedup", "../result", "-o", "three.jsonl")
    assert done.exit_code == 2
    assert "changed" in done.stderr
    assert not (tmp_path / "elsewhere" / "three.jsonl").exists()


def test_fields_that_the_user_names_are_those_of_the_scan(tmp_path):
    """Also where a saved result says them."""
    lines = [{"key": r["id"], "words": r["text"], "house": r.get("source")} for r in RECORDS]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "in.jsonl").write_text(text, encoding="utf-8")
    named = ("--text-field", "words", "--id-field", "key", "--source-field", "house")
    done = run("dedup", tmp_path / "in.jsonl", *named, "--prefer", "Agency", "-o", tmp_path / "a")
    assert done.exit_code == 0, done.stderr
    run("scan", tmp_path / "in.jsonl", *named, "--save", tmp_path / "result")
    done = run("dedup", tmp_path / "result", "--prefer", "Agency", "-o", tmp_path / "b")
    assert done.exit_code == 0, done.stderr
    kept = [json.loads(line)["key"] for line in (tmp_path / "a").read_text().splitlines()]
    assert kept == ["a", "c"]
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_annotated_output_says_what_a_table_would(crawl, tmp_path):
    """Every record is there, with its cluster, its representative and its source."""
    run("dedup", crawl, "--annotate", "-o", tmp_path / "noted.jsonl")
    lines = (tmp_path / "noted.jsonl").read_text(encoding="utf-8").splitlines()
    noted = [json.loads(line) for line in lines if line != "broken"]
    assert [r["provenance_keep"] for r in noted] == [True, False, True]
    assert noted[0]["provenance_cluster"] == noted[1]["provenance_cluster"] is not None
    assert noted[1]["provenance_representative"] == noted[1]["provenance_source"] == "b"
    assert noted[2]["provenance_cluster"] is None
    assert [{k: r[k] for k in own} for own, r in zip(RECORDS, noted, strict=True)] == RECORDS


@pytest.mark.parametrize(
    "arguments",
    [
        ("--keep", "newest"),
        ("--annotate",),
        ("--keep", "preferred"),
        ("--columns", "nothing"),
        ("-o", "crawl.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is(crawl, monkeypatch, arguments):
    """Exit code 2 and one line."""
    monkeypatch.chdir(crawl.parent)
    before = crawl.read_bytes()
    done = run("dedup", "crawl.jsonl", *arguments)
    assert done.exit_code == 2
    assert "error: " in done.stderr
    assert crawl.read_bytes() == before


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_nothing_half_written(tmp_path, number):
    """Neither the output nor its beginning under another name."""
    crawl = tmp_path / "crawl.jsonl"
    with crawl.open("w", encoding="utf-8") as file:
        for i in range(6000):
            words = " ".join(f"w{(i * 7919 + j * j) % 65537}" for j in range(120))
            file.write(json.dumps({"id": i, "text": words}) + "\n")
        file.write(json.dumps({"id": "again", "text": words}) + "\n")
    command = [sys.executable, "-m", "provenance", "dedup", "crawl.jsonl", "--no-passages"]
    process = subprocess.Popen([*command, "-o", "out.jsonl.xz"], cwd=tmp_path)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if any(name.endswith(".partial") for name in os.listdir(tmp_path)):  # noqa: PTH208
            process.send_signal(number)
            break
        time.sleep(0.001)
    code = process.wait(30)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert code in ({130, -number} if number == signal.SIGINT else {128 + number})
    assert left == ["crawl.jsonl"]
