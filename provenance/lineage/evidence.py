"""Reasons in words: the weighted features of an arc, gathered into pieces for people to read."""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from provenance.lineage.arcs import Arcs
from provenance.lineage.attribution import Credits
from provenance.lineage.features import SIGNALS
from provenance.lineage.signals.naming import Notes
from provenance.lineage.wording import in_words
from provenance.model import Document, Evidence, Span

_SLIGHT = 0.05  # weights below are not worth a reader's time


@dataclass(frozen=True, slots=True)
class End:
    """One end of an arc: the document, whom it credits, what was noted of it."""

    document: Document
    credits: Credits
    notes: Notes


def explain_arc(arcs: Arcs, arc: int, at_source: End, at_derived: End) -> tuple[Evidence, ...]:
    """Return the reasons for and against a document having its text from another.

    Weights add up
    to the arc's log-odds against having no source, but for slight ones that are left out.
    """
    source, derived = at_source.document, at_derived.document
    terms = iter(arcs.terms(arc).tolist())
    found = []
    for signal, features in SIGNALS.items():
        total = sum(islice(terms, len(features)))
        if abs(total) < _SLIGHT:
            continue
        name, detail = signal, ""
        spans: tuple[Span, ...] = ()
        if signal == "credit":
            name, detail, spans = _credit(at_source, at_derived)
        elif signal == "published_first" and arcs.value(arc, "published_later"):
            name = "published_later"
        if signal == "agency_page":
            detail, spans = _agency(arcs, arc, at_source, at_derived)
        found.append(
            Evidence(name, total, detail or in_words(arcs, arc, signal, source, derived), spans)
        )
    return tuple(sorted(found, key=lambda e: (-abs(e.weight), e.signal, e.detail)))


def _credit(at_source: End, at_derived: End) -> tuple[str, str, tuple[Span, ...]]:
    source, derived = at_source.document, at_derived.document
    given, taken = at_derived.credits, at_source.credits
    for one, other, cue in (
        (derived, source, given.credit_to(taken)),
        (source, derived, taken.credit_to(given)),
    ):
        if cue is not None:
            detail = f"{one.id} credits {cue.value}, which {other.id} comes from"
            return cue.signal, detail, (Span(one.id, cue.start, cue.end),)
    both = sorted(given.given.keys() & taken.given.keys())
    if both:
        cues = given.given[both[0]], taken.given[both[0]]
        spans = tuple(
            Span(document.id, cue.start, cue.end)
            for document, cue in zip((derived, source), cues, strict=True)
        )
        return "same_credit", f"both credit {cues[0].value}", spans
    return "credit", "neither credits the other", ()


def _agency(arcs: Arcs, arc: int, at_source: End, at_derived: End) -> tuple[str, tuple[Span, ...]]:
    """Say which end writes as an agency, or is credited as one, with the words where it does."""
    for end, name in ((at_source, "parent"), (at_derived, "child")):
        document, cue = end.document, end.notes.agency
        credited = round(float(np.expm1(arcs.value(arc, f"{name}_often_credited"))))
        times = "one text credits" if credited == 1 else f"{credited} texts credit"
        if cue is not None:
            others = f", and {times} it" if credited else ""
            detail = f"{document.id} names {cue.value} as its own outlet{others}"
            return detail, (Span(document.id, cue.start, cue.end),)
        if credited and document.source:
            return f"{times} {document.source}, which {document.id} is from", ()
    if at_derived.credits.given:
        first = min(at_derived.credits.given.values(), key=lambda cue: (cue.start, cue.end))
        detail = f"{at_derived.document.id} credits {first.value}, not {at_source.document.id}"
        return detail, (Span(at_derived.document.id, first.start, first.end),)
    return f"neither {at_source.document.id} nor {at_derived.document.id} looks like an agency", ()
