"""A scan that was killed goes on where it was, and what it saves is what it would have saved."""

import json
import signal
import subprocess
import sys

import pytest

from provenance.stages import STAGES

SEEDS = "seeds/wire/documents.jsonl"
# Runs the command line in a process that kills itself once a stage is kept.
KILLED = """
import os, signal, sys
from provenance import stages
from provenance.cli import main
stage, keep = sys.argv.pop(1), stages.Stages.keep

def kept(self, name, found):
    keep(self, name, found)
    if name == stage:
        os.kill(os.getpid(), signal.SIGKILL)

stages.Stages.keep = kept
main()
"""


def scan(*arguments, killed_after=None):
    """Run a scan; return its exit code and what it says on standard error."""
    start = ["-c", KILLED, killed_after] if killed_after else ["-m", "provenance"]
    command = [sys.executable, *start, "scan", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    return done.returncode, done.stderr


def files(folder):
    """Return the bytes of each file of a result, but for what may differ between runs."""
    found = [path for path in folder.iterdir() if path.is_file() and path.name != "run.json"]
    return {path.name: path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def corpus(pytestconfig, tmp_path_factory):
    """Return a corpus, and the files of its result made in one go."""
    path = tmp_path_factory.mktemp("corpus") / "wire.jsonl"
    path.write_bytes((pytestconfig.rootpath / SEEDS).read_bytes())
    result = tmp_path_factory.mktemp("whole") / "result"
    assert scan(path, "--save", result)[0] == 0
    return path, files(result)


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot kill itself like this")
@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_scan_goes_on_after_its_last_finished_stage(corpus, tmp_path, stage):
    """Killed at the end of any stage, the same command says that it goes on; the bytes agree."""
    path, whole = corpus
    result = tmp_path / "result"
    assert scan(path, "--save", result, killed_after=stage)[0] == -signal.SIGKILL
    assert json.loads((result / "audit.json").read_text("utf-8"))["state"] == "unfinished"
    code, said = scan(path, "--save", result)
    assert code == 0
    assert f"goes on after its stage {stage}" in said
    assert files(result) == whole
    assert not (result / "stages").exists()
    assert json.loads((result / "run.json").read_text("utf-8"))["resumed_after"] == stage


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot kill itself like this")
@pytest.mark.parametrize("change", ["documents", "settings", "damage", "no passages"])
def test_what_changed_is_done_afresh(corpus, tmp_path, change):
    """Other documents or settings start afresh and say so; a damaged stage is done again."""
    original, _ = corpus
    path, result, clean = tmp_path / "wire.jsonl", tmp_path / "result", tmp_path / "clean"
    path.write_bytes(original.read_bytes())
    assert scan(path, "--save", result, killed_after="lineage")[0] == -signal.SIGKILL
    options = []
    if change == "documents":
        lines = path.read_text("utf-8").splitlines()
        path.write_text("\n".join(lines[:-1]), "utf-8")
    elif change == "settings":
        options = ["--min-tokens", "20"]
    elif change == "no passages":
        options = ["--no-passages"]
    else:
        for stage in STAGES:
            kept = result / "stages" / f"{stage}.npz"
            data = bytearray(kept.read_bytes())
            data[len(data) // 2] ^= 0xFF
            kept.write_bytes(data)
    code, said = scan(path, "--save", result, *options)
    assert code == 0
    assert ("starting afresh" in said) == (change != "damage")
    assert scan(path, "--save", clean, *options)[0] == 0
    assert files(result) == files(clean)


def test_an_interrupted_replacement_leaves_the_old_result(corpus, tmp_path):
    """Until all of it is there, the new result leaves the one that is in the folder alone."""
    path, whole = corpus
    result = tmp_path / "result"
    assert scan(path, "--save", result)[0] == 0
    code, _ = scan(path, "--save", result, "--min-tokens", "20", killed_after="passages")
    assert code != 0
    assert files(result) == whole
    assert scan(path, "--save", result)[0] == 0
    assert files(result) == whole
