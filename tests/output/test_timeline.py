from hypothesis import given
from hypothesis import strategies as st

from provenance.lineage.dates import Order
from provenance.lineage.dates import order as compare
from provenance.model import Lineage
from provenance.output.stories import find_stories
from provenance.output.timeline import Dating, dated, order


def events(reports, rows):
    """Return the events of a story."""
    (story,) = find_stories(reports, Lineage(tuple(rows), ()))
    return order(story)


def ids(found):
    """Return the documents of events."""
    return [event.report.document.id for event in found]


def test_documents_go_by_date(report, row):
    """Copies of one text, the earlier first, whatever their ids."""
    reports = [
        report("b", published="2024-03-01"),
        report("a", published="2024-03-03T08:00Z"),
        report("c", published="2024-03-02"),
    ]
    assert ids(events(reports, [row("a", "b"), row("c", "b")])) == ["b", "c", "a"]


def test_a_source_is_never_after_what_was_taken_from_it(report, row):
    """A day without an hour yields to the lineage."""
    reports = [report("a", published="2024-03-01"), report("b", published="2024-03-01T06:00Z")]
    found = events(reports, [row("b", "a")])
    assert ids(found) == ["a", "b"]
    assert {event.dating for event in found} == {Dating.STATED}


def test_a_date_before_that_of_the_source_is_marked(report, row):
    """The copy's date contradicts; it stands after its source all the same."""
    reports = [
        report("a", published="2024-03-01"),
        report("b", published="2024-02-20"),
        report("c", published="2024-03-05"),
    ]
    found = events(reports, [row("b", "a"), row("c", "a")])
    assert [(event.report.document.id, event.dating, event.against) for event in found] == [
        ("a", Dating.STATED, ()),
        ("b", Dating.CONTRADICTED, ("a",)),
        ("c", Dating.STATED, ()),
    ]


def test_a_source_that_all_its_copies_contradict_is_the_one_marked(report, row):
    """One wrong date, not five; the source stands before its copies."""
    names = ["b", "c", "d", "e", "f"]
    reports = [report("a", published="2030-01-01")]
    reports += [report(name, published="2024-03-01") for name in names]
    found = events(reports, [row(name, "a") for name in names])
    assert ids(found)[0] == "a"
    assert [event.report.document.id for event in found if event.against] == ["a"]
    assert found[0].against == tuple(names)


def test_a_contradiction_is_seen_across_a_document_without_a_date(report, row):
    """Of three in a chain the last is dated before the first: its date cannot be."""
    reports = [
        report("a", published="2024-03-05"),
        report("b"),
        report("c", published="2024-03-01"),
    ]
    found = events(reports, [row("b", "a"), row("c", "b")])
    assert [event.dating for event in found] == [
        Dating.STATED,
        Dating.MISSING,
        Dating.CONTRADICTED,
    ]


def test_an_undated_document_stands_by_its_neighbours(report, row):
    """After its source, or before what was taken from it."""
    reports = [
        report("a"),
        report("b", published="2024-03-02"),
        report("c"),
        report("d", published="2024-03-04"),
        report("e", published="2024-03-01"),
    ]
    rows = [row("b", "a"), row("c", "b"), row("d", "b"), row("e", "d", decided=False, share=0.2)]
    assert ids(events(reports, rows)) == ["e", "a", "b", "c", "d"]


def test_a_date_that_stands_for_an_unknown_one_is_no_date(report, row):
    """The first second of Unix time is neither an order nor a contradiction."""
    reports = [report("a", published="2024-03-01"), report("b", published="1970-01-01T00:00:00Z")]
    found = events(reports, [row("b", "a")])
    assert [event.dating for event in found] == [Dating.STATED, Dating.PLACEHOLDER]
    assert not found[1].against


def test_an_undecided_row_orders_nothing(report, row):
    """Where nobody can tell which was the source, the dates decide the order."""
    reports = [report("a", published="2024-03-02"), report("b", published="2024-03-01")]
    found = events(reports, [row("b", "a", decided=False)])
    assert ids(found) == ["b", "a"]
    assert not any(event.against for event in found)


def test_the_first_of_a_story_is_not_the_one_with_a_wrong_date(report, row):
    """Its first and last dates are those that can be."""
    reports = [report("a", published="2024-03-01"), report("b", published="2024-02-20")]
    (story,) = find_stories(reports, Lineage((row("b", "a"),), ()))
    assert [found.document.id for found in dated(story)] == ["a"]


DAYS = st.lists(st.one_of(st.none(), st.integers(1, 28)), min_size=6, max_size=6)
EDGES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=9)


@given(DAYS, EDGES)
def test_any_dates_give_an_order_of_the_lineage(report, row, days, edges):
    """Every document once, each after its sources; stated dates agree with those of sources."""
    reports = [report(str(n), published=day and f"2024-03-{day:02}") for n, day in enumerate(days)]
    rows = [row(str(d), str(s)) for d, s in edges if d > s]
    for story in find_stories(reports, Lineage(tuple(rows), ())):
        found = order(story)
        place = {name: n for n, name in enumerate(ids(found))}
        assert sorted(place) == sorted(r.document.id for r in story.documents)
        known = {
            e.report.document.id: e.report.document.published
            for e in found
            if e.dating is Dating.STATED
        }
        for taken in story.derivations:
            assert place[taken.source] < place[taken.derived]
            if {taken.source, taken.derived} <= known.keys():
                dates = known[taken.source], known[taken.derived]
                assert compare(*dates) is not Order.LATER
