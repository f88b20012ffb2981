"""Arrow: the rows that are written, with the schema, batches and compression they had."""

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from provenance.errors import InputError, MissingExtra
from provenance.writers.decisions import FIELDS
from provenance.writers.parquet import type_of, value_of
from provenance.writers.records import Records

_MARK: Final = b"ARROW1"  # how a file begins; a stream does not
# Of the tables of Arrow's format (Message.fbs of Apache Arrow): which fields are read here.
_HEADER, _COMPRESSION, _CODEC = 2, 3, 0
_CODECS: Final = ("lz4", "zstd")


def write_arrow(source: BinaryIO, sink: BinaryIO, records: Records) -> None:
    """Copy the rows batch by batch; a batch of which no row is left is left out.

    A file gives a file, a stream a stream. Annotated rows have columns more. Raises
    `MissingExtra` without pyarrow, and `InputError` where the input is damaged or annotated
    already.
    """
    try:
        import pyarrow as pa
        from pyarrow import ipc
    except ImportError:
        raise MissingExtra("Arrow", "parquet") from None

    data = source.read()
    try:
        if data.startswith(_MARK):
            file = ipc.open_file(data)
            schema, batches = file.schema, _of_file(file)
        else:
            stream = ipc.open_stream(data)
            schema, batches = stream.schema, stream.iter_batches_with_custom_metadata()
        if records.annotate:
            if not set(FIELDS).isdisjoint(schema.names):
                raise InputError("the file is annotated already: give the one it was made from")
            for name in FIELDS:
                schema = schema.append(pa.field(name, type_of(name, pa)))
        options = ipc.IpcWriteOptions(compression=_compression(data, ipc))
        new = ipc.new_file if data.startswith(_MARK) else ipc.new_stream
        number = 0
        with new(sink, schema, options=options) as writer:
            for batch, metadata in batches:
                verdicts = [records.verdict(number + i) for i in range(1, batch.num_rows + 1)]
                number += batch.num_rows
                if records.annotate:
                    added = [
                        pa.array(
                            [value_of(verdict, name) for verdict in verdicts], type_of(name, pa)
                        )
                        for name in FIELDS
                    ]
                    kept = pa.RecordBatch.from_arrays([*batch.columns, *added], schema=schema)
                else:
                    kept = batch.filter(pa.array([verdict.write for verdict in verdicts]))
                if kept.num_rows:
                    writer.write_batch(kept, custom_metadata=metadata)
    except pa.ArrowException as error:
        raise InputError(f"Arrow that cannot be written: {error}. Nothing was written") from None


def _of_file(file: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - a class without types
    for i in range(file.num_record_batches):
        yield file.get_batch_with_custom_metadata(i)


def _compression(data: bytes, ipc: Any) -> str | None:  # noqa: ANN401 - as above
    """Return what the first batch is compressed with, which pyarrow does not say."""
    start = 8 if data.startswith(_MARK) else 0
    for message in ipc.MessageReader.open_stream(memoryview(data)[start:]):
        if message.type == "record batch":
            flat = message.metadata.to_pybytes()
            batch = _table(flat, _field(flat, _table(flat, 0), _HEADER))
            found = _field(flat, batch, _COMPRESSION)
            if not found:
                return None
            codec = _field(flat, _table(flat, found), _CODEC)
            return _CODECS[flat[codec] if codec else 0]
    return None


def _table(flat: bytes, place: int) -> int:
    """Return where the table lies that a place in a FlatBuffer refers to."""
    return int(place + struct.unpack_from("<I", flat, place)[0])


def _field(flat: bytes, table: int, number: int) -> int:
    """Return where a field of a table lies; 0 where it has the default."""
    places = table - struct.unpack_from("<i", flat, table)[0]
    if 4 + 2 * number >= struct.unpack_from("<H", flat, places)[0]:
        return 0
    offset = struct.unpack_from("<H", flat, places + 4 + 2 * number)[0]
    return int(table + offset) if offset else 0
