"""`provenance evaluate`: a result scored against truth files."""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

from pathlib import Path
from typing import Annotated

import typer

from provenance.commands.groups import takes_groups
from provenance.commands.messages import say
from provenance.commands.options import Quiet
from provenance.commands.view import TableOptions


@takes_groups
def evaluate(
    result: Annotated[Path, typer.Argument(help="A result folder.", metavar="RESULT")],
    truth: Annotated[
        Path,
        typer.Argument(help="A folder of truth files, or one that holds `truth`.", metavar="TRUTH"),
    ],
    *,
    tables: TableOptions,
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

    view = tables.view("figures")
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
        say(
            f"{len(scored.missing):,} documents of the truth are not in the result and count as "
            f"not found: {first}"
        )
    # Definitions are long: people get them where they ask.
    available = evaluation.COLUMNS if view.format else evaluation.COLUMNS[:-1]
    if view.format or not quiet:
        view.print(evaluation.figure_rows(scored.figures), available)
