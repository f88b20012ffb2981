"""Parquet: the rows that are written, with the schema, row groups and compression they had."""

import io
from collections.abc import Mapping
from typing import Any, BinaryIO

from provenance.errors import InputError, MissingExtra
from provenance.writers.decisions import FIELDS
from provenance.writers.records import Records, Verdict


def write_parquet(source: BinaryIO, sink: BinaryIO, records: Records) -> None:
    """Copy the rows group by group; a group of which no row is left is left out.

    Annotated rows have columns more. Raises `MissingExtra` without pyarrow, and `InputError`
    where an annotated file has the columns already.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra("Parquet", "parquet") from None

    if not source.seekable():
        source = io.BytesIO(source.read())
    try:
        file = pq.ParquetFile(source)
        schema = file.schema_arrow
        if records.annotate:
            if not set(FIELDS).isdisjoint(schema.names):
                raise InputError("the file is annotated already: give the one it was made from")
            for name in FIELDS:
                schema = schema.append(pa.field(name, type_of(name, pa)))
        number = 0
        with pq.ParquetWriter(sink, schema, **_settings(file)) as writer:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group)
                verdicts = [records.verdict(number + i) for i in range(1, table.num_rows + 1)]
                number += table.num_rows
                if records.annotate:
                    for name in FIELDS:
                        values = [value_of(verdict, name) for verdict in verdicts]
                        column = pa.array(values, type_of(name, pa))
                        table = table.append_column(pa.field(name, column.type), column)
                else:
                    table = table.filter(pa.array([verdict.write for verdict in verdicts]))
                if table.num_rows:
                    writer.write_table(table.cast(schema), row_group_size=table.num_rows)
    except pa.ArrowException as error:
        raise InputError(f"Parquet that cannot be written: {error}. Nothing was written") from None


def _settings(file: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a class without types
    """Return the writer's settings that the file was written with, as far as it says them."""
    metadata = file.metadata
    if not metadata.num_row_groups:
        return {}
    group = metadata.row_group(0)
    columns = [group.column(i) for i in range(group.num_columns)]
    return {
        "compression": {column.path_in_schema: _codec(column.compression) for column in columns},
        "use_dictionary": [c.path_in_schema for c in columns if c.has_dictionary_page],
        "version": metadata.format_version,
    }


def _codec(name: str) -> str:
    return "NONE" if name == "UNCOMPRESSED" else name


def type_of(name: str, pa: Any) -> Any:  # noqa: ANN401 - as above
    """Return the type of the column that annotated rows have more."""
    return pa.bool_() if name == "provenance_keep" else pa.string()


def value_of(verdict: Verdict, name: str) -> str | bool | None:
    """Return what an annotated row has in a column; nothing where it was not read."""
    return verdict.annotation[name] if verdict.annotation else None
