"""The lineage of a corpus: primary sources, further ones, hidden ones, and what is undecided."""

from collections.abc import Sequence

from provenance.config import Config
from provenance.lineage.arcs import (
    Weights,
    components,
    load_weights,
    make_arcs,
    marginals,
    tree_roots,
)
from provenance.lineage.attribution import read_credits
from provenance.lineage.branching import maximum_branching
from provenance.lineage.coverage import Coverage
from provenance.lineage.dates import credible, set_apart
from provenance.lineage.derivations import Story, derivations_of
from provenance.lineage.family import Family
from provenance.lineage.features import make_features
from provenance.lineage.further import find_sources
from provenance.lineage.hidden import draw_hidden_sources
from provenance.lineage.relations import find_relations
from provenance.lineage.signals.naming import take_all_notes
from provenance.match.collapse import Corpus
from provenance.match.search import Reuse
from provenance.model import Cue, Lineage


def trace_lineage(
    corpus: Corpus,
    reuse: Reuse,
    cues: Sequence[Sequence[Cue]],
    config: Config,
    weights: Weights | None = None,
) -> Lineage:
    """Return which document derives from which; `cues` are those of each document.

    `weights` are those of the package unless others are given.

    The result depends on the documents only, never on their order or their ids.
    """
    relations = find_relations(corpus, reuse)
    bearers = [group[0] for group in corpus.members]
    credit = [read_credits(corpus.documents[i], cues[i]) for i in bearers]
    near = relations.neighbours()
    notes = take_all_notes(
        [corpus.documents[i] for i in bearers],
        [cues[i] for i in bearers],
        [bool(others) for others in near],
        compile_kernels=corpus.compile_kernels,
        workers=corpus.workers,
    )
    stated = [credible(corpus.documents[i].published, corpus.documents[i].fetched) for i in bearers]
    published = set_apart(stated, near)
    features = make_features(corpus, reuse, relations, credit, notes, published)
    weights = weights or load_weights()
    arcs = make_arcs(corpus, relations, features, weights)
    probability = marginals(arcs, components(len(corpus.members), arcs))
    tree = maximum_branching(
        len(corpus.members),
        list(zip(arcs.parent.tolist(), arcs.child.tolist(), arcs.score.tolist(), strict=True)),
    )
    coverage = Coverage(corpus, reuse)
    primary, further = find_sources(corpus, coverage, arcs, tree, published)
    family = Family(arcs, primary, further, relations, coverage, near, tree_roots(primary, arcs))
    drawn = draw_hidden_sources(corpus, cues, credit, notes, family)
    rows = derivations_of(corpus, Story(family, probability, credit, notes, drawn), config)
    return Lineage(tuple(rows), tuple(source.source for source in drawn))
