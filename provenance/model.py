"""The nouns: what is read, what is found, and what is concluded.

Every position is a half-open range of code points of :attr:`Document.text`, exactly as read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class MatchClass(StrEnum):
    """Why two texts share a wording."""

    REUSE = "reuse"
    QUOTATION = "quotation"
    WIDELY_SHARED = "widely_shared"
    BOILERPLATE = "boilerplate"


class MatchKind(StrEnum):
    """How closely two aligned spans agree."""

    EXACT = "exact"
    NEAR = "near"
    REWRITTEN = "rewritten"


class DerivationKind(StrEnum):
    """How a derived text was made from its source."""

    COPY = "copy"
    EXCERPT = "excerpt"
    EXPANSION = "expansion"
    REVISION = "revision"
    REWRITE = "rewrite"
    QUOTATION = "quotation"


class KeepReason(StrEnum):
    """Why a document is kept or is called a copy."""

    ORIGINAL = "original"
    ONLY_COPY = "only_copy"
    EXACT_DUPLICATE = "exact_duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    CONTAINED = "contained"
    REVISION = "revision"
    UNDECIDED = "undecided"


class Precision(StrEnum):
    """The smallest unit that a date states."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A stated date, with the precision it was stated in.

    `text` is ISO 8601 cut at the precision; `earliest` and `latest` are the first and the last
    second (Unix time, UTC) that it can mean, time zones included where none is stated.
    """

    text: str
    precision: Precision
    earliest: int
    latest: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Document:
    """One text exactly as read, and what was known about it.

    `published_from` names the field or tag that the date of publication was read from.
    """

    id: str
    text: str
    source: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: Timestamp | None = None
    fetched: Timestamp | None = None
    language: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    path: str | None = None
    offsets_of: str = "file"
    published_from: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points of one document's text."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """Input that was left out, where it stood, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cue:
    """Words in a text that say where it, or a part of it, comes from.

    `value` is the name or address that is read; `start` and `end` are where it was read;
    `covers_start` and `covers_end` bound the part of the text that it speaks for.
    """

    signal: str
    value: str
    start: int
    end: int
    covers_start: int
    covers_end: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents and their exact likeness over full shingle sets; `a < b`."""

    a: str
    b: str
    jaccard: float
    a_containment: float
    b_containment: float


@dataclass(frozen=True, slots=True)
class Match:
    """Two spans that align; undirected, `a.document < b.document`.

    `similarity` is the share of equal tokens in the alignment; `a_containment` and
    `b_containment` are the shares of each document's tokens that the match covers;
    `tokens` counts the equal tokens.
    """

    a: Span
    b: Span
    match_class: MatchClass
    kind: MatchKind
    similarity: float
    a_containment: float
    b_containment: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One wording seen in several documents."""

    id: str
    passage_class: MatchClass
    spans: tuple[Span, ...]
    documents: int
    sources: int
    tokens: int
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Documents that share substantially the same text; each matches the representative."""

    id: str
    representative: str
    members: tuple[str, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against a derivation; `weight` is in log-odds, negative speaks against."""

    signal: str
    weight: float
    detail: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """`derived` took text from `source`, a document id or the id of a hidden source.

    `confidence` is the probability that the two are joined, `direction_confidence` that the
    text went from `source` to `derived`; `share` is the part of the derived document's tokens
    that the source explains. Where `decided` is false the direction is only the likelier one.
    """

    source: str
    derived: str
    kind: DerivationKind
    primary: bool
    decided: bool
    confidence: float
    direction_confidence: float
    share: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class HiddenSource:
    """A source that is not in the corpus; ids begin with `~`."""

    id: str
    name: str
    signal: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """The directed acyclic graph over documents and hidden sources."""

    derivations: tuple[Derivation, ...]
    hidden_sources: tuple[HiddenSource, ...]


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What the audit says of one document."""

    document: Document
    tokens: int
    digest: str
    cluster: str | None
    keep: bool
    reason: KeepReason
    sources: tuple[str, ...]
    hidden_sources: tuple[str, ...]
    cues: tuple[Cue, ...]
