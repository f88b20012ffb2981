from dataclasses import replace

import pytest

from provenance.model import Lineage
from provenance.output.display import width
from provenance.output.lineage_report import around, headline, render, timeline


def test_undecided_rows_are_told_without_direction(story):
    """No line says that one of an undecided pair is from the other."""
    found = [line.split() for line in render(story).splitlines() if line.startswith("right.txt")]
    assert found[0][:4] == ["right.txt", "2024-03-03", "?", "left.txt"]


def test_the_origin_stands_beside_the_source(story):
    """paper.txt was taken from wire.txt, which has its text from the agency."""
    found = [line.split() for line in render(story).splitlines() if line.startswith("paper.txt")]
    assert found[0][:4] == ["paper.txt", "2024-03-02", "wire.txt", "~AP#3f2a"]


def test_every_story_is_told_with_its_independent_sources(story):
    """Documents, outlets that are known, sources, first date, origin and title."""
    found = [line.split(maxsplit=5) for line in render(story).splitlines()]
    assert ["3", "2", "1", "2024-03-01", "~AP#3f2a", "Ships wait"] in found


def test_every_outlet_that_gives_or_takes_is_told(story):
    """The agency is not in the corpus, the paper carried one text."""
    lines = render(story, columns=120).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("Sources"))
    found = {line.split("  ")[0]: line.split() for line in lines[start + 4 : start + 8]}
    assert found["AP"][1:] == ["0", "1", "0", "0", "0", "0", "1"]
    assert found["Harbour Daily"][2:8] == ["1", "0", "0", "0", "1", "0"]


def test_a_result_without_lineage_says_so(audited, report):
    """It is an answer, not an empty page."""
    audit = audited([report("a")], counts={"derivations": 0})
    assert "no document is said to derive" in render(audit)
    assert "no document is said to derive" in timeline(audit)
    assert headline(audit) == "1 document: 1 independent source\n"


def test_a_result_for_which_no_lineage_was_sought_says_so(audited, report):
    """Near-duplicates alone say nothing of sources."""
    audit = audited([report("a")])
    assert "near-duplicate pairs and clusters only" in render(audit)
    assert "near-duplicate pairs and clusters only" in timeline(audit)
    assert headline(audit) == "1 document\n"


def test_one_document_is_told_by_its_place(story):
    """How many texts stand above and below it, its origin, and its story."""
    text = " ".join(around(story, ["wire.txt"]).split())
    assert text.startswith(
        "wire.txt: 1 text above it, 2 below; origin ~AP#3f2a; "
        "in a story of 3 documents, 1 independent source"
    )
    assert "> wire.txt" in text
    assert "right.txt" not in text


def test_several_documents_are_told_by_their_sources(story):
    """Two copies and an undecided pair: the agency, and the likelier one of the pair."""
    told = around(story, ["paper.txt", "trim.txt", "left.txt", "right.txt"])
    assert told.startswith("4 documents, 2 independent sources")


def test_the_first_line_counts_independent_sources(story):
    """What a reader wants to know first."""
    assert headline(story) == "6 documents: 3 independent sources\n"


def test_a_document_that_is_joined_to_nothing_says_so(story):
    """The loner has a place, too."""
    assert around(story, ["alone.txt"]).startswith("alone.txt is joined to no other")


def test_a_big_story_stays_readable(audited, report, row):
    """Five thousand copies are elided with their number, unless more is asked for."""
    names = [f"c{n:04}" for n in range(5000)]
    audit = audited([report(n) for n in names], [row(name, "~AP#1") for name in names])
    assert len(render(audit).splitlines()) < 120
    assert "└─ … and 4,980 more" in render(audit)
    assert "└─ … and 4,700 more" in render(audit, limit=300)
    assert len(timeline(audit).splitlines()) < 60


def test_a_timeline_marks_dates_that_cannot_be(audited, report, row):
    """The line of the copy begins with a mark, and says what it contradicts."""
    audit = audited(
        [report("a", published="2024-03-01", title="Ships"), report("b", published="2024-02-20")],
        [row("b", "a")],
    )
    assert timeline(audit) == (
        "Ships\n"
        "2 documents, 0 outlets, 1 independent source\n"
        "  2024-03-01        a · no source found\n"
        "! 2024-02-20        b · from a\n"
        "                    its date cannot be, beside that of a\n"
    )


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal_or_obeyed_by_it(columns, hostile, report, row, audited):
    """Hostile ids, outlets and titles keep to their line and width."""
    long = hostile * 9
    first = report(long, source=long, published="2024-01-01", title=long)
    audit = audited([first, report("b", source=long)], [row("b", long)])
    audit = replace(audit, lineage=Lineage(audit.lineage.derivations, ()))
    for text in (
        render(audit, columns=columns),
        around(audit, [long], columns=columns),
        timeline(audit, columns=columns),
    ):
        assert all(width(line) <= columns for line in text.splitlines())
        assert not {"\x1b", "\x9b", "\u202e", "\ud800", "\r", "\u2028"} & set(text)
