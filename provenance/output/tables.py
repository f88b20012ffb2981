"""Rows for people and for programs: every tabulate format, csv, json and jsonl."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from provenance.errors import ConfigError
from provenance.json_text import encode
from provenance.output.display import fit, printable
from provenance.output.rows import choose

DATA_FORMATS = ("csv", "json", "jsonl")
CELL = 60
_UNCUT = ("tsv", "html", "unsafehtml", "latex", "latex_booktabs", "latex_longtable", "latex_raw")
_PIPES = ("github", "pipe", "jira", "orgtbl")


def formats() -> list[str]:
    """Return the names of all formats that `render` knows."""
    from tabulate import tabulate_formats

    return [*DATA_FORMATS, *tabulate_formats]


def check(
    format: str, available: Sequence[str], columns: Sequence[str] | None, sort: Sequence[str]
) -> None:
    """Raise `ConfigError` for a format, column or sort column that does not exist.

    The error lists what there is. A caller checks this before a long scan, not after it.
    """
    if format not in DATA_FORMATS:
        choose("format", format, formats())
    for name in columns or ():
        choose("column", name, available)
    for name in sort:
        choose("column to sort by", name.removeprefix("-"), available)


def render(
    rows: Sequence[Mapping[str, object]],
    format: str,
    *,
    columns: Sequence[str] | None = None,
    sort: Sequence[str] = (),
    limit: int | None = None,
    cell: int = CELL,
) -> str:
    """Return rows in a format, ending in a line break; data formats hold every value unchanged.

    `columns` chooses and orders (default: those of the first row); `sort` names columns, the
    first one leading, a `-` before a name for descending; missing values come last; `limit`
    keeps the first rows of that order. In formats for people control characters are made
    visible, lists joined, and texts cut to `cell` columns with an ellipsis, markup and tsv
    excepted. Raises `ConfigError` for an unknown format or column.
    """
    available = list(rows[0]) if rows else [*(columns or ()), *(s.lstrip("-") for s in sort)]
    check(format, available, columns, sort)
    if limit is not None and limit < 0:
        raise ConfigError(f"limit is {limit}; it must not be negative")
    names = list(columns or available)
    chosen = _sorted(rows, sort)[:limit]
    if format in DATA_FORMATS:
        return _data(chosen, names, format)
    return _table(chosen, names, format, cell)


def _sorted(
    rows: Sequence[Mapping[str, object]], sort: Sequence[str]
) -> Sequence[Mapping[str, object]]:
    for name in reversed(sort):
        column = name.removeprefix("-")
        known = [row for row in rows if row[column] is not None]
        known.sort(key=lambda row: _order(row[column]), reverse=name.startswith("-"))
        rows = known + [row for row in rows if row[column] is None]
    return rows


def _order(value: object) -> tuple[bool, float, str]:
    if isinstance(value, int | float):
        return False, value, ""
    return True, 0.0, value if isinstance(value, str) else encode(value)


def _data(rows: Iterable[Mapping[str, object]], names: Sequence[str], format: str) -> str:
    if format == "csv":
        return _csv(rows, names)
    lines = [encode({name: row[name] for name in names}) for row in rows]
    if format == "jsonl":
        return "".join(line + "\n" for line in lines)
    return "[" + ",".join("\n  " + line for line in lines) + ("\n]\n" if lines else "]\n")


def _csv(rows: Iterable[Mapping[str, object]], names: Sequence[str]) -> str:
    sink = io.StringIO()
    # CRLF, so that the writer quotes a lone carriage return; then Unix line ends between rows.
    writer = csv.writer(_LineFeeds(sink), lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_csv_cell(row[name]) for name in names])
    return sink.getvalue()


class _LineFeeds:
    def __init__(self, sink: io.StringIO) -> None:
        self._sink = sink

    def write(self, row: str) -> int:
        return self._sink.write(row.removesuffix("\r\n") + "\n")


def _csv_cell(value: object) -> object:
    if value is None or isinstance(value, str):
        return value
    return encode(value)


def _table(
    rows: Sequence[Mapping[str, object]], names: Sequence[str], format: str, cell: int
) -> str:
    from tabulate import tabulate

    limit = None if format in _UNCUT else cell
    cells = [[_cell(row[name], limit) for name in names] for row in rows]
    if format in _PIPES:
        cells = [[text.replace("|", "\\|") for text in line] for line in cells]
    align = ["right" if _numeric(rows, name) else "left" for name in names]
    table = tabulate(
        cells,
        headers=[printable(name) for name in names],
        tablefmt=format,
        colalign=align if rows else None,
        disable_numparse=True,
    )
    return table + "\n"


def _numeric(rows: Iterable[Mapping[str, object]], name: str) -> bool:
    values = [row[name] for row in rows if row[name] is not None]
    return bool(values) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    )


def _cell(value: object, limit: int | None) -> str:
    match value:
        case None:
            text = ""
        case bool():
            text = "yes" if value else "no"
        case float():
            text = f"{value:.3f}"
        case [str(), *_]:
            text = ", ".join(map(str, value[: limit and limit + 1]))
        case []:
            text = ""
        case str() | int():
            text = str(value)
        case _:
            text = encode(value)
    return printable(text) if limit is None else fit(text, limit)
