"""Documents and verdicts as rows of an index."""

import json
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from provenance.index.verdict import Verdict, VerdictReason
from provenance.json_text import encode
from provenance.model import Document, Precision, Timestamp

_WORDS = ("source", "url", "canonical_url", "title", "language", "path")
_words_of = attrgetter(*_WORDS)


def document_row(document: Document) -> str:
    """Return what is known of a document besides its id and text, as JSON; '' for nothing.

    Metadata without a meaning of its own is left out.
    """
    words = zip(_WORDS, _words_of(document), strict=True)
    known: dict[str, object] = {name: value for name, value in words if value is not None}
    if document.url == document.id:
        known["url"] = 1  # the usual case, not worth writing twice
    if document.authors:
        known["authors"] = document.authors
    for name in ("published", "fetched"):
        if (date := getattr(document, name)) is not None:
            known[name] = [date.text, date.precision.value, date.earliest, date.latest]
    if document.offsets_of != "file":
        known["offsets_of"] = document.offsets_of
    return encode(known) if known else ""


def document_of(name: str, row: str, text: str) -> Document:
    """Return the document that `document_row` wrote."""
    known: dict[str, Any] = json.loads(row) if row else {}
    if known.get("url") == 1:
        known["url"] = name
    if "authors" in known:
        known["authors"] = tuple(known["authors"])
    for field in ("published", "fetched"):
        if field in known:
            known[field] = _date(known[field])
    return Document(id=name, text=text, **known)


def _date(values: Sequence[Any]) -> Timestamp:
    text, precision, earliest, latest = values
    return Timestamp(text, Precision(precision), earliest, latest)


def verdict_row(verdict: Verdict) -> str:
    """Return a verdict as JSON; '' for that of a new document."""
    if verdict.reason == VerdictReason.NEW:
        return ""
    return encode(verdict.to_row())


def verdict_of(name: str, row: str) -> Verdict:
    """Return the verdict that `verdict_row` wrote."""
    if not row:
        return Verdict(name, keep=True, reason=VerdictReason.NEW)
    return Verdict.from_row(name, json.loads(row))
