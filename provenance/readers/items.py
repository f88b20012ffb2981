"""What a reader is given and what it yields."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol, TypeAlias

from provenance.errors import InputError
from provenance.model import Document, Skipped
from provenance.readers.options import DEFAULTS, ReadOptions


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the input that a person should know, although nothing was left out."""

    place: str
    message: str


def gather_notes(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return notes sorted; what is said of many records of a file is said once, with the first."""
    said: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for note in notes:
        file, mark, number = note.place.rpartition("#")
        numbered = mark and number.isascii() and number.isdigit()
        place = (int(number), note.place) if numbered else (0, note.place)
        said.setdefault((file if numbered else note.place, note.message), []).append(place)
    found = []
    for (file, message), places in said.items():
        first = min(places)[1]
        more = f" ({len(places):,} times, first in {first})" if len(places) > 1 else ""
        found.append(Note(file if more else first, message + more))
    return tuple(sorted(found, key=lambda note: (note.place, note.message)))


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A document without an id of its own: its id is its URL or path, until another has it too."""

    document: Document


Item: TypeAlias = Document | Unnamed | Skipped | Note


class Inside(Protocol):
    """Reads a file that lies in another one, by the suffix of its name."""

    def __call__(self, path: str, stream: BinaryIO, /) -> Iterator[Item]:
        """Yield what a stream holds; `path` is what messages call it."""
        ...


def _nothing_inside(path: str, _stream: BinaryIO) -> Iterator[Item]:
    yield Skipped(path, "files in files are not read here")


@dataclass(frozen=True, slots=True)
class Opened:
    """One file or stream, open and decompressed.

    `path` is what documents and messages call it; `seekable` says that every place of the stream
    is reached at once; `url` is where it was fetched from, if it was; `inside` reads files that
    lie in it.
    """

    path: str
    stream: BinaryIO
    options: ReadOptions = DEFAULTS
    seekable: bool = False
    url: str | None = None
    inside: Inside = _nothing_inside

    def read(self) -> bytes:
        """Return everything that was not read yet; raise `InputError` where it is too much."""
        limit = self.options.max_document
        data = self.stream.read(limit + 1)
        if len(data) > limit:
            raise InputError(too_large(limit))
        return data

    def lines(self) -> Iterator[bytes | None]:
        """Yield the lines, each with its newline; None for one that is too long."""
        limit = self.options.max_document
        readline = self.stream.readline
        while line := readline(limit):
            if len(line) < limit or line.endswith(b"\n"):
                yield line
                continue
            rest = readline(limit)
            if not rest:
                yield line
                continue
            while rest and not rest.endswith(b"\n"):
                rest = readline(limit)
            yield None


Reader: TypeAlias = Callable[[Opened], Iterator[Item]]


def too_large(limit: int) -> str:
    """Say that something holds more bytes than a document may."""
    return f"larger than {limit:,} bytes (--max-document allows more)"
