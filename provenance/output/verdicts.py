"""Verdicts of the filter as a table, one row a document."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from provenance.index.verdict import Verdict
from provenance.output.display import number

COLUMNS = (
    *("document", "keep", "reason", "nearest", "share", "kind", "source", "derived", "decided"),
    *("confidence", "direction_confidence", "sources", "passages", "tokens", "why"),
)
SHOWN = ("document", "keep", "reason", "nearest", "share", "kind", "direction_confidence", "why")


def rows(verdicts: Iterable[Verdict]) -> Iterator[Mapping[str, object]]:
    """Yield one row for each verdict; the derivation is the primary one."""
    for verdict in verdicts:
        row = verdict.derivation
        yield {
            "document": verdict.document,
            "keep": verdict.keep,
            "reason": verdict.reason.value,
            "nearest": verdict.nearest,
            "share": verdict.share,
            "kind": row and row.kind.value,
            "source": row and row.source,
            "derived": row and row.derived,
            "decided": row and row.decided,
            "confidence": row and row.confidence,
            "direction_confidence": row and row.direction_confidence,
            "sources": [derivation.source for derivation in verdict.derivations],
            "passages": len(verdict.matches),
            "tokens": sum(match.tokens for match in verdict.matches),
            "why": row and "; ".join(evidence.detail for evidence in row.evidence),
        }


def account(verdicts: Sequence[Verdict]) -> str:
    """Return in one line how many documents there are of each kind."""
    reasons = Counter(verdict.reason.value for verdict in verdicts)
    told = ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common())
    return f"{number(len(verdicts), 'document')} in order of arrival: {told or 'none'}"
