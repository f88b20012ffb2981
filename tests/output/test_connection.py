from hypothesis import given
from hypothesis import strategies as st

from provenance.model import DerivationKind
from provenance.output.connection import connect


def steps(rows):
    """Return rows as pairs of derived and source."""
    return [(row.derived, row.source) for row in rows]


def test_a_descendant_leads_up_to_its_ancestor(row):
    """The source is one of the two, and nothing leads to it from itself."""
    rows = [row("b", "a"), row("c", "b")]
    found = connect(rows, "c", "a")
    assert (found.source, steps(found.of_a), found.of_b) == ("a", [("c", "b"), ("b", "a")], ())
    assert connect(rows, "a", "c").of_b == found.of_a


def test_the_nearest_common_source_is_taken(row):
    """Two copies of a copy meet in that, not in the origin."""
    found = connect([row("b", "a"), row("c", "b"), row("d", "b")], "c", "d")
    assert (found.source, steps(found.of_a), steps(found.of_b)) == ("b", [("c", "b")], [("d", "b")])


def test_decided_rows_come_before_a_shorter_undecided_way(row):
    """What is sure is told first."""
    rows = [row("b", "a"), row("c", "b"), row("c", "a", primary=False, decided=False)]
    found = connect(rows, "c", "a")
    assert found.decided
    assert len(found.of_a) == 2
    assert not connect(rows[2:], "c", "a").decided


def test_a_text_merged_of_both_joins_them_last(row):
    """Two wire texts in one digest have no source in common."""
    found = connect([row("m", "a"), row("m", "b", primary=False)], "a", "b")
    assert found.source is None
    assert steps(found.of_a) == [("m", "a"), ("m", "b")]


def test_quotations_connect_nothing(row):
    """Nor do texts of which nothing is said."""
    assert connect([row("b", "a", kind=DerivationKind.QUOTATION)], "a", "b") is None
    assert connect([], "a", "b") is None


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_the_ways_lead_to_the_source(row, edges):
    """Every step begins where the one before it ended, whatever the rows."""
    rows = [row(str(d), str(s)) for d, s in edges if d > s]
    found = connect(rows, "6", "5")
    if found is None or found.source is None:
        return
    for node, way in (("6", found.of_a), ("5", found.of_b)):
        derived = [step.derived for step in way]
        source = [step.source for step in way]
        assert [*derived, found.source] == [node, *source]
