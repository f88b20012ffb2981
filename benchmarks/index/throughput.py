r"""How many documents a second an index takes: `check_and_add`, then `check`, of one process.

    python benchmarks/index/throughput.py news.jsonl --docs 100000 --checks 5000

Reads the corpus as the pipe does (lines, 256 at a time) and prints, for each 10,000 documents,
documents by second of CPU and of the clock, the longest stall of a group, and at the end the
latency of single checks, and the size on disk before and after compaction. The documents that are
checked are those behind the ones that were added: the index has not seen them.
"""

import argparse
import gc
import shutil
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path

from provenance.index.filter import DuplicateFilter
from provenance.index.folder import open_index
from provenance.index.settings import IndexSettings
from provenance.model import Document
from provenance.readers.items import Unnamed
from provenance.readers.json_records import read_line


def documents(lines: list[bytes]) -> list[Document]:
    """Return the documents of lines."""
    found = []
    for number, line in enumerate(lines):
        item = read_line(line, "utf-8", f"-#{number}", "-")
        item = item.document if isinstance(item, Unnamed) else item
        if isinstance(item, Document):
            found.append(item)
    return found


def size(folder: Path) -> int:
    """Return the bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.iterdir())


def main() -> None:  # noqa: PLR0915 - one measurement after the other
    """Measure the corpus named on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--docs", type=int, default=1 << 40)
    parser.add_argument("--checks", type=int, default=2000)
    parser.add_argument("--group", type=int, default=256)
    parser.add_argument("--step", type=int, default=10_000)
    parser.add_argument("--no-passages", action="store_true")
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir="."))
    store = open_index(folder / "index", IndexSettings(passages=not arguments.no_passages))
    index = DuplicateFilter(store, compile_kernels=True)
    reasons: Counter[str] = Counter()
    done = 0
    stall = 0.0
    index.check_many([Document("warm", "up " * 50)])
    gc.set_threshold(100_000, 50, 100)  # as the command does
    gc.freeze()
    if arguments.profile:
        import cProfile

        profile = cProfile.Profile()
        profile.enable()
    begun = begun_cpu = 0.0
    try:
        with arguments.corpus.open("rb") as stream:
            while lines := list(islice(stream, min(arguments.group, arguments.docs - done))):
                if not begun:
                    begun, begun_cpu = time.perf_counter(), time.process_time()
                start = time.perf_counter()
                verdicts = index.check_and_add_many(documents(lines))
                stall = max(stall, time.perf_counter() - start)
                reasons.update(v.reason.value for v in verdicts)
                before, done = done, done + len(lines)
                if done // arguments.step > before // arguments.step:
                    cpu = time.process_time() - begun_cpu
                    wall = time.perf_counter() - begun
                    print(
                        f"{done:9,} {(done % arguments.step + arguments.step) / cpu:8,.0f}/s CPU "
                        f"{arguments.step / wall:8,.0f}/s wall  stall {stall:.2f} s",
                        flush=True,
                    )
                    begun = 0.0
                    stall = 0.0
            held_out = list(islice(stream, arguments.checks))
        print(dict(reasons))
        if arguments.profile:
            import pstats

            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(45)
        start_cpu = time.process_time()
        for low in range(0, len(held_out), arguments.group):
            index.check_many(documents(held_out[low : low + arguments.group]))
        together = time.process_time() - start_cpu
        taken: dict[str, list[float]] = {}
        for document in documents(held_out):
            start, start_cpu = time.perf_counter(), time.thread_time()
            verdict = index.check(document)
            wall, cpu = time.perf_counter() - start, time.thread_time() - start_cpu
            shares = "that shares text" if verdict.derivations else "that shares none"
            for what in ("", f" {shares}"):
                taken.setdefault(f"of a page{what}, wall", []).append(1000 * wall)
                taken.setdefault(f"of a page{what}, thread CPU", []).append(1000 * cpu)
        for name, values in sorted(taken.items()):
            values.sort()
            middle, high = values[len(values) // 2], values[len(values) * 99 // 100]
            print(
                f"one check {name}: p50 {middle:.3f} ms, p99 {high:.3f} ms, max {values[-1]:.1f}, "
                f"of {len(values):,}"
            )
        print(f"checks together: {len(held_out) / together:,.0f}/s CPU")
        before = size(folder / "index") / max(done, 1)
        store.compact()
        print(
            f"{before:,.0f} bytes a document, {size(folder / 'index') / max(done, 1):,.0f} compact"
        )
    finally:
        index.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
