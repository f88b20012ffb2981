"""Runs and recent keys answer as plain dictionaries would."""

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import StoreError
from provenance.index.hits import Wanted, with_end, with_more
from provenance.index.lookup import CompiledLookup
from provenance.index.recent import CompiledRecent, PlainRecent
from provenance.index.runs import merged, open_run, postings_of, write_run

# few keys, some of which differ in their lowest or highest bits only
keys = st.sampled_from([0, 1, 2, 3, 1 << 39, (1 << 39) + 1, (1 << 40) - 1, 77 << 20])
owners = st.lists(st.sets(keys, min_size=1), min_size=1, max_size=30)


def wanted(asked, most=0, since=0, gone=(), taken=None):
    """Return what to ask for."""
    before = np.zeros(len(asked), np.int64) if taken is None else np.array(taken, np.int64)
    limits = np.full(len(asked), most, np.int64) if isinstance(most, int) else np.array(most)
    return Wanted(np.array(asked, np.uint64), limits, since, np.array(gone, np.int64), before)


def expected(first, held, what):
    """Return what the definition gives."""
    rows = []
    for row, key in enumerate(what.keys.tolist()):
        most = int(what.most[row])
        numbers = [
            first + i
            for i, own in enumerate(held)
            if key in own
            and (first + i >= what.since or not most)
            and first + i not in what.gone.tolist()
        ]
        left = most - int(what.taken[row]) if most else len(numbers)
        rows += [(row, n) for n in numbers[: max(left, 0)]]
    return rows


def pairs(found):
    """Return rows and numbers as pairs."""
    return list(zip(found[0].tolist(), found[1].tolist(), strict=True))


def flat(first, held):
    """Return all keys with the number of each one's document."""
    return (
        np.array([k for own in held for k in sorted(own)], np.uint64),
        np.array([first + i for i, own in enumerate(held) for _ in own], np.int64),
    )


def look_up(runs, recent, what, lookup=None):
    """Return what the kernel finds of what is wanted."""
    lookup = lookup or CompiledLookup()
    return lookup.find(runs, recent, what.gone, what.keys, what.most, what.since)


asked = st.builds(
    lambda some, most, since, gone, data: wanted(
        some, most[: len(some)], since, sorted(gone), data[: len(some)]
    ),
    st.lists(keys, min_size=1, max_size=8),
    st.lists(st.sampled_from([0, 1, 3, 32]), min_size=8, max_size=8),
    st.integers(0, 120),
    st.sets(st.integers(95, 125), max_size=6),
    st.lists(st.integers(0, 4), min_size=8, max_size=8),
)


@contextmanager
def written(*parts):
    """Write and open runs, each of the documents behind those of the one before, from 100 on."""
    with tempfile.TemporaryDirectory() as folder:
        runs = []
        first = 100
        for i, held in enumerate(parts):
            path = Path(folder) / f"{i}.run"
            postings = postings_of(*flat(first, held), first)
            write_run(path, first, first + len(held) - 1, postings)
            runs.append(open_run(path, first, first + len(held) - 1, len(postings)))
            first += len(held)
        yield runs
        runs.clear()


@given(owners, asked)
def test_run_finds_what_it_was_made_of(held, what):
    """A run answers as its definition."""
    with written(held) as runs:
        assert pairs(runs[0].find(what)) == expected(100, held, what)


@given(owners, asked, st.integers(0, 30))
def test_recent_finds_what_it_was_given(held, what, cut):
    """Recent keys answer as their definition, whatever came together."""
    recent, compiled = PlainRecent(), CompiledRecent()
    for low, high in ((0, cut), (cut, len(held))):
        part = [np.array(sorted(own), np.uint64) for own in held[low:high]]
        for one in (recent, compiled):
            one.add(list(range(100 + low, 100 + low + len(part))), part)
    assert pairs(recent.find(what)) == expected(100, held, what)
    anew = replace(what, taken=np.zeros_like(what.taken))
    hits = look_up([], compiled, anew)
    assert pairs((hits.rows, hits.numbers)) == expected(100, held, anew)
    assert len(recent) == len(compiled) == len(held)
    assert recent.last == compiled.last == 99 + len(held)


@given(owners, owners, owners, asked)
def test_compiled_lookup(first, second, recently, what):
    """The kernel finds in runs and among recent documents what the definition says, in order."""
    what = replace(what, taken=np.zeros_like(what.taken))
    lookup = CompiledLookup()
    with written(first, second) as runs:
        held = [*first, *second]
        recent = CompiledRecent()
        numbers = range(100 + len(held), 100 + len(held) + len(recently))
        recent.add(list(numbers), [np.array(sorted(own), np.uint64) for own in recently])
        held += recently
        for _ in range(2):  # in room that is used again
            hits = look_up(runs, recent, what, lookup)
            assert pairs((hits.rows, hits.numbers)) == expected(100, held, what)


def test_compiled_lookup_of_many_keys():
    """The kernel finds the same in long runs, with more keys than it takes at a time."""
    draw = np.random.default_rng(3)
    held = [set(draw.integers(0, 1 << 12, 60).tolist()) for _ in range(300)]
    spread = [{key << 28 | 5 for key in own} for own in held]
    asked_for = [key << 28 | 5 for key in range(1 << 12)]
    with written(spread[:200], spread[200:201], spread[201:]) as runs:
        for some in (asked_for, asked_for[::7], asked_for[::-40]):
            what = wanted(some, most=[0, 3, 32] * 1366 if some is asked_for else 8, gone=[120, 350])
            what = replace(what, most=what.most[: len(some)])
            hits = look_up(runs, CompiledRecent(), what)
            assert pairs((hits.rows, hits.numbers)) == expected(100, spread, what)


def test_recent_grows():
    """The table of recent keys grows and keeps what it has, in order."""
    draw = np.random.default_rng(1)
    recent, plain = CompiledRecent(), PlainRecent()
    for number in range(1, 400):
        own = np.unique(draw.integers(0, 20_000, 100).astype(np.uint64))
        recent.add([number], [own])
        plain.add([number], [own])
    what = wanted(range(20_000))
    hits = look_up([], recent, what)
    assert pairs((hits.rows, hits.numbers)) == pairs(plain.find(what))
    assert np.array_equal(recent.everything()[0], plain.everything()[0])


@given(owners, owners, st.sets(st.integers(1, 60)))
def test_merging_leaves_out_what_is_gone(first, second, gone):
    """Runs that are merged hold what both held, without documents that are gone."""
    with tempfile.TemporaryDirectory() as folder:
        runs = []
        start = 1
        for name, held in (("a", first), ("b", second)):
            path = Path(folder) / f"{name}.run"
            postings = postings_of(*flat(start, held), start)
            write_run(path, start, start + len(held) - 1, postings)
            runs.append(open_run(path, start, start + len(held) - 1, len(postings)))
            start += len(held)
        both = merged(runs, np.array(sorted(gone), np.int64))
        left = [own if i + 1 not in gone else set() for i, own in enumerate([*first, *second])]
        assert np.array_equal(both, postings_of(*flat(1, left), 1))
        runs.clear()


@pytest.fixture
def run(tmp_path):
    """A run of a few hundred postings."""
    held = [{i % 7, 100 + i, 1 << 30} for i in range(100)]
    postings = postings_of(*flat(1, held), 1)
    write_run(tmp_path / "a.run", 1, 100, postings)
    return tmp_path / "a.run", len(postings)


@pytest.mark.parametrize("size", [0, 8, 60, 64, 500, 2000])
def test_run_that_is_cut_off(run, size):
    """A run that was cut off anywhere is refused, with what to do."""
    path, count = run
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(StoreError, match="rebuild"):
        open_run(path, 1, 100, count)


@pytest.mark.parametrize("place", [0, 8, 16, 40, 70, 1000, -1])
def test_run_with_a_changed_byte(run, place):
    """A run in which any byte has changed is refused."""
    path, count = run
    data = bytearray(path.read_bytes())
    data[place] ^= 0x40
    path.write_bytes(data)
    with pytest.raises(StoreError, match="rebuild"):
        open_run(path, 1, 100, count)


def test_run_that_is_missing(tmp_path):
    """A run that is missing is named."""
    with pytest.raises(StoreError, match=r"b\.run is missing"):
        open_run(tmp_path / "b.run", 1, 2, 3)


@given(st.sets(keys), st.lists(st.lists(keys, max_size=6), max_size=4))
def test_keys_that_join_others(first, more):
    """Keys that join rising ones stand among them in order, each once, below one above all."""
    found = with_end(np.array(sorted(first), np.uint64))
    for some in more:
        found = with_more(found, np.array(some, np.uint64))
    expected = sorted(first.union(*more))
    assert found.tolist() == [*expected, (1 << 64) - 1]
    assert with_end(found).tolist() == found.tolist()
