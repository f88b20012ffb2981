"""Web archives: records that are written are the records that were read, byte for byte.

https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final, TypeAlias
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from provenance.errors import InputError
from provenance.writers.records import Records

_PROFILE: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_LONGEST_LINE: Final = 1 << 16
_BLANK: Final = (b"\r\n", b"\n")
_CHANGED: Final = "a web archive that is damaged cannot be written: leave it out"
Pack: TypeAlias = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class _Record:
    """One record: its lines of headers with the blank one, its block, what ends it."""

    head: bytes
    block: bytes
    end: bytes

    def header(self, name: bytes) -> str:
        """Return the value of a header, '' where there is none."""
        found = re.search(rb"(?im)^%s:[ \t]*([^\r\n]*)" % re.escape(name), self.head)
        return found[1].decode("utf-8", "replace").strip() if found else ""

    @property
    def id(self) -> str:
        """The id of the record, without brackets."""
        return self.header(b"WARC-Record-ID").strip("<> ")

    @property
    def payload(self) -> bytes:
        """What the server answered, below the headers of HTTP."""
        return self.block.partition(b"\r\n\r\n")[2]


def write_warc(
    source: BinaryIO, sink: BinaryIO, records: Records, pack: Pack | None = None
) -> None:
    """Copy the records that are written, each packed by itself where the archive is compressed.

    Requests and metadata of a dropped record go with it. Where revisits are asked for, a dropped
    response whose payload is that of the record kept in its stead, earlier in the file, becomes a
    `revisit` record of it. Annotated records have headers more. Raises `InputError` for damage.
    """
    write = sink.write if pack is None else lambda data: sink.write(pack(data))
    kept: dict[str, _Record] = {}
    for number, record in enumerate(_records(source), 1):
        about = (record.header(b"WARC-Concurrent-To"), record.header(b"WARC-Refers-To"))
        if record.header(b"WARC-Type").lower() in ("request", "metadata") and any(
            name.strip("<> ") in records.dropped for name in about
        ):
            continue
        verdict = records.verdict(number)
        if verdict.annotation:
            write(_annotated(record, verdict.annotation))
        elif verdict.write:
            write(record.head + record.block + record.end)
            if record.id in records.representatives:
                kept[record.id] = record
        elif records.revisits and (original := kept.get(verdict.representative)):
            revisit = _revisit(record, original)
            if revisit:
                write(revisit)


def write_gzip_members(source: BinaryIO, sink: BinaryIO, records: Records) -> None:
    """Copy an archive as `write_warc` does, every record a gzip member of its own."""
    write_warc(source, sink, records, partial(gzip.compress, compresslevel=6, mtime=0))


def _records(source: BinaryIO) -> Iterator[_Record]:
    while line := source.readline(_LONGEST_LINE):
        if line in _BLANK:
            continue
        if not line.startswith(b"WARC/"):
            raise InputError(_CHANGED)
        lines = [line]
        while (line := source.readline(_LONGEST_LINE)) and line not in _BLANK:
            lines.append(line)
        lines.append(line)
        record = _Record(b"".join(lines), b"", b"")
        length = record.header(b"Content-Length")
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            raise InputError(_CHANGED)
        block = source.read(int(length))
        end = source.readline(_LONGEST_LINE) + source.readline(_LONGEST_LINE)
        if len(block) != int(length) or end.strip(b"\r\n"):
            raise InputError(_CHANGED)
        yield _Record(record.head, block, end or b"\r\n\r\n")


def _annotated(record: _Record, annotation: Mapping[str, str | bool | None]) -> bytes:
    """Return a record with the annotation as headers, after those that it has."""
    blank = record.head[len(record.head.rstrip(b"\r\n")) :]
    head = record.head.removesuffix(blank) + b"\r\n"
    for name, value in annotation.items():
        if value is not None:
            said = str(value).lower() if isinstance(value, bool) else str(value)
            field = "-".join(part.capitalize() for part in name.split("_"))
            head += f"{field}: {quote(said, safe=_SAFE)}\r\n".encode("ascii")
    return head + b"\r\n" + record.block + record.end


_SAFE: Final = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")


def _revisit(record: _Record, original: _Record) -> bytes | None:
    """Return a revisit record for a response whose payload is that of another one, else None."""
    responses = all(r.header(b"WARC-Type").lower() == "response" for r in (record, original))
    if not responses or record.payload != original.payload:
        return None
    head, blank, _ = record.block.partition(b"\r\n\r\n")
    block = head + blank
    digest = original.header(b"WARC-Payload-Digest") or _digest(original.payload)
    name = record.id or str(uuid5(NAMESPACE_URL, record.head.decode("utf-8", "replace")).urn)
    fields = {
        "WARC-Type": "revisit",
        "WARC-Record-ID": f"<{name}>",
        "WARC-Date": record.header(b"WARC-Date"),
        "WARC-Target-URI": record.header(b"WARC-Target-URI"),
        "WARC-Profile": _PROFILE,
        "WARC-Refers-To": f"<{original.id}>",
        "WARC-Refers-To-Target-URI": original.header(b"WARC-Target-URI"),
        "WARC-Refers-To-Date": original.header(b"WARC-Date"),
        "WARC-Payload-Digest": digest,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{field}: {value}\r\n" for field, value in fields.items() if value)
    return f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def _digest(payload: bytes) -> str:
    value = hashlib.sha1(payload, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(value).decode()}"
