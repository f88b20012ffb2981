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


def test_rows_do_not_depend_on_the_order_of_derivations(story, audited):
    """Derivations in another order give the same rows."""
    lineage = story.lineage
    turned = audited(story.documents[::-1], lineage.derivations[::-1], lineage.hidden_sources)
    for table in ("documents", "derivations"):
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
