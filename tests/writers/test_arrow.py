"""What is written of Arrow has the schema, batches and compression of what was read."""

import io
from functools import partial

import pyarrow as pa
import pytest
from pyarrow import feather, ipc
from writing import decisions
from writing import written as written_by

from provenance.errors import InputError
from provenance.writers import arrow
from provenance.writers.arrow import write_arrow
from provenance.writers.decisions import FIELDS

written = partial(written_by, write_arrow)
kinds = pytest.mark.parametrize("new", [ipc.new_file, ipc.new_stream], ids=["file", "stream"])
TABLE = pa.table(
    {
        "text": [f"text {i}" for i in range(7)],
        "tags": [["a"], [], None, ["b", None], ["c"], ["d"], ["e"]],
        "kind": pa.array(["x", "y", None, "x", "y", "x", "y"]).dictionary_encode(),
        "n": pa.array([1, None, 3, 4, 5, 6, 7], pa.int16()),
    }
).replace_schema_metadata({"made by": "hand"})


def made(new, compression=None):
    """Return seven rows with nested, missing and dictionary values, in batches of three."""
    sink = io.BytesIO()
    with new(sink, TABLE.schema, options=ipc.IpcWriteOptions(compression=compression)) as writer:
        for i, batch in enumerate(TABLE.to_batches(max_chunksize=3)):
            writer.write_batch(batch, custom_metadata={"batch": str(i)})
    return sink.getvalue()


def opened(data, new):
    """Return the batches of a file or stream with the metadata of each."""
    if new is ipc.new_stream:
        return list(ipc.open_stream(data).iter_batches_with_custom_metadata())
    file = ipc.open_file(data)
    return [file.get_batch_with_custom_metadata(i) for i in range(file.num_record_batches)]


@kinds
@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_kept_rows_keep_their_values_types_and_batches(new, compression):
    """A batch of which no row is left is left out; the others are compressed as they were."""
    data = made(new, compression)
    found = written(data, decisions(d1=True, d2=False, d4=False, d5=False, d6=False, d7=True))
    batches = opened(found, new)
    kept = pa.Table.from_batches([batch for batch, _ in batches])
    assert kept.equals(TABLE.take([0, 2, 6]), check_metadata=True)
    assert [batch.num_rows for batch, _ in batches] == [2, 1]
    assert [dict(metadata) for _, metadata in batches] == [{b"batch": b"0"}, {b"batch": b"2"}]
    assert arrow._compression(found, ipc) == arrow._compression(data, ipc) == compression


@kinds
def test_annotated_rows_have_columns_more(new):
    """A row that could not be read has none of their values."""
    found = written(made(new), decisions(d1=True, d7=False), annotate=True)
    back = pa.Table.from_batches([batch for batch, _ in opened(found, new)])
    assert back.select(TABLE.column_names).equals(TABLE, check_metadata=True)
    assert back.column_names[4:] == list(FIELDS)
    assert back["provenance_keep"].to_pylist() == [True, *[None] * 5, False]
    assert back["provenance_source"].to_pylist()[0] == "wire"
    with pytest.raises(InputError, match="annotated already"):
        written(found, decisions(d1=True), annotate=True)


def test_feather_stays_feather():
    """What other programs write as Feather is read by them again."""
    sink = io.BytesIO()
    feather.write_feather(TABLE, sink)
    found = written(sink.getvalue(), decisions(d1=True, d2=False))
    assert feather.read_table(io.BytesIO(found)).num_rows == 6
    assert arrow._compression(found, ipc) == "lz4"


def test_damage_is_told():
    """A file that is cut off is not written."""
    with pytest.raises(InputError, match="Arrow that cannot be written"):
        written(made(ipc.new_file)[:-40], decisions(d1=True))
