"""Decisions on records, and what a writer makes of them."""

import io

from provenance.model import KeepReason
from provenance.writers.decisions import Decision
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
