import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.model import HiddenSource, Lineage
from provenance.output.display import width
from provenance.output.tree import around, describe_row, plant, render, sureness


def test_a_story_is_drawn_with_its_sources_above(story):
    """Hidden sources are roots, further sources are named, undecided rows have no direction."""
    drawn = render(story.documents, story.lineage, columns=78)
    assert drawn == (
        "~AP#3f2a · AP, not among the documents\n"
        "└─ wire.txt · 2024-03-01 · Wire · copy, 90% · very likely (0.96)\n"
        '   │     credits "(AP) —"\n'
        "   ├─ paper.txt · 2024-03-02 · Harbour Daily · copy, 90% · very likely (0.96)\n"
        '   │        credits "(AP) —"\n'
        "   └─ trim.txt · 2024-03-02 10:15 · excerpt, 90% · very likely (0.96)\n"
        "            wire.txt was published first\n"
        "            + also from left.txt · quotation, 12% · very likely (0.96)\n"
        "              left.txt was published first\n"
        "left.txt · Left Post\n"
        "└─ ? — right.txt · 2024-03-03 · copy, 90%\n"
        "         undecided: which is the source (0.50): left.txt was published first\n"
    )


def test_a_reason_stands_beside_its_text_where_there_is_room(row):
    """One line a text on a wide terminal."""
    drawn = render((), Lineage((row("b", "a"),), ()), columns=120)
    assert drawn.splitlines()[1] == "└─ b · copy, 90% · very likely (0.96): a was published first"


def test_what_is_left_out_below_is_counted_too(row):
    """Of three children one is shown; the others have two texts below them."""
    rows = (row("b", "a"), row("c", "a"), row("d", "a"), row("e", "d"), row("f", "e"))
    drawn = render((), Lineage(rows, ()), children=1, columns=120)
    assert drawn.splitlines()[-1] == "└─ … and 2 more, with 2 texts below them"


def test_a_marked_node_is_seen(story):
    """What was asked for is found in a long tree."""
    drawn = render(story.documents, story.lineage, marked=["trim.txt"])
    (line,) = (line for line in drawn.splitlines() if "> " in line)
    assert line.startswith("   └─ > trim.txt")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"confidence": 0.9, "direction_confidence": 0.6}, "which is the source (0.60)"),
        ({"confidence": 0.6, "share": 0.9}, "from this text or another (0.60)"),
        ({"confidence": 0.6, "share": 0.2}, "whether from it at all (0.60)"),
        ({"source": "~AP#1", "confidence": 0.7}, "whether it has this source (0.70)"),
    ],
)
def test_what_is_undecided_is_said(fields, words, row):
    """A text whose every word stands elsewhere is not said to be perhaps unrelated."""
    given = {"source": "a", "direction_confidence": 0.99, **fields}
    source = given.pop("source")
    assert describe_row(row("b", source, decided=False, **given)).endswith(f"undecided: {words}")


def test_children_come_by_date_then_id_with_undated_ones_last(report, row):
    """Display follows the dates that are stated."""
    reports = [
        report(name, published=date)
        for name, date in (
            ("a", None),
            ("b", "2024-05-02"),
            ("c", "2024-05-01"),
            ("d", "2024-05-01"),
        )
    ]
    forest = plant(reports, Lineage(tuple(row(r.document.id, "~X") for r in reports), ()))
    assert list(forest.children["~X"]) == ["c", "d", "b", "a"]


def test_the_largest_tree_comes_first(row):
    """A story of three comes before a pair, whatever their names."""
    forest = plant((), Lineage((row("b", "a"), row("y", "x"), row("z", "x")), ()))
    assert list(forest.roots) == ["x", "a"]


def test_what_is_not_shown_is_counted(row):
    """Left out children, trees and lines are told."""
    rows = (*(row(f"c{n:04}", "wire") for n in range(5000)), row("b", "a"))
    drawn = render((), Lineage(rows, ()), children=3, trees=1)
    assert drawn.splitlines()[-2:] == ["└─ … and 4,997 more", "… and 1 more tree"]
    assert "… and 4,995 more lines" in render((), Lineage(rows, ()), longest=8)


def test_a_long_chain_ends_at_the_depth_limit(row):
    """A chain of 20,000 is drawn without recursion, to a depth of 20, the rest counted."""
    rows = tuple(row(f"d{n + 1:05}", f"d{n:05}") for n in range(20_000))
    lines = render((), Lineage(rows, ()), columns=160).splitlines()
    assert len(lines) == 22
    assert lines[-1].strip() == "└─ … and 19,980 more further down"


@pytest.mark.slow
def test_five_thousand_children_take_no_longer_each_than_five_hundred(row):
    """Time grows with the number of children, not with its square."""

    def seconds(count):
        rows = tuple(row(f"c{n}", "wire") for n in range(count))
        started = time.perf_counter()
        render((), Lineage(rows, ()))
        return time.perf_counter() - started

    seconds(500)
    assert seconds(5000) < 40 * max(seconds(500), 0.01)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), max_size=20))
def test_no_node_is_lost_and_none_is_drawn_twice(row, edges):
    """Any rows, cycles among them, give a forest of all their nodes."""
    derivations = tuple(row(str(d), str(s), primary=p) for d, s, p in edges if d != s)
    forest = plant((), Lineage(derivations, ()))
    nodes = {name for r in derivations for name in (r.source, r.derived)}
    below = [child for children in forest.children.values() for child in children]
    assert sorted([*forest.roots, *below]) == sorted(nodes)
    assert sum(forest.sizes[root] for root in forest.roots) == len(nodes)
    assert render((), Lineage(derivations, ())).count("\n") >= len(nodes)


def test_a_root_that_is_only_a_further_source_says_so(row):
    """It does not look like a text without relation."""
    drawn = render((), Lineage((row("c", "a"), row("c", "b", primary=False)), ()))
    assert "b · a further source of 1 text listed elsewhere\n" in drawn


def test_no_line_is_wider_than_asked_or_obeyed_by_a_terminal(hostile, report, row):
    """Hostile ids, names and evidence stay on their line."""
    hidden = HiddenSource(f"~{hostile}", hostile, "credit_line", ("a",))
    rows = (row(hostile, hidden.id), row("b", hostile))
    drawn = render([report(hostile, source=hostile)], Lineage(rows, (hidden,)), columns=60)
    assert len(drawn.splitlines()) == 5
    assert all(width(line) <= 60 for line in drawn.splitlines())
    assert "\x1b" not in drawn


def test_around_keeps_ancestors_and_descendants_only(story):
    """Of wire.txt: the agency above, both copies below, not the undecided pair."""
    part = around(story.lineage, ["wire.txt"])
    assert {r.derived for r in part.derivations} == {"wire.txt", "paper.txt", "trim.txt"}
    assert [hidden.id for hidden in part.hidden_sources] == ["~AP#3f2a"]
    assert {r.derived for r in around(story.lineage, ["left.txt"]).derivations} == {
        "right.txt",
        "trim.txt",
    }


def test_a_descendant_by_a_further_source_keeps_its_primary_one(row):
    """A digest of two stories is not shown as if it had one source."""
    rows = (row("m", "z"), row("m", "a", primary=False), row("z2", "z"))
    found = around(Lineage(rows, ()), ["a"]).derivations
    assert [(r.derived, r.source) for r in found] == [("m", "z"), ("m", "a")]


@pytest.mark.parametrize(
    ("probability", "words"),
    [(1.0, "almost certain (1.00)"), (0.96, "very likely (0.96)"), (0.5, "unsure (0.50)")],
)
def test_sureness_has_words_and_figures(probability, words):
    """A probability is told in both."""
    assert sureness(probability) == words
