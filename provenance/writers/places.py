"""Where each document of a result stands: in which file, and as which record of it."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provenance.errors import InputError
from provenance.match.collapse import text_digest
from provenance.model import Document, Skipped, Timestamp
from provenance.readers import Note, ReadOptions, read_file
from provenance.readers.ids import escaped
from provenance.readers.items import Unnamed
from provenance.readers.paths import STANDARD_INPUT, InputFile, find
from provenance.writers.decisions import Decision

WHOLE = 0  # the number of a document that is a whole file
_CHANGED = "the input has changed since it was scanned; scan it again. Nothing was written"


@dataclass(frozen=True, slots=True)
class InputState:
    """What tells that a file is still the one that was read: size in bytes and time of change."""

    size: int
    changed: int

    @classmethod
    def of(cls, location: str) -> "InputState":
        """Return the state of a file as it is now; raises `OSError`."""
        status = Path(location).stat()
        return cls(status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Placed:
    """A file to write, called `name` in the output, and the decisions on its records by number."""

    file: InputFile
    name: str
    state: InputState
    decisions: Mapping[int, Decision]


def input_files(paths: Sequence[str]) -> list[tuple[InputFile, str]]:
    """Return the files under the paths with the name of each in an output folder.

    What lies in a folder keeps its path in it, below the folder's own name where several paths
    are given. Raises `InputError` for standard input and where two files have one name.
    """
    if STANDARD_INPUT in paths:
        raise InputError("standard input cannot be read twice: save it to a file first")
    if remote := next((path for path in paths if "://" in path), None):
        raise InputError(f"{remote} is an address: save its files in a folder first")
    found = [file for file in find(paths) if isinstance(file, InputFile)]
    name_of: dict[str, str] = {}
    for path in paths:
        folder = Path(path).is_dir() and len(paths) > 1
        prefix = f"{Path(path).resolve().name}/" if folder else ""
        for file in find([path]):
            if isinstance(file, InputFile):
                name_of.setdefault(file.location, prefix + file.path)
    named = [(file, name_of[file.location]) for file in found]
    first: dict[str, InputFile] = {}
    for file, name in named:
        other = first.setdefault(os.path.normcase(name), file)
        if other is not file:
            raise InputError(
                f"{other.location} and {file.location} would both be written as {name}; "
                "give the folder above them, or one at a time"
            )
    return named


def place(
    files: Iterable[tuple[InputFile, str]], decisions: Iterable[Decision], options: ReadOptions
) -> Iterator[Placed]:
    """Read the input again and yield its files, each with the decisions on its records.

    A record takes the decision on a document that was read at its place with its id, its text
    (by digest) and its fields, never that of a position alone. Raises `InputError` where a
    record has none, a document is not found, or something stands in it that is no document's.
    """
    waiting: dict[str, list[Decision]] = {}
    for decision in decisions:
        waiting.setdefault(decision.document["path"], []).append(decision)
    for file, name in files:
        yield Placed(file, name, *_decisions(file, waiting, options))
    for left in waiting.values():
        if left:
            raise InputError(f"{left[0].document['id']!r} is not there any more: {_CHANGED}")


def _decisions(
    file: InputFile, waiting: Mapping[str, list[Decision]], options: ReadOptions
) -> tuple[InputState, dict[int, Decision]]:
    taken: dict[int, Decision] = {}
    try:
        state = InputState.of(file.location)
        for item in read_file(file, options):
            if isinstance(item, Skipped | Note):
                continue
            document = escaped(item.document if isinstance(item, Unnamed) else item)
            path = document.path or ""
            number = record_number(file.path, path)
            if number is None:  # in an archive, where there are no numbers: any that is none
                number = -1 - len(taken)
            decision = _claim(waiting.get(path, []), document)
            if decision is None or number in taken:
                raise InputError(f"{path} of {file.location}: {_CHANGED}")
            taken[number] = decision
    except OSError as error:
        raise InputError(f"{file.location} cannot be read again: {error.strerror}") from None
    return state, taken


def record_number(file_path: str, path: str) -> int | None:
    """Return the number of a record in its file, from 1, or `WHOLE`; None for one in an archive."""
    if path == file_path:
        return WHOLE
    digits = path.removeprefix(f"{file_path}#")
    if digits == path or not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits)


def _claim(candidates: list[Decision], document: Document) -> Decision | None:
    """Take the decision on this very document from those on documents read at its place.

    Several files may have one path in their folders. Of decisions that fit all the same, an id
    that is the record's own goes before one that had to be made to differ.
    """
    known = _known(document)
    fitting = [d for d in candidates if _row_known(d) == known and _is_id(d, document.id)]
    if not fitting:
        return None
    chosen = min(fitting, key=lambda d: (d.document["id"] != document.id, d.document["id"]))
    candidates.remove(chosen)
    return chosen


def _is_id(decision: Decision, own: str) -> bool:
    name = decision.document["id"]
    return bool(name == own or name.startswith(f"{own}#"))


def _known(document: Document) -> tuple[object, ...]:
    def said(date: Timestamp | None) -> str | None:
        return None if date is None else date.text

    return (
        *(text_digest(document.text), document.source, document.url, document.title),
        *(said(document.published), said(document.fetched), document.language),
    )


def _row_known(decision: Decision) -> tuple[object, ...]:
    row = decision.document
    names = ("digest", "source", "url", "title", "published", "fetched", "language")
    return tuple(row[name] for name in names)
