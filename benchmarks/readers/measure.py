"""How fast files become documents, and in how much memory: `python benchmarks/readers/measure.py`.

Makes a corpus of articles in several formats, reads each in a process of its own, and prints a
table: megabytes of text a second of processor time, documents a second, and the memory that
reading took over that of a tenth of the file. Of gzip also the speed of decompressing alone, here
and by the class of the standard library.
"""

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from provenance.readers.compression import open_decompressed

FORMATS = "jsonl,jsonl.gz,jsonl.zst,csv,parquet,feather,wet,wet.gz"
WORDS = [f"{a}{b}{c}" for a in "bdfglmnprst" for b in "aeiou" for c in ("n", "r", "st", "lling")]


def articles(megabytes: float, seed: int) -> Iterator[dict[str, str]]:
    """Yield made-up articles of about 3,000 characters."""
    draw = random.Random(seed)
    left = megabytes * 1e6
    number = 0
    while left > 0:
        number += 1
        lines = [" ".join(draw.choices(WORDS, k=60)).capitalize() + "." for _ in range(9)]
        text = "\n".join(lines)
        left -= len(text)
        yield {
            "id": f"n{number}",
            "url": f"https://www.post{number % 50}.example.com/2023/05/{number}",
            "title": " ".join(draw.choices(WORDS, k=6)),
            "date": "2023-05-04T10:00:00Z",
            "text": text,
        }


def wet(records: Iterator[dict[str, str]]) -> Iterator[bytes]:
    """Yield records of a WET file."""
    for record in records:
        text = record["text"].encode()
        yield (
            (
                f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: {record['url']}\r\n"
                f"WARC-Date: 2023-05-06T07:08:09Z\r\nWARC-Record-ID: <urn:uuid:{record['id']}>\r\n"
                "WARC-Identified-Content-Language: eng\r\nContent-Type: text/plain\r\n"
                f"WARC-Refers-To: <urn:uuid:x{record['id']}>\r\nContent-Length: {len(text)}\r\n\r\n"
            ).encode()
            + text
            + b"\r\n\r\n"
        )


def make(folder: Path, name: str, megabytes: float) -> Path:
    """Write the corpus in the format that a file's name says."""
    path = folder / name
    records = articles(megabytes, 1)
    if name.endswith((".parquet", ".feather")):
        import pyarrow as pa
        import pyarrow.parquet as pq
        from pyarrow import ipc

        table = pa.Table.from_pylist(list(records))
        if name.endswith(".parquet"):
            pq.write_table(table, path, compression="zstd", row_group_size=20_000)
        else:
            with ipc.new_file(str(path), table.schema) as writer:
                writer.write_table(table, max_chunksize=5000)
        return path
    if ".csv" in name:
        import csv

        with path.open("w", newline="", encoding="utf-8") as stream:
            rows = csv.DictWriter(stream, ["id", "url", "title", "date", "text"])
            rows.writeheader()
            rows.writerows(records)
        return path
    pieces = wet(records) if ".wet" in name else (json.dumps(r).encode() + b"\n" for r in records)
    if name.endswith(".gz"):
        with path.open("wb") as stream:
            for piece in pieces:  # a member a record, as crawlers write them
                stream.write(gzip.compress(piece, 6))
    elif name.endswith(".zst"):
        with path.open("wb") as raw, zstandard.ZstdCompressor().stream_writer(raw) as stream:
            for piece in pieces:
                stream.write(piece)
    else:
        with path.open("wb") as stream:
            stream.writelines(pieces)
    return path


def read_it(path: str) -> None:
    """Read a file; print bytes of text, documents, seconds of processor time, peak in MB."""
    from provenance import Document
    from provenance.readers.items import Unnamed
    from provenance.readers.opening import read_file
    from provenance.readers.options import ReadOptions
    from provenance.readers.paths import InputFile, find

    [file] = find([path])
    assert isinstance(file, InputFile)  # noqa: S101 - it was just made
    before = time.process_time()
    count = size = 0
    for item in read_file(file, ReadOptions()):
        document = item.document if isinstance(item, Unnamed) else item
        if isinstance(document, Document):
            count += 1
            size += len(document.text)
    spent = time.process_time() - before
    # Not that of `getrusage`, which counts the process that this one was forked from.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps([size, count, spent, peak]))


def decompress(path: str, opened: Callable[[str], BinaryIO]) -> float:
    """Return the seconds that decompression alone takes."""
    before = time.process_time()
    with opened(path) as stream:
        while stream.read(1 << 18):
            pass
    return time.process_time() - before


def _standard(path: str) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path))


def measure(path: Path) -> list[float]:
    """Read a file in a process of its own."""
    command = [sys.executable, __file__, "--read", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: list[float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=60)
    parser.add_argument("--read", help=argparse.SUPPRESS)
    parser.add_argument(
        "--formats", default="jsonl,jsonl.gz,jsonl.zst,csv,parquet,feather,wet,wet.gz"
    )
    options = parser.parse_args()
    if options.read:
        read_it(options.read)
        return
    print(f"{'format':<10} {'MB/s':>7} {'documents/s':>12} {'MB more':>8}")
    with tempfile.TemporaryDirectory() as place:
        for kind in options.formats.split(","):
            folder = Path(place)
            small = measure(make(folder, f"small.{kind}", options.megabytes / 10))
            path = make(folder, f"large.{kind}", options.megabytes)
            size, count, spent, peak = measure(path)
            line = f"{kind:<10} {size / 1e6 / spent:>7.0f} {count / spent:>12,.0f}"
            line += f" {peak - small[3]:>8.0f}"
            if kind.endswith(".gz"):
                ours = decompress(str(path), lambda name: open_decompressed(name, ".gz"))
                bare = decompress(str(path), _standard)
                line += f"   decompressing alone: {size / 1e6 / ours:.0f} MB/s"
                line += f" (standard library: {size / 1e6 / bare:.0f})"
            print(line, flush=True)


if __name__ == "__main__":
    main()
