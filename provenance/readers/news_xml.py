"""News in XML: RSS and Atom feeds, NewsML-G2 and NITF.

Entities that a file defines are never expanded, and nothing outside of it is loaded.
"""

import html
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from provenance import timestamps
from provenance.errors import InputError, MissingExtra
from provenance.model import Document, Skipped, Timestamp
from provenance.readers.encodings import refuse_binary
from provenance.readers.entities import without_names
from provenance.readers.items import Item, Note, Opened, Unnamed
from provenance.readers.markup import text_of, text_of_fragment
from provenance.readers.sites import site_of
from provenance.readers.streams import put_back

_Fields = dict[str, Any]
_SAMPLE: Final = 1 << 16
_LONGEST: Final = 1000


def read_xml(opened: Opened) -> Iterator[Item]:
    """Yield a document for every item of a feed or news file, numbered from 1.

    Its id is the item's address or name. Damaged XML is read as far as it goes, with a note.
    Raises `InputError` where the file is none of these formats or defines entities.
    """
    etree = _etree()
    start = opened.stream.read(_SAMPLE)
    if not start.strip():
        raise InputError("empty file")
    refuse_binary(start)
    if b"<!ENTITY" in start:
        raise InputError("XML that defines entities of its own, which are not expanded")
    events = etree.iterparse(
        without_names(put_back(start, opened.stream)),
        events=("start", "end"),
        encoding=opened.options.encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    number = 0
    feed: _Fields = {}
    root = ""
    try:
        for event, element in events:
            name = _local(element)
            if event == "start":
                root = root or name
                continue
            if name not in _ITEMS or not _is_outermost(element):
                _of_feed(feed, element, name)
                continue
            number += 1
            place = f"{opened.path}#{number}"
            try:
                yield Unnamed(_document(_ITEMS[name](element, feed), place, opened))
            except (InputError, MissingExtra) as error:
                yield Skipped(place, str(error))
            element.clear(keep_tail=False)
            while (before := element.getprevious()) is not None and before.tag == element.tag:
                element.getparent().remove(before)
    except etree.XMLSyntaxError as error:
        raise InputError(f"broken XML: {str(error)[:200]}") from None
    problems = events.error_log
    if not number and problems:
        raise InputError(f"broken XML: {problems[0].message[:200]}")
    if not number:
        raise InputError(f"no news in this XML, whose root is {root[:60]!a}")
    if problems:
        yield Note(opened.path, f"broken XML, read as far as it goes: {problems[0].message[:200]}")


def _etree() -> Any:  # noqa: ANN401 - lxml has no types
    try:
        from lxml import etree
    except ImportError:
        raise MissingExtra("XML", "xml") from None
    return etree


def _document(fields: _Fields, place: str, opened: Opened) -> Document:
    text = fields.get("text") or ""
    if not text or text.isspace():
        raise InputError("an item without text")
    if len(text) > opened.options.max_document:
        raise InputError("larger than a document may be (--max-document allows more)")
    date: tuple[Timestamp, str] | None = fields.get("published")
    url = fields.get("url")
    return Document(
        id=url or fields.get("id") or place,
        text=text,
        source=fields.get("source") or site_of(url),
        url=url,
        title=fields.get("title"),
        authors=tuple(dict.fromkeys(filter(None, fields.get("authors", ())))),
        published=date[0] if date else None,
        published_from=date[1] if date else None,
        language=fields.get("language"),
        metadata={"meta": fields["meta"]} if fields.get("meta") else {},
        path=place,
        offsets_of="extracted",
    )


def _is_outermost(element: Any) -> bool:  # noqa: ANN401
    """Tell whether no element around this one is an item, too: NewsML wraps NITF."""
    return not any(_local(above) in _ITEMS for above in element.iterancestors())


def _of_feed(feed: _Fields, element: Any, name: str) -> None:  # noqa: ANN401
    """Remember what a feed says of all its items."""
    parent = element.getparent()
    if parent is None or _local(parent) not in ("channel", "feed"):
        return
    if name in ("title", "language", "link") and element.text and element.text.strip():
        feed.setdefault(name, _text(element))


# One function for each kind of item.


def _rss(item: Any, feed: _Fields) -> _Fields:  # noqa: ANN401
    child = _children(item)
    body = child.get("encoded", child.get("description"))
    guid = _text(child.get("guid"))
    link = _text(child.get("link"))
    if not link and guid and guid.startswith(("http://", "https://")):
        link = guid
    meta = {}
    if (origin := child.get("source")) is not None:  # the feed that the item was taken from
        meta["syndication-source"] = origin.get("url") or _text(origin)
    return {
        "id": guid,
        "url": link,
        "title": _text(child.get("title")),
        "text": text_of_fragment(_all_text(body)) if body is not None else None,
        "authors": [_text(child.get("creator")) or _text(child.get("author"))],
        "published": _first(_dated(child.get("pubDate")), _dated(child.get("date"))),
        "language": feed.get("language"),
        "source": None if site_of(link) else feed.get("title"),
        "meta": meta,
    }


def _atom(entry: Any, feed: _Fields) -> _Fields:  # noqa: ANN401
    child = _children(entry)
    links = [part for part in entry if _local(part) == "link"]
    link = next((x.get("href") for x in links if x.get("rel", "alternate") == "alternate"), None)
    via = next((x.get("href") for x in links if x.get("rel") == "via"), None)
    body = child.get("content")
    if body is None or not (len(body) or _text(body)):
        body = child.get("summary")
    text = None
    if body is not None:
        kind = body.get("type", "text")
        text = text_of(body) if len(body) else _all_text(body)
        text = text_of_fragment(text) if kind in ("html", "text/html") else text.strip()
    authors = [_text(_find(part, "name")) for part in entry if _local(part) == "author"]
    meta = {"syndication-source": via} if via else {}
    return {
        "id": _text(child.get("id")),
        "url": link,
        "title": _text(child.get("title")),
        "text": text,
        "authors": authors,
        "published": _dated(child.get("published")),
        "language": entry.get("{http://www.w3.org/XML/1998/namespace}lang"),
        "source": None if site_of(link) else feed.get("title"),
        "meta": meta,
    }


def _nitf(nitf: Any, _feed: _Fields) -> _Fields:  # noqa: ANN401
    body = _find(nitf, "body")
    content = _find(body, "body.content") if body is not None else None
    headline = _find(nitf, "hl1")
    issued = _find(nitf, "date.issue")
    if issued is None:
        issued = _find(nitf, "story.date")
    name = _find(nitf, "doc-id")
    byline = _text(_find(nitf, "byline"))
    distributor = _text(_find(nitf, "distributor"))
    publication = _find(nitf, "pubdata")
    return {
        "id": name.get("id-string") if name is not None else None,
        "title": _text(headline) or _text(_find(nitf, "title")),
        "text": text_of(content if content is not None else body) if body is not None else None,
        "authors": [byline.removeprefix("By ")] if byline else [],
        "published": _dated(issued),
        "source": publication.get("name") if publication is not None else None,
        "meta": {"provider": distributor} if distributor else {},
    }


def _newsml(item: Any, _feed: _Fields) -> _Fields:  # noqa: ANN401
    about, content = _find(item, "itemMeta"), _find(item, "contentMeta")
    meta: dict[str, object] = {}
    if (credit := _text(_find(content, "creditline"))) is not None:
        meta["creditText"] = credit
    if (origin := _named(_find(content, "infoSource"))) is not None:
        meta["sourceOrganization"] = origin
    published = _first(
        _dated(_find(about, "versionCreated")),
        _dated(_find(about, "firstCreated")),
        _dated(_find(content, "contentCreated")),
    )
    inner = _find(item, "inlineXML")
    nitf = _find(inner, "nitf") if inner is not None else None
    fields: _Fields = _nitf(nitf, {}) if nitf is not None else {}
    text = fields.get("text") or (text_of(inner) if inner is not None else None)
    if not text and (plain := _find(item, "inlineData")) is not None:
        text = _all_text(plain).strip()
    language = _find(content, "language")
    return {
        "id": item.get("guid"),
        "title": _text(_find(content, "headline")) or fields.get("title"),
        "text": text,
        "authors": [_text(_find(content, "by")) or next(iter(fields.get("authors", ())), None)],
        "published": published or fields.get("published"),
        "language": language.get("tag") if language is not None else None,
        "source": _named(_find(about, "provider")) or fields.get("source"),
        "meta": meta,
    }


_ITEMS: Final[Mapping[str, Callable[[Any, _Fields], _Fields]]] = MappingProxyType(
    {"item": _rss, "entry": _atom, "nitf": _nitf, "newsItem": _newsml}
)


# What is in an element.


def _local(element: Any) -> str:  # noqa: ANN401
    """Return the name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(element: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the first child of each name."""
    found: dict[str, Any] = {}
    for child in element:
        found.setdefault(_local(child), child)
    return found


def _find(element: Any, name: str) -> Any:  # noqa: ANN401
    """Return the first element of a name below another; None where there is none."""
    if element is None:
        return None
    return next((below for below in element.iter() if _local(below) == name), None)


def _all_text(element: Any) -> str:  # noqa: ANN401
    """Return all text in an element; of the entities of HTML, the characters."""
    pieces = []
    for below in element.iter():
        if not isinstance(below.tag, str):
            pieces.append(html.unescape(below.text or ""))
        elif below.text:
            pieces.append(below.text)
        if below is not element and below.tail:
            pieces.append(below.tail)
    return "".join(pieces)


def _text(element: Any) -> str | None:  # noqa: ANN401
    if element is None:
        return None
    return " ".join(_all_text(element).split())[:_LONGEST] or None


def _named(element: Any) -> str | None:  # noqa: ANN401
    """Return the name of a party of NewsML: in words, as a literal, or as a code."""
    if element is None:
        return None
    words = _text(_find(element, "name")) or element.get("literal")
    return words or (element.get("qcode") or "").rpartition(":")[2] or None


def _dated(element: Any) -> tuple[Timestamp, str] | None:  # noqa: ANN401
    """Read the date of an element, and say which element it was."""
    if element is None:
        return None
    date = timestamps.parse(element.get("norm") or _text(element))
    return (date, f"the element {_local(element)}") if date else None


def _first(*dates: tuple[Timestamp, str] | None) -> tuple[Timestamp, str] | None:
    return next(filter(None, dates), None)
