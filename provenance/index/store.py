"""What the filter asks of a store: a few operations, so that every store has one set of rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from provenance.index.records import document_of, document_row, verdict_of, verdict_row
from provenance.index.settings import IndexSettings
from provenance.index.verdict import Verdict
from provenance.model import Document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Hits:
    """Which documents hold which keys: `numbers[i]` holds the key asked for at `rows[i]`.

    Sorted by row, then number; numbers grow in order of arrival.
    """

    rows: "NDArray[np.int64]"
    numbers: "NDArray[np.int64]"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document to be stored: `data` is its text in UTF-8, `keys` are those to find it by.

    `digest` is that of the text. One that is not `kept` has only the keys of its id, and its text
    need not be stored. `arrived` is in seconds of Unix time.
    """

    document: Document
    data: bytes
    digest: bytes
    keys: "NDArray[np.uint64]"
    verdict: Verdict
    kept: bool
    arrived: int


@dataclass(frozen=True)
class Stored:
    """A document of a store, under its number; without its text where it was not kept.

    `data` is its text in UTF-8, `about` what else is known of it, as `document_row` writes it, and
    `row` its verdict, as `verdict_row` does.
    """

    number: int
    id: str
    data: bytes
    about: str
    digest: bytes
    row: str
    kept: bool
    arrived: int

    @cached_property
    def text(self) -> str:
        """The text."""
        return self.data.decode("utf-8", "surrogatepass")

    @cached_property
    def document(self) -> Document:
        """The document."""
        return document_of(self.id, self.about, self.text)

    @property
    def verdict(self) -> Verdict:
        """The verdict on it."""
        return verdict_of(self.id, self.row)


def stored_as(number: int, document: Document, data: bytes, digest: bytes) -> Stored:
    """Return a document as if it were stored and kept."""
    about = document_row(document)
    return Stored(number, document.id, data, about, digest, "", kept=True, arrived=0)


def entry_as_stored(number: int, entry: Entry) -> Stored:
    """Return an entry as a store gives it back."""
    return Stored(
        number,
        entry.document.id,
        entry.data if entry.kept else b"",
        document_row(entry.document),
        entry.digest,
        verdict_row(entry.verdict),
        entry.kept,
        entry.arrived,
    )


class Conflict(Exception):  # noqa: N818 - no error: what it tells of is judged again
    """Others have changed what verdicts may depend on; the documents are to be judged again."""


class Store(Protocol):
    """Documents by their keys, in order of arrival.

    What `find` returns may depend on what was added and removed before, and in which order; never
    on how it lies in files, on batches or on restarts.
    """

    compile_kernels: bool
    """Whether look-ups may run as machine code; what they find is the same."""

    @property
    def settings(self) -> IndexSettings:
        """The settings that the keys were made with."""
        ...

    def refresh(self) -> None:
        """See what others have committed."""
        ...

    def expect(self, keys: "NDArray[np.uint64]") -> None:
        """Hear which keys `find` is about to be asked for, so that they can be fetched at once."""
        ...

    def find(self, keys: "NDArray[np.uint64]", most: "NDArray[np.int64]", since: int = 0) -> Hits:
        """Return the first `most` documents of each key, from the number `since` on.

        Where it is 0, all documents of the key.
        """
        ...

    def fetch(self, numbers: Sequence[int]) -> list[Stored]:
        """Return the documents of these numbers, in this order; those that are gone left out."""
        ...

    def add(self, entries: Sequence[Entry]) -> list[int]:
        """Store documents in this order and return their numbers; `commit` makes them last."""
        ...

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget documents; `commit` makes it last."""
        ...

    def is_common(self, keys: "NDArray[np.uint64]") -> "NDArray[np.bool_]":
        """Tell which passage keys are known to be boilerplate."""
        ...

    def learn(self, keys: "NDArray[np.uint64]") -> None:
        """Remember passage keys as boilerplate; `commit` makes it last."""
        ...

    def number_since(self, arrived: int) -> int:
        """Return the lowest number of a document that arrived then or later."""
        ...

    def numbers_before(self, number: int) -> list[int]:
        """Return the numbers of all documents that came before one."""
        ...

    def commit(self) -> None:
        """Make what was added and removed last; when it returns, it is acknowledged.

        Raises `Conflict` where several may write and others came first.
        """
        ...

    def roll_back(self) -> None:
        """Undo what was not committed."""
        ...

    def close(self) -> None:
        """Release everything; what was not committed is undone."""
        ...
