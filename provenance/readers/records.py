"""Records of many extractors to documents: which field is which.

The names are those of trafilatura, news-please, fundus, newspaper4k, Zyte and schema.org,
FineWeb and its kin (datatrove), dolma and passim, besides this package's own.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar
from urllib.parse import urlsplit

from provenance import timestamps
from provenance.errors import InputError
from provenance.model import Document
from provenance.readers.items import Unnamed

# Of several names in one record the first with a usable value counts. The names that only one
# extractor uses come first: they tell its records apart.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "id": ("id",),
        "text": ("maintext", "articleBody", "plaintext", "text", "raw_text", "body", "content"),
        "url": ("url", "responded_url", "requested_url"),
        "canonical_url": ("canonical_url", "canonical_link", "canonicalUrl"),
        "source": (
            *("source", "source-hostname", "sitename", "publisher", "source_domain", "series"),
            "hostname",
        ),
        "title": ("title", "headline"),
        "authors": ("authors", "author"),
        "published": (
            *("published", "date_publish", "publishing_date", "publish_date", "datePublished"),
            *("created", "date"),
        ),
        "fetched": (
            *("fetched", "date_download", "crawl_date", "dateDownloaded", "added", "filedate"),
        ),
        "language": ("language", "lang", "meta_lang", "inLanguage"),
    }
)
_Fields = dict[str, tuple[str, int]]
_FIELDS: Final[_Fields] = {
    name: (field, rank) for field, names in ALIASES.items() for rank, name in enumerate(names)
}
# Dumps of crawls (FineWeb, RefinedWeb) name the crawl in `dump`; their dates are its dates.
_DUMP_FIELDS: Final[_Fields] = {**_FIELDS, "date": ("fetched", 10), "timestamp": ("fetched", 11)}
# Of fundus' nested `html` object these are read; it also holds the page itself.
_HTML_FIELDS: Final = ("responded_url", "requested_url", "crawl_date")
_ADDRESSES: Final = ("http://", "https://")
_SHOWN_FIELDS: Final = 12
_Value = TypeVar("_Value")


def from_record(record: object, path: str) -> Document | Unnamed:
    """Make a document of one record; fields without a meaning here become its metadata.

    Raises `InputError` where it is no mapping or has no text, an unusable text, or an unusable
    id. Any other field that cannot be used (a wrong type, no date) counts as metadata.
    """
    if not isinstance(record, dict):
        raise InputError(f"the record is {_kind(record)}, not an object")
    if "metadata" in record or "html" in record:
        record = _flattened(record)
    fields = _DUMP_FIELDS if "dump" in record else _FIELDS
    found: dict[str, list[tuple[int, str]]] = {}
    metadata: dict[str, object] = {}
    for name, value in record.items():
        if name not in fields:
            metadata[name] = value
        elif value is not None:
            field, rank = fields[name]
            if name == "source" and _is_address(value):
                field, rank = "url", len(ALIASES["url"])
            found.setdefault(field, []).append((rank, name))
    for names in found.values():
        names.sort()

    text, offsets_of = _text(record, found.get("text"), metadata)
    own = _own_id(record[found["id"][0][1]]) if "id" in found else None
    canonical_url = _take(found.get("canonical_url"), _words, record, metadata)
    url = _take(found.get("url"), _words, record, metadata) or canonical_url
    document = Document(
        id=own or url or path,
        text=text,
        source=_take(found.get("source"), _name, record, metadata) or (_host(url) if url else None),
        url=url,
        canonical_url=canonical_url,
        title=_take(found.get("title"), _words, record, metadata),
        authors=_take(found.get("authors"), _authors, record, metadata) or (),
        published=_take(found.get("published"), timestamps.parse, record, metadata),
        fetched=_take(found.get("fetched"), timestamps.parse, record, metadata),
        language=_take(found.get("language"), _name, record, metadata),
        metadata=metadata,
        path=path,
        offsets_of=offsets_of,
    )
    return document if own else Unnamed(document)


def _take(
    names: list[tuple[int, str]] | None,
    read: Callable[[object], _Value | None],
    record: Mapping[str, object],
    metadata: dict[str, object],
) -> _Value | None:
    """Return the first value that can be read; the others become metadata."""
    taken = None
    for _, name in names or ():
        if taken is None:
            taken = read(record[name])
            if taken is not None:
                continue
        metadata[name] = record[name]
    return taken


def _flattened(record: Mapping[str, object]) -> Mapping[str, object]:
    """Lift what nested objects know about a document to the record, which itself comes first."""
    flat = dict(record)
    if isinstance(html := record.get("html"), dict):
        for name in _HTML_FIELDS:
            flat.setdefault(name, html.get(name))
        flat["html"] = {name: value for name, value in html.items() if name not in _HTML_FIELDS}
    if isinstance(nested := record.get("metadata"), dict):
        del flat["metadata"]
        for name, value in nested.items():
            if _FIELDS.get(name, ("",))[0] not in ("id", "text"):
                flat.setdefault(name, value)
    return flat


def _text(
    record: Mapping[str, object], names: list[tuple[int, str]] | None, metadata: dict[str, object]
) -> tuple[str, str]:
    """Return the text, and whether its offsets are those of a field."""
    if not names:
        shown = [name[:40] for name in list(record)[:_SHOWN_FIELDS]]
        more = len(record) - len(shown)
        there = ", ".join(map(ascii, shown)) + (f" and {more} more" if more else "")
        raise InputError(f"no text: the fields are {there}" if record else "no text: no fields")
    (_, name), *others = names
    for _, other in others:
        metadata[other] = record[other]
    value, offsets_of = record[name], "field"
    if isinstance(value, dict) and (joined := _joined(value)):
        value, offsets_of = joined, "extracted"
    if not isinstance(value, str):
        raise InputError(f"the text ({name}) is {_kind(value)}, not a string")
    if not value or value.isspace():
        raise InputError(f"empty text ({name})")
    return value, offsets_of


def _joined(body: Mapping[str, object]) -> str:
    """Join the parts of fundus' article body by blank lines, as fundus does."""
    parts: list[object] = [body.get("summary")]
    sections = body.get("sections")
    for section in sections if isinstance(sections, list) else ():
        if isinstance(section, dict):
            parts += [section.get("headline"), section.get("paragraphs")]
    lists = [part for part in parts if isinstance(part, list)]
    return "\n\n".join(text for part in lists for text in part if isinstance(text, str))


def _own_id(value: object) -> str | None:
    """Read an id: a string or a number; an empty one is none."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise InputError(f"the id is {_kind(value)}, not a string or a number")


def _kind(value: object) -> str:
    """Name a type in JSON's words."""
    if value is None:
        return "null"
    kinds = {dict: "an object", list: "a list", bool: "true or false", str: "a string"}
    return kinds.get(type(value), "a number")


def _words(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _name(value: object) -> str | None:
    """Read a name: a string, or the name of a thing as schema.org writes it."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("name")
    return _words(value)


def _authors(value: object) -> tuple[str, ...] | None:
    """Read authors: one name, names with semicolons between, or a list of names or things."""
    if isinstance(value, str):
        value = value.split(";")
    names = map(_name, value if isinstance(value, list) else [value])
    return tuple(name for name in names if name) or None


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.lstrip()[:8].lower().startswith(_ADDRESSES)


def _host(url: str) -> str | None:
    """Return the host of a URL in lower case, without 'www.' and port."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.").rstrip(".") or None if host else None
