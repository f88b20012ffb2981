"""HTML: the article of a page, as trafilatura extracts it, and what the page states of itself."""

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from provenance.errors import InputError, MissingExtra
from provenance.model import Document, Timestamp
from provenance.readers.encodings import decode
from provenance.readers.items import Item, Note, Opened, Unnamed
from provenance.readers.markup import parse_html, text_of
from provenance.readers.options import ReadOptions
from provenance.readers.page_facts import page_facts
from provenance.readers.sites import site_of

# The time of an extraction grows with the elements of a page; no article has so many.
_MOST_ELEMENTS: Final = 10_000
_LONGEST_PAGE: Final = 20 << 20
_DECLARED: Final = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_SAVED_FROM: Final = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]{1,2000})")


def read_html(opened: Opened) -> Iterator[Item]:
    """Yield the article of a page, called by its path, or by its address if it was fetched.

    Offsets are those of the extracted text. Raises `InputError` where no article is found.
    """
    data = opened.read()
    if not data.strip():
        raise InputError("empty file")
    document, note = read_page(data, opened.path, opened.options, url=opened.url)
    if note:
        yield Note(opened.path, note)
    yield Unnamed(document)


def read_page(
    data: bytes,
    path: str,
    options: ReadOptions,
    *,
    url: str | None = None,
    fetched: Timestamp | None = None,
    charset: str | None = None,
) -> tuple[Document, str | None]:
    """Return the document of a page and what there is to note.

    `charset` is what the server said. Raises `InputError` where no article is found.
    """
    if len(data) > _LONGEST_PAGE:
        raise InputError(f"a page of more than {_LONGEST_PAGE:,} bytes is no article")
    text, note = decode(data, options.encoding, charset or _declared(data))
    root = parse_html(text)
    saved = _SAVED_FROM.search(text[:5000])
    facts = page_facts(root, url or (saved[1] if saved else None))
    article, cut = _article(root, data)
    document = Document(
        id=url or path,
        text=article,
        source=facts.site or site_of(facts.url),
        url=facts.url,
        canonical_url=facts.canonical_url,
        title=facts.title,
        authors=facts.authors,
        published=facts.published,
        published_from=facts.published_from,
        fetched=fetched,
        language=facts.language,
        metadata=facts.metadata,
        path=path,
        offsets_of="extracted",
    )
    return document, "; ".join(filter(None, (note, cut))) or None


def _article(root: Any, data: bytes) -> tuple[str, str | None]:  # noqa: ANN401 - lxml
    """Return the text of the article in a page, and a note where all of its text was taken."""
    extract = _extractor()
    if data.count(b"<") > 2 * _MOST_ELEMENTS:
        if text := text_of(root):
            return text, "too many elements to find the article among them: all text was taken"
        raise InputError("no text in the page")
    try:
        found = extract(root, include_comments=False, with_metadata=False)
    except Exception as error:  # whatever a hostile page makes it raise
        raise InputError(f"the article cannot be extracted: {type(error).__name__}") from error
    text = (getattr(found, "text", None) or "").strip()
    if not text:
        raise InputError("no article found in the page")
    return text, None


def _extractor() -> Callable[..., object]:
    """Return trafilatura's extraction, which must not write to standard error."""
    try:
        from trafilatura import bare_extraction
    except ImportError:
        raise MissingExtra("HTML", "html") from None
    logger = logging.getLogger("trafilatura")
    if not logger.hasHandlers():
        logger.addHandler(logging.NullHandler())
    return bare_extraction


def _declared(data: bytes) -> str | None:
    """Return the encoding that a page names at its beginning."""
    match = _DECLARED.search(data[:4096])
    return (match[1] or match[2]).decode("ascii") if match else None
