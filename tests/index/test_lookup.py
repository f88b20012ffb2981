"""Runs and recent keys answer as plain dictionaries would."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import StoreError
from provenance.index.hits import Wanted
from provenance.index.recent import CompiledRecent, PlainRecent
from provenance.index.runs import merged, open_run, postings_of, write_run

# few keys, some of which differ in their lowest or highest bits only
keys = st.sampled_from([0, 1, 2, 3, 1 << 39, (1 << 39) + 1, (1 << 40) - 1, 77 << 20])
owners = st.lists(st.sets(keys, min_size=1), min_size=1, max_size=30)


def wanted(asked, most=0, since=0, gone=(), taken=None):
    """Return what to ask for."""
    before = np.zeros(len(asked), np.int64) if taken is None else np.array(taken, np.int64)
    return Wanted(np.array(asked, np.uint64), most, since, np.array(gone, np.int64), before)


def expected(first, held, what):
    """Return what the definition gives."""
    rows = []
    for row, key in enumerate(what.keys.tolist()):
        numbers = [
            first + i
            for i, own in enumerate(held)
            if key in own and first + i >= what.since and first + i not in what.gone.tolist()
        ]
        left = what.most - int(what.taken[row]) if what.most else len(numbers)
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


asked = st.builds(
    lambda some, most, since, gone, data: wanted(
        some, most, since, sorted(gone), data[: len(some)]
    ),
    st.lists(keys, min_size=1, max_size=8),
    st.sampled_from([0, 1, 3, 32]),
    st.integers(0, 120),
    st.sets(st.integers(95, 125), max_size=6),
    st.lists(st.integers(0, 4), min_size=8, max_size=8),
)


@given(owners, asked)
def test_run_finds_what_it_was_made_of(held, what):
    """A run answers as its definition, compiled and plain."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.run"
        postings = postings_of(*flat(100, held), 100)
        write_run(path, 100, 99 + len(held), postings)
        run = open_run(path, 100, 99 + len(held), len(postings))
        for compiled in (False, True):
            assert pairs(run.find(what, compile_kernels=compiled)) == expected(100, held, what)
        del run


@given(owners, asked, st.integers(0, 30))
def test_recent_finds_what_it_was_given(held, what, cut):
    """Recent keys answer as their definition, compiled and plain, whatever came together."""
    for kind in (PlainRecent, CompiledRecent):
        recent = kind()
        for low, high in ((0, cut), (cut, len(held))):
            part = [np.array(sorted(own), np.uint64) for own in held[low:high]]
            recent.add(list(range(100 + low, 100 + low + len(part))), part)
        assert pairs(recent.find(what)) == expected(100, held, what)
        assert len(recent) == len(held)
        assert recent.last == 99 + len(held)


def test_recent_grows():
    """The table of recent keys grows and keeps what it has, in order."""
    draw = np.random.default_rng(1)
    recent, plain = CompiledRecent(), PlainRecent()
    for number in range(1, 400):
        own = np.unique(draw.integers(0, 20_000, 100).astype(np.uint64))
        recent.add([number], [own])
        plain.add([number], [own])
    what = wanted(range(20_000))
    assert pairs(recent.find(what)) == pairs(plain.find(what))
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
