"""Whether stated probabilities are right as often as they say.

Brier score (Brier 1950, Verification of Forecasts Expressed in Terms of Probability), expected
calibration error over ten bins of equal width (Guo et al. 2017, On Calibration of Modern Neural
Networks), and accuracy at coverage: of the forecasts held for surest, as in selective
classification (Geifman & El-Yaniv 2017).
"""

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np

from provenance.evaluation.intervals import (
    Figure,
    Measure,
    Numbers,
    Sample,
    Tally,
    figures,
    ratio,
)
from provenance.evaluation.lineage import Edges
from provenance.model import Derivation

BINS = 10
COVERAGES = (0.5, 0.8, 1.0)
# Forecasts that agree to so many digits are equally sure.
_DIGITS = 3
_Forecast = tuple[str, float, bool]


def score(found: Sequence[Derivation], edges: Edges, sample: Sample) -> list[Figure]:
    """Score three forecasts over the edges between documents that the truth judges.

    Edge: that the two are joined. Direction: that a joined pair's direction is right. Decided:
    that an edge called decided is right in both respects.
    """
    stated = {
        (row.source, row.derived): row
        for row in sorted(found, key=lambda row: (row.confidence, row.direction_confidence))
        if (row.source, row.derived) in edges.found
    }
    judged = {edge: row for edge, row in stated.items() if edges.judged(edge)}
    joined = [(e[1], row.confidence, edges.joins(e)) for e, row in judged.items()]
    directed = [
        (e[1], row.direction_confidence, e in edges.true)
        for e, row in judged.items()
        if edges.joins(e) and e not in edges.uncertain and e[::-1] not in edges.uncertain
    ]
    decided = [
        (e[1], row.confidence * row.direction_confidence, e in edges.true)
        for e, row in judged.items()
        if row.decided
    ]
    return [
        *_score("edge", "confidence that two are joined", joined, sample),
        *_score("direction", "confidence in the direction of joined pairs", directed, sample),
        *_score("decided edge", "product of both confidences", decided, sample),
    ]


def _score(
    name: str, words: str, forecasts: Sequence[_Forecast], sample: Sample
) -> Iterable[Figure]:
    tally = Tally(sample)
    documents = [sample.index[document] for document, _, _ in forecasts]
    stated = np.array([confidence for _, confidence, _ in forecasts], dtype=np.float64)
    right = np.array([hit for _, _, hit in forecasts], dtype=np.float64)
    tally.add("forecasts", documents)
    tally.add("squares", documents, (stated - right) ** 2)
    bins = np.clip((stated * BINS).astype(np.int64), 0, BINS - 1)
    tally.add_binned("gaps", documents, bins, stated - right, BINS)
    values, ranks = np.unique(-np.round(stated, _DIGITS), return_inverse=True)
    tally.add_binned("right", documents, ranks, right, len(values))
    tally.add_binned("count", documents, ranks, 1.0, len(values))
    measures = [
        Measure(
            f"{name} Brier score",
            f"mean square error of the {words}",
            "forecasts",
            lambda t: ratio(t["squares"], t["forecasts"]),
        ),
        Measure(
            f"{name} calibration error",
            "expected calibration error, ten bins, Guo et al. 2017",
            "forecasts",
            lambda t: ratio(np.abs(t.binned("gaps")).sum(axis=1), t["forecasts"]),
        ),
        *(
            Measure(
                f"{name} accuracy at {coverage:.0%} coverage".replace("%", " %"),
                f"share right of the surest {coverage:.0%}".replace("%", " %"),
                "forecasts",
                partial(_accuracy, coverage=coverage),
            )
            for coverage in COVERAGES
        ),
    ]
    return figures("calibration", tally, measures)


def _accuracy(tally: Tally, coverage: float) -> Numbers:
    """Return the accuracy of the surest; of equally sure ones an even share is taken."""
    values = np.full(tally.sample.drawings, np.nan)
    for drawing, wanted in enumerate(tally["forecasts"] * coverage):
        if wanted > 0:
            count, right = tally.binned("count")[drawing], tally.binned("right")[drawing]
            reached = np.cumsum(count)
            cut = int(np.searchsorted(reached, wanted))
            share = (wanted - reached[cut] + count[cut]) / count[cut]
            values[drawing] = (right[:cut].sum() + share * right[cut]) / wanted
    return values
