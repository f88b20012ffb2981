"""Measure `provenance` beside its peers on generated corpora, in turn, whole processes.

    .venv/bin/python benchmarks/run.py --base prose.txt --docs 1000 10000

Makes the corpora, their exact pairs and an environment for each peer (all under `--work`, kept
for the next time), then runs every tool in turn for `--rounds` rounds after one that is not
counted (machine code is compiled once and cached). Prints a table a question, to paste into the
README beside this file. Without `--base` the bundled stories are the base: good for comparing two
versions on one machine, not for figures to quote.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from measure import Cost, FailedError, machine, measure
from tabulate import tabulate
from tools import (
    HERE,
    PAIR_PEERS,
    PASSAGE_PEERS,
    THRESHOLD,
    NotInstalledError,
    Pairs,
    Tool,
    own,
    peer,
    versions,
)

ROOT = HERE.parent
PAIRS_ONLY = "scan --no-passages"


class Corpus(NamedTuple):
    """A corpus, its exact pairs by the package's tokens and by plain words, its derivations."""

    documents: int
    path: Path
    own_pairs: Path
    word_pairs: Path
    truth: Path

    def lines(self) -> dict[str, int]:
        """Return the line number of each id."""
        with self.path.open(encoding="utf-8") as rows:
            return {json.loads(row)["id"]: number for number, row in enumerate(rows)}


def script(name: str, *arguments: object) -> None:
    """Run a script of this folder with this Python."""
    subprocess.run([sys.executable, HERE / name, *map(str, arguments)], check=True)


def prepare(documents: int, base: list[Path], jump: float, work: Path) -> Corpus:
    """Make a corpus and its exact pairs, unless they are there from the same base."""
    stamp = f"{documents} {jump} {[(path.name, path.stat().st_size) for path in base]}"
    folder = work / str(documents)
    names = ("news.jsonl", "pairs.npz", "word_pairs.npz", "truth.jsonl")
    corpus, made = Corpus(documents, *(folder / name for name in names)), folder / "made-of"
    if not made.exists() or made.read_text("utf-8") != stamp:
        folder.mkdir(parents=True, exist_ok=True)
        options = ["--docs", documents, "--jump", jump, "--out", corpus.path]
        script("make_corpus.py", "--base", *base, *options, "--truth", corpus.truth)
        script("exact_pairs.py", corpus.path, corpus.own_pairs)
        script("exact_pairs.py", corpus.path, corpus.word_pairs, "--words", "plain")
        made.write_text(stamp, "utf-8")
    return corpus


def run_in_turn(tools: list[Tool], label: str, arguments: argparse.Namespace) -> list[list[Cost]]:
    """Return what each tool cost in each round; a tool that fails is left out from then on."""
    costs: list[list[Cost]] = [[] for _ in tools]
    failed = set()
    for counted in range(-1, arguments.rounds):
        for number, tool in enumerate(tools):
            if number in failed:
                continue
            if tool.result.is_dir():
                shutil.rmtree(tool.result)
            try:
                # where `-m provenance` finds the clone, installed or not
                cost = measure(tool.command, arguments.work / "log.txt", ROOT)
            except FailedError as error:
                print(f"{label}  {tool.name} failed: {error}", file=sys.stderr)
                failed.add(number)
                costs[number] = []
                continue
            print(f"{label}  {tool.name:<24}{cost.cpu:8.2f} s CPU", file=sys.stderr)
            if counted >= 0:
                costs[number].append(cost)
    return costs


def with_peers(
    mine: list[Tool], peers: dict[str, int], corpus: Corpus, arguments: argparse.Namespace
) -> list[Tool]:
    """Return the tools for a corpus: own ones, and the peers that are asked for and install."""
    tools = list(mine)
    for name, most in peers.items():
        if corpus.documents > most or (arguments.peers and name not in arguments.peers):
            continue
        try:
            tools.append(peer(name, corpus.path, arguments.work))
        except NotInstalledError as error:
            print(f"{name} does not install: {error}", file=sys.stderr)
    return tools


def figures(costs: list[Cost], own_costs: list[Cost]) -> list[float | None]:
    """Return the medians of a tool's costs, and of its CPU over ours, round by round."""
    if not costs or len(costs) != len(own_costs):
        return [None] * 4
    ratio = statistics.median(a.cpu / b.cpu for a, b in zip(costs, own_costs, strict=True))
    return [*(statistics.median(values) for values in zip(*costs, strict=True)), ratio]


def likeness(path: Path) -> dict[tuple[int, int], float]:
    """Read exact pairs."""
    truth = np.load(path)
    pairs = zip(truth["i"].tolist(), truth["j"].tolist(), strict=True)
    return dict(zip(pairs, truth["jaccard"].tolist(), strict=True))


def accuracy(found: Pairs, exact: dict[tuple[int, int], float]) -> list[float]:
    """Return recall at a Jaccard of 0.7 and of 0.8, and precision at 0.7."""

    def recall(least: float) -> float:
        true = [pair for pair, jaccard in exact.items() if jaccard >= least]
        return sum(pair in found for pair in true) / max(1, len(true))

    right = sum(exact.get(pair, 0) >= THRESHOLD for pair in found)
    return [recall(THRESHOLD), recall(0.8), right / max(1, len(found))]


def compare_pairs(corpus: Corpus, arguments: argparse.Namespace) -> list[list]:
    """Return a row for each tool: near-duplicate pairs."""
    mine = [own(PAIRS_ONLY, corpus.path, arguments.work, "--no-passages")]
    if not arguments.pairs_only:
        mine.append(own("scan", corpus.path, arguments.work))
    tools = with_peers(mine, PAIR_PEERS, corpus, arguments)
    costs = run_in_turn(tools, f"{corpus.documents:>8} pairs", arguments)
    lines = corpus.lines()
    exact = {True: likeness(corpus.own_pairs), False: likeness(corpus.word_pairs)}
    rows = []
    for tool, cost in zip(tools, costs, strict=True):
        found = tool.pairs(tool.result, lines) if cost else set()
        scores = accuracy(found, exact[tool.own_words]) if cost else [None] * 3
        medians = figures(cost, costs[0])
        rows.append([corpus.documents, tool.name, *medians, len(found), *scores])
    return rows


def derived_pairs(corpus: Corpus, lines: dict[str, int]) -> Pairs:
    """Return the documents that were made from another one, with that one."""
    with corpus.truth.open(encoding="utf-8") as rows:
        facts = [json.loads(row) for row in rows]
    pairs = [(lines[fact["id"]], lines[fact["parent"]]) for fact in facts if fact["parent"]]
    return {(min(pair), max(pair)) for pair in pairs}


def compare_passages(corpus: Corpus, arguments: argparse.Namespace) -> list[list]:
    """Return a row for each tool: pairs of documents that share passages."""
    mine = [own("scan", corpus.path, arguments.work, table="matches")]
    tools = with_peers(mine, PASSAGE_PEERS, corpus, arguments)
    costs = run_in_turn(tools, f"{corpus.documents:>8} passages", arguments)
    lines = corpus.lines()
    true = derived_pairs(corpus, lines)
    rows = []
    for tool, cost in zip(tools, costs, strict=True):
        found = tool.pairs(tool.result, lines) if cost else set()
        recall = len(true & found) / max(1, len(true))
        rows.append([corpus.documents, tool.name, *figures(cost, costs[0]), len(found), recall])
    return rows


def main() -> None:
    """Prepare, measure, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--base", nargs="+", type=Path, default=[], help="plain English prose")
    parser.add_argument("--docs", nargs="+", type=int, default=[1000, 10000])
    parser.add_argument("--passages", nargs="*", type=int, default=[1000], help="documents")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pairs-only", action="store_true", help="leave out the whole audit")
    known = [*PAIR_PEERS, *PASSAGE_PEERS]
    parser.add_argument("--peers", nargs="*", choices=known, help="only these; all by default")
    parser.add_argument("--work", type=Path, default=ROOT / ".benchmarks")
    arguments = parser.parse_args()
    arguments.work = arguments.work.resolve()
    arguments.work.mkdir(parents=True, exist_ok=True)
    base, jump = arguments.base, 0.0
    if not base:
        base, jump = [arguments.work / "seeds.txt"], 0.5
        script("base_text.py", ROOT / "seeds", "--out", base[0])
    sizes = dict.fromkeys([*arguments.docs, *arguments.passages])
    corpora = {count: prepare(count, base, jump, arguments.work) for count in sizes}
    pairs = [row for n in arguments.docs for row in compare_pairs(corpora[n], arguments)]
    passages = [row for n in arguments.passages for row in compare_passages(corpora[n], arguments)]
    costs = ["documents", "tool", "CPU s", "wall s", "MB", "x ours"]
    formats = ("", "", ".2f", ".2f", ".0f", ".2f", "", ".4f", ".4f", ".4f")
    own_version = [f"{name} {version(name)}" for name in ("numpy", "numba")]
    others = sorted({line for name in known for line in versions(name)[1:]})
    kind = "own prose" if arguments.base else "bundled stories as base"
    print(f"{machine()}, {', '.join(own_version)}; peers with {', '.join(others)}; ", end="")
    print(f"{kind}; median of {arguments.rounds} rounds\n")
    headers = [*costs, "pairs", "recall at 0.7", "at 0.8", "precision at 0.7"]
    print(tabulate(pairs, headers, tablefmt="github", floatfmt=formats, missingval="-"))
    if passages:
        print()
        headers = [*costs, "pairs of documents", "of the derived"]
        print(tabulate(passages, headers, tablefmt="github", floatfmt=formats, missingval="-"))


if __name__ == "__main__":
    main()
