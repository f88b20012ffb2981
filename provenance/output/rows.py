"""Every table of a result folder, as rows of plain values under its names."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Protocol

from provenance.errors import ConfigError
from provenance.filed_texts import text_length
from provenance.model import (
    Cluster,
    Derivation,
    DocumentReport,
    Lineage,
    Match,
    Pair,
    Passage,
    Span,
)

Row = dict[str, object]


class Result(Protocol):
    """What a scan found: an audit, or a result folder that was read back."""

    @property
    def documents(self) -> Sequence[DocumentReport]:
        """The documents, sorted by id."""
        ...

    @property
    def pairs(self) -> Iterable[Pair]:
        """The near-duplicate pairs, sorted."""
        ...

    @property
    def matches(self) -> Iterable[Match]:
        """The matches, sorted."""
        ...

    @property
    def passages(self) -> Iterable[Passage]:
        """The passages."""
        ...

    @property
    def clusters(self) -> Sequence[Cluster]:
        """The clusters."""
        ...

    @property
    def lineage(self) -> Lineage:
        """The derivations and the hidden sources."""
        ...

    @property
    def counts(self) -> Mapping[str, int]:
        """Everything that was counted; `derivations` only where a lineage was sought."""
        ...


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "documents": (
        *("id", "source", "url", "canonical_url", "title", "authors", "published"),
        *("published_precision", "published_from", "fetched", "language", "characters"),
        *("tokens", "digest", "path", "offsets_of", "cluster", "keep", "reason", "sources"),
        *("hidden_sources", "cues"),
    ),
    "pairs": ("a", "b", "jaccard", "a_containment", "b_containment"),
    "matches": (
        *("a", "a_start", "a_end", "b", "b_start", "b_end", "class", "kind", "similarity"),
        *("a_containment", "b_containment", "tokens"),
    ),
    "passages": ("id", "class", "spans", "documents", "sources", "tokens", "text"),
    "clusters": ("id", "representative", "members", "size", "similarity"),
    "derivations": (
        *("source", "derived", "kind", "primary", "decided", "confidence"),
        *("direction_confidence", "share", "evidence"),
    ),
    "hidden_sources": ("id", "name", "signal", "documents"),
}


def choose(what: str, value: str, known: Iterable[str]) -> str:
    """Return a value that is known; raises `ConfigError` that lists what there is."""
    known = list(known)
    if value in known:
        return value
    close = get_close_matches(value, known, n=1)
    hint = f"; did you mean {close[0]}?" if close else "."
    raise ConfigError(f"unknown {what} {value!r}{hint} There is: {', '.join(known)}")


def rows(result: Result, table: str) -> Iterator[Row]:
    """Yield the rows of one table of :data:`COLUMNS`, sorted, floats rounded to 4 digits.

    Raises `ConfigError` for an unknown table.
    """
    return _TABLES[choose("table", table, COLUMNS)](result)


def rounded(value: float) -> float:
    """Return a figure as tables state it: four digits, and no negative zero."""
    return round(float(value), 4) + 0.0


def _spans(spans: Iterable[Span]) -> list[Row]:
    return [{"document": s.document, "start": s.start, "end": s.end} for s in spans]


def _documents(result: Result) -> Iterator[Row]:
    if not isinstance(result.documents, tuple | list):  # a table, which knows its own rows
        from provenance.output.many_rows import report_rows

        yield from report_rows(result.documents)
        return
    for report in sorted(result.documents, key=lambda report: report.document.id):
        document = report.document
        yield {
            "id": document.id,
            "source": document.source,
            "url": document.url,
            "canonical_url": document.canonical_url,
            "title": document.title,
            "authors": list(document.authors),
            "published": document.published and document.published.text,
            "published_precision": document.published and document.published.precision.value,
            "published_from": document.published_from,
            "fetched": document.fetched and document.fetched.text,
            "language": document.language,
            "characters": text_length(document),
            "tokens": report.tokens,
            "digest": report.digest,
            "path": document.path,
            "offsets_of": document.offsets_of,
            "cluster": report.cluster,
            "keep": report.keep,
            "reason": report.reason.value,
            "sources": list(report.sources),
            "hidden_sources": list(report.hidden_sources),
            "cues": [
                {"signal": cue.signal, "value": cue.value, "start": cue.start, "end": cue.end}
                for cue in report.cues
            ],
        }


def _pairs(result: Result) -> Iterator[Row]:
    return map(pair_row, result.pairs)


def pair_row(pair: Pair) -> Row:
    """Return one row of the pairs."""
    return {
        "a": pair.a,
        "b": pair.b,
        "jaccard": rounded(pair.jaccard),
        "a_containment": rounded(pair.a_containment),
        "b_containment": rounded(pair.b_containment),
    }


def _matches(result: Result) -> Iterator[Row]:
    return map(match_row, result.matches)


def match_row(match: Match) -> Row:
    """Return one row of the matches."""
    a, b = match.a, match.b
    return {
        "a": a.document,
        "a_start": a.start,
        "a_end": a.end,
        "b": b.document,
        "b_start": b.start,
        "b_end": b.end,
        "class": match.match_class.value,
        "kind": match.kind.value,
        "similarity": rounded(match.similarity),
        "a_containment": rounded(match.a_containment),
        "b_containment": rounded(match.b_containment),
        "tokens": match.tokens,
    }


def _passages(result: Result) -> Iterator[Row]:
    for passage in sorted(result.passages, key=lambda passage: passage.id):
        yield {
            "id": passage.id,
            "class": passage.passage_class.value,
            "spans": _spans(passage.spans),
            "documents": passage.documents,
            "sources": passage.sources,
            "tokens": passage.tokens,
            "text": passage.text,
        }


def _clusters(result: Result) -> Iterator[Row]:
    for cluster in sorted(result.clusters, key=lambda cluster: cluster.id):
        yield {
            "id": cluster.id,
            "representative": cluster.representative,
            "members": list(cluster.members),
            "size": len(cluster.members),
            "similarity": rounded(cluster.similarity),
        }


def _derivations(result: Result) -> Iterator[Row]:
    for derivation in sorted(result.lineage.derivations, key=derivation_order):
        yield {
            "source": derivation.source,
            "derived": derivation.derived,
            "kind": derivation.kind.value,
            "primary": derivation.primary,
            "decided": derivation.decided,
            "confidence": rounded(derivation.confidence),
            "direction_confidence": rounded(derivation.direction_confidence),
            "share": rounded(derivation.share),
            "evidence": [
                {
                    "signal": evidence.signal,
                    "weight": rounded(evidence.weight),
                    "detail": evidence.detail,
                    "spans": _spans(evidence.spans),
                }
                for evidence in derivation.evidence
            ],
        }


def _hidden_sources(result: Result) -> Iterator[Row]:
    for hidden in sorted(result.lineage.hidden_sources, key=lambda hidden: hidden.id):
        yield {
            "id": hidden.id,
            "name": hidden.name,
            "signal": hidden.signal,
            "documents": list(hidden.documents),
        }


def deciding(derivation: Derivation, limit: int = 3) -> list[str]:
    """Return the details of the strongest evidence for a derivation, strongest first."""
    reasons = [evidence for evidence in derivation.evidence if evidence.weight > 0]
    reasons.sort(key=lambda evidence: (-evidence.weight, evidence.signal, evidence.detail))
    return [evidence.detail or evidence.signal for evidence in reasons[:limit]]


def derivation_order(derivation: Derivation) -> tuple[str, bool, str, str]:
    """Return the sort key of the derivations: of one document the primary row comes first."""
    return derivation.derived, not derivation.primary, derivation.source, derivation.kind.value


_TABLES: Mapping[str, Callable[[Result], Iterator[Row]]] = {
    "documents": _documents,
    "pairs": _pairs,
    "matches": _matches,
    "passages": _passages,
    "clusters": _clusters,
    "derivations": _derivations,
    "hidden_sources": _hidden_sources,
}
