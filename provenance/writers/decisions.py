"""What becomes of each document: kept, or dropped in favour of which other one, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from provenance.model import Cluster, KeepReason, Pair
from provenance.writers.keeping import Row, likeness

# The fields that an annotated record gains, in this order.
FIELDS: Final = (
    *("provenance_id", "provenance_cluster", "provenance_representative", "provenance_source"),
    *("provenance_keep", "provenance_reason"),
)
# The columns of the table of what would be dropped.
DROPPED: Final = (
    *("id", "reason", "representative", "similarity", "held", "source", "published"),
    *("characters", "title", "cluster", "path"),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one document.

    `representative` is the document kept in its stead, its own id if it is kept; `similarity`
    is the Jaccard of the two and `held` the share of this one that stands in the other, None
    where it is kept; `document` is its row of the result.
    """

    document: Row
    keep: bool
    reason: KeepReason
    cluster: str | None
    representative: str
    similarity: float | None
    held: float | None

    @property
    def annotation(self) -> dict[str, str | bool | None]:
        """The values of `FIELDS`; the source is what the document was taken from, if known."""
        taken_from = [*self.document["sources"], *self.document["hidden_sources"]]
        values = (
            *(self.document["id"], self.cluster, self.representative),
            *(taken_from[0] if taken_from else None, self.keep, self.reason.value),
        )
        return dict(zip(FIELDS, values, strict=True))

    @property
    def row(self) -> dict[str, object]:
        """The values of `DROPPED`."""
        own = {
            "reason": self.reason.value,
            "representative": self.representative,
            "similarity": self.similarity,
            "held": self.held,
            "cluster": self.cluster,
        }
        return {name: own.get(name, self.document.get(name)) for name in DROPPED}


def decide(
    documents: Mapping[str, Row],
    clusters: Sequence[Cluster],
    pairs: Iterable[Pair],
    *,
    threshold: float,
) -> tuple[Decision, ...]:
    """Return a decision for every document, sorted by id: of a cluster one is kept."""
    cluster_of = {name: cluster for cluster in clusters for name in cluster.members}
    alike = likeness(clusters, pairs)
    decisions = []
    for name in sorted(documents):
        row, cluster = documents[name], cluster_of.get(name)
        said = KeepReason(row["reason"])
        if cluster is None or cluster.representative == name:
            kept_before = said in {KeepReason.ORIGINAL, KeepReason.ONLY_COPY, KeepReason.UNDECIDED}
            reason = said if kept_before else KeepReason.ORIGINAL
            leader = cluster.id if cluster else None
            decisions.append(Decision(row, True, reason, leader, name, None, None))  # noqa: FBT003
            continue
        representative = documents[cluster.representative]
        similarity, held = alike.get(name, (None, None))
        as_scanned = row["cluster"] == cluster.id and representative["keep"]
        if as_scanned or said == KeepReason.REVISION:
            reason = said
        elif similarity is None:
            reason = KeepReason.NEAR_DUPLICATE
        elif similarity == 1.0 and row["tokens"] == representative["tokens"]:
            reason = KeepReason.EXACT_DUPLICATE
        elif similarity >= threshold:
            reason = KeepReason.NEAR_DUPLICATE
        else:
            reason = KeepReason.CONTAINED
        decisions.append(
            Decision(row, False, reason, cluster.id, representative["id"], similarity, held)  # noqa: FBT003
        )
    return tuple(decisions)
