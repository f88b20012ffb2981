"""Clusters: everyone is like the representative."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.config import Config
from provenance.match.clusters import by_precedence, content_id, find_clusters
from provenance.match.collapse import precedence
from provenance.match.pairs import compare_texts, find_near_duplicates
from provenance.match.postings import build_postings, count_shared
from provenance.model import Document
from provenance.timestamps import parse


def clusters_of(corpus, config):
    """Return the clusters of a corpus, candidates of both kinds used."""
    others = count_shared(build_postings(corpus.table), least=1, share=0.0, compile_kernels=False)
    pairs = find_near_duplicates(corpus.table, config, others, compile_kernels=False)
    return find_clusters(corpus, pairs, config)


def test_every_member_matches_the_representative(corpus_of, filler):
    """Each member is a near-duplicate of the representative or contained in it, by exact values."""
    draw = random.Random(2)
    config = Config(threshold=0.6)
    texts = []
    for story in range(3):
        words = filler(story, 120).split()
        for _ in range(8):  # a chain of drift: each version is an edit of the one before
            words = [f"x{draw.randrange(10**9)}" if draw.random() < 0.04 else w for w in words]
            texts.append(" ".join(words))
    corpus = corpus_of(*texts)
    clusters = clusters_of(corpus, config)
    assert len(clusters) >= 3
    assert len({m for c in clusters for m in c.members}) == sum(len(c.members) for c in clusters)
    number = {d.id: int(t) for d, t in zip(corpus.documents, corpus.text_of, strict=True)}
    for cluster in clusters:
        others = [m for m in cluster.members if m != cluster.representative]
        leader = np.full(len(others), number[cluster.representative], np.int32)
        member = np.array([number[m] for m in others], np.int32)
        exact = compare_texts(corpus.table, config, leader, member, compile_kernels=False)
        assert cluster.representative in cluster.members
        assert cluster.similarity == exact.jaccard.min()
        near = (exact.jaccard >= config.threshold) | (exact.b_containment >= config.containment)
        assert near.all()


def test_no_one_joins_through_another_member(corpus_of, filler):
    """A text that is like a member but not like the representative stays out."""
    words = filler("drift", 200).split()
    texts = [" ".join(words[at : at + 120]) for at in (0, 20, 40)]
    dates = ["2031-05-01", "2031-05-02", "2031-05-03"]
    corpus = corpus_of(*(Document(f"d{i}", texts[i], published=parse(dates[i])) for i in range(3)))
    config = Config(threshold=0.65, containment=1.0)
    (cluster,) = clusters_of(corpus, config)
    assert cluster.members == ("d0", "d1")


@pytest.mark.parametrize(
    ("dates", "expected"), [((None, "2031-05-02"), "cut"), ((None, None), "whole")]
)
def test_the_representative_is_the_earliest_then_the_longest(corpus_of, story, dates, expected):
    """The earliest published document stands for a cluster, else the longest."""
    corpus = corpus_of(
        Document("whole", " ".join(story), published=parse(dates[0])),
        Document("cut", " ".join(story[:3]), published=parse(dates[1])),
    )
    (cluster,) = clusters_of(corpus, Config(threshold=0.6))
    assert cluster.representative == expected


@pytest.mark.parametrize(("dated", "clusters"), [(True, []), (False, ["long"])])
def test_a_longer_text_does_not_join_what_it_contains(corpus_of, story, dated, clusters):
    """A contained text joins the longer one; the longer one never joins the contained."""
    corpus = corpus_of(
        Document("long", " ".join(story), published=parse("2031-05-02" if dated else None)),
        Document("short", story[0], published=parse("2031-05-01" if dated else None)),
    )
    assert [c.representative for c in clusters_of(corpus, Config())] == clusters


def test_equal_texts_are_a_cluster(corpus_of):
    """Documents with the same tokens are one cluster of similarity 1, however short."""
    (cluster,) = clusters_of(corpus_of("Gulls cried.", "gulls cried", "Gulls slept."), Config())
    assert (cluster.members, cluster.similarity) == (("d0", "d1"), 1.0)


def test_an_id_depends_on_its_parts_and_their_order():
    """Equal parts have equal ids; parts that run together do not."""
    assert content_id("c", "a", "b") == content_id("c", "a", "b")
    assert (
        len({content_id("c", *p) for p in (("a", "b"), ("b", "a"), ("ab",), ("a", "", "b"))}) == 4
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a b", "b a", "a b c"]), st.sampled_from([None, "2031", "2032"])
        ),
        max_size=9,
    )
)
def test_the_order_is_that_of_precedence(rows):
    """Documents of one age and length are told apart by their content, and then by their ids."""
    documents = [
        Document(f"d{i}", text, published=date and parse(date))
        for i, (text, date) in enumerate(rows)
    ]
    expected = sorted(documents, key=precedence)
    assert [documents[i] for i in by_precedence(documents)] == expected
