"""Rows of Arrow record batches to documents: what Parquet and Arrow files have in common."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from provenance.errors import InputError, MissingExtra
from provenance.model import Skipped
from provenance.readers.items import Item, Opened
from provenance.readers.records import aliases, from_record, known_names, no_text

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS: Final = 256  # made to Python objects at a time


def arrow(kind: str) -> "Any":  # noqa: ANN401 - a module without types
    """Return the module of Arrow; raise `MissingExtra` where it is not installed."""
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtra(kind, "parquet") from None
    return pa


def needed(schema: "pa.Schema", opened: Opened) -> list[str]:
    """Return the columns that say something of a document; all of them for an adapter.

    Raises `InputError` where none of them holds the text.
    """
    names: list[str] = schema.names
    if opened.options.adapter:
        return names
    if not set(names) & set(aliases(opened.options.fields)["text"]):
        raise InputError(no_text(names, opened.options.fields))
    known = known_names(opened.options.fields)
    return [name for name in names if name in known]


def documents(
    batches: "Iterable[pa.RecordBatch]", opened: Opened, constant: dict[str, object]
) -> Iterator[Item]:
    """Yield a document for every row, numbered from 1; `constant` holds fields of all rows.

    Raises `InputError` where there is no row.
    """
    number = 0
    for batch in batches:
        for start in range(0, batch.num_rows, _ROWS):
            part = batch.slice(start, _ROWS)
            columns = [_values(column) for column in part.columns]
            for row in range(part.num_rows):
                number += 1
                place = f"{opened.path}#{number}"
                record = dict(constant)
                try:
                    for name, values in zip(part.schema.names, columns, strict=True):
                        value = values(row)
                        if value is not None:
                            record[name] = value
                    yield from_record(record, place, opened.options)
                except UnicodeDecodeError as error:
                    yield Skipped(place, f"broken characters: {error}")
                except InputError as error:
                    yield Skipped(place, str(error))
    if not number:
        raise InputError("no rows")


def _values(column: "pa.Array") -> Any:  # noqa: ANN401 - values of any type
    """Return a function from a row to its value as a Python object."""
    from pyarrow import timestamp, types

    kind = column.type
    if types.is_dictionary(kind):
        # Equal values are one object: a small file can repeat a long one a million times.
        dictionary = column.dictionary
        indices = column.indices.to_pylist()
        known: dict[int, object] = {}

        def look_up(row: int) -> object:
            index = indices[row]
            if index is None:
                return None
            if index not in known:
                known[index] = _alone(dictionary, index)
            return known[index]

        return look_up
    if types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(timestamp("us", kind.tz), safe=False)
    try:
        return column.to_pylist().__getitem__
    except (UnicodeDecodeError, ValueError, OverflowError):
        return lambda row: _alone(column, row)


def _alone(column: "pa.Array", row: int) -> object:
    """Return one value of a column some of whose values cannot be read; None for such a one."""
    try:
        return column[row].as_py()
    except UnicodeDecodeError:
        raise
    except (ValueError, OverflowError):
        return None


def first_line(error: Exception) -> str:
    """Return what an error of the library says, in a line."""
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
