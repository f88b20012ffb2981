"""The heaviest branching, against every branching there is."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.lineage.branching import maximum_branching

NODES = 5
# Whole numbers, so that sums are exact and ties are real.
arcs = st.lists(
    st.tuples(
        st.integers(0, NODES - 1),
        st.integers(0, NODES - 1),
        st.integers(-3, 9).map(float),
    ).filter(lambda arc: arc[0] != arc[1]),
    max_size=12,
)
roots = st.sampled_from([-1.0, 0.0, 2.0])


def is_forest(parents):
    """Tell whether following parents always ends at a root."""
    for start in range(len(parents)):
        node, steps = start, 0
        while parents[node] is not None:
            node, steps = parents[node], steps + 1
            if steps > len(parents):
                return False
    return True


def weight_of(choice, arcs, root):
    """Return the weight of one arc, or none, into each node; None where they make a cycle."""
    if not is_forest([None if arc < 0 else arcs[arc][0] for arc in choice]):
        return None
    return sum(root if arc < 0 else arcs[arc][2] for arc in choice)


@given(arcs, roots)
def test_no_branching_is_heavier(arcs, root):
    """The branching has the weight of the heaviest of all, found by trying every one."""
    entering = [[-1, *(i for i, arc in enumerate(arcs) if arc[1] == n)] for n in range(NODES)]
    weights = (weight_of(choice, arcs, root) for choice in product(*entering))
    heaviest = max(weight for weight in weights if weight is not None)
    chosen = maximum_branching(NODES, arcs, root)
    assert weight_of(chosen, arcs, root) == pytest.approx(heaviest)


@given(
    st.integers(1, 30).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(
                st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.floats(-5, 5)).filter(
                    lambda arc: arc[0] != arc[1]
                ),
                max_size=120,
            ),
        )
    )
)
def test_there_is_never_a_cycle(graph):
    """Each node has at most one parent, by an arc that enters it, and no one is their own heir."""
    nodes, arcs = graph
    chosen = maximum_branching(nodes, arcs)
    assert len(chosen) == nodes
    assert all(arc < 0 or arcs[arc][1] == node for node, arc in enumerate(chosen))
    assert is_forest([None if arc < 0 else arcs[arc][0] for arc in chosen])


def test_nested_cycles_open_at_their_weakest():
    """A cycle within a cycle loses the arcs that cost least."""
    arcs = [(0, 1, 9.0), (1, 0, 9.0), (1, 2, 5.0), (2, 0, 8.0), (3, 2, 1.0)]
    assert maximum_branching(4, arcs) == [3, 0, 4, -1]


@pytest.mark.parametrize(("root", "chosen"), [(0.0, 0), (2.0, -1), (3.0, -1)])
def test_an_arc_must_be_worth_more_than_no_parent(root, chosen):
    """A node whose arcs weigh no more than having no parent is a root."""
    assert maximum_branching(2, [(0, 1, 2.0)], root) == [-1, chosen]


def test_of_equal_arcs_the_first_wins():
    """Arcs of one weight are told apart by where they are listed."""
    assert maximum_branching(3, [(1, 2, 4.0), (0, 2, 4.0)]) == [-1, -1, 0]


def test_long_chains_are_no_problem():
    """Thousands of nodes in a row, or in one cycle, are worked without recursion."""
    size = 2000
    chain = [(i, i + 1, 1.0) for i in range(size - 1)]
    assert maximum_branching(size, chain) == [-1, *range(size - 1)]
    ring = [*chain, (size - 1, 0, 0.5)]
    assert maximum_branching(size, ring) == [-1, *range(size - 1)]
