"""Fit the weights of the lineage model to labelled corpora: `fit.py [--out FILE] DIR [DIR ...]`.

`labelled.py` says what a DIR holds; `DIR=0.3` gives a corpus 0.3 times the weight. The weights
maximise the likelihood of the true sources among all trees (directed matrix-tree theorem), with a
quadratic penalty on standardised features.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from labelled import SIZE, Labelled, match, prepare
from scipy.optimize import minimize

from provenance.lineage.features import FEATURES

if TYPE_CHECKING:
    from numpy.typing import NDArray


def likelihood(
    corpus: Labelled, score: "NDArray[np.float64]", times: "NDArray[np.int64]"
) -> tuple[float, "NDArray[np.float64]"]:
    """Return the log-likelihood of truth, and its slope in each arc's score.

    `times` says how often each family counts.
    """
    total, slope = 0.0, np.zeros(len(score))
    for one, count in zip(corpus.families, times.tolist(), strict=True):
        if not count:
            continue
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
            total += count * sign * (log + top.sum())
            share = weight * (inverse[child, child] - inverse[child, parent])
            np.add.at(slope, rows, count * sign * share)
    return total, slope


def fit(
    corpora: Sequence[Labelled], penalty: float, steps: int, draws: int
) -> "NDArray[np.float64]":
    """Return the weights of all features, anywhere and then across sources.

    They are the mean of a fit to all families and of `draws` fits to families drawn with
    replacement (Breiman 1996, Bagging predictors): a few small families then decide less.
    """
    everything = np.concatenate([corpus.features for corpus in corpora])
    scale = np.sqrt(np.mean(everything**2, axis=0))
    scale[scale == 0] = 1.0
    strength = np.full(2 * SIZE, penalty)
    strength[0] *= 0.01
    chance = np.random.default_rng(1)
    start = np.zeros(2 * SIZE)
    found = []
    for draw in range(draws + 1):
        times = [
            chance.poisson(1.0, len(c.families)) if draw else np.ones(len(c.families), np.int64)
            for c in corpora
        ]

        def loss(
            values: "NDArray[np.float64]", times: "Sequence[NDArray[np.int64]]" = times
        ) -> tuple[float, "NDArray[np.float64]"]:
            cost, slope = 0.5 * float(strength @ values**2), strength * values
            for corpus, count in zip(corpora, times, strict=True):
                gain, by_arc = likelihood(corpus, corpus.features @ (values / scale), count)
                cost -= corpus.weight * gain
                slope = slope - corpus.weight * (by_arc @ corpus.features) / scale
            return cost, slope

        best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps})
        start = best.x if draw == 0 else start
        found.append(best.x)
    return np.asarray(np.mean(found, axis=0) / scale)


def table_of(values: "NDArray[np.float64]") -> str:
    """Return the table of weights as JSON, a feature a line."""
    rows = ",\n".join(
        f'  "{name}": {{"anywhere": {values[i]:.4f}, "across_sources": {values[SIZE + i]:.4f}}}'
        for i, name in enumerate(FEATURES)
    )
    table = f'{{\n "version": 4,\n "weights": {{\n{rows}\n }}\n}}\n'
    json.loads(table)
    return table


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return what every fit can be asked."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folders", nargs="+", metavar="DIR[=WEIGHT]")
    parser.add_argument("--penalty", type=float, default=4.0)
    parser.add_argument("--steps", type=int, default=250)
    parser.add_argument("--draws", type=int, default=8)
    return parser


def main() -> None:
    """Fit, and write the table."""
    parser = arguments(__doc__)
    parser.add_argument("--out", type=Path, default=Path("weights.json"))
    options = parser.parse_args()
    corpora: list[Labelled] = []
    for given in options.folders:
        folder, _, weight = given.partition("=")
        corpora += prepare(match(Path(folder)), float(weight or 1))
        sys.stderr.write(f"{folder}: read\n")
    values = fit(corpora, options.penalty, options.steps, options.draws)
    options.out.write_text(table_of(values), encoding="utf-8")


if __name__ == "__main__":
    main()
