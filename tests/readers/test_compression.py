import bz2
import gzip
import lzma
import random

import pytest
import zstandard

from provenance.readers.compression import DAMAGED, open_decompressed, split_compression

COMPRESS = {
    ".gz": gzip.compress,
    ".zst": zstandard.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}
DATA = random.Random(1).randbytes(700_000) + b"\nlast line\n"


def write(folder, suffix, data):
    """Write a file and return its place."""
    path = folder / f"data{suffix}"
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize("suffix", ["", *COMPRESS])
def test_what_was_compressed_is_read(tmp_path, suffix):
    """A file reads as if it were not compressed, whole or line by line."""
    data = COMPRESS[suffix](DATA) if suffix else DATA
    location = write(tmp_path, suffix, data)
    with open_decompressed(location, suffix) as stream:
        assert stream.read() == DATA
    with open_decompressed(location, suffix) as stream:
        assert b"".join(stream) == DATA


@pytest.mark.parametrize("suffix", COMPRESS)
def test_several_parts_are_one_stream(tmp_path, suffix):
    """Compressed parts that were written one after the other are all read."""
    data = COMPRESS[suffix](b"one\n") + COMPRESS[suffix](b"two\n")
    with open_decompressed(write(tmp_path, suffix, data), suffix) as stream:
        assert list(stream) == [b"one\n", b"two\n"]


@pytest.mark.parametrize("suffix", COMPRESS)
@pytest.mark.parametrize("kept", [20, 300_000, -1])
def test_cut_off_data_is_an_error(tmp_path, suffix, kept):
    """Data that ends early never ends quietly, wherever it was cut."""
    location = write(tmp_path, suffix, COMPRESS[suffix](DATA)[:kept])
    with pytest.raises((OSError, *DAMAGED)), open_decompressed(location, suffix) as stream:
        stream.read()


@pytest.mark.parametrize("suffix", COMPRESS)
def test_damaged_data_is_an_error(tmp_path, suffix):
    """Data that only looks compressed is an error."""
    location = write(tmp_path, suffix, b"plain text")
    with pytest.raises((OSError, *DAMAGED)), open_decompressed(location, suffix) as stream:
        stream.read()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.jsonl.gz", ("a.jsonl", ".gz")),
        ("a.TXT.ZST", ("a.TXT", ".zst")),
        ("a.txt", ("a.txt", "")),
        ("sub.gz/a", ("sub.gz/a", "")),
        ("a.gz", ("a", ".gz")),
        (".gz", (".gz", "")),
    ],
)
def test_split_compression(name, parts):
    """Only the last suffix says that a file is compressed."""
    assert split_compression(name) == parts
