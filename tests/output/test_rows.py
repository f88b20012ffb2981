import pytest

from provenance.errors import ConfigError
from provenance.output.rows import COLUMNS, choose, deciding, rows


@pytest.mark.parametrize("table", COLUMNS)
def test_rows_have_the_columns_of_their_table_in_order(table, story):
    """Every row of every table has exactly the contract's columns."""
    found = list(rows(story, table))
    assert found
    assert all(tuple(row) == COLUMNS[table] for row in found)


def test_numbers_are_rounded_to_four_digits(story):
    """0.81239 is 0.8124 in a row."""
    assert next(rows(story, "pairs"))["jaccard"] == 0.8124


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


def test_rows_do_not_depend_on_the_order_of_derivations(story, audited):
    """Derivations in another order give the same rows."""
    lineage = story.lineage
    turned = audited(story.documents[::-1], lineage.derivations[::-1], lineage.hidden_sources)
    for table in ("documents", "derivations", "lineage"):
        assert list(rows(turned, table)) == list(rows(story, table))


def test_deciding_evidence_leads_with_the_strongest_and_leaves_out_what_speaks_against(story):
    """Evidence against an edge is no reason for it."""
    assert deciding(story.lineage.derivations[1]) == ['credits "(AP) —"']


def test_an_unknown_choice_says_what_there_is():
    """The error lists all choices and the closest one."""
    with pytest.raises(ConfigError, match=r"did you mean pairs.*documents, pairs, matches"):
        choose("table", "pair", COLUMNS)
    with pytest.raises(ConfigError, match=r"unknown table 'zzz'\. There is: documents"):
        choose("table", "zzz", COLUMNS)
