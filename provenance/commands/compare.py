"""`provenance compare`: two texts side by side."""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

from dataclasses import replace
from typing import Annotated

import typer

from provenance.commands.groups import takes_groups
from provenance.commands.inputs import InputOptions, make_config, read_one
from provenance.commands.options import Encoding, MinRun, TextField
from provenance.commands.view import TableOptions
from provenance.output import terminal


@takes_groups
def compare(
    a: Annotated[
        str, typer.Argument(help="A file, - or, for one of its texts, FILE#NUMBER.", metavar="A")
    ],
    b: Annotated[str, typer.Argument(help="Another one.", metavar="B")],
    *,
    tables: TableOptions,
    min_tokens: Annotated[
        int | None, typer.Option(help="Equal tokens in a passage.  [default: 15]")
    ] = None,
    min_run: MinRun = None,
    encoding: Encoding = None,
    text_field: TextField = None,
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

    view = tables.view("matches")
    view.check({"matches": rows.COLUMNS["matches"]})
    config = make_config(min_tokens=min_tokens or MIN_TOKENS_OF_A_PAIR, min_run=min_run)
    options = InputOptions(encoding, text_field)
    left, right = read_one(a, options), read_one(b, options)
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
