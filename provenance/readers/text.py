"""Plain text and Markdown: one file, one document."""

from collections.abc import Iterator

from provenance.errors import InputError
from provenance.model import Document
from provenance.readers.encodings import decode
from provenance.readers.items import Item, Note, Opened, Unnamed
from provenance.readers.sites import site_of


def read_text(opened: Opened) -> Iterator[Item]:
    """Yield the whole text as one document; raise `InputError` where there is none."""
    data = opened.read()
    if not data:
        raise InputError("empty file")
    text, note = decode(data, opened.options.encoding)
    if not text or text.isspace():
        raise InputError("empty text: nothing but white space")
    if note:
        yield Note(opened.path, note)
    url, path = opened.url, opened.path
    yield Unnamed(Document(url or path, text, url=url, source=site_of(url), path=path))
