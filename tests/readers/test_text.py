import io

import pytest

from provenance.errors import InputError
from provenance.model import Document
from provenance.readers.items import Note, Opened, Unnamed
from provenance.readers.options import ReadOptions
from provenance.readers.text import read_text


def read(data, encoding=None):
    """Read bytes as the file 'sub/ferry.md'."""
    return list(read_text(Opened("sub/ferry.md", io.BytesIO(data), ReadOptions(encoding))))


def test_one_file_is_one_document():
    """The whole text is one document, called by its path, its Markdown untouched."""
    text = "# Ferry\r\n\r\nIt *stayed*.\n"
    path = "sub/ferry.md"
    assert read(text.encode()) == [Unnamed(Document(path, text, path=path))]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t", "\u2003\u00a0\u3000".encode()])
def test_a_file_without_text(data):
    """An empty file, or one of white space only, holds no document."""
    with pytest.raises(InputError, match="empty"):
        read(data)


def test_a_detected_encoding_is_noted():
    """A note comes before the document whose encoding had to be guessed."""
    note, item = read("Größere Fähren für Zürich.".encode("cp1252"))
    assert isinstance(note, Note)
    assert (note.place, item.document.text) == ("sub/ferry.md", "Größere Fähren für Zürich.")
    [item] = read("Größe".encode("cp850"), "cp850")
    assert item.document.text == "Größe"
