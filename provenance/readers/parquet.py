"""Parquet: the columns that are needed, a batch of rows at a time."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final
from urllib.parse import unquote

from provenance.errors import InputError
from provenance.readers.columns import arrow, documents, first_line, needed
from provenance.readers.items import Item, Opened
from provenance.readers.parquet_footer import check_footer
from provenance.readers.streams import copied

_BATCH: Final = 16 << 20  # bytes of a batch, about
_MOST_ROWS: Final = 1024
# A value of a dictionary may stand in every row: bytes that a batch may hold in the worst case.
_WORST: Final = 256 << 20
_READ_AHEAD: Final = 1 << 20  # bytes of a column, not all of it
_LARGEST_LIST: Final = 4 << 30
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
        file = pq.ParquetFile(
            pa.PythonFile(stream, "r"),
            thrift_string_size_limit=_LARGEST_FOOTER,
            thrift_container_size_limit=_LARGEST_FOOTER,
            buffer_size=_READ_AHEAD,
        )
        check_footer(stream, file.schema)
        columns = needed(file.schema_arrow, opened)
        partitions = {k: v for k, v in _partitions(opened.path).items() if k not in columns}
        rows = _rows(file.metadata, frozenset(columns), stream)
        batches = file.iter_batches(rows, columns=columns, use_threads=False)
        yield from documents(batches, opened, partitions)
    except (InputError, MemoryError):
        raise
    except Exception as error:
        raise InputError(f"damaged Parquet: {first_line(error)}") from error
    finally:
        if stream is not opened.stream:
            stream.close()


def _rows(metadata: Any, columns: frozenset[str], stream: BinaryIO) -> int:  # noqa: ANN401
    """Return how many rows a batch may hold, by what rows of the row groups take at most.

    Raises `InputError` where a list repeats a long value more often than memory can hold.
    """
    fewest = _MOST_ROWS
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        usual = worst = 1
        for place in range(group.num_columns):
            column = group.column(place)
            name, nested, _ = column.path_in_schema.partition(".")
            if name not in columns:
                continue
            usual += column.total_uncompressed_size
            longest = _dictionary(column, stream)
            if nested and longest * column.num_values > _LARGEST_LIST:
                raise InputError("a list in Parquet that repeats long values without end")
            worst += longest
        fewest = min(fewest, _BATCH * max(group.num_rows, 1) // usual, _WORST // worst)
    return max(fewest, 1)


def _dictionary(column: Any, stream: BinaryIO) -> int:  # noqa: ANN401
    """Return the bytes of a column's dictionary, decompressed: 0 where it has none.

    They stand at the head of its page, in Thrift's compact protocol: two fields, each a byte and
    a number.
    """
    if not column.has_dictionary_page:
        return 0
    stream.seek(column.dictionary_page_offset)
    head = stream.read(16)
    if head[:1] == b"\x15" and head[2:3] == b"\x15":
        value = shift = 0
        for byte in head[3:]:
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return max(value >> 1, 0)  # the lowest bit is the sign
    return int(column.total_uncompressed_size)


def _partitions(path: str) -> dict[str, object]:
    """Return the fields that folders named `key=value` give."""
    pairs = (part.partition("=") for part in path.split("/")[:-1])
    found = {unquote(key): unquote(value) for key, mark, value in pairs if mark and key}
    return {key: value for key, value in found.items() if value != _HIVE_NULL}
