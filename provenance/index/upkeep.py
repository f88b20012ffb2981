"""What is done with a whole index: its figures, its check against itself, its export."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.errors import StoreError
from provenance.index.arrivals import Keyer
from provenance.index.folder import FolderStore
from provenance.index.keys import Kind
from provenance.index.runs import NUMBER_BITS, open_run
from provenance.index.store import Stored
from provenance.model import Document

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS = ("figure", "value")
_FIELDS = ("source", "url", "canonical_url", "title", "authors", "published", "fetched", "language")
_COUNTS = """
SELECT count(*), coalesce(sum(kept), 0), coalesce(sum(length(body)), 0), min(arrived), max(arrived)
FROM document"""
_REASONS = """
SELECT coalesce(json_extract(nullif(verdict, ''), '$.reason'), 'new'), count(*)
FROM document GROUP BY 1 ORDER BY 1"""


def figures(store: FolderStore) -> list[dict[str, object]]:
    """Return what there is to say of an index, one row a figure."""
    execute = store.tables.connection.execute
    documents, kept, bodies, first, last = execute(_COUNTS).fetchone()
    runs = store.postings.runs
    size = sum(path.stat().st_size for path in store.folder.iterdir())
    found: dict[str, object] = {"documents": documents, "kept": kept}
    found |= {f"verdict {reason}": count for reason, count in execute(_REASONS)}
    (recent,) = execute("SELECT count(*) FROM recent").fetchone()
    (common,) = execute("SELECT count(*) FROM common").fetchone()
    found |= {
        "first arrival": first,
        "last arrival": last,
        "bytes": size,
        "bytes a document": round(size / max(documents, 1)),
        "bytes of texts": bodies,
        "runs": len(runs),
        "postings in runs": sum(len(run.postings) for run in runs),
        "documents in no run": recent,
        "documents removed since compaction": len(store.postings.gone),
        "passage keys of boilerplate": common,
        "keys with more documents than are seen": _capped(store),
        "fingerprint of the settings": store.settings.fingerprint,
    }
    found |= {f"setting {name}": value for name, value in store.settings.to_json().items()}
    return [{"figure": name, "value": value} for name, value in found.items()]


def _capped(store: FolderStore) -> int:
    """Return how many keys have more documents in one run than are seen of all."""
    capped: list[NDArray[np.uint64]] = [np.empty(0, np.uint64)]
    for run in store.postings.runs:
        keys = run.postings >> np.uint64(NUMBER_BITS)
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
        counts = np.diff(np.append(starts, len(keys)))
        capped.append(keys[starts[counts > store.settings.holders]])
    return len(np.unique(np.concatenate(capped)))


def stored_keys(keyer: Keyer, stored: Stored) -> "NDArray[np.uint64]":
    """Return the keys that a stored document is found by."""
    keys = keyer.keys([stored.document])
    return keys.values if stored.kept else keys.values[keys.kinds == Kind.ID]


def problems(store: FolderStore, keyer: Keyer) -> Iterator[str]:
    """Yield what is wrong with an index, checked against itself; nothing where all is well.

    The pages of the database, the checksums and ranges of the runs, every text against its
    digest, and every key of every document in the postings.
    """
    for (line,) in store.tables.connection.execute("PRAGMA integrity_check").fetchall():
        if line != "ok":
            yield f"the database: {line}"
    state = store.tables.state(0)
    last = 0
    for row in state.runs:
        if row.first != last + 1:
            yield f"no run has the documents {last + 1} to {row.first - 1}"
        last = row.last
        try:
            open_run(store.folder / row.name, row.first, row.last, row.count)
        except StoreError as error:
            yield str(error)
    if len(store.postings.runs) < len(state.runs):
        return
    recent = {number: keys for number, keys in state.recent if number > last}
    for stored in _readable(store):
        if isinstance(stored, str):
            yield stored
        elif not _found(store, stored.number, stored_keys(keyer, stored), recent):
            yield f"the keys of {stored.id} are incomplete"


def _readable(store: FolderStore) -> Iterator[Stored | str]:
    """Yield the documents, and for each that cannot be read the reason."""
    behind = 0
    while rows := store.tables.documents_behind(behind):
        for row in rows:
            try:
                yield store.read(row)
            except StoreError as error:
                yield str(error)
        behind = rows[-1][0]


def _found(
    store: FolderStore,
    number: int,
    keys: "NDArray[np.uint64]",
    recent: "dict[int, NDArray[np.uint64]]",
) -> bool:
    if number in recent:
        return bool(np.isin(keys, recent[number]).all())
    for run in store.postings.runs:
        if run.first <= number <= run.last:
            wanted = (keys << np.uint64(NUMBER_BITS)) | np.uint64(number - run.first)
            places = np.minimum(np.searchsorted(run.postings, wanted), len(run.postings) - 1)
            return bool(len(run.postings)) and bool((run.postings[places] == wanted).all())
    return False


def export(store: FolderStore) -> Iterator[dict[str, Any]]:
    """Yield a record for each kept document, in order of arrival, with its verdict."""
    for stored in store.documents():
        if stored.kept:
            record = _record(stored.document)
            verdict = {"arrived": stored.arrived, **stored.verdict.to_row()}
            yield record | {"provenance": verdict}


def _record(document: Document) -> dict[str, Any]:
    record: dict[str, Any] = {"id": document.id}
    for name in _FIELDS:
        value = getattr(document, name)
        if value:
            record[name] = list(value) if isinstance(value, tuple) else str(value)
    record["text"] = document.text
    return record
