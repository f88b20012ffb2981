"""Documents whose texts lie in a temporary file and are read again when they are asked for."""

import os
import threading
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from provenance.model import Document

if TYPE_CHECKING:
    from provenance.storage import Storage

_FIELDS: Final = tuple(field.name for field in fields(Document) if field.name != "text")


class FiledTexts:
    """A temporary file of texts."""

    def __init__(self, storage: "Storage") -> None:
        self._storage = storage
        self._file = storage.file(self)
        self._end = 0
        self._lock = threading.Lock()

    def keep(self, document: Document) -> Document:
        """Return the document with its text in the file; raise `StorageError` if it is full."""
        data = document.text.encode("utf-8", "surrogatepass")
        try:
            self._storage.write(self._file, memoryview(data))
        except OSError as error:
            raise self._storage.failure(error) from None
        self._end += len(data)
        return _filed(document, self, self._end - len(data), self._end)

    def read(self, low: int, high: int) -> str:
        """Return the text at a place of the file."""
        if hasattr(os, "pread"):
            data = os.pread(self._file.fileno(), high - low, low)
        else:
            with self._lock:
                self._file.seek(low)
                data = self._file.read(high - low)
        return data.decode("utf-8", "surrogatepass")


class _FiledDocument(Document):
    """A document that reads its text each time it is asked for."""

    __slots__ = ("_high", "_low", "_texts")
    _texts: FiledTexts
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


def _filed(document: Document, texts: FiledTexts, low: int, high: int) -> Document:
    filed = object.__new__(_FiledDocument)
    for name in _FIELDS:
        object.__setattr__(filed, name, getattr(document, name))
    for name, value in (("_texts", texts), ("_low", low), ("_high", high)):
        object.__setattr__(filed, name, value)
    return filed
