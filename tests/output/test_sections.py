import pytest

from provenance.output.display import width
from provenance.output.sections import lines, table

ROWS = [{"id": "a" * 30, "count": 3, "days": "40 days", "why": "because " * 12}]


def test_the_last_column_takes_what_is_left():
    """On a wide terminal it is long, and on a narrower one names are cut first."""
    wide, narrow = (table("T", ROWS, 1, columns, "why") for columns in (120, 70))
    assert "because because because" in wide
    assert "a" * 30 in wide
    assert "because" in narrow
    assert "…" in narrow.splitlines()[4].split()[0]


def test_columns_are_dropped_in_the_order_that_is_given():
    """First the spare ones, then the last; the others are never dropped."""
    assert "days" not in table("T", ROWS, 1, 44, "why", ("days",))
    assert "because" in table("T", ROWS, 1, 44, "why", ("days",))
    head = table("T", ROWS, 1, 24, "why", ("days",)).splitlines()[2]
    assert head.split() == ["id", "count"]


def test_what_is_not_shown_is_counted():
    """Nothing is lost silently."""
    assert table("T", ROWS, 1_200, 80, "why").splitlines()[-1] == "… and 1,199 more"
    assert table("T", [], 0, 80, "why") == ""


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_no_line_is_wider_than_asked(columns, hostile):
    """Hostile names keep to their line and width."""
    drawn = table(hostile, [{"id": hostile * 9, "why": hostile}], 1, columns, "why")
    assert all(width(line) <= columns for line in drawn.splitlines())
    assert "\x1b" not in drawn
    assert lines([hostile], columns).count("\n") == 1
