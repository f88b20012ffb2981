import math

import numpy as np
import pytest

from provenance.evaluation.intervals import Measure, Sample, Tally, figures, harmonic, ratio

SHARE = Measure("share", "right of all", "all", lambda tally: ratio(tally["right"], tally["all"]))


def share(units, right, *, seed=0, resamples=1000):
    """Return the figure of a share, each document a case."""
    sample = Sample([str(n) for n in range(len(units))], units, seed=seed, resamples=resamples)
    tally = Tally(sample)
    tally.add("all", range(len(units)))
    tally.add("right", [number for number, hit in enumerate(right) if hit])
    return figures("test", tally, [SHARE])[0]


def test_the_interval_of_a_share_has_the_width_of_the_binomial():
    """Four hundred independent documents, half of them right."""
    figure = share(range(400), [True, False] * 200)
    half = 1.96 * math.sqrt(0.25 / 400)
    assert figure.value == 0.5
    assert figure.low == pytest.approx(0.5 - half, abs=0.01)
    assert figure.high == pytest.approx(0.5 + half, abs=0.01)


def test_documents_of_one_unit_are_drawn_together():
    """Copies of one story add nothing: the interval is that of a hundred units."""
    alone = share(range(100), [True, False] * 50)
    copies = share([n // 4 for n in range(400)], [n // 4 % 2 == 0 for n in range(400)])
    assert (copies.low, copies.high) == (alone.low, alone.high)


def test_the_same_seed_gives_the_same_interval():
    """Another one gives another."""
    right = [n % 3 == 0 for n in range(90)]
    assert share(range(90), right) == share(range(90), right)
    assert share(range(90), right) != share(range(90), right, seed=1)


def test_one_unit_has_no_interval():
    """There is nothing to draw from."""
    figure = share([0, 0, 0], [True, False, True])
    assert (figure.value, figure.low, figure.high, figure.of) == (
        pytest.approx(2 / 3),
        None,
        None,
        3,
    )


def test_nothing_to_count_has_no_value():
    """A share of nothing is neither 0 nor 1."""
    figure = share([], [])
    assert (figure.value, figure.low, figure.high, figure.of) == (None, None, None, 0)


def test_many_units_are_drawn_in_blocks_with_the_same_width():
    """Ten thousand units take no more memory than two thousand, and nothing changes."""
    figure = share(range(10_000), [True, False] * 5000, resamples=400)
    half = 1.96 * math.sqrt(0.25 / 10_000)
    # Blocks of one parity each would double the width.
    assert figure.high - figure.low == pytest.approx(2 * half, rel=0.2)


def test_a_pair_across_two_units_counts_half_in_each():
    """Nothing is lost or counted twice."""
    tally = Tally(Sample(["a", "b"], [0, 1], resamples=50))
    tally.add_pairs("pairs", [0], [1])
    assert tally["pairs"][0] == 1
    assert set(tally["pairs"][1:]) == {1.0}


def test_f1_of_nothing_found_is_zero():
    """But of nothing found where there is nothing to find it has no value."""
    none, zero = np.array([np.nan]), np.array([0.0])
    assert harmonic(none, zero)[0] == 0
    assert np.isnan(harmonic(none, none)[0])
