import csv
import io
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather, ipc

from provenance.model import Document, Skipped
from provenance.readers import Note, read

RECORDS = [
    {
        "id": "a",
        "title": "Ferry stays",
        "body": 'The ferry stayed, "as ever",\nin the harbour; all day.',
        "url": "https://www.herald.example/a",
        "date": "2023-05-04",
        "views": "7",
    },
    {
        "id": "b",
        "title": "Zug hält",
        "body": "Der Zug hält in Köln.",
        "url": "https://news.herald.co.uk/b",
        "date": "2023-05-05T10:00:00Z",
        "views": "",
    },
]
WANTED = [
    ("a", RECORDS[0]["body"], "herald.example", "2023-05-04"),
    ("b", RECORDS[1]["body"], "herald.co.uk", "2023-05-05T10:00:00Z"),
]


def read_all(*paths, **options):
    """Read paths to lists of documents, skipped input and notes."""
    items = list(read(paths, **options))
    kinds = (Document, Skipped, Note)
    return tuple([item for item in items if isinstance(item, kind)] for kind in kinds)


def known(documents):
    """Return what the test records say of documents."""
    return [(d.id, d.text, d.source, d.published and d.published.text) for d in documents]


def as_table(delimiter, records=RECORDS):
    """Write records as CSV with a delimiter."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(records[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def as_arrow(records=RECORDS):
    """Return records as an Arrow table."""
    return pa.Table.from_pylist(records)


# Tables of characters.


@pytest.mark.parametrize(
    ("name", "delimiter"), [("x.csv", ","), ("x.csv", ";"), ("x.tsv", "\t"), ("x.csv", "|")]
)
def test_a_row_is_a_record(tmp_path, name, delimiter):
    """The header names the fields, whatever the delimiter; quoted newlines belong to a cell."""
    (tmp_path / name).write_text(as_table(delimiter), encoding="utf-8", newline="")
    documents, skipped, notes = read_all(tmp_path)
    assert known(documents) == WANTED
    assert [d.path for d in documents] == [f"{name}#1", f"{name}#2"]
    assert documents[0].metadata == {"views": "7"}
    assert (skipped, notes) == ([], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_table_with_a_byte_order_mark(tmp_path, encoding):
    """A byte order mark is obeyed, and is no part of the first name."""
    (tmp_path / "x.csv").write_bytes(as_table(",").encode(encoding))
    assert known(read_all(tmp_path)[0]) == WANTED


def test_a_table_that_is_not_utf_8(tmp_path):
    """A guessed encoding is noted; a row that a named encoding cannot decode is skipped."""
    (tmp_path / "x.csv").write_bytes(as_table(";").encode("cp1252"))
    documents, _, [note] = read_all(tmp_path)
    assert known(documents) == WANTED
    assert "read as cp1252 by detection" in note.message
    documents, [skipped], notes = read_all(tmp_path, encoding="utf-8")
    assert [d.id for d in documents] == ["a"]
    assert skipped.place == "x.csv#2"
    assert "--encoding" in skipped.reason
    assert notes == []


def test_rows_of_another_length_are_skipped(tmp_path):
    """A row with too few or too many cells is left out, by its number; empty lines are none."""
    (tmp_path / "x.csv").write_text("id,text\na,One.\n\nb\nc,Three.,more\nd,Four.\n")
    documents, skipped, _ = read_all(tmp_path)
    assert [d.id for d in documents] == ["a", "d"]
    assert skipped == [
        Skipped("x.csv#2", "the row has 1 cells, the header 2"),
        Skipped("x.csv#3", "the row has 3 cells, the header 2"),
    ]


def test_a_cell_of_any_size(tmp_path):
    """A text is not limited to what Python's csv allows by default; --max-document is."""
    long = "word " * 100_000
    (tmp_path / "x.csv").write_text(f"id,text\na,{long}\nb,Two.\n")
    assert [len(d.text) for d in read_all(tmp_path)[0]] == [len(long), 4]
    _, [skipped], _ = read_all(tmp_path, max_document=1000)
    assert "--max-document" in skipped.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"\n\n", "empty file"),
        (b"id,text\n", "no rows below the header"),
        (b"id,heading\na,b\n", "no text: the fields are 'id', 'heading' (--text-field names"),
        (b"\x1f\x8b,text\n", "binary file"),
    ],
)
def test_unusable_tables(tmp_path, data, reason):
    """A table without a document is skipped as a whole, for one reason."""
    (tmp_path / "x.csv").write_bytes(data)
    documents, [skipped], _ = read_all(tmp_path)
    assert documents == []
    assert skipped.place == "x.csv"
    assert skipped.reason.startswith(reason)


# Tables of columns.


@pytest.mark.parametrize("kind", ["parquet", "feather", "arrow", "arrows"])
def test_columns_are_fields(tmp_path, kind):
    """Parquet and Arrow, file or stream, give the documents that CSV gives."""
    path = tmp_path / f"x.{kind}"
    table = as_arrow()
    if kind == "parquet":
        pq.write_table(table, path)
    elif kind == "feather":
        feather.write_feather(table, path)
    else:
        new = ipc.new_file if kind == "arrow" else ipc.new_stream
        with new(str(path), table.schema) as writer:
            writer.write_table(table, max_chunksize=1)
    documents, skipped, notes = read_all(tmp_path)
    assert known(documents) == WANTED
    assert [d.path for d in documents] == [f"x.{kind}#1", f"x.{kind}#2"]
    assert (skipped, notes) == ([], [])


def test_values_of_other_types(tmp_path):
    """Dates, times, numbers, lists and nested objects of Parquet are read as JSON's would be."""
    import datetime as dt

    when = dt.datetime(2023, 5, 4, 10, 30, tzinfo=dt.UTC)
    table = pa.table(
        {
            "id": [7],
            "text": pa.array(["One."], pa.large_string()),
            "authors": [["Ana Bell", "Cy Dorn"]],
            "date_publish": pa.array([when], pa.timestamp("ns", "UTC")),
            "date_download": pa.array([when.date()], pa.date32()),
            "metadata": [{"language": "en", "isBasedOn": "https://a.example/1"}],
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    [document], _, _ = read_all(tmp_path)
    assert (document.id, document.authors) == ("7", ("Ana Bell", "Cy Dorn"))
    assert document.published.text == "2023-05-04T10:30:00Z"
    assert document.fetched.text == "2023-05-04"
    assert (document.language, document.metadata) == ("en", {"isBasedOn": "https://a.example/1"})


def test_only_columns_that_are_needed_are_read(tmp_path):
    """A column without a meaning is no metadata of a column format: it is never read."""
    records = [{**r, "embedding": [0.5] * 100, "syndication-source": "MPA"} for r in RECORDS]
    pq.write_table(as_arrow(records), tmp_path / "x.parquet")
    assert read_all(tmp_path)[0][0].metadata == {"syndication-source": "MPA"}


def test_a_partitioned_folder(tmp_path):
    """Folders named key=value are fields of the rows below them; a summary without rows is none."""
    pq.write_to_dataset(
        pa.table({"id": ["a", "b"], "text": ["One.", "Two."], "source": ["MPA", "The Post"]}),
        tmp_path / "news",
        partition_cols=["source"],
    )
    documents, skipped, _ = read_all(tmp_path / "news")
    assert sorted((d.id, d.source) for d in documents) == [("a", "MPA"), ("b", "The Post")]
    assert skipped == []


def test_many_rows_are_numbered_through(tmp_path):
    """Rows are numbered over all batches and row groups, and cost no memory at once."""
    texts = [f"Text {number}." for number in range(3000)]
    pq.write_table(pa.table({"text": texts}), tmp_path / "x.parquet", row_group_size=1100)
    documents, _, _ = read_all(tmp_path)
    assert [(d.path, d.text) for d in documents] == [
        (f"x.parquet#{number}", text) for number, text in enumerate(texts, 1)
    ]


def test_a_value_that_is_no_text_is_skipped(tmp_path):
    """A row whose text is null or broken is left out by its number; the others are read."""
    broken = pa.array([b"One.", None, b"caf\xe9", b"Four."]).view(pa.string())
    table = pa.table({"text": broken})
    pq.write_table(table, tmp_path / "x.parquet")
    documents, skipped, _ = read_all(tmp_path)
    assert [d.text for d in documents] == ["One.", "Four."]
    assert [s.place for s in skipped] == ["x.parquet#2", "x.parquet#3"]


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_a_cut_off_file_of_columns(tmp_path, kind):
    """A file that was cut off says so; of Arrow, the batches before the cut are read."""
    table = pa.table({"text": [f"Text {number}. " * 50 for number in range(500)]})
    path = tmp_path / f"x.{kind}"
    if kind == "parquet":
        pq.write_table(table, path)
    else:
        with ipc.new_file(str(path), table.schema) as writer:
            writer.write_table(table, max_chunksize=50)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    (tmp_path / "z.txt").write_text("Z.")
    documents, [skipped], _ = read_all(tmp_path)
    assert documents[-1].id == "z.txt"
    assert skipped.reason.startswith("damaged")
    if kind == "arrow":
        assert len(documents) > 100
        assert f"the {len(documents) - 1} records before are read" in skipped.reason


# What the user says of fields.


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
def test_named_fields(tmp_path, kind):
    """Named fields overrule the known names, which become metadata of formats of records."""
    rows = [{"key": "k1", "story": "One.", "text": "a summary", "day": "2023-05-04", "site": "W"}]
    path = tmp_path / f"x.{kind}"
    if kind == "csv":
        path.write_text(as_table(",", rows), newline="")
    elif kind == "parquet":
        pq.write_table(as_arrow(rows), path)
    else:
        path.write_text(json.dumps(rows[0]))
    [document], _, _ = read_all(
        path, text_field="story", id_field="key", date_field="day", source_field="site"
    )
    assert known([document]) == [("k1", "One.", "W", "2023-05-04")]
    _, [skipped], _ = read_all(path, text_field="tale")
    assert skipped.reason.startswith(
        "no text in a field 'tale': the fields are 'key', 'story', 'text', 'day', 'site'"
    )


def test_an_address_may_be_the_id_as_well(tmp_path):
    """A field that is named as the id keeps the meaning that it has."""
    (tmp_path / "x.jsonl").write_text('{"id": 1, "text": "One.", "url": "https://a.example/1"}')
    [document], _, _ = read_all(tmp_path, id_field="url")
    assert (document.id, document.url, document.source) == (
        *["https://a.example/1"] * 2,
        "a.example",
    )


def test_a_named_source_may_be_an_address(tmp_path):
    """Of an address in the field of the source, the site is the source."""
    (tmp_path / "x.jsonl").write_text('{"text": "One.", "from": "https://www.news.herald.co.uk/a"}')
    [document], _, _ = read_all(tmp_path, source_field="from")
    assert (document.source, document.url) == ("herald.co.uk", None)


def test_an_adapter_sees_every_record(tmp_path):
    """An adapter returns a record, a document, or None; what it raises is the record's reason."""

    def adapt(record):
        if record["kind"] == "document":
            return Document("d", record["t"])
        if record["kind"] == "none":
            return None
        if record["kind"] == "wrong":
            return 7
        return {"id": "r", "text": record["t"]}

    kinds = ["document", "record", "none", "wrong"]
    lines = [json.dumps({"kind": kind, "t": f"{kind}."}) for kind in kinds] + ['{"t": 1}']
    (tmp_path / "x.jsonl").write_text("\n".join(lines))
    documents, skipped, _ = read_all(tmp_path, adapter=adapt)
    assert [(d.id, d.text, d.path) for d in documents] == [
        ("d", "document.", "x.jsonl#1"),
        ("r", "record.", "x.jsonl#2"),
    ]
    assert [s.reason for s in skipped] == [
        "left out by the adapter",
        "the adapter returned int, not a mapping or Document",
        "the adapter failed: KeyError: 'kind'",
    ]


def test_a_limit_that_allows_nothing(tmp_path):
    """A limit below one byte is an error at once."""
    (tmp_path / "x.txt").write_text("X.")
    with pytest.raises(Exception, match="max_document"):
        next(read(tmp_path, max_document=0))


def test_without_arrow_the_message_names_the_command(tmp_path, monkeypatch):
    """Where pyarrow is not installed, the file is skipped with the command that installs it."""
    pq.write_table(as_arrow(), tmp_path / "x.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    _, [skipped], _ = read_all(tmp_path)
    assert skipped.reason.endswith("pip install 'article-provenance[parquet]'")
