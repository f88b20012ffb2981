import json
import os
from dataclasses import replace

import pytest

from provenance.errors import ResultError
from provenance.model import Match, MatchClass, MatchKind, Span
from provenance.output.folder import TABLES, is_result, load, prepare, save
from provenance.output.rows import COLUMNS

FILES = {*(f"{table}.jsonl" for table in TABLES), "audit.json", "run.json"}


def lines(path):
    """Return the rows of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_result_has_the_files_of_the_contract(story, tmp_path):
    """Seven tables, the audit and the run, and nothing else, not even a temporary file."""
    save(story, tmp_path / "new" / "result")
    assert {path.name for path in (tmp_path / "new" / "result").iterdir()} == FILES


@pytest.mark.parametrize("table", TABLES)
def test_rows_have_the_fields_of_the_contract(table, story, tmp_path):
    """Each row names its fields in the order of the contract."""
    save(story, tmp_path)
    rows = lines(tmp_path / f"{table}.jsonl")
    assert rows
    assert all(tuple(row) == COLUMNS[table] for row in rows)


def test_values_are_as_the_contract_says(story, tmp_path):
    """Dates as stated, nulls for what is unknown, cues with offsets, numbers of four digits."""
    save(story, tmp_path)
    documents = {row["id"]: row for row in lines(tmp_path / "documents.jsonl")}
    assert documents["trim.txt"]["published"] == "2024-03-02T10:15:00Z"
    assert documents["left.txt"]["published"] is None
    assert documents["left.txt"]["characters"] == len("Ships wait.")
    assert documents["wire.txt"]["cues"] == [
        {"signal": "credit_line", "value": "AP", "start": 0, "end": 4}
    ]
    assert documents["wire.txt"]["reason"] == "only_copy"
    assert lines(tmp_path / "pairs.jsonl") == [
        {
            "a": "paper.txt",
            "b": "wire.txt",
            "jaccard": 0.8124,
            "a_containment": 0.9,
            "b_containment": 0.88,
        }
    ]
    assert lines(tmp_path / "matches.jsonl")[0]["class"] == "reuse"


def test_the_audit_file_holds_counts_settings_and_what_was_skipped(story, tmp_path):
    """Everything that is needed to judge the result stands in audit.json."""
    save(story, tmp_path)
    audit = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert audit["counts"] == {"candidates": 12, "seeds_sampled": 3}
    assert audit["settings"]["threshold"] == 0.7
    assert audit["fingerprint"] == story.config.fingerprint
    assert audit["skipped"] == [{"place": "photo.jpg", "reason": "not text"}]
    assert audit["notes"] == [{"place": "paper.txt", "message": "read as windows-1252"}]
    assert audit["versions"]["provenance"]
    assert audit["rows"]["derivations"] == 5


def test_equal_audits_give_equal_bytes_but_for_the_run(story, tmp_path):
    """Order of documents, derivations, clusters and passages does not show."""
    turned = replace(
        story,
        documents=story.documents[::-1],
        passages=story.passages[::-1],
        counts=dict(reversed(story.counts.items())),
        lineage=replace(story.lineage, derivations=story.lineage.derivations[::-1]),
    )
    save(story, tmp_path / "a", run={"seconds": 1})
    save(turned, tmp_path / "b", run={"seconds": 2})
    for name in FILES - {"run.json"}:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_saved_result_gives_the_nouns_back(story, tmp_path):
    """Everything but texts, and what a cue covers, survives the folder."""
    save(story, tmp_path)
    result = load(tmp_path)
    assert result.lineage.hidden_sources == story.lineage.hidden_sources
    assert set(result.lineage.derivations) == set(story.lineage.derivations)
    assert tuple(result.matches) == story.matches
    assert tuple(result.passages) == story.passages
    assert result.clusters == story.clusters
    assert result.skipped == story.skipped
    assert len(result.pairs) == 1
    assert next(iter(result.pairs)).jaccard == 0.8124
    for saved, given in zip(result.documents, story.documents, strict=True):
        assert replace(saved, document=replace(saved.document, text=given.document.text)) == given


def test_hostile_ids_survive(tmp_path, hostile, audited, report, row):
    """Control characters, overrides and lone surrogates in ids come back as they were."""
    save(audited([report(hostile)], [row(hostile, "~X")]), tmp_path)
    result = load(tmp_path)
    assert result.documents[0].document.id == hostile
    assert result.lineage.derivations[0].derived == hostile
    raw = (tmp_path / "documents.jsonl").read_bytes()
    assert b"\\ud800" in raw
    assert raw.count(b"\n") == 1


def test_a_second_result_replaces_the_first(story, audited, report, tmp_path):
    """The files are those of the new audit; leftovers of a killed run are cleared."""
    save(story, tmp_path)
    (tmp_path / "matches.jsonl.partial").write_text("half a r")
    save(audited([report("only.txt")]), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == FILES
    assert [r.document.id for r in load(tmp_path).documents] == ["only.txt"]
    assert len(load(tmp_path).matches) == 0


@pytest.mark.parametrize("name", ["notes.txt", "documents.jsonl", "audit.json", "run.json"])
def test_a_folder_with_foreign_files_is_refused_and_left_alone(name, story, tmp_path):
    """Not even a file that is named as one of a result is touched where there is no result."""
    (tmp_path / name).write_text("{}")
    with pytest.raises(ResultError, match=f"holds {name}.*nothing was written"):
        save(story, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "{}"


def test_a_foreign_file_in_a_result_is_refused(story, tmp_path):
    """A file that was added to a result is not one of its files."""
    save(story, tmp_path)
    (tmp_path / "my notes").mkdir()
    with pytest.raises(ResultError, match="holds my notes"):
        prepare(tmp_path)


def test_files_of_the_system_are_not_foreign(story, tmp_path):
    """What a desktop leaves in every folder does not stop a save."""
    (tmp_path / ".DS_Store").write_bytes(b"")
    save(story, tmp_path)
    assert is_result(tmp_path)


def test_a_file_is_no_folder(story, tmp_path):
    """A path that is a file is refused."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match="is a file"):
        save(story, tmp_path / "file")


def test_an_interrupted_save_leaves_the_earlier_result(story, tmp_path, audited):
    """Nothing is replaced before everything is written."""

    class Interrupting(tuple):
        __slots__ = ()

        def __iter__(self):
            raise KeyboardInterrupt

    save(story, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        save(audited(matches=Interrupting()), tmp_path)
    assert tuple(load(tmp_path).matches) == story.matches
    assert {path.name for path in tmp_path.iterdir()} == FILES


def test_a_result_that_was_not_finished_is_known_and_can_be_replaced(story, tmp_path, monkeypatch):
    """Cut short between the files, a folder is unfinished, not damaged and not foreign."""
    real = os.replace
    save(story, tmp_path)

    def failing(source, target):
        if str(target).endswith("matches.jsonl"):
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr("pathlib.os.replace", failing)
    with pytest.raises(ResultError, match="not saved: No space left on device"):
        save(story, tmp_path)
    monkeypatch.undo()
    with pytest.raises(ResultError, match="unfinished"):
        load(tmp_path)
    save(story, tmp_path)
    assert len(load(tmp_path).documents) == 6


def test_a_folder_that_is_no_result_is_refused(tmp_path):
    """The error says how to make one."""
    for folder, message in ((tmp_path, "no result folder"), (tmp_path / "x", "is not there")):
        with pytest.raises(ResultError, match=f"{message}.*provenance scan PATH --save DIR"):
            load(folder)


@pytest.mark.parametrize(
    ("table", "damage", "message"),
    [
        ("derivations", b'{"source": "a"', "line 1 is damaged"),
        ("derivations", b'{"source": "a"}', "line 1 is damaged"),
        ("clusters", b"[]", "line 1 is damaged"),
        ("documents", b"\xff\xfe", "damaged"),
        ("documents", b"", "0 rows instead of 6"),
        ("matches", b"[" * 100_000, "line 1 is damaged"),
    ],
)
def test_damage_is_told_with_its_place(table, damage, message, story, tmp_path):
    """A damaged row is a `ResultError` that names file and line."""
    save(story, tmp_path)
    (tmp_path / f"{table}.jsonl").write_bytes(damage)
    with pytest.raises(ResultError, match=message) as error:
        list(load(tmp_path).matches)
    assert f"{table}.jsonl" in str(error.value)


@pytest.mark.parametrize("name", ["documents.jsonl", "matches.jsonl"])
def test_a_missing_file_is_told(name, story, tmp_path):
    """The error names it."""
    save(story, tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ResultError, match=name):
        list(load(tmp_path).matches)


def test_a_newer_format_is_refused_with_what_to_do(story, tmp_path):
    """An older program does not guess."""
    save(story, tmp_path)
    path = tmp_path / "audit.json"
    path.write_text(path.read_text().replace('"format_version": 1', '"format_version": 2'))
    with pytest.raises(ResultError, match=r"newer version.*pip install --upgrade"):
        load(tmp_path)


def test_a_damaged_audit_file_is_told(story, tmp_path):
    """audit.json cut in half is a `ResultError`."""
    save(story, tmp_path)
    path = tmp_path / "audit.json"
    path.write_bytes(path.read_bytes()[:150])
    with pytest.raises(ResultError, match="damaged"):
        load(tmp_path)


@pytest.mark.slow
def test_many_matches_are_written_in_seconds(audited, tmp_path):
    """50,000 rows take at most two seconds of CPU."""
    match = Match(
        Span("a", 0, 9), Span("b", 1, 10), MatchClass.REUSE, MatchKind.NEAR, 0.91, 0.82, 0.73, 9
    )
    started = os.times().user
    save(audited(matches=(match,) * 50_000), tmp_path)
    assert os.times().user - started < 2
    assert len(load(tmp_path).matches) == 50_000
