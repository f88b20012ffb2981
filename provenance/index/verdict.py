"""The filter's answer to one document."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from provenance.model import (
    Derivation,
    DerivationKind,
    Evidence,
    Match,
    MatchClass,
    MatchKind,
    Span,
)


class VerdictReason(StrEnum):
    """What a document is, compared with those before it."""

    NEW = "new"
    EXACT_DUPLICATE = "exact_duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    CONTAINED = "contained"
    COMPOSITE = "composite"
    REVISION = "revision"
    EXPANSION = "expansion"
    PASSAGES = "passages"


COPIES = frozenset(
    {
        VerdictReason.EXACT_DUPLICATE,
        VerdictReason.NEAR_DUPLICATE,
        VerdictReason.CONTAINED,
        VerdictReason.COMPOSITE,
    }
)
"""Reasons for which a document is a copy."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to keep a document, what it is, and from which earlier ones it has its text.

    `nearest` is the earlier document that decided the reason, None where it is new; `share` the
    part of the document's tokens that earlier ones explain together. `derivations` go from the
    nearest on, the first of them primary; `matches` have the spans on both sides. `replaces` are
    earlier documents in whose place this one is kept, as it is longer.
    """

    document: str
    keep: bool
    reason: VerdictReason
    nearest: str | None = None
    share: float = 0.0
    derivations: tuple[Derivation, ...] = ()
    matches: tuple[Match, ...] = ()
    replaces: tuple[str, ...] = ()

    @property
    def derivation(self) -> Derivation | None:
        """The primary derivation, None where there is none."""
        return self.derivations[0] if self.derivations else None

    @property
    def is_copy(self) -> bool:
        """Whether the document is a copy, kept or not."""
        return self.reason in COPIES

    def to_row(self) -> dict[str, object]:
        """Return the verdict as JSON holds it: what is nothing is left out."""
        row: dict[str, object] = {"keep": self.keep, "reason": self.reason.value}
        if self.nearest is not None:
            row |= {"nearest": self.nearest, "share": round(self.share, 4)}
        if self.replaces:
            row["replaces"] = list(self.replaces)
        if self.derivations:
            row["derivations"] = [_derivation_row(d) for d in self.derivations]
        if self.matches:
            row["matches"] = [_match_row(m) for m in self.matches]
        return row

    @classmethod
    def from_row(cls, document: str, row: Mapping[str, Any]) -> "Verdict":
        """Return the verdict that `to_row` wrote."""
        return cls(
            document,
            row["keep"],
            VerdictReason(row["reason"]),
            row.get("nearest"),
            row.get("share", 0.0),
            tuple(_derivation(value) for value in row.get("derivations", ())),
            tuple(_match(value) for value in row.get("matches", ())),
            tuple(row.get("replaces", ())),
        )


def _derivation_row(derivation: Derivation) -> dict[str, object]:
    return {
        "source": derivation.source,
        "derived": derivation.derived,
        "kind": derivation.kind.value,
        "primary": derivation.primary,
        "decided": derivation.decided,
        "confidence": derivation.confidence,
        "direction_confidence": derivation.direction_confidence,
        "share": derivation.share,
        "evidence": [
            {
                "signal": e.signal,
                "weight": e.weight,
                "detail": e.detail,
                "spans": [[s.document, s.start, s.end] for s in e.spans],
            }
            for e in derivation.evidence
        ],
    }


def _derivation(row: Mapping[str, Any]) -> Derivation:
    evidence = tuple(
        Evidence(e["signal"], e["weight"], e["detail"], tuple(Span(*s) for s in e["spans"]))
        for e in row["evidence"]
    )
    given = {name: row[name] for name in row if name not in ("kind", "evidence")}
    return Derivation(kind=DerivationKind(row["kind"]), evidence=evidence, **given)


def _match_row(match: Match) -> dict[str, object]:
    """Return a match under the names that `matches.jsonl` of a result folder has."""
    return {
        "a": match.a.document,
        "a_start": match.a.start,
        "a_end": match.a.end,
        "b": match.b.document,
        "b_start": match.b.start,
        "b_end": match.b.end,
        "class": match.match_class.value,
        "kind": match.kind.value,
        "similarity": match.similarity,
        "a_containment": match.a_containment,
        "b_containment": match.b_containment,
        "tokens": match.tokens,
    }


def _match(row: Mapping[str, Any]) -> Match:
    return Match(
        Span(row["a"], row["a_start"], row["a_end"]),
        Span(row["b"], row["b_start"], row["b_end"]),
        MatchClass(row["class"]),
        MatchKind(row["kind"]),
        row["similarity"],
        row["a_containment"],
        row["b_containment"],
        row["tokens"],
    )
