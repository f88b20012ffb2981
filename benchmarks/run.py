"""Measure `provenance` beside a peer on generated corpora, in turn, whole processes.

    .venv/bin/python benchmarks/run.py --base prose.txt --docs 1000 10000

Makes the corpora, their exact pairs and the peer's own environment (all under `--work`, kept for
the next time), then runs every tool in turn for `--rounds` rounds after one that is not counted
(machine code is compiled once and cached). CPU seconds are of the process and all it started, so
a second core buys nothing; memory is the peak of the largest process. Prints a table to paste
into the README beside this file. Without `--base` the bundled stories are the base: good for
comparing two versions on one machine, not for figures to quote.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tabulate import tabulate

HERE = Path(__file__).parent
ROOT = HERE.parent
THRESHOLD = 0.7
Pairs = set[tuple[int, int]]


class Cost(NamedTuple):
    """What one run took."""

    cpu: float
    wall: float
    megabytes: float


class Tool(NamedTuple):
    """A command to measure, and how to read the pairs it wrote."""

    name: str
    command: list[str]
    result: Path
    pairs: Callable[[Path, dict[str, int]], Pairs]


def script(name: str, *arguments: object) -> None:
    """Run a script of this folder with this Python."""
    subprocess.run([sys.executable, HERE / name, *map(str, arguments)], check=True)


def measure(tool: Tool, log: Path) -> Cost:
    """Run a tool to its end; stop with its own words if it fails."""
    if tool.result.is_dir():
        shutil.rmtree(tool.result)
    began = time.perf_counter()
    with log.open("wb") as errors:
        process = subprocess.Popen(
            tool.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd=ROOT,  # where `-m provenance` finds the clone, installed or not
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode:
        sys.exit(f"{' '.join(tool.command)}\nfailed:\n{log.read_text('utf-8', 'replace')}")
    per_megabyte = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / per_megabyte)


def peer_python(work: Path) -> Path:
    """Return the Python of the peer's own environment, made when it is missing or out of date."""
    folder, asked = work / "peer", (HERE / "peers.txt").read_text("utf-8")
    python, stamp = folder / "bin" / "python", folder / "peers.txt"
    if not stamp.exists() or stamp.read_text("utf-8") != asked:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "peers.txt"], check=True)
        stamp.write_text(asked, "utf-8")
    return python


def saved_pairs(folder: Path, lines: dict[str, int]) -> Pairs:
    """Read the pairs of a result folder at the threshold; containment alone does not count."""
    with (folder / "pairs.jsonl").open(encoding="utf-8") as rows:
        pairs = [json.loads(row) for row in rows]
    numbers = [(lines[p["a"]], lines[p["b"]]) for p in pairs if p["jaccard"] >= THRESHOLD]
    return {(min(pair), max(pair)) for pair in numbers}


def peer_pairs(path: Path, _: dict[str, int]) -> Pairs:
    """Read the line numbers that the peer wrote."""
    numbers = [tuple(map(int, line.split())) for line in path.read_text("utf-8").splitlines()]
    return {(min(pair), max(pair)) for pair in numbers}


def tools(corpus: Path, work: Path, *, pairs_only: bool) -> list[Tool]:
    """Return what is measured, the peer last."""
    scan = [sys.executable, "-m", "provenance", "scan", str(corpus)]
    audit, pairs, found = work / "audit", work / "pairs", work / "found.txt"
    limit = ["--threshold", str(THRESHOLD)]
    peer = [str(peer_python(work)), str(HERE / "peer_datasketch.py"), str(corpus), str(found)]
    whole = Tool("provenance scan", [*scan, *limit, "--save", str(audit)], audit, saved_pairs)
    return [
        *([] if pairs_only else [whole]),
        Tool(
            "provenance scan --no-passages",
            [*scan, *limit, "--no-passages", "--save", str(pairs)],
            pairs,
            saved_pairs,
        ),
        Tool("datasketch", [*peer, *limit], found, peer_pairs),
    ]


def accuracy(found: Pairs, truth: dict[str, np.ndarray]) -> list[float]:
    """Return recall at a Jaccard of 0.7 and of 0.8, and precision at 0.7."""
    likeness = dict(
        zip(
            zip(truth["i"].tolist(), truth["j"].tolist(), strict=True),
            truth["jaccard"].tolist(),
            strict=True,
        )
    )

    def recall(least: float) -> float:
        true = [pair for pair, jaccard in likeness.items() if jaccard >= least]
        return sum(pair in found for pair in true) / max(1, len(true))

    right = sum(likeness.get(pair, 0) >= THRESHOLD for pair in found)
    return [recall(THRESHOLD), recall(0.8), right / max(1, len(found))]


def prepare(documents: int, base: list[Path], jump: float, work: Path) -> tuple[Path, Path]:
    """Make a corpus and its exact pairs, unless they are there from the same base."""
    stamp = f"{documents} {jump} {[(str(path), path.stat().st_size) for path in base]}"
    folder = work / str(documents)
    corpus, pairs, made = folder / "news.jsonl", folder / "pairs.npz", folder / "made-of"
    if not made.exists() or made.read_text("utf-8") != stamp:
        folder.mkdir(parents=True, exist_ok=True)
        options = ["--docs", documents, "--jump", jump, "--out", corpus]
        script("make_corpus.py", "--base", *base, *options, "--truth", folder / "truth.jsonl")
        script("exact_pairs.py", corpus, pairs)
        made.write_text(stamp, "utf-8")
    return corpus, pairs


def machine() -> str:
    """Describe the machine, the day and the versions."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text("utf-8").splitlines() if "model name" in line]
        processor = names[0].partition(": ")[2] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    script_of_version = "import provenance; print(provenance.__version__)"
    own = subprocess.run(
        [sys.executable, "-c", script_of_version], cwd=ROOT, capture_output=True, check=True
    )
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores of {processor}, {memory:.0f} GB, "
        f"load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
        f"provenance {own.stdout.decode().strip()}, "
        + ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba"))
        + ", peer: "
        + ", ".join(
            line.replace("==", " ")
            for line in (HERE / "peers.txt").read_text("utf-8").splitlines()
            if not line.startswith("#")
        )
    )


def compare(documents: int, corpus: Path, pairs: Path, arguments: argparse.Namespace) -> list[list]:
    """Run every tool in turn; return a row of the table for each."""
    with corpus.open(encoding="utf-8") as rows:
        lines = {json.loads(row)["id"]: number for number, row in enumerate(rows)}
    truth = dict(np.load(pairs))
    rivals = tools(corpus, arguments.work, pairs_only=arguments.pairs_only)
    costs: dict[str, list[Cost]] = {tool.name: [] for tool in rivals}
    for counted in range(-1, arguments.rounds):
        for tool in rivals:
            cost = measure(tool, arguments.work / "log.txt")
            print(f"{documents:>8}  {tool.name:<32}{cost.cpu:8.2f} s CPU", file=sys.stderr)
            if counted >= 0:
                costs[tool.name].append(cost)
    table = []
    for tool in rivals:
        mine, peers = costs[tool.name], costs[rivals[-1].name]
        found = tool.pairs(tool.result, lines)
        ratio = statistics.median(a.cpu / b.cpu for a, b in zip(mine, peers, strict=True))
        middle = [statistics.median(values) for values in zip(*mine, strict=True)]
        table.append([documents, tool.name, *middle, ratio, len(found), *accuracy(found, truth)])
    return table


def main() -> None:
    """Prepare, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--base", nargs="+", type=Path, default=[], help="plain English prose")
    parser.add_argument("--docs", nargs="+", type=int, default=[1000, 10000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pairs-only", action="store_true", help="leave out the whole audit")
    parser.add_argument("--work", type=Path, default=ROOT / ".benchmarks")
    arguments = parser.parse_args()
    arguments.work = arguments.work.resolve()
    arguments.work.mkdir(parents=True, exist_ok=True)
    base, jump = arguments.base, 0.0
    if not base:
        base, jump = [arguments.work / "seeds.txt"], 0.5
        script("base_text.py", ROOT / "seeds", "--out", base[0])
    table = []
    for documents in arguments.docs:
        corpus, pairs = prepare(documents, base, jump, arguments.work)
        table += compare(documents, corpus, pairs, arguments)
    headers = ["documents", "tool", "CPU s", "wall s", "MB", "CPU / peer", "pairs"]
    headers += ["recall at 0.7", "at 0.8", "precision at 0.7"]
    formats = ("", "", ".2f", ".2f", ".0f", ".2f", "", ".4f", ".4f", ".4f")
    kind = "own prose" if arguments.base else "bundled stories as base"
    print(f"{machine()}; {kind}; median of {arguments.rounds} rounds\n")
    print(tabulate(table, headers, tablefmt="github", floatfmt=formats))


if __name__ == "__main__":
    main()
