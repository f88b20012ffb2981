"""What is written of JSON Lines is what was read, byte for byte."""

import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import decisions
from writing import written as written_by

from provenance.errors import InputError
from provenance.writers.decisions import FIELDS
from provenance.writers.json_array import write_json
from provenance.writers.json_lines import write_json_lines

written = partial(written_by, write_json_lines)
written_json = partial(written_by, write_json)


ODD = (
    b'\xef\xbb\xbf{ "text" : "a\\u00e9" , "n": 1E400, "n": 1.0}\r\n'
    b"\n"
    b'   {"z": 1, "text": "\xff broken", "a": 2}  \n'
    b"not json\n"
    b" \t\r\n"
    b'{"text":"last, without a newline"}'
)


def test_kept_lines_are_the_bytes_that_were_read():
    """Order of fields, spaces, numbers, escapes, broken bytes, blank lines, the last line's end."""
    assert written(ODD, decisions(d1=True, d2=True, d4=True)) == ODD


def test_only_the_lines_of_dropped_records_are_missing():
    """Lines of white space have no number, lines that are no record have one."""
    lines = ODD.splitlines(keepends=True)
    assert written(ODD, decisions(d1=True, d2=False, d4=True)) == b"".join(lines[:2] + lines[3:])
    without = b"\xef\xbb\xbf" + b"".join(lines[1:5])
    assert written(ODD, decisions(d1=False, d2=True, d4=False)) == without


def test_an_annotated_line_begins_as_it_was():
    """Fields are added behind the others, in ASCII, and the end of the line stays."""
    verdicts = decisions(d1=True, d2=False, d4=True)
    lines = written(ODD, verdicts, annotate=True).splitlines(keepends=True)
    assert lines[0].startswith(b'\xef\xbb\xbf{ "text" : "a\\u00e9" , "n": 1E400, "n": 1.0, ')
    assert lines[0].endswith(b"}\r\n")
    assert b"\xff broken" in lines[2]
    assert lines[3] == b"not json\n"
    last = json.loads(lines[5])
    assert last.pop("text") == "last, without a newline"
    assert last == dict(zip(FIELDS, ["é", "c", "r", "wire", True, "original"], strict=True))


def test_annotating_twice_is_annotating_once():
    """The fields of an earlier annotation are replaced."""
    first = written(b'{"text": "x"}\n', decisions(d1=True), annotate=True)
    again = written(first, decisions(d1=False), annotate=True)
    assert json.loads(again) == {**json.loads(first), "provenance_keep": False}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_longer_characters_keep_their_encoding(encoding):
    """The byte order mark stays, and lines are whole."""
    data = '{"text": "ein"}\n{"text": "zwei ü"}\n'.encode(encoding)
    expected = '{"text": "ein"}\n'.encode(encoding)
    assert written(data, decisions(d1=True, d2=False)) == expected


def test_a_record_that_is_not_there_is_an_error():
    """A file that lost a line since it was read is not written by the numbers it had."""
    with pytest.raises(InputError, match="1 of 2 records"):
        written(b'{"text": "x"}\n', decisions(d1=True, d2=False))


@given(
    st.lists(st.tuples(st.binary(max_size=12), st.booleans()), max_size=8),
    st.sampled_from([b"\n", b"\r\n"]),
)
def test_any_bytes_come_back(lines, end):
    """What is written is the lines with their ends, in their order, without those dropped."""
    lines = [(bytes(b for b in line if b not in b"\r\n"), keep) for line, keep in lines]
    lines = [(b"x" + line, keep) for line, keep in lines]
    verdicts = decisions(**{f"d{i}": keep for i, (_, keep) in enumerate(lines, 1)})
    data = b"".join(line + end for line, _ in lines)
    assert written(data, verdicts) == b"".join(line + end for line, keep in lines if keep)


ARRAY = b'[\n  {"text": "a"} ,\n\n  {"text": "b,]"},{"text":\t"c"}\n]\n'


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ((True, True, True), ARRAY),
        ((False, True, True), b'[\n\n  {"text": "b,]"},{"text":\t"c"}\n]\n'),
        ((True, False, True), b'[\n  {"text": "a"},{"text":\t"c"}\n]\n'),
        ((True, True, False), b'[\n  {"text": "a"} ,\n\n  {"text": "b,]"}\n]\n'),
        ((False, False, False), b"[\n]\n"),
    ],
)
def test_elements_of_an_array_stay_as_they_were_written(kept, expected):
    """With the white space around them and no comma too many."""
    verdicts = decisions(**{f"d{i}": keep for i, keep in enumerate(kept, 1)})
    assert written_json(ARRAY, verdicts) == expected
    json.loads(expected)


def test_elements_of_an_array_are_annotated_in_place():
    """And so is a file that is one record."""
    array = json.loads(written_json(ARRAY, decisions(d1=True, d2=False, d3=True), annotate=True))
    assert [element["provenance_keep"] for element in array] == [True, False, True]
    one = written_json(b' {"text": "x"}\n', decisions(d0=True), annotate=True)
    assert json.loads(one)["provenance_reason"] == "original"
