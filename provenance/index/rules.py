"""From comparisons with earlier documents to the verdict on a document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from provenance.index.comparison import Comparison, covered
from provenance.index.derivation import Quotations, derive, matches_of
from provenance.index.policy import Copies, Revisions, Rule
from provenance.index.store import Stored
from provenance.index.verdict import COPIES, Verdict, VerdictReason
from provenance.model import Document

_OF_ONE_PAGE = 0.5  # the share of either text from which a page with other words is an update
MOST_SOURCES = 8  # derivations of one verdict


@dataclass(frozen=True)
class Found:
    """An earlier document, what it has in common with the new one, and whether both are one page.

    `name` is its id; a former version of the same id has eight digits of its text's digest behind.
    """

    earlier: Stored
    name: str
    comparison: Comparison
    same_page: bool

    @cached_property
    def share(self) -> float:
        """The part of the new document that this one explains."""
        both = self.comparison
        return max(both.share, 0.0 if both.passages else both.containment)

    @cached_property
    def passed_on(self) -> float:
        """The part of this one that the new document has."""
        both = self.comparison
        return max(both.share_of_other, 0.0 if both.passages else both.passed_on)


def decide(document: Document, tokens: int, found: Sequence[Found], rule: Rule) -> Verdict:
    """Return the verdict on a document of so many tokens; `found` goes in order of arrival.

    In this order the first that holds is the reason: the same tokens; an update of the same page;
    a near-duplicate; contained in one earlier document; composed of several; having an earlier
    one in it; sharing passages. Of several earlier documents the closest decides, of equally close
    ones the first.
    """
    related = [f for f in found if is_related(f, rule)]
    if not related:
        return Verdict(document.id, keep=True, reason=VerdictReason.NEW)
    share = _share_of_all(related, tokens)
    reason, nearest = _reason(related, share, rule)
    ordered = [nearest, *sorted((f for f in related if f is not nearest), key=_closeness)]
    sources, quotations = _sources(ordered), Quotations()
    keep = True
    replaces: tuple[str, ...] = ()
    if reason in COPIES:
        copies = [f for f in related if _is_copy(f, rule)]
        longer = bool(copies) and all(tokens > f.comparison.other_tokens for f in copies)
        keep = rule.copies == Copies.ANNOTATE or (rule.copies == Copies.LONGER and longer)
        if keep and rule.copies == Copies.LONGER:
            replaces = tuple(f.name for f in copies)
    return Verdict(
        document.id,
        keep,
        reason,
        nearest.name,
        round(share, 4),
        derive(document, sources, reason, quotations),
        matches_of(document, sources, quotations),
        replaces,
    )


def _reason(related: Sequence[Found], share: float, rule: Rule) -> tuple[VerdictReason, Found]:
    """Return the first reason that holds, and the document that decides it."""
    tests: tuple[tuple[VerdictReason, Callable[[Found], bool], Callable[[Found], float]], ...] = (
        (
            VerdictReason.EXACT_DUPLICATE,
            lambda f: f.comparison.same_tokens,
            lambda f: float(f.same_page),
        ),
        (
            VerdictReason.REVISION,
            lambda f: rule.revisions == Revisions.KEEP and is_revision(f),
            lambda f: f.earlier.number,
        ),
        (
            VerdictReason.NEAR_DUPLICATE,
            lambda f: f.comparison.jaccard >= rule.threshold,
            lambda f: f.comparison.jaccard,
        ),
        (
            VerdictReason.CONTAINED,
            lambda f: _is_contained(f, rule),
            lambda f: max(f.comparison.containment, f.share),
        ),
        (
            VerdictReason.COMPOSITE,
            lambda _: share >= rule.passage_share,
            lambda f: f.share,
        ),
        (
            VerdictReason.EXPANSION,
            lambda f: f.comparison.passed_on >= rule.containment,
            lambda f: f.comparison.passed_on,
        ),
    )
    for reason, holds, closeness in tests:
        fitting = [f for f in related if holds(f)]
        if fitting:
            return reason, max(fitting, key=lambda f: (closeness(f), -f.earlier.number))
    return VerdictReason.PASSAGES, max(related, key=lambda f: (f.share, -f.earlier.number))


def is_revision(found: Found) -> bool:
    """Tell whether a document is an update of an earlier one of the same page."""
    both = found.comparison
    closest = max(found.share, found.passed_on, both.containment, both.passed_on)
    return found.same_page and closest >= _OF_ONE_PAGE


def is_related(found: Found, rule: Rule) -> bool:
    """Tell whether a document and an earlier one share enough to be told."""
    both = found.comparison
    return (
        bool(both.passages)
        or is_revision(found)
        or _is_copy(found, rule)
        or (both.passed_on >= rule.containment)
    )


def _is_copy(found: Found, rule: Rule) -> bool:
    both = found.comparison
    return both.same_tokens or both.jaccard >= rule.threshold or _is_contained(found, rule)


def _is_contained(found: Found, rule: Rule) -> bool:
    """Tell whether an earlier document has nearly all of a text, be it in other letters."""
    return (
        found.comparison.containment >= rule.containment
        or found.comparison.share >= rule.passage_share
    )


def _share_of_all(related: Sequence[Found], tokens: int) -> float:
    """Return the part of the document's tokens that passages of all earlier ones cover."""
    spans = [(p.own.first, p.own.last) for f in related for p in f.comparison.passages]
    whole = max((f.share for f in related), default=0.0)
    return max(whole, covered(spans) / max(tokens, 1))


def _closeness(found: Found) -> tuple[float, float, int]:
    return -found.share, -found.comparison.jaccard, found.earlier.number


def _sources(ordered: Sequence[Found]) -> list[Found]:
    """Return the nearest and, as long as they explain more of the text, the others."""
    kept: list[Found] = []
    spans: list[tuple[int, int]] = []
    explained = 0
    for found in ordered:
        own = [(p.own.first, p.own.last) for p in found.comparison.passages]
        more = covered([*spans, *own])
        if not kept or more > explained:
            kept.append(found)
            spans, explained = [*spans, *own], more
        if len(kept) == MOST_SOURCES:
            break
    return kept
