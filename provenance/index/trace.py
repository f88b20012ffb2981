"""Where each passage of a text comes from, as an audit of the text with its relatives says."""

from collections.abc import Sequence
from dataclasses import dataclass

from provenance.audit import Audit, scan
from provenance.config import Config
from provenance.index.filter import DuplicateFilter
from provenance.model import Derivation, Document, Match


@dataclass(frozen=True, slots=True)
class Source:
    """A document that shares passages with the traced text, and what joins the two.

    `derivation` is the audit's row between them, which may go either way, None where there is
    none; `matches` have the traced text as `a`; `share` is the part of it that they cover.
    """

    document: Document
    derivation: Derivation | None
    matches: tuple[Match, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Trace:
    """A text and its sources, those that explain most of it first; `hidden` are the others.

    `hidden` are derivations of the text from sources that are not in the index.
    """

    document: Document
    sources: tuple[Source, ...]
    hidden: tuple[Derivation, ...]


def trace(document: Document, index: DuplicateFilter, config: Config | None = None) -> Trace:
    """Return where the passages of a document come from; nothing is added to the index.

    What the index has in common with the document is audited with it, so credits, dates, hidden
    sources and every other evidence count as they do in a scan.
    """
    relatives = _once(index.relatives([document]))
    audit = scan([document, *relatives], config)
    sources = [_source(document, other, audit) for other in relatives]
    told = [source for source in sources if source.matches]
    told.sort(key=lambda source: (not _is_primary(source, document), -source.share))
    hidden = [
        row
        for row in audit.lineage.derivations
        if row.derived == document.id and row.source.startswith("~")
    ]
    return Trace(document, tuple(told), tuple(hidden))


def _once(documents: Sequence[Document]) -> list[Document]:
    """Return documents without former versions: of one id the latest stays."""
    return list({document.id: document for document in documents}.values())


def _source(document: Document, other: Document, audit: Audit) -> Source:
    ends = {document.id, other.id}
    matches = [
        match if match.a.document == document.id else _turned(match)
        for match in audit.matches
        if {match.a.document, match.b.document} == ends
    ]
    matches.sort(key=lambda match: (match.a.start, match.b.start))
    rows = [row for row in audit.lineage.derivations if {row.source, row.derived} == ends]
    share = min(sum(match.a_containment for match in matches), 1.0)
    return Source(other, rows[0] if rows else None, tuple(matches), share)


def _is_primary(source: Source, document: Document) -> bool:
    row = source.derivation
    return row is not None and row.primary and row.derived == document.id


def _turned(match: Match) -> Match:
    return Match(
        match.b,
        match.a,
        match.match_class,
        match.kind,
        match.similarity,
        match.b_containment,
        match.a_containment,
        match.tokens,
    )
