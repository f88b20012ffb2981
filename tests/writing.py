"""Decisions on records, and what a writer makes of them."""

import io

import provenance
from provenance.config import Config
from provenance.model import KeepReason
from provenance.output.rows import rows
from provenance.writers.corpus import write_corpus
from provenance.writers.decisions import Decision, decide
from provenance.writers.records import Records

ROW = {"id": "é", "sources": ["wire"], "hidden_sources": []}


def decisions(**verdicts):
    """Return decisions by number: d1=True keeps record 1."""
    return {
        int(name[1:]): Decision(ROW, keep, KeepReason.ORIGINAL, "c", "r", None, None)
        for name, keep in verdicts.items()
    }


def written(write, data, verdicts, *, annotate=False):
    """Return the bytes that are written."""
    sink = io.BytesIO()
    records = Records(verdicts, annotate=annotate)
    write(io.BytesIO(data), sink, records)
    records.check("file")
    return sink.getvalue()


def found(*paths, duplicate_ids="error"):
    """Return the decisions on what is read from paths."""
    audit = provenance.scan(
        provenance.read(paths, duplicate_ids=duplicate_ids), Config(passages=False)
    )
    documents = {row["id"]: row for row in rows(audit, "documents")}
    return decide(documents, audit.clusters, audit.pairs, threshold=0.7)


def dedup(output, *paths, duplicate_ids="error", **options):
    """Scan paths and write them."""
    decisions = found(*paths, duplicate_ids=duplicate_ids)
    return write_corpus([str(path) for path in paths], decisions, output, **options)
