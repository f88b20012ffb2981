"""`provenance scan`: an audit of texts."""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provenance.commands.arrival import print_verdicts
from provenance.commands.groups import takes_groups
from provenance.commands.inputs import InputOptions, make_config, scan_paths
from provenance.commands.messages import say, say_places, say_skipped
from provenance.commands.options import (
    Containment,
    DuplicateIds,
    MinRun,
    MinTokens,
    Paths,
    Quiet,
    Threshold,
)
from provenance.commands.view import TableOptions, View
from provenance.errors import ConfigError
from provenance.output import terminal

if TYPE_CHECKING:
    from provenance.audit import Audit
    from provenance.storage import Storage


@takes_groups
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
    text_out: Annotated[
        Path | None,
        typer.Option(
            "--text-out",
            metavar="DIR",
            help="Write the text of each document as a file in this new folder: what was "
            "extracted from pages and archives, so that offsets can be checked.",
        ),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(
            help="Table to print: lineage (one row a document; what --format prints by itself), "
            "stories, sources (outlets: who originates, who carries), timeline, derivations, "
            "hidden_sources, clusters, passages, matches, pairs or documents."
        ),
    ] = None,
    tables: TableOptions,
    threshold: Threshold = None,
    containment: Containment = None,
    min_tokens: MinTokens = None,
    min_run: MinRun = None,
    no_passages: Annotated[
        bool, typer.Option("--no-passages", help="Find near-duplicate pairs and clusters only.")
    ] = False,
    max_memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="Memory to use, as 500MB or 2GB: what does not fit goes to temporary files. The "
            "result is the same.",
        ),
    ] = None,
    tmp: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for temporary files; else the system's."),
    ] = None,
    arrival_order: Annotated[
        bool,
        typer.Option(
            "--arrival-order",
            help="Judge each document against those before it, as filter does; print verdicts.",
        ),
    ] = False,
    index: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="Audit the texts with those of this index (a folder, or redis://HOST/0) that "
            "share text with them, and add them to it.",
        ),
    ] = None,
    duplicate_ids: DuplicateIds = "error",
    options: InputOptions,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Processors to work on at once; the result is the same for any number.  "
            "[default: all processors]",
        ),
    ] = None,
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
      provenance scan crawl.jsonl --arrival-order --format csv
      provenance scan today/ --index news.index
    """
    from provenance.filed_texts import TEXTS_HELD
    from provenance.output import folder, text_files, views
    from provenance.output.tables import render
    from provenance.storage import Storage, parse_size, peak_memory

    if arrival_order:
        if index or save or table:
            raise ConfigError("--arrival-order prints verdicts; leave out --index, --save, --table")
        limits = {"threshold": threshold, "containment": containment, "min_tokens": min_tokens}
        limits["min_run"] = min_run
        view = tables.view("verdicts")
        print_verdicts(paths, view, limits, options, passages=not no_passages, quiet=quiet)
        return
    view = tables.view("lineage", table)
    view.check(views.COLUMNS)
    config = make_config(
        threshold=threshold,
        containment=containment,
        min_tokens=min_tokens,
        min_run=min_run,
        passages=False if no_passages else None,
    )
    if verbose:
        sys.stderr.write(render(config.describe(), "simple"))
    if save_texts and not save:
        raise ConfigError("--save-texts needs --save DIR: the folder that keeps them")
    if save:
        folder.prepare(save)
    if text_out:
        text_files.prepare(text_out)
    storage = Storage(parse_size(max_memory) if max_memory else None, tmp, texts=TEXTS_HELD)
    started = datetime.now(UTC)
    tell = (lambda _words: None) if quiet else say
    # what an index holds may change between two scans
    stages = folder.stages(save, tell) if save and not index else None
    audit = scan_paths(
        paths,
        config,
        duplicate_ids,
        options,
        quiet=quiet,
        workers=workers,
        stages=stages,
        storage=storage,
        text_out=text_out,
        index=index,
    )
    if save:
        run = _run(paths, options, started) | {
            "resumed_after": stages.resumed if stages else None,
            "temporary_bytes": storage.filed,
            "peak_bytes": peak_memory(),
        }
        folder.save(audit, save, run=run, texts=save_texts)
        if stages:
            stages.clear()
    _print(audit, view, quiet=quiet)
    if not quiet:
        for words in _memory_told(storage):
            say(words)
        if save:
            say(f"the result is saved in {save}")


def _print(audit: "Audit", view: View, *, quiet: bool) -> None:
    """Print the table that is asked for, or else the report."""
    from provenance.output import summary, views

    if view.format:
        view.print(views.rows(audit, view.table), views.COLUMNS[view.table])
        if not quiet:
            say_skipped(audit.skipped)
            say_places((note.place, note.message) for note in audit.notes)
    elif not quiet:
        limit = view.limit or summary.LIMIT
        terminal.write(summary.render(audit, columns=terminal.columns(), limit=limit))


def _memory_told(storage: "Storage") -> Iterator[str]:
    """Yield what is to be said of memory where a limit was set."""
    from provenance.storage import peak_memory

    if storage.limit and storage.filed:
        yield f"{storage.filed / 1e6:,.0f} MB did not fit into memory and went to temporary files"
    peak = peak_memory()
    if storage.limit and peak and peak > storage.limit:
        yield (
            f"at most {peak / 1e6:,.0f} MB of memory were used, more than the "
            f"{storage.limit / 1e6:,.0f} MB of --max-memory; pages of files that the system can "
            "take back are among them"
        )


def _run(paths: Sequence[str], options: InputOptions, started: datetime) -> dict[str, object]:
    finished = datetime.now(UTC)
    return {
        "paths": list(paths),
        "directory": str(Path.cwd()),
        **asdict(options),
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 3),
    }
