"""A corpus in its order, and an audit beside an index."""

import csv
import io
import json
from pathlib import Path

import pytest
from prose import document, text, words
from typer.testing import CliRunner

import provenance
from provenance.cli import app
from provenance.errors import ConfigError
from provenance.index.corpus import scan_beside, scan_in_order
from provenance.index.filter import DuplicateFilter
from provenance.index.memory import MemoryStore
from provenance.index.policy import Copies, Policy, Rule

WIRE = Path(__file__).parents[2] / "seeds" / "wire" / "documents.jsonl"


def run(*arguments):
    """Run a command and return its standard output."""
    done = CliRunner().invoke(app, list(map(str, arguments)))
    assert done.exit_code == 0, done.stderr
    return done.stdout


def rows(text_of_table):
    """Return the rows of a table in CSV."""
    return list(csv.DictReader(io.StringIO(text_of_table)))


@pytest.fixture(scope="module")
def wire():
    """The documents of the bundled corpus."""
    return list(provenance.read([WIRE]))


def test_scan_in_order_is_the_filter(tmp_path):
    """The commands agree on every document of the bundled corpus: kept or not, why, like which."""
    judged = {row["document"]: row for row in rows(run("scan", WIRE, "--arrival-order", "-fcsv"))}
    kept = run("filter", WIRE, "--index", tmp_path / "i", "--rejected", tmp_path / "r")
    assert kept == "".join(
        line
        for line in WIRE.read_text("utf-8").splitlines(keepends=True)
        if judged[json.loads(line)["id"]]["keep"] == "true"
    )
    rejected = [json.loads(line) for line in (tmp_path / "r").read_text("utf-8").splitlines()]
    assert len(rejected) + len(kept.splitlines()) == len(judged) == 71
    for record in rejected:
        verdict, row = record["provenance"], judged[record["id"]]
        assert (verdict["reason"], verdict["nearest"]) == (row["reason"], row["nearest"])


def test_order_of_arrival_decides():
    """In the other order the copies are those that were originals."""
    pair = [document("a", text(1)), document("b", text(1) + " more")]
    assert [v.nearest for v in scan_in_order(pair)] == [None, "a"]
    assert [v.nearest for v in scan_in_order(pair[::-1])] == [None, "b"]


def test_nearest_of_near_duplicates_is_that_of_the_audit(wire):
    """The nearest of the near-duplicates before is the one with the highest Jaccard of a scan."""
    audit = provenance.scan(wire)
    place = {d.id: i for i, d in enumerate(wire)}
    before: dict[str, list[tuple[float, int, str]]] = {}
    for pair in audit.pairs:
        first, second = sorted((pair.a, pair.b), key=place.__getitem__)
        if pair.jaccard >= 0.7:
            before.setdefault(second, []).append((-pair.jaccard, place[first], first))
    verdicts = list(scan_in_order(wire, Policy(Rule(copies=Copies.ANNOTATE))))
    found = {v.document: v for v in verdicts if v.reason in ("near_duplicate", "exact_duplicate")}
    revised = {v.document for v in verdicts if v.reason == "revision"}
    assert found.keys() | revised >= before.keys()
    for name, verdict in found.items():
        assert verdict.nearest == min(before[name])[2]


def test_passages_of_the_guaranteed_length_are_found_as_in_the_audit():
    """What shares as many tokens in a row as the index guarantees is found, by both."""
    documents = []
    for i in range(12):
        shared = " ".join(words(500 + i // 2, 19))
        documents.append(document(f"d{i:02}", f"{text(i, 150)} {shared} {text(50 + i, 150)}"))
    found = {frozenset((v.document, v.nearest)) for v in scan_in_order(documents) if v.nearest}
    audit = provenance.scan(documents)
    assert found == {frozenset((m.a.document, m.b.document)) for m in audit.matches}
    assert len(found) == 6


def test_made_up_ids_are_those_of_the_filter(tmp_path):
    """Records without an id or address are called alike by both, empty lines or not."""
    (tmp_path / "c.jsonl").write_text(f'\n{{"text": "{text(1)}"}}\n\n{{"text": "{text(1)}"}}\n')
    names = [
        r["document"] for r in rows(run("scan", tmp_path / "c.jsonl", "--arrival-order", "-fcsv"))
    ]
    done = run("filter", tmp_path / "c.jsonl", "--index", tmp_path / "i", "--annotate")
    verdicts = [json.loads(line)["provenance"] for line in done.splitlines()]
    assert [v["document"] for v in verdicts] == names == ["c.jsonl#1", "c.jsonl#2"]
    assert [v["reason"] for v in verdicts] == ["new", "exact_duplicate"]


def test_report_of_arrival_order(tmp_path):
    """Without a format the documents that are not new are shown, and options that clash refused."""
    (tmp_path / "a.txt").write_text(text(1))
    (tmp_path / "b.txt").write_text(text(1))
    done = CliRunner().invoke(app, ["scan", str(tmp_path), "--arrival-order"])
    assert "exact_duplicate" in done.stdout
    assert "2 documents in order of arrival: 1 new, 1 exact_duplicate" in done.stderr
    clash = CliRunner().invoke(app, ["scan", str(tmp_path), "--arrival-order", "--save", "x"])
    assert clash.exit_code == 2


def test_audit_beside_an_index():
    """New documents are audited with those of the index that share text with them, and added."""
    index = DuplicateFilter(MemoryStore())
    quoted = " ".join(words(7, 60))
    index.add_many([document("old", f"{text(1)} {quoted}"), document("other", text(2))])
    new = document("new", f"{quoted} {text(3)}")
    audit = scan_beside([new], index)
    assert [r.document.id for r in audit.documents] == ["new", "old"]
    assert [(m.a.document, m.b.document) for m in audit.matches] == [("new", "old")]
    again = scan_beside([document("later", text(3))], index)
    assert [r.document.id for r in again.documents] == ["later", "new"]
    with pytest.raises(ConfigError):
        scan_beside([new], index, provenance.Config(passages=False))


def test_scan_with_an_index(tmp_path):
    """`scan --index` knows yesterday's documents, and today's are in the index afterwards."""
    for day, body in (("monday", text(1)), ("tuesday", text(1) + text(2, 30))):
        (tmp_path / day).mkdir()
        (tmp_path / day / f"{day}.txt").write_text(body)
        printed = run("scan", tmp_path / day, "--index", tmp_path / "i", "--table", "pairs")
    assert "monday.txt" in printed
    assert "tuesday.txt" in printed
    with DuplicateFilter(tmp_path / "i", read_only=True) as index:
        assert index.check(document("x", text(1) + text(2, 30))).nearest == "tuesday.txt"
