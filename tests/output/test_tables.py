import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabulate import tabulate_formats
from wcwidth import wcswidth

from provenance.errors import ConfigError
from provenance.output.tables import formats, render

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ROWS = [
    {"id": "b", "share": 0.5, "tokens": 7, "members": ["x", "y"], "keep": True},
    {"id": "a", "share": None, "tokens": 12, "members": [], "keep": False},
    {"id": "1e5", "share": 0.25, "tokens": 9, "members": ["z"], "keep": True},
]


@pytest.mark.parametrize("format", [*tabulate_formats, "csv", "json", "jsonl"])
def test_every_format_renders_hostile_rows(format, hostile):
    """Each format takes any value and ends in one line break; people's formats stay printable."""
    text = render([{"id": hostile, "members": [hostile], "cues": [{"value": hostile}]}], format)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    if format in tabulate_formats:
        assert not {"\x1b", "\x00", "\x9b", "\u202e", "\ud800", "\r"} & set(text)


@pytest.mark.parametrize("format", formats())
def test_every_format_renders_no_rows(format):
    """No rows are an empty table with its header, not an error."""
    text = render([], format, columns=["id", "share"], sort=["-share"])
    assert text == "" if format == "jsonl" else text


def test_json_lines_and_json_hold_the_values_unchanged():
    """Data formats keep numbers, lists and missing values."""
    assert json.loads(render(ROWS, "json")) == ROWS
    assert [json.loads(line) for line in render(ROWS, "jsonl").splitlines()] == ROWS


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1))
def test_csv_reads_back(cells):
    """Every text, with quotes, commas and any line break, survives csv."""
    text = render([{"a": a, "b": b} for a, b in cells], "csv")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b"], *map(list, cells)]


def test_csv_writes_lists_as_json_and_missing_values_as_nothing():
    """A cell of csv can be parsed again."""
    header, first, second, _ = csv.reader(io.StringIO(render(ROWS, "csv")))
    assert json.loads(first[header.index("members")]) == ["x", "y"]
    assert second[header.index("share")] == ""


def test_rows_are_sorted_chosen_and_limited():
    """Missing values come last in either direction, and the limit follows the order."""

    def ids(**options):
        return [row["id"] for row in json.loads(render(ROWS, "json", **options))]

    assert ids(sort=["share"]) == ["1e5", "b", "a"]
    assert ids(sort=["-share"]) == ["b", "1e5", "a"]
    assert ids(sort=["keep", "-tokens"]) == ["a", "1e5", "b"]
    assert ids(sort=["-tokens"], limit=1) == ["a"]
    assert json.loads(render(ROWS, "json", columns=["tokens", "id"], limit=1)) == [
        {"tokens": 7, "id": "b"}
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "githb"}, "unknown format 'githb'; did you mean github.*csv, json, jsonl"),
        ({"format": "csv", "columns": ["shar"]}, "unknown column 'shar'; did you mean share"),
        ({"format": "csv", "sort": ["-shares"]}, "sort by 'shares'; did you mean share"),
        ({"format": "csv", "limit": -1}, "limit is -1"),
    ],
)
def test_what_does_not_exist_is_refused(options, message):
    """An unknown format or column is a `ConfigError` that lists what there is."""
    with pytest.raises(ConfigError, match=message):
        render(ROWS, **options)


def test_ids_that_look_like_numbers_stay_texts():
    """The id 1e5 is not shown as 100000."""
    assert "1e5" in render(ROWS, "simple")


def test_wide_characters_are_aligned():
    """All lines of a grid are equally wide on the terminal."""
    lines = render([{"id": "港口", "n": 1}, {"id": "port", "n": 22}], "grid").splitlines()
    assert len({wcswidth(line) for line in lines}) == 1


def test_long_texts_are_cut_for_people_only():
    """A table ends a long text in an ellipsis; data, markup and tsv hold all of it."""
    rows = [{"text": "word " * 50}]
    assert "…" in render(rows, "simple", cell=20)
    for whole in ("csv", "json", "jsonl", "tsv", "html", "latex"):
        assert ("word " * 49).strip() in render(rows, whole, cell=20)


def test_a_pipe_in_a_text_does_not_end_a_cell_of_markdown():
    """In pipe tables a pipe is escaped."""
    assert "a \\| b" in render([{"id": "a | b"}], "github")
