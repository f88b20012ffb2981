"""The texts behind a saved result: kept in it, or read again where they were read."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from provenance.errors import InputError
from provenance.model import Document, DocumentReport, Span
from provenance.output.folder import SavedResult
from provenance.readers import read

CONTEXT, LONGEST = 40, 160
_KEEP = "(scan with --save-texts to keep texts in the result)"


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by document id, each with the digest that it had; and why the others are not there."""

    found: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def words(self, span: Span) -> str | None:
        """Return the text of a span; None where the document's text is not there."""
        text = self.found.get(span.document)
        return None if text is None else text[span.start : span.end]

    def quote(self, span: Span) -> str | None:
        """Return a span in [brackets] with the words around it, a long one shortened."""
        text = self.found.get(span.document)
        if text is None:
            return None
        before, after = text[: span.start], text[span.end :]
        words = text[span.start : span.end]
        if len(words) > LONGEST:
            words = f"{_cut(words, LONGEST)} …"
        if len(before) > CONTEXT:
            before = f"… {_cut(before[::-1], CONTEXT)[::-1]}"
        if len(after) > CONTEXT:
            after = f"{_cut(after, CONTEXT)} …"
        return " ".join(f"{before}[{words}]{after}".split())


def _cut(text: str, length: int) -> str:
    """Return the beginning of a text, up to a space where there is one."""
    cut = text[:length]
    words, space, _ = cut.rpartition(" ")
    return words if space and not text[length : length + 1].isspace() else cut


def find_texts(result: SavedResult, ids: Iterable[str]) -> Texts:
    """Return the texts of some documents of a result, and a sentence for each that is not there.

    Only a text with the digest that the result has is returned. Where the result keeps no texts,
    the files that were scanned are read again: where they were, as seen from the directory of
    the scan or from this one.
    """
    texts = Texts()
    wanted = set(ids)
    reports = [report for report in result.documents if report.document.id in wanted]
    if result.texts is not None:
        kept = {name: text for name, text in result.texts if name in wanted}
        for report in reports:
            _take(texts, report, kept.get(report.document.id))
        return texts
    files: dict[Path, list[DocumentReport]] = {}
    for report in reports:
        place = report.document.path
        if place is None or place.rpartition("#")[0] == "-" or place == "-":
            texts.missing[report.document.id] = f"it was not read from a file {_KEEP}"
            continue
        location = next(_locations(result, place), None)
        if location is None:
            texts.missing[report.document.id] = f"{place} is not where it was {_KEEP}"
        else:
            files.setdefault(location, []).append(report)
    for location, inside in files.items():
        _read_file(texts, location, inside, result)
    return texts


def _take(texts: Texts, report: DocumentReport, text: str | None) -> None:
    from provenance.match.collapse import text_digest

    if text is not None and text_digest(text) == report.digest:
        texts.found[report.document.id] = text
    else:
        texts.missing[report.document.id] = "the text that the result keeps is damaged"


def _locations(result: SavedResult, place: str) -> Iterator[Path]:
    """Yield the files that a document's path can mean, in the order in which to try them."""
    given = result.run.get("paths")
    paths = given if isinstance(given, list) else []
    directory = result.run.get("directory")
    names = [place, place.rpartition("#")[0]]
    # A file in an archive is called by the archive's path and its own.
    names += map(str, [*PurePosixPath(names[1] or place).parents][:-1])
    for base in (directory, os.curdir):
        for path in paths:
            if not isinstance(base, str) or not isinstance(path, str):
                continue
            start = Path(base, path)
            files = (start / name if start.is_dir() else start for name in names if name)
            yield from (file for file in files if file.is_file() and file.name in _last(names))


def _last(names: Iterable[str]) -> set[str]:
    return {name.rpartition("/")[2] for name in names}


def _read_file(
    texts: Texts, location: Path, reports: Iterable[DocumentReport], result: SavedResult
) -> None:
    from provenance.match.collapse import text_digest

    said = ((name, result.run.get(name)) for name in ("encoding", "text_field"))
    options: dict[str, Any] = {name: value for name, value in said if isinstance(value, str)}
    if isinstance(limit := result.run.get("max_document"), int):
        options["max_document"] = limit
    wanted: dict[str, list[str]] = {}
    for report in reports:
        wanted.setdefault(report.digest, []).append(report.document.id)
    try:
        for item in read([location], duplicate_ids="suffix", **options):
            if isinstance(item, Document):
                for name in wanted.pop(text_digest(item.text), ()):
                    texts.found[name] = item.text
            if not wanted:
                return
    except InputError as error:
        why = str(error)
    else:
        why = f"{location.name} has changed since the scan"
    for names in wanted.values():
        texts.missing.update((name, f"{why} {_KEEP}") for name in names)
