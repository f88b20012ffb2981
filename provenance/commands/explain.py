"""`provenance explain`: why two documents are said to be related."""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

from pathlib import Path
from typing import Annotated

import typer

from provenance.commands.groups import takes_groups
from provenance.commands.view import TableOptions
from provenance.output import terminal


@takes_groups
def explain(
    result: Annotated[Path, typer.Argument(help="A result folder.", metavar="RESULT")],
    a: Annotated[str, typer.Argument(help="The id of a document or hidden source.", metavar="A")],
    b: Annotated[str, typer.Argument(help="Another one.", metavar="B")],
    *,
    tables: TableOptions,
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

    view = tables.view("evidence")
    view.check({"evidence": explanation.EVIDENCE_COLUMNS})
    loaded = folder.load(result)
    explained = explanation.explain(loaded, a, b)
    read = texts.find_texts(loaded, explained.documents)
    if view.format:
        view.print(explanation.evidence_rows(explained, read), explanation.EVIDENCE_COLUMNS)
    else:
        text = explanation.render(explained, read, columns=terminal.columns(), limit=view.limit)
        terminal.write(text)
