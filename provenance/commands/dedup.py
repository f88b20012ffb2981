"""`provenance dedup`: the corpus without its copies."""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provenance.commands.groups import takes_groups
from provenance.commands.inputs import InputOptions, make_config, scan_paths
from provenance.commands.messages import say, say_skipped
from provenance.commands.options import Containment, DuplicateIds, Quiet, Threshold
from provenance.commands.view import TableOptions
from provenance.errors import ConfigError, InputError
from provenance.output import terminal

if TYPE_CHECKING:
    from provenance.audit import Audit
    from provenance.output.folder import SavedResult
    from provenance.writers.decisions import Decision

_SHOWN = ("id", "reason", "similarity", "held", "representative", "characters")
_LIMIT = 20  # rows that people are shown unless they ask for more


@takes_groups
def dedup(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Files and folders, or a result folder for the files it was made from.",
            metavar="RESULT|PATH",
        ),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Write the corpus here: a new file for a file, else a new folder. Without it "
            "nothing is written, only shown.",
        ),
    ] = None,
    annotate: Annotated[
        bool,
        typer.Option(
            "--annotate",
            help="Write every record, with fields that say its cluster and what to keep.",
        ),
    ] = False,
    revisits: Annotated[
        bool,
        typer.Option(
            "--revisits",
            help="In web archives, leave a revisit record of each dropped page that is the kept "
            "one byte for byte.",
        ),
    ] = False,
    keep: Annotated[
        str | None,
        typer.Option(
            metavar="ORDER",
            help="Of a cluster keep the earliest (default), latest, longest, most-complete or "
            "preferred; or the first by keys: published, characters, coverage, preferred, source, "
            "... with commas, - for descending.",
        ),
    ] = None,
    prefer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SOURCE",
            help="A source or host whose texts are kept first; again for the next best.",
        ),
    ] = None,
    tables: TableOptions,
    threshold: Threshold = None,
    containment: Containment = None,
    no_passages: Annotated[
        bool,
        typer.Option(
            "--no-passages",
            help="Seek no lineage: faster, and the same documents are kept.",
        ),
    ] = False,
    duplicate_ids: DuplicateIds = "error",
    options: InputOptions,
    quiet: Quiet = False,
) -> None:
    """Write a corpus without its copies, or show what would be dropped, for which document.

    Every dropped document is a near-duplicate of the one kept in its stead, or is contained in
    it. Records stay as they are, byte for byte, in the format, order and compression they came
    in. The input is never touched, and the output appears whole or not at all.

    \b
    Examples:
      provenance dedup articles/
      provenance dedup crawl.jsonl.gz --output unique.jsonl.gz
      provenance dedup articles.csv --annotate --output annotated.csv
      provenance dedup result --prefer apnews.com --prefer reuters.com -o unique
      provenance dedup crawl.parquet --keep=-characters,published --format csv > dropped.csv
    """
    from provenance.output import folder
    from provenance.output.display import number
    from provenance.writers.corpus import write_corpus
    from provenance.writers.decisions import DROPPED
    from provenance.writers.keeping import parse_order

    view = tables.view("dropped")
    view.check({"dropped": DROPPED})
    preferred = prefer or []
    order = parse_order(keep, preferred)
    if annotate and not output:
        raise ConfigError("--annotate needs --output PATH: the file or folder to write")
    result: Audit | SavedResult
    if len(paths) == 1 and folder.is_result(paths[0]):
        if no_passages or (threshold, containment, options) != (None, None, InputOptions()):
            raise ConfigError("a saved result has its settings already: give the files to scan")
        result = folder.load(paths[0])
        paths, options = _scanned(result), InputOptions.of_run(result.run)
        threshold = _setting(result.settings, "threshold")
        containment = _setting(result.settings, "containment")
    else:
        passages = False if no_passages else None
        config = make_config(threshold=threshold, containment=containment, passages=passages)
        result = scan_paths(paths, config, duplicate_ids, options, quiet=quiet)
        threshold, containment = config.threshold, config.containment
    decisions = _decisions(result, order, preferred, threshold, containment)
    if output:
        written = write_corpus(
            paths,
            decisions,
            output,
            annotate=annotate,
            revisits=revisits,
            options=options.read_options(),
        )
    dropped = [decision.row for decision in decisions if not decision.keep]
    if view.format:
        view.print(dropped, DROPPED)
    elif dropped and not output and not quiet:
        shown = view.limit or _LIMIT
        view.print(dropped[:shown], _SHOWN)
        if len(dropped) > shown:
            terminal.write(f"and {len(dropped) - shown:,} more (--limit or --format shows them)\n")
    if quiet:
        return
    say_skipped(result.skipped)
    say(_account(decisions, len(result.skipped)))
    if output:
        documents, files = number(written.kept, "document"), number(written.files, "file")
        say(f"{documents} in {files} written to {output}")


def _scanned(result: "SavedResult") -> list[str]:
    """Return the paths that a saved result was made from, as seen from here."""
    paths, directory = result.run.get("paths"), result.run.get("directory")
    if not isinstance(paths, list) or not isinstance(directory, str):
        raise InputError(f"{result.directory} does not say what was scanned: give the files")
    return [p if p == "-" or "://" in p else str(Path(directory, p)) for p in paths]


def _setting(settings: Mapping[str, object], name: str) -> float:
    value = settings.get(name)
    if not isinstance(value, int | float):
        raise InputError(f"the result does not say its {name}: make it again")
    return float(value)


def _decisions(
    result: "Audit | SavedResult",
    order: Sequence[str],
    prefer: Sequence[str],
    threshold: float,
    containment: float,
) -> "Sequence[Decision]":
    from provenance.output import folder, rows
    from provenance.writers.decisions import decide
    from provenance.writers.keeping import DEFAULT, choose_clusters

    found: Any
    if isinstance(result, folder.SavedResult):
        file = result.directory / "documents.jsonl"
        found = folder.SavedRows(file, len(result.documents), dict)
    else:
        found = rows.rows(result, "documents")
    documents = {row["id"]: row for row in found}
    clusters: Any = result.clusters
    if tuple(order) != DEFAULT:
        clusters = choose_clusters(
            documents,
            result.pairs,
            order,
            prefer,
            threshold=threshold,
            containment=containment,
        )
    return decide(documents, clusters, result.pairs, threshold=threshold)


def _account(decisions: "Sequence[Decision]", skipped: int) -> str:
    """Say what becomes of everything that was read."""
    characters: Counter[bool] = Counter()
    for decision in decisions:
        characters[decision.keep] += decision.document["characters"]
    dropped = Counter(d.reason.value for d in decisions if not d.keep)
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(dropped.items()))
    kept = sum(decision.keep for decision in decisions)
    return (
        f"{len(decisions) + skipped:,} read: {kept:,} kept ({characters[True]:,} characters), "
        f"{len(decisions) - kept:,} dropped ({characters[False]:,} characters"
        f"{': ' + reasons if reasons else ''}), {skipped:,} skipped"
    )
