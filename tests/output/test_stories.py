import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.model import DerivationKind, HiddenSource, Lineage
from provenance.output.stories import (
    find_stories,
    independent_sources,
    later,
    origins,
    sources_behind,
    stories_of,
)


def test_independent_sources_are_what_nothing_explains(story, report, row):
    """The agency, the left of an undecided pair, and the loner: a quotation joins nothing."""
    assert str(independent_sources(story.documents, story.lineage.derivations)) == "3"
    quoted = row("a", "b", kind=DerivationKind.QUOTATION)
    assert str(independent_sources([report("a"), report("b")], [quoted])) == "2"
    assert str(independent_sources([report("a"), report("empty", tokens=0)], [])) == "1"


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"confidence": 0.9, "share": 0.1, "direction_confidence": 0.5}, "1"),
        ({"confidence": 0.4, "share": 0.9, "direction_confidence": 0.9}, "1"),
        ({"confidence": 0.4, "share": 0.1, "direction_confidence": 0.9}, "1 to 2"),
    ],
)
def test_a_row_that_may_not_be_counts_both_ways(fields, count, report, row):
    """Which of two came first, or which copy was copied, makes neither independent."""
    rows = [row("b", "a", decided=False, **fields)]
    assert str(independent_sources([report("a"), report("b")], rows)) == count


def test_forty_copies_of_an_unseen_source_are_one_source(report, row):
    """A hidden source counts once, however many it feeds; one that feeds nobody does not."""
    names = [f"d{n}" for n in range(40)]
    rows = [row(name, "~AP#1") for name in names]
    assert str(independent_sources([report(name) for name in names], rows)) == "1"


def test_origins_are_the_tops_of_all_chains(row):
    """A copy of a merged text has both stories above it, the primary one first."""
    rows = [row("m", "z"), row("m", "b", primary=False), row("b", "a"), row("c", "m")]
    assert origins(rows)["c"].names == ("z", "a")
    assert origins(rows)["b"].names == ("a",)
    assert "a" not in origins(rows)


def test_the_sources_behind_some_documents(row):
    """Two copies of one text and one that derives from nothing."""
    above = origins([row("b", "a"), row("c", "a")])
    assert sources_behind(above, ["b", "c", "d"]) == {"a", "d"}


def test_an_origin_is_undecided_where_a_row_on_the_way_is(row):
    """Certainty is that of the whole chain."""
    rows = [row("b", "a", decided=False), row("c", "b"), row("d", "a")]
    assert {node: found.decided for node, found in origins(rows).items()} == {
        "b": False,
        "c": False,
        "d": True,
    }


def test_a_digest_does_not_make_two_stories_one(report, row):
    """One document merged of two stories of three belongs to that of its primary source."""
    rows = [row("a2", "a1"), row("a3", "a1"), row("b2", "b1"), row("b3", "b1")]
    rows += [row("m", "a1"), row("m", "b1", primary=False)]
    names = ["a1", "a2", "a3", "b1", "b2", "b3", "m"]
    found = find_stories([report(name) for name in names], Lineage(tuple(rows), ()))
    assert [story.origins for story in found] == [("a1",), ("b1",)]
    assert [len(story.documents) for story in found] == [4, 3]


def test_two_trees_that_share_half_of_the_smaller_are_one_story(report, row):
    """Five articles that mix a wire text and a local one: two independent sources."""
    rows = [row("local2", "local")]
    for name in ("a", "b", "c", "d", "e"):
        rows += [row(name, "wire"), row(name, "local", primary=False)]
    names = ["wire", "local", "local2", *"abcde"]
    (found,) = find_stories([report(name) for name in names], Lineage(tuple(rows), ()))
    assert found.origins == ("wire", "local")
    assert str(found.independent) == "2"


def test_a_quotation_joins_no_stories(story):
    """trim.txt quotes left.txt, and is of another story."""
    found = find_stories(story.documents, story.lineage)
    assert [sorted(part.nodes) for part in found] == [
        ["paper.txt", "trim.txt", "wire.txt", "~AP#3f2a"],
        ["left.txt", "right.txt"],
    ]


def test_the_story_of_a_document(story):
    """Any of its nodes names it."""
    stories = find_stories(story.documents, story.lineage)
    assert stories_of(stories, ["paper.txt", "~AP#3f2a"]) == stories[:1]
    assert stories_of(stories, ["alone.txt"]) == []


def test_one_copy_or_another_is_later_all_the_same(row):
    """Where most of the text and the direction are sure, only the way it took is open."""
    assert later(row("b", "a"))
    assert later(row("b", "a", decided=False, confidence=0.4, direction_confidence=0.99))
    assert not later(row("b", "a", decided=False, direction_confidence=0.7))
    assert not later(row("b", "a", decided=False, direction_confidence=0.99, share=0.2))


EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), max_size=20)


@given(EDGES)
def test_every_joined_node_is_in_one_story(report, row, edges):
    """Any rows, cycles among them: stories part the nodes, and each has an origin."""
    rows = tuple(row(str(d), str(s), primary=p) for d, s, p in edges)
    names = sorted({name for r in rows for name in (r.source, r.derived) if r.source != r.derived})
    found = find_stories([report(name) for name in names], Lineage(rows, ()))
    assert sorted(node for story in found for node in story.nodes) == names
    assert all(story.origins for story in found)


@given(EDGES)
def test_counts_are_in_order_and_no_more_than_the_documents(report, row, edges):
    """The fewest are never more than the most."""
    rows = [
        row(str(d), str(s), decided=sure, confidence=0.9 if sure else 0.4, share=0.2)
        for d, s, sure in edges
        if d > s
    ]
    reports = [report(str(n)) for n in range(10)]
    counted = independent_sources(reports, rows)
    assert 1 <= counted.fewest <= counted.most <= 10


def test_hidden_sources_are_part_of_their_story(report, row):
    """They are counted as sources and not as documents."""
    hidden = (HiddenSource("~AP#1", "AP", "credit_line", ("a", "b")),)
    lineage = Lineage((row("a", "~AP#1"), row("b", "~AP#1")), hidden)
    (found,) = find_stories([report("a"), report("b")], lineage)
    assert len(found.documents) == 2
    assert found.hidden_sources == hidden
