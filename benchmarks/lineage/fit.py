"""Fit the weights of the lineage model to labelled corpora: `fit.py [--out FILE] DIR [DIR ...]`.

Each DIR holds `documents.jsonl` (plain or compressed) and truth that `provenance evaluate` reads
(`parents.jsonl`, `edges.jsonl`, or `truth/derivations.jsonl`). Every corpus is used with its
stated dates and again without any. The weights maximise the likelihood of the true sources among
all trees (directed matrix-tree theorem), with a quadratic penalty on standardised features.
`DIR=0.3` gives a corpus 0.3 times the weight.
"""

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from provenance.config import Config
from provenance.evaluation import read_truth
from provenance.lineage.arcs import Weights, across_sources, components, make_arcs
from provenance.lineage.attribution import read_credits
from provenance.lineage.cues import read_cues
from provenance.lineage.dates import set_apart
from provenance.lineage.features import FEATURES, make_features
from provenance.lineage.relations import find_relations
from provenance.lineage.signals.naming import take_notes
from provenance.match.collapse import collapse
from provenance.match.postings import build_postings
from provenance.match.search import find_reuse
from provenance.model import Document
from provenance.readers import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SIZE = len(FEATURES)
NOTHING = Weights(0, 0.0, np.zeros(SIZE), np.zeros(SIZE))


@dataclass(frozen=True, slots=True)
class Family:
    """One component: its arcs (rows of the features), their ends as places among its texts."""

    rows: "NDArray[np.int64]"
    parent: "NDArray[np.int64]"
    child: "NDArray[np.int64]"
    texts: "NDArray[np.int64]"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One corpus with one state of its dates, and what truth allows of each text.

    `allowed` flags the arcs that truth allows, `rootless` the texts that truth gives a source.
    """

    name: str
    weight: float
    features: "NDArray[np.float64]"
    allowed: "NDArray[np.bool_]"
    rootless: "NDArray[np.bool_]"
    families: tuple[Family, ...]


def prepare(folder: Path, weight: float) -> "Iterator[Labelled]":
    """Yield the corpus with its stated dates, and without any."""
    file = next(folder.glob("documents.jsonl*"))
    documents = sorted((d for d in read([file]) if isinstance(d, Document)), key=lambda d: d.id)
    corpus = collapse(documents, compile_kernels=True)
    reuse = find_reuse(corpus, build_postings(corpus.table), Config())
    relations = find_relations(corpus, reuse)
    bearers = [group[0] for group in corpus.members]
    cues = [read_cues(documents[i]) for i in bearers]
    sources = true_sources(folder, corpus)
    for dated in (True, False):
        kept = documents if dated else [replace(d, published=None) for d in documents]
        part = replace(corpus, documents=kept)
        features = make_features(
            part,
            reuse,
            relations,
            [read_credits(kept[i], c) for i, c in zip(bearers, cues, strict=True)],
            [take_notes(kept[i], c) for i, c in zip(bearers, cues, strict=True)],
            set_apart([kept[i].published for i in bearers], relations.neighbours()),
        )
        arcs = make_arcs(part, relations, features, NOTHING)
        allowed, rootless = np.ones(len(arcs), np.bool_), np.zeros(len(bearers), np.bool_)
        for text, true in sources.items():
            rows = np.flatnonzero(arcs.child == text)
            right = rows[np.isin(arcs.parent[rows], list(true))]
            if true and not len(right):
                continue  # the true source was no candidate: this text teaches nothing
            allowed[rows] = False
            allowed[right] = True
            rootless[text] = bool(true)
        across = features * across_sources(part, relations)[:, None]
        of_arc = components(len(bearers), arcs)[arcs.child]
        yield Labelled(
            f"{folder.name} {'dated' if dated else 'undated'}",
            weight,
            np.concatenate([features, across], axis=1),
            allowed,
            rootless,
            tuple(
                family(np.flatnonzero(of_arc == n), arcs.parent, arcs.child)
                for n in np.unique(of_arc).tolist()
            ),
        )


def family(
    rows: "NDArray[np.int64]", parent: "NDArray[np.int32]", child: "NDArray[np.int32]"
) -> Family:
    """Return a component with its texts numbered from 0."""
    texts, number = np.unique(np.concatenate([parent[rows], child[rows]]), return_inverse=True)
    return Family(rows, number[: len(rows)], number[len(rows) :], texts.astype(np.int64))


def true_sources(folder: Path, corpus: object) -> dict[int, set[int]]:
    """Return the texts that each text was taken from; hidden sources are seen through."""
    truth = read_truth(folder)
    text_of = {
        d.id: int(t)
        for d, t in zip(corpus.documents, corpus.text_of, strict=True)  # type: ignore[attr-defined]
        if t >= 0
    }
    above: dict[str, set[str]] = {}
    for row in truth.derivations or ():
        if row.asked:
            above.setdefault(row.derived, set()).add(row.source)
    found: dict[int, set[int]] = {}
    for name, text in text_of.items():
        if truth.traced is not None and name not in truth.traced:
            continue
        true, todo = found.setdefault(text, set()), list(above.get(name, ()))
        while todo:
            source = todo.pop()
            if source in text_of:
                true.add(text_of[source])
            else:
                todo.extend(above.get(source, ()))
        true.discard(text)
    return found


def likelihood(
    corpus: Labelled, score: "NDArray[np.float64]"
) -> tuple[float, "NDArray[np.float64]"]:
    """Return the log-likelihood of truth, and its slope in each arc's score."""
    total, slope = 0.0, np.zeros(len(score))
    for one in corpus.families:
        for sign in (1.0, -1.0):
            kept = corpus.allowed[one.rows] if sign > 0 else np.ones(len(one.rows), np.bool_)
            rows, parent, child = one.rows[kept], one.parent[kept], one.child[kept]
            top = np.where(corpus.rootless[one.texts] & (sign > 0), -np.inf, 0.0)
            alone = np.isfinite(top)
            np.maximum.at(top, child, score[rows])
            weight = np.exp(score[rows] - top[child])
            none = np.where(alone, np.exp(-top), 0.0)
            matrix = np.diag(none + np.bincount(child, weight, minlength=len(top)))
            np.subtract.at(matrix, (parent, child), weight)
            positive, log = np.linalg.slogdet(matrix)
            if positive <= 0 or not np.isfinite(log):
                break  # truth holds a cycle among these texts
            inverse = np.linalg.inv(matrix)
            total += sign * (log + top.sum())
            share = weight * (inverse[child, child] - inverse[child, parent])
            np.add.at(slope, rows, sign * share)
    return total, slope


def fit(corpora: list[Labelled], penalty: float, steps: int) -> "NDArray[np.float64]":
    """Return the weights of all features, anywhere and then across sources."""
    everything = np.concatenate([corpus.features for corpus in corpora])
    scale = np.sqrt(np.mean(everything**2, axis=0))
    scale[scale == 0] = 1.0
    strength = np.full(2 * SIZE, penalty)
    strength[0] *= 0.01

    def loss(values: "NDArray[np.float64]") -> tuple[float, "NDArray[np.float64]"]:
        cost, slope = 0.5 * float(strength @ values**2), strength * values
        for corpus in corpora:
            gain, by_arc = likelihood(corpus, corpus.features @ (values / scale))
            cost -= corpus.weight * gain
            slope = slope - corpus.weight * (by_arc @ corpus.features) / scale
        return cost, slope

    found = minimize(
        loss, np.zeros(2 * SIZE), jac=True, method="L-BFGS-B", options={"maxiter": steps}
    )
    return np.asarray(found.x / scale)


def main() -> None:
    """Fit, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="DIR[=WEIGHT]")
    parser.add_argument("--out", type=Path, default=Path("weights.json"))
    parser.add_argument("--penalty", type=float, default=6.0)
    parser.add_argument("--steps", type=int, default=220)
    parser.add_argument("--decoded-root", type=float, default=-0.5)
    options = parser.parse_args()
    corpora: list[Labelled] = []
    for given in options.folders:
        folder, _, weight = given.partition("=")
        corpora += prepare(Path(folder), float(weight or 1))
        sys.stderr.write(f"{folder}: read\n")
    values = fit(corpora, options.penalty, options.steps)
    rows = ",\n".join(
        f'    "{name}": {{"anywhere": {values[i]:.4f}, "across_sources": {values[SIZE + i]:.4f}}}'
        for i, name in enumerate(FEATURES)
    )
    table = (
        '{\n  "version": 2,\n  "decoded_root": '
        f'{options.decoded_root},\n  "weights": {{\n{rows}\n  }}\n}}\n'
    )
    json.loads(table)
    options.out.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
