"""Which texts carry which winnowed shingle, and how many two texts share."""

from contextlib import nullcontext
from itertools import combinations, pairwise
from operator import itemgetter

import numpy as np
import pytest
from checked import checked_kernels
from hypothesis import given
from hypothesis import strategies as st

from provenance.fingerprint.shingles import shingle_array, shingle_counts
from provenance.fingerprint.winnowing import winnow
from provenance.match import postings as module
from provenance.match.postings import SHINGLE, WINDOW, build_postings, count_shared
from provenance.text.corpus import tokenize_texts

COLUMNS = ("bounds", "texts", "text_bounds", "shingles", "text_places", "selected")
block = st.sampled_from([f"{c}1 {c}2 {c}3 {c}4 {c}5 {c}6 {c}7 {c}8 {c}9" for c in "abcdef"])
texts = st.lists(st.lists(block, max_size=5).map(" ".join), max_size=8)


def tokens_of(texts):
    """Return the table of the texts' tokens."""
    return tokenize_texts(texts, compile_kernels=False)


def selected_by_text(table):
    """Return each text's winnowed shingles with their first places."""
    shingles = shingle_array(table, SHINGLE)
    places = winnow(shingles, table.bounds, shingle_counts(table, SHINGLE), WINDOW)
    found = [{} for _ in range(len(table))]
    for place in places.tolist():
        text = int(np.searchsorted(table.bounds, place, "right")) - 1
        found[text].setdefault(int(shingles[place]), place - int(table.bounds[text]))
    return found


def triples(pairs):
    """Return the pairs with their counts."""
    columns = (pairs.a.tolist(), pairs.b.tolist(), pairs.shared.tolist())
    return list(zip(*columns, strict=True))


@given(texts, st.integers(1, 40))
def test_postings_do_not_depend_on_how_much_is_done_at_a_time(several, tokens):
    """Texts shingled in small groups, and shingles ordered so, have the postings of all at once."""
    table = tokens_of(several)
    whole = build_postings(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_TOKENS_AT_A_TIME", tokens)
        patch.setattr(module, "_SHINGLES_AT_A_TIME", tokens)
        parts = build_postings(table)
    for name in COLUMNS:
        assert getattr(whole, name).tolist() == getattr(parts, name).tolist()


@given(texts)
def test_postings_hold_what_two_texts_carry(several):
    """Each shingle of two texts or more is posted once a text, at its first place there."""
    table = tokens_of(several)
    postings = build_postings(table)
    found = {}
    for text, (low, high) in enumerate(pairwise(postings.text_bounds.tolist())):
        shingles = postings.shingles[low:high].tolist()
        assert shingles == sorted(set(shingles))
        for shingle, place in zip(shingles, postings.text_places[low:high].tolist(), strict=True):
            found.setdefault(shingle, set()).add((text, place))
    expected = {}
    for text, shingles in enumerate(selected_by_text(table)):
        for shingle, place in shingles.items():
            expected.setdefault(shingle, set()).add((text, place))
    posted = [expected[shingle] for shingle in sorted(expected) if len(expected[shingle]) > 1]
    assert [found[number] for number in sorted(found)] == posted


@given(texts)
def test_the_two_orders_of_postings_agree(several):
    """By shingle and by text, the postings say the same."""
    postings = build_postings(tokens_of(several))
    by_shingle = [
        (text, shingle)
        for shingle, (low, high) in enumerate(pairwise(postings.bounds.tolist()))
        for text in postings.texts[low:high].tolist()
    ]
    assert by_shingle == sorted(by_shingle, key=itemgetter(1, 0))
    owners = np.repeat(np.arange(len(several)), np.diff(postings.text_bounds)).tolist()
    assert sorted(by_shingle) == list(zip(owners, postings.shingles.tolist(), strict=True))


@pytest.mark.parametrize("run", [nullcontext, checked_kernels])
@given(several=texts, data=st.data())
def test_compiled_postings_are_the_plain_ones(run, several, data):
    """Both paths find and post the same, with any tokens left out."""
    table = tokens_of([*several, *(f"{text} x {text}" for text in several[:2])])
    size = len(table.ids)
    flags = data.draw(st.none() | st.lists(st.sampled_from([False] * 9 + [True])))
    left_out = None if flags is None else np.resize(np.array([False, *flags]), size)
    plain = build_postings(table, left_out)
    with run():
        fast = build_postings(table, left_out, compile_kernels=True)
    for name in COLUMNS:
        assert np.array_equal(getattr(plain, name), getattr(fast, name))
        assert getattr(plain, name).dtype == getattr(fast, name).dtype
    for name in ("group", "text", "place", "selected"):
        one, other = (getattr(found.occurrences, name) for found in (plain, fast))
        assert np.array_equal(one, other)


def test_many_shingles_are_posted_alike(filler):
    """Texts with so many shingles that some share their cell are posted as on the plain path."""
    parts = [filler(i, 300) for i in range(40)]
    several = [f"{parts[i]} {parts[i // 2]} {filler(-i, 200)}" for i in range(40)]
    table = tokens_of([*several, "", "one two", "one two"])
    plain, fast = (build_postings(table, compile_kernels=compiled) for compiled in (False, True))
    assert len(plain.bounds) > 2000
    for name in COLUMNS:
        assert np.array_equal(getattr(plain, name), getattr(fast, name))


@given(texts)
def test_counts_are_those_of_the_sets(several):
    """Two texts share as many winnowed shingles as their sets have in common."""
    table = tokens_of(several)
    sets = [set(shingles) for shingles in selected_by_text(table)]
    expected = [
        (a, b, len(sets[a] & sets[b]))
        for a, b in combinations(range(len(sets)), 2)
        if sets[a] & sets[b]
    ]
    found = count_shared(build_postings(table), least=1, share=0.0, compile_kernels=False)
    assert triples(found) == expected


@pytest.mark.parametrize(("carriers", "neighbours"), [(200, 8), (3, 1), (2, 2)])
@given(
    several=texts, least=st.integers(1, 5), share=st.sampled_from([0.0, 0.25, 0.9]), data=st.data()
)
def test_compiled_counts_are_the_plain_ones(carriers, neighbours, several, least, share, data):
    """Both paths count the same, where shingles are sampled and where postings are ignored too."""
    postings = build_postings(tokens_of(several))
    size = len(postings.texts)
    ignored = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), np.bool_)
    sources = np.array([-1, 0, 0, 1, 1, 1, 0, -1][: len(several)], np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CARRIERS", carriers)
        patch.setattr(module, "NEIGHBOURS", neighbours)
        one, other = (
            triples(
                count_shared(
                    postings,
                    least=least,
                    share=share,
                    ignored=ignored,
                    sources=sources,
                    compile_kernels=compiled,
                )
            )
            for compiled in (True, False)
        )
    assert one == other


def test_a_frequent_shingle_is_sampled_and_not_dropped(monkeypatch):
    """Above the limit each text meets the first carrier and its neighbours, so all stay joined."""
    monkeypatch.setattr(module, "CARRIERS", 4)
    monkeypatch.setattr(module, "NEIGHBOURS", 2)
    postings = build_postings(tokens_of(["a1 a2 a3 a4 a5"] * 8))
    found = {
        (a, b)
        for a, b, _ in triples(count_shared(postings, least=1, share=0.0, compile_kernels=True))
    }
    expected = {(0, b) for b in range(1, 8)} | {
        (b - back, b) for b in range(2, 8) for back in (1, 2)
    }
    assert found == expected


@pytest.mark.parametrize("at", range(40))
def test_a_left_out_token_is_in_no_posting(at):
    """Shingles that touch a left-out token are not posted; all others still are."""
    text = " ".join(f"w{i}" for i in range(40))
    table = tokens_of([text, text])
    left_out = np.zeros(len(table.ids), np.bool_)
    left_out[[at, 40 + at]] = True
    every = build_postings(table).text_places.tolist()
    clear = sorted(place for place in every if not place <= at < place + SHINGLE)
    for compiled in (False, True):
        found = build_postings(table, left_out, compile_kernels=compiled)
        assert sorted(found.text_places.tolist()) == clear


def test_ignored_postings_count_between_sources_only():
    """A wording that one source repeats does not count between its texts, but does for others."""
    table = tokens_of(["a1 a2 a3 a4 a5"] * 3)
    postings = build_postings(table)
    found = count_shared(
        postings,
        least=1,
        share=0.0,
        ignored=np.ones(3, np.bool_),
        sources=np.array([0, 0, 1], np.int32),
        compile_kernels=False,
    )
    assert triples(found) == [(0, 2, 1), (1, 2, 1)]
