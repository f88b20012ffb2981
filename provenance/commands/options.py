"""Options that several commands have."""

from typing import Annotated, Literal, TypeAlias

import typer

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
TextField: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Field of a record that holds its text."),
]
IdField: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="Field of a record that holds its id.")
]
DateField: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Field of a record that holds its date of publication."),
]
SourceField: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Field of a record that holds its outlet."),
]
Adapter: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="MODULE:FUNCTION",
        help="Python function that is given each record and returns the one to use, or None.",
    ),
]
MaxDocument: TypeAlias = Annotated[
    int | None,
    typer.Option(min=1, metavar="BYTES", help="Leave out larger documents.  [default: 134217728]"),
]
Threshold: TypeAlias = Annotated[
    float | None, typer.Option(help="Jaccard of a near-duplicate pair.  [default: 0.7]")
]
Containment: TypeAlias = Annotated[
    float | None,
    typer.Option(help="Containment of the smaller text in a near-duplicate pair.  [default: 0.8]"),
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
