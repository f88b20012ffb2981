"""The result folder: an audit as files that other programs may rely on."""

import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import provenance
from provenance.compiled import can_compile
from provenance.errors import ResultError
from provenance.json_text import encode
from provenance.model import (
    Cluster,
    Cue,
    Derivation,
    DerivationKind,
    Document,
    DocumentReport,
    Evidence,
    HiddenSource,
    KeepReason,
    Lineage,
    Match,
    MatchClass,
    MatchKind,
    Pair,
    Passage,
    Skipped,
    Span,
)
from provenance.output.rows import COLUMNS, rows
from provenance.stages import Stages, is_kept
from provenance.timestamps import parse

if TYPE_CHECKING:
    from provenance.audit import Audit

T = TypeVar("T")

FORMAT = "provenance result"
FORMAT_VERSION = 1
TABLES = tuple(COLUMNS)
_AUDIT, _RUN, _TEXTS = "audit.json", "run.json", "texts.jsonl"
_OWN = frozenset([*(f"{table}.jsonl" for table in TABLES), _AUDIT, _RUN, _TEXTS])
_PARTIAL = ".partial"
_STAGES = "stages"
_MANY_ROWS = 5000  # of pairs or matches, from which a compiled writer earns its start-up
_OF_THE_SYSTEM = frozenset([".DS_Store", "Thumbs.db", "desktop.ini"])
_PACKAGES = ("datasketch", "numba", "numpy", "xxhash")
_AGAIN = "make the result again with: provenance scan PATH --save DIR"


def prepare(directory: str | os.PathLike[str]) -> Path:
    """Make sure that a result can be saved in a directory, and create it where it is missing.

    Raises `ResultError` if it is a file, cannot be made, or holds anything but a result.
    """
    folder = Path(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = sorted(entry.name for entry in os.scandir(folder))
    except FileExistsError:
        raise ResultError(f"{folder} is a file; give --save a new or empty folder") from None
    except OSError as error:
        raise ResultError(f"{folder} cannot be used as a result folder: {error.strerror}") from None
    ours = is_result(folder)
    for name in names:
        known = ours and name.removesuffix(_PARTIAL) in _OWN and not (folder / name).is_dir()
        known |= ours and name == _STAGES and is_kept(folder / name)
        if not known and name not in _OF_THE_SYSTEM:
            raise ResultError(
                f"{folder} holds {name}, which is no part of a result; nothing was written. "
                "Give --save a new or empty folder, or an earlier result to replace"
            )
    return folder


def stages(
    directory: str | os.PathLike[str], tell: Callable[[str], None] = lambda _words: None
) -> Stages:
    """Return the stages that are kept in a prepared directory until a result is saved there.

    A directory without a result is an unfinished one from now on; raises `ResultError` where it
    cannot be written.
    """
    folder = Path(directory)
    try:
        if not is_result(folder):
            _mark_unfinished(folder)
    except OSError as error:
        raise ResultError(f"{folder} cannot be used as a result folder: {error.strerror}") from None
    return Stages(folder / _STAGES, tell)


def is_result(directory: str | os.PathLike[str]) -> bool:
    """Return whether a directory holds a result, be it unfinished or of another version."""
    try:
        with (Path(directory) / _AUDIT).open("rb") as file:
            return f'"{FORMAT}"'.encode() in file.read(200)
    except OSError:
        return False


def save(
    audit: "Audit",
    directory: str | os.PathLike[str],
    *,
    run: Mapping[str, object] | None = None,
    texts: bool = False,
) -> None:
    """Write an audit as a result folder; equal audits give equal bytes, `run.json` aside.

    `run` adds to `run.json` what may differ between runs; `texts` keeps the texts, too. The files
    of an earlier result are replaced once all new ones are written, `audit.json` last; a folder
    whose replacement was cut short is known as unfinished. Raises `ResultError` where
    `prepare` does, or where writing fails.
    """
    folder = prepare(directory)
    written: dict[str, int] = {}
    try:
        if not is_result(folder):
            _mark_unfinished(folder)
        for table in TABLES:
            path = folder / f"{table}.jsonl{_PARTIAL}"
            written[table] = _write_table(path, audit, table)
        if texts:
            lines = (
                encode({"id": report.document.id, "text": report.document.text})
                for report in sorted(audit.documents, key=lambda report: report.document.id)
            )
            written["texts"] = _write(folder / f"{_TEXTS}{_PARTIAL}", lines)
        _write(folder / f"{_RUN}{_PARTIAL}", [_indented({**(run or {}), "versions": _versions()})])
        _mark_unfinished(folder)
        _write(folder / f"{_AUDIT}{_PARTIAL}", [_indented(_summary(audit, written))])
        if not texts:
            (folder / _TEXTS).unlink(missing_ok=True)
        for name in sorted(_OWN - ({_AUDIT} if texts else {_AUDIT, _TEXTS})):
            (folder / f"{name}{_PARTIAL}").replace(folder / name)
        (folder / f"{_AUDIT}{_PARTIAL}").replace(folder / _AUDIT)
    except OSError as error:
        raise ResultError(f"{folder}: the result was not saved: {error.strerror}") from None
    finally:
        for name in _OWN:
            (folder / f"{name}{_PARTIAL}").unlink(missing_ok=True)


def _write_table(path: Path, audit: "Audit", table: str) -> int:
    """Write one table; the large ones many rows at a time. Return the number of rows."""
    many = _many_lines(audit, table)
    if many is None:
        return _write(path, (encode(row) for row in rows(audit, table)))
    with path.open("wb") as file:
        file.writelines(many)
    return len(getattr(audit, table))


def _many_lines(audit: "Audit", table: str) -> Iterator[bytes] | None:
    """Return the lines of a table that is large, and kept in arrays; None for others."""
    from provenance.bulk import ReportTable
    from provenance.match.results import MatchTable, PairTable

    found = getattr(audit, table, None)
    if isinstance(found, ReportTable):
        from provenance.output.many_rows import report_lines

        return report_lines(found)
    if not isinstance(found, MatchTable | PairTable) or len(found) < _MANY_ROWS:
        return None
    if not can_compile():
        return None
    from provenance.output.many_rows import match_lines, pair_lines

    return match_lines(found) if isinstance(found, MatchTable) else pair_lines(found)


def _write(path: Path, lines: Iterable[str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(line)
            file.write("\n")
            count += 1
    return count


def _header(state: str) -> dict[str, object]:
    return {"format": FORMAT, "format_version": FORMAT_VERSION, "state": state}


def _mark_unfinished(folder: Path) -> None:
    partial = folder / f"{_AUDIT}{_PARTIAL}"
    _write(partial, [_indented(_header("unfinished"))])
    partial.replace(folder / _AUDIT)


def _indented(value: Mapping[str, object]) -> str:
    inner = ",\n".join(f"  {encode(name)}: {encode(item)}" for name, item in value.items())
    return "{\n" + inner + "\n}"


def _summary(audit: "Audit", written: Mapping[str, int]) -> dict[str, object]:
    return {
        **_header("complete"),
        "rows": dict(written),
        "counts": {name: audit.counts[name] for name in sorted(audit.counts)},
        "settings": asdict(audit.config),
        "fingerprint": audit.config.fingerprint,
        "versions": {"provenance": provenance.__version__},
        "skipped": sorted((asdict(item) for item in audit.skipped), key=encode),
        "notes": sorted(
            ({"place": n.place, "message": n.message} for n in audit.notes), key=encode
        ),
    }


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


@dataclass(frozen=True, slots=True)
class SavedRows(Generic[T]):
    """The rows of one file of a result, read anew each time they are iterated.

    Raises `ResultError`, with file and line, for a damaged or missing row.
    """

    path: Path
    length: int
    build: Callable[[Any], T]

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[T]:
        line = 0
        try:
            with self.path.open(encoding="utf-8", newline="\n") as file:
                for line, text in enumerate(file, start=1):  # noqa: B007 - named in the error
                    yield self.build(json.loads(text))
        except OSError as error:
            raise ResultError(f"{self.path} cannot be read: {error.strerror}; {_AGAIN}") from None
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            where = f"{self.path}, line {line}"
            raise ResultError(f"{where} is damaged ({error}); {_AGAIN}") from None
        if line != self.length:
            raise ResultError(
                f"{self.path} is damaged: {line} rows instead of {self.length}; {_AGAIN}"
            )


@dataclass(frozen=True, slots=True)
class SavedResult:
    """A result folder read back; the large tables are read when they are iterated.

    Each document's `text` is empty here, and a cue covers only the words where it was read.
    `texts` are pairs of id and text; None where the result keeps none. `run` is what may differ
    between runs, empty where that cannot be read.
    """

    directory: Path
    documents: tuple[DocumentReport, ...]
    pairs: SavedRows[Pair]
    matches: SavedRows[Match]
    passages: SavedRows[Passage]
    clusters: tuple[Cluster, ...]
    lineage: Lineage
    counts: Mapping[str, int]
    settings: Mapping[str, object]
    fingerprint: str
    skipped: tuple[Skipped, ...]
    texts: SavedRows[tuple[str, str]] | None
    run: Mapping[str, object]


def load(directory: str | os.PathLike[str]) -> SavedResult:
    """Read a result folder.

    Raises `ResultError` for a folder that is missing, no result, unfinished, damaged, or written
    by a newer version.
    """
    folder = Path(directory)
    if not is_result(folder):
        what = "is no result folder" if folder.is_dir() else "is not there or is no folder"
        raise ResultError(f"{folder} {what}; {_AGAIN}")
    path = folder / _AUDIT
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
        if summary["format_version"] > FORMAT_VERSION:
            raise ResultError(
                f"{folder} was written by a newer version of provenance (format "
                f"{summary['format_version']}, this one reads {FORMAT_VERSION}); upgrade with: "
                "pip install --upgrade article-provenance"
            )
        if summary["state"] != "complete":
            raise ResultError(
                f"{folder} is unfinished: the scan was cut short; the same command goes on with it"
            )
        counted = summary["rows"]

        def table(name: str, build: Callable[[Any], T]) -> SavedRows[T]:
            return SavedRows(folder / f"{name}.jsonl", int(counted[name]), build)

        return SavedResult(
            directory=folder,
            documents=tuple(table("documents", _report)),
            pairs=table("pairs", lambda row: Pair(**row)),
            matches=table("matches", _match),
            passages=table("passages", _passage),
            clusters=tuple(table("clusters", _cluster)),
            lineage=Lineage(
                tuple(table("derivations", _derivation)),
                tuple(table("hidden_sources", _hidden_source)),
            ),
            counts=dict(summary["counts"]),
            settings=dict(summary["settings"]),
            fingerprint=str(summary["fingerprint"]),
            skipped=tuple(Skipped(**item) for item in summary["skipped"]),
            texts=table("texts", lambda row: (row["id"], row["text"]))
            if "texts" in counted
            else None,
            run=_read_run(folder),
        )
    except OSError as error:
        raise ResultError(f"{path} cannot be read: {error.strerror}; {_AGAIN}") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ResultError(f"{path} is damaged ({error}); {_AGAIN}") from None


def _read_run(folder: Path) -> Mapping[str, object]:
    try:
        run = json.loads((folder / _RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return run if isinstance(run, dict) else {}


def _spans(spans: Iterable[Mapping[str, Any]]) -> tuple[Span, ...]:
    return tuple(Span(span["document"], span["start"], span["end"]) for span in spans)


def _report(row: Mapping[str, Any]) -> DocumentReport:
    document = Document(
        id=row["id"],
        text="",
        source=row["source"],
        url=row["url"],
        canonical_url=row.get("canonical_url"),
        title=row["title"],
        authors=tuple(row.get("authors", ())),
        published=parse(row["published"]),
        published_from=row.get("published_from"),
        fetched=parse(row["fetched"]),
        language=row["language"],
        path=row["path"],
        offsets_of=row["offsets_of"],
    )
    return DocumentReport(
        document=document,
        tokens=row["tokens"],
        digest=row["digest"],
        cluster=row["cluster"],
        keep=row["keep"],
        reason=KeepReason(row["reason"]),
        sources=tuple(row["sources"]),
        hidden_sources=tuple(row["hidden_sources"]),
        cues=tuple(
            Cue(cue["signal"], cue["value"], *(cue["start"], cue["end"]) * 2) for cue in row["cues"]
        ),
    )


def _match(row: Mapping[str, Any]) -> Match:
    return Match(
        a=Span(row["a"], row["a_start"], row["a_end"]),
        b=Span(row["b"], row["b_start"], row["b_end"]),
        match_class=MatchClass(row["class"]),
        kind=MatchKind(row["kind"]),
        similarity=row["similarity"],
        a_containment=row["a_containment"],
        b_containment=row["b_containment"],
        tokens=row["tokens"],
    )


def _passage(row: Mapping[str, Any]) -> Passage:
    return Passage(
        id=row["id"],
        passage_class=MatchClass(row["class"]),
        spans=_spans(row["spans"]),
        documents=row["documents"],
        sources=row["sources"],
        tokens=row["tokens"],
        text=row["text"],
    )


def _cluster(row: Mapping[str, Any]) -> Cluster:
    return Cluster(row["id"], row["representative"], tuple(row["members"]), row["similarity"])


def _derivation(row: Mapping[str, Any]) -> Derivation:
    return Derivation(
        source=row["source"],
        derived=row["derived"],
        kind=DerivationKind(row["kind"]),
        primary=row["primary"],
        decided=row["decided"],
        confidence=row["confidence"],
        direction_confidence=row["direction_confidence"],
        share=row["share"],
        evidence=tuple(
            Evidence(item["signal"], item["weight"], item["detail"], _spans(item["spans"]))
            for item in row["evidence"]
        ),
    )


def _hidden_source(row: Mapping[str, Any]) -> HiddenSource:
    return HiddenSource(row["id"], row["name"], row["signal"], tuple(row["documents"]))
