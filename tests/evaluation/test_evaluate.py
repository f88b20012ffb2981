import json

import pytest
from typer.testing import CliRunner

from provenance.audit import scan
from provenance.cli import app
from provenance.errors import InputError
from provenance.evaluation import COLUMNS, Truth, evaluate, figure_rows
from provenance.evaluation.truth import TrueDerivation
from provenance.model import Document, Span
from provenance.output import folder

WORDS = "the harbour master said that no ship would enter before the strike of the tug crews ends"
TEXTS = {
    "a": f"On Friday {WORDS}, and nobody laughed.",
    "b": f"It was late when {WORDS}, we hear.",
    "c": "A museum of clocks opens its new wing in April with instruments unseen since the flood.",
}


@pytest.fixture
def saved(tmp_path):
    """A result folder of two texts that share a line, and a third one."""
    folder.save(scan(Document(name, text) for name, text in TEXTS.items()), tmp_path / "result")
    return tmp_path / "result"


@pytest.fixture
def truth(tmp_path):
    """The truth about them, and about a document that was not scanned."""
    place = tmp_path / "truth"
    place.mkdir()
    spans = {
        f"{name}_{edge}": TEXTS[name].index(WORDS) + add
        for name in "ab"
        for edge, add in (("start", 0), ("end", len(WORDS)))
    }
    row = {"a": "a", "b": "b", **spans, "relation": "parent"}
    (place / "matches.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (place / "clusters.jsonl").write_text('{"members": ["c", "lost"]}', encoding="utf-8")
    return place


def run(*arguments):
    """Run the command."""
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def test_a_result_is_scored_from_its_folder(saved, truth):
    """The command prints every figure as a row, and says which documents it missed."""
    shown = run(saved, truth, "--format", "jsonl")
    assert shown.exit_code == 0
    rows = {row["figure"]: row for row in map(json.loads, shown.stdout.splitlines())}
    assert all(tuple(row) == COLUMNS for row in rows.values())
    assert (rows["plagdet"]["group"], rows["plagdet"]["value"], rows["plagdet"]["of"]) == (
        "passages",
        1.0,
        1,
    )
    assert rows["cluster pair recall"]["value"] == 0
    assert "1 documents of the truth are not in the result" in shown.stderr
    assert "lost" in shown.stderr


def test_a_table_for_people_leaves_the_definitions_out(saved, truth):
    """They are shown where they are asked for."""
    assert "Potthast" not in run(saved, truth).stdout
    assert "Potthast" in run(saved, truth, "--columns", "figure,definition").stdout


@pytest.mark.parametrize("arguments", [("truth", "result"), ("result", "result/none")])
def test_wrong_folders_are_told_in_one_line(saved, truth, arguments):
    """A result is no truth that is missing, and a truth no result."""
    shown = run(*(saved.parent / name for name in arguments))
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr.startswith("provenance: error: ")
    assert truth.name in shown.stderr or "none" in shown.stderr


def test_a_result_agrees_with_itself(saved):
    """A result folder is a truth in the contract's own format."""
    shown = run(saved, saved, "--format", "json")
    rows = {row["figure"]: row["value"] for row in json.loads(shown.stdout)}
    assert rows["plagdet"] == rows["sharing F1"] == rows["cluster B-cubed F1"] == 1
    assert rows["directed F1"] in {1, None}


def test_truth_about_other_documents_is_an_error(result):
    """The message shows an id of each, so that the difference is seen."""
    with pytest.raises(InputError, match=r"'p'.* is in the result \('a'"):
        evaluate(result("ab"), Truth(clusters=(frozenset("pq"),)))


def test_empty_groups_change_nothing(result):
    """A cluster and a hidden source of nobody are scored as none."""
    scored = evaluate(result("ab"), Truth(clusters=(frozenset(),), hidden_sources=(frozenset(),)))
    assert {figure.of for figure in scored.figures if figure.group == "lineage"} == {0}


def test_truth_that_allows_no_figure_is_an_error(result):
    """A list of documents alone says nothing."""
    with pytest.raises(InputError, match="nothing that a result can be scored by"):
        evaluate(result("ab"), Truth(documents=frozenset("ab")))


def test_documents_that_the_truth_is_not_about_are_left_out(result, match, row):
    """Where it lists its documents, matches and edges with others do not count."""
    found = result(
        "abx",
        [row("a", "b"), row("a", "x")],
        matches=(match(("a", 0, 9), ("b", 0, 9)), match(("a", 0, 9), ("x", 0, 9))),
    )
    truth = Truth(
        documents=frozenset("ab"),
        boilerplate=(Span("a", 0, 9),),
        derivations=(TrueDerivation("a", "b"),),
    )
    figures = {f.figure: f for f in evaluate(found, truth).figures}
    assert figures["directed precision"].value == 1
    assert figures["characters in boilerplate"].of == 18


def test_figures_do_not_depend_on_the_order_of_rows(result, match, row):
    """Nor do their intervals."""
    rows = [row(a, b) for a, b in ("ab", "bc", "de", "df")]
    matches = [match((a, 0, 9), (b, 3, 12)) for a, b in ("ab", "bc", "de", "df")]
    derivations = [TrueDerivation(a, b) for a, b in ("ab", "ac", "de", "fd")]
    one = evaluate(result("abcdef", rows, matches=matches), Truth(derivations=tuple(derivations)))
    other = evaluate(
        result("fedcba", rows[::-1], matches=matches[::-1]),
        Truth(derivations=tuple(derivations[::-1])),
    )
    assert one == other


def test_rows_are_rounded_and_keep_what_is_unknown(result):
    """Four digits; no value where nothing was counted."""
    scored = evaluate(result("abc"), Truth(clusters=(frozenset("ab"),)))
    rows = {row["figure"]: row for row in figure_rows(scored.figures)}
    assert rows["cluster B-cubed recall"]["value"] == 0.6667
    assert rows["cluster pair precision"]["value"] is None
