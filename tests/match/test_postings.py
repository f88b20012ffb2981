"""Which texts carry which winnowed shingle, and how many two texts share."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.fingerprint.shingles import shingle_array, shingle_counts
from provenance.fingerprint.winnowing import winnow
from provenance.match import postings as module
from provenance.match.postings import SHINGLE, WINDOW, build_postings, count_shared
from provenance.text.corpus import tokenize_texts

COLUMNS = ("bounds", "texts", "places", "text_bounds", "shingles", "text_places", "selected")
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
    found = set()
    for u, count in enumerate(postings.carriers.tolist()):
        assert count >= 2
        part = slice(postings.bounds[u], postings.bounds[u + 1])
        carriers = postings.texts[part].tolist()
        assert carriers == sorted(set(carriers))
        found.add(frozenset(zip(carriers, postings.places[part].tolist(), strict=True)))
    by_text = selected_by_text(table)
    expected = {}
    for text, shingles in enumerate(by_text):
        for shingle, place in shingles.items():
            expected.setdefault(shingle, set()).add((text, place))
    assert found == {frozenset(carriers) for carriers in expected.values() if len(carriers) > 1}


@given(texts)
def test_the_two_orders_of_postings_agree(several):
    """By shingle and by text, the postings say the same."""
    postings = build_postings(tokens_of(several))
    by_shingle = [
        (int(text), u, int(place))
        for u in range(len(postings.carriers))
        for text, place in zip(
            postings.texts[postings.bounds[u] : postings.bounds[u + 1]],
            postings.places[postings.bounds[u] : postings.bounds[u + 1]],
            strict=True,
        )
    ]
    owners = np.repeat(np.arange(len(several)), np.diff(postings.text_bounds)).tolist()
    columns = (owners, postings.shingles.tolist(), postings.text_places.tolist())
    assert sorted(by_shingle) == sorted(zip(*columns, strict=True))


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
    every = build_postings(table).places.tolist()
    clear = sorted(place for place in every if not place <= at < place + SHINGLE)
    assert sorted(build_postings(table, left_out).places.tolist()) == clear


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
