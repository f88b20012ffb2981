"""Words on the command line: each command parses, calls one function of the library, and prints.

At the top only typer and the standard library are imported, so that `--help` is quick.
"""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

import os
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, TypeAlias

import typer
from typer.core import TyperGroup

import provenance
from provenance.errors import ConfigError, InputError, ProvenanceError
from provenance.output import terminal

if TYPE_CHECKING:
    from provenance.audit import Audit
    from provenance.config import Config
    from provenance.model import Document
    from provenance.output.folder import SavedResult

FAILED, INTERRUPTED = 2, 130
_REASONS = 20
_LINEAGE_TABLES = ("lineage", "stories", "sources", "timeline", "derivations", "hidden_sources")

Paths: TypeAlias = Annotated[
    list[str], typer.Argument(help="Files, folders, or - for standard input.", metavar="PATH")
]
Format: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        help="Print one table instead of a report: csv, json, jsonl, or any format of tabulate "
        "(simple, github, html, latex, ...).",
    ),
]
Columns: TypeAlias = Annotated[
    str | None, typer.Option(help="Columns of the table, in order, separated by commas.")
]
Sort: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Columns to sort the table by, with commas; -COLUMN for descending."),
]
Limit: TypeAlias = Annotated[int | None, typer.Option(min=1, help="Show at most so many rows.")]
DuplicateIds: TypeAlias = Annotated[
    Literal["error", "suffix"],
    typer.Option(help="Where two records have one id: stop, or add a suffix."),
]
Encoding: TypeAlias = Annotated[
    str | None, typer.Option(help="Encoding of the texts; else UTF-8, else detected.")
]
MinTokens: TypeAlias = Annotated[
    int | None, typer.Option(help="Equal tokens in a passage.  [default: 12]")
]
MinRun: TypeAlias = Annotated[
    int | None, typer.Option(help="Of these, equal tokens in a row.  [default: 8]")
]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print only errors and a table that is asked for.")
]


class _Commands(TyperGroup):
    """All commands; whatever fails ends in one line on standard error and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's context is private
        terminal.prepare()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except KeyboardInterrupt:
            _say("interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # The reader of the output has seen enough: nothing failed.
            terminal.close_output()
            raise typer.Exit from None
        except (ProvenanceError, OSError) as error:
            _fail(f"error: {error}")
        except Exception as error:  # noqa: BLE001 - a bug is told in one line, too
            _fail(
                f"internal error: {type(error).__name__}: {error} "
                "(a bug; set PROVENANCE_DEBUG=1 to see where)"
            )
        return result


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line of this process and exit."""
    app(prog_name="provenance")


def _show_version(wanted: bool) -> None:
    if wanted:
        terminal.write(f"provenance {provenance.__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Find the passages that texts share, and which text took them from which.

    \b
    Examples:
      provenance scan articles/
      provenance scan articles/ --save result
      provenance lineage result
      provenance explain result wire.txt paper.txt
      provenance compare wire.txt paper.txt

    Results go to standard output, everything else to standard error. Exit codes: 0 done (even
    if the reader of the output stopped reading), 2 could not run, 130 interrupted.
    """


@app.command()
def scan(
    paths: Paths,
    *,
    save: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Save the whole result in this folder.")
    ] = None,
    save_texts: Annotated[
        bool,
        typer.Option(
            "--save-texts",
            help="Keep the texts in the result, too, so that explain can quote them wherever the "
            "files have gone.",
        ),
    ] = False,
    table: Annotated[
        str | None,
        typer.Option(
            help="Table to print: lineage (one row a document; what --format prints by itself), "
            "stories, sources (outlets: who originates, who carries), timeline, derivations, "
            "hidden_sources, clusters, passages, matches, pairs or documents."
        ),
    ] = None,
    format: Format = None,
    columns: Columns = None,
    sort: Sort = None,
    limit: Limit = None,
    threshold: Annotated[
        float | None, typer.Option(help="Jaccard of a near-duplicate pair.  [default: 0.7]")
    ] = None,
    containment: Annotated[
        float | None,
        typer.Option(
            help="Containment of the smaller text in a near-duplicate pair.  [default: 0.8]"
        ),
    ] = None,
    min_tokens: MinTokens = None,
    min_run: MinRun = None,
    no_passages: Annotated[
        bool, typer.Option("--no-passages", help="Find near-duplicate pairs and clusters only.")
    ] = False,
    duplicate_ids: DuplicateIds = "error",
    encoding: Encoding = None,
    quiet: Quiet = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print all settings to standard error.")
    ] = False,
) -> None:
    """Find copies, shared passages and their lineage in the texts under PATH.

    \b
    Examples:
      provenance scan articles/
      provenance scan crawl.jsonl.gz --save result
      provenance scan articles/ --format csv > lineage.csv
      provenance scan articles/ --table passages --sort -documents --limit 20
      cat articles.jsonl | provenance scan - --table pairs -f jsonl
    """
    from provenance.output import folder, summary, tables, views

    view = _View.of(table, "lineage", format, columns, sort, limit)
    view.check(views.COLUMNS)
    config = _config(
        threshold=threshold,
        containment=containment,
        min_tokens=min_tokens,
        min_run=min_run,
        passages=False if no_passages else None,
    )
    if verbose:
        sys.stderr.write(tables.render(config.describe(), "simple"))
    if save_texts and not save:
        raise ConfigError("--save-texts needs --save DIR: the folder that keeps them")
    if save:
        folder.prepare(save)
    started = datetime.now(UTC)
    audit = _scan(paths, config, duplicate_ids, encoding, quiet=quiet)
    if save:
        folder.save(audit, save, run=_run(paths, encoding, started), texts=save_texts)
    if view.format:
        view.print(views.rows(audit, view.table), views.COLUMNS[view.table])
        if not quiet:
            _say_places((item.place, item.reason) for item in audit.skipped)
            _say_places((note.place, note.message) for note in audit.notes)
    elif not quiet:
        report_limit = limit or summary.LIMIT
        terminal.write(summary.render(audit, columns=terminal.columns(), limit=report_limit))
    if save and not quiet:
        _say(f"the result is saved in {save}")


@app.command()
def lineage(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="A result folder, or files and folders to scan.", metavar="RESULT|PATH"
        ),
    ],
    *,
    document: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Only what this document or hidden source comes from and what took from it.",
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The same of the documents of this cluster."),
    ] = None,
    timeline: Annotated[
        bool,
        typer.Option(
            "--timeline",
            help="Each story in order of time, no source after what was taken from it. ! marks "
            "dates that contradict the lineage.",
        ),
    ] = False,
    table: Annotated[
        str | None,
        typer.Option(
            help="Table to print: lineage (one row a document), stories, sources (outlets: who "
            "originates, who carries), timeline, derivations or hidden_sources. With --document "
            "or --cluster, stories, sources and timeline are those of the whole story."
        ),
    ] = None,
    format: Format = None,
    columns: Columns = None,
    sort: Sort = None,
    limit: Limit = None,
    duplicate_ids: DuplicateIds = "error",
    encoding: Encoding = None,
    quiet: Quiet = False,
) -> None:
    """Show which text was taken from which: stories, sources, a table and a tree.

    \b
    Examples:
      provenance lineage result
      provenance lineage articles/
      provenance lineage result --document paper.txt
      provenance lineage result --timeline
      provenance lineage result --table sources --format csv
    """
    from provenance.output import folder, lineage_report, views

    view = _View.of(table, "timeline" if timeline else "lineage", format, columns, sort, limit)
    view.check({name: views.COLUMNS[name] for name in _LINEAGE_TABLES})
    result: Audit | SavedResult
    if len(paths) == 1 and folder.is_result(paths[0]):
        result = folder.load(paths[0])
    else:
        result = _scan(paths, _config(), duplicate_ids, encoding, quiet=quiet)
    nodes = _chosen(result, document, cluster)
    if view.format:
        view.print(views.rows(result, view.table, nodes), views.COLUMNS[view.table])
    elif not quiet:
        width = terminal.columns()
        if timeline:
            text = lineage_report.timeline(result, nodes, columns=width, limit=limit)
        elif nodes:
            text = lineage_report.around(result, nodes, columns=width, limit=limit)
        else:
            text = lineage_report.headline(result) + "\n"
            text += lineage_report.render(result, columns=width, limit=limit)
        terminal.write(text)


@app.command()
def compare(
    a: Annotated[
        str, typer.Argument(help="A file, - or, for one of its texts, FILE#NUMBER.", metavar="A")
    ],
    b: Annotated[str, typer.Argument(help="Another one.", metavar="B")],
    *,
    format: Format = None,
    columns: Columns = None,
    sort: Sort = None,
    limit: Limit = None,
    min_tokens: Annotated[
        int | None, typer.Option(help="Equal tokens in a passage.  [default: 15]")
    ] = None,
    min_run: MinRun = None,
    encoding: Encoding = None,
) -> None:
    """Show the passages that two texts share, side by side. Words in [brackets] differ.

    \b
    Examples:
      provenance compare wire.txt paper.txt
      provenance compare monday.jsonl#3 tuesday.jsonl#12
      provenance compare wire.txt paper.txt --format json
    """
    from provenance.audit import MIN_TOKENS_OF_A_PAIR
    from provenance.audit import compare as compare_documents
    from provenance.output import rows, sides

    view = _View.of(None, "matches", format, columns, sort, limit)
    view.check({"matches": rows.COLUMNS["matches"]})
    config = _config(min_tokens=min_tokens or MIN_TOKENS_OF_A_PAIR, min_run=min_run)
    left, right = _one_document(a, encoding), _one_document(b, encoding)
    if left.id == right.id:
        left, right = replace(left, id=a), replace(right, id=b if a != b else f"{b} again")
    comparison = compare_documents(left, right, config)
    if view.format:
        view.print(map(rows.match_row, comparison.matches), rows.COLUMNS["matches"])
    else:
        terminal.write(
            sides.render(
                left, right, comparison, columns=terminal.columns(), color=terminal.colored()
            )
        )


@app.command()
def explain(
    result: Annotated[Path, typer.Argument(help="A result folder.", metavar="RESULT")],
    a: Annotated[str, typer.Argument(help="The id of a document or hidden source.", metavar="A")],
    b: Annotated[str, typer.Argument(help="Another one.", metavar="B")],
    *,
    format: Format = None,
    columns: Columns = None,
    sort: Sort = None,
    limit: Limit = None,
) -> None:
    """Show why two documents are said to be related, with every piece of evidence.

    The words that were read are quoted from the files that were scanned, if they are where they
    were and unchanged, or from the result if it keeps texts.

    \b
    Examples:
      provenance explain result wire.txt paper.txt
      provenance explain result wire.txt paper.txt --format csv
    """
    from provenance.output import explanation, folder, texts

    view = _View.of(None, "evidence", format, columns, sort, limit)
    view.check({"evidence": explanation.EVIDENCE_COLUMNS})
    loaded = folder.load(result)
    explained = explanation.explain(loaded, a, b)
    read = texts.find_texts(loaded, explained.documents)
    if view.format:
        view.print(explanation.evidence_rows(explained, read), explanation.EVIDENCE_COLUMNS)
    else:
        text = explanation.render(explained, read, columns=terminal.columns(), limit=limit)
        terminal.write(text)


@app.command()
def evaluate(
    result: Annotated[Path, typer.Argument(help="A result folder.", metavar="RESULT")],
    truth: Annotated[
        Path,
        typer.Argument(help="A folder of truth files, or one that holds `truth`.", metavar="TRUTH"),
    ],
    *,
    format: Format = None,
    columns: Columns = None,
    sort: Sort = None,
    limit: Limit = None,
    quiet: Quiet = False,
) -> None:
    """Score a result against truth files: passages, pairs, clusters, lineage, calibration.

    Read are, as JSON Lines (.gz allowed): matches or passages, boilerplate, pairs, clusters,
    derivations (or edges, or parents), hidden_sources and documents. Whatever they allow is
    scored, with 95 % intervals (bootstrap over stories).

    \b
    Examples:
      provenance evaluate result truth/
      provenance evaluate result truth/ --format csv > figures.csv
      provenance evaluate result truth/ --columns figure,value,definition
    """
    from provenance import evaluation
    from provenance.output import folder

    view = _View.of(None, "figures", format, columns, sort, limit)
    view.check({"figures": evaluation.COLUMNS})
    loaded = folder.load(result)
    threshold = loaded.settings.get("threshold")
    scored = evaluation.evaluate(
        loaded,
        evaluation.read_truth(truth),
        threshold=threshold if isinstance(threshold, int | float) else None,
    )
    if scored.missing and not quiet:
        first = ", ".join(scored.missing[:3]) + (", ..." if len(scored.missing) > 3 else "")
        _say(
            f"{len(scored.missing):,} documents of the truth are not in the result and count as "
            f"not found: {first}"
        )
    # Definitions are long: people get them where they ask.
    available = evaluation.COLUMNS if view.format else evaluation.COLUMNS[:-1]
    if view.format or not quiet:
        view.print(evaluation.figure_rows(scored.figures), available)


@dataclass(frozen=True, slots=True)
class _View:
    """The table that is asked for; `format` is None where people get a report."""

    table: str
    format: str | None
    columns: tuple[str, ...] | None
    sort: tuple[str, ...]
    limit: int | None

    @classmethod
    def of(
        cls,
        table: str | None,
        usual: str,
        format: str | None,
        columns: str | None,
        sort: str | None,
        limit: int | None,
    ) -> "_View":
        asked = bool(table or columns or sort)
        chosen = format or ("simple" if asked else None)
        return cls(table or usual, chosen, _names(columns) or None, _names(sort), limit)

    def check(self, known: Mapping[str, Sequence[str]]) -> None:
        """Raise `ConfigError` now, before a long scan, for what does not exist."""
        from provenance.output import rows, tables

        available = known[rows.choose("table", self.table, known)]
        # Without a format there is none to look up, and tabulate need not be imported.
        tables.check(self.format or tables.DATA_FORMATS[0], available, self.columns, self.sort)

    def print(self, found: Iterable[Mapping[str, object]], available: Sequence[str]) -> None:
        from provenance.output import tables

        text = tables.render(
            list(found),
            self.format or "simple",
            columns=self.columns or available,
            sort=self.sort,
            limit=self.limit,
        )
        data = self.format in tables.DATA_FORMATS
        (terminal.write_data if data else terminal.write)(text)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def _config(**settings: float | bool | None) -> "Config":
    from provenance.config import Config

    given: dict[str, Any] = {name: v for name, v in settings.items() if v is not None}
    return Config(**given)


def _scan(
    paths: Sequence[str],
    config: "Config",
    duplicate_ids: Literal["error", "suffix"],
    encoding: str | None,
    *,
    quiet: bool,
) -> "Audit":
    from provenance.audit import scan as scan_documents
    from provenance.readers import read

    with terminal.progress(quiet=quiet) as progress:
        documents = read(paths, duplicate_ids=duplicate_ids, encoding=encoding)
        audit = scan_documents(documents, config, progress=progress, keep_texts=False)
    if not audit.documents:
        _say_places((item.place, item.reason) for item in audit.skipped)
        raise InputError(
            f"nothing could be read from {', '.join(paths)}; "
            "give text, Markdown or JSON Lines files, or folders that hold some"
        )
    return audit


def _chosen(
    result: "Audit | SavedResult", document: str | None, cluster: str | None
) -> tuple[str, ...]:
    """Return the ids that a document and a cluster name; none where neither is given."""
    from provenance.output import explanation, rows

    found: dict[str, None] = {}
    if document is not None:
        hidden = {hidden.id for hidden in result.lineage.hidden_sources}
        explanation.check_id(document, hidden | {report.document.id for report in result.documents})
        found[document] = None
    if cluster is not None:
        clusters = {known.id: known for known in result.clusters}
        rows.choose("cluster", cluster, clusters)
        found.update(dict.fromkeys(clusters[cluster].members))
    return tuple(found)


def _one_document(path: str, encoding: str | None) -> "Document":
    from provenance.model import Document, Skipped
    from provenance.readers import read

    file, number = path, None
    name, _, digits = path.rpartition("#")
    if name and digits.isascii() and digits.isdigit() and not Path(path).exists():
        file, number = name, int(digits)
    items = list(read([file], duplicate_ids="suffix", encoding=encoding))
    found = [item for item in items if isinstance(item, Document)]
    if not found:
        reasons = "; ".join(item.reason for item in items if isinstance(item, Skipped))
        raise InputError(f"no text could be read from {file}: {reasons or 'it holds none'}")
    if number is None and len(found) > 1:
        raise InputError(
            f"{file} holds {len(found):,} texts; say which one to compare, "
            f"from {file}#1 to {file}#{len(found)}"
        )
    if number is not None and not 1 <= number <= len(found):
        raise InputError(f"there is no {path}: {file} holds {len(found):,} texts")
    return found[(number or 1) - 1]


def _run(paths: Sequence[str], encoding: str | None, started: datetime) -> dict[str, object]:
    finished = datetime.now(UTC)
    return {
        "paths": list(paths),
        "directory": str(Path.cwd()),
        "encoding": encoding,
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 3),
    }


def _say_places(places: Iterable[tuple[str, str]]) -> None:
    lines = [f"{place}: {words}" for place, words in places]
    for line in lines[:_REASONS]:
        _say(line)
    if len(lines) > _REASONS:
        _say(f"and {len(lines) - _REASONS:,} more")


def _say(message: str) -> None:
    from provenance.output.display import printable

    sys.stderr.write(f"provenance: {printable(message)}\n")


def _fail(message: str) -> NoReturn:
    if os.environ.get("PROVENANCE_DEBUG"):
        traceback.print_exc()
    _say(message)
    raise typer.Exit(FAILED) from None
