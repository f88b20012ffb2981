r"""An index on a Redis server against datasketch's, in one run on one server.

    python benchmarks/index/redis_fleet.py --docs 4000

Starts a `redis-server` of its own. Both take the same seeded texts, of which a tenth are copies
with a few words changed, in turns of a few hundred: each document is looked up and added, sketch
included. datasketch does so one by one; ours one by one, and as the pipe does, 256 at a time. Its
bands are those that it chooses for the threshold, ours find 99.9 % at it; only ours compares texts,
keeps them, and adds what it looked up in one step. Prints documents by second of the clock and of
the CPU of client and server, how many times less of both together than datasketch, and how many of
the copies were told as such.
"""

import argparse
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import redis
import xxhash
from datasketch import MinHash, MinHashLSH

from provenance.index.filter import DuplicateFilter
from provenance.index.redis.store import open_redis
from provenance.index.settings import IndexSettings
from provenance.model import Document

THRESHOLD = 0.7
TOKENS = 440
SHINGLE = 5


def made(count: int, seed: int, share: float = 0.1) -> list[tuple[Document, bool]]:
    """Return documents, and of each whether it is a copy of an earlier one."""
    draw = random.Random(seed)
    vocabulary = [f"{draw.getrandbits(30):x}" for _ in range(20_000)]
    found: list[tuple[Document, bool]] = []
    originals: list[list[str]] = []
    for number in range(count):
        copy = bool(originals) and draw.random() < share
        if copy:
            words = list(draw.choice(originals))
            for _ in range(6):
                words[draw.randrange(TOKENS)] = draw.choice(vocabulary)
        else:
            words = draw.choices(vocabulary, k=TOKENS)
            originals.append(words)
        found.append((Document(f"{seed}-{number}", " ".join(words)), copy))
    return found


@dataclass(slots=True)
class Taken:
    """What a contestant has taken so far."""

    documents: int = 0
    copies: int = 0
    clock: float = 0.0
    client: float = 0.0
    server: float = 0.0
    told: list[bool] = field(default_factory=list)


class Datasketch:
    """datasketch's MinHashLSH with its storage on Redis."""

    def __init__(self, port: int) -> None:
        storage = {"type": "redis", "basename": b"peer", "redis": {"host": "127.0.0.1"}}
        storage["redis"]["port"] = port
        self._lsh = MinHashLSH(threshold=THRESHOLD, num_perm=128, storage_config=storage)
        self.bands = f"{self._lsh.b} bands of {self._lsh.r}"

    def take(self, documents: Sequence[Document]) -> list[bool]:
        """Return of each document whether an earlier one is a candidate."""
        told = []
        for document in documents:
            words = document.text.split()
            shingles = {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
            sketch = MinHash(num_perm=128, hashfunc=xxhash.xxh32_intdigest)
            sketch.update_batch([shingle.encode() for shingle in shingles])
            told.append(bool(self._lsh.query(sketch)))
            self._lsh.insert(document.id, sketch)
        return told


class Ours:
    """The filter on Redis, so many documents at a time."""

    def __init__(self, port: int, group: int, *, passages: bool) -> None:
        name = f"ours{group}{passages}"
        store = open_redis(
            f"redis://127.0.0.1:{port}/0?prefix={name}&limit=1000000",
            IndexSettings(passages=passages),
        )
        self._filter = DuplicateFilter(store, compile_kernels=True)
        self._group = group
        bands = store.settings.banding
        self.bands = f"{bands.bands} bands of {bands.rows}"

    def take(self, documents: Sequence[Document]) -> list[bool]:
        """Return of each document whether it is a copy."""
        told = []
        for low in range(0, len(documents), self._group):
            verdicts = self._filter.check_and_add_many(documents[low : low + self._group])
            told += [verdict.is_copy for verdict in verdicts]
        return told


def measured(
    take: Callable[[Sequence[Document]], list[bool]],
    documents: Sequence[tuple[Document, bool]],
    client: redis.Redis,
    sums: Taken,
) -> None:
    """Have a contestant take documents and add what that took."""
    server = _server_seconds(client)
    clock, cpu = time.perf_counter(), time.process_time()
    told = take([document for document, _ in documents])
    sums.clock += time.perf_counter() - clock
    sums.client += time.process_time() - cpu
    sums.server += _server_seconds(client) - server
    sums.documents += len(documents)
    sums.copies += sum(copy for _, copy in documents)
    sums.told += [t for t, (_, copy) in zip(told, documents, strict=True) if copy]


def _server_seconds(client: redis.Redis) -> float:
    known = client.info("cpu")
    return float(known["used_cpu_user"]) + float(known["used_cpu_sys"])


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--docs", type=int, default=4000)
    parser.add_argument("--turn", type=int, default=256)
    parser.add_argument("--warm", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("redis-server is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp()
    options = ["--port", port, "--save", "", "--appendonly", "yes", "--dir", Path(folder)]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    server = subprocess.Popen([program, *map(str, options)], **quiet)
    client = redis.Redis(port=port)
    try:
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)
        contestants = {
            "datasketch": Datasketch(port),
            "provenance, one by one": Ours(port, 1, passages=False),
            "provenance, 256 at a time": Ours(port, 256, passages=False),
            "the same with passages": Ours(port, 256, passages=True),
        }
        for contestant in contestants.values():
            # enough copies that what is compiled is compiled before it counts
            warm = made(arguments.warm, arguments.seed + 1, 0.6)
            contestant.take([document for document, _ in warm])
        sums = {name: Taken() for name in contestants}
        documents = made(arguments.docs, arguments.seed)
        for low in range(0, len(documents), arguments.turn):
            for name, contestant in contestants.items():
                part = documents[low : low + arguments.turn]
                measured(contestant.take, part, client, sums[name])
        base = sums["datasketch"]
        print(f"{arguments.docs:,} documents of {TOKENS} tokens, {base.copies:,} copies")
        for name, taken in sums.items():
            ratio = (base.client + base.server) / (taken.client + taken.server)
            print(
                f"{name:26} {taken.documents / taken.clock:7,.0f}/s of the clock  "
                f"CPU/s: client {taken.documents / taken.client:7,.0f}, "
                f"server {taken.documents / max(taken.server, 1e-9):7,.0f}, "
                f"both {ratio:.1f}x  "
                f"copies told {sum(taken.told)}/{taken.copies}  {contestants[name].bands}"
            )
    finally:
        client.close()
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
