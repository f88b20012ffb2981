"""How well passages were found: the measures of text alignment at PAN.

Potthast, Stein, Barrón-Cedeño & Rosso (2010), An Evaluation Framework for Plagiarism Detection:
precision, recall, granularity and plagdet, macro averaged over cases and detections. A detection
detects a case where they share characters on both sides.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from provenance.evaluation.intervals import (
    Figure,
    Indexes,
    Measure,
    Numbers,
    Sample,
    Tally,
    figures,
    harmonic,
    ratio,
)
from provenance.evaluation.truth import TruePassage, Truth
from provenance.model import Match, MatchClass, Span

_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class Regions:
    """Ranges of a document, or rectangles of ranges of two, as columns; equal keys can overlap."""

    key: Indexes
    starts: tuple[Indexes, ...]
    ends: tuple[Indexes, ...]

    def __len__(self) -> int:
        return len(self.key)

    def take(self, chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> "Regions":
        """Return the regions that are chosen."""
        return Regions(
            self.key[chosen],
            tuple(start[chosen] for start in self.starts),
            tuple(end[chosen] for end in self.ends),
        )

    def length(self) -> Indexes:
        """Return the characters of each, all its ranges together."""
        return sum(
            (e - s for s, e in zip(self.starts, self.ends, strict=True)), np.zeros_like(self.key)
        )


def score(matches: Iterable[Match], truth: Truth, sample: Sample) -> list[Figure]:
    """Score matches against the true passages and the true boilerplate.

    Only reuse is asked for: all of it, then each kind of edits alone. A match of which more than
    half lies in other true passages than those asked for is neither right nor wrong.
    """
    found = _rectangles(((m.a, m.b) for m in matches), sample)
    results: list[Figure] = []
    if truth.passages is not None:
        if truth.only_listed:
            size = len(sample.ids)
            keys = [
                sample.index[p.a] * size + sample.index[p.b]
                for p in truth.pairs or ()
                if p.a in sample.index and p.b in sample.index
            ]
            found = found.take(np.isin(found.key, keys))
        asked = [p for p in truth.passages if p.passage_class is MatchClass.REUSE]
        results += _figures(asked, found, truth.passages, sample)
        for kind in sorted({part for p in asked for part in _parts(p)}):
            of_kind = [p for p in asked if kind in _parts(p)]
            results += _figures(of_kind, found, truth.passages, sample, f" of kind {kind}")
    if truth.boilerplate is not None:
        results += _boilerplate(found, truth.boilerplate, sample)
    return results


def _parts(passage: TruePassage) -> list[str]:
    return passage.kind.split("+") if passage.kind else []


def _figures(
    asked: Sequence[TruePassage],
    found: Regions,
    passages: Sequence[TruePassage],
    sample: Sample,
    suffix: str = "",
) -> list[Figure]:
    """Score against some of the passages; with a suffix, in the pairs of documents that hold some.

    A match that lies mostly in the others is neither right nor wrong.
    """
    cases = _rectangles(((p.a, p.b) for p in asked), sample)
    wanted = {id(p) for p in asked}
    others = _rectangles(((p.a, p.b) for p in passages if id(p) not in wanted), sample)
    if suffix:
        found = found.take(np.isin(found.key, cases.key))
    mostly = 2 * _covered(found, others)[0] > found.ends[0] - found.starts[0]
    judged = found.take(~mostly)
    tally = _tally(cases, found if suffix else judged, judged, sample)
    measures = [replace(m, figure=m.figure + suffix) for m in _MEASURES[: 4 if suffix else None]]
    return figures("passages", tally, measures)


def _rectangles(spans: Iterable[tuple[Span, Span]], sample: Sample) -> Regions:
    """Return pairs of spans, turned so that the first document has the smaller number.

    Pairs of which a document is not in the sample are left out.
    """
    index, size = sample.index, len(sample.ids)
    rows = []
    for a, b in spans:
        first, second = index.get(a.document), index.get(b.document)
        if first is None or second is None:
            continue
        if first > second:
            first, second, a, b = second, first, b, a  # noqa: PLW2901 - the same pair, turned
        rows.append((first * size + second, a.start, a.end, b.start, b.end))
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return Regions(table[:, 0], (table[:, 1], table[:, 3]), (table[:, 2], table[:, 4]))


def _touching(left: Regions, right: Regions) -> tuple[Indexes, Indexes]:
    """Return which regions share characters in every range, as two columns of row numbers."""
    kept = [_meet(left, right, i, j) for i, j in _near(left, right)]
    if not kept:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate([i for i, _ in kept]), np.concatenate([j for _, j in kept])


def _meet(left: Regions, right: Regions, i: Indexes, j: Indexes) -> tuple[Indexes, Indexes]:
    both = np.ones(len(i), dtype=np.bool_)
    for axis in range(len(left.starts)):
        both &= left.starts[axis][i] < right.ends[axis][j]
        both &= right.starts[axis][j] < left.ends[axis][i]
    return i[both], j[both]


def _near(left: Regions, right: Regions) -> Iterator[tuple[Indexes, Indexes]]:
    """Yield rows with equal keys whose first ranges may overlap, some million at a time."""
    if not len(left) or not len(right):
        return
    _, rank = np.unique(np.concatenate([left.key, right.key]), return_inverse=True)
    # Each key gets a stretch of its own on one long line, so that one search serves them all.
    stretch = int(max(left.ends[0].max(), right.ends[0].max())) + 1
    shift, shift_right = rank[: len(left)] * stretch, rank[len(left) :] * stretch
    order = np.argsort(right.starts[0] + shift_right, kind="stable")
    starts = (right.starts[0] + shift_right)[order]
    reached = np.maximum.accumulate((right.ends[0] + shift_right)[order])
    # Starts and reached ends both rise: what overlaps a range lies between two places.
    first = np.searchsorted(reached, left.starts[0] + shift, "right")
    counts = np.maximum(np.searchsorted(starts, left.ends[0] + shift, "left") - first, 0)
    ends = np.cumsum(counts)
    begin = 0
    while begin < len(left):
        done = ends[begin - 1] if begin else 0
        stop = max(begin + 1, int(np.searchsorted(ends, done + _CHUNK, "right")))
        rows = np.repeat(np.arange(begin, stop), counts[begin:stop])
        within = np.arange(len(rows)) - (ends[rows] - counts[rows] - done)
        i, j = rows, order[first[rows] + within]
        same = left.key[i] == right.key[j]
        yield i[same], j[same]
        begin = stop


def _covered(rows: Regions, by: Regions) -> tuple[Indexes, ...]:
    """Return how many characters of each range of each row the regions that touch it cover."""
    i, j = _touching(rows, by)
    return tuple(
        _union(
            len(rows),
            i,
            np.maximum(rows.starts[axis][i], by.starts[axis][j]),
            np.minimum(rows.ends[axis][i], by.ends[axis][j]),
        )
        for axis in range(len(rows.starts))
    )


def _union(size: int, row: Indexes, start: Indexes, end: Indexes) -> Indexes:
    """Return the length of the union of the ranges of each row."""
    if not len(row):
        return np.zeros(size, np.int64)
    order = np.lexsort((start, row))
    # Each row gets a stretch of its own on one long line, so that one pass serves them all.
    shift = row[order] * int(end.max() + 1)
    first, last = start[order] + shift, end[order] + shift
    before = np.concatenate([[0], np.maximum.accumulate(last)[:-1]])
    fresh = np.maximum(0, last - np.maximum(first, before))
    return np.bincount(row[order], fresh, minlength=size).astype(np.int64)


def _tally(cases: Regions, found: Regions, judged: Regions, sample: Sample) -> Tally:
    """Count what is found of the cases, and what is right of the detections that are judged."""
    tally, size = Tally(sample), len(sample.ids)
    detected = np.bincount(_touching(cases, found)[0], minlength=len(cases))
    for regions, by, names in (
        (cases, found, ("cases", "case_shares", "case_characters", "case_covered")),
        (judged, cases, ("detections", "detection_shares", "characters", "covered")),
    ):
        a, b = regions.key // size, regions.key % size
        whole = regions.length().astype(np.float64)
        covered = sum(_covered(regions, by), np.zeros(len(regions)))
        for name, amounts in zip(
            names,
            (np.ones(len(regions)), covered / np.maximum(whole, 1), whole, covered),
            strict=True,
        ):
            tally.add_pairs(name, a, b, amounts)
    a, b = cases.key // size, cases.key % size
    tally.add_pairs("detected", a, b, detected > 0)
    tally.add_pairs("fragments", a, b, detected)
    return tally


def _precision(tally: Tally) -> Numbers:
    return ratio(tally["detection_shares"], tally["detections"])


def _recall(tally: Tally) -> Numbers:
    return ratio(tally["case_shares"], tally["cases"])


def _granularity(tally: Tally) -> Numbers:
    return ratio(tally["fragments"], tally["detected"])


def _plagdet(tally: Tally) -> Numbers:
    f1 = harmonic(_precision(tally), _recall(tally))
    # Where nothing is found there are no fragments either.
    fragments = np.nan_to_num(_granularity(tally), nan=1.0)
    return np.asarray(f1 / np.log2(1 + fragments), dtype=np.float64)


_MEASURES = (
    Measure("plagdet", "F1 / log2(1 + granularity), Potthast et al. 2010", "cases", _plagdet),
    Measure("precision", "mean share of a match that is true", "detections", _precision),
    Measure("recall", "mean share of a true passage that is found", "cases", _recall),
    Measure("granularity", "matches per true passage that is found", "detected", _granularity),
    Measure(
        "character precision",
        "share of matched characters that are true",
        "characters",
        lambda t: ratio(t["covered"], t["characters"]),
    ),
    Measure(
        "character recall",
        "share of true characters that are matched",
        "case_characters",
        lambda t: ratio(t["case_covered"], t["case_characters"]),
    ),
    Measure(
        "passages found",
        "share of true passages that a match touches",
        "cases",
        lambda t: ratio(t["detected"], t["cases"]),
    ),
)


def _boilerplate(found: Regions, spans: Iterable[Span], sample: Sample) -> list[Figure]:
    index, size = sample.index, len(sample.ids)
    rows = [(index[s.document], s.start, s.end) for s in spans if s.document in index]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    furniture = Regions(table[:, 0], (table[:, 1],), (table[:, 2],))
    tally = Tally(sample)
    for axis, documents in enumerate((found.key // size, found.key % size)):
        side = Regions(documents, (found.starts[axis],), (found.ends[axis],))
        tally.add("characters", documents, side.length())
        tally.add("furniture", documents, _covered(side, furniture)[0])
    measure = Measure(
        "characters in boilerplate",
        "share of matched characters that are boilerplate",
        "characters",
        lambda t: ratio(t["furniture"], t["characters"]),
    )
    return figures("passages", tally, [measure])
