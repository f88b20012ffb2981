"""The lineage of a corpus: primary sources, further ones, hidden ones, and what is undecided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.config import Config
from provenance.lineage.arcs import Arcs, components, load_weights, make_arcs, marginals, tree_roots
from provenance.lineage.attribution import Credits, read_credits
from provenance.lineage.branching import maximum_branching
from provenance.lineage.dates import Order, order, set_apart
from provenance.lineage.evidence import explain_arc
from provenance.lineage.features import make_features, take_notes
from provenance.lineage.further import find_further_sources
from provenance.lineage.hidden import Drawn, draw_hidden_sources
from provenance.lineage.relations import Relations, find_relations
from provenance.match.collapse import Corpus
from provenance.match.results import long_texts
from provenance.match.search import Reuse
from provenance.model import Cue, Derivation, DerivationKind, Document, Evidence, Lineage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WHOLE = 0.8  # the share from which a text counts as wholly taken, or wholly passed on
_REWRITTEN = 0.7  # the share of equal tokens below which a copy is a rewrite


@dataclass(frozen=True, slots=True)
class Story:
    """The lineage of texts: the chosen arc into each text (-1 for a root), and further arcs."""

    relations: Relations
    arcs: Arcs
    probability: "NDArray[np.float64]"
    primary: Sequence[int]
    further: Sequence[int]


def trace_lineage(
    corpus: Corpus, reuse: Reuse, cues: Sequence[Sequence[Cue]], config: Config
) -> Lineage:
    """Return which document derives from which; `cues` are those of each document.

    The result depends on the documents only, never on their order or their ids.
    """
    relations = find_relations(corpus, reuse)
    bearers = [group[0] for group in corpus.members]
    credit = [read_credits(corpus.documents[i], cues[i]) for i in bearers]
    notes = [take_notes(corpus.documents[i], cues[i]) for i in bearers]
    stated = [corpus.documents[i].published for i in bearers]
    published = set_apart(stated, relations.neighbours())
    features = make_features(corpus, reuse, relations, credit, notes, published)
    weights = load_weights()
    arcs = make_arcs(corpus, relations, features, weights)
    probability = marginals(arcs, components(len(corpus.members), arcs))
    primary = maximum_branching(
        len(corpus.members),
        list(zip(arcs.parent.tolist(), arcs.child.tolist(), arcs.score.tolist(), strict=True)),
        weights.decoded_root,
    )
    further = find_further_sources(corpus, arcs, primary, published)
    story = Story(relations, arcs, probability, primary, further)
    drawn = draw_hidden_sources(corpus, cues, credit, arcs, primary, relations)
    fed = {text for source in drawn for text, *_ in source.feeds}
    rows = [
        *_of_texts(corpus, story, credit, fed, config),
        *_of_equal_texts(corpus, config),
        *_of_hidden(corpus, drawn, config),
    ]
    rows.sort(key=lambda row: (row.derived, not row.primary, row.source))
    return Lineage(tuple(rows), tuple(source.source for source in drawn))


def _of_texts(
    corpus: Corpus, story: Story, credit: Sequence[Credits], fed: set[int], config: Config
) -> list[Derivation]:
    """Return the rows between texts; those `fed` by a hidden source have that as their primary."""
    rows = []
    root = tree_roots(story.primary, story.arcs)
    chosen = [(arc, True) for arc in story.primary if arc >= 0]
    for arc, primary in [*chosen, *((arc, False) for arc in story.further)]:
        ends = int(story.arcs.parent[arc]), int(story.arcs.child[arc])
        if ends[1] in fed and root[ends[0]] == root[ends[1]]:
            continue
        parent, child = int(story.arcs.parent[arc]), int(story.arcs.child[arc])
        source = corpus.documents[corpus.members[parent][0]]
        derived = corpus.documents[corpus.members[child][0]]
        forth = float(story.probability[arc])
        back = float(story.probability[story.arcs.reverse(arc)])
        joined = min(forth + back, 1.0)
        direction = forth / (forth + back) if forth + back > 0 else 0.5
        if not primary:
            joined = direction = max(forth, 1 - 1 / (1 + np.exp(story.arcs.score[arc])))
        evidence = explain_arc(story.arcs, arc, source, derived, credit[child], credit[parent])
        rows.append(
            Derivation(
                source.id,
                derived.id,
                _kind(story, arc, source, derived),
                primary,
                bool(joined >= config.decided and direction >= config.decided),
                float(joined),
                float(direction),
                story.arcs.value(arc, "explained"),
                evidence,
            )
        )
    return rows


def _kind(story: Story, arc: int, source: Document, derived: Document) -> DerivationKind:
    """Return how the derived text was made, from what it took and what it left."""
    taken = story.arcs.value(arc, "explained")
    passed = taken - story.arcs.value(arc, "contained")
    same = derived.source is not None and source.source == derived.source
    if same and max(taken, passed) >= 0.5:
        return DerivationKind.REVISION
    if story.relations.similarity[story.arcs.relation[arc]] < _REWRITTEN:
        return DerivationKind.REWRITE
    if taken >= _WHOLE:
        return DerivationKind.COPY if passed >= _WHOLE else DerivationKind.EXCERPT
    return DerivationKind.EXPANSION if passed >= taken else DerivationKind.EXCERPT


def _of_equal_texts(corpus: Corpus, config: Config) -> list[Derivation]:
    """Return a row for each document that has the same tokens as its text's bearer."""
    rows = []
    for group in long_texts(corpus, config.min_tokens):
        bearer = corpus.documents[group[0]]
        for index in group[1:]:
            copy = corpus.documents[index]
            dates = order(bearer.published, copy.published)
            direction = 0.95 if dates == Order.EARLIER else 0.5
            evidence = [Evidence("shared_text", 6.0, "both have the same words from end to end")]
            if dates == Order.EARLIER:
                evidence.append(
                    Evidence(
                        "published_first",
                        2.9,
                        f"{bearer.id} is dated {bearer.published}, {copy.id} {copy.published}",
                    )
                )
            kind = DerivationKind.COPY
            rows.append(
                Derivation(
                    bearer.id,
                    copy.id,
                    kind,
                    True,  # noqa: FBT003 - the primary source
                    direction >= config.decided,
                    1.0,
                    direction,
                    1.0,
                    tuple(evidence),
                )
            )
    return rows


def _of_hidden(corpus: Corpus, drawn: Sequence[Drawn], config: Config) -> list[Derivation]:
    """Return the rows from hidden sources to the documents they feed."""
    rows = []
    seen: set[str] = set()
    for source in drawn:
        for text, confidence, share, evidence in source.feeds:
            derived = corpus.documents[corpus.members[text][0]].id
            rows.append(
                Derivation(
                    source.source.id,
                    derived,
                    DerivationKind.COPY if share >= _WHOLE else DerivationKind.EXCERPT,
                    derived not in seen,
                    confidence >= config.decided,
                    confidence,
                    confidence,
                    share,
                    evidence,
                )
            )
            seen.add(derived)
    return rows
