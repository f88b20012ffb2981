"""Clusters: documents that share substantially the same text, each matched to one of them."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from provenance.config import Config
from provenance.match.collapse import Corpus, age_and_length, precedence
from provenance.match.pairs import VerifiedPairs
from provenance.model import Cluster, Document

if TYPE_CHECKING:
    from numpy.typing import NDArray


def content_id(prefix: str, *parts: str) -> str:
    """Return an id that depends on the parts and their order only."""
    return prefix + xxhash.xxh3_64_hexdigest("\0".join(parts).encode("utf-8", "surrogatepass"))[:12]


def find_clusters(corpus: Corpus, pairs: VerifiedPairs, config: Config) -> tuple[Cluster, ...]:
    """Return the clusters of two and more documents, sorted by id.

    Representatives are taken in order of precedence (earliest published, longest, content). A
    text joins the first representative that it is a near-duplicate of or is contained in; no
    one joins through another member.
    """
    ids = [document.id for document in corpus.documents]
    several = {text for text, group in enumerate(corpus.members) if len(group) > 1}
    some = sorted(several.union(pairs.a.tolist(), pairs.b.tolist()))
    bearers = [corpus.documents[corpus.members[text][0]] for text in some]
    rank = np.full(len(corpus.members), len(some), np.int64)
    rank[np.array(some, np.int64)[by_precedence(bearers)]] = np.arange(len(some))
    return clusters_of_texts(ids, corpus.members, rank, pairs, config)


def by_precedence(documents: Sequence[Document]) -> list[int]:
    """Return the order of documents by precedence; only ties of age and length read the texts."""
    first = [age_and_length(document) for document in documents]
    order: list[int] = []
    for _, tied in groupby(sorted(range(len(first)), key=first.__getitem__), first.__getitem__):
        several = list(tied)
        if len(several) > 1:
            several.sort(key=lambda i: precedence(documents[i]))
        order += several
    return order


def clusters_of_texts(
    ids: Sequence[str],
    members: Sequence[tuple[int, ...]],
    rank: "NDArray[np.int64]",
    pairs: VerifiedPairs,
    config: Config,
) -> tuple[Cluster, ...]:
    """Return what `find_clusters` does, from the documents and the rank of each text.

    Texts without a pair that one document has need no rank of their own.
    """
    taken = bytearray(len(members))
    clusters = []
    for leader, joining in _joining(members, rank, pairs, config):
        if taken[leader]:
            continue
        taken[leader] = True
        joined = [leader]
        similarity = 1.0
        for text, jaccard in joining:
            if not taken[text]:
                taken[text] = True
                joined.append(text)
                similarity = min(similarity, jaccard)
        names = sorted(ids[i] for text in joined for i in members[text])
        if len(names) > 1:
            clusters.append(
                Cluster(content_id("c", *names), ids[members[leader][0]], tuple(names), similarity)
            )
    return tuple(sorted(clusters, key=lambda c: c.id))


def _joining(
    members: Sequence[tuple[int, ...]],
    rank: "NDArray[np.int64]",
    pairs: VerifiedPairs,
    config: Config,
) -> Iterator[tuple[int, list[tuple[int, float]]]]:
    """Yield texts in order of rank, each with the texts that may join it and their Jaccard."""
    near = pairs.jaccard >= config.threshold
    a = near | (pairs.a_containment >= config.containment)
    b = near | (pairs.b_containment >= config.containment)
    leaders = np.concatenate([pairs.a[b], pairs.b[a]])
    texts = np.concatenate([pairs.b[b], pairs.a[a]])
    values = np.concatenate([pairs.jaccard[b], pairs.jaccard[a]])
    order = np.argsort(rank[leaders], kind="stable")
    rows = list(zip(texts[order].tolist(), values[order].tolist(), strict=True))
    several = [text for text, group in enumerate(members) if len(group) > 1]
    some = np.zeros(len(members), np.bool_)
    some[np.concatenate([pairs.a, pairs.b, np.array(several, np.int32)])] = True
    chosen = np.flatnonzero(some)
    chosen = chosen[np.argsort(rank[chosen])]
    ends = np.cumsum(np.bincount(leaders, minlength=len(members))[chosen]).tolist()
    for text, (low, high) in zip(chosen.tolist(), pairwise([0, *ends]), strict=True):
        yield text, rows[low:high]
