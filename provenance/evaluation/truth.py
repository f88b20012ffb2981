"""What is known to be true of a corpus: what a result is measured against."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from provenance.model import MatchClass, Span

SHARING = frozenset({"parent", "ancestor", "sibling"})


@dataclass(frozen=True, slots=True)
class TruePassage:
    """Two spans that share a wording; `kind` names the edits between them."""

    a: Span
    b: Span
    passage_class: MatchClass
    kind: str | None


@dataclass(frozen=True, slots=True)
class TruePair:
    """Two documents, `a < b`, and what is known of them; None where nothing is said.

    `shares` says whether one text was reused in the other or in both; `relation` how;
    `jaccard` is the exact likeness and `words` the length of the shorter text.
    """

    a: str
    b: str
    shares: bool | None = None
    relation: str | None = None
    jaccard: float | None = None
    words: int | None = None


@dataclass(frozen=True, slots=True)
class TrueDerivation:
    """`derived` took text from `source`, a document or, with `~`, a hidden source.

    Where `asked` is false a result may hold the row or not; where `certain` is false nobody
    could tell the direction.
    """

    source: str
    derived: str
    asked: bool = True
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything that truth files say; None means that they do not speak of it.

    `documents` are those that the truth is about (None: all of the result). `groups` are
    disjoint parts of the corpus between which nothing derives. `traced` are the documents whose
    sources are known (None: of all). `only_listed` says that only the pairs in `pairs` are
    judged. `fed` are the documents that took text from a hidden source directly, and
    `hidden_sources` the documents of each.
    """

    documents: frozenset[str] | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    passages: tuple[TruePassage, ...] | None = None
    boilerplate: tuple[Span, ...] | None = None
    pairs: tuple[TruePair, ...] | None = None
    only_listed: bool = False
    clusters: tuple[frozenset[str], ...] | None = None
    derivations: tuple[TrueDerivation, ...] | None = None
    traced: frozenset[str] | None = None
    fed: frozenset[str] | None = None
    hidden_sources: tuple[frozenset[str], ...] | None = None

    def named(self) -> set[str]:
        """Return the ids of all documents that any row names."""
        ids = {*(self.documents or ()), *self.groups, *(self.traced or ()), *(self.fed or ())}
        for passage in self.passages or ():
            ids |= {passage.a.document, passage.b.document}
        ids |= {span.document for span in self.boilerplate or ()}
        for pair in self.pairs or ():
            ids |= {pair.a, pair.b}
        for row in self.derivations or ():
            ids |= {row.source, row.derived}
        ids = ids.union(*self.clusters or (), *self.hidden_sources or ())
        return {name for name in ids if not is_hidden(name)}


def is_hidden(name: str) -> bool:
    """Return whether an id is that of a hidden source."""
    return name.startswith("~")
