"""The answer of a web server as an archive keeps it: status, headers, and the body decoded."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provenance.errors import InputError, MissingExtra
from provenance.readers.items import too_large

_LONGEST_HEAD: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Answer:
    """A status (0 if it cannot be read), headers by names in lower case, and the body as sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def parse_answer(block: bytes) -> Answer:
    """Read an HTTP answer; raise `InputError` where there is none."""
    head = block[:_LONGEST_HEAD]
    ends = [(head.find(mark), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
    end, size = min((pair for pair in ends if pair[0] >= 0), default=(-1, 0))
    if not head.startswith(b"HTTP/"):
        raise InputError("no HTTP answer")
    lines = (head if end < 0 else head[:end]).decode("latin-1").splitlines()
    code = lines[0].split(None, 2)[1:2]
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    status = int(code[0]) if code and code[0].isascii() and code[0].isdigit() else 0
    return Answer(status, headers, b"" if end < 0 else block[end + size :])


def body_of(answer: Answer, limit: int) -> bytes:
    """Return the body without transfer and content encoding, as a crawler may have left it.

    Raises `InputError` where it is damaged or larger than the limit, `MissingExtra` where
    brotli is needed and not installed.
    """
    body = answer.body
    if "chunked" in answer.headers.get("transfer-encoding", "").lower():
        body = _without_chunks(body)
    for encoding in reversed(answer.headers.get("content-encoding", "").lower().split(",")):
        body = _decompressed(body, encoding.strip(), limit)
    return body


def _without_chunks(body: bytes) -> bytes:
    """Join the chunks of a body; a body that has none was joined already."""
    pieces: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\n", at, at + 200)
        digits = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            size = int(digits, 16) if digits.isalnum() and len(digits) < 16 else -1
        except ValueError:
            size = -1
        if size < 0:
            return b"".join(pieces) if pieces else body
        if not size:
            return b"".join(pieces)
        pieces.append(body[end + 1 : end + 1 + size])
        at = end + 1 + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1
        if at >= len(body):
            return b"".join(pieces)


def _decompressed(body: bytes, encoding: str, limit: int) -> bytes:
    if encoding in ("", "identity", "none", "utf-8"):
        return body
    try:
        if encoding in ("gzip", "x-gzip"):
            return _inflated(body, 31, limit) if body.startswith(b"\x1f\x8b") else body
        if encoding == "deflate":
            try:
                return _inflated(body, 15, limit)
            except zlib.error:
                return _inflated(body, -15, limit)
        if encoding == "br":
            return _brotli(body, limit)
    except zlib.error as error:
        if _looks_plain(body):
            return body
        raise InputError(f"a body with damaged {encoding}: {error}") from None
    raise InputError(f"a body in the unknown encoding {encoding[:40]!r}")


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    """Decompress zlib data, what there is of it."""
    stream = zlib.decompressobj(window)
    data = stream.decompress(body, limit + 1)
    if len(data) > limit:
        raise InputError(f"a decompression bomb, or a body {too_large(limit)}")
    return data


def _brotli(body: bytes, limit: int) -> bytes:
    try:
        import brotli
    except ImportError:
        raise MissingExtra("a page compressed with brotli", "warc") from None
    stream = brotli.Decompressor()
    pieces: list[bytes] = []
    count = 0
    try:
        data = stream.process(body, output_buffer_limit=1 << 20)
        while data:
            pieces.append(data)
            count += len(data)
            if count > limit:
                raise InputError(f"a decompression bomb, or a body {too_large(limit)}")
            if stream.is_finished():
                break
            data = stream.process(b"", output_buffer_limit=1 << 20)
    except brotli.error as error:
        if _looks_plain(body):
            return body
        raise InputError(f"a body with damaged br: {error}") from None
    return b"".join(pieces)


def _looks_plain(body: bytes) -> bool:
    """Tell whether a body that is said to be compressed was decompressed by the crawler."""
    return body[:512].lstrip()[:1] == b"<"
