"""Labelled corpora as the lineage model sees them: arcs, their features, and what truth allows.

Each folder holds `documents.jsonl` (plain or compressed) and truth that `provenance evaluate`
reads. A corpus is used with its stated dates, without any, and, where its `parents.jsonl` gives
`true_date`, with the true ones: weights have to serve in all three states.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from provenance.config import Config
from provenance.evaluation import Truth, read_truth
from provenance.lineage.arcs import Weights, across_sources, components, make_arcs
from provenance.lineage.attribution import read_credits
from provenance.lineage.cues import read_cues
from provenance.lineage.dates import credible, set_apart
from provenance.lineage.features import FEATURES, make_features
from provenance.lineage.relations import find_relations
from provenance.lineage.signals.naming import take_notes
from provenance.match.collapse import Corpus, collapse
from provenance.match.postings import build_postings
from provenance.match.search import Reuse, find_reuse
from provenance.model import Cue, Document
from provenance.readers import read
from provenance.timestamps import parse

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZE = len(FEATURES)
NOTHING = Weights(0, np.zeros(SIZE), np.zeros(SIZE))
LARGEST = 600  # texts in a family: the cost of a determinant grows with the cube
STATES = {"stated": 1.0, "true": 1.0, "undated": 1.0}  # how much each state of the dates counts


@dataclass(frozen=True, slots=True)
class Family:
    """One component: its arcs (rows of the features), their ends as places among its texts."""

    rows: "NDArray[np.int64]"
    parent: "NDArray[np.int64]"
    child: "NDArray[np.int64]"
    texts: "NDArray[np.int64]"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One corpus in one state of its dates, and what truth allows of each text.

    `allowed` flags the arcs that truth allows, `rootless` the texts that truth gives a source.
    """

    name: str
    state: str
    weight: float
    features: "NDArray[np.float64]"
    allowed: "NDArray[np.bool_]"
    rootless: "NDArray[np.bool_]"
    families: tuple[Family, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """A corpus as read and matched once, whatever its dates."""

    name: str
    documents: list[Document]
    reuse: Reuse
    cues: list[tuple[Cue, ...]]
    truth: Truth
    true_dates: dict[str, str]

    def dated(self, state: str) -> list[Document]:
        """Return the documents with the dates of a state."""
        if state == "undated":
            return [replace(document, published=None) for document in self.documents]
        if state == "true":
            return [
                replace(d, published=parse(self.true_dates.get(d.id, "")) or d.published)
                for d in self.documents
            ]
        return self.documents

    def states(self) -> list[str]:
        """Return the states of the dates that the corpus can be used in."""
        known = [d for d in self.documents if d.published is not None]
        return [
            *(["stated"] if known else []),
            *(["true"] if self.true_dates else []),
            "undated",
        ]


def match(folder: Path) -> Matched:
    """Read and match the corpus of a folder."""
    file = next(folder.glob("documents.jsonl*"))
    documents = sorted((d for d in read([file]) if isinstance(d, Document)), key=lambda d: d.id)
    corpus = collapse(documents, compile_kernels=True)
    reuse = find_reuse(corpus, build_postings(corpus.table), Config())
    cues = [read_cues(document) for document in documents]
    dates = {}
    for parents in folder.glob("parents.jsonl*"):
        opened = gzip.open if parents.suffix == ".gz" else open
        with opened(parents, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        dates = {row["id"]: row["true_date"] for row in rows if row.get("true_date")}
    return Matched(folder.name, documents, reuse, cues, read_truth(folder), dates)


def prepare(matched: Matched, weight: float) -> Iterator[Labelled]:
    """Yield the corpus in every state of its dates."""
    for state in matched.states():
        corpus = collapse(matched.dated(state), compile_kernels=True)
        bearers = [group[0] for group in corpus.members]
        documents = [corpus.documents[i] for i in bearers]
        cues = [matched.cues[i] for i in bearers]
        relations = find_relations(corpus, matched.reuse)
        stated = [credible(d.published, d.fetched) for d in documents]
        features = make_features(
            corpus,
            matched.reuse,
            relations,
            [read_credits(d, c) for d, c in zip(documents, cues, strict=True)],
            [take_notes(d, c) for d, c in zip(documents, cues, strict=True)],
            set_apart(stated, relations.neighbours()),
        )
        arcs = make_arcs(corpus, relations, features, NOTHING)
        entering = np.split(
            np.argsort(arcs.child, kind="stable"),
            np.cumsum(np.bincount(arcs.child, minlength=len(bearers)))[:-1],
        )
        allowed, rootless = np.ones(len(arcs), np.bool_), np.zeros(len(bearers), np.bool_)
        for text, true in true_sources(matched.truth, corpus).items():
            rows = entering[text]
            right = rows[np.isin(arcs.parent[rows], list(true))]
            if true and not len(right):
                continue  # the true source was no candidate: this text teaches nothing
            allowed[rows] = False
            allowed[right] = True
            rootless[text] = bool(true)
        across = features * across_sources(corpus, relations)[:, None]
        of_arc = components(len(bearers), arcs)[arcs.child]
        families = [
            family(np.flatnonzero(of_arc == n), arcs.parent, arcs.child)
            for n in np.unique(of_arc).tolist()
        ]
        yield Labelled(
            matched.name,
            state,
            weight * STATES[state],
            np.concatenate([features, across], axis=1),
            allowed,
            rootless,
            tuple(one for one in families if len(one.texts) <= LARGEST),
        )


def family(
    rows: "NDArray[np.int64]", parent: "NDArray[np.int32]", child: "NDArray[np.int32]"
) -> Family:
    """Return a component with its texts numbered from 0."""
    texts, number = np.unique(np.concatenate([parent[rows], child[rows]]), return_inverse=True)
    return Family(rows, number[: len(rows)], number[len(rows) :], texts.astype(np.int64))


def true_sources(truth: Truth, corpus: Corpus) -> dict[int, set[int]]:
    """Return the texts that each text was taken from; hidden sources are seen through.

    A text with hidden sources only is left out: it has a source, and none that can be chosen.
    """
    text_of = {
        d.id: int(t) for d, t in zip(corpus.documents, corpus.text_of, strict=True) if t >= 0
    }
    above: dict[str, set[str]] = {}
    for row in truth.derivations or ():
        if row.asked:
            above.setdefault(row.derived, set()).add(row.source)
    found: dict[int, set[int]] = {}
    for name, text in text_of.items():
        if truth.traced is not None and name not in truth.traced:
            continue
        true, todo = set(), list(above.get(name, ()))
        while todo:
            source = todo.pop()
            if source in text_of:
                true.add(text_of[source])
            else:
                todo.extend(above.get(source, ()))
        if true or not (above.get(name) or name in (truth.fed or ())):
            found.setdefault(text, set()).update(true - {text})
    return found
