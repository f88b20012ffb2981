"""Parts of a report: titled tables and lines that keep to the width they are given."""

from collections.abc import Iterable, Sequence

from provenance.output import tables
from provenance.output.display import fit, fit_name, width

NARROWEST = 16
_NAMES = (24, 16, 12)
_PROSE = frozenset(["title", "text", "why", "outlet", "mostly from"])
CELL = 200


def table(
    title: str,
    rows: Sequence[dict[str, object]],
    total: int,
    columns: int,
    last: str,
    spare: Sequence[str] = (),
) -> str:
    """Return a titled table of at most `columns` columns; nothing where it has no rows.

    Names are cut as far as it takes to leave room for the column `last`, which takes what is
    left; where that is not enough, the columns `spare` are dropped one after the other, `last`
    after them unless it is one of them. Where `total` is more than the rows, the rest is counted.
    """
    if not rows:
        return ""
    widest = max((columns - 52) // 2, NARROWEST)
    sizes = [widest, *(size for size in _NAMES if size < widest)]
    dropped = [*spare, *([] if last in spare else [last])]
    drawn = None
    for count in range(len(dropped) + 1):
        for narrow in sizes:
            drawn = drawn or _draw(rows, narrow, dropped[:count], last, columns)
    drawn = drawn or _draw(rows, sizes[-1], dropped, last, None) or ""
    found = [f"{title} ({total:,})", "", *drawn.splitlines()]
    if total > len(rows):
        found.append(f"… and {total - len(rows):,} more")
    return lines(found, columns)


def _draw(
    rows: Sequence[dict[str, object]],
    narrow: int,
    left_out: Sequence[str],
    last: str,
    columns: int | None,
) -> str | None:
    """Return a table with names of at most `narrow` columns; None where it is too wide."""
    names = [name for name in rows[0] if name not in left_out]
    others = [
        {name: _fitted(name, row[name], narrow) for name in names if name != last} for row in rows
    ]
    drawn = tables.render(others, "simple", cell=columns or CELL)
    if columns is None:
        return drawn
    room = columns - width(drawn.split("\n", 2)[1])
    if last not in names:
        return drawn if room >= 0 else None
    if room - 2 < NARROWEST:
        return None
    for row, cells in zip(rows, others, strict=True):
        cells[last] = _fitted(last, row[last], room - 2)
    return tables.render(others, "simple", columns=names, cell=columns)


def _fitted(name: str, value: object, columns: int) -> object:
    match value:
        case [*names]:
            return fit(", ".join(map(str, names[:columns])), columns)
        case str():
            return (fit if name in _PROSE else fit_name)(value, columns)
        case _:
            return value


def lines(given: Iterable[str], columns: int) -> str:
    """Return lines of at most `columns` columns, each with its line break."""
    return "".join(fit(line, columns).rstrip() + "\n" for line in given)
