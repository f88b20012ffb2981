"""Derivations of an arriving document from earlier ones, with spans and evidence.

The nouns are those of an audit. The weights are not: an audit weighs all documents of a story
against each other and fits its weights, the filter sees pairs and has the few fixed weights below.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from provenance.index.verdict import VerdictReason
from provenance.lineage.attribution import Credits, read_credits
from provenance.lineage.cues import read_cues
from provenance.lineage.dates import Order, order
from provenance.model import (
    Derivation,
    DerivationKind,
    Document,
    Evidence,
    Match,
    MatchClass,
    MatchKind,
    Span,
)
from provenance.text.quotations import quoted_spans

if TYPE_CHECKING:
    from provenance.index.comparison import SharedPassage, Side
    from provenance.index.rules import Found

_ARRIVED: Final = math.log(3)  # what came first is the source more often than not
_DATED: Final = math.log(19)
_CREDITED: Final = math.log(9)
_DECIDED: Final = 0.8
_WHOLE, _PART, _REWRITTEN, _QUOTED = 0.8, 0.35, 0.7, 0.7
_JOINED: Final = 60  # equal tokens from which two texts are joined beyond doubt


class Quotations:
    """Tells what stands between quotation marks, with one look at each text."""

    def __init__(self) -> None:
        self._spans: dict[str, list[tuple[int, int]]] = {}

    def hold(self, text: str, side: "Side") -> bool:
        """Tell whether most of one side of a passage stands between quotation marks."""
        if text not in self._spans:
            self._spans[text] = list(quoted_spans(text))
        inside = sum(
            max(0, min(high, side.end) - max(low, side.start)) for low, high in self._spans[text]
        )
        return inside >= _QUOTED * (side.end - side.start)


def derive(
    document: Document, sources: Sequence["Found"], reason: VerdictReason, quotations: Quotations
) -> tuple[Derivation, ...]:
    """Return a derivation of the document from each source, the first of them primary.

    Where the earlier arrival was published later, the derivation goes the other way. Credits are
    read where the dates leave the order open.
    """
    orders = [_order(document, found) for found in sources]
    given = None
    if not set(orders) <= {Order.EARLIER, Order.LATER}:
        given = read_credits(document, read_cues(document))
    return tuple(
        _derive(document, given, known, found, reason, quotations, primary=i == 0)
        for i, (found, known) in enumerate(zip(sources, orders, strict=True))
    )


def _order(document: Document, found: "Found") -> Order:
    """Return what the dates say of the earlier arrival and the document."""
    earlier = found.earlier.document
    same = document.source is not None and document.source == earlier.source
    return order(earlier.published, document.published, one_clock=same)


def _derive(
    document: Document,
    given: Credits | None,
    known: Order,
    found: "Found",
    reason: VerdictReason,
    quotations: Quotations,
    *,
    primary: bool,
) -> Derivation:
    earlier = found.earlier.document
    evidence = [_shared(document, found), *_direction(document, given, known, found)]
    odds = sum(e.weight for e in evidence[1:])
    direction = 1 / (1 + math.exp(-odds))
    equal = sum(p.equal for p in found.comparison.passages)
    joined = 1.0 if found.comparison.same_tokens else 1 - 0.5 ** (1 + 8 * equal / _JOINED)
    if not found.comparison.passages:
        joined = max(joined, found.comparison.jaccard)
    source, derived, share = found.name, document.id, found.share
    if direction < 0.5:
        source, derived, share = derived, source, found.passed_on
        direction = 1 - direction
    revision = primary and reason == VerdictReason.REVISION
    return Derivation(
        source,
        derived,
        DerivationKind.REVISION if revision else _kind(document, earlier, found, quotations),
        primary,
        bool(joined >= _DECIDED and direction >= _DECIDED),
        round(joined, 4),
        round(direction, 4),
        round(share, 4),
        tuple(evidence),
    )


def _shared(document: Document, found: "Found") -> Evidence:
    passages = found.comparison.passages
    spans = [Span(document.id, p.own.start, p.own.end) for p in passages]
    spans += [Span(found.name, p.other.start, p.other.end) for p in passages]
    if found.comparison.same_tokens:
        detail = "both have the same words from end to end"
    else:
        detail = (
            f"{found.share:.0%} of {document.id} stands in {found.name}, "
            f"{found.passed_on:.0%} of {found.name} in {document.id}"
        )
    weight = min(6.0, 1 + 5 * max(found.share, found.passed_on))
    return Evidence("shared_text", round(weight, 4), detail, tuple(spans))


def _direction(
    document: Document, given: Credits | None, known: Order, found: "Found"
) -> list[Evidence]:
    earlier = found.earlier.document
    evidence = [Evidence("arrived_first", round(_ARRIVED, 4), f"{found.name} arrived first")]
    if known in (Order.EARLIER, Order.LATER):
        detail = f"{found.name} is dated {earlier.published}, {document.id} {document.published}"
        signal = "published_first" if known == Order.EARLIER else "published_later"
        evidence.append(Evidence(signal, round(int(known) * _DATED, 4), detail))
    cue = given.credit_to(read_credits(earlier, ())) if given is not None else None
    if cue is not None:
        detail = f"{document.id} credits {cue.value}, which {found.name} comes from"
        span = Span(document.id, cue.start, cue.end)
        evidence.append(Evidence(cue.signal, round(_CREDITED, 4), detail, (span,)))
    return evidence


def _kind(
    document: Document, earlier: Document, found: "Found", quotations: Quotations
) -> DerivationKind:
    taken, passed = found.share, found.passed_on
    passages = found.comparison.passages
    if (
        passages
        and taken < _PART
        and all(_is_quoted(document, earlier, p, quotations) for p in passages)
    ):
        return DerivationKind.QUOTATION
    aligned = sum(max(p.own.last - p.own.first, p.other.last - p.other.first) for p in passages)
    if passages and sum(p.equal for p in passages) < _REWRITTEN * aligned:
        return DerivationKind.REWRITE
    if taken >= _WHOLE:
        return DerivationKind.COPY if passed >= _WHOLE else DerivationKind.EXCERPT
    return DerivationKind.EXPANSION if passed >= taken else DerivationKind.EXCERPT


def matches_of(
    document: Document, sources: Sequence["Found"], quotations: Quotations
) -> tuple[Match, ...]:
    """Return the passages that a document shares with its sources, nearest source first."""
    return tuple(
        _match(document, found, passage, quotations)
        for found in sources
        for passage in found.comparison.passages
    )


def _match(
    document: Document, found: "Found", passage: "SharedPassage", quotations: Quotations
) -> Match:
    own, other, both = passage.own, passage.other, found.comparison
    size, size_of_other = own.last - own.first, other.last - other.first
    similarity = passage.equal / max(size, size_of_other, 1)
    ends = (
        (Span(document.id, own.start, own.end), round(size / max(both.own_tokens, 1), 4)),
        (
            Span(found.name, other.start, other.end),
            round(size_of_other / max(both.other_tokens, 1), 4),
        ),
    )
    (a, a_share), (b, b_share) = sorted(ends, key=lambda end: end[0].document)
    quoted = both.share < _PART and _is_quoted(
        document, found.earlier.document, passage, quotations
    )
    return Match(
        a,
        b,
        MatchClass.QUOTATION if quoted else MatchClass.REUSE,
        MatchKind.EXACT if similarity == 1.0 else MatchKind.NEAR,
        round(similarity, 4),
        a_share,
        b_share,
        passage.equal,
    )


def _is_quoted(
    document: Document, earlier: Document, passage: "SharedPassage", quotations: Quotations
) -> bool:
    """Tell whether a passage stands mostly between quotation marks in both texts."""
    return quotations.hold(document.text, passage.own) and quotations.hold(
        earlier.text, passage.other
    )
