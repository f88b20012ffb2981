"""Which texts share enough to stand in one lineage."""

import random

import pytest

from provenance.config import Config
from provenance.lineage.relations import NEIGHBOURS, find_relations
from provenance.match.collapse import collapse
from provenance.match.postings import build_postings
from provenance.match.search import find_reuse
from provenance.model import Document

SYLLABLES = ("ba", "ko", "ri", "tu", "men", "sol", "var", "dep", "lin", "gos", "fay", "hum")


def invent(seed, words):
    """Return filler that shares no five words in a row with filler of another seed."""
    draw = random.Random(seed)
    return " ".join("".join(draw.choices(SYLLABLES, k=4)) for _ in range(words))


def relations_of(*texts):
    """Return the relations of texts by the places of both in the arguments, lower one first."""
    documents = [Document(f"{i:03}", text) for i, text in enumerate(texts)]
    corpus = collapse(documents, compile_kernels=False)
    reuse = find_reuse(corpus, build_postings(corpus.table), Config())
    found = find_relations(corpus, reuse)
    place = [group[0] for group in corpus.members]
    rows = {}
    for a, b, a_share, b_share in zip(
        found.a.tolist(), found.b.tolist(), found.a_share, found.b_share, strict=True
    ):
        shares = {place[a]: float(a_share), place[b]: float(b_share)}
        low, high = sorted(shares)
        rows[low, high] = (shares[low], shares[high])
    return rows


def test_shares_are_of_each_texts_own_tokens():
    """The part of each text that the other covers is told for both; containment is 1."""
    part = invent("part", 60)
    found = relations_of(part, f"{invent(1, 60)} {part} {invent(2, 60)}", invent(3, 60))
    assert found == {(0, 1): (1.0, pytest.approx(1 / 3, abs=0.01))}


def test_a_little_shared_is_no_relation():
    """A sentence in common does not put two long texts into one lineage."""
    line = invent("line", 20)
    assert relations_of(f"{invent(1, 400)} {line}", f"{line} {invent(2, 400)}") == {}


def test_a_shared_quotation_is_no_relation():
    """Two reports of one speech that share its words between quotation marks are not related."""
    speech = f"“{invent('speech', 30)}”"
    texts = [f"{invent(1, 200)} {speech} {invent(2, 20)}", f"{invent(3, 200)} {speech}"]
    assert relations_of(*texts) == {}
    plain = [text.replace("“", "").replace("”", "") for text in texts]
    assert set(relations_of(*plain)) == {(0, 1)}


def test_a_big_story_keeps_the_closest_relations():
    """Each text keeps a few relations, so a big story has far fewer than all pairs."""
    draw = random.Random(4)
    words = invent("story", 120).split()
    texts = [
        " ".join(w if draw.random() > 0.03 else f"e{draw.randrange(10**9)}" for w in words)
        for _ in range(60)
    ]
    found = relations_of(*texts)
    assert {text for pair in found for text in pair} == set(range(60))
    assert len(found) <= 2 * NEIGHBOURS * 60 < 60 * 59 / 2
