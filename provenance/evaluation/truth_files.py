"""Truth files -> Truth: the contract's own tables, and those of common evaluation sets."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeVar

from provenance.errors import InputError
from provenance.evaluation.truth import SHARING, TrueDerivation, TruePair, TruePassage, Truth
from provenance.model import MatchClass, Span
from provenance.readers.compression import DAMAGED, DECOMPRESSORS, open_decompressed

T = TypeVar("T")

FILES = (
    *("documents", "matches", "passages", "boilerplate", "pairs", "clusters"),
    *("derivations", "edges", "parents", "hidden_sources"),
)
_CLASSES: Mapping[str, MatchClass] = {
    **{name.value: name for name in MatchClass},
    "story": MatchClass.REUSE,
    "quote": MatchClass.QUOTATION,
    "background": MatchClass.WIDELY_SHARED,
}
_NOTHING_SHARED = frozenset({"no-reuse", "non", "none"})
_WEAK = "-weak"
_LONGEST = 1 << 40


def read_truth(directory: str | os.PathLike[str]) -> Truth:
    """Read the truth files of a folder, or of the folder `truth` in it.

    Each is JSON Lines, compressed or not, and may be absent:

    - `documents`: `id`, and `group` where nothing derives between groups;
    - `matches` or `passages`: `a, a_start, a_end, b, b_start, b_end`, and `class` (or `what`),
      `kind`, `relation`; rows of passages that list `spans` count where they are boilerplate;
    - `boilerplate`: `document` (or `doc`), `start, end`;
    - `pairs`: `a, b`, and `relation`, or exact `jaccard` and `min_words`, or a `label`;
    - `clusters`: `members` (or `cluster`);
    - `derivations`: `source, derived`, and `kind`, `direction_certain`; or `edges`: `parent,
      child, kind, group` with parents `hidden:...` and kinds `...-weak`, which are not asked
      for; or `parents`: `id`, `parents` (or `parent`), `hidden_parent`, `strict`;
    - `hidden_sources`: `id, documents`.

    Raises `InputError`, with file and line, for what is missing, damaged or contradictory.
    """
    folder = Path(directory)
    if not folder.is_dir():
        raise InputError(f"{folder} is not there or is no folder; give a folder of truth files")
    if (folder / "truth").is_dir():
        folder /= "truth"
    tables = {name: table for name in FILES if (table := _table(folder, name)) is not None}
    if not tables.keys() - {"documents"}:
        raise InputError(
            f"{folder} holds no truth files; there should be at least one of "
            + ", ".join(f"{name}.jsonl" for name in FILES if name != "documents")
        )
    documents, groups = _documents(tables.get("documents"))
    passages, boilerplate, related = _passages(tables)
    pairs = _pairs(tables["pairs"]) if "pairs" in tables else related
    derivations, traced, fed, listed = _derivations(tables, groups)
    if derivations is not None:
        _check_acyclic(folder, derivations)
    hidden = _hidden_sources(tables, derivations)
    if fed is None and hidden is not None:
        fed = frozenset().union(*hidden)
    return Truth(
        documents=documents,
        groups={**groups, **listed},
        passages=passages,
        boilerplate=boilerplate,
        pairs=pairs,
        only_listed=pairs is not None and _lists_misses(pairs),
        clusters=_clusters(tables["clusters"]) if "clusters" in tables else None,
        derivations=derivations,
        traced=traced,
        fed=fed,
        hidden_sources=hidden,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One object of a file, and where it stands."""

    place: str
    values: Mapping[str, Any]

    def get(self, *names: str) -> Any:  # noqa: ANN401 - any JSON value
        return next((self.values[name] for name in names if name in self.values), None)

    def id(self, *names: str) -> str:
        value = self.get(*names)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value:
            return value
        raise InputError(f"{self.place}: {' or '.join(names)} must be an id, not {value!r}")

    def ids(self, *names: str) -> list[str]:
        value = self.get(*names)
        if not isinstance(value, list):
            raise InputError(f"{self.place}: {' or '.join(names)} must be a list of ids")
        return [_Row(self.place, {names[0]: item}).id(names[0]) for item in value]

    def rows(self, name: str) -> list["_Row"]:
        value = self.get(name)
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return [_Row(self.place, item) for item in value]
        raise InputError(f"{self.place}: {name} must be objects in a list")

    def word(self, *names: str) -> str | None:
        value = self.get(*names)
        if value is None or isinstance(value, str):
            return value
        raise InputError(f"{self.place}: {' or '.join(names)} must be a text, not {value!r}")

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.values.get(name, default)
        if isinstance(value, bool):
            return value
        raise InputError(f"{self.place}: {name} must be true or false, not {value!r}")

    def number(self, name: str) -> float | None:
        value = self.values.get(name)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        raise InputError(f"{self.place}: {name} must be a number, not {value!r}")

    def span(self, document: str, start: str, end: str) -> Span:
        first, last = self.values.get(start), self.values.get(end)
        if type(first) is int and type(last) is int and 0 <= first < last < _LONGEST:
            return Span(document, first, last)
        raise InputError(
            f"{self.place}: {start} and {end} must be offsets, the end after the start, "
            f"not {first!r} and {last!r}"
        )


def _table(folder: Path, name: str) -> list[_Row] | None:
    for suffix in ("", *DECOMPRESSORS):
        path = folder / f"{name}.jsonl{suffix}"
        if path.is_file():
            return list(_rows(path, suffix))
    return None


def _rows(path: Path, suffix: str) -> Iterator[_Row]:
    place = str(path)
    try:
        with open_decompressed(str(path), suffix) as file:
            for number, line in enumerate(file, start=1):
                place = f"{path}, line {number}"
                if line.strip():
                    values = json.loads(line)
                    if not isinstance(values, dict):
                        raise InputError(f"{place} is no JSON object; truth is JSON Lines")
                    yield _Row(place, values)
    except (OSError, *DAMAGED) as error:
        raise InputError(f"{path} cannot be read: {error}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place} is no JSON ({error}); truth is JSON Lines") from None


def _documents(rows: list[_Row] | None) -> tuple[frozenset[str] | None, dict[str, str]]:
    if rows is None:
        return None, {}
    groups = {row.id("id"): row.id("group") for row in rows if row.get("group") is not None}
    return frozenset(row.id("id") for row in rows), groups


def _passages(
    tables: Mapping[str, list[_Row]],
) -> tuple[tuple[TruePassage, ...] | None, tuple[Span, ...] | None, tuple[TruePair, ...] | None]:
    listed = [row for row in tables.get("passages", ()) if "spans" in row.values]
    rows = tables.get("matches")
    if rows is None and "passages" in tables and not listed:
        rows = tables["passages"]
    boilerplate: list[Span] | None = None
    if "boilerplate" in tables:
        boilerplate = [
            row.span(row.id("document", "doc"), "start", "end") for row in tables["boilerplate"]
        ]
    elif listed:
        boilerplate = [
            span.span(span.id("document"), "start", "end")
            for row in listed
            if row.word("class") == MatchClass.BOILERPLATE
            for span in row.rows("spans")
        ]
    passages = None if rows is None else tuple(map(_passage, rows))
    return passages, None if boilerplate is None else tuple(boilerplate), _related(rows)


def _passage(row: _Row) -> TruePassage:
    name = row.word("class", "what") or MatchClass.REUSE.value
    if name not in _CLASSES:
        raise InputError(f"{row.place}: unknown class {name!r}; there is {', '.join(_CLASSES)}")
    a, b = row.id("a"), row.id("b")
    return TruePassage(
        row.span(a, "a_start", "a_end"),
        row.span(b, "b_start", "b_end"),
        _CLASSES[name],
        row.word("kind"),
    )


def _related(rows: list[_Row] | None) -> tuple[TruePair, ...] | None:
    """Return the pairs whose relation the passages tell; reuse outweighs the rest."""
    found: dict[tuple[str, str], str] = {}
    for row in rows or ():
        relation = row.word("relation")
        if relation is not None:
            key = _key(row)
            if found.get(key) not in SHARING:
                found[key] = relation
    pairs = tuple(TruePair(a, b, r in SHARING, r) for (a, b), r in found.items())
    return pairs or None


def _key(row: _Row) -> tuple[str, str]:
    a, b = sorted((row.id("a"), row.id("b")))
    return a, b


def _pairs(rows: list[_Row]) -> tuple[TruePair, ...]:
    pairs = []
    for row in rows:
        relation, jaccard, words = (
            row.word("relation"),
            row.number("jaccard"),
            row.number("min_words"),
        )
        shares = None
        if relation is not None:
            shares = relation in SHARING
        elif jaccard is None:
            shares = row.word("label") not in _NOTHING_SHARED
        a, b = _key(row)
        pairs.append(
            TruePair(a, b, shares, relation, jaccard, None if words is None else int(words))
        )
    return tuple(pairs)


def _lists_misses(pairs: tuple[TruePair, ...]) -> bool:
    """Return whether pairs that share nothing are listed, so that others were not looked at."""
    return any(pair.shares is False and pair.relation is None for pair in pairs)


def _clusters(rows: list[_Row]) -> tuple[frozenset[str], ...]:
    seen: dict[str, str] = {}
    clusters = []
    for row in rows:
        members = frozenset(row.ids("members", "cluster"))
        for member in sorted(members):
            if member in seen:
                raise InputError(f"{row.place}: {member} is in the cluster of {seen[member]}, too")
            seen[member] = row.place
        clusters.append(members)
    return tuple(clusters)


_Lineage = tuple[
    tuple[TrueDerivation, ...] | None, frozenset[str] | None, frozenset[str] | None, dict[str, str]
]


def _derivations(tables: Mapping[str, list[_Row]], groups: Mapping[str, str]) -> _Lineage:
    """Return the derivations, whose sources are known, what is fed unseen, and the groups."""
    formats: dict[str, Callable[[list[_Row], Mapping[str, str]], _Lineage]] = {
        "derivations": _contract,
        "edges": _edges,
        "parents": _parents,
    }
    for name, read in formats.items():
        if name in tables:
            return read(tables[name], groups)
    return None, None, None, {}


def _contract(rows: list[_Row], _groups: Mapping[str, str]) -> _Lineage:
    found = [
        TrueDerivation(
            row.id("source"),
            row.id("derived"),
            certain=row.flag("direction_certain", default=row.flag("decided", default=True)),
        )
        for row in rows
        if row.word("kind") != "quotation"
    ]
    return tuple(found), None, _fed(found), {}


def _edges(rows: list[_Row], groups: Mapping[str, str]) -> _Lineage:
    listed: dict[str, str] = {}
    found = []
    for row in rows:
        child = _node(row.id("child"))
        parent = _node(row.id("parent")) if row.get("parent") is not None else None
        if row.get("group") is not None:
            for name in (child, parent):
                if name is not None and not name.startswith("~") and name not in groups:
                    listed[name] = row.id("group")
        if parent is not None:
            weak = (row.word("kind") or "").endswith(_WEAK)
            found.append(TrueDerivation(parent, child, asked=not weak))
    return tuple(found), None, _fed(found), listed


def _node(name: str) -> str:
    return f"~{name}" if name.startswith("hidden:") else name


def _parents(rows: list[_Row], _groups: Mapping[str, str]) -> _Lineage:
    found, fed, told = [], set(), False
    for row in rows:
        child = row.id("id")
        sources = row.ids("parents") if row.get("parents") is not None else []
        if row.get("parent") is not None:
            sources.append(row.id("parent"))
        asked = row.flag("strict", default=True)
        found += [TrueDerivation(source, child, asked=asked) for source in sources]
        told |= "hidden_parent" in row.values
        if row.flag("hidden_parent", default=False):
            fed.add(child)
    traced = frozenset(row.id("id") for row in rows)
    return tuple(found), traced, frozenset(fed) if told else None, {}


def _fed(rows: list[TrueDerivation]) -> frozenset[str]:
    return frozenset(
        row.derived
        for row in rows
        if row.source.startswith("~") and not row.derived.startswith("~")
    )


def _hidden_sources(
    tables: Mapping[str, list[_Row]], derivations: tuple[TrueDerivation, ...] | None
) -> tuple[frozenset[str], ...] | None:
    if "hidden_sources" in tables:
        return tuple(frozenset(row.ids("documents")) for row in tables["hidden_sources"])
    if derivations is None or "parents" in tables:
        return None
    documents: dict[str, set[str]] = {}
    for row in derivations:
        if row.source.startswith("~") and not row.derived.startswith("~"):
            documents.setdefault(row.source, set()).add(row.derived)
    return tuple(map(frozenset, documents.values()))


def _check_acyclic(folder: Path, derivations: tuple[TrueDerivation, ...]) -> None:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for row in derivations:
        sorter.add(row.derived, row.source)
    try:
        sorter.prepare()
    except CycleError as error:
        cycle = " from ".join(error.args[1][::-1])
        raise InputError(f"{folder}: the true derivations go in a circle: {cycle}") from None
