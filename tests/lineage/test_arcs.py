"""Candidate derivations: both ways of every relation, and the probability of each."""

from itertools import product
from math import exp, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.lineage import arcs as module
from provenance.lineage.arcs import Arcs, components, load_weights, marginals
from provenance.lineage.features import FEATURES

NODES = 4


def both_ways(rows):
    """Return the arcs of relations (a, b, score of b from a, score of a from b)."""
    a, b = np.array([row[:2] for row in rows], np.int32).reshape(-1, 2).T
    forth, back = np.array([row[2:] for row in rows], float).reshape(-1, 2).T
    return Arcs(
        np.concatenate([a, b]),
        np.concatenate([b, a]),
        np.tile(np.arange(len(rows)), 2),
        np.zeros((2 * len(rows), len(FEATURES))),
        np.concatenate([forth, back]),
        np.zeros(2 * len(rows), np.bool_),
        load_weights(),
    )


def brute_force(arcs):
    """Return each arc's share of the weight of all forests, by listing every forest."""
    pairs = list(zip(arcs.parent.tolist(), arcs.child.tolist(), strict=True))
    entering = [[-1, *(i for i, pair in enumerate(pairs) if pair[1] == n)] for n in range(NODES)]
    total, own = 0.0, [0.0] * len(pairs)
    for forest in product(*entering):
        parent = [None if arc < 0 else pairs[arc][0] for arc in forest]
        node_sets = [_ancestors(parent, n) for n in range(NODES)]
        if None in node_sets:
            continue
        weight = prod(1.0 if arc < 0 else exp(arcs.score[arc]) for arc in forest)
        total += weight
        for arc in forest:
            if arc >= 0:
                own[arc] += weight
    return [w / total for w in own]


def _ancestors(parent, node):
    """Return the nodes above a node; None where they are a cycle."""
    seen = []
    while parent[node] is not None:
        node = parent[node]
        if node in seen:
            return None
        seen.append(node)
    return seen


score = st.floats(-6, 6)
relations = st.dictionaries(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)).filter(lambda p: p[0] < p[1]),
    st.tuples(score, score),
    max_size=6,
).map(lambda found: [(*pair, *scores) for pair, scores in sorted(found.items())])


@given(relations)
def test_marginals_are_sums_over_all_forests(rows):
    """An arc's probability is its share of the weight of all forests, each counted once."""
    arcs = both_ways(rows)
    found = marginals(arcs, components(NODES, arcs))
    assert found.tolist() == pytest.approx(brute_force(arcs), abs=1e-9)


@given(relations)
def test_a_child_has_one_parent_at_most(rows):
    """The probabilities of all arcs into one text leave room for having no source."""
    arcs = both_ways(rows)
    for probability in (marginals(arcs, components(NODES, arcs)), _one_by_one(arcs)):
        assert (probability >= 0).all()
        assert (np.bincount(arcs.child, probability, minlength=NODES) <= 1 + 1e-9).all()


def _one_by_one(arcs):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_DENSE", 1)
        return marginals(arcs, components(NODES, arcs))


def test_a_large_component_is_normalised_by_child():
    """Where there are too many texts for a determinant, each child is weighed on its own."""
    arcs = both_ways([(0, 1, 1.0, -9.0), (0, 2, 2.0, -9.0), (1, 2, 3.0, -9.0)])
    into_2 = [exp(0), exp(2), exp(3)]
    assert _one_by_one(arcs)[1] == pytest.approx(into_2[1] / sum(into_2))
    assert _one_by_one(arcs)[2] == pytest.approx(into_2[2] / sum(into_2))


@given(relations)
def test_components_are_what_arcs_join(rows):
    """Two texts have the same number exactly where a path of relations joins them."""
    number = components(NODES, both_ways(rows))
    joined = {n: {n} for n in range(NODES)}
    for a, b, *_ in rows:
        union = joined[a] | joined[b]
        for node in union:
            joined[node] = union
    for a, b in product(range(NODES), repeat=2):
        assert (number[a] == number[b]) == (b in joined[a])


@given(relations.filter(bool))
def test_reverse_is_the_arc_the_other_way(rows):
    """The reverse of an arc has its parent and child swapped, and its reverse is the arc."""
    arcs = both_ways(rows)
    for arc in range(len(arcs)):
        back = arcs.reverse(arc)
        assert (arcs.parent[back], arcs.child[back]) == (arcs.child[arc], arcs.parent[arc])
        assert arcs.reverse(back) == arc
