"""The fuzzer of the readers, in its short form; its long form runs by hand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).parent.parent / "benchmarks" / "fuzz" / "run.py"


def fuzz(*arguments):
    """Run the fuzzer; return its exit code and what it prints."""
    done = subprocess.run(
        [sys.executable, FUZZ, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_damaged_files_of_every_format_end_in_documents_or_reasons():
    """No damaged file makes reading raise, hang, or lose the file beside it."""
    code, said = fuzz("--cases", 600, "--seed", 20261125, "--workers", 2)
    assert code == 0, said
    assert said.startswith("600 cases, 0 failures")


def test_a_reader_that_raises_is_a_failure(tmp_path):
    """The fuzzer tells of a reader that fails, with the number of the case."""
    (tmp_path / "sitecustomize.py").write_text(
        "import provenance.readers.opening as o\n"
        "def bug(*_): raise ZeroDivisionError\n"
        "o._read = bug\n"
    )
    done = subprocess.run(
        [sys.executable, FUZZ, "--only", "7"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 1
    assert "case 7 (" in done.stdout
    assert "ZeroDivisionError" in done.stdout
