"""The rows of a lineage: which document derives from which, told from the arcs between texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.config import Config
from provenance.lineage.attribution import Credits
from provenance.lineage.dates import Order, order
from provenance.lineage.evidence import End, explain_arc
from provenance.lineage.family import Family
from provenance.lineage.hidden import Drawn
from provenance.lineage.signals.naming import Notes
from provenance.match.collapse import Corpus
from provenance.match.results import repeated_texts
from provenance.model import Derivation, DerivationKind, Document, Evidence
from provenance.text.quotations import quoted_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WHOLE = 0.8  # the share from which a text counts as wholly taken, or wholly passed on
_REWRITTEN = 0.7  # the share of equal tokens below which a copy is a rewrite
_HALF = 0.5
_PART = 0.35  # the share below which a text may have taken no more than quotations
_DATED = 0.95  # confidence that the earlier of two documents with the same words was first


@dataclass(frozen=True, slots=True)
class Story:
    """The chosen arcs with the probability of every arc, what was read, hidden sources."""

    family: Family
    probability: "NDArray[np.float64]"
    credit: Sequence[Credits]
    notes: Sequence[Notes]
    drawn: Sequence[Drawn]


def derivations_of(corpus: Corpus, story: Story, config: Config) -> list[Derivation]:
    """Return the rows by derived document, its primary source first."""
    rows = [
        *_of_texts(corpus, story, config),
        *_of_equal_texts(corpus, story, config),
        *_of_hidden(corpus, story.drawn, config),
    ]
    return sorted(rows, key=lambda row: (row.derived, not row.primary, row.source))


def _of_texts(corpus: Corpus, story: Story, config: Config) -> Iterator[Derivation]:
    """Yield the rows between texts, without those in whose place a hidden source stands."""
    replaced = {
        (text, feed.text) for d in story.drawn for feed in d.feeds for text in feed.replaces
    }
    family = story.family
    chosen = [(arc, True) for arc in family.primary if arc >= 0]
    for arc, primary in [*chosen, *((arc, False) for arc in family.further)]:
        parent, child = int(family.arcs.parent[arc]), int(family.arcs.child[arc])
        if (parent, child) not in replaced:
            derived = corpus.documents[corpus.members[child][0]]
            source = _source_among(corpus, parent, derived)
            yield _row(corpus, story, arc, source, derived, config, primary=primary)


def _row(
    corpus: Corpus,
    story: Story,
    arc: int,
    source: Document,
    derived: Document,
    config: Config,
    *,
    primary: bool,
) -> Derivation:
    arcs = story.family.arcs
    forth = float(story.probability[arc])
    back = float(story.probability[arcs.reverse(arc)])
    joined = min(forth + back, 1.0)
    direction = forth / (forth + back) if forth + back > 0 else 0.5
    if not primary:
        joined = direction = max(forth, 1 - 1 / (1 + np.exp(arcs.score[arc])))
    above, below = int(arcs.parent[arc]), int(arcs.child[arc])
    return Derivation(
        source.id,
        derived.id,
        _kind(corpus, story, arc, source, derived),
        primary,
        bool(joined >= config.decided and direction >= config.decided),
        float(joined),
        float(direction),
        arcs.value(arc, "explained"),
        explain_arc(
            arcs,
            arc,
            End(source, story.credit[above], story.notes[above]),
            End(derived, story.credit[below], story.notes[below]),
        ),
    )


def _source_among(corpus: Corpus, text: int, derived: Document, place: int = 0) -> Document:
    """Return the document that stands for a text as a source: the outlet's own, if it has one.

    An outlet revises its own page, though others may hold the same words. Where it has several
    pages with these words, the `place`-th goes with the `place`-th.
    """
    documents = [corpus.documents[i] for i in corpus.members[text]]
    own = _of_outlet(documents, derived)
    return own[min(place, len(own) - 1)] if own else documents[0]


def _of_outlet(documents: Sequence[Document], derived: Document) -> list[Document]:
    """Return the documents of the outlet of `derived` that may be earlier, in order."""
    own = [
        document
        for document in documents
        if derived.source is not None
        and document.source == derived.source
        and order(document.published, derived.published, one_clock=True) != Order.LATER
    ]
    titled = [document for document in own if document.title == derived.title]
    return titled or own


def _kind(
    corpus: Corpus, story: Story, arc: int, source: Document, derived: Document
) -> DerivationKind:
    """Return how the derived text was made, from what it took and what it left."""
    arcs = story.family.arcs
    taken = arcs.value(arc, "explained")
    passed = taken - arcs.value(arc, "contained")
    same = derived.source is not None and source.source == derived.source
    if same and max(taken, passed) >= _HALF:
        return DerivationKind.REVISION
    if taken < _PART and _is_quoted(corpus, story.family, arc):
        return DerivationKind.QUOTATION
    if story.family.relations.similarity[arcs.relation[arc]] < _REWRITTEN:
        return DerivationKind.REWRITE
    if taken >= _WHOLE:
        return DerivationKind.COPY if passed >= _WHOLE else DerivationKind.EXCERPT
    return DerivationKind.EXPANSION if passed >= taken else DerivationKind.EXCERPT


def _is_quoted(corpus: Corpus, family: Family, arc: int) -> bool:
    """Tell whether what a text took stands mostly between quotation marks there."""
    parent, child = int(family.arcs.parent[arc]), int(family.arcs.child[arc])
    shared = family.coverage.shared(child, parent)
    starts = corpus.table.starts[corpus.table.slice(child)]
    quoted = np.zeros(len(shared), np.bool_)
    for low, high in quoted_spans(corpus.texts[child]):
        first, last = np.searchsorted(starts, [low, high]).tolist()
        quoted[first:last] = True
    return int((shared & quoted).sum()) >= _HALF * int(shared.sum())


def _of_equal_texts(corpus: Corpus, story: Story, config: Config) -> Iterator[Derivation]:
    """Yield a row for each document that has the same tokens as its text's bearer.

    Where its outlet has an earlier version of which these words are the revision, that is the
    source; else the outlet's own page with these words, or the bearer.
    """
    for group in repeated_texts(corpus, config.min_tokens):
        arc = story.family.primary[corpus.text_of[group[0]]]
        documents = [corpus.documents[i] for i in group]
        versions: list[Document] = []
        if arc >= 0:
            above = corpus.members[int(story.family.arcs.parent[arc])]
            versions = [corpus.documents[i] for i in above]
        for place, copy in enumerate(documents[1:], 1):
            before = _of_outlet(documents[:place], copy)
            earlier = _of_outlet(versions, copy)
            if len(earlier) > len(before):
                yield _row(corpus, story, arc, earlier[len(before)], copy, config, primary=True)
            else:
                yield _same_words(before[-1] if before else documents[0], copy, config)


def _same_words(source: Document, copy: Document, config: Config) -> Derivation:
    same = source.source == copy.source
    first = order(source.published, copy.published, one_clock=same) == Order.EARLIER
    direction = _DATED if first else _HALF
    evidence = [Evidence("shared_text", 6.0, "both have the same words from end to end")]
    if first:
        detail = f"{source.id} is dated {source.published}, {copy.id} {copy.published}"
        evidence.append(Evidence("published_first", float(np.log(19)), detail))
    return Derivation(
        source.id,
        copy.id,
        DerivationKind.COPY,
        True,  # noqa: FBT003 - the primary source
        direction >= config.decided,
        1.0,
        direction,
        1.0,
        tuple(evidence),
    )


def _of_hidden(corpus: Corpus, drawn: Sequence[Drawn], config: Config) -> Iterator[Derivation]:
    """Yield the rows from hidden sources to the documents they feed."""
    seen: set[str] = set()
    for source in drawn:
        for feed in source.feeds:
            derived = corpus.documents[corpus.members[feed.text][0]].id
            yield Derivation(
                source.source.id,
                derived,
                DerivationKind.COPY if feed.share >= _WHOLE else DerivationKind.EXCERPT,
                derived not in seen,
                feed.confidence >= config.decided,
                feed.confidence,
                feed.confidence,
                feed.share,
                feed.evidence,
            )
            seen.add(derived)
