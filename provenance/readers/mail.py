"""E-mail, as press releases come: one message (.eml), or many (mbox)."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from provenance import timestamps
from provenance.errors import InputError, MissingExtra
from provenance.model import Document, Skipped, Timestamp
from provenance.readers.encodings import decode
from provenance.readers.items import Item, Note, Opened, Unnamed, too_large
from provenance.readers.markup import parse_html, text_of
from provenance.readers.sites import site_of_host

_MOST_PARTS: Final = 1000
_SEPARATOR: Final = re.compile(rb"From .{0,500}\d{2}:\d{2}.{0,100}\r?\n")
_QUOTED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_message(opened: Opened) -> Iterator[Item]:
    """Yield the text of a message as one document, called by its path."""
    data = opened.read()
    if not data.strip():
        raise InputError("empty file")
    document, note = _document(data, opened.path, opened)
    if note:
        yield Note(opened.path, note)
    yield Unnamed(document)


def read_mailbox(opened: Opened) -> Iterator[Item]:
    """Yield a document for every message of an mbox, numbered from 1, its id the message's own."""
    number = 0
    for data in _messages(opened):
        number += 1
        place = f"{opened.path}#{number}"
        if data is None:
            yield Skipped(place, too_large(opened.options.max_document))
            continue
        try:
            document, note = _document(data, place, opened)
        except (InputError, MissingExtra) as error:
            yield Skipped(place, str(error))
            continue
        if note:
            yield Note(place, note)
        yield Unnamed(document)
    if not number:
        raise InputError("no mailbox: no line begins with 'From ' and a date")


def _messages(opened: Opened) -> Iterator[bytes | None]:
    """Yield the messages of an mbox; None for one that is too large."""
    lines: list[bytes] = []
    size, blank, begun, large = 0, True, False, False
    for line in opened.lines():
        if line is not None and blank and _SEPARATOR.match(line):
            if begun:
                yield None if large else _QUOTED.sub(rb"\1", b"".join(lines))
            lines, size, begun, large = [], 0, True, False
            continue
        blank = line is not None and not line.strip()
        if begun and not large:
            size += opened.options.max_document + 1 if line is None else len(line)
            large = size > opened.options.max_document
            if large or line is None:
                lines = []
            else:
                lines.append(line)
    if begun:
        yield None if large else _QUOTED.sub(rb"\1", b"".join(lines))


def _document(data: bytes, path: str, opened: Opened) -> tuple[Document, str | None]:
    """Return the document of a message; raise `InputError` where it has no text."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        said = {name: _header(message, name) for name in ("subject", "from", "date", "message-id")}
        kind, payload, charset = _body(message)
    except InputError:
        raise
    except Exception as error:  # the parser raises whatever a hostile header makes it raise
        raise InputError(f"a message that cannot be parsed: {type(error).__name__}") from error
    text, note = decode(payload, opened.options.encoding, charset)
    if kind == "text/html":
        text = text_of(parse_html(text, "a message in HTML"))
    if not text or text.isspace():
        raise InputError("a message without text")
    name, address = (getaddresses([said["from"] or ""]) or [("", "")])[0]
    published = _date(said["date"])
    own = (said["message-id"] or "").strip("<> \t\r\n")
    document = Document(
        id=own if own and path != opened.path else path,
        text=text,
        source=site_of_host(address.rpartition("@")[2]) or name or None,
        title=said["subject"],
        authors=(name,) if name else (),
        published=published,
        published_from="the header Date" if published else None,
        path=path,
        offsets_of="extracted",
    )
    return document, note


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message[name]
    except Exception:  # noqa: BLE001 - some broken headers make the parser of the library fail
        return None
    return " ".join(str(value).split())[:1000] or None if value is not None else None


def _date(value: str | None) -> Timestamp | None:
    """Read the date of a header at its precision."""
    if not value:
        return None
    if found := timestamps.parse(value):
        return found
    try:
        return timestamps.parse(parsedate_to_datetime(value))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _body(message: EmailMessage) -> tuple[str, bytes, str | None]:
    """Return type, bytes and character set of the text: the first plain part, else HTML."""
    found: dict[str, tuple[str, bytes, str | None]] = {}
    for count, part in enumerate(message.walk()):
        if count > _MOST_PARTS:
            raise InputError("a message of thousands of parts")
        kind = part.get_content_type()
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if kind in ("text/plain", "text/html") and kind not in found:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                found[kind] = kind, payload, part.get_content_charset()
    if not found:
        raise InputError("a message without text")
    return found.get("text/plain") or found["text/html"]
