"""Reading in bulk: the same result folder as document by document, whatever the lines hold."""

import gzip
import json
import random

import pytest
from any_text import texts
from fiction import STORY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import provenance
from provenance.bulk import ReportTable
from provenance.json_text import encode
from provenance.output import folder
from provenance.output.rows import rows
from provenance.readers import bulk
from provenance.readers.scanner import COLUMNS

pytest.importorskip("numba")
CONFIG = provenance.Config(passages=False)


def both(paths, place, **options):
    """Return the files of two results, in bulk and document by document, and the bulk's audit."""
    found = []
    for name, bulky in (("bulk", True), ("plain", False)):
        audit = provenance.scan(
            provenance.read(paths, **options),
            CONFIG,
            compile_kernels=bulky,
            keep_texts=not bulky,
            workers=2,
        )
        assert isinstance(audit.documents, ReportTable) == bulky
        folder.save(audit, place / name)
        files = (place / name).iterdir()
        found.append({path.name: path.read_bytes() for path in files if path.name != "run.json"})
        if bulky:
            first = audit
    return *found, first


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Return a file of 300 records: edited, cut and equal copies, records of many shapes."""
    draw = random.Random(3)
    words = STORY.split()
    lines = []
    for i in range(300):
        kind = draw.randrange(6)
        text = [w if draw.random() > 0.01 * (i % 12) else f"w{draw.randrange(99)}" for w in words]
        text = text[: draw.randint(20, len(text))] if kind == 1 else text
        record = {
            "id": f"n{draw.randrange(10**9)}",
            "title": draw.choice(["Gulls", "“Gulls”", 'A "gull"', " padded ", "tab\t", "é", ""]),
            "url": f"https://www.gulls.example/{i}?a=1",
            "date": draw.choice(["2031-05-02", "2031-05-02T10:00:00Z", "May 2, 2031", "x", None]),
            "text": " ".join(text) + draw.choice(["", "\n", "“!”", " \U0001f426", "\x00"]),
            "tags": [1, {"a": [None, True, -1.5e3]}, "x"],
        }
        if kind == 2:
            record["source"] = draw.choice(["Gazette", "http://elsewhere.example/", ["a"], None])
        if kind == 3:
            del record["id"]
        if kind == 4:
            record = {"maintext": record["text"], "language": "en", **record}
        record["authors"] = draw.choice(
            [
                ["A"],
                ["A", "B “C”"],
                [],
                "A",
                "A; B",
                ["A", None],
                [{"name": "A"}],
                None,
                " A",
                ['"'],
            ]
        )
        if kind == 5:
            record["canonical_url"] = draw.choice(["https://a.b.wire.example/1", " x", None])
            record["date_publish"] = draw.choice(["2031", "2031-05", "2031-05-02T10:00", None])
            del record["url"]
        lines.append(json.dumps(record, ensure_ascii=bool(i % 2)))
    lines += ["", "  ", "{}", "[1]", '{"text": ""}', '{"text": "cut', '{"id": 7, "text": "seven"}']
    lines += ['{"id": "dump", "text": "x y z", "dump": "CC", "date": "2031-05-02"}']
    lines += ['{"id": "twice", "id": "last", "text": "a b c"}', '{"id": "~AP", "text": "d e f"}']
    path = tmp_path_factory.mktemp("bulk") / "corpus.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.mark.parametrize("block", [1 << 10, 1 << 19])
def test_the_result_is_that_of_reading_one_by_one(corpus, tmp_path, monkeypatch, block):
    """Every file is the same, byte for byte, whatever the size of blocks; workers do not show."""
    monkeypatch.setattr(bulk, "BLOCK", block)
    fast, plain, audit = both(corpus, tmp_path)
    assert fast == plain
    assert len(audit.pairs) > 1000
    assert len(audit.skipped) == 4


def test_other_files_and_marks_are_read_as_well(corpus, tmp_path):
    """Compressed files, byte order marks, empty files and files of texts give the same too."""
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    lines = corpus.read_bytes().splitlines()
    (inputs / "a.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines[:50])))
    (inputs / "b.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines[50:90]))
    (inputs / "empty.jsonl").write_bytes(b"")
    (inputs / "blank.ndjson").write_bytes(b"\n \n")
    (inputs / "story.txt").write_text(STORY, "utf-8")
    (inputs / "latin.txt").write_bytes("Fürs Tal gilt das Gesetz über Bäche.".encode("latin-1"))
    (inputs / "image.png").write_bytes(b"\x89PNG\r\n")
    fast, plain, _ = both(inputs, tmp_path)
    assert fast == plain


@pytest.mark.parametrize(
    "data",
    [
        b'{"id": "a", "text": "one two"}\n{"id": "a", "text": "three four"}\n',
        '{"id": "a", "text": "one two"}\n'.encode("utf-16"),
        b'{"url": "u", "text": "one two"}\n{"url": "u", "text": "three four"}\n',
    ],
    ids=["ids", "utf-16", "urls"],
)
def test_what_the_bulk_cannot_do_is_read_one_by_one(tmp_path, data):
    """Ids given twice and other encodings are left to the usual way, which says what is wrong."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(data)
    results = []
    for compiled in (True, False):
        try:
            audit = provenance.scan(
                provenance.read(path), CONFIG, compile_kernels=compiled, keep_texts=False
            )
            results.append([report.document.id for report in audit.documents])
        except provenance.InputError as error:
            results.append(str(error))
    assert results[0] == results[1]


def test_reports_are_rows_and_objects(corpus, tmp_path):
    """A report can be asked for by number, and says what its row says."""
    _, _, audit = both(corpus, tmp_path)
    found = list(rows(audit, "documents"))
    assert len(found) == len(audit.documents)
    for row, report in zip(found, audit.documents, strict=True):
        document = report.document
        assert (row["id"], row["title"], row["path"]) == (
            document.id,
            document.title,
            document.path,
        )
        assert row["published"] == (document.published and document.published.text)
        assert (row["digest"], row["tokens"]) == (report.digest, report.tokens)
        assert (row["keep"], row["reason"], row["cluster"]) == (
            report.keep,
            report.reason,
            report.cluster,
        )
    assert [r.document.id for r in audit.documents[2:5]] == [row["id"] for row in found[2:5]]


AUTHORS = COLUMNS.index("authors")
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
NAMES = (
    *("id", "text", "url", "title", "source", "date", "published", "fetched", "language"),
    *("body", "canonical_url", "metadata", "authors", "author", "x", "hostname", "crawl_date"),
    *("date_publish",),
)
USUAL = (
    *("https://a.example/b", "http://www.A.example", "https://a.example:80/", "~x", "h", " a"),
    *("https://x.example.", "https://www.example", "2031-02-29", "2032-02-29T23:59:60Z"),
    *("https://a.b.example.co.uk/", "A; B", "2031", "2031-05-02T10:00Z"),
    *("0999-01-01", "2031-12-31T23:59:59Z", "2031-12-31T23:59:59+01:00"),
)
objects = st.dictionaries(
    st.sampled_from(NAMES),
    st.sampled_from(USUAL) | texts | values | st.lists(st.sampled_from(USUAL), max_size=3),
    max_size=6,
)
written = st.builds(
    lambda value, escape, wide: json.dumps(
        value, ensure_ascii=escape, separators=(" , ", " : ") if wide else None
    ).encode("utf-8", "surrogatepass"),
    objects,
    st.booleans(),
    st.booleans(),
)


@st.composite
def damaged(draw):
    """Return a line that may have lost, gained or changed a byte."""
    line = bytearray(draw(written))
    at = draw(st.integers(0, len(line) - 1))
    return bytes(
        line[:at] + bytes(draw(st.lists(st.integers(0, 255), max_size=2))) + line[at + 1 :]
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    st.lists(written | damaged() | st.binary(max_size=12), max_size=5),
    st.sampled_from([None, "utf-8"]),
)
def test_any_line_is_read_as_the_parser_reads_it(tmp_path, lines, encoding):
    """The scanner takes no line that the real parser refuses, and reads the others as it does.

    Lines that are no UTF-8 are left to it, unless they are said to be.
    """
    path = tmp_path / "any.jsonl"
    path.write_bytes(b"\n".join(lines))
    expected, said = {}, []
    items = provenance.read(path, duplicate_ids="suffix", encoding=encoding)
    for item in items:
        if isinstance(item, provenance.Document):
            expected[item.path] = item
        else:
            said.append(item)
    found, told = {}, []
    try:
        read = [
            list(bulk.batches(block)) if isinstance(block, bulk.Block) else [block]
            for block in provenance.read(path, encoding=encoding).bulk()
        ]
    except bulk.NotInBulkError:
        return
    for batches in read:
        for batch in batches:
            if not isinstance(batch, bulk.Batch):
                told.append(batch)
                continue
            at = 0
            for row in range(len(batch)):
                said_of = []
                for length in batch.lengths[row].tolist():
                    part = batch.arena[at : at + max(length, 0)].tobytes().decode()
                    quoted = part if len(said_of) == AUTHORS else f'"{part}"'
                    said_of.append(json.loads(quoted) if length >= 0 else None)
                    assert length < 0 or encode(said_of[-1]) == quoted
                    at += max(length, 0)
                low, high = batch.bounds[row : row + 2].tolist()
                text = batch.data[low : high - 1].tobytes().decode("utf-8", "surrogatepass")
                found[said_of[-1]] = (said_of, text, batch, row)
    assert sorted(map(str, told)) == sorted(map(str, said))
    assert found.keys() == expected.keys()
    for place, document in expected.items():
        said_of, text, batch, row = found[place]
        name, source, url, title, published, fetched, language, canonical, authors, origin, _ = (
            said_of
        )
        assert (canonical, tuple(authors)) == (document.canonical_url, document.authors)
        assert origin == document.published_from
        assert document.id in (name, *(f"{name}#{document.id[-8:]}",)) or "-" in document.id
        assert (source, url, title, language) == (
            document.source,
            document.url,
            document.title,
            document.language,
        )
        assert published == (document.published and document.published.text)
        assert fetched == (document.fetched and document.fetched.text)
        assert text == document.text
        assert batch.characters[row] == len(document.text)
        if document.published:
            assert batch.latest[row] == document.published.latest
        assert bulk.OFFSETS[batch.offsets[row]] == document.offsets_of


def test_an_address_is_written_several_times(tmp_path):
    """A record of little but a long address has room for all that is read off it."""
    for name in ("url", "canonical_url"):
        (tmp_path / name).mkdir()
        path = tmp_path / name / "a.jsonl"
        hosts = [f"https://{'a' * 4000}{n}.example" for n in range(50)]
        path.write_text("".join(f'{{"text": "x", "{name}": "{host}"}}\n' for host in hosts))
        fast, plain, _ = both(path, tmp_path / name)
        assert fast == plain


def test_named_fields_are_read_in_bulk_too(corpus, tmp_path):
    """Fields that the user names are those of the scanner as well."""
    fast, plain, audit = both(corpus, tmp_path, date_field="date_publish", source_field="title")
    assert fast == plain
    assert {report.document.source for report in audit.documents} > {"Gulls", "é"}
