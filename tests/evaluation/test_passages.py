import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.evaluation import Truth, evaluate
from provenance.evaluation.truth import TruePair, TruePassage
from provenance.model import MatchClass, Span


def true(a, b, passage_class=MatchClass.REUSE, kind=None):
    """Make a true passage of two (document, start, end)."""
    return TruePassage(Span(*a), Span(*b), passage_class, kind)


def test_measures_are_those_of_potthast_et_al(result, match, score):
    """Two fragments and one false match, worked out by hand."""
    found = result(
        "abc",
        matches=(
            match(("a", 0, 40), ("b", 100, 140)),
            match(("a", 60, 100), ("b", 160, 200)),
            match(("a", 0, 50), ("c", 0, 50)),
        ),
    )
    passages = (
        true(("a", 0, 100), ("b", 100, 200)),
        true(("b", 500, 600), ("c", 500, 600)),
    )
    got = score(found, passages=passages)
    # The first case: 80 of 100 characters on both sides, in two pieces; the second: nothing.
    assert got["recall"] == pytest.approx(0.4)
    assert got["precision"] == pytest.approx(2 / 3)
    assert got["granularity"] == 2
    assert got["plagdet"] == pytest.approx(0.5 / math.log2(3))
    assert got["character recall"] == pytest.approx(160 / 400)
    assert got["character precision"] == pytest.approx(160 / 260)
    assert got["passages found"] == 0.5


def test_a_match_counts_only_where_it_touches_on_both_sides(result, match, score):
    """The same place in one text and another in the other text is no detection."""
    found = result("ab", matches=(match(("a", 0, 50), ("b", 300, 350)),))
    got = score(found, passages=(true(("a", 0, 50), ("b", 0, 50)),))
    assert (got["recall"], got["precision"], got["plagdet"]) == (0, 0, 0)


def test_overlapping_matches_are_counted_once(result, match, score):
    """What is covered is a union."""
    found = result(
        "ab", matches=(match(("a", 0, 60), ("b", 0, 60)), match(("a", 40, 80), ("b", 40, 80)))
    )
    assert score(found, passages=(true(("a", 0, 100), ("b", 0, 100)),))["recall"] == 0.8


def test_the_order_of_the_two_documents_does_not_matter(result, match, score):
    """A true passage may name them either way round."""
    found = result("ab", matches=(match(("a", 0, 50), ("b", 100, 150)),))
    assert score(found, passages=(true(("b", 100, 150), ("a", 0, 50)),))["plagdet"] == 1


def test_quotations_are_neither_asked_for_nor_wrong(result, match, score):
    """A match that lies mostly in a true quotation is left out; one that does not is wrong."""
    quotation = true(("a", 0, 100), ("b", 0, 100), MatchClass.QUOTATION)
    reuse = true(("a", 500, 600), ("b", 500, 600))
    within = match(("a", 0, 90), ("b", 0, 90))
    beyond = match(("a", 60, 160), ("b", 60, 160))
    right = match(("a", 500, 600), ("b", 500, 600))
    passages = (quotation, reuse)
    assert score(result("ab", matches=(within, right)), passages=passages)["precision"] == 1
    assert score(result("ab", matches=(beyond, right)), passages=passages)["precision"] == 0.5


def test_kinds_are_scored_apart(result, match, score):
    """Each part of a kind such as ocr+synonyms counts; other kinds are not wrong."""
    found = result("ab", matches=(match(("a", 0, 100), ("b", 0, 100)),))
    got = score(
        found,
        passages=(
            true(("a", 0, 100), ("b", 0, 100), kind="exact"),
            true(("a", 200, 300), ("b", 200, 300), kind="ocr+synonyms"),
        ),
    )
    assert (got["recall of kind exact"], got["precision of kind exact"]) == (1, 1)
    assert (got["recall of kind ocr"], got["recall of kind synonyms"]) == (0, 0)
    assert got["precision of kind ocr"] is None


def test_pairs_that_nobody_looked_at_are_left_out(result, match, score):
    """Where only listed pairs are judged, matches of others are neither right nor wrong."""
    found = result(
        "abc", matches=(match(("a", 0, 9), ("b", 0, 9)), match(("a", 0, 9), ("c", 0, 9)))
    )
    passages = (true(("a", 0, 9), ("b", 0, 9)),)
    pairs = (TruePair("a", "b", shares=True),)
    assert score(found, passages=passages)["precision"] == 0.5
    got = score(found, passages=passages, pairs=pairs, only_listed=True)
    assert (got["precision"], got["sharing precision"]) == (1, 1)


def test_matched_boilerplate_is_measured_on_both_sides(result, match, score):
    """Ten of fifty characters on one side of two."""
    found = result("ab", matches=(match(("a", 0, 50), ("b", 0, 50)),))
    spans = (Span("a", 40, 45), Span("a", 44, 60), Span("b", 50, 90))
    assert score(found, boilerplate=spans) == {"characters in boilerplate": 0.1}


RANGES = st.tuples(
    st.sampled_from(["ab", "ac", "bc"]),
    st.integers(0, 30),
    st.integers(1, 12),
    st.integers(0, 30),
    st.integers(1, 12),
)


@given(st.lists(RANGES, max_size=12), st.lists(RANGES, max_size=12))
def test_character_counts_agree_with_sets_of_characters(result, match, truth, found):
    """Covered characters are those of the plain definition, whatever overlaps."""

    def ends(pair, start, length, other, other_length):
        return (pair[0], start, start + length), (pair[1], other, other + other_length)

    def meet(x, y):
        return all(p[0] == q[0] and p[1] < q[2] and q[1] < p[2] for p, q in zip(x, y, strict=True))

    def covered(rows, by):
        return sum(
            len(
                {
                    position
                    for other in by
                    if meet(one, other)
                    for position in range(
                        max(one[side][1], other[side][1]), min(one[side][2], other[side][2])
                    )
                }
            )
            for one in rows
            for side in (0, 1)
        )

    cases, detections = [ends(*x) for x in truth], [ends(*x) for x in found]
    scored = evaluate(
        result("abc", matches=tuple(match(*x) for x in detections)),
        Truth(passages=tuple(true(*x) for x in cases)),
        resamples=1,
    )
    got = {figure.figure: figure for figure in scored.figures}
    recall, precision = got["character recall"], got["character precision"]
    assert (recall.value or 0) * recall.of == pytest.approx(covered(cases, detections))
    assert (precision.value or 0) * precision.of == pytest.approx(covered(detections, cases))
