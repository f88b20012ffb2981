"""Candidate derivations between texts: features, their weights, and the probability of each."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from provenance.lineage.attribution import Credits
from provenance.lineage.dates import Order, order
from provenance.lineage.relations import Relations
from provenance.match.collapse import Corpus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FEATURES = (
    "joined",
    "share",
    "likeness",
    "contained",
    "published_earlier",
    "published_later",
    "credited",
    "crediting",
    "same_source",
)
_DENSE = 400


@dataclass(frozen=True, slots=True)
class Arcs:
    """Every relation read both ways: arc `i` says that `child[i]` took text from `parent[i]`.

    `features` has one row an arc, in the order of `FEATURES`; `score` is their weighted sum, in
    log-odds against having no source; `relation` is the relation's row, `reverse` the arc the
    other way.
    """

    parent: "NDArray[np.int32]"
    child: "NDArray[np.int32]"
    relation: "NDArray[np.int64]"
    features: "NDArray[np.float64]"
    score: "NDArray[np.float64]"

    def __len__(self) -> int:
        return len(self.parent)

    def reverse(self, arc: int) -> int:
        """Return the arc between the same two texts the other way."""
        half = len(self) // 2
        return arc + half if arc < half else arc - half


@cache
def weights() -> tuple[float, tuple[float, ...]]:
    """Return the weight of having no source, and the weight of every feature."""
    table = json.loads(files("provenance.lineage").joinpath("weights.json").read_text("utf-8"))
    return table["root"], tuple(table["weights"][name] for name in FEATURES)


def make_arcs(corpus: Corpus, relations: Relations, credit: "Sequence[Credits]") -> Arcs:
    """Return the arcs of all relations, with features and scores."""
    parent = np.concatenate([relations.a, relations.b])
    child = np.concatenate([relations.b, relations.a])
    own = np.concatenate([relations.b_share, relations.a_share])
    other = np.concatenate([relations.a_share, relations.b_share])
    likeness = np.tile(relations.jaccard * relations.similarity, 2)
    features = np.zeros((len(parent), len(FEATURES)))
    features[:, 0] = 1.0
    features[:, 1] = own
    features[:, 2] = likeness
    features[:, 3] = own - other
    bearer = [corpus.documents[group[0]] for group in corpus.members]
    for row, (p, c) in enumerate(zip(parent.tolist(), child.tolist(), strict=True)):
        dates = order(bearer[p].published, bearer[c].published)
        features[row, 4] = dates == Order.EARLIER
        features[row, 5] = dates == Order.LATER
        features[row, 6] = credit[c].credit_to(credit[p]) is not None
        features[row, 7] = credit[p].credit_to(credit[c]) is not None
        features[row, 8] = bearer[p].source is not None and bearer[p].source == bearer[c].source
    _, table = weights()
    relation = np.tile(np.arange(len(relations)), 2)
    return Arcs(parent, child, relation, features, features @ np.array(table))


def components(nodes: int, arcs: Arcs) -> "NDArray[np.int64]":
    """Return a number for each node that is equal for nodes that arcs join."""
    parent = list(range(nodes))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    half = len(arcs) // 2
    for a, b in zip(arcs.parent[:half].tolist(), arcs.child[:half].tolist(), strict=True):
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return np.array([root(node) for node in range(nodes)], np.int64)


def marginals(arcs: Arcs, component: "NDArray[np.int64]", root: float) -> "NDArray[np.float64]":
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
    for rows in np.split(order_of, cuts):
        used, number = np.unique(
            np.concatenate([arcs.parent[rows], arcs.child[rows]]), return_inverse=True
        )
        parent, child = number[: len(rows)], number[len(rows) :]
        top = np.full(len(used), root)
        np.maximum.at(top, child, arcs.score[rows])
        weight = np.exp(arcs.score[rows] - top[child])
        none = np.exp(root - top)
        total = none + np.bincount(child, weight, minlength=len(used))
        if len(used) > _DENSE:
            probability[rows] = weight / total[child]
            continue
        laplacian = np.diag(total)
        np.subtract.at(laplacian, (parent, child), weight)
        inverse = np.linalg.inv(laplacian)
        probability[rows] = weight * (inverse[child, child] - inverse[child, parent])
    return np.clip(probability, 0.0, 1.0)
