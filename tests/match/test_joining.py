from hypothesis import given
from hypothesis import strategies as st

from provenance.match.joining import join

pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12)


def test_pairs_join_through_others():
    """Things are of one group where a chain of pairs leads from one to the other."""
    assert join(6, [(4, 3), (1, 4)]) == [0, 1, 2, 1, 1, 5]


@given(pairs, st.randoms())
def test_the_order_of_pairs_does_not_matter(given_pairs, random):
    """Pairs in any order, either way round, make the same groups, named by their first member."""
    mixed = [pair if random.random() < 0.5 else pair[::-1] for pair in given_pairs]
    random.shuffle(mixed)
    groups = join(10, given_pairs)
    assert join(10, mixed) == groups
    assert all(first == min(i for i in range(10) if groups[i] == first) for first in groups)
    assert all(groups[a] == groups[b] for a, b in given_pairs)
