"""Every document has one decision, and the reasons of a scan are its own."""

from pathlib import Path

import pytest

import provenance
from provenance.model import KeepReason
from provenance.output.rows import rows
from provenance.writers.decisions import DROPPED, FIELDS, decide
from provenance.writers.keeping import choose_clusters, parse_order

WIRE = Path(__file__).parents[2] / "seeds" / "wire" / "documents.jsonl"


@pytest.fixture(scope="module")
def audit():
    """The audit of the wire corpus, with its lineage."""
    return provenance.scan(provenance.read(WIRE))


def decisions(audit, keep="earliest"):
    """Return the decisions under an order."""
    documents = {row["id"]: row for row in rows(audit, "documents")}
    clusters = audit.clusters
    if keep != "earliest":
        clusters = choose_clusters(
            documents, audit.pairs, parse_order(keep, ()), (), threshold=0.7, containment=0.8
        )
    return decide(documents, clusters, audit.pairs, threshold=0.7)


def test_the_decisions_are_those_of_the_scan(audit):
    """What is kept, why, and the cluster: as `documents.jsonl` has them."""
    found = decisions(audit)
    assert [(d.document["id"], d.keep, d.reason, d.cluster) for d in found] == [
        (report.document.id, report.keep, report.reason, report.cluster)
        for report in audit.documents
    ]


@pytest.mark.parametrize("keep", ["earliest", "latest", "longest", "most-complete", "-id"])
def test_every_dropped_document_has_one_that_is_kept(audit, keep):
    """It is kept, of the same cluster, and says how much of the dropped one it holds."""
    found = {d.document["id"]: d for d in decisions(audit, keep)}
    assert len(found) == len(audit.documents)
    dropped = [d for d in found.values() if not d.keep]
    assert len(dropped) >= 14
    for decision in dropped:
        kept = found[decision.representative]
        assert kept.keep
        assert kept.cluster == decision.cluster
        assert decision.similarity >= 0.7 or decision.held >= 0.8
        if decision.reason == KeepReason.CONTAINED:
            assert decision.similarity < 0.7
    for decision in found.values():
        assert decision.keep == (decision.representative == decision.document["id"])


def test_rows_and_annotations_have_the_columns_that_are_promised(audit):
    """In their order."""
    for decision in decisions(audit):
        assert tuple(decision.row) == DROPPED
        assert tuple(decision.annotation) == FIELDS
