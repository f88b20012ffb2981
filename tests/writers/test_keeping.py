"""The order that the user chooses decides which document stands for the others."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import provenance
from provenance.config import Config
from provenance.errors import ConfigError
from provenance.model import Document, Pair
from provenance.output.rows import rows
from provenance.timestamps import parse
from provenance.writers.keeping import POLICIES, choose_clusters, likeness, parse_order

SEEDS = Path(__file__).parents[2] / "seeds"


def row(name, **known):
    """Return a row of the documents with what is known of it."""
    fields = ("source", "url", "title", "published", "fetched", "language", "path")
    blank = dict.fromkeys(fields)
    return {**blank, "id": name, "characters": 100, "tokens": 20, "digest": name, **known}


def representatives(documents, pairs, keep, *prefer):
    """Return the representative of every member under a policy."""
    found = choose_clusters(
        {document["id"]: document for document in documents},
        pairs,
        parse_order(keep, prefer),
        prefer,
        threshold=0.7,
        containment=0.8,
    )
    return {name: cluster.representative for cluster in found for name in cluster.members}


def like(a, b, jaccard=0.9, a_held=0.95, b_held=0.95):
    """Return a pair."""
    return Pair(a, b, jaccard, a_held, b_held)


PAIR = [like("a", "b")]


@pytest.mark.parametrize(
    ("keep", "prefer", "winner"),
    [
        ("earliest", (), {"published": "2024-03-01T08:00"}),
        ("latest", (), {"published": "2024-03-05"}),
        ("longest", (), {"characters": 300}),
        ("most-complete", (), {"title": "Ships wait", "url": "https://hill.example/1"}),
        ("preferred", ("Agency",), {"source": "agency"}),
        (None, ("wire.example",), {"url": "https://www.wire.example/9"}),
        ("tokens", (), {"tokens": 3}),
        ("-source,published", (), {"source": "Zenith"}),
        ("title", (), {"title": "Anything known comes before nothing"}),
    ],
)
@pytest.mark.parametrize("place", ["a", "b"])
def test_each_policy_keeps_what_it_says(keep, prefer, winner, place):
    """Wherever the better document stands, and whatever its id."""
    other = "b" if place == "a" else "a"
    plain = {"published": "2024-03-02", "source": "Hill Post", "title": None}
    plain = {name: value for name, value in plain.items() if name in winner or name != "title"}
    documents = [row(place, **{**plain, **winner}), row(other, **plain)]
    if keep == "tokens":
        documents[1]["tokens"] = 30
    assert representatives(documents, PAIR, keep, *prefer)[other] == place


def test_a_date_without_an_hour_does_not_beat_one_with_it():
    """Neither as the earliest nor as the latest."""
    documents = [row("a", published="2024-03-01"), row("b", published="2024-03-01T15:00")]
    for policy in ("earliest", "latest"):
        assert representatives(documents, PAIR, policy)["a"] == "b"


def test_nobody_is_dropped_for_a_text_that_is_only_like_another_copy():
    """Of a ~ b ~ c, where a and c differ, the longest being a end, the other end stays."""
    documents = [row("a", characters=300), row("b"), row("c", characters=200)]
    found = representatives(documents, [like("a", "b"), like("b", "c")], "longest")
    assert found == {"a": "a", "b": "a"}


def test_what_contains_another_is_not_dropped_for_it():
    """Only the share of the dropped text counts, not that of the kept one."""
    pair = like("a", "b", jaccard=0.3, a_held=0.3, b_held=1.0)
    documents = [row("a", published="2024-03-02"), row("b", published="2024-03-01")]
    assert representatives(documents, [pair], "earliest") == {}
    assert representatives(documents, [pair], "latest") == {"a": "a", "b": "a"}


def test_the_most_complete_holds_most_of_the_others():
    """Not the longest, which has more around less of it."""
    documents = [row("part"), row("whole"), row("page", characters=900)]
    pairs = [
        like("part", "whole", 0.5, 1.0, 0.5),
        like("page", "whole", 0.7, 0.9, 0.8),
        like("page", "part", 0.3, 0.3, 0.6),
    ]
    assert representatives(documents, pairs, "most-complete")["part"] == "whole"


def test_a_big_group_of_equal_texts_needs_no_pair_of_each():
    """Where only the pairs with one of them are listed, any of them can stand for all."""
    names = [f"n{i:03}" for i in range(300)]
    documents = [row(name, characters=100 + (name == "n123")) for name in names]
    pairs = [like("n000", name, 1.0, 1.0, 1.0) for name in names[1:]]
    assert set(representatives(documents, pairs, "longest").values()) == {"n123"}
    clusters = choose_clusters(
        {d["id"]: d for d in documents}, pairs, ("-characters",), (), threshold=0.7, containment=0.8
    )
    assert likeness(clusters, pairs)["n299"] == (1.0, 1.0)


@pytest.mark.parametrize(
    ("keep", "prefer"),
    [("newest", ()), ("published,,source", ()), ("preferred", ()), ("longest", ("AP",))],
)
def test_an_order_that_means_nothing_is_refused(keep, prefer):
    """With the policies and keys that there are."""
    with pytest.raises(ConfigError):
        parse_order(keep, prefer)


def test_every_policy_is_a_list_of_keys():
    """A policy is a shorthand, so its keys can be given instead."""
    for policy, order in POLICIES.items():
        prefer = ("x",) if policy == "preferred" else ()
        assert parse_order(",".join(order), prefer) == parse_order(policy, prefer) == order


def test_the_earliest_are_the_representatives_of_the_scan():
    """The default order gives the clusters of the audit, so the two never contradict."""
    read = provenance.read(SEEDS / "wire" / "documents.jsonl")
    audit = provenance.scan(read, Config(passages=False))
    documents = {row["id"]: row for row in rows(audit, "documents")}
    order = parse_order("earliest", ())
    found = choose_clusters(documents, audit.pairs, order, (), threshold=0.7, containment=0.8)
    assert found == audit.clusters


WORDS = [f"word{i}" for i in range(40)]


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(10, 40), st.sampled_from([None, "2024", "2023"])),
        min_size=2,
        max_size=8,
    ),
    st.sampled_from(["earliest", "latest", "longest", "most-complete", "-id"]),
)
def test_every_dropped_document_matches_the_one_that_is_kept(slices, keep):
    """Its Jaccard or its own containment reaches the limit, whatever the policy."""
    documents = [
        Document(f"d{i}", " ".join(WORDS[low : low + size]), published=parse(date))
        for i, (low, size, date) in enumerate(slices)
    ]
    audit = provenance.scan(documents, Config(passages=False))
    known = {row["id"]: row for row in rows(audit, "documents")}
    clusters = choose_clusters(
        known, audit.pairs, parse_order(keep, ()), (), threshold=0.7, containment=0.8
    )
    alike = likeness(clusters, audit.pairs)
    for cluster in clusters:
        for name in cluster.members:
            if name != cluster.representative:
                jaccard, held = alike[name]
                assert jaccard >= 0.7 or held >= 0.8
    members = [name for cluster in clusters for name in cluster.members]
    assert len(members) == len(set(members))
