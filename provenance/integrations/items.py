"""Scraped items of any kind (dict, Item, dataclass, attrs, pydantic) to documents."""

from collections.abc import Mapping
from typing import Any, Final

from provenance.errors import ConfigError, MissingExtra
from provenance.model import Document
from provenance.readers.ids import escaped
from provenance.readers.items import Unnamed
from provenance.readers.records import ALIASES, from_record

_OF_SEVERAL: Final = ("text", "authors")  # fields for which a list means all of it


class ItemReader:
    """Makes documents of items, whose fields go by the names that all readers know.

    `fields` names other ones: `{"text": "content"}` takes the text from the item's `content` and
    nowhere else. Raises `ConfigError` for a field that documents do not have.
    """

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        self._fields = dict(fields or {})
        for name in self._fields:
            if name not in ALIASES:
                raise ConfigError(f"documents have no field {name!r}, only {', '.join(ALIASES)}")
        try:
            from itemadapter import ItemAdapter
        except ImportError:
            raise MissingExtra("reading items", "scrapy") from None
        self._adapt: Any = ItemAdapter

    def document(self, item: object, path: str) -> Document:
        """Return the document of an item, called `path` where it has neither an id nor a URL.

        Of a list of strings, as item loaders give it, the text is all, one a line, and any other
        field the first. Raises `InputError` where the item has no text.
        """
        record: dict[str, object] = self._adapt(item).asdict()
        mapped = {field: record.get(own) for field, own in self._fields.items()}
        for own in self._fields.values():
            record.pop(own, None)
        for field, value in mapped.items():
            record |= dict.fromkeys(ALIASES[field])
            record[ALIASES[field][0]] = value
        for field, names in ALIASES.items():
            for name in names:
                if name in record:
                    record[name] = _single(field, record[name])
        found = from_record({k: v for k, v in record.items() if v is not None}, path)
        return escaped(found.document if isinstance(found, Unnamed) else found)


def _single(field: str, value: object) -> object:
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        return value
    if field == "text":
        return "\n".join(value)
    if field in _OF_SEVERAL:
        return list(value)
    return value[0] if value else None
