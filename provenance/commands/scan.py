"""`provenance scan`: an audit of texts."""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from provenance.commands.inputs import make_config, scan_paths
from provenance.commands.messages import say, say_places
from provenance.commands.options import (
    Columns,
    DuplicateIds,
    Encoding,
    Format,
    Limit,
    MinRun,
    MinTokens,
    Paths,
    Quiet,
    Sort,
)
from provenance.commands.view import View
from provenance.errors import ConfigError
from provenance.output import terminal


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

    view = View.of(table, "lineage", format, columns, sort, limit)
    view.check(views.COLUMNS)
    config = make_config(
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
    audit = scan_paths(paths, config, duplicate_ids, encoding, quiet=quiet)
    if save:
        folder.save(audit, save, run=_run(paths, encoding, started), texts=save_texts)
    if view.format:
        view.print(views.rows(audit, view.table), views.COLUMNS[view.table])
        if not quiet:
            say_places((item.place, item.reason) for item in audit.skipped)
            say_places((note.place, note.message) for note in audit.notes)
    elif not quiet:
        report_limit = limit or summary.LIMIT
        terminal.write(summary.render(audit, columns=terminal.columns(), limit=report_limit))
    if save and not quiet:
        say(f"the result is saved in {save}")


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
