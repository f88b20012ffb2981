from dataclasses import replace

import pytest

from provenance.errors import InputError
from provenance.model import HiddenSource, MatchClass
from provenance.output.explanation import EVIDENCE_COLUMNS, evidence_rows, explain
from provenance.output.explanation import render as render_with
from provenance.output.texts import Texts

TEXTS = Texts(
    {"wire.txt": "(AP) — Ships wait off the harbour.", "paper.txt": "Here—Ships! Wait."},
    {"left.txt": "left.txt has changed since the scan"},
)


def render(explanation, texts=TEXTS, **options):
    """Return an explanation in words, with the texts of the story."""
    return render_with(explanation, texts, **options)


def test_every_piece_of_evidence_is_shown_for_and_against(story):
    """Pair figures, cluster, both weights with what was read and where, match and passage."""
    text = render(explain(story, "paper.txt", "wire.txt"))
    for words in (
        "Jaccard 0.8124",
        "90.0% of paper.txt is in wire.txt",
        "Both are in cluster c1 of 3 documents",
        "paper.txt derives from wire.txt · copy, 90%",
        '+4.00 for credit line: credits "(AP) —"',
        "read in wire.txt 0 to 4: [(AP)] — Ships wait off the harbour.",
        "credit line, 0 to 4: [(AP)] — Ships",
        "Here—[Ships!] Wait.",
        "-0.70 against published first: the paper's date is a day earlier",
        "paper.txt 5 to 11 = wire.txt 0 to 6 · reuse, near, 214 equal tokens",
        "reuse, in 2 documents: Ships wait off the harbour",
    ):
        assert words in text


def test_the_order_of_the_two_does_not_matter(story):
    """Rows are found in either direction."""
    there, back = explain(story, "paper.txt", "wire.txt"), explain(story, "wire.txt", "paper.txt")
    assert there.derivations == back.derivations
    assert there.matches == back.matches


def test_an_undecided_row_is_told_with_its_likelier_reading(story):
    """It is called undecided before a reading is named."""
    text = " ".join(render(explain(story, "left.txt", "right.txt")).split())
    assert "right.txt ? — left.txt · copy, 90% · undecided: which is the source (0.50)" in text
    assert "the likelier reading is that right.txt derives from left.txt" in text


def test_a_common_source_is_told(story):
    """Two copies of one text derive from it, and not from each other."""
    text = render(explain(story, "paper.txt", "trim.txt"))
    assert "Neither is said to derive from the other directly." in text
    assert "Both derive from wire.txt:" in text


def test_a_common_hidden_source_is_told_by_name(audited, report, row):
    """Two copies of something unseen are joined by it."""
    hidden = HiddenSource("~AP#1", "AP", "credit_line", ("a", "b"))
    audit = audited([report("a"), report("b")], [row("a", "~AP#1"), row("b", "~AP#1")], [hidden])
    assert "Both derive from ~AP#1, AP, not among" in render(explain(audit, "a", "b"))
    assert "a derives from ~AP#1" in render(explain(audit, "a", "~AP#1"))


def test_a_chain_between_the_two_is_told_step_by_step(story):
    """paper.txt comes from the agency by way of the wire."""
    text = render(explain(story, "paper.txt", "~AP#3f2a"), columns=120)
    assert "paper.txt comes from ~AP#3f2a by way of others:" in text
    assert "  paper.txt from wire.txt · copy" in text
    assert "  wire.txt from ~AP#3f2a · copy" in text


def test_a_common_origin_farther_up_is_told(audited, report, row):
    """Two copies of two copies; an undecided step is told as one."""
    rows = [row("b", "a"), row("c", "a", decided=False), row("d", "b"), row("e", "c")]
    audit = audited([report(name) for name in "abcde"], rows)
    text = " ".join(render(explain(audit, "d", "e")).split())
    assert "Both come from a, as far as undecided rows (?) hold:" in text
    assert "c ? — a" in text


def test_shared_text_without_a_row_is_told_as_open(story, audited):
    """What is shared says why nothing follows from it."""
    quoted = replace(story.matches[0], match_class=MatchClass.QUOTATION)
    for match, words in (
        (story.matches[0], "is open."),
        (quoted, "quotation of the same spoken words: no reason to say"),
    ):
        found = audited(story.documents, matches=(match,))
        assert words in " ".join(render(explain(found, "paper.txt", "wire.txt")).split())


def test_a_text_that_is_not_there_is_said_so(story):
    """Everything else is told all the same."""
    text = render(explain(story, "left.txt", "right.txt"))
    assert "The text of left.txt is not quoted: left.txt has changed since the scan." in text


def test_no_line_is_wider_than_asked(story):
    """Quotes are wrapped, too."""
    for columns in (40, 80):
        text = render(explain(story, "paper.txt", "wire.txt"), columns=columns)
        assert all(len(line) <= columns for line in text.splitlines())


def test_where_nothing_relates_the_two_it_says_so(story):
    """A loner is not explained away."""
    explained = explain(story, "alone.txt", "wire.txt")
    assert not explained.related
    assert "Nothing relates the two" in render(explained)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ("wire", "paper.txt", "no document 'wire' among 7 ids; did you mean wire.txt"),
        ("papr.txt", "wire.txt", "did you mean paper.txt"),
        ("zzz", "wire.txt", "no document 'zzz' among 7 ids$"),
        ("wire.txt", "wire.txt", "given twice"),
    ],
)
def test_an_unknown_id_is_refused_with_the_closest(a, b, message, story):
    """The error helps to find the right id."""
    with pytest.raises(InputError, match=message):
        explain(story, a, b)


def test_evidence_rows_hold_every_piece(story):
    """Programs get one row for each piece of evidence."""
    rows = evidence_rows(explain(story, "paper.txt", "wire.txt"), TEXTS)
    assert [row["words"] for row in rows] == [["(AP)"], []]
    assert [row["weight"] for row in rows] == [4.0, -0.7]
    assert all(tuple(row) == EVIDENCE_COLUMNS for row in rows)


def test_hostile_details_stay_on_their_lines(hostile, audited, report, row):
    """Evidence read from a hostile page commands no terminal."""
    audit = audited([report("a"), report(hostile)], [row("a", hostile)])
    assert not {"\x1b", "\u202e", "\r"} & set(render(explain(audit, "a", hostile)))
