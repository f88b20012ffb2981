import pytest

from provenance.evaluation.truth import TrueDerivation

TRUE = tuple(TrueDerivation("a", name) for name in "bcd")


def test_errors_of_forecasts_are_those_of_their_definitions(result, row, score):
    """Two right edges at 0.9, one false one at 0.7, worked out by hand."""
    rows = (row("a", "b", 0.9), row("a", "c", 0.9), row("x", "y", 0.7))
    got = score(result("abcdxy", rows), derivations=TRUE)
    assert got["edge Brier score"] == pytest.approx((0.01 + 0.01 + 0.49) / 3)
    assert got["edge calibration error"] == pytest.approx((0.2 + 0.7) / 3)
    assert got["direction Brier score"] == pytest.approx(0.01)


def test_the_highest_bin_holds_certainty(result, row, score):
    """A confidence of one falls into the tenth bin and not beyond it."""
    got = score(result("abcd", [row("a", "b", 1.0), row("a", "c", 0.95)]), derivations=TRUE)
    assert got["edge calibration error"] == pytest.approx(0.025)


def test_accuracy_at_coverage_takes_the_surest_first(result, row, score):
    """The surest two of four are right, and ties share what is left of the coverage."""
    rows = (
        row("a", "b", 0.9),
        row("a", "c", 0.8),
        row("x", "y", 0.6),
        row("x", "z", 0.6),
    )
    got = score(result("abcdxyz", rows), derivations=TRUE)
    assert got["edge accuracy at 50 % coverage"] == 1
    assert got["edge accuracy at 80 % coverage"] == pytest.approx(2 / 3.2)
    assert got["edge accuracy at 100 % coverage"] == 0.5


def test_ties_do_not_go_by_order(result, row, score):
    """Of three equally sure edges, one of them wrong, two thirds of any share are right."""
    rows = [row("a", "b"), row("a", "c"), row("x", "y")]
    got = score(result("abcdxy", rows), derivations=TRUE)
    assert got["edge accuracy at 50 % coverage"] == pytest.approx(2 / 3)


def test_direction_is_judged_where_the_pair_is_right(result, row, score):
    """A turned edge is a wrong direction; a false pair says nothing of directions."""
    rows = [row("a", "b", 0.9, 0.8), row("c", "a", 0.9, 0.6), row("x", "y", 0.9, 1.0)]
    got = score(result("abcdxy", rows), derivations=TRUE)
    assert got["direction Brier score"] == pytest.approx((0.04 + 0.36) / 2)
    assert got["direction accuracy at 50 % coverage"] == 1
    assert got["direction accuracy at 100 % coverage"] == 0.5


def test_decided_edges_are_held_to_both_confidences(result, row, score):
    """Undecided rows are left out of their figures."""
    rows = [row("a", "b", 0.9, 0.8), row("a", "c", 0.5, 0.5, decided=False)]
    got = score(result("abcd", rows), derivations=TRUE)
    assert got["decided edge Brier score"] == pytest.approx(0.28**2)
