"""What a reader is given and what it yields."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from provenance.model import Document, Skipped


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the input that a person should know, although nothing was left out."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A document without an id of its own: its id is its URL or path, until another has it too."""

    document: Document


@dataclass(frozen=True, slots=True)
class Opened:
    """One file or stream, open and decompressed.

    `path` is what documents and messages call it, `encoding` what the user says it is in;
    `ahead` holds bytes that were taken from the stream to see what it is.
    """

    path: str
    stream: BinaryIO
    encoding: str | None = None
    ahead: tuple[bytes, ...] = ()

    def read(self) -> bytes:
        """Return everything that was not read yet."""
        rest = self.stream.read()
        return b"".join((*self.ahead, rest)) if self.ahead else rest

    def lines(self) -> Iterable[bytes]:
        """Return the lines, each with its newline."""
        yield from self.ahead
        yield from self.stream


Item: TypeAlias = Document | Unnamed | Skipped | Note
Reader: TypeAlias = Callable[[Opened], Iterator[Item]]
