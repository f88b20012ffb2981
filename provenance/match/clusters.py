"""Clusters: documents that share substantially the same text, each matched to one of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from provenance.config import Config
from provenance.match.collapse import Corpus, precedence
from provenance.match.pairs import VerifiedPairs
from provenance.model import Cluster

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
    bearers = [precedence(corpus.documents[group[0]]) for group in corpus.members]
    rank = np.empty(len(bearers), np.int64)
    rank[sorted(range(len(bearers)), key=bearers.__getitem__)] = np.arange(len(bearers))
    return clusters_of_texts(ids, corpus.members, rank, pairs, config)


def clusters_of_texts(
    ids: Sequence[str],
    members: Sequence[tuple[int, ...]],
    rank: "NDArray[np.int64]",
    pairs: VerifiedPairs,
    config: Config,
) -> tuple[Cluster, ...]:
    """Return what `find_clusters` does, from the documents and the rank of each text."""
    neighbours = _neighbours(pairs, config)
    several = [text for text, group in enumerate(members) if len(group) > 1]
    order = sorted({*several, *pairs.a.tolist(), *pairs.b.tolist()}, key=rank.tolist().__getitem__)
    taken: set[int] = set()
    clusters = []
    for leader in order:
        if leader in taken:
            continue
        joined = [leader]
        similarity = 1.0
        for text, jaccard in neighbours.get(leader, ()):
            if text not in taken:
                joined.append(text)
                similarity = min(similarity, jaccard)
        taken.update(joined)
        names = sorted(ids[i] for text in joined for i in members[text])
        if len(names) > 1:
            clusters.append(
                Cluster(content_id("c", *names), ids[members[leader][0]], tuple(names), similarity)
            )
    return tuple(sorted(clusters, key=lambda c: c.id))


def _neighbours(pairs: VerifiedPairs, config: Config) -> dict[int, list[tuple[int, float]]]:
    """Return, for every text, the texts that may join it, with their Jaccard."""
    near = pairs.jaccard >= config.threshold
    found: dict[int, list[tuple[int, float]]] = {}

    def add(
        into: "NDArray[np.int32]", text: "NDArray[np.int32]", rows: "NDArray[np.bool_]"
    ) -> None:
        for leader, member, jaccard in zip(
            into[rows].tolist(), text[rows].tolist(), pairs.jaccard[rows].tolist(), strict=True
        ):
            found.setdefault(leader, []).append((member, jaccard))

    add(pairs.a, pairs.b, near | (pairs.b_containment >= config.containment))
    add(pairs.b, pairs.a, near | (pairs.a_containment >= config.containment))
    return found
