from dataclasses import dataclass, field

import pytest

from provenance.evaluation import Truth, evaluate
from provenance.model import (
    Derivation,
    DerivationKind,
    Document,
    DocumentReport,
    KeepReason,
    Lineage,
    Match,
    MatchClass,
    MatchKind,
    Span,
)


@dataclass
class Result:
    """What a scan found, as far as a test needs it."""

    documents: tuple = ()
    pairs: tuple = ()
    matches: tuple = ()
    passages: tuple = ()
    clusters: tuple = ()
    lineage: Lineage = field(default_factory=lambda: Lineage((), ()))


def make_result(ids, rows=(), hidden=(), digests=None, **fields):
    """Make a result of documents by id; texts are equal where digests are."""
    reports = tuple(
        DocumentReport(
            Document(name, ""),
            100,
            (digests or {}).get(name, name),
            None,
            keep=True,
            reason=KeepReason.ORIGINAL,
            sources=(),
            hidden_sources=(),
            cues=(),
        )
        for name in ids
    )
    return Result(documents=reports, lineage=Lineage(tuple(rows), tuple(hidden)), **fields)


def make_row(source, derived, confidence=0.9, direction=0.9, **fields):
    """Make a derivation."""
    given = {"kind": DerivationKind.COPY, "primary": True, "decided": True, "share": 0.9}
    return Derivation(
        source=source,
        derived=derived,
        confidence=confidence,
        direction_confidence=direction,
        **{**given, **fields},
    )


def make_match(a, b, match_class=MatchClass.REUSE):
    """Make a match of two (document, start, end)."""
    return Match(Span(*a), Span(*b), match_class, MatchKind.NEAR, 1.0, 1.0, 1.0, 9)


@pytest.fixture(scope="session")
def result():
    """Give the function that makes a result."""
    return make_result


@pytest.fixture(scope="session")
def row():
    """Give the function that makes a derivation."""
    return make_row


@pytest.fixture(scope="session")
def match():
    """Give the function that makes a match."""
    return make_match


@pytest.fixture(scope="session")
def score():
    """Give the function that scores a result and names each figure's value."""

    def score(found, **truth):
        scored = evaluate(found, Truth(**truth), resamples=20)
        return {figure.figure: figure.value for figure in scored.figures}

    return score
