"""The commands that are measured, `provenance` and its peers, and how to read what they found.

A peer is a script `peers/use_NAME.py` with its packages in `peers/NAME.txt`, installed in an
environment of its own.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
THRESHOLD = 0.7
Pairs = set[tuple[int, int]]

# The documents up to which a peer is worth waiting for.
PAIR_PEERS = {
    "datasketch": 10**9,
    "rensa": 10**9,
    "gaoya": 10**9,
    "fastsketchlsh": 10**9,
    "text_dedup": 10_000,
    "datatrove": 1_000,
}
PASSAGE_PEERS = {"copydetect": 1_000}


class Tool(NamedTuple):
    """A command to measure, and how to read the pairs of line numbers that it wrote.

    `own_words` tells whether its words are the package's tokens, or runs of word characters.
    """

    name: str
    command: list[str]
    result: Path
    pairs: Callable[[Path, dict[str, int]], Pairs]
    own_words: bool


class NotInstalledError(Exception):
    """A peer cannot be installed here; the message says why."""


def own(name: str, corpus: Path, work: Path, *options: str, table: str = "pairs") -> Tool:
    """Return a scan with options whose pairs are read from a table of the saved result."""
    result = work / name.replace(" ", "_")
    command = [sys.executable, "-m", "provenance", "scan", str(corpus), *options]
    command += ["--threshold", str(THRESHOLD), "--save", str(result)]
    read = saved_pairs if table == "pairs" else saved_matches
    return Tool(name, command, result, read, own_words=True)


def peer(name: str, corpus: Path, work: Path) -> Tool:
    """Return a peer; raise `NotInstalledError` where it does not install."""
    python, result = environment(name, work), work / f"{name}.txt"
    command = [str(python), str(HERE / "peers" / f"use_{name}.py"), str(corpus), str(result)]
    command += ["--work", str(work / f"{name}-work"), "--threshold", str(THRESHOLD)]
    return Tool(versions(name)[0], command, result, peer_pairs, own_words=False)


def versions(name: str) -> list[str]:
    """Return the packages of a peer as `name version`, its own first."""
    lines = (HERE / "peers" / f"{name}.txt").read_text("utf-8").splitlines()
    found = [re.sub(r"(\[.*])?==", " ", line) for line in lines]
    key = name.replace("_", "-")
    return sorted(found, key=lambda line: not line.lower().startswith(key))


def environment(name: str, work: Path) -> Path:
    """Return the Python of a peer's environment, made where it is missing or out of date."""
    folder, asked = work / "peers" / name, HERE / "peers" / f"{name}.txt"
    python, stamp = folder / "bin" / "python", folder / "requirements.txt"
    if not stamp.exists() or stamp.read_text("utf-8") != asked.read_text("utf-8"):
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = [python, "-m", "pip", "install", "-q", "-r", asked]
        done = subprocess.run(install, check=False, capture_output=True, encoding="utf-8")
        if done.returncode:
            raise NotInstalledError((done.stderr.strip().splitlines() or ["pip failed"])[-1])
        stamp.write_text(asked.read_text("utf-8"), "utf-8")
    return python


def saved_pairs(folder: Path, lines: dict[str, int]) -> Pairs:
    """Read the pairs of a result folder at the threshold; containment alone does not count."""
    with (folder / "pairs.jsonl").open(encoding="utf-8") as rows:
        found = [json.loads(row) for row in rows]
    return {_pair(lines[p["a"]], lines[p["b"]]) for p in found if p["jaccard"] >= THRESHOLD}


def saved_matches(folder: Path, lines: dict[str, int]) -> Pairs:
    """Read the pairs of documents that a result folder has matches of."""
    with (folder / "matches.jsonl").open(encoding="utf-8") as rows:
        found = [json.loads(row) for row in rows]
    return {_pair(lines[match["a"]], lines[match["b"]]) for match in found}


def peer_pairs(path: Path, _: dict[str, int]) -> Pairs:
    """Read the line numbers that a peer wrote."""
    rows = path.read_text("utf-8").splitlines()
    return {_pair(*map(int, row.split())) for row in rows}


def _pair(i: int, j: int) -> tuple[int, int]:
    return min(i, j), max(i, j)
