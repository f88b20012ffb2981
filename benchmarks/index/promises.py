r"""What the index promises, tried until it breaks or the time is up.

    python benchmarks/index/promises.py kills --kills 200
    python benchmarks/index/promises.py readers --seconds 300
    python benchmarks/index/promises.py quotations --pages 2000
    python benchmarks/index/promises.py unrelated --pages 100000

Each prints what it counted and ends with exit code 1 where a promise was broken. Texts are made up
and seeded.
"""

import argparse
import json
import multiprocessing
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from provenance.index.arrivals import Keyer
from provenance.index.filter import DuplicateFilter
from provenance.index.folder import open_index
from provenance.index.stream import LineFilter, lines_as_they_come
from provenance.index.upkeep import problems
from provenance.model import Document

WORDS = 50_000
TOGETHER = 256
LEAST = 20  # questions of each reader


def texts(seed: int, count: int, words: int) -> Iterator[list[str]]:
    """Yield texts of words drawn as often as words of a language are (Zipf)."""
    draw = np.random.default_rng(seed)
    chance = 1 / np.arange(1, WORDS + 1)
    edges = np.cumsum(chance / chance.sum())
    for _ in range(count):
        drawn = np.searchsorted(edges, draw.random(words))
        yield [f"w{number}" for number in drawn.tolist()]


def stream(seed: int, count: int) -> Iterator[str]:
    """Yield lines: new pages, and copies, excerpts and updates of those before."""
    draw = random.Random(seed)
    known: list[list[str]] = []
    for number, words in enumerate(texts(seed, count, 120)):
        name, body = f"d{number}", words
        kind = draw.random()
        if known and kind < 0.3:
            body = list(draw.choice(known))
            if kind < 0.1:
                body[draw.randrange(len(body))] = "changed"
            elif kind < 0.2:
                body = body[:60] + words[:70]
        else:
            known.append(words)
        if number > 50 and kind > 0.95:
            name = f"d{number - 50}"
        yield json.dumps({"id": name, "text": " ".join(body)}) + "\n"


def feed(folder: Path) -> None:
    """Filter standard input as the command does, with runs so small that many are merged."""
    store = open_index(folder, durable=False, flush=256, fan_out=3)
    with DuplicateFilter(store, compile_kernels=False) as index:

        def put(data: bytes) -> None:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

        lines = LineFilter(index, put, None, path="-")
        for group in lines_as_they_come(sys.stdin.buffer, 32):
            lines.take(group)


def kills(arguments: argparse.Namespace) -> bool:
    """Kill a writer at random moments; feed it again; the output is what it would have been."""
    folder = Path(tempfile.mkdtemp())
    source = folder / "stream.jsonl"
    source.write_text("".join(stream(arguments.seed, arguments.documents)), "utf-8")
    command = [sys.executable, __file__, "feed", "--folder"]

    def run(index: str, seconds: float | None) -> bytes:
        with (
            source.open("rb") as lines,
            (folder / "out").open("wb") as out,
            subprocess.Popen([*command, str(folder / index)], stdin=lines, stdout=out) as process,
        ):
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        return (folder / "out").read_bytes()

    start = time.perf_counter()
    expected = run("whole", None)
    longest = (time.perf_counter() - start) * 1.1
    draw = random.Random(arguments.seed)
    sound = True
    held = 0
    for kill in range(arguments.kills):
        if kill % arguments.fresh == 0:
            shutil.rmtree(folder / "killed", ignore_errors=True)
        written = run("killed", draw.uniform(0.2, longest))
        whole = written[: written.rfind(b"\n") + 1]
        sound &= expected.startswith(whole)
        if not (folder / "killed" / "index.sqlite").exists():
            continue
        store = open_index(folder / "killed", read_only=True)
        found = list(problems(store, Keyer(store.settings)))
        stored = {(s.id, s.text) for s in store.documents()}
        store.close()
        held = len(stored)
        records = map(json.loads, whole.splitlines())
        lost = sum((record["id"], record["text"]) not in stored for record in records)
        if found or lost:
            print(f"kill {kill}: {lost} lost, {found[:3]}")
            sound = False
    same = run("killed", None) == expected
    print(f"{arguments.kills} kills, {held} documents at the last; the same output: {same}")
    shutil.rmtree(folder)
    return sound and same


def read(folder: str, seed: int, count: object, until: float, results: object) -> None:
    """Ask for documents that are acknowledged, until it is time, and some in any case."""
    draw = random.Random(seed)
    asked = wrong = 0
    try:
        with DuplicateFilter(folder, read_only=True, compile_kernels=False) as index:
            while time.time() < until or asked < LEAST:
                known = count.value  # type: ignore[attr-defined]
                if not known:
                    time.sleep(0.01)
                    continue
                number = draw.randrange(known)
                (words,) = texts(number, 1, 60)
                verdict = index.check(Document("copy", " ".join(words)))
                asked += 1
                wrong += verdict.nearest != f"d{number}"
        results.put((asked, wrong, ""))  # type: ignore[attr-defined]
    except Exception as error:  # noqa: BLE001 - told by the other process
        results.put((asked, wrong, repr(error)))  # type: ignore[attr-defined]


def readers(arguments: argparse.Namespace) -> bool:
    """Let processes ask while one writes; every answer is right."""
    folder = Path(tempfile.mkdtemp())
    context = multiprocessing.get_context("spawn")
    count, results = context.Value("q", 0), context.Queue()
    until = time.time() + arguments.seconds
    with DuplicateFilter(
        open_index(folder / "i", durable=False, flush=256, fan_out=3), compile_kernels=False
    ) as index:
        crew = [
            context.Process(target=read, args=(str(folder / "i"), n, count, until, results))
            for n in range(arguments.readers)
        ]
        for process in crew:
            process.start()
        number = 0
        while any(process.is_alive() for process in crew):
            group = []
            for _ in range(8):
                (words,) = texts(number, 1, 60)
                group.append(Document(f"d{number}", " ".join(words)))
                number += 1
            index.check_and_add_many(group)
            count.value = number
    told = [results.get() for _ in crew]
    asked, wrong = sum(a for a, _, _ in told), sum(w for _, w, _ in told)
    errors = [error for _, _, error in told if error]
    print(f"{len(crew)} readers, {number} written, {asked} asked, {wrong} wrong, errors: {errors}")
    shutil.rmtree(folder)
    return not wrong and not errors


def filled(folder: Path, pages: list[list[str]]) -> DuplicateFilter:
    """Return an index of some pages."""
    index = DuplicateFilter(open_index(folder / "i", durable=False))
    for low in range(0, len(pages), TOGETHER):
        index.add_many(
            Document(f"d{low + i}", " ".join(words))
            for i, words in enumerate(pages[low : low + TOGETHER])
        )
    return index


def quotations(arguments: argparse.Namespace) -> bool:
    """Quote tokens of a known page in a new one, and look whether the source is named."""
    folder = Path(tempfile.mkdtemp())
    draw = random.Random(arguments.seed)
    pages = list(texts(arguments.seed, arguments.pages, 500))
    shares = []
    with filled(folder, pages) as index:
        for changed in range(3):
            found = 0
            for number, words in enumerate(texts(arguments.seed + 1, arguments.pages, 460)):
                at, to = draw.randrange(460), draw.randrange(460)
                quoted = pages[number][at : at + 40]
                for place in draw.sample(range(40), changed):
                    quoted[place] = f"changed{place}"
                body = [*words[:to], *quoted, *words[to:]]
                verdict = index.check(Document("new", " ".join(body)))
                found += any(d.source == f"d{number}" for d in verdict.derivations)
            shares.append(found / arguments.pages)
            print(f"quotations of 40 tokens, {changed} changed: {shares[-1]:.4f} found")
    shutil.rmtree(folder)
    return shares[0] >= 0.99


def unrelated(arguments: argparse.Namespace) -> bool:
    """Filter pages that have nothing to do with each other, and count those that are not new."""
    folder = Path(tempfile.mkdtemp())
    flagged = 0
    with filled(folder, []) as index:
        group: list[Document] = []
        for number, words in enumerate(texts(arguments.seed, arguments.pages, 300)):
            group.append(Document(f"d{number}", " ".join(words)))
            if len(group) == TOGETHER or number + 1 == arguments.pages:
                flagged += sum(v.reason != "new" for v in index.check_and_add_many(group))
                group = []
    print(f"{arguments.pages} unrelated pages: {flagged} flagged")
    shutil.rmtree(folder)
    return not flagged


def main() -> None:
    """Try the promise named on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("promise", choices=["kills", "readers", "quotations", "unrelated", "feed"])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--fresh", type=int, default=10, help="kills until a new index is begun")
    parser.add_argument("--documents", type=int, default=1500)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--pages", type=int, default=1000)
    arguments = parser.parse_args()
    if arguments.promise == "feed":
        feed(arguments.folder)
        return
    promise = {"kills": kills, "readers": readers, "quotations": quotations}
    kept = promise.get(arguments.promise, unrelated)(arguments)
    print("kept" if kept else "BROKEN")
    raise SystemExit(not kept)


if __name__ == "__main__":
    main()
