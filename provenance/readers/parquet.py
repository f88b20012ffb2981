"""Parquet: the columns that are needed, a batch of rows at a time."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from provenance.errors import InputError
from provenance.readers.columns import arrow, documents, needed
from provenance.readers.items import Item, Opened
from provenance.readers.records import aliases
from provenance.readers.streams import copied

_BATCH: Final = 16 << 20  # bytes of a batch, about
_MOST_ROWS: Final = 1024
_LARGEST_COPY: Final = 16 << 30
_LARGEST_FOOTER: Final = 256 << 20
_HIVE_NULL: Final = "__HIVE_DEFAULT_PARTITION__"


def read_parquet(opened: Opened) -> Iterator[Item]:
    """Yield a document for every row with a usable record, and the reason for any other row.

    Folders named `key=value` around the file are fields of its rows, unless it has such a column.
    Raises `InputError` where it is damaged or no column holds the text.
    """
    pa = arrow("Parquet")
    import pyarrow.parquet as pq

    stream = opened.stream if opened.seekable else copied(opened.stream, _LARGEST_COPY)
    try:
        source = pa.PythonFile(stream, "r")
        limits = {
            "thrift_string_size_limit": _LARGEST_FOOTER,
            "thrift_container_size_limit": _LARGEST_FOOTER,
        }
        file = pq.ParquetFile(source, **limits)
        if not file.metadata.num_rows:
            raise InputError("no rows")
        columns = needed(file.schema_arrow, opened)
        partitions = {k: v for k, v in _partitions(opened.path).items() if k not in columns}
        # Equal texts stay one object: a small file may repeat a long one a million times.
        known = {field.name: str(field.type) for field in file.schema_arrow}
        texts = [
            name
            for name in aliases(opened.options.fields)["text"]
            if name in columns and known[name] in ("string", "large_string")
        ]
        file = pq.ParquetFile(source, metadata=file.metadata, read_dictionary=texts, **limits)
        batches = file.iter_batches(_rows(file.metadata), columns=columns, use_threads=False)
        yield from documents(batches, opened, partitions)
    except pa.ArrowMemoryError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"damaged Parquet: {_first_line(error)}") from None
    finally:
        if stream is not opened.stream:
            stream.close()


def _rows(metadata: Any) -> int:  # noqa: ANN401 - a class without types
    """Return how many rows a batch may hold, by the size of the largest row group."""
    groups = [metadata.row_group(i) for i in range(min(metadata.num_row_groups, 1000))]
    widest = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=1)
    return max(1, min(_MOST_ROWS, _BATCH // max(widest, 1)))


def _partitions(path: str) -> dict[str, object]:
    """Return the fields that folders named `key=value` give."""
    pairs = (part.partition("=") for part in path.split("/")[:-1])
    found = {unquote(key): unquote(value) for key, mark, value in pairs if mark and key}
    return {key: value for key, value in found.items() if value != _HIVE_NULL}


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["no reason given"])[0][:300]
