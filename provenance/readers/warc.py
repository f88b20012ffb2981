"""Web archives: WARC with the answers of servers, WET with texts.

`WARC-Date` is when a page was fetched, which is never taken for its publication.
"""

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Self

from provenance.errors import InputError, MissingExtra
from provenance.model import Document, Skipped
from provenance.readers.encodings import decode
from provenance.readers.html import read_page
from provenance.readers.http_message import body_of, parse_answer
from provenance.readers.items import Item, Note, Opened, Unnamed
from provenance.readers.sites import site_of
from provenance.readers.warc_records import Record, records
from provenance.timestamps import parse

_ABOUT: Final = frozenset({"warcinfo", "request", "metadata"})
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_IN_MEMORY: Final = 16 << 20


class _PassedOverError(Exception):
    """A record that holds no page or text; its words say what it holds."""


def read_warc(opened: Opened) -> Iterator[Item]:
    """Yield a document for every page and text of a web archive; its id is that of the record.

    Records are numbered from 1, those without a text too. Read are `response` and `resource`
    records that hold HTML or plain text, `conversion` records, and `revisit` records of a page in
    the same file, which is given again with their address and date. A note counts the others.
    """
    passed: Counter[str] = Counter()
    with _Kept() as kept:
        number = found = 0
        for record in records(opened.stream, opened.options.max_document):
            number = record.number
            place = f"{opened.path}#{number}"
            if record.kind in _ABOUT:
                continue
            found += 1
            if record.block is None:
                yield Skipped(place, record.damage or "without a block")
                continue
            try:
                if record.kind == "revisit":
                    document, note = _revisited(record, place, kept), None
                else:
                    document, note = _document(record, place, opened)
                    kept.keep(record, document)
            except _PassedOverError as what:
                passed[str(what)] += 1
                found -= 1
                continue
            except (InputError, MissingExtra, RecursionError) as error:
                yield Skipped(place, str(error))
                continue
            for message in filter(None, (record.damage, note, _cut(record))):
                yield Note(place, message)
            yield document if "warc-record-id" in record.headers else Unnamed(document)
    if not number:
        raise InputError("empty file")
    if not (found or passed):
        raise InputError("no pages or texts in this web archive")
    if passed:
        listed = ", ".join(f"{count:,} {what}" for what, count in sorted(passed.items()))
        yield Note(opened.path, f"records that are no pages or texts were passed over: {listed}")


def _document(record: Record, place: str, opened: Opened) -> tuple[Document, str | None]:
    """Return the document of a record and what there is to note."""
    block = record.block or b""
    said = record.headers.get("content-type", "")
    charset = None
    if record.kind == "response" and "application/http" in said.lower():
        answer = parse_answer(block)
        said = answer.headers.get("content-type", "")
        if answer.status != 200:
            raise _PassedOverError(f"with HTTP status {answer.status}")
        kind, charset = _media_type(record, said, answer.body)
        if kind in _PAGES or kind == "text/plain":
            block = body_of(answer, opened.options.max_document)
    elif record.kind in ("resource", "conversion"):
        kind, charset = _media_type(record, said, block)
    else:
        raise _PassedOverError(f"of type {record.kind[:40]!a}")
    url = record.headers.get("warc-target-uri", "").strip("<> ") or None
    fetched = parse(record.headers.get("warc-date"))
    name = record.headers.get("warc-record-id", "").strip("<> ") or url or place
    if kind in _PAGES:
        document, note = read_page(
            block, place, opened.options, url=url, fetched=fetched, charset=charset
        )
        return replace(document, id=name), note
    if kind != "text/plain":
        raise _PassedOverError(f"of {kind[:60]!a}" if kind else "of no known kind")
    text, note = decode(block, opened.options.encoding, charset)
    if not text or text.isspace():
        raise InputError("empty text")
    languages = record.headers.get("warc-identified-content-language", "").split(",")
    document = Document(
        id=name,
        text=text,
        source=site_of(url),
        url=url,
        fetched=fetched,
        language=languages[0].strip() or None,
        path=place,
        offsets_of="extracted",
    )
    return document, note


def _media_type(record: Record, said: str, body: bytes) -> tuple[str, str | None]:
    """Return the type of a payload without its parameters, and the character set stated."""
    kind, *parameters = said.split(";")
    charset = None
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'")[:40] or None
    identified = record.headers.get("warc-identified-payload-type", "")
    kind = (identified or kind).strip().lower()
    if not kind and body[:1024].lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        kind = "text/html"
    return kind, charset


def _revisited(record: Record, place: str, kept: "_Kept") -> Document:
    """Return the page that a revisit names, with the revisit's own address and date."""
    headers = record.headers
    page = kept.find(record)
    if page is None:
        uri = headers.get("warc-refers-to-target-uri", headers.get("warc-target-uri", "a page"))
        raise InputError(f"a revisit of {uri[:300]}, which is not a page in this file before it")
    url = headers.get("warc-target-uri", "").strip("<> ") or page.url
    return replace(
        page,
        id=headers.get("warc-record-id", "").strip("<> ") or url or place,
        url=url,
        fetched=parse(headers.get("warc-date")),
        path=place,
    )


def _cut(record: Record) -> str | None:
    why = record.headers.get("warc-truncated")
    return f"the crawler cut it off ({why[:40]!a})" if why else None


class _Kept:
    """The pages of one file, outside of memory where they are many, for revisits to name."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._places: dict[str, tuple[int, int]] = {}
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def keep(self, record: Record, document: Document) -> None:
        """Keep the document of a response under all that a revisit may call it by."""
        if record.kind != "response":
            return
        data = pickle.dumps(document, pickle.HIGHEST_PROTOCOL)
        self._file.seek(self._end)
        self._file.write(data)
        for name in ("warc-payload-digest", "warc-record-id", "warc-target-uri"):
            if key := record.headers.get(name):
                self._places[f"{name} {key}"] = self._end, len(data)
        self._end += len(data)

    def find(self, record: Record) -> Document | None:
        """Return the document that a revisit names, by record, payload, or address."""
        headers = record.headers
        names = (
            ("warc-record-id", headers.get("warc-refers-to")),
            ("warc-payload-digest", headers.get("warc-payload-digest")),
            ("warc-target-uri", headers.get("warc-refers-to-target-uri")),
        )
        for name, key in names:
            if key and (place := self._places.get(f"{name} {key}")):
                self._file.seek(place[0])
                found: Document = pickle.loads(self._file.read(place[1]))  # noqa: S301 - own data
                return found
        return None
