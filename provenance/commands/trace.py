"""`provenance trace`: where each passage of a text comes from."""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

from typing import Annotated

import typer

from provenance.commands.ages import second_of
from provenance.commands.groups import takes_groups
from provenance.commands.inputs import InputOptions, make_config, read_one
from provenance.commands.options import Encoding, MinRun, MinTokens, TextField
from provenance.commands.view import TableOptions
from provenance.output import terminal


@takes_groups
def trace(
    file: Annotated[
        str, typer.Argument(help="A file, - or, for one of its texts, FILE#NUMBER.", metavar="FILE")
    ],
    *,
    index: Annotated[
        str,
        typer.Option(metavar="DIR", help="The folder of the index, or redis://HOST/0?prefix=NAME."),
    ],
    since: Annotated[
        str | None, typer.Option(help="Look no further back: a date, or an age (90d, 12h).")
    ] = None,
    tables: TableOptions,
    min_tokens: MinTokens = None,
    min_run: MinRun = None,
    encoding: Encoding = None,
    text_field: TextField = None,
) -> None:
    """Show a text with the source of each passage, of those that an index has.

    Passages are coloured on a terminal and stand in [brackets] elsewhere, with the number of
    their source. The sources are audited with the text, so the evidence is that of a scan.

    \b
    Examples:
      provenance trace page.txt --index news.index
      provenance trace crawl.jsonl#12 --index news.index --since 30d
      provenance trace page.txt --index news.index --format csv
    """
    from provenance.index.filter import DuplicateFilter
    from provenance.index.trace import trace as trace_document
    from provenance.output import tracing

    view = tables.view("passages")
    view.check({"passages": tracing.COLUMNS})
    config = make_config(min_tokens=min_tokens, min_run=min_run)
    earliest = second_of(since, "--since") if since else None
    with DuplicateFilter(index, read_only=True, since=earliest) as opened:
        found = trace_document(read_one(file, InputOptions(encoding, text_field)), opened, config)
    if view.format:
        view.print(tracing.rows(found), tracing.COLUMNS)
    else:
        terminal.write(tracing.render(found, columns=terminal.columns(), color=terminal.colored()))
