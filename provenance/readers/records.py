"""Records of many extractors to documents: which field is which.

The names are those of trafilatura, news-please, fundus, newspaper4k, Zyte and schema.org,
FineWeb and its kin (datatrove), dolma and passim, besides this package's own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeVar

from provenance import timestamps
from provenance.errors import InputError
from provenance.model import Document
from provenance.readers.items import Unnamed, too_large
from provenance.readers.options import DEFAULTS, Adapter, FieldNames, ReadOptions
from provenance.readers.sites import site_of

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
_Fields = Mapping[str, tuple[str, int]]
# Dumps of crawls (FineWeb, RefinedWeb) name the crawl in `dump`; their dates are its dates.
_OF_DUMPS: Final[_Fields] = {"date": ("fetched", 10), "timestamp": ("fetched", 11)}
# Of fundus' nested `html` object these are read; it also holds the page itself.
_HTML_FIELDS: Final = ("responded_url", "requested_url", "crawl_date")
# Where structured data of a page lies in a record, and what there names the source of a text.
_HOLDERS: Final = ("meta", "meta_data", "jsonld", "json_ld", "ld", "opengraph", "open_graph")
_STATEMENTS: Final = (
    *("isBasedOn", "isBasedOnUrl", "creditText", "provider", "sourceOrganization"),
    *("syndication-source", "original-source", "dc.source", "og:url"),
)
_ADDRESSES: Final = ("http://", "https://")
_SHOWN_FIELDS: Final = 12
_Value = TypeVar("_Value")


def aliases(names: FieldNames) -> Mapping[str, tuple[str, ...]]:
    """Return the known names of each field; one that the user gives stands for all others."""
    given = {"text": names.text, "id": names.id, "published": names.date, "source": names.source}
    # An address or a title may be the id as well; any other name means one thing.
    chosen = {name for field, name in given.items() if name and field != "id"}
    return {
        field: (name,) if (name := given.get(field)) else tuple(a for a in known if a not in chosen)
        for field, known in ALIASES.items()
    }


@lru_cache(maxsize=64)
def _fields(names: FieldNames, *, of_dump: bool) -> _Fields:
    known = aliases(names)
    found: dict[str, tuple[str, int]] = {}
    for field, of in known.items():  # the id comes first, so that other meanings overrule it
        found |= {name: (field, rank) for rank, name in enumerate(of)}
    if of_dump:
        chosen = {names.text, names.date, names.source}
        found |= {name: place for name, place in _OF_DUMPS.items() if name not in chosen}
    return found


def known_names(names: FieldNames) -> frozenset[str]:
    """Return every name of a field that means something here, or may where others are present."""
    return frozenset(
        (*_fields(names, of_dump=True), "dump", "metadata", "html", *_STATEMENTS, *_HOLDERS)
    )


def from_record(record: object, path: str, options: ReadOptions = DEFAULTS) -> Document | Unnamed:
    """Make a document of one record; fields without a meaning here become its metadata.

    Raises `InputError` where it is no mapping or has no text, an unusable text, or an unusable
    id. Any other field that cannot be used (a wrong type, no date) counts as metadata.
    """
    if options.adapter is not None and isinstance(record, dict):
        record = _adapted(options.adapter, record)
        if isinstance(record, Document):
            return replace(record, path=record.path or path)
    if not isinstance(record, dict):
        raise InputError(f"the record is {_kind(record)}, not an object")
    if "metadata" in record or "html" in record:
        record = _flattened(record, options.fields)
    fields = _fields(options.fields, of_dump="dump" in record)
    found: dict[str, list[tuple[int, str]]] = {}
    metadata: dict[str, object] = {}
    for name, value in record.items():
        if name not in fields:
            metadata[name] = value
        elif value is not None:
            field, rank = fields[name]
            if field == "source" and _is_address(value):
                if name == "source":
                    field, rank = "url", len(ALIASES["url"])
                elif name == options.fields.source:
                    record = {**record, name: site_of(str(value).strip())}
            found.setdefault(field, []).append((rank, name))
    for names in found.values():
        names.sort()

    text, offsets_of = _text(record, found.get("text"), metadata, options)
    given = options.fields.id or "id"
    own = _own_id(record[given]) if record.get(given) is not None else None
    canonical_url = _take(found.get("canonical_url"), _words, record, metadata)
    url = _take(found.get("url"), _words, record, metadata) or canonical_url
    published, published_from = None, None
    for _, name in found.get("published", ()):
        if published is None and (published := timestamps.parse(record[name])) is not None:
            published_from = name
        else:
            metadata[name] = record[name]
    document = Document(
        id=own or url or path,
        text=text,
        source=_take(found.get("source"), _name, record, metadata) or site_of(url),
        url=url,
        canonical_url=canonical_url,
        title=_take(found.get("title"), _words, record, metadata),
        authors=_take(found.get("authors"), _authors, record, metadata) or (),
        published=published,
        published_from=published_from,
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


def _adapted(adapter: Adapter, record: Mapping[str, object]) -> object:
    """Return what the user's adapter makes of a record; its own errors become `InputError`."""
    try:
        adapted = adapter(record)
    except Exception as error:
        raise InputError(f"the adapter failed: {type(error).__name__}: {error}") from error
    if adapted is None:
        raise InputError("left out by the adapter")
    if isinstance(adapted, Document | dict):
        return adapted
    if isinstance(adapted, Mapping):
        return dict(adapted)
    raise InputError(f"the adapter returned {type(adapted).__name__}, not a mapping or Document")


def _flattened(record: Mapping[str, object], names: FieldNames) -> Mapping[str, object]:
    """Lift what nested objects know about a document to the record, which itself comes first."""
    flat = dict(record)
    if isinstance(html := record.get("html"), dict):
        for name in _HTML_FIELDS:
            flat.setdefault(name, html.get(name))
        flat["html"] = {name: value for name, value in html.items() if name not in _HTML_FIELDS}
    if isinstance(nested := record.get("metadata"), dict):
        del flat["metadata"]
        for name, value in nested.items():
            if _fields(names, of_dump=False).get(name, ("",))[0] not in ("id", "text"):
                flat.setdefault(name, value)
    return flat


def _text(
    record: Mapping[str, object],
    names: list[tuple[int, str]] | None,
    metadata: dict[str, object],
    options: ReadOptions,
) -> tuple[str, str]:
    """Return the text, and whether its offsets are those of a field."""
    if not names:
        raise InputError(no_text(record, options.fields))
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
    if len(value) > options.max_document:
        raise InputError(f"the text ({name}) is {too_large(options.max_document)}")
    return value, offsets_of


def no_text(there: Iterable[str], names: FieldNames) -> str:
    """Say that none of the fields that are there holds the text, and which option helps."""
    fields = list(there)
    shown = ", ".join(ascii(str(name)[:40]) for name in fields[:_SHOWN_FIELDS])
    more = len(fields) - _SHOWN_FIELDS
    shown += f" and {more} more" if more > 0 else ""
    what = f"no text in a field {names.text!r}" if names.text else "no text"
    if not fields:
        return f"{what}: no fields"
    return f"{what}: the fields are {shown} (--text-field names the one that holds it)"


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
