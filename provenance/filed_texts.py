"""Documents whose texts lie in a temporary file and are read again when they are asked for."""

import math
import os
import threading
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from provenance.errors import StorageError
from provenance.model import Document

if TYPE_CHECKING:
    from provenance.storage import Storage

TEXTS_HELD: Final = 1 << 26  # characters of text from which a command files them
_FIELDS: Final = tuple(field.name for field in fields(Document) if field.name != "text")
_AT_A_TIME: Final = 1 << 20


class FiledTexts:
    """A temporary file of texts."""

    def __init__(self, storage: "Storage") -> None:
        self._storage = storage
        self._file = storage.file(self)
        self._written = 0
        self._pending = bytearray()
        self._last = ((-1, -1), "")
        self._lock = threading.Lock()

    def keep(self, document: Document) -> Document:
        """Return the document with its text in the file; raise `StorageError` if it is full."""
        if isinstance(document, _FiledDocument):
            return document
        text = document.text
        low = self._written + len(self._pending)
        self._pending += text.encode("utf-8", "surrogatepass")
        filed = _filed(document, self, len(text), low, self._written + len(self._pending))
        if len(self._pending) >= _AT_A_TIME:
            self._write()
        return filed

    def _write(self) -> None:
        try:
            self._storage.write(self._file, memoryview(bytes(self._pending)))
        except OSError as error:
            raise self._storage.failure(error) from None
        self._written += len(self._pending)
        self._pending.clear()

    def encoded(self, low: int, high: int) -> bytes:
        """Return the UTF-8 at a place of the file."""
        if low >= self._written:
            return bytes(self._pending[low - self._written : high - self._written])
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), high - low, low)
        with self._lock:
            self._file.seek(low)
            data = self._file.read(high - low)
            self._file.seek(0, os.SEEK_END)
            return data

    def read(self, low: int, high: int) -> str:
        """Return the text at a place of the file; the last one is held."""
        place, text = self._last
        if place != (low, high):
            text = self.encoded(low, high).decode("utf-8", "surrogatepass")
            self._last = ((low, high), text)
        return text


class Filing:
    """Documents, whose texts go to a temporary file once they are many.

    That is where the storage holds no more than `storage.texts` characters. Where no limit was
    set and no file can be written, all texts are held.
    """

    def __init__(self, storage: "Storage | None") -> None:
        self._storage = storage
        self._left: float = math.inf if storage is None else storage.texts
        self._filed: FiledTexts | None = None
        self.documents: dict[str, Document] = {}

    def add(self, document: Document) -> None:
        """Take a document, whose id must be new; raise `StorageError` if a file is full."""
        self.documents[document.id] = document
        self._left -= len(document.text)
        if self._left >= 0 or self._storage is None:
            return
        try:
            if self._filed:
                self.documents[document.id] = self._filed.keep(document)
            else:
                self._filed = FiledTexts(self._storage)
                for name, held in self.documents.items():
                    self.documents[name] = self._filed.keep(held)
        except StorageError:
            if self._storage.limit is not None:
                raise
            self._left, self._filed = math.inf, None


def encoded_text(document: Document) -> bytes:
    """Return the UTF-8 of a document's text; surrogates pass."""
    if isinstance(document, _FiledDocument):
        return document.encoded()
    return document.text.encode("utf-8", "surrogatepass")


def text_length(document: Document) -> int:
    """Return the code points of a document's text."""
    return document.characters if isinstance(document, _FiledDocument) else len(document.text)


class _FiledDocument(Document):
    """A document that reads its text each time it is asked for."""

    __slots__ = ("_high", "_low", "_texts", "characters")
    _texts: FiledTexts
    characters: int
    _low: int
    _high: int

    def __new__(  # type: ignore[misc]
        cls,
        *values: Any,  # noqa: ANN401 - the fields of a document
        **named: Any,  # noqa: ANN401
    ) -> Document:
        """Return a plain document: what replaces the fields of this one has its own text."""
        return Document(*values, **named)

    @property
    def text(self) -> str:
        """The text, from the file."""
        return self._texts.read(self._low, self._high)

    def encoded(self) -> bytes:
        """Return the UTF-8 of the text."""
        return self._texts.encoded(self._low, self._high)


def _filed(document: Document, texts: FiledTexts, characters: int, low: int, high: int) -> Document:
    filed = object.__new__(_FiledDocument)
    for name in _FIELDS:
        object.__setattr__(filed, name, getattr(document, name))
    object.__setattr__(filed, "_texts", texts)
    object.__setattr__(filed, "characters", characters)
    object.__setattr__(filed, "_low", low)
    object.__setattr__(filed, "_high", high)
    return filed
