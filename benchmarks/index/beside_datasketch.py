r"""The index beside datasketch's MinHashLSH in memory, in turn, by seconds of CPU.

    python benchmarks/index/beside_datasketch.py news.jsonl --docs 20000 --rounds 3

Each tool reads the lines, parses them, and for each document asks what it is a copy of and adds
it. datasketch is at its fastest (xxh32, `affine32`, `update_batch`, its own bands for 0.7) and
keeps signatures in memory; it verifies and stores nothing. The index verifies on the texts, stores
them, and makes everything last. Prints the median of the ratios, round by round.
"""

import argparse
import gc
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

TOOLS = ("datasketch", "passages", "near-duplicates")


def with_datasketch(lines: list[bytes]) -> None:
    """Ask and fill an index of datasketch."""
    import json

    import xxhash
    from datasketch import MinHash, MinHashLSH

    empty = MinHash(num_perm=128, scheme="affine32", hashfunc=xxhash.xxh32_intdigest)
    index = MinHashLSH(threshold=0.7, num_perm=128)
    for number, line in enumerate(lines):
        words = re.findall(r"\w+", json.loads(line)["text"].lower())
        runs = zip(*(words[start:] for start in range(5)), strict=False)
        shingles = [run.encode() for run in {" ".join(run) for run in runs}]
        signature = empty.copy()
        signature.update_batch(shingles or [" ".join(words).encode()])
        index.query(signature)
        index.insert(number, signature, check_duplication=False)


def with_index(lines: list[bytes], *, passages: bool) -> None:
    """Ask and fill an index of ours."""
    from throughput import documents

    from provenance.index.filter import DuplicateFilter
    from provenance.index.folder import open_index
    from provenance.index.settings import IndexSettings

    folder = tempfile.mkdtemp(dir=".")
    store = open_index(Path(folder) / "index", IndexSettings(passages=passages))
    with DuplicateFilter(store) as index:
        gc.freeze()
        for low in range(0, len(lines), 256):
            index.check_and_add_many(documents(lines[low : low + 256]))
    shutil.rmtree(folder)


def main() -> None:
    """Measure the tools in turn."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--docs", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tool", choices=TOOLS)
    arguments = parser.parse_args()
    if arguments.tool:
        with arguments.corpus.open("rb") as stream:
            lines = [line for line, _ in zip(stream, range(arguments.docs), strict=False)]
        gc.set_threshold(100_000, 50, 100)  # for both, as the command does
        if arguments.tool == "datasketch":
            with_datasketch(lines)
        else:
            with_index(lines, passages=arguments.tool == "passages")
        return
    spent: dict[str, list[float]] = {tool: [] for tool in TOOLS}
    for _ in range(arguments.rounds):
        for tool in TOOLS:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, __file__, str(arguments.corpus), "--tool", tool]
            subprocess.run([*command, "--docs", str(arguments.docs)], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent[tool].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    for tool in TOOLS:
        ratios = [d / s for d, s in zip(spent["datasketch"], spent[tool], strict=True)]
        rate = arguments.docs / median(spent[tool])
        print(f"{tool:16} {rate:8,.0f} documents/s of CPU, {median(ratios):.2f} times datasketch")


if __name__ == "__main__":
    main()
