"""`provenance lineage`: which text was taken from which."""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

from typing import TYPE_CHECKING, Annotated

import typer

from provenance.commands.groups import takes_groups
from provenance.commands.inputs import InputOptions, make_config, scan_paths
from provenance.commands.options import DuplicateIds, Quiet
from provenance.commands.view import TableOptions
from provenance.output import terminal

if TYPE_CHECKING:
    from provenance.audit import Audit
    from provenance.output.folder import SavedResult

_TABLES = ("lineage", "stories", "sources", "timeline", "derivations", "hidden_sources")


@takes_groups
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
    tables: TableOptions,
    duplicate_ids: DuplicateIds = "error",
    options: InputOptions,
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

    view = tables.view("timeline" if timeline else "lineage", table)
    view.check({name: views.COLUMNS[name] for name in _TABLES})
    result: Audit | SavedResult
    if len(paths) == 1 and folder.is_result(paths[0]):
        result = folder.load(paths[0])
    else:
        result = scan_paths(paths, make_config(), duplicate_ids, options, quiet=quiet)
    nodes = _chosen(result, document, cluster)
    if view.format:
        view.print(views.rows(result, view.table, nodes), views.COLUMNS[view.table])
    elif not quiet:
        width = terminal.columns()
        if timeline:
            text = lineage_report.timeline(result, nodes, columns=width, limit=view.limit)
        elif nodes:
            text = lineage_report.around(result, nodes, columns=width, limit=view.limit)
        else:
            text = lineage_report.headline(result) + "\n"
            text += lineage_report.render(result, columns=width, limit=view.limit)
        terminal.write(text)


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
