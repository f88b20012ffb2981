"""A corpus is written without its copies, whole or not at all, and the input is as it was."""

import csv
import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import feather
from writing import dedup, found

from provenance.errors import InputError
from provenance.writers import corpus as corpus_module
from provenance.writers.corpus import SIDECAR, write_corpus
from provenance.writers.places import place

WIRE = (
    "Three hundred ships waited off the harbour on Friday, and the harbour master said that none "
    "of them would enter before the strike of the tug crews ends. Insurers who met in the old "
    "customs house put the cost at four million a day."
)
LONG = WIRE + " The unions ask for shorter nights and for a second pilot on every tug at sea."
OTHER = (
    "The museum of clocks opens its new wing in April with forty instruments that no visitor has "
    "seen since the flood, among them a water clock which once told monks when to rise."
)
THIRD = (
    "Farmers in the upper valley have sold their last goats and planted almonds on the slopes "
    "where the snow no longer stays, the cooperative said in its report on Tuesday evening."
)
# Ids are shuffled, odd, and no numbers of their places; the second of three copies is the earliest.
RECORDS = [
    {"id": "3", "text": OTHER, "url": "https://clocks.example/3"},
    {"id": "1", "text": WIRE, "date": "2024-03-02", "source": "Hill Post", "extra": [1, "é"]},
    {"id": "  odd id/ü#2", "text": LONG, "date": "2024-03-03", "source": "Agency"},
    {"id": "2", "text": THIRD},
    {"id": "0", "text": WIRE, "date": "2024-03-01", "source": "Vale Herald"},
    {"id": 10, "text": WIRE.upper(), "date": "2024-03-09"},
]
KEPT = ["3", "2", "0"]


def lines_of(records):
    """Return records as JSON Lines."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def contents(folder):
    """Return what every file in a folder holds, by its path."""
    files = (path for path in Path(folder).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def names(folder):
    """Return the names in a folder."""
    return sorted(path.name for path in Path(folder).iterdir())


@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz", ".zst"])
def test_a_file_comes_back_without_its_copies(tmp_path, suffix):
    """Kept lines byte for byte in their order, in the compression of the input, input as it was."""
    source = tmp_path / f"crawl.jsonl{suffix}"
    with corpus_module.compressed(source, suffix) as sink:
        sink.write(f"{lines_of(RECORDS[:3])}broken\n\n{lines_of(RECORDS[3:])}".encode())
    before = source.read_bytes()
    written = dedup(tmp_path / f"unique.jsonl{suffix}", source)
    assert (written.kept, written.dropped, written.files) == (3, 3, 1)
    with corpus_module.open_decompressed(str(tmp_path / f"unique.jsonl{suffix}"), suffix) as stream:
        text = stream.read().decode()
    kept = [record for record in RECORDS if record["id"] in KEPT]
    assert text == f"{lines_of(kept[:1])}broken\n\n{lines_of(kept[1:])}"
    assert source.read_bytes() == before
    assert names(tmp_path) == [source.name, f"unique.jsonl{suffix}"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.permutations(RECORDS), st.integers(1, 5))
def test_the_right_records_are_dropped_in_any_order(tmp_path_factory, records, cut):
    """Ids lead to their own records, wherever these stand and in whichever file."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "in").mkdir()
    (folder / "in" / "a.jsonl").write_text(lines_of(records[:cut]), encoding="utf-8")
    (folder / "in" / "b.jsonl").write_text(lines_of(records[cut:]), encoding="utf-8")
    dedup(folder / "out", folder / "in")
    out = contents(folder / "out")
    back = [json.loads(line) for name in ("a", "b") for line in out[f"{name}.jsonl"].splitlines()]
    assert back == [record for record in records if record["id"] in KEPT]


def table_of(records):
    """Return records as CSV in which quotes, line ends and empty cells stand."""
    sink = io.StringIO()
    writer = csv.DictWriter(sink, ["id", "note", "text", "date"], extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**record, "note": 'a "quoted",\nnote'} for record in records)
    return sink.getvalue().encode()


def parquet_of(records):
    """Return records as Parquet in groups of two rows."""
    sink = io.BytesIO()
    names = ("id", "text", "date", "source")
    rows = [{name: record.get(name) and str(record[name]) for name in names} for record in records]
    pq.write_table(pa.Table.from_pylist(rows), sink, row_group_size=2)
    return sink.getvalue()


def arrow_of(records):
    """Return records as Feather in batches of two rows."""
    sink = io.BytesIO()
    feather.write_feather(pq.read_table(io.BytesIO(parquet_of(records))), sink, chunksize=2)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("name", "write", "read_back"),
    [
        ("in.feather", arrow_of, lambda data: feather.read_table(io.BytesIO(data)).to_pylist()),
        ("in.csv", table_of, lambda data: list(csv.DictReader(io.StringIO(data.decode())))),
        ("in.parquet", parquet_of, lambda data: pq.read_table(io.BytesIO(data)).to_pylist()),
        ("in.json", lambda r: json.dumps(r, indent=1).encode(), json.loads),
    ],
)
@pytest.mark.parametrize("turn", range(3))
def test_the_right_records_are_dropped_in_every_format(tmp_path, name, write, read_back, turn):
    """The same documents stay, as what they were, in a table as in lines."""
    records = RECORDS[turn * 2 :] + RECORDS[: turn * 2]
    (tmp_path / name).write_bytes(write(records))
    dedup(tmp_path / f"out.{name}", tmp_path / name)
    kept = [record for record in read_back(write(records)) if str(record["id"]) in KEPT]
    assert read_back((tmp_path / f"out.{name}").read_bytes()) == kept
    dedup(tmp_path / f"noted.{name}", tmp_path / name, annotate=True)
    noted = read_back((tmp_path / f"noted.{name}").read_bytes())
    assert len(noted) == len(records)
    for record in noted:
        assert str(record["provenance_keep"]).lower() == str(str(record["id"]) in KEPT).lower()
        assert record["provenance_id"] == str(record["id"])


def test_a_format_without_a_writer_is_copied_or_refused(tmp_path):
    """An archive of which nothing is dropped is copied; with copies it has to be unpacked."""
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as file:
        file.writestr("one.txt", WIRE)
        file.writestr("two.txt", OTHER)
    dedup(tmp_path / "out.zip", tmp_path / "in.zip")
    assert (tmp_path / "out.zip").read_bytes() == (tmp_path / "in.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "in.zip", "a") as file:
        file.writestr("three.txt", LONG)
    with pytest.raises(InputError, match="no format that has a writer"):
        dedup(tmp_path / "again.zip", tmp_path / "in.zip")
    assert not (tmp_path / "again.zip").exists()


def test_ids_given_twice_lead_to_their_own_records(tmp_path):
    """With equal ids, and even equal texts, it is the earliest record that stays."""
    records = [dict(RECORDS[1], id="x"), dict(RECORDS[4], id="x"), dict(RECORDS[0], id="x")]
    (tmp_path / "in.jsonl").write_text(lines_of(records), encoding="utf-8")
    dedup(tmp_path / "out.jsonl", tmp_path / "in.jsonl", duplicate_ids="suffix")
    text = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert text == lines_of(records[1:])


def test_records_without_ids_in_files_of_one_name(tmp_path):
    """Two folders that hold the same paths: each record is found in its own file."""
    for name, (first, second) in {"mon": (WIRE, OTHER), "tue": (THIRD, WIRE)}.items():
        (tmp_path / name).mkdir()
        records = [{"text": first, "date": f"2024-03-0{len(name)}"}, {"text": second}]
        if name == "tue":
            records[1]["date"] = "2024-02-01"
        (tmp_path / name / "part.jsonl").write_text(lines_of(records), encoding="utf-8")
    dedup(tmp_path / "out", tmp_path / "mon", tmp_path / "tue")
    out = contents(tmp_path / "out")
    assert [json.loads(line)["text"] for line in out["mon/part.jsonl"].splitlines()] == [OTHER]
    assert [json.loads(line)["text"] for line in out["tue/part.jsonl"].splitlines()] == [
        THIRD,
        WIRE,
    ]


@pytest.fixture
def folder(tmp_path):
    """Texts in folders, a file that is no text, one of records, one hidden."""
    place = tmp_path / "articles"
    (place / "deep").mkdir(parents=True)
    (place / "a.txt").write_bytes(f"{LONG}\r\n".encode())
    (place / "deep" / "copy.txt").write_bytes(WIRE.encode())
    (place / "deep" / "one.json").write_text(json.dumps({"text": OTHER}))
    (place / "image.png").write_bytes(b"\x89PNG\x00")
    (place / "more.jsonl.gz").write_bytes(gzip.compress(lines_of(RECORDS[3:4]).encode()))
    (place / ".hidden").write_text("secret")
    return place


def test_a_folder_comes_back_without_its_copies(tmp_path, folder):
    """Every other file is there, also what could not be read; hidden files are not."""
    before = contents(folder)
    written = dedup(tmp_path / "out", folder)
    after = contents(tmp_path / "out")
    assert after == {k: v for k, v in before.items() if k not in {"deep/copy.txt", ".hidden"}}
    assert (written.kept, written.dropped, written.files) == (3, 1, 4)
    assert contents(folder) == before


def test_an_annotated_folder_has_a_file_for_texts(tmp_path, folder):
    """Records are annotated in place, whole files beside."""
    dedup(tmp_path / "out", folder, annotate=True)
    after = contents(tmp_path / "out")
    assert after["deep/copy.txt"] == WIRE.encode()
    beside = [json.loads(line) for line in after[SIDECAR].splitlines()]
    assert {row["path"]: row["provenance_representative"] for row in beside} == {
        "a.txt": "a.txt",
        "deep/copy.txt": "a.txt",
    }
    assert json.loads(after["deep/one.json"])["provenance_reason"] == "only_copy"
    assert json.loads(gzip.decompress(after["more.jsonl.gz"]))["provenance_keep"] is True


def test_annotated_records_can_be_deduplicated_again(tmp_path):
    """Annotated input gives the decisions that plain input gives."""
    (tmp_path / "in.jsonl").write_text(lines_of(RECORDS), encoding="utf-8")
    dedup(tmp_path / "noted.jsonl", tmp_path / "in.jsonl", annotate=True)
    dedup(tmp_path / "out.jsonl", tmp_path / "noted.jsonl")
    out = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in out] == KEPT
    assert all(json.loads(line)["provenance_keep"] for line in out)


def test_an_output_in_the_way_of_the_input_is_refused(tmp_path, folder):
    """The input itself, inside it, around it, by a link, or anything that exists."""
    link = tmp_path / "link"
    link.symlink_to(folder)
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    decisions = found(folder)
    before = contents(tmp_path)
    places = (folder, folder / "out", folder / "deep" / "out", link, link / "out", tmp_path)
    for output in (*places, folder / "a.txt", tmp_path / "dangling", tmp_path / "no" / "out"):
        with pytest.raises(InputError):
            write_corpus([str(folder)], decisions, output)
    with pytest.raises(InputError):
        write_corpus([str(link)], decisions, folder / "out")
    assert contents(tmp_path) == before
    write_corpus([str(folder)], decisions, empty)
    assert "a.txt" in contents(empty)


def test_input_that_changed_since_the_scan_is_not_written(tmp_path):
    """Not by the positions that its records had: nothing is written at all."""
    source = tmp_path / "in.jsonl"
    source.write_text(lines_of(RECORDS), encoding="utf-8")
    decisions = found(source)
    for changed in (RECORDS[1:], RECORDS[::-1], [*RECORDS, {"id": "new", "text": "a new text"}]):
        source.write_text(lines_of(changed), encoding="utf-8")
        with pytest.raises(InputError, match="changed"):
            write_corpus([str(source)], decisions, tmp_path / "out.jsonl")
    assert names(tmp_path) == ["in.jsonl"]


def test_input_that_changes_while_it_is_written_leaves_nothing(tmp_path, folder, monkeypatch):
    """A file that grew between reading and writing is told."""

    def meddling(files, decisions, encoding):
        for placed in place(files, decisions, encoding):
            os.utime(placed.file.location, ns=(1, 1))
            yield placed

    monkeypatch.setattr(corpus_module, "place", meddling)
    with pytest.raises(InputError, match="changed"):
        dedup(tmp_path / "out", folder)
    assert names(tmp_path) == ["articles"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt])
def test_an_error_leaves_nothing_behind(tmp_path, folder, monkeypatch, error):
    """A full disk or an interrupt: no output, whole or in part."""
    calls = []

    def failing(source, target):
        calls.append(source)
        if len(calls) == 2:
            raise error
        Path(target).write_bytes(b"")

    monkeypatch.setattr(corpus_module.shutil, "copyfile", failing)
    with pytest.raises(type(error) if isinstance(error, OSError) else error):
        dedup(tmp_path / "out", folder)
    assert len(calls) == 2
    assert names(tmp_path) == ["articles"]


def test_a_single_file_that_is_a_copy_of_nothing_is_copied(tmp_path):
    """And one text cannot be annotated, for it has no fields."""
    (tmp_path / "a.txt").write_text(WIRE)
    (tmp_path / "out").mkdir()
    dedup(tmp_path / "out", tmp_path / "a.txt")
    assert contents(tmp_path / "out") == {"a.txt": WIRE.encode()}
    with pytest.raises(InputError, match="no fields"):
        dedup(tmp_path / "b.txt", tmp_path / "a.txt", annotate=True)


def test_standard_input_is_refused(tmp_path):
    """It cannot be read twice."""
    with pytest.raises(InputError, match="standard input"):
        write_corpus(["-"], [], tmp_path / "out")


def test_files_that_would_have_one_name_are_refused(tmp_path):
    """Two files of one name, given one by one."""
    for name in ("mon", "tue"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"{name} {WIRE}")
    with pytest.raises(InputError, match=r"both be written as a\.txt"):
        dedup(tmp_path / "out", tmp_path / "mon" / "a.txt", tmp_path / "tue" / "a.txt")
