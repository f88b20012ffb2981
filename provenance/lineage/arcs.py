"""Candidate derivations between texts: their weights, and the probability of each."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from provenance.lineage.features import FEATURES
from provenance.lineage.relations import Relations
from provenance.match.collapse import Corpus
from provenance.match.joining import join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_COLUMN = {feature: i for i, feature in enumerate(FEATURES)}
_DENSE = 400
_SUREST = 25.0  # log-odds beyond which the determinant would lose its digits
_AT_A_TIME = 1 << 12  # arcs whose terms are computed at once


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature is worth in log-odds.

    `anywhere` holds between texts of any sources, `across_sources` is added where the two sources
    are known and differ.

    Fitted by maximum likelihood of labelled trees; the table is `weights.json`.
    """

    version: int
    anywhere: "NDArray[np.float64]"
    across_sources: "NDArray[np.float64]"


@dataclass(frozen=True, slots=True)
class Arcs:
    """Every relation read both ways: arc `i` says that `child[i]` took text from `parent[i]`.

    `features` has one row an arc, in the order of `FEATURES`; `score` is what they are worth
    together, in log-odds against having no source; `relation` is the relation's row. `differ`
    tells arcs between sources that are known and not the same.
    """

    parent: "NDArray[np.int32]"
    child: "NDArray[np.int32]"
    relation: "NDArray[np.int64]"
    features: "NDArray[np.float64]"
    score: "NDArray[np.float64]"
    differ: "NDArray[np.bool_]"
    weights: Weights

    def __len__(self) -> int:
        return len(self.parent)

    def reverse(self, arc: int) -> int:
        """Return the arc between the same two texts the other way."""
        half = len(self) // 2
        return arc + half if arc < half else arc - half

    def column(self, feature: str) -> "NDArray[np.float64]":
        """Return one feature of all arcs."""
        return self.features[:, _COLUMN[feature]]

    def terms(self, arc: int) -> "NDArray[np.float64]":
        """Return what each feature of an arc is worth: its score is their sum."""
        return _terms(self.features[arc], self.differ[arc], self.weights)

    def value(self, arc: int, feature: str) -> float:
        """Return one feature of one arc."""
        return float(self.features[arc, _COLUMN[feature]])


@cache
def load_weights() -> Weights:
    """Return the fitted table of the package."""
    return read_weights(files("provenance.lineage").joinpath("weights.json").read_text("utf-8"))


def read_weights(text: str) -> Weights:
    """Return a fitted table from its JSON."""
    table = json.loads(text)
    columns = ("anywhere", "across_sources")
    rows = np.array([[table["weights"][name][c] for c in columns] for name in FEATURES])
    return Weights(table["version"], rows[:, 0], rows[:, 1])


def make_arcs(
    corpus: Corpus, relations: Relations, features: "NDArray[np.float64]", weights: Weights
) -> Arcs:
    """Return the arcs of all relations with their scores; `features` come from `make_features`."""
    differ = across_sources(corpus, relations)
    score = np.empty(len(features))
    for low in range(0, len(score), _AT_A_TIME):
        part = slice(low, low + _AT_A_TIME)
        score[part] = _terms(features[part], differ[part, None], weights).sum(axis=1)
    return Arcs(
        np.concatenate([relations.a, relations.b]),
        np.concatenate([relations.b, relations.a]),
        np.tile(np.arange(len(relations)), 2),
        features,
        score,
        differ,
        weights,
    )


def _terms(
    features: "NDArray[np.float64]", differ: "NDArray[np.bool_]", weights: Weights
) -> "NDArray[np.float64]":
    """Return what features are worth."""
    terms: NDArray[np.float64] = features * (weights.anywhere + differ * weights.across_sources)
    return terms


def across_sources(corpus: Corpus, relations: Relations) -> "NDArray[np.bool_]":
    """Tell, an arc each, whether the sources of its ends are known and differ."""
    source = [corpus.documents[group[0]].source for group in corpus.members]
    differ = [
        source[a] is not None and source[b] is not None and source[a] != source[b]
        for a, b in zip(relations.a.tolist(), relations.b.tolist(), strict=True)
    ]
    return np.tile(np.array(differ, np.bool_), 2)


def tree_roots(primary: "Sequence[int]", arcs: Arcs) -> list[int]:
    """Return the root of each text's tree; `primary` is the arc into each text, -1 for a root."""
    root = [-1] * len(primary)
    for text in range(len(primary)):
        path = [text]
        while root[path[-1]] < 0 and primary[path[-1]] >= 0:
            path.append(int(arcs.parent[primary[path[-1]]]))
        found = root[path[-1]] if root[path[-1]] >= 0 else path[-1]
        for node in path:
            root[node] = found
    return root


def components(nodes: int, arcs: Arcs) -> "NDArray[np.int64]":
    """Return a number for each node that is equal for nodes that arcs join."""
    half = len(arcs) // 2
    pairs = zip(arcs.parent[:half].tolist(), arcs.child[:half].tolist(), strict=True)
    return np.array(join(nodes, pairs), np.int64)


def marginals(arcs: Arcs, component: "NDArray[np.int64]") -> "NDArray[np.float64]":
    """Return the probability of each arc among all forests over its component.

    A forest's probability is the product of its arcs' odds. By the directed matrix-tree theorem
    (Tutte 1948; Koo et al. 2007) the sum over all of them is a determinant. Components of more
    than 400 texts are normalised a child at a time instead.
    """
    probability = np.zeros(len(arcs))
    if not len(arcs):
        return probability
    of_arc = component[arcs.child]
    order_of = np.argsort(of_arc, kind="stable")
    cuts = np.flatnonzero(np.diff(of_arc[order_of])) + 1
    score = np.clip(arcs.score, -_SUREST, _SUREST)
    for rows in np.split(order_of, cuts):
        used, number = np.unique(
            np.concatenate([arcs.parent[rows], arcs.child[rows]]), return_inverse=True
        )
        parent, child = number[: len(rows)], number[len(rows) :]
        top = np.zeros(len(used))
        np.maximum.at(top, child, score[rows])
        weight = np.exp(score[rows] - top[child])
        none = np.exp(-top)
        total = none + np.bincount(child, weight, minlength=len(used))
        if len(used) > _DENSE:
            probability[rows] = weight / total[child]
            continue
        laplacian = np.diag(total)
        np.subtract.at(laplacian, (parent, child), weight)
        inverse = np.linalg.inv(laplacian)
        probability[rows] = weight * (inverse[child, child] - inverse[child, parent])
    return np.clip(probability, 0.0, 1.0)
