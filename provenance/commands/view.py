"""The table that a command is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provenance.commands.options import Columns, Format, Limit, Sort
from provenance.output import terminal


@dataclass(frozen=True, slots=True)
class View:
    """The table that is asked for; `format` is None where people get a report."""

    table: str
    format: str | None
    columns: tuple[str, ...] | None
    sort: tuple[str, ...]
    limit: int | None

    def check(self, known: Mapping[str, Sequence[str]]) -> None:
        """Raise `ConfigError` now, before a long scan, for what does not exist."""
        from provenance.output import rows, tables

        available = known[rows.choose("table", self.table, known)]
        # Without a format there is none to look up, and tabulate need not be imported.
        tables.check(self.format or tables.DATA_FORMATS[0], available, self.columns, self.sort)

    def print(self, found: Iterable[Mapping[str, object]], available: Sequence[str]) -> None:
        """Print rows in the format, columns, order and number that were asked for."""
        from provenance.output import tables

        text = tables.render(
            list(found),
            self.format or "simple",
            columns=self.columns or available,
            sort=self.sort,
            limit=self.limit,
        )
        data = self.format in tables.DATA_FORMATS
        (terminal.write_data if data else terminal.write)(text)


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table is to be printed, in the words of the command line."""

    format: Format = None
    columns: Columns = None
    sort: Sort = None
    limit: Limit = None

    def view(self, usual: str, table: str | None = None) -> View:
        """Return the view that is asked for; `usual` is the table where none is named."""
        asked = bool(table or self.columns or self.sort)
        chosen = self.format or ("simple" if asked else None)
        columns = _names(self.columns) or None
        return View(table or usual, chosen, columns, _names(self.sort), self.limit)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())
