"""The records of a web archive (WARC), also where their lengths are wrong or the file is cut off.

https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from provenance.errors import InputError

_LONGEST_LINE: Final = 1 << 16
_MOST_HEADERS: Final = 1000
_CHUNK: Final = 1 << 18
_BLANK: Final = (b"\r\n", b"\n")
_NEXT: Final = re.compile(rb"\r?\n(?:\r?\n)*(?=WARC/[01]\.\d\r?\n)")
# Types of records that hold no page, and are not worth a word.
_ABOUT: Final = frozenset({"warcinfo", "request", "metadata"})


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number in the file, its headers by names in lower case, its block.

    `block` is None where it was passed over: not wanted, or larger than the limit. `damage`
    says what was wrong with it.
    """

    number: int
    headers: Mapping[str, str]
    block: bytes | None
    damage: str | None = None

    @property
    def kind(self) -> str:
        """The type of the record in lower case."""
        return self.headers.get("warc-type", "").lower()


class _Source:
    """A stream that takes back what was read too far."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ahead = b""

    def line(self) -> bytes:
        if not self._ahead:
            return self._stream.readline(_LONGEST_LINE)
        end = self._ahead.find(b"\n") + 1
        if end:
            line, self._ahead = self._ahead[:end], self._ahead[end:]
            return line
        line, self._ahead = self._ahead, b""
        return line + self._stream.readline(_LONGEST_LINE)

    def read(self, count: int) -> bytes:
        if not self._ahead:
            return self._stream.read(count)
        data, self._ahead = self._ahead[:count], self._ahead[count:]
        return data + self._stream.read(count - len(data)) if len(data) < count else data

    def take_back(self, data: bytes) -> None:
        self._ahead = data + self._ahead


def records(stream: BinaryIO, limit: int) -> Iterator[Record]:
    """Yield the records of an archive in their order, blocks of up to `limit` bytes.

    Where a length is wrong, a block ends where the next record begins, and says so. Raises
    `InputError` where the stream is no archive, or ends within a record.
    """
    source = _Source(stream)
    number = 0
    while line := source.line():
        if line in _BLANK:
            continue
        if not line.startswith(b"WARC/"):
            if not number:
                raise InputError("no web archive: it does not begin with WARC/")
            if not _find_next(source):
                raise InputError(f"no record after record {number}, but other data")
            continue
        number += 1
        headers = _headers(source, number)
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            yield Record(number, headers, None, f"no usable Content-Length ({length[:40]!r})")
            if not _find_next(source):
                return
            continue
        size = int(length)
        wanted = headers.get("warc-type", "").lower() not in _ABOUT
        if size > limit or not wanted:
            left = _skip(source, size)
            large = "larger than a document may be (--max-document allows more)"
            yield Record(number, headers, None, large if wanted else None)
            if left:
                raise InputError(f"cut off within record {number}")
            continue
        yield _with_block(source, number, headers, size, limit)


def _headers(source: _Source, number: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for _ in range(_MOST_HEADERS):
        line = source.line()
        if not line:
            raise InputError(f"cut off within record {number}")
        text = line.decode("utf-8", "replace").strip()
        if not text:
            return found
        name, colon, value = text.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def _with_block(
    source: _Source, number: int, headers: Mapping[str, str], size: int, limit: int
) -> Record:
    block = source.read(size)
    after = source.line() if len(block) == size else b""
    second = source.line() if after in _BLANK else b""
    wrong = "wrong Content-Length: read up to the next record"
    if after in _BLANK and (second in _BLANK or not second):
        if block.endswith(b"\r") and after == b"\n" and second == b"\r\n":
            return Record(number, headers, block[:-1], wrong)
        return Record(number, headers, block)
    if len(block) == size and not after:
        return Record(number, headers, block)
    # Too long a length: the next record is in the block, or begins at its end.
    if match := _NEXT.search(data := block + after + second):
        source.take_back(data[match.end() :])
        return Record(number, headers, data[: match.start()], wrong)
    if len(block) < size:
        raise InputError(f"cut off within record {number}")
    pieces = [data]
    count = len(data)
    while line := source.line():  # too short a length: the rest of the block follows
        if line.startswith(b"WARC/"):
            source.take_back(line)
            break
        pieces.append(line)
        count += len(line)
        if count > limit:
            return Record(number, headers, None, "wrong Content-Length, and no record follows")
    return Record(number, headers, b"".join(pieces).rstrip(b"\r\n"), wrong)


def _skip(source: _Source, size: int) -> int:
    """Pass over bytes; return how many were not there."""
    while size and (data := source.read(min(size, _CHUNK))):
        size -= len(data)
    return size


def _find_next(source: _Source) -> bool:
    """Pass over lines up to the next record; tell whether there is one."""
    while line := source.line():
        if line.startswith(b"WARC/"):
            source.take_back(line)
            return True
    return False
