"""Kernels that read bytes: inside their arrays whatever the bytes are, and as the parser reads."""

import io
import json

import numpy as np
import pytest
from any_text import texts
from checked import checked_kernels
from hypothesis import given
from hypothesis import strategies as st

from provenance.readers import bulk, encodings
from provenance.readers.options import FieldNames, ReadOptions
from provenance.readers.scanner import (
    BLANK,
    FIELDS,
    PLAIN,
    SCANNED,
    SPANS,
    TEXT,
    field_names,
    scan_kernel,
)

# Bytes that no text begins with are refused before a kernel sees them.
SIGNATURES = tuple(signature for signature, _ in encodings._SIGNATURES)
PIECES = (
    *('{"', '"', '":', '","', '"}', "{", "}", "[", "]", ",", ":", " ", "\t", "\r", "\v", "\n"),
    *('{"text":"', '","url":"https://', '"id":"', '"source":null', '"date":"2031-05-02"', "null"),
    *(
        "\\",
        "\\u",
        "\\ud83d",
        "\\udc26",
        "\\u0000",
        "\\n",
        '\\"',
        "true",
        "fals",
        "-",
        "0",
        "1e",
        ".",
    ),
    *("text", "id", "é", "新", "\U0001f426", "\x00", "a" * 9),
)
broken = st.sampled_from([b"\xff", b"\xc3", b"\xe2\x80", b"\xed\xa0\x80", b"\xf4\x90", b"\xc0\x80"])
hostile = st.lists(
    st.sampled_from(PIECES).map(str.encode) | broken | st.binary(max_size=3), max_size=25
).map(b"".join)
names = st.sampled_from(["id", "text", "url", "title", "source", "date", "body", "authors", "x"])
addresses = st.builds(
    lambda length, rest: f"https://{'a' * length}{rest}",
    st.integers(0, 400),
    st.text("b.-/?", max_size=9),
)
values = texts | addresses | st.sampled_from(["2031-05-02", "~x", " "]) | st.none() | st.integers()
records = st.builds(
    lambda record, escape: json.dumps(record, ensure_ascii=escape).encode("utf-8", "surrogatepass"),
    st.dictionaries(names, values, max_size=7)
    | st.fixed_dictionaries(
        {"url": addresses, "text": texts}, optional={"id": texts, "title": texts}
    ),
    st.booleans(),
)


def read(data):
    """Return what bytes hold, read in bulk: each batch's columns, and whatever else there is."""
    found = []
    if data.startswith(SIGNATURES):
        return found
    for block in bulk.read_blocks("p.jsonl", io.BytesIO(data), ReadOptions("utf-8")):
        found += [
            columns(item) if isinstance(item, bulk.Batch) else item for item in bulk.batches(block)
        ]
    return found


def columns(batch):
    """Return what a batch says, without the room behind it."""
    return [
        batch.data[: batch.bounds[-1]].tobytes(),
        *(column.tolist() for column in (batch.bounds, batch.characters, batch.lengths)),
        batch.arena.tobytes(),
        *(column.tolist() for column in (batch.latest, batch.offsets)),
    ]


def test_a_line_too_long_for_offsets_is_left_to_the_parser(monkeypatch):
    """A block in which a place would not fit its number is not read in bulk."""
    line = json.dumps({"id": "a", "text": "word " * 99}).encode()
    monkeypatch.setattr(bulk, "LONGEST", len(line) + 1 + bulk.PADDING)
    assert len(read(line)) == 1
    with pytest.raises(bulk.NotInBulkError):
        read(line + b" ")


def test_addresses_that_stand_for_id_and_source_have_room():
    """Records whose address is all they say, three times over, are read whole."""
    line = json.dumps({"url": f"https://{'a' * 3000}", "text": "x"}).encode()
    (batch,) = read(b"\n".join([line] * 100))
    assert batch[3][99] == [3008, 3000, 3008, -1, -1, -1, -1, -1, 2, -1, len("p.jsonl#100")]


@given(st.lists(hostile | records, max_size=4).map(b"\n".join))
def test_no_bytes_lead_outside_an_array(data):
    """Machine code and checked Python give the same columns for any bytes."""
    with checked_kernels():
        expected = read(data)
    assert read(data) == expected


@given(st.lists(hostile | records, max_size=4).map(b"\n".join))
def test_a_plain_line_is_json_with_the_values_at_its_spans(data):
    """The parser takes each line that the scanner takes, and finds the same values in it."""
    data += b"\n"
    count = data.count(b"\n")
    kinds, lines = np.empty(count, np.uint8), np.empty(count + 1, np.int64)
    spans = np.empty((count, SPANS), np.int32)
    padded = np.frombuffer(data + bytes(bulk.PADDING), np.uint8)
    best = np.empty(len(FIELDS), np.uint8)
    assert (
        scan_kernel(padded, len(data), *field_names(FieldNames()), best, kinds, lines, spans)
        == count
    )
    for row, line in enumerate(data[:-1].split(b"\n")):
        assert (kinds[row] == BLANK) == (not line.strip())
        assert lines[row + 1] - lines[row] == len(line) + 1
        if kinds[row] != PLAIN:
            continue
        record = json.loads(line.decode())
        start, end = spans[row, 2 * TEXT : 2 * TEXT + 2].tolist()
        text = json.loads(b'"' + data[start : abs(end)] + b'"')
        assert text
        assert text in record.values()
        for field in range(TEXT):
            start, end = spans[row, 2 * field : 2 * field + 2].tolist()
            if end and field != SCANNED.index("authors"):
                assert json.loads(b'"' + data[start : abs(end)] + b'"') in record.values()
