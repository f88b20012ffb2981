"""Clusters: documents that share substantially the same text, each matched to one of them."""

from typing import TYPE_CHECKING

import xxhash

from provenance.config import Config
from provenance.match.collapse import Corpus, precedence
from provenance.match.pairs import VerifiedPairs
from provenance.model import Cluster

if TYPE_CHECKING:
    import numpy as np
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
    neighbours = _neighbours(pairs, config)
    order = sorted(
        range(len(corpus.members)), key=lambda t: precedence(corpus.documents[corpus.members[t][0]])
    )
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
        members = sorted(corpus.documents[i].id for text in joined for i in corpus.members[text])
        if len(members) > 1:
            representative = corpus.documents[corpus.members[leader][0]].id
            clusters.append(
                Cluster(content_id("c", *members), representative, tuple(members), similarity)
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
