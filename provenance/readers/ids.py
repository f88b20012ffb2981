"""Ids that stay the same whatever else is read, and whatever its order."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from provenance.errors import InputError
from provenance.model import Document, Skipped
from provenance.readers.items import Item, Note, Unnamed

DuplicateIds = Literal["error", "suffix"]


def assign_ids(
    items: Iterable[tuple[str, Item]], duplicate_ids: DuplicateIds = "error"
) -> Iterator[Document | Skipped | Note]:
    """Yield documents whose ids are all different, with what else there is among them.

    `items` are pairs of where something lies (for messages) and what it is. A record's own id
    stays as it is. Where URLs or paths are shared (or clash with a record's own id), each of
    the documents gets '#' and eight digits of the SHA-256 of its text, and equal texts '-2',
    '-3' besides: so nothing hangs on which was read first. Ids that would begin with '~', the
    mark of a hidden source, begin with '%7E'.

    A record's own id given twice raises `InputError`; with "suffix" it is treated as a shared
    URL. What needs no look at the rest is yielded at once, the other documents at the end.
    """
    places: dict[str, tuple[str, str | None]] = {}
    waiting: list[Document] = []
    for location, item in items:
        if isinstance(item, Unnamed):
            waiting.append(item.document)
        elif not isinstance(item, Document):
            yield item
        elif duplicate_ids == "suffix":
            waiting.append(item)
        else:
            document = escaped(item)
            here = (location, document.path)
            if (there := places.setdefault(document.id, here)) is not here:
                raise InputError(
                    f"the id {document.id!r} is given twice: {_place(*there)} and {_place(*here)};"
                    " make ids differ, or let --duplicate-ids suffix add a mark to them"
                )
            yield document
    yield from _settle(waiting, set(places))


def escaped(document: Document) -> Document:
    """Return a document whose id cannot be taken for that of a hidden source."""
    if document.id.startswith("~"):
        return replace(document, id=f"%7E{document.id[1:]}")
    return document


def _place(location: str, path: str | None) -> str:
    """Say where a record lies: the file as the user named it, and the number in it."""
    _, mark, number = (path or "").rpartition("#")
    return f"record {number} of {location}" if mark else location


def _settle(waiting: list[Document], taken: set[str]) -> Iterator[Document]:
    waiting = [escaped(document) for document in waiting]
    counts = Counter(document.id for document in waiting)
    clashing = [
        (index, hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()[:8])
        for index, document in enumerate(waiting)
        if counts[document.id] > 1 or document.id in taken
    ]
    taken |= {name for name, count in counts.items() if count == 1}

    def order(pair: tuple[int, str]) -> tuple[str, ...]:
        document = waiting[pair[0]]
        known = (document.source, document.title, document.authors, document.language)
        dates = (document.published, document.fetched)
        return document.id, pair[1], repr(known), repr(dates), document.path or ""

    for index, digest in sorted(clashing, key=order):
        name = base = f"{waiting[index].id}#{digest}"
        occurrence = 1
        while name in taken:
            occurrence += 1
            name = f"{base}-{occurrence}"
        taken.add(name)
        waiting[index] = replace(waiting[index], id=name)
    yield from waiting
