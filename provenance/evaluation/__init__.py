"""A result measured against what is known to be true: figures, each with an interval."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provenance.config import Config
from provenance.errors import InputError
from provenance.evaluation import calibration, groupings, lineage, passages, relations
from provenance.evaluation.intervals import RESAMPLES, Figure, Indexes, Sample
from provenance.evaluation.truth import Truth
from provenance.evaluation.truth_files import read_truth
from provenance.model import MatchClass
from provenance.output.rows import Result

__all__ = ["COLUMNS", "Evaluation", "Figure", "Truth", "evaluate", "figure_rows", "read_truth"]

COLUMNS = ("group", "figure", "value", "low", "high", "of", "definition")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures that the truth allows, and the documents it names that the result lacks."""

    figures: tuple[Figure, ...]
    missing: tuple[str, ...]


def evaluate(
    result: Result,
    truth: Truth,
    *,
    threshold: float | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Evaluation:
    """Score a result against a truth; equal input and seed give equal figures.

    Judged are the documents of the truth if it lists them, else all: what a result says of
    others is left out, and documents that the result lacks count as not found. `threshold` is
    the Jaccard from which a pair is a near-duplicate (default: that of the default settings).
    Intervals come of `resamples` drawings of stories: of the truth's groups, else of what its
    derivations and clusters join, else of what its pairs and passages join.

    Raises `InputError` where the truth names no document of the result, or holds nothing that
    can be scored.
    """
    named, reported = truth.named(), {report.document.id for report in result.documents}
    if named and named.isdisjoint(reported):
        raise InputError(
            f"none of the {len(named):,} documents of the truth ({min(named)!r}, ...) is in the "
            f"result ({min(reported, default='')!r}, ...); scan the texts that the truth is "
            "about, under the ids it gives them"
        )
    ids = sorted(named | reported if truth.documents is None else named)
    index = {name: number for number, name in enumerate(ids)}
    sample = Sample(ids, _units(truth, index), resamples=resamples, seed=seed)
    matches = [
        match
        for match in result.matches
        if match.match_class is not MatchClass.BOILERPLATE
        and match.a.document in index
        and match.b.document in index
    ]
    derivations = lineage.derivations_of(result.lineage)
    figures = [
        *passages.score(matches, truth, sample),
        *groupings.score_pairs(
            result.pairs, matches, truth, sample, threshold=threshold or Config().threshold
        ),
        *groupings.score_clusters(result.clusters, derivations, truth, sample),
        *relations.score_relations(derivations, truth, sample),
        *relations.score_hidden(result.lineage, truth, sample),
    ]
    if truth.derivations is not None:
        edges = lineage.Edges.of(truth.derivations, derivations, truth, index)
        figures += lineage.score(derivations, result.documents, edges, truth, sample)
        figures += calibration.score(derivations, edges, sample)
    if not figures:
        raise InputError("the truth files hold nothing that a result can be scored by")
    return Evaluation(tuple(figures), tuple(sorted(named - reported)))


def _units(truth: Truth, index: Mapping[str, int]) -> Indexes:
    """Number the unit of each document: units are what the bootstrap draws."""
    if truth.groups:
        # The unit's node begins as no id of a document does.
        return groupings.components(
            ((name, f"~group {group}") for name, group in truth.groups.items()), index
        )
    joined: list[tuple[str, str]] = []
    joined += ((row.source, row.derived) for row in truth.derivations or ())
    for group in (*(truth.clusters or ()), *(truth.hidden_sources or ())):
        joined += ((min(group), name) for name in group)
    if not joined:
        joined += ((pair.a, pair.b) for pair in truth.pairs or () if pair.shares is not False)
        joined += (
            (passage.a.document, passage.b.document)
            for passage in truth.passages or ()
            if passage.passage_class is MatchClass.REUSE
        )
    return groupings.components(joined, index)


def figure_rows(figures: Iterable[Figure]) -> list[dict[str, object]]:
    """Return figures as rows under the names of `COLUMNS`, rounded to 4 digits."""

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 4) + 0.0

    return [
        {
            "group": figure.group,
            "figure": figure.figure,
            "value": rounded(figure.value),
            "low": rounded(figure.low),
            "high": rounded(figure.high),
            "of": figure.of,
            "definition": figure.definition,
        }
        for figure in figures
    ]
