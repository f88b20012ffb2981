import pytest

from provenance.errors import ConfigError
from provenance.model import HiddenSource
from provenance.output.views import COLUMNS, rows


@pytest.mark.parametrize("table", COLUMNS)
def test_rows_have_the_columns_of_their_table_in_order(table, story):
    """Every row of every table has exactly the documented columns."""
    found = list(rows(story, table))
    assert found
    assert all(tuple(row) == COLUMNS[table] for row in found)


def test_an_unknown_table_says_what_there_is(story):
    """Tables that are read off a result are named beside those that it holds."""
    with pytest.raises(ConfigError, match="did you mean stories"):
        rows(story, "storys")


def test_the_lineage_has_one_row_a_document(story):
    """A document without a source has a row too; further sources stand beside the primary one."""
    found = {row["document"]: row for row in rows(story, "lineage")}
    assert list(found) == sorted(report.document.id for report in story.documents)
    assert found["alone.txt"]["derives_from"] is None
    assert found["trim.txt"]["derives_from"] == "wire.txt"
    assert found["trim.txt"]["also_from"] == ["left.txt"]


def test_an_undecided_row_names_no_direction(story):
    """Each of the two names the other, and neither derives from it."""
    found = {row["document"]: row for row in rows(story, "lineage")}
    for one, other in (("left.txt", "right.txt"), ("right.txt", "left.txt")):
        assert found[one]["undecided_with"] == [other]
        assert found[one]["derives_from"] is None


def test_the_origin_stands_beside_the_immediate_source(story):
    """paper.txt was taken from wire.txt, and that from an agency; nothing explains alone.txt."""
    found = {row["document"]: row for row in rows(story, "lineage")}
    assert found["paper.txt"]["derives_from"] == "wire.txt"
    assert found["paper.txt"]["origins"] == ["~AP#3f2a"]
    assert found["paper.txt"]["origins_decided"] is True
    assert found["right.txt"]["origins"] == ["left.txt"]
    assert found["right.txt"]["origins_decided"] is False
    assert found["alone.txt"]["origins"] == []


def test_a_story_is_counted_with_its_sources(story):
    """Of the agency's story: three texts, two outlets that are named, one source, both dates."""
    agency, pair = rows(story, "stories")
    assert agency["story"] == "~AP#3f2a"
    assert agency["title"] == "Ships wait"
    assert (agency["documents"], agency["outlets"], agency["independent_sources"]) == (3, 2, 1)
    assert (agency["first"], agency["last"]) == ("2024-03-01", "2024-03-02")
    assert pair["origins"] == ["left.txt"]


def test_dates_that_contradict_the_lineage_do_not_begin_a_story(audited, report, row):
    """A copy dated 1970 is no first publication."""
    audit = audited(
        [report("a", published="2024-03-01"), report("b", published="1970-01-01")], [row("b", "a")]
    )
    (found,) = rows(audit, "stories")
    assert (found["first"], found["last"]) == ("2024-03-01", "2024-03-01")


def test_the_timeline_says_what_each_document_comes_from(story):
    """Position by position, with what is known of its source."""
    found = [row for row in rows(story, "timeline") if row["story"] == "~AP#3f2a"]
    assert [(row["position"], row["document"]) for row in found] == [
        (1, "wire.txt"),
        (2, "trim.txt"),
        (3, "paper.txt"),
    ]
    assert found[0]["derives_from"] == "~AP#3f2a"
    assert found[1]["also_from"] == ["left.txt"]


def test_views_do_not_depend_on_the_order_of_derivations(story, audited):
    """Derivations in another order give the same rows."""
    lineage = story.lineage
    turned = audited(story.documents[::-1], lineage.derivations[::-1], lineage.hidden_sources)
    for table in ("lineage", "stories", "sources", "timeline"):
        assert list(rows(turned, table)) == list(rows(story, table))


def test_a_hidden_source_alone_is_named_with_its_text(audited, report, row):
    """One text after an unseen page is a story of one document."""
    hidden = HiddenSource("~AP#1", "AP", "credit_line", ("a",))
    (found,) = rows(audited([report("a")], [row("a", "~AP#1")], [hidden]), "stories")
    assert found["documents"] == 1
    assert found["hidden_sources"] == ["~AP#1"]


def test_tables_of_one_document_are_of_its_descent_or_its_story(story):
    """A story is whole, brothers and sisters among it; descent has neither."""
    named = {"lineage": "document", "derivations": "derived", "timeline": "document"}
    found = {
        table: [row[column] for row in rows(story, table, ["paper.txt"])]
        for table, column in named.items()
    }
    assert found == {
        "lineage": ["paper.txt", "wire.txt"],
        "derivations": ["paper.txt", "wire.txt"],
        "timeline": ["wire.txt", "trim.txt", "paper.txt"],
    }
    assert [row["story"] for row in rows(story, "stories", ["paper.txt"])] == ["~AP#3f2a"]
    outlets = {row["source"] for row in rows(story, "sources", ["paper.txt"])}
    assert outlets == {"AP", "Wire", "Harbour Daily", None}


def test_a_digest_names_no_other_story(audited, report, row):
    """Its second source stays out of the story, and its origins stay whole."""
    made = [row("a2", "a1"), row("a3", "a2"), row("b2", "b1"), row("b3", "b2")]
    made += [row("m", "a3"), row("m", "b3", primary=False)]
    audit = audited([report(n) for n in ("a1", "a2", "a3", "b1", "b2", "b3", "m")], made)
    assert [found["story"] for found in rows(audit, "stories", ["m"])] == ["a1"]
    origins = {found["document"]: found["origins"] for found in rows(audit, "lineage", ["b3"])}
    assert origins["m"] == ["a1", "b1"]
