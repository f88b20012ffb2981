"""Alignment by letters."""

import random
from dataclasses import fields

import numpy as np
import pytest

from provenance.match import letters
from provenance.match.alignment import TOKEN_CHAINS, align
from provenance.match.chaining import chain_pairs
from provenance.match.letters import align_letters
from provenance.text.corpus import tokenize_texts

paths = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])


def letters_of(a, b, *, hidden=(), compiled=False):
    """Return what the letters of two texts align: both wordings and the equal tokens."""
    table = tokenize_texts([a, b], compile_kernels=compiled)
    first, second = np.array([0], np.int32), np.array([1], np.int32)
    marked = np.zeros(len(table.ids), np.bool_)
    marked[list(hidden)] = True
    chains = chain_pairs(
        first,
        second,
        np.stack([table.bounds[:-1], table.bounds[1:]]),
        np.where(marked, np.int32(-1), table.ids),
        table.weights[table.ids],
        TOKEN_CHAINS,
        compile_kernels=compiled,
    )
    accepted = np.zeros(len(chains.job), np.bool_)
    rows, capped = align_letters(
        table, [a, b], first, second, chains, accepted, marked, compile_kernels=compiled
    )
    assert capped == 0
    return [
        (a[rows.a_low[i] : rows.a_high[i]], b[rows.b_low[i] : rows.b_high[i]], int(rows.equal[i]))
        for i in range(len(rows))
    ]


def misread(text, each):
    """Return a text as a scan reads it: one letter of every few words is another one."""
    draw = random.Random(each)
    words = text.split()
    for i in range(4, len(words) - 4, each):
        place = draw.randrange(len(words[i]))
        words[i] = f"{words[i][:place]}ſ{words[i][place + 1 :]}"
    return " ".join(words)


@paths
def test_a_scan_is_one_span(story, filler, compiled):
    """A misread copy is aligned from its first to its last word, on both sides."""
    text = " ".join(story).rstrip(".")
    scan = misread(text, 8)
    found = letters_of(f"{filler(1, 20)} {text}", f"{scan} {filler(2, 20)}", compiled=compiled)
    ((left, right, equal),) = found
    assert (left, right) == (text, scan)
    assert 0.9 * len(text.split()) < equal <= len(text.split())


def test_workers_and_blocks_change_nothing(monkeypatch, story, filler):
    """Whatever number of threads aligns the letters, and however many at a time: the same rows."""
    pytest.importorskip("numba")
    text = " ".join(story)
    scans = [f"{misread(text, each)} {filler(each, 20)}" for each in range(5, 11)]
    table = tokenize_texts([text, *scans], compile_kernels=True)
    nothing = np.zeros(len(table.ids), np.bool_)
    first, second = (side.astype(np.int32) for side in np.triu_indices(len(table), 1))

    def aligned(workers, *, compiled=True):
        rows, _ = align(
            table,
            [text, *scans],
            first,
            second,
            nothing,
            min_tokens=12,
            min_run=6,
            compile_kernels=compiled,
            workers=workers,
        )
        return [getattr(rows, field.name).tolist() for field in fields(rows)]

    whole = aligned(1)
    assert len(whole[0]) > len(scans)
    monkeypatch.setattr(letters, "_BLOCK", 200)
    assert aligned(1) == aligned(2) == aligned(3) == aligned(1, compiled=False) == whole


def test_strangers_share_no_letters(filler):
    """Texts of which nothing is chained are not compared by letters."""
    assert letters_of(filler(1, 200), filler(2, 200)) == []


def test_a_few_equal_letters_are_chance(story, filler):
    """Less than a hundred equal letters are no span where nothing else is misread."""
    brief = " ".join(story[0].split()[:11])
    assert len(brief.replace(" ", "")) < 100
    assert letters_of(f"{filler(1, 60)} {brief}", f"{brief} {filler(2, 60)}") == []


def test_hidden_tokens_have_no_letters(story):
    """Letters of boilerplate equal nothing."""
    text = " ".join(story)
    scan = misread(text, 8)
    size = len(tokenize_texts([text], compile_kernels=False).ids)
    assert letters_of(text, scan, hidden=range(size)) == []
    ((left, _, _),) = letters_of(text, scan, hidden=range(20))
    assert left in text[text.index(" ".join(text.split()[19:22])) :]


def test_distant_places_are_aligned_apart(story, filler):
    """Two misread passages far from each other are two spans."""
    gap = " ".join([filler(3, 700)])
    a = f"{story[0]} {story[1]} {gap} {story[2]} {story[3]}"
    first, second = misread(f"{story[0]} {story[1]}", 8), misread(f"{story[2]} {story[3]}", 8)
    found = letters_of(a, f"{second} {filler(4, 700)} {first}")
    assert len(found) == 2
    assert {"lighthouse" in left for left, _, _ in found} == {True, False}
