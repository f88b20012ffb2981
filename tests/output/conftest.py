"""One small story, audited by hand: a wire text, its copies, and an agency that is not there."""

from dataclasses import replace

import pytest

from provenance.audit import Audit
from provenance.config import Config
from provenance.model import (
    Cluster,
    Cue,
    Derivation,
    DerivationKind,
    Document,
    DocumentReport,
    Evidence,
    HiddenSource,
    KeepReason,
    Lineage,
    Match,
    MatchClass,
    MatchKind,
    Pair,
    Passage,
    Skipped,
    Span,
)
from provenance.readers import Note
from provenance.timestamps import parse

HOSTILE = "tab\there, \x1b[31mred\x1b[0m, \u202egnikool, \x00 \x9b \ud800 line\nbreak\r\u2028| end"


def make_report(name, *, published=None, source=None, tokens=100, text="Ships wait.", **fields):
    """Return a document that stands for itself."""
    document = Document(name, text, published=parse(published), source=source, path=name, **fields)
    return DocumentReport(
        document,
        tokens,
        "d1",
        None,
        keep=True,
        reason=KeepReason.ONLY_COPY,
        sources=(),
        hidden_sources=(),
        cues=(),
    )


def make_row(derived, source, *, decided=True, primary=True, **fields):
    """Return a derivation, sure unless it is undecided."""
    given = {
        "kind": DerivationKind.COPY,
        "confidence": 0.97,
        "direction_confidence": 0.96 if decided else 0.5,
        "share": 0.9,
        "evidence": (Evidence("published_first", 2.5, f"{source} was published first"),),
    }
    return Derivation(
        source=source, derived=derived, primary=primary, decided=decided, **{**given, **fields}
    )


def make_audited(documents=(), derivations=(), hidden=(), **fields):
    """Return an audit with empty parts where none are given."""
    given = {
        "documents": tuple(documents),
        "pairs": (),
        "matches": (),
        "passages": (),
        "clusters": (),
        "lineage": Lineage(tuple(derivations), tuple(hidden)),
        "counts": {},
        "skipped": (),
        "notes": (),
        "config": Config(),
    }
    return Audit(**{**given, **fields})


@pytest.fixture(scope="session")
def report():
    """Give the function that makes one document's report."""
    return make_report


@pytest.fixture(scope="session")
def row():
    """Give the function that makes one derivation."""
    return make_row


@pytest.fixture(scope="session")
def audited():
    """Give the function that makes an audit."""
    return make_audited


@pytest.fixture(scope="session")
def hostile():
    """Give a text that would break a table or take over a terminal."""
    return HOSTILE


@pytest.fixture(scope="session")
def story():
    """Wire copy of an unseen agency, two papers after it, an undecided pair, a loner."""
    credit = Evidence("credit_line", 4.0, 'credits "(AP) —"', (Span("wire.txt", 0, 4),))
    against = Evidence("published_first", -0.7, "the paper's date is a day earlier")
    reports = [
        make_report("alone.txt", text="Nothing to see."),
        make_report("left.txt", source="Left Post"),
        make_report(
            "paper.txt", published="2024-03-02", source="Harbour Daily", title="Ships wait"
        ),
        make_report("right.txt", published="2024-03-03"),
        make_report("trim.txt", published="2024-03-02T10:15:00Z"),
        replace(
            make_report("wire.txt", published="2024-03-01", source="Wire"),
            cluster="c1",
            hidden_sources=("~AP#3f2a",),
            cues=(Cue("credit_line", "AP", 0, 4, 0, 4),),
        ),
    ]
    return make_audited(
        reports,
        [
            make_row("wire.txt", "~AP#3f2a", evidence=(credit,)),
            make_row("paper.txt", "wire.txt", evidence=(credit, against)),
            make_row("trim.txt", "wire.txt", kind=DerivationKind.EXCERPT),
            make_row(
                "trim.txt", "left.txt", primary=False, kind=DerivationKind.QUOTATION, share=0.12
            ),
            make_row("right.txt", "left.txt", decided=False),
        ],
        [HiddenSource("~AP#3f2a", "AP", "credit_line", ("wire.txt",))],
        pairs=(Pair("paper.txt", "wire.txt", 0.81239, 0.9, 0.88),),
        matches=(
            Match(
                Span("paper.txt", 5, 11),
                Span("wire.txt", 0, 6),
                MatchClass.REUSE,
                MatchKind.NEAR,
                0.97,
                0.9,
                0.88,
                214,
            ),
        ),
        passages=(
            Passage(
                "p1",
                MatchClass.REUSE,
                (Span("paper.txt", 5, 11), Span("wire.txt", 0, 6)),
                2,
                2,
                214,
                "Ships wait off the harbour",
            ),
            Passage("p2", MatchClass.BOILERPLATE, (), 40, 1, 9, "Sign up for our newsletter"),
        ),
        clusters=(Cluster("c1", "wire.txt", ("paper.txt", "trim.txt", "wire.txt"), 0.81),),
        counts={"candidates": 12, "seeds_sampled": 3},
        skipped=(Skipped("photo.jpg", "not text"),),
        notes=(Note("paper.txt", "read as windows-1252"),),
    )
