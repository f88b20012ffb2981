"""What the documentation says of the program is so."""

import json
import re
from dataclasses import fields
from pathlib import Path

import documentation
import pytest
from typer.main import get_command

import provenance
from provenance.cli import app
from provenance.index.verdict import COPIES, VerdictReason
from provenance.model import (
    Cue,
    DerivationKind,
    Evidence,
    KeepReason,
    MatchClass,
    MatchKind,
    Skipped,
    Span,
)
from provenance.output import folder, views
from provenance.output.rows import COLUMNS
from provenance.readers import Note

ROOT = Path(__file__).parents[1]
README = documentation.README.read_text(encoding="utf-8")
RESULT_FOLDER = (ROOT / "docs" / "result-folder.md").read_text(encoding="utf-8")
LINEAGE = (ROOT / "docs" / "lineage.md").read_text(encoding="utf-8")
WIRE = (
    "The ferry left the harbour at noon and met the storm off the northern cape at dusk on Friday"
)


def section(name, page=RESULT_FOLDER):
    """Return the part of docs/result-folder.md on one file, or of another page."""
    return re.split(r"^## ", page.split(f"## {name}\n")[1], flags=re.MULTILINE)[0]


def described(name, page=RESULT_FOLDER):
    """Return the fields that docs/result-folder.md describes of one file, in its order."""
    cells = re.findall(r"^\| (`.*?) \| ", section(name, page), re.MULTILINE)
    return [field for cell in cells for field in re.findall(r"`(\w+)`", cell)]


def test_the_help_of_every_command_is_what_the_page_quotes():
    """Where this fails: `python tests/documentation.py`."""
    assert documentation.COMMANDS.read_text(encoding="utf-8") == documentation.commands()


def test_the_report_in_the_readme_is_what_its_command_prints():
    """Where this fails: `python tests/documentation.py`."""
    assert documentation.readme(README) == README


def test_every_option_says_what_it_is_for():
    """No option and no argument of a command is without help."""
    for name, command in get_command(app).commands.items():
        for parameter in command.params:
            assert parameter.help, f"{name} {parameter.name}"


def test_the_readme_names_every_command():
    """A command that the program has is in the README's table."""
    named = re.findall(r"^\| `provenance (\w+)", README, re.MULTILINE)
    assert named == list(get_command(app).commands)


@pytest.mark.parametrize("table", COLUMNS)
def test_every_field_of_the_result_is_described(table):
    """docs/result-folder.md has the fields of each file, in the order in which they are written."""
    assert described(f"{table}.jsonl") == list(COLUMNS[table])


@pytest.mark.parametrize("table", [name for name in views.COLUMNS if name not in COLUMNS])
def test_every_column_of_a_view_is_described(table):
    """docs/lineage.md has the columns of each table that is read off a result, in their order."""
    assert described(table.capitalize(), LINEAGE) == list(views.COLUMNS[table])


def test_every_file_of_the_result_is_described(tmp_path):
    """The files that a scan writes are those of the page and of the README."""
    folder.save(provenance.scan([provenance.Document("a", WIRE)]), tmp_path / "result", texts=True)
    written = {path.name for path in (tmp_path / "result").iterdir()}
    assert set(re.findall(r"^## (\S+)$", RESULT_FOLDER, re.MULTILINE)) == written
    assert set(re.findall(r"^\| `(\w+\.jsonl?)` \|", README, re.MULTILINE)) == written
    audit = json.loads((tmp_path / "result" / "audit.json").read_text(encoding="utf-8"))
    assert described("audit.json") == list(audit)


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("documents.jsonl", [reason.value for reason in KeepReason]),
        ("documents.jsonl", [field.name for field in fields(Cue)][:4]),
        ("matches.jsonl", [kind.value for kind in MatchKind]),
        ("matches.jsonl", [name.value for name in MatchClass if name != MatchClass.BOILERPLATE]),
        ("passages.jsonl", ["boilerplate", *(field.name for field in fields(Span))]),
        ("derivations.jsonl", [kind.value for kind in DerivationKind]),
        ("derivations.jsonl", [field.name for field in fields(Evidence)]),
        ("audit.json", [field.name for field in (*fields(Skipped), *fields(Note))]),
    ],
)
def test_every_value_that_a_field_takes_is_described(file, names):
    """Classes, kinds, reasons, and the fields of what stands inside a row are on the page."""
    assert set(names) <= set(re.findall(r"`(\w+)`", section(file)))


def test_the_library_does_what_the_readme_shows(tmp_path, monkeypatch, capsys):
    """The README's Python runs as it stands, and finds the copy."""
    crawler, code = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "articles").mkdir()
    copy = f"Our reporter writes. {WIRE}. So much for that."
    for name, text in (("wire.txt", WIRE), ("paper.txt", copy)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - the README's own words
    printed = capsys.readouterr().out
    assert "wire.txt" in printed
    assert f"\n{WIRE} 1.0\n" in printed
    exec(compile(crawler, "README.md", "exec"), {})  # noqa: S102 - the README's own words
    assert capsys.readouterr().out == "a True new None\nb False exact_duplicate a\n"


def test_the_filter_page_has_the_reasons_in_their_order():
    """docs/filter.md has every reason of a verdict, in the order in which they are looked for."""
    page = (ROOT / "docs" / "filter.md").read_text(encoding="utf-8")
    table = page.partition("| reason |")[2].partition("\n\n")[0]
    named = re.findall(r"^\| `(\w+)`", table, re.MULTILINE)
    assert sorted(named) == sorted(reason.value for reason in VerdictReason)
    assert named[-1] == "new"
    for reason in COPIES:
        assert re.search(rf"`{reason.value}` .*\| no \|$", table, re.MULTILINE)
