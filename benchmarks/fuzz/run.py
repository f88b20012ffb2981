"""Damages files of every format and reads them: `python benchmarks/fuzz/run.py`.

Every case is a valid file that lost, gained or changed bytes, in a folder with a sound one. Reading
the folder must raise nothing, give the sound file's text, and take less than five seconds and a
gigabyte. Cases are numbered and drawn from the seed, so that `--only N` repeats one. A process that
dies (a fault in compiled code) is a failure of the case that it was reading.
"""

import argparse
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from samples import PACKERS, samples

if TYPE_CHECKING:
    from provenance.readers import Reading

SOUND = "A sound text beside a damaged one."
SECONDS = 5.0
BYTES = 1 << 30
TOKENS = (
    *(b"\x00", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\r\n", b"\n\n", b'"', b"'"),
    *(b"<", b">", b"&", b"</p>", b"<![CDATA[", b"]]>", b"<!--", b"{", b"}", b"[" * 300, b"{" * 300),
    *(b"<div>" * 300, b"9999999999", b"-1", b"0", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b\x08"),
    *(b"PK\x03\x04", b"PAR1", b"ARROW1\x00\x00", b"WARC/1.0\r\n", b"Content-Length: 1\r\n", b"../"),
    *(
        b"From a@b Thu May  4 10:00:00 2023\n",
        b"charset=utf-16",
        b"<!ENTITY a 'b'>",
        b"\xed\xa0\x80",
    ),
    *(b"\\ud800", b"1e999", b"null", b"text/html", b"gzip", b"--b\n", b"\x28\xb5\x2f\xfd"),
)


def damage(draw: random.Random, data: bytes, other: bytes) -> bytes:
    """Return data with a few random changes; some of them take bytes of another file."""
    for _ in range(draw.choice((1, 1, 2, 3, 8))):
        at = draw.randrange(len(data) + 1)
        end = min(len(data), at + draw.choice((1, 1, 2, 4, 30, 500)))
        match draw.randrange(9):
            case 0:  # other bits
                changed = bytearray(data[at:end])
                for place in range(len(changed)):
                    changed[place] ^= 1 << draw.randrange(8)
                data = data[:at] + bytes(changed) + data[end:]
            case 1:
                data = data[:at] + draw.randbytes(end - at) + data[end:]
            case 2:
                data = data[:at] + data[end:]
            case 3:
                data = data[:at] + draw.randbytes(draw.choice((1, 4, 100))) + data[at:]
            case 4:
                data = data[:at] + draw.choice(TOKENS) + data[at:]
            case 5:
                data = data[:at] + draw.choice(TOKENS) + data[end:]
            case 6:  # the same again
                data = data[:at] + data[at:end] * draw.choice((2, 5, 50)) + data[end:]
            case 7:
                data = data[:at]
            case _:
                start = draw.randrange(len(other) + 1)
                data = data[:at] + other[start : start + 500] + data[end:]
    return data


def case(number: int, seed: int, files: dict[str, bytes]) -> tuple[str, bytes]:
    """Return name and bytes of a case."""
    draw = random.Random(f"{seed} {number}")
    suffix = draw.choice(list(files))
    data = damage(draw, files[suffix], files[draw.choice(list(files))])
    if draw.random() < 0.25:
        packer = draw.choice(list(PACKERS))
        data, suffix = PACKERS[packer](data), suffix + packer
        if draw.random() < 0.4:
            data = damage(draw, data, files[".txt"])
    return f"a{suffix}", data


def check(folder: Path) -> str | None:
    """Read a folder; return what is wrong with how that goes, None where nothing is."""
    from provenance import Document, Skipped
    from provenance.readers import Note, read

    before = time.process_time()
    try:
        items = list(read(folder, duplicate_ids="suffix"))
        count = read_in_bulk(read(folder))
    except TimeoutError:
        return f"it took more than {SECONDS} seconds"
    except BaseException:  # noqa: BLE001 - whatever it is, it is a failure
        return traceback.format_exc()
    spent = time.process_time() - before
    if not any(isinstance(item, Document) and item.text == SOUND for item in items):
        return "the sound file beside it was not read"
    if count not in {None, sum(isinstance(item, Document) for item in items)}:
        return f"{count} documents are read in bulk"
    if not all(isinstance(item, Document | Skipped | Note) for item in items):
        return "something else than documents, skipped input and notes"
    if not any(getattr(i, "path", "") != "z.txt" and getattr(i, "place", "z") for i in items):
        return "neither a document nor a reason"
    if spent > SECONDS:
        return f"it took {spent:.1f} seconds"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return f"memory rose to {peak:,} bytes" if peak > BYTES else None


def read_in_bulk(reading: "Reading") -> int | None:
    """Return how many documents compiled readers find; None where they leave all to the others."""
    from provenance.readers.bulk import Batch, Block, NotInBulkError, batches

    count = 0
    try:
        for block in reading.bulk():
            for item in batches(block) if isinstance(block, Block) else (block,):
                count += len(item) if isinstance(item, Batch) else 0
    except NotInBulkError:
        return None
    return count


def _alarm(*_: object) -> None:
    raise TimeoutError


def work(first: int, step: int, cases: int, seed: int, place: str) -> None:
    """Check cases of one process; write a file for each failure, and the number under way."""
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, _alarm)
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    files = samples()
    progress = Path(place, f"progress-{first % step}")
    folder = Path(tempfile.mkdtemp(dir=place))
    (folder / "z.txt").write_text(SOUND)
    (folder / "a.jsonl").write_bytes(files[".jsonl"])
    check(folder)  # kernels may have to be compiled first, which is no case's time
    (folder / "a.jsonl").unlink()
    for number in range(first, cases, step):
        progress.write_text(str(number))
        name, data = case(number, seed, files)
        path = folder / name
        path.write_bytes(data)
        signal.alarm(4 * int(SECONDS))  # wall time, on a machine that has other work
        wrong = check(folder)
        signal.alarm(0)
        path.unlink()
        if wrong:
            Path(place, f"failed-{number}{name[1:]}").write_bytes(data)
            print(f"case {number} ({name}): {wrong}", flush=True)
    progress.unlink()
    shutil.rmtree(folder)


def main() -> int:
    """Run the cases; return 1 where one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", type=int, help="the number of one case")
    options = parser.parse_args()
    place = tempfile.mkdtemp(prefix="fuzz-")
    began = time.monotonic()
    first = options.first if options.only is None else options.only
    cases = first + (options.cases if options.only is None else 1)
    step = 1 if options.only is not None else options.workers
    deaths = 0
    context = multiprocessing.get_context("spawn")
    running = {}
    for start in range(first, first + step):
        running[start % step] = context.Process(
            target=work, args=(start, step, cases, options.seed, place)
        )
        running[start % step].start()
    while running:
        for worker, process in list(running.items()):
            process.join(0.2)
            if process.is_alive():
                continue
            del running[worker]
            progress = Path(place, f"progress-{worker}")
            if process.exitcode and progress.exists():
                number = int(progress.read_text())
                deaths += 1
                print(f"case {number}: the process died ({process.exitcode})", flush=True)
                running[worker] = context.Process(
                    target=work, args=(number + step, step, cases, options.seed, place)
                )
                running[worker].start()
    failures = deaths + len(list(Path(place).glob("failed-*")))
    seconds = time.monotonic() - began
    print(f"{cases - first:,} cases, {failures} failures, {seconds:.0f} s (seed {options.seed})")
    if failures:
        print(f"the failing files are kept in {place}")
    else:
        shutil.rmtree(place)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
