"""Arrow: files (Feather, version 2) and streams, read from their beginning to their end."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from provenance.errors import InputError
from provenance.readers.columns import arrow, documents, first_line, needed
from provenance.readers.items import Item, Opened
from provenance.readers.streams import put_back

if TYPE_CHECKING:
    import pyarrow as pa

_MARK: Final = b"ARROW1\x00\x00"  # before the stream that a file holds


def read_arrow(opened: Opened) -> Iterator[Item]:
    """Yield a document for every row with a usable record, and the reason for any other row.

    A file that was cut off gives the batches before the cut. Raises `InputError` where it is
    damaged or no column holds the text.
    """
    pa = arrow("Arrow")
    from pyarrow import ipc

    start = opened.stream.read(len(_MARK))
    if not start:
        raise InputError("empty file")
    if start.startswith(b"FEA1"):
        raise InputError("Feather of version 1; write it again as Arrow or Parquet")
    stream = put_back(b"" if start == _MARK else start, opened.stream)
    try:
        reader = ipc.open_stream(pa.PythonFile(stream, "r"))
        columns = needed(reader.schema, opened)
        yield from documents(_checked(reader, columns), opened, {})
    except (InputError, MemoryError):
        raise
    except Exception as error:
        raise InputError(f"damaged Arrow: {first_line(error)}") from error


def _checked(reader: Any, columns: list[str]) -> "Iterator[pa.RecordBatch]":  # noqa: ANN401
    """Yield the batches of a stream, their offsets checked: a file may hold anything."""
    for batch in reader:
        batch.validate(full=True)
        yield batch.select(columns)
