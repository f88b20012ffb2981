"""JSON Lines in bulk: texts and fields of many records without an object for each.

What comes out is what `read` yields, as columns: plain records are taken by compiled kernels, and
any other goes through the real parser, as do files of other kinds.
"""

import codecs
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np

from provenance.json_text import encode
from provenance.model import Document, Skipped, Timestamp
from provenance.readers.compression import split_compression
from provenance.readers.encodings import marked_encoding, refuse_binary
from provenance.readers.ids import escaped
from provenance.readers.items import Item, Note, Unnamed
from provenance.readers.json_records import is_utf8, read_line
from provenance.readers.mojibake import MARKS, NOTE, is_mojibake
from provenance.readers.options import DEFAULTS, ReadOptions
from provenance.readers.paths import InputFile
from provenance.readers.plain_values import UNDATED
from provenance.readers.records import aliases, from_record
from provenance.readers.scanner import (
    COLUMNS,
    FIELDS,
    ODD,
    PLAIN,
    SPANS,
    TEXT,
    TEXT_ONLY,
    field_names,
)
from provenance.readers.sites import site_of_host

if TYPE_CHECKING:
    from numpy.typing import NDArray

PADDING: Final = 32
BLOCK: Final = 1 << 20
LONGEST: Final = (1 << 31) - 1  # bytes of a block whose places fit the numbers of its spans
OFFSETS: Final = ("field", "file", "extracted")
WIDTH: Final = len(COLUMNS) + 1  # and the path
# Whether a mark of mojibake begins with C2 (or C3, 256 further on) and a byte.
_MARKED: Final = np.zeros(512, np.uint8)
for _mark in MARKS:
    _MARKED[(_mark[0] & 1) << 8 | _mark[1]] = 1
_LINE_FEED: Final = 10
_SIGNATURE: Final = 64  # bytes by which a kind of file is known
_NUMBER: Final = 24  # bytes that hold `#` and the number of a record


class NotInBulkError(Exception):
    """The input cannot be read in bulk; reading it document by document says why."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of one file, scanned: `data`, with room behind.

    Line `i` is `data[lines[i]:lines[i + 1] - 1]`, of the kind `kinds[i]`, with its fields at
    `spans[i]`. `number` records and `line` lines are before; the
    last line feed is `added` where the file does not end in one.
    """

    path: str
    data: "NDArray[np.uint8]"
    kinds: "NDArray[np.uint8]"
    lines: "NDArray[np.int64]"
    spans: "NDArray[np.int32]"
    number: int
    line: int
    added: bool
    options: ReadOptions = DEFAULTS


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents that were read together.

    Text `i` is `data[bounds[i]:bounds[i + 1] - 1]` in UTF-8, a zero byte behind it and `PADDING`
    behind the last. `arena` has the values of `COLUMNS` and the path as JSON writes them (strings
    without quotes), one document after the other, and `lengths` their bytes (-1 for none).
    `latest` is the last second of each date, `offsets` indexes `OFFSETS`.
    """

    data: "NDArray[np.uint8]"
    bounds: "NDArray[np.int64]"
    characters: "NDArray[np.int64]"
    arena: "NDArray[np.uint8]"
    lengths: "NDArray[np.int32]"
    latest: "NDArray[np.int64]"
    offsets: "NDArray[np.uint8]"

    def __len__(self) -> int:
        return len(self.latest)


def has_lines(file: InputFile) -> bool:
    """Tell whether the name of a file says that it holds JSON Lines."""
    name, _ = split_compression(file.path)
    return PurePosixPath(name).suffix.lower() in {".jsonl", ".ndjson", ".jl"}


def read_blocks(path: str, stream: BinaryIO, options: ReadOptions) -> Iterator[Block]:
    """Yield a file in scanned blocks; raise `NotInBulkError` where it is not said to be UTF-8.

    Also where a line may be longer than a document, or than `LONGEST`. Raises `InputError` where
    the file begins like no text.
    """
    from provenance.readers.scanner import line_kernel, scan_kernel

    encoding = options.encoding
    if encoding is not None and codecs.lookup(encoding).name != "utf-8":
        raise NotInBulkError
    known = [name for of in aliases(options.fields).values() for name in of]
    if len(set(known)) < len(known):  # one that means two things
        raise NotInBulkError
    names = field_names(options.fields)
    best = np.empty(len(FIELDS), np.uint8)
    number = line = 0
    for whole, added in _whole_lines(stream, options.max_document):
        if len(whole) > LONGEST:
            raise NotInBulkError
        size = len(whole) - PADDING
        data = np.frombuffer(whole, np.uint8)
        count = line_kernel(data, size)
        kinds, lines = np.empty(count, np.uint8), np.empty(count + 1, np.int64)
        spans = np.empty((count, SPANS), np.int32)
        scan_kernel(data, size, *names, best, kinds, lines, spans)
        if int(np.diff(lines).max()) > options.max_document:
            raise NotInBulkError
        yield Block(path, data, kinds, lines, spans, number, line, added, options)
        number += int(np.count_nonzero(kinds))
        line += count


def _whole_lines(stream: BinaryIO, limit: int) -> Iterator[tuple[bytearray, bool]]:
    """Yield a stream in blocks of whole lines, with padding, and whether a line feed was added."""
    rest = b""
    start = True
    ended = False
    while not ended:
        # of a long line ever more at once, so that it is not copied over and over
        room = len(rest) + max(BLOCK, len(rest))
        block = bytearray(room + 1 + PADDING)
        block[: len(rest)] = rest
        used = len(rest)
        with memoryview(block) as view:
            while used < room and (count := stream.readinto(view[used:room])):  # type: ignore[attr-defined]
                used += count
        ended = used < room
        if start:
            start = False
            refuse_binary(block[:_SIGNATURE])
            if marked := marked_encoding(block[:_SIGNATURE]):
                if marked[0] != "utf-8":
                    raise NotInBulkError
                del block[: marked[1]]
                used -= marked[1]
        added = ended and used > 0 and block[used - 1] != _LINE_FEED
        if added:
            block[used] = _LINE_FEED
            used += 1
        end = block.rfind(b"\n", 0, used) + 1
        rest = bytes(block[end:used])
        if end:
            block[end:] = bytes(PADDING)
            yield block, added
        elif len(rest) > limit:
            raise NotInBulkError


def batches(block: Block) -> Iterator[Batch | Skipped | Note]:
    """Yield the documents of a block, and what is to be said of its other lines."""
    from provenance.readers.plain import fields_kernel, hosts_kernel
    from provenance.readers.plain_texts import count_kernel, unescape_kernel

    kinds = block.kinds
    plain = int(np.count_nonzero(kinds == PLAIN))
    path = np.frombuffer(_as_json(block.path), np.uint8)
    origins = [_as_json(name) for name in aliases(block.options.fields)["published"]]
    # an address may also be the id, its host the source, and it the canonical one
    room = 4 * len(block.data) + plain * (len(path) + max(map(len, origins)) + _NUMBER + 2)
    arena = np.empty(room, np.uint8)
    lengths = np.empty((plain, WIDTH), np.int32)
    latest = np.empty(plain, np.int64)
    hosts = np.empty((len(kinds), 3), np.int32)
    hosts_kernel(block.data, kinds, block.spans, hosts)
    several = np.flatnonzero(hosts[:, 2] > 1)
    if len(several):  # labels, which may be those of a site or of one of its hosts
        view = block.data.tobytes()
        ends = hosts[several, 1].tolist()
        named = zip(hosts[several, 0].tolist(), ends, strict=True)
        hosts[several, 0] = [end - _site_length(view[start:end]) for start, end in named]
    written = fields_kernel(
        block.data,
        kinds,
        block.spans,
        hosts,
        path,
        np.frombuffer(b"".join(origins), np.uint8),
        np.cumsum([0, *map(len, origins)], dtype=np.int64),
        block.number,
        arena,
        lengths,
        latest,
    )
    texts = np.empty(len(block.data) + PADDING, np.uint8)
    bounds = np.empty(len(kinds) + 1, np.int64)
    plain = unescape_kernel(block.data, kinds, block.spans, PLAIN, texts, bounds)
    if plain:
        bounds = bounds[: plain + 1].copy()
        characters = np.empty(plain, np.int64)
        marked = np.empty(plain, np.int32)
        suspects = marked[: count_kernel(texts, bounds, _MARKED, characters, marked)]
        yield Batch(
            texts,
            bounds,
            characters,
            arena[:written].copy(),
            lengths[:plain],
            latest[:plain],
            np.zeros(plain, np.uint8),
        )
        numbers = block.number + np.flatnonzero(kinds[kinds > 0] == PLAIN) + 1
        for row in suspects.tolist():
            text = texts[bounds[row] : bounds[row + 1] - 1].tobytes()
            if is_mojibake(text.decode("utf-8", "surrogatepass")):
                yield Note(f"{block.path}#{numbers[row]}", NOTE)
    if (kinds > PLAIN).any():
        yield from _parsed(block)


@lru_cache(maxsize=1 << 16)
def _site_length(host: bytes) -> int:
    """Return how many characters at the end of a plain host name its site."""
    return len(site_of_host(host.decode("ascii")) or "")


def _parsed(block: Block) -> Iterator[Batch | Skipped | Note]:
    """Yield what the real parser makes of the lines that are not plain."""
    from provenance.readers.plain_texts import unescape_kernel

    texts = np.empty(len(block.data) + PADDING, np.uint8)
    bounds = np.empty(len(block.kinds) + 1, np.int64)
    unescape_kernel(block.data, block.kinds, block.spans, TEXT_ONLY, texts, bounds)
    view, place = texts.tobytes(), iter(bounds.tolist())
    start = next(place)
    documents: list[tuple[Document, bytes]] = []
    raw = block.data.tobytes()
    numbers = block.number + np.cumsum(block.kinds > 0)
    for row in np.flatnonzero(block.kinds > PLAIN).tolist():
        end = block.lines[row + 1]
        line = raw[block.lines[row] : end - (block.added and row == len(block.kinds) - 1)]
        where = f"{block.path}#{numbers[row]}"
        if block.kinds[row] == ODD:
            there = f"{block.path}, line {block.line + row + 1}"
            if block.options.encoding is None and not is_utf8(line):
                raise NotInBulkError  # its encoding takes other lines to detect
            item = read_line(line, "utf-8", where, there, block.options)
            if isinstance(item, Skipped):
                yield item
                continue
            document = item.document if isinstance(item, Unnamed) else item
            documents.append((document, document.text.encode("utf-8", "surrogatepass")))
            continue
        # the text is known already: the parser needs to see that there is one
        first, last = (
            abs(int(v)) - int(block.lines[row]) for v in block.spans[row, 2 * TEXT : 2 * TEXT + 2]
        )
        record = json.loads((line[:first] + b"x" + line[last:]).decode())
        item = from_record(record, where, block.options)
        document = item.document if isinstance(item, Unnamed) else item
        end = next(place)
        documents.append((document, view[start : end - 1]))
        start = end
    if documents:
        yield batch_of(documents)
        for document, _ in documents:
            if is_mojibake(document.text):
                yield Note(document.path or block.path, NOTE)


def batches_of(items: Iterable[Item]) -> Iterator[Batch | Skipped | Note]:
    """Yield documents together, and whatever else there is among them."""
    documents = []
    for item in items:
        if isinstance(item, Skipped | Note):
            yield item
            continue
        document = item.document if isinstance(item, Unnamed) else item
        documents.append((document, document.text.encode("utf-8", "surrogatepass")))
    if documents:
        yield batch_of(documents)


def batch_of(documents: Sequence[tuple[Document, bytes]]) -> Batch:
    """Return documents as a batch; the text of each is given in UTF-8 beside it."""
    texts = [text for _, text in documents]
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=bounds[1:])
    pieces: list[bytes] = []
    lengths = np.empty((len(texts), WIDTH), np.int32)
    for row, (item, _) in enumerate(documents):
        document = escaped(item)
        encoded = [_encoded(getattr(document, name)) for name in (*COLUMNS, "path")]
        lengths[row] = [-1 if value is None else len(value) for value in encoded]
        pieces += filter(None, encoded)
    dates = [document.published for document, _ in documents]
    return Batch(
        np.frombuffer(b"\0".join(texts) + bytes(1 + PADDING), np.uint8),
        bounds,
        np.array([len(t.decode("utf-8", "surrogatepass")) for t in texts], np.int64),
        np.frombuffer(b"".join(pieces), np.uint8),
        lengths,
        np.array([UNDATED if date is None else date.latest for date in dates], np.int64),
        np.array([OFFSETS.index(document.offsets_of) for document, _ in documents], np.uint8),
    )


def _encoded(value: str | Timestamp | tuple[str, ...] | None) -> bytes | None:
    if isinstance(value, tuple):
        return encode(list(value)).encode()
    text = value.text if isinstance(value, Timestamp) else value
    return None if text is None else _as_json(text)


def _as_json(value: str) -> bytes:
    """Return a string as JSON writes it, without quotes, in UTF-8; surrogates are escaped."""
    return encode(value).encode()[1:-1]
