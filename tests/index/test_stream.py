import json
import os
import subprocess
import sys
import threading

from prose import text, words
from typer.testing import CliRunner

from provenance.cli import app
from provenance.index.stream import lines_as_they_come


def line(name, body, **known):
    """Return a record as a line."""
    return json.dumps({"id": name, "text": body, **known}) + "\n"


def run(*arguments, data=""):
    """Run the filter and return what it did."""
    return CliRunner().invoke(app, ["filter", *map(str, arguments)], input=data)


STREAM = [
    line("a", text(1), odd=[1, {"x": None}]),
    line("b", text(2)),
    "{broken\n",
    "\n",
    line("c", text(1).replace(words(1, 200)[5], "else")),
    line("d", text(3))[:-1],
]


def test_kept_lines_byte_for_byte(tmp_path):
    """Kept lines come out byte for byte and in order, the others with reasons in the rejects."""
    done = run("--index", tmp_path / "i", "--rejected", tmp_path / "r", data="".join(STREAM))
    assert done.exit_code == 0
    assert done.stdout == STREAM[0] + STREAM[1] + STREAM[5] + "\n"
    broken, copy = map(json.loads, (tmp_path / "r").read_text().splitlines())
    assert broken["provenance"]["reason"] == "broken"
    assert (broken["provenance"]["line"], broken["raw"]) == (3, "{broken")
    assert copy["id"] == "c"
    assert copy["provenance"]["nearest"] == "a"
    assert "5 lines: 3 kept, 1 not kept, 1 broken" in done.stderr


def test_fed_again_same_output(tmp_path):
    """A stream that is fed again, after any part of it, comes out the same."""
    whole = "".join(STREAM)
    expected = run("--index", tmp_path / "i", data=whole).stdout
    assert run("--index", tmp_path / "i", data=whole).stdout == expected
    run("--index", tmp_path / "j", data="".join(STREAM[:2]))
    assert run("--index", tmp_path / "j", data=whole).stdout == expected


def test_annotate_keeps_every_line(tmp_path):
    """With --annotate every readable line comes out with its verdict, and its other fields."""
    done = run("--index", tmp_path / "i", "--annotate", data="".join(STREAM))
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert [row["provenance"]["reason"] for row in rows] == ["new", "new", "near_duplicate", "new"]
    assert all(row["provenance"]["keep"] for row in rows)
    assert rows[0]["odd"] == [1, {"x": None}]


def test_read_only_adds_nothing(tmp_path):
    """With --read-only a stream is judged against the index and not against itself."""
    run("--index", tmp_path / "i", data=STREAM[0])
    again = line("x", text(9)) + line("y", text(9)) + line("z", text(1))
    done = run("--index", tmp_path / "i", "--read-only", data=again)
    assert [json.loads(row)["id"] for row in done.stdout.splitlines()] == ["x", "y"]


def test_no_index_to_read(tmp_path):
    """An index that is not there cannot be read, and none is made."""
    done = run("--index", tmp_path / "i", "--read-only", data=STREAM[0])
    assert done.exit_code == 2
    assert f"there is no index in {tmp_path / 'i'}" in done.stderr
    assert not (tmp_path / "i").exists()


def test_limits_are_those_of_the_index(tmp_path):
    """A lower threshold makes another index, and a known one is not taken for it."""
    near = " ".join(words(1, 60) + words(2, 20))
    data = line("a", " ".join(words(1, 80))) + line("b", near)
    strict = run("--index", tmp_path / "i", "--no-passages", data=data)
    assert len(strict.stdout.splitlines()) == 2
    loose = run("--index", tmp_path / "j", "--no-passages", "--threshold", "0.4", data=data)
    assert len(loose.stdout.splitlines()) == 1
    refused = run("--index", tmp_path / "i", "--threshold", "0.4", data=data)
    assert (refused.exit_code, "0.7" in refused.stderr) == (2, True)
    run("--index", tmp_path / "k", data=data)
    refused = run("--index", tmp_path / "k", "--no-passages", data=data)
    assert (refused.exit_code, "finds passages" in refused.stderr) == (2, True)


def test_rules_of_sources(tmp_path):
    """A file of rules gives some sources rules of their own."""
    (tmp_path / "rules").write_text('{"wire": {"copies": "annotate"}}')
    data = line("a", text(1)) + line("b", text(1), source="wire") + line("c", text(1))
    done = run("--index", tmp_path / "i", "--rules", tmp_path / "rules", data=data)
    assert [json.loads(row)["id"] for row in done.stdout.splitlines()] == ["a", "b"]
    (tmp_path / "rules").write_text("{")
    assert run("--index", tmp_path / "i", "--rules", tmp_path / "rules").exit_code == 2


def test_since_is_a_date_or_an_age(tmp_path):
    """--since takes a date or an age, and says so of anything else."""
    run("--index", tmp_path / "i", data=STREAM[0])
    copy = line("z", text(1))
    for since, kept in (("2999-01-01", 1), ("1d", 0), ("2020-01-01", 0)):
        done = run("--index", tmp_path / "i", "--read-only", "--since", since, data=copy)
        assert len(done.stdout.splitlines()) == kept
    done = run("--index", tmp_path / "i", "--since", "soon")
    assert (done.exit_code, "90d" in done.stderr) == (2, True)


def test_lines_of_lone_surrogates_and_nan(tmp_path):
    """Lines that JSON allows and UTF-8 does not, or the other way round, are annotated, too."""
    data = '{"id": "a", "text": "\\ud800 one", "n": NaN}\n'
    done = run("--index", tmp_path / "i", "--annotate", data=data)
    assert '"n": NaN' in done.stdout
    assert "\\ud800 one" in done.stdout


def test_groups_close_when_nothing_waits():
    """Lines that wait come together, up to the most that is allowed; a late line comes alone."""
    read, write = os.pipe()
    with os.fdopen(read, "rb") as stream, os.fdopen(write, "wb", buffering=0) as pipe:
        groups = lines_as_they_come(stream, most=3)
        pipe.write(b"1\n2\n3\n4\n")
        assert [row.data for row in next(groups)] == [b"1\n", b"2\n", b"3\n"]
        assert [row.data for row in next(groups)] == [b"4\n"]
        pipe.write(b"5\n6")
        assert [row.data for row in next(groups)] == [b"5\n"]
        pipe.close()
        assert [(row.number, row.data) for row in next(groups)] == [(6, b"6")]
        assert next(groups, None) is None


def test_answers_each_line_that_waits_for_one(tmp_path):
    """A crawler that waits for the answer to one line gets it before it sends the next."""
    command = [sys.executable, "-m", "provenance", "filter", "--index", str(tmp_path / "i"), "-q"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        killer = threading.Timer(60, process.kill)
        killer.start()
        for row in (STREAM[0], STREAM[1]):
            process.stdin.write(row)
            process.stdin.flush()
            assert process.stdout.readline() == row
        process.stdin.close()
        killer.cancel()
    assert process.returncode == 0
