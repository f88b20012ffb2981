"""What a scan says of each document: whether it is kept, and why."""

from collections.abc import Mapping, Sequence

from provenance.config import Config
from provenance.filed_texts import encoded_text
from provenance.match.collapse import Corpus, digest
from provenance.match.results import PairTable
from provenance.model import Cluster, Cue, DocumentReport, KeepReason, Lineage


def report_documents(
    corpus: Corpus,
    pairs: PairTable,
    clusters: tuple[Cluster, ...],
    lineage: Lineage,
    cues: Sequence[tuple[Cue, ...]],
    config: Config,
) -> tuple[DocumentReport, ...]:
    """Return what a scan says of each document: whether to keep it and why, sources, cues."""
    cluster_of = {member: cluster for cluster in clusters for member in cluster.members}
    sources: dict[str, list[str]] = {}
    hidden: dict[str, list[str]] = {}
    undecided: set[str] = set()
    parents: set[str] = set()
    for row in lineage.derivations:
        if not row.decided:
            undecided |= {row.derived, row.source}
        elif row.source.startswith("~"):
            hidden.setdefault(row.derived, []).append(row.source)
        else:
            sources.setdefault(row.derived, []).append(row.source)
            parents.add(row.source)
    revisions = {
        row.derived for row in lineage.derivations if row.decided and row.kind == "revision"
    }
    near = _near_to_representative(corpus, pairs, cluster_of, config)
    text_of = {d.id: int(t) for d, t in zip(corpus.documents, corpus.text_of, strict=True)}
    reports = []
    for index, document in enumerate(corpus.documents):
        cluster = cluster_of.get(document.id)
        keep = cluster is None or cluster.representative == document.id
        if keep and document.id in undecided:
            reason = KeepReason.UNDECIDED
        elif keep:
            known = cluster is not None or document.id in parents
            reason = KeepReason.ORIGINAL if known else KeepReason.ONLY_COPY
        elif document.id in revisions:
            reason = KeepReason.REVISION
        else:
            leader = cluster.representative  # type: ignore[union-attr]
            if text_of[leader] == text_of[document.id]:
                reason = KeepReason.EXACT_DUPLICATE
            elif document.id in near:
                reason = KeepReason.NEAR_DUPLICATE
            else:
                reason = KeepReason.CONTAINED
        reports.append(
            DocumentReport(
                document,
                int(corpus.tokens.counts[index]),
                digest(encoded_text(document)),
                cluster.id if cluster else None,
                keep,
                reason,
                tuple(sources.get(document.id, ())),
                tuple(hidden.get(document.id, ())),
                cues[index],
            )
        )
    return tuple(reports)


def _near_to_representative(
    corpus: Corpus, pairs: PairTable, cluster_of: Mapping[str, Cluster], config: Config
) -> set[str]:
    """Return the documents that are near-duplicates of their cluster's representative."""
    number = {document.id: i for i, document in enumerate(corpus.documents)}
    leader = [-1] * len(corpus.documents)
    for name, cluster in cluster_of.items():
        leader[number[name]] = number[cluster.representative]
    near = set()
    for a, b, jaccard in zip(
        pairs.a.tolist(), pairs.b.tolist(), pairs.jaccard.tolist(), strict=True
    ):
        if jaccard >= config.threshold and (leader[a] == b or leader[b] == a):
            near.add(corpus.documents[a if leader[a] == b else b].id)
    return near
