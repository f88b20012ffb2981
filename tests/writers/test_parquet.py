"""What is written of Parquet has the schema, row groups and compression of what was read."""

import io
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from writing import decisions
from writing import written as written_by

from provenance.errors import InputError
from provenance.writers.decisions import FIELDS
from provenance.writers.parquet import write_parquet

written = partial(written_by, write_parquet)


@pytest.fixture
def data():
    """Seven rows with nested, missing and dictionary values, and metadata, in groups of three."""
    table = pa.table(
        {
            "text": [f"text {i}" for i in range(7)],
            "tags": [["a"], [], None, ["b", None], ["c"], ["d"], ["e"]],
            "kind": pa.array(["x", "y", None, "x", "y", "x", "y"]).dictionary_encode(),
            "n": pa.array([1, None, 3, 4, 5, 6, 7], pa.int16()),
        }
    ).replace_schema_metadata({"made by": "hand"})
    sink = io.BytesIO()
    compression = {"text": "ZSTD", "tags.list.element": "NONE", "kind": "GZIP", "n": "SNAPPY"}
    pq.write_table(table, sink, row_group_size=3, compression=compression)
    return sink.getvalue()


def shape(data):
    """Return the rows of each group and the compression of each column."""
    metadata = pq.ParquetFile(io.BytesIO(data)).metadata
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    columns = [groups[0].column(i) for i in range(groups[0].num_columns)]
    return [group.num_rows for group in groups], [column.compression for column in columns]


def test_kept_rows_keep_their_values_types_and_groups(data):
    """A group of which no row is left is left out."""
    table = pq.read_table(io.BytesIO(data))
    verdicts = decisions(d1=True, d2=False, d4=False, d5=False, d6=False, d7=True)
    found = written(data, verdicts)
    assert pq.read_table(io.BytesIO(found)).equals(table.take([0, 2, 6]), check_metadata=True)
    groups, compression = shape(found)
    assert groups == [2, 1]
    assert compression == shape(data)[1] == ["ZSTD", "UNCOMPRESSED", "GZIP", "SNAPPY"]


def test_annotated_rows_have_columns_more(data):
    """A row that could not be read has none of their values."""
    table = pq.read_table(io.BytesIO(data))
    found = written(data, decisions(d1=True, d7=False), annotate=True)
    back = pq.read_table(io.BytesIO(found))
    assert back.select(table.column_names).equals(table, check_metadata=True)
    assert back.column_names[4:] == list(FIELDS)
    assert back["provenance_keep"].to_pylist() == [True, *[None] * 5, False]
    assert back["provenance_source"].to_pylist()[0] == "wire"
    assert shape(found)[0] == shape(data)[0]
    with pytest.raises(InputError, match="annotated already"):
        written(found, decisions(d1=True), annotate=True)
