"""Chains of equal runs, whatever the sequences are made of."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.match import chaining
from provenance.match.alignment import TOKEN_CHAINS
from provenance.match.chain_kernel import CELLS, RUN_COLUMNS, score_runs
from provenance.match.chaining import ChainSettings, chain_pairs, gram_values
from provenance.match.kernels import gram_kernel

SMALL = ChainSettings(
    gram=2,
    long_run=4,
    common=2,
    frequent=4,
    gap=3,
    gap_open=10,
    narrow=10,
    wide=3,
    wide_most=30,
    least=60,
    join=3,
)
LOOSE = replace(SMALL, common=50, frequent=50, least=20, join=6, most=2)
FREE = replace(LOOSE, gap=1 << 30, gap_open=0, narrow=0, wide=0, wide_most=0, most=1)
sequence = st.lists(st.integers(-1, 3), max_size=25)
settings = st.sampled_from([SMALL, LOOSE, FREE, TOKEN_CHAINS])
paths = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])


def joined(blocks):
    """Return one sequence of all the blocks."""
    return [symbol for block in blocks for symbol in block]


def chain(sequences, jobs, measures, *, compiled=False, blocks=False, weights=None):
    """Return the chains of pairs of sequences; every symbol weighs 2 unless weights are given."""
    bounds = np.cumsum([0, *map(len, sequences)], dtype=np.int64)
    symbols = np.array(joined(sequences), np.int32)
    if weights is None:
        weights = np.full(len(symbols), 2, np.uint8)
    first, second = np.array(jobs, np.int32).reshape(-1, 2).T
    ranges = np.stack([bounds[:-1], bounds[1:]])
    return chain_pairs(
        first, second, ranges, symbols, weights, measures, blocks=blocks, compile_kernels=compiled
    )


def rows(chains):
    """Return the chains as tuples: job, both spans, equal weight, heaviest run."""
    columns = (chains.a_start, chains.a_end, chains.b_start, chains.b_end)
    columns = (chains.job, *columns, chains.equal, chains.longest)
    return list(zip(*(c.tolist() for c in columns), strict=True))


@given(st.lists(sequence, min_size=2, max_size=4), settings, st.data())
def test_compiled_chains_are_the_plain_ones(sequences, measures, data):
    """The compiled path gives the numbers of the plain one for any sequences, weights and pairs."""
    numbers = st.integers(0, len(sequences) - 1)
    jobs = data.draw(st.lists(st.tuples(numbers, numbers), max_size=5))
    size = sum(map(len, sequences))
    weights = data.draw(st.lists(st.integers(1, 2), min_size=size, max_size=size))
    weights = np.array(weights, np.uint8)
    one, other = (
        chain(sequences, jobs, measures, compiled=compiled, blocks=True, weights=weights)
        for compiled in (True, False)
    )
    assert rows(one) == rows(other)
    assert one.blocks.tolist() == other.blocks.tolist()
    assert one.capped == other.capped


def plain_scores(places, weights, alive, measures):
    """Return the best score of a chain that ends with each run, and the run before: all tried."""
    best, before = [], []
    for r, (p, q, length) in enumerate(places):
        own = 10 * weights[r]
        options = [(own, r)]
        for s in range(r):
            p_before, q_before, size = places[s]
            gaps = p - p_before - size, q - q_before - size
            overlap = max(0, -min(gaps))
            if not alive[s] or p_before == p or q_before >= q or overlap >= length:
                continue
            if max(gaps) > measures.gap:
                continue
            low, high = min(gaps) + overlap, max(gaps) + overlap
            cost = own * overlap // length
            if high > 0:
                cost += measures.gap_open + measures.narrow * low
                cost += min(measures.wide_most, measures.wide * (high - low))
            options.append((best[s] + own - cost, s))
        score, last = max(options) if alive[r] else (0, r)
        best.append(score)
        before.append(last if last < r else -1)
    return best, before


small = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(2, 12))


@given(st.sets(small, max_size=40), st.data(), settings)
def test_runs_that_are_passed_over_change_no_score(places, data, measures):
    """The best chain that ends with a run is the best of all: only what cannot be in it is left."""
    places = sorted(places)
    alive = data.draw(st.lists(st.integers(0, 1), min_size=len(places), max_size=len(places)))
    weights = [2 * length for _, _, length in places]
    runs = [[0] * len(places) for _ in range(RUN_COLUMNS)]
    runs[:4] = [[place[i] for place in places] for i in range(3)] + [weights]
    runs[6] = alive
    longest = max((length for _, _, length in places), default=0)
    numbers = [getattr(measures, field.name) for field in fields(measures)]
    top = score_runs(len(places), longest, numbers, [0] * CELLS, runs)
    best, before = plain_scores(places, weights, alive, measures)
    assert runs[4] == best
    assert top == max(best, default=0)
    living = [i for i, lives in enumerate(alive) if lives]
    assert [runs[5][i] for i in living] == [before[i] for i in living]


@given(sequence, sequence, settings)
def test_chains_lie_within_their_sequences(a, b, measures):
    """Spans are not empty, lie within both sequences, and hold no more than they are long."""
    found = rows(chain([a, b], [(0, 1)], measures))
    assert found == sorted(found)
    for _, a_start, a_end, b_start, b_end, equal, longest in found:
        assert 0 <= a_start < a_end <= len(a)
        assert 0 <= b_start < b_end <= len(b)
        assert 2 * measures.gram <= longest <= equal
        assert equal <= 2 * min(a_end - a_start, b_end - b_start)


@given(sequence, sequence, settings)
def test_blocks_are_the_equal_runs(a, b, measures):
    """Every block is equal on both sides, holds no negative symbol, and lies within a chain."""
    chains = chain([a, b], [(0, 1)], measures, blocks=True)
    for _, p, q, length in chains.blocks.T.tolist():
        assert length > 0
        assert a[p : p + length] == b[q : q + length]
        assert min(a[p : p + length]) >= 0
        assert any(
            a_start <= p and p + length <= a_end and b_start <= q and q + length <= b_end
            for _, a_start, a_end, b_start, b_end, *_ in rows(chains)
        )


@paths
def test_equal_sequences_are_one_chain(compiled):
    """A sequence of rare symbols aligns with itself from end to end."""
    whole = list(range(40))
    found = rows(chain([whole, whole], [(0, 1)], TOKEN_CHAINS, compiled=compiled))
    assert found == [(0, 0, 40, 0, 40, 80, 80)]


@given(st.permutations(range(5)))
def test_moved_blocks_are_found_in_any_order(order):
    """Whatever the order of blocks, all of each is found, on both sides."""
    blocks = [list(range(20 * i, 20 * i + 20)) for i in range(5)]
    a, b = joined(blocks), joined(blocks[i] for i in order)
    found = rows(chain([a, b], [(0, 1)], TOKEN_CHAINS))
    assert {i for row in found for i in range(row[1], row[2])} == set(range(100))
    assert {i for row in found for i in range(row[3], row[4])} == set(range(100))
    assert sum(row[5] for row in found) == 200


@given(st.permutations(range(5)))
def test_swapped_sides_give_swapped_chains(order):
    """Where nothing repeats, the chains of (b, a) are those of (a, b) with the sides swapped."""
    blocks = [list(range(20 * i, 20 * i + 20)) for i in range(5)]
    a, b = joined(blocks), joined(blocks[i] for i in order)
    forth = rows(chain([a, b], [(0, 1)], TOKEN_CHAINS))
    back = rows(chain([a, b], [(1, 0)], TOKEN_CHAINS))
    assert sorted((j, bs, be, s, e, *rest) for j, s, e, bs, be, *rest in back) == forth


@pytest.mark.parametrize("cut", [1, 5, 12])
def test_a_cut_stays_within_one_chain(cut):
    """A gap costs once and not per symbol: an abridged copy is one chain."""
    whole = list(range(60))
    abridged = whole[:30] + whole[30 + cut :]
    found = rows(chain([whole, abridged], [(0, 1)], TOKEN_CHAINS))
    assert found == [(0, 0, 60, 0, 60 - cut, 2 * (60 - cut), 60)]


def test_small_edits_stay_within_one_chain():
    """Every eighth word replaced leaves one chain that counts the equal ones."""
    whole = list(range(64))
    edited = [1000 + s if s % 8 == 7 else s for s in whole]
    found = rows(chain([whole, edited], [(0, 1)], TOKEN_CHAINS))
    assert found == [(0, 0, 63, 0, 63, 2 * 56, 14)]


def test_a_stock_phrase_is_no_chain():
    """Five words in a row that others use too are not worth a chain."""
    phrase = list(range(5))
    a, b = [*range(100, 120), *phrase, *range(120, 140)], [*range(200, 220), *phrase]
    assert rows(chain([a, b], [(0, 1)], TOKEN_CHAINS)) == []


@paths
def test_negative_symbols_equal_nothing(compiled):
    """What is masked does not align, not even with itself."""
    whole = [*range(20), *[-1] * 20, *range(20, 40)]
    found = rows(chain([whole, whole], [(0, 1)], TOKEN_CHAINS, compiled=compiled))
    assert [(row[1], row[2]) for row in found] == [(0, 20), (40, 60)]


def test_overlapping_neighbours_are_not_counted_twice():
    """Chains that are joined although their spans overlap do not count the overlap twice."""
    a = list(range(40))
    b = [*range(22), *range(900, 909), *range(18, 40)]
    ((_, a_start, a_end, b_start, b_end, equal, _),) = rows(
        chain([a, b], [(0, 1)], replace(TOKEN_CHAINS, gap=5))
    )
    assert (a_start, a_end, b_start, b_end) == (0, 40, 0, 53)
    assert equal <= 2 * 40


@pytest.mark.parametrize("many", [64, 150, 170])
def test_a_full_buffer_loses_nothing(many):
    """Each pair has all its chains, however many pairs with however many chains there are."""
    blocks = [list(range(10 * i, 10 * i + 10)) for i in range(many)]
    a, b = joined(blocks), joined(reversed(blocks))
    alone = rows(chain([a, b], [(0, 1)], TOKEN_CHAINS, compiled=True))
    assert len(alone) == many
    jobs = 22_000 // many
    found = rows(chain([a, b], [(0, 1)] * jobs, TOKEN_CHAINS, compiled=True))
    assert found == [(job, *row[1:]) for job in range(jobs) for row in alone]


def test_too_many_runs_are_capped_and_counted():
    """A pair with more equal runs than are kept is counted as capped, once."""
    a = [s for i in range(300) for s in (1, 2, 10 + i)]
    b = [s for i in range(300) for s in (1, 2, 1000 + i)]
    wide = replace(TOKEN_CHAINS, common=1000, frequent=1000)
    chains = chain([a, b], [(0, 1), (0, 1)], wide, compiled=True)
    assert chains.capped == 2


@given(sequence, st.integers(0, 25), st.integers(0, 25), settings)
def test_a_part_of_a_sequence_is_a_sequence_of_its_own(whole, low, high, measures):
    """Chains of a range of symbols are those of a copy of it: nothing outside is looked at."""
    high = min(max(low, high), len(whole))
    low = min(low, high)
    symbols = np.array([*whole, *whole], np.int32)
    ranges = np.array([[0, len(whole) + low], [len(whole), len(whole) + high]])
    pair = np.array([0], np.int32), np.array([1], np.int32)
    weights = np.full(len(symbols), 2, np.uint8)
    found = chain_pairs(*pair, ranges, symbols, weights, measures, compile_kernels=False)
    assert rows(found) == rows(chain([whole, whole[low:high]], [(0, 1)], measures))


@given(sequence, st.integers(1, 5))
def test_equal_grams_have_equal_values(symbols, size):
    """A gram's value depends on its symbols only; -1 where it does not fit or is masked."""
    values = gram_values(np.array(symbols, np.int32), size)
    seen = {}
    for at, value in enumerate(values.tolist()):
        gram = tuple(symbols[at : at + size])
        assert (value < 0) == (len(gram) < size or min(gram) < 0)
        if value >= 0:
            assert seen.setdefault(gram, value) == value


def test_gram_values_do_not_depend_on_where_they_are_computed():
    """A gram across the edge of what is computed at a time has the value it has elsewhere."""
    period = [3, 1, 4, 1, 5, 9, 2]
    values = gram_values(np.array(period * 20_000, np.int32), 7)
    assert len(set(values[:-6].tolist())) == len(period)


@given(st.lists(st.integers(-2, 40_000), max_size=30), st.integers(1, 7))
def test_machine_code_numbers_n_grams_alike(symbols, size):
    """The kernel gives the numbers that the plain form gives."""
    pytest.importorskip("numba")
    values = np.empty(len(symbols), np.int32)
    gram_kernel(np.array(symbols, np.int32), np.zeros(len(symbols), np.uint8), size, values)
    assert values.tolist() == gram_values(np.array(symbols, np.int32), size).tolist()


def test_workers_change_nothing(monkeypatch):
    """Pairs that several threads share out have the chains that one thread finds, in order."""
    pytest.importorskip("numba")
    monkeypatch.setattr(chaining, "_SHARE", 50)
    chance = np.random.default_rng(1)
    symbols = chance.integers(0, 9, 600).astype(np.int32)
    bounds = np.arange(0, 601, 30)
    first, second = np.triu_indices(20, 1)
    order = np.lexsort((first, second))

    def chains(workers):
        return chain_pairs(
            first[order].astype(np.int32),
            second[order].astype(np.int32),
            np.stack([bounds[:-1], bounds[1:]]),
            symbols,
            np.full(600, 2, np.uint8),
            SMALL,
            blocks=True,
            compile_kernels=True,
            workers=workers,
        )

    one = chains(1)
    assert len(one) > 100
    for workers in (2, 3, 16):
        several = chains(workers)
        for name in ("job", "a_start", "a_end", "b_start", "b_end", "equal", "longest", "blocks"):
            assert getattr(several, name).tolist() == getattr(one, name).tolist()
        assert several.capped == one.capped
