"""JSON Lines through a filter: each line is answered once its verdict lasts.

Lines are read as they come. Those that wait are judged together, and a group closes as soon as
nothing waits, so that a slow stream is answered line by line and a fast one in large groups.
"""

import json
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from provenance.index.filter import DuplicateFilter
from provenance.index.verdict import Verdict
from provenance.json_text import encode
from provenance.model import Document, Skipped
from provenance.readers.ids import escaped
from provenance.readers.items import Unnamed
from provenance.readers.json_records import read_line

GROUP: Final = 256  # lines that are judged together at most
FIELD: Final = "provenance"
_CHUNK: Final = 1 << 18
_AHEAD: Final = 64  # chunks that are read ahead
_SHOWN: Final = 2000  # characters of a broken line that are kept


@dataclass(slots=True)
class Counts:
    """What became of the lines so far."""

    lines: int = 0
    kept: int = 0
    rejected: int = 0
    broken: int = 0
    groups: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read, its number from 1, and that of its record: empty lines hold none."""

    number: int
    record: int
    data: bytes


def lines_as_they_come(stream: BinaryIO, most: int = GROUP) -> Iterator[list[Line]]:
    """Yield the lines of a stream in groups: all that wait, `most` at a time, at least one.

    A thread reads ahead, so that a group can close when nothing more has come. White space alone
    is passed over.
    """
    waiting: queue.Queue[list[bytes] | BaseException | None] = queue.Queue(_AHEAD)
    stopped = threading.Event()
    threading.Thread(target=_read, args=(stream, waiting, stopped), daemon=True).start()
    number = record = 0
    ready: list[Line] = []
    try:
        while True:
            found = waiting.get() if not ready else _poll(waiting)
            if isinstance(found, BaseException):
                raise found
            for data in found or ():
                number += 1
                if not data.isspace():
                    record += 1
                    ready.append(Line(number, record, data))
            while len(ready) >= most or (ready and found == []):
                yield ready[:most]
                ready = ready[most:]
            if found is None:
                break
        if ready:
            yield ready
    finally:
        stopped.set()


def _poll(
    waiting: "queue.Queue[list[bytes] | BaseException | None]",
) -> list[bytes] | BaseException | None:
    try:
        return waiting.get_nowait()
    except queue.Empty:
        return []


def _read(
    stream: BinaryIO,
    waiting: "queue.Queue[list[bytes] | BaseException | None]",
    stopped: threading.Event,
) -> None:
    """Put the lines of a stream into a queue, chunk by chunk, and None behind the last."""

    def put(item: list[bytes] | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=0.2)
            except queue.Full:
                continue
            return

    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    rest: list[bytes] = []
    try:
        while not stopped.is_set() and (chunk := read(_CHUNK)):
            head, newline, tail = chunk.rpartition(b"\n")
            if not newline:
                rest.append(tail)
                continue
            lines = b"".join((*rest, head, newline)).split(b"\n")[:-1]
            rest = [tail] if tail else []
            put([line + b"\n" for line in lines])
        if rest:
            put([b"".join(rest)])
        put(None)
    except BaseException as error:  # noqa: BLE001 - raised where the lines are taken
        put(error)


class LineFilter:
    """Judges lines and writes each where it belongs, in order, after its group was committed.

    Kept lines go to `output` byte for byte, with `annotate` all lines, each with its verdict in
    the field `provenance`. Lines that are not kept go to `rejected` with their verdict, and lines
    that cannot be read with the reason. With `add` false nothing is added to the index.
    """

    def __init__(
        self,
        index: DuplicateFilter,
        output: Callable[[bytes], object],
        rejected: Callable[[bytes], object] | None,
        *,
        path: str,
        encoding: str = "utf-8",
        annotate: bool = False,
        add: bool = True,
    ) -> None:
        self._index = index
        self._output = output
        self._rejected = rejected
        self._path = path
        self._encoding = encoding
        self._annotate = annotate
        self._add = add
        self.counts = Counts()

    def take(self, lines: list[Line]) -> None:
        """Judge a group of lines and write them."""
        read = [self._document(line) for line in lines]
        documents = [item for item in read if isinstance(item, Document)]
        judge = self._index.check_and_add_many if self._add else self._index.check_many
        verdicts = iter(judge(documents))
        kept: list[bytes] = []
        turned_away: list[bytes] = []
        counts = self.counts
        counts.groups += 1
        for line, item in zip(lines, read, strict=True):
            counts.lines += 1
            if isinstance(item, Skipped):
                counts.broken += 1
                turned_away.append(self._broken(line, item.reason))
                continue
            verdict = next(verdicts)
            counts.reasons[verdict.reason.value] += 1
            if verdict.keep:
                counts.kept += 1
            else:
                counts.rejected += 1
            if self._annotate:
                kept.append(self._annotated(line, verdict))
            elif verdict.keep:
                kept.append(line.data if line.data.endswith(b"\n") else line.data + b"\n")
            if not verdict.keep and not self._annotate and self._rejected is not None:
                turned_away.append(self._annotated(line, verdict))
        if kept:
            self._output(b"".join(kept))
        if turned_away and self._rejected is not None:
            self._rejected(b"".join(turned_away))

    def _document(self, line: Line) -> Document | Skipped:
        data = line.data.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.data
        path = f"{self._path}#{line.record}"
        item = read_line(data, self._encoding, path, f"{self._path}, line {line.number}")
        if isinstance(item, Unnamed):
            item = item.document
        return escaped(item) if isinstance(item, Document) else item

    def _annotated(self, line: Line, verdict: Verdict) -> bytes:
        record: dict[str, Any] = json.loads(line.data.decode(self._encoding).removeprefix("\ufeff"))
        record[FIELD] = {"document": verdict.document, **verdict.to_row()}
        return _written(record)

    def _broken(self, line: Line, reason: str) -> bytes:
        shown = line.data.decode(self._encoding, "replace").rstrip("\r\n")[:_SHOWN]
        broken = {"reason": "broken", "detail": reason, "line": line.number}
        return _written({FIELD: {"keep": False, **broken}, "raw": shown})


def _written(record: dict[str, Any]) -> bytes:
    try:
        return encode(record).encode() + b"\n"
    except ValueError:  # NaN and infinity, which were read, are written as they came
        return json.dumps(record).encode() + b"\n"
