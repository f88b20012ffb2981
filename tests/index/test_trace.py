import json

import pytest
from prose import document, text, words
from typer.testing import CliRunner

from provenance.cli import app
from provenance.index.filter import DuplicateFilter
from provenance.index.trace import trace
from provenance.model import Document
from provenance.output import tracing
from provenance.timestamps import parse

SHARED = {seed: " ".join(words(seed, 60)) for seed in (71, 72)}
PAGE = f"{text(1, 40)}\n\n{SHARED[71]}\n\n{text(2, 40)}\n{SHARED[72]}\n"


@pytest.fixture
def index(tmp_path):
    """The folder of an index with two sources of the page, and others."""
    with DuplicateFilter(tmp_path / "i") as opened:
        for seed, name in ((71, "first"), (72, "second")):
            body = f"{text(seed + 10)} {SHARED[seed]} {text(seed + 20)}"
            opened.check_and_add(document(name, body, published=parse("2026-01-01")))
        opened.check_and_add(document("other", text(90)))
    return tmp_path / "i"


def test_each_passage_has_its_source(index):
    """A text is traced to the documents that its passages stand in, place by place."""
    with DuplicateFilter(index, read_only=True) as opened:
        found = trace(document("page", PAGE, published=parse("2026-02-01")), opened)
    assert {source.document.id for source in found.sources} == {"first", "second"}
    for source in found.sources:
        (match,) = source.matches
        seed = 71 if source.document.id == "first" else 72
        assert PAGE[match.a.start : match.a.end] == SHARED[seed]
        assert source.document.text[match.b.start : match.b.end] == SHARED[seed]
        assert source.derivation.derived == "page"


def test_a_stored_document_is_traced_to_others(index):
    """A document that the index has already is not its own source."""
    with DuplicateFilter(index) as opened:
        opened.check_and_add(document("page", PAGE))
        found = trace(document("page", PAGE), opened)
    assert {source.document.id for source in found.sources} == {"first", "second"}


def test_marked_in_brackets_or_colours(index):
    """Passages stand in brackets with the number of their source, or in its colour."""
    with DuplicateFilter(index, read_only=True) as opened:
        found = trace(document("page", PAGE), opened)
    number = {source.document.id: i for i, source in enumerate(found.sources, 1)}
    plain = tracing.render(found, columns=3000)
    assert f"[{number['first']}: {SHARED[71]}]" in plain
    assert f"\n{text(1, 40)}\n" in plain
    assert "60% of its letters" in plain
    colored = tracing.render(found, columns=3000, color=True)
    assert f"\x1b[36m{SHARED[71 if number['first'] == 1 else 72]}\x1b[0m" in colored


def test_nothing_of_the_index():
    """A text that shares nothing with the index is shown with nothing marked."""
    from provenance.index.memory import MemoryStore

    found = trace(Document("page", "Some words\n\nof nobody"), DuplicateFilter(MemoryStore()))
    assert tracing.render(found) == (
        "page\nNothing in the index has a passage of this text.\n\nSome words\n\nof nobody\n"
    )


def test_command(index, tmp_path):
    """The command prints the text, or a table of its passages."""
    (tmp_path / "page.txt").write_text(PAGE)
    arguments = ["trace", str(tmp_path / "page.txt"), "--index", str(index)]
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, "stand in 2 documents" in done.stdout) == (0, True)
    done = CliRunner().invoke(app, [*arguments, "--format", "json"])
    rows = json.loads(done.stdout)
    assert [row["source"] for row in rows] == ["first", "second"]
    assert rows[0]["text"] == SHARED[71][:200]
    missing = CliRunner().invoke(app, [*arguments[:3], str(tmp_path / "none")])
    assert (missing.exit_code, "there is no index" in missing.stderr) == (2, True)
