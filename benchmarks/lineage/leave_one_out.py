"""What the lineage is worth on corpora that its weights never saw: `leave_one_out.py DIR DIR ...`.

For each DIR (see `labelled.py`; `DIR=0.3` weighs it) the weights are fitted to the others, and the
lineage of all its documents at once is scored with them, and with the weights of the package:
directed and undirected F1 of edges, direction among undirected hits, expected calibration error
of decided edges (product of both confidences, ten bins).
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fit import arguments, fit, table_of
from labelled import Labelled, Matched, match, prepare
from tabulate import tabulate

from provenance.config import Config
from provenance.evaluation.lineage import Edges, derivations_of
from provenance.lineage.arcs import Weights, load_weights, read_weights
from provenance.lineage.graph import trace_lineage
from provenance.match.collapse import collapse

BINS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of one lineage."""

    directed: float
    undirected: float
    direction: float
    calibration: float


def score(matched: Matched, state: str, weights: Weights) -> Score:
    """Score the lineage of a corpus in one state of its dates."""
    corpus = collapse(matched.dated(state), compile_kernels=True)
    lineage = trace_lineage(corpus, matched.reuse, matched.cues, Config(), weights)
    rows = derivations_of(lineage)
    index = {document.id: number for number, document in enumerate(corpus.documents)}
    edges = Edges.of(matched.truth.derivations or (), rows, matched.truth, index)
    found, true = edges.found - edges.free, edges.true
    pairs, true_pairs = ({frozenset(edge) for edge in some} for some in (found, true))
    hits = len(pairs & true_pairs)
    sure = np.array(
        [
            (row.confidence * row.direction_confidence, (row.source, row.derived) in true)
            for row in rows
            if row.decided and (row.source, row.derived) in found
        ]
    ).reshape(-1, 2)
    bins = np.minimum((sure[:, 0] * BINS).astype(int), BINS - 1)
    off = sum(
        abs(sure[bins == b, 0].mean() - sure[bins == b, 1].mean()) * (bins == b).mean()
        for b in np.unique(bins).tolist()
    )
    return Score(
        2 * len(found & true) / max(len(found) + len(true), 1),
        2 * hits / max(len(pairs) + len(true_pairs), 1),
        len(found & true) / max(hits, 1),
        float(off),
    )


def main() -> None:
    """Print the table."""
    options = arguments(__doc__).parse_args()
    matched: list[Matched] = []
    labelled: list[list[Labelled]] = []
    for given in options.folders:
        folder, _, weight = given.partition("=")
        matched.append(match(Path(folder)))
        labelled.append(list(prepare(matched[-1], float(weight or 1))))
        sys.stderr.write(f"{folder}: read\n")
    table = []
    for place, corpus in enumerate(matched):
        others = [part for i, parts in enumerate(labelled) if i != place for part in parts]
        values = fit(others, options.penalty, options.steps, options.draws)
        without = read_weights(table_of(values))
        for state in corpus.states():
            seen, unseen = (score(corpus, state, w) for w in (load_weights(), without))
            table.append(
                {
                    "corpus": f"{corpus.name}, {state} dates",
                    "directed F1": seen.directed,
                    "without it": unseen.directed,
                    "undirected F1": seen.undirected,
                    "without it ": unseen.undirected,
                    "direction": seen.direction,
                    "without it  ": unseen.direction,
                    "calibration error": seen.calibration,
                    "without it   ": unseen.calibration,
                }
            )
        sys.stderr.write(f"{corpus.name}: left out and scored\n")
    sys.stdout.write(tabulate(table, headers="keys", tablefmt="github", floatfmt=".3f") + "\n")


if __name__ == "__main__":
    main()
