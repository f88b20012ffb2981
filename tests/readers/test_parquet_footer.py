"""What pyarrow does not survive in a footer is refused before it is asked."""

import io
import struct

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from provenance.errors import InputError
from provenance.readers.parquet_footer import check_footer

TABLE = pa.table(
    {
        "text": ["a", None, "c"],
        "tags": [["x"], [], None],
        "n": pa.array([1, 2, 3], pa.int64()),
        "kind": pa.array(["k", "k", "l"]).dictionary_encode(),
    }
)


def written(**options):
    """Return the table as Parquet."""
    sink = io.BytesIO()
    pq.write_table(TABLE, sink, row_group_size=2, **options)
    return sink.getvalue()


def check(data):
    """Check the footer of bytes by the schema of the sound file."""
    check_footer(io.BytesIO(data), pq.ParquetFile(io.BytesIO(written())).schema)


@pytest.mark.parametrize("version", ["1.0", "2.6"])
def test_sound_footers_pass(version):
    """With whatever statistics a file is written."""
    check(written(version=version))
    check(written(version=version, write_statistics=False))


def test_any_damage_passes_or_is_told():
    """Of all footers with one other byte some have statistics that fit no column."""
    data = written()
    length = struct.unpack("<I", data[-8:-4])[0]
    said = set()
    for place in range(len(data) - 8 - length, len(data) - 8):
        for change in (1, 0x10, 0x80):
            damaged = bytearray(data)
            damaged[place] ^= change
            try:
                check(bytes(damaged))
            except InputError as error:
                said.add(str(error))
    assert said == {
        "damaged Parquet: a footer that cannot be read",
        "damaged Parquet: statistics that do not fit their column",
        "encrypted Parquet",
    }


def test_a_length_that_leads_nowhere_is_left_to_the_reader():
    """Nothing is said of a file that is no Parquet."""
    check(b"PAR1" + b"\xff" * 20)
    check(b"")
