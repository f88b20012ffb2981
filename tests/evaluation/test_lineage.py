from itertools import pairwise

import pytest

from provenance.errors import ResultError
from provenance.evaluation.truth import TrueDerivation, TruePair
from provenance.model import DerivationKind, HiddenSource


def true(*edges):
    """Make true derivations of texts such as `ab`: b derives from a."""
    return tuple(TrueDerivation(source, derived) for source, derived in edges)


def test_edges_are_counted_with_and_without_direction(result, row, score):
    """One right, one turned round, one false, one not found."""
    rows = (row("a", "b"), row("c", "b", primary=False), row("a", "d"))
    got = score(result("abcd", rows), derivations=true("ab", "bc", "cd"))
    assert (got["directed precision"], got["directed recall"]) == (1 / 3, 1 / 3)
    assert (got["undirected precision"], got["undirected recall"]) == (2 / 3, 2 / 3)
    assert got["direction accuracy"] == 0.5


def test_quotations_are_no_edges(result, row, score):
    """A quotation is neither right nor wrong."""
    rows = (row("a", "b"), row("a", "c", kind=DerivationKind.QUOTATION))
    assert score(result("abc", rows), derivations=true("ab"))["directed F1"] == 1


def test_a_hidden_source_is_contracted(result, row, score):
    """A text after an unseen version of another one derives from that other one."""
    derivations = (TrueDerivation("a", "~lost"), TrueDerivation("~lost", "b"))
    got = score(result("ab", [row("a", "b")]), derivations=derivations)
    assert got["directed F1"] == 1


def test_what_is_not_asked_for_is_not_punished(result, row, score):
    """An edge that the truth is unsure of may be found or not."""
    derivations = (*true("ab"), TrueDerivation("b", "c", asked=False))
    with_it = score(result("abc", [row("a", "b"), row("b", "c")]), derivations=derivations)
    without = score(result("abc", [row("a", "b")]), derivations=derivations)
    assert with_it["directed F1"] == without["directed F1"] == 1
    assert with_it["ancestry F1"] == without["ancestry F1"] == 1


def test_a_direction_that_nobody_can_tell_is_not_asked(result, row, score):
    """A turned edge is wrong only where the direction is certain."""
    derivations = (*true("ab"), TrueDerivation("c", "d", certain=False))
    found = result("abcd", [row("a", "b"), row("d", "c")])
    assert score(found, derivations=derivations)["direction accuracy"] == 1


def test_only_documents_whose_sources_are_known_are_judged(result, row, score):
    """What is said of others is left out, but for an edge turned round."""
    rows = [row("a", "b"), row("a", "c"), row("d", "a", primary=False)]
    got = score(result("abcd", rows), derivations=true("ab"), traced=frozenset("b"))
    assert got["directed precision"] == 1
    turned = score(result("ab", [row("b", "a")]), derivations=true("ab"), traced=frozenset("b"))
    assert (turned["undirected recall"], turned["direction accuracy"]) == (1, 0)


def test_roots_ancestors_and_whole_sets_of_sources(result, row, score):
    """A chain of three found as a star, and a second story whose root is wrong."""
    rows = (row("a", "b"), row("a", "c"), row("f", "e"))
    got = score(result("abcef", rows), derivations=true("ab", "bc", "ef"))
    assert got["root accuracy"] == 0.5
    assert got["all sources right"] == 2 / 5
    # True: ab, ac, bc, ef; found: ab, ac, fe.
    assert got["ancestry F1"] == pytest.approx(2 * (2 / 3) * (2 / 4) / (2 / 3 + 2 / 4))


def test_several_sources(result, row, score):
    """Of two composites one is found whole, of the other one source."""
    rows = (row("a", "c"), row("b", "c", primary=False), row("d", "f"))
    got = score(result("abcdef", rows), derivations=true("ac", "bc", "df", "ef"))
    assert (got["several-source recall"], got["several sources complete"]) == (3 / 4, 1 / 2)


def test_the_primary_source(result, row, score):
    """Right, right but undecided, or a copy of the right one."""
    rows = (row("a", "b"), row("a", "c", decided=False), row("b", "d"), row("x", "e"))
    found = result("abcdex", rows, digests={"a": "same", "b": "same"})
    got = score(found, derivations=true("ab", "ac", "ad", "ae"))
    assert got["right primary source"] == 2 / 4
    assert (got["right primary source, decided"], got["share decided"]) == (1 / 3, 3 / 4)
    assert got["right primary source, or equal text"] == 3 / 4
    assert got["originals left alone"] == 1


def test_related_pairs_have_a_common_origin(result, row, score):
    """Siblings through an unseen source count; a composite is related to both its stories."""
    rows = (
        row("~AP#1", "a"),
        row("~AP#1", "b"),
        row("b", "c"),
        row("d", "c", primary=False),
    )
    pairs = tuple(
        TruePair(a, b, shares=shares, relation="sibling" if shares else "quote")
        for a, b, shares in (
            ("a", "b", True),
            ("a", "c", True),
            ("a", "e", True),
            ("c", "d", False),
        )
    )
    got = score(result("abcde", rows), pairs=pairs)
    # Found: ab, ac, bc, cd; not ad, for what joins a and d is only the composite.
    assert (got["related precision"], got["related recall"]) == (2 / 4, 2 / 3)
    assert got["quotations and background joined"] == 1


def test_hidden_sources(result, row, score):
    """One is found by most of its documents, one is split, one is invented."""
    hidden = [
        HiddenSource(f"~{name}", name, "credit_line", tuple(name)) for name in ("abcx", "de", "y")
    ]
    rows = [row(source.id, name) for source in hidden for name in source.documents]
    got = score(
        result("abcdefgxy", rows, hidden),
        fed=frozenset("abcdefg"),
        hidden_sources=(frozenset("abc"), frozenset("defg")),
    )
    assert got["hidden-source document precision"] == 5 / 7
    assert got["hidden-source document recall"] == 5 / 7
    assert (got["hidden-source precision"], got["hidden-source recall"]) == (1 / 3, 1 / 2)


def test_a_circle_is_an_error(result, row, score):
    """A result that says so is damaged."""
    with pytest.raises(ResultError, match="circle"):
        score(result("ab", [row("a", "b"), row("b", "a")]), derivations=true("ab"))


def test_a_story_of_thousands_in_a_row_is_scored(result, row, score):
    """Depth costs no recursion and no square of sets."""
    names = [f"{number:04}" for number in range(3000)]
    edges = list(pairwise(names))
    got = score(result(names, [row(*edge) for edge in edges]), derivations=true(*edges))
    assert got["ancestry F1"] == 1
