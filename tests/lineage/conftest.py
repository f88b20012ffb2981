"""Small stories, and everything that is known of them on the way to their lineage."""

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from provenance.config import Config
from provenance.lineage.arcs import Arcs, load_weights, make_arcs, tree_roots
from provenance.lineage.attribution import read_credits
from provenance.lineage.branching import maximum_branching
from provenance.lineage.coverage import Coverage
from provenance.lineage.cues import read_cues
from provenance.lineage.dates import set_apart
from provenance.lineage.family import Family
from provenance.lineage.features import FEATURES, make_features
from provenance.lineage.relations import Relations, find_relations
from provenance.lineage.signals.naming import take_notes
from provenance.match.collapse import Corpus, collapse
from provenance.match.postings import build_postings
from provenance.match.search import Reuse, find_reuse
from provenance.model import Document
from provenance.timestamps import parse

SYLLABLES = ("ba", "ko", "ri", "tu", "men", "sol", "var", "dep", "lin", "gos", "fay", "hum")


def invent(seed, sentences):
    """Return sentences of eight to sixteen words, of which no two seeds share one."""
    draw = random.Random(seed)
    found = []
    for _ in range(sentences):
        words = ["".join(draw.choices(SYLLABLES, k=3)) for _ in range(draw.randint(8, 16))]
        found.append(f"{' '.join(words).capitalize()}.")
    return found


@dataclass(frozen=True)
class Study:
    """A corpus with its relations and the candidate arcs between its texts."""

    corpus: Corpus
    reuse: Reuse
    relations: Relations
    cues: Any
    credit: Any
    published: Any
    arcs: Arcs
    notes: Any
    coverage: Coverage

    def text(self, name):
        """Return the text of a document."""
        number = [document.id for document in self.corpus.documents].index(name)
        return int(self.corpus.text_of[number])

    def name(self, text):
        """Return the document that bears a text."""
        return self.corpus.documents[self.corpus.members[text][0]].id

    def arc(self, source, derived):
        """Return the arc between two documents."""
        ends = (self.arcs.parent == self.text(source)) & (self.arcs.child == self.text(derived))
        (found,) = np.flatnonzero(ends)
        return int(found)

    def features(self, source, derived):
        """Return the features of the arc between two documents by name."""
        row = self.arcs.features[self.arc(source, derived)].tolist()
        return dict(zip(FEATURES, row, strict=True))

    def tree(self, *ends):
        """Return the arc into each text of a tree of these (source, derived) documents."""
        primary = [-1] * len(self.corpus.members)
        for source, derived in ends:
            primary[self.text(derived)] = self.arc(source, derived)
        return primary

    def family(self, primary):
        """Return the visible lineage that these arcs make."""
        return Family(
            self.arcs,
            primary,
            (),
            self.relations,
            self.coverage,
            self.relations.neighbours(),
            tree_roots(primary, self.arcs),
        )

    def best_tree(self):
        """Return the arc into each text of the best tree."""
        rows = zip(
            self.arcs.parent.tolist(),
            self.arcs.child.tolist(),
            self.arcs.score.tolist(),
            strict=True,
        )
        return maximum_branching(len(self.corpus.members), list(rows))


@pytest.fixture(scope="session")
def sentences():
    """Return a maker of invented sentences."""
    return invent


@pytest.fixture(scope="session")
def page():
    """Return a maker of documents: an id, sentences, and what else is known."""

    def make(name, lines, published=None, source=None, credit=None):
        text = "\n\n".join(" ".join(lines[i : i + 3]) for i in range(0, len(lines), 3))
        if credit is not None:
            text += f"\n\nSource: {credit}"
        return Document(name, text, source=source, published=parse(published))

    return make


@pytest.fixture(scope="session")
def study():
    """Return what is known of some documents before their lineage is chosen."""

    def make(*documents):
        documents = sorted(documents, key=lambda document: document.id)
        corpus = collapse(documents, compile_kernels=False)
        reuse = find_reuse(corpus, build_postings(corpus.table), Config())
        relations = find_relations(corpus, reuse)
        bearers = [documents[group[0]] for group in corpus.members]
        cues = [read_cues(document) for document in bearers]
        credit = [read_credits(d, c) for d, c in zip(bearers, cues, strict=True)]
        notes = [take_notes(d, c) for d, c in zip(bearers, cues, strict=True)]
        published = set_apart([d.published for d in bearers], relations.neighbours())
        features = make_features(corpus, reuse, relations, credit, notes, published)
        arcs = make_arcs(corpus, relations, features, load_weights())
        every = [read_cues(document) for document in documents]
        coverage = Coverage(corpus, reuse)
        return Study(corpus, reuse, relations, every, credit, published, arcs, notes, coverage)

    return make
