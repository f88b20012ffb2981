import pytest

from provenance.evaluation.truth import TruePair
from provenance.model import Cluster, DerivationKind, MatchClass, Pair


def groups(*texts):
    """Make clusters of texts whose letters are documents."""
    return tuple(map(frozenset, texts))


def clusters(*texts):
    """Make found clusters of texts whose letters are documents."""
    return tuple(Cluster(text, text[0], tuple(text), 0.9) for text in texts)


def test_groups_are_scored_as_bagga_baldwin_and_hubert_arabie_do(result, score):
    """Two true groups, one of them cut and mixed with a loner, worked out by hand."""
    got = score(result("abcdef", clusters=clusters("ab", "cdf")), clusters=groups("abc", "de"))
    assert got["cluster pair precision"] == pytest.approx(1 / 4)
    assert got["cluster pair recall"] == pytest.approx(1 / 4)
    # a, b: 1 and 2/3; c: 1/3 and 1/3; d: 1/3 and 1/2; e: 1 and 1/2; f: 1/3 and 1.
    precision, recall = (1 + 1 + 1 / 3 + 1 / 3 + 1 + 1 / 3) / 6, (2 / 3 * 2 + 1 / 3 + 2) / 6
    assert got["cluster B-cubed precision"] == pytest.approx(precision)
    assert got["cluster B-cubed recall"] == pytest.approx(recall)
    assert got["cluster B-cubed F1"] == pytest.approx(2 * precision * recall / (precision + recall))
    expected = 4 * 4 / 15
    assert got["cluster adjusted Rand index"] == pytest.approx((1 - expected) / (4 - expected))


def test_equal_groups_score_one(result, score):
    """Also where everybody is alone."""
    got = score(result("abc", clusters=clusters("ab")), clusters=groups("ab"))
    assert {got["cluster pair F1"], got["cluster adjusted Rand index"]} == {1}
    alone = score(result("abc"), clusters=())
    assert (alone["cluster pair F1"], alone["cluster adjusted Rand index"]) == (None, 1)


def test_families_are_joined_by_derivations_and_hidden_sources(result, row, score):
    """Copies of one unseen text are a family; a quotation joins nobody."""
    rows = (
        row("~AP#1", "a"),
        row("~AP#1", "b"),
        row("b", "c"),
        row("c", "d", kind=DerivationKind.QUOTATION),
    )
    got = score(result("abcd", rows), clusters=groups("abc"))
    assert (got["family pair F1"], got["cluster pair recall"]) == (1, 0)


def test_near_duplicates_are_judged_with_a_margin(result, score):
    """Just at the threshold a pair is neither asked for nor wrong; short texts are not asked."""
    pairs = (
        TruePair("a", "b", jaccard=0.9, words=100),
        TruePair("a", "c", jaccard=0.705, words=100),
        TruePair("a", "d", jaccard=0.9, words=20),
        TruePair("a", "e", jaccard=0.9, words=100),
        TruePair("b", "c", jaccard=0.66, words=100),
        TruePair("b", "d", jaccard=0.3, words=100),
    )
    found = [("a", "b", 0.9), ("b", "c", 0.7), ("b", "d", 0.75), ("c", "d", 0.5)]
    got = score(result("abcde", pairs=[Pair(a, b, j, j, j) for a, b, j in found]), pairs=pairs)
    assert got["near-duplicate recall"] == 1 / 2
    assert got["near-duplicate precision"] == 2 / 3


def test_pairs_that_share_text_have_a_match_of_reuse(result, match, score):
    """A quotation is not enough; true are the pairs said to be related."""
    matches = (
        match(("a", 0, 9), ("b", 0, 9)),
        match(("a", 20, 29), ("b", 20, 29)),
        match(("a", 0, 9), ("c", 0, 9), MatchClass.QUOTATION),
        match(("b", 0, 9), ("d", 0, 9)),
    )
    pairs = (
        TruePair("a", "b", shares=True, relation="parent"),
        TruePair("a", "c", shares=True, relation="sibling"),
        TruePair("b", "d", shares=False, relation="quote"),
    )
    got = score(result("abcd", matches=matches), pairs=pairs)
    assert (got["sharing precision"], got["sharing recall"]) == (0.5, 0.5)


def test_clusters_tell_who_shares_text_where_nothing_else_does(result, match, score):
    """All pairs within a true cluster are asked for."""
    found = result("abcd", matches=(match(("a", 0, 9), ("b", 0, 9)),))
    got = score(found, clusters=groups("abc"))
    assert (got["sharing precision"], got["sharing recall"]) == (1, pytest.approx(1 / 3))
