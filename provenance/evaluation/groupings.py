"""How well documents were joined: pairs, and the groups that they form.

Pairs: precision, recall and F1. Groups: the same over the pairs within groups, B-cubed (Bagga &
Baldwin 1998, Entity-Based Cross-Document Coreferencing) over all documents, those alone
included, and the adjusted Rand index (Hubert & Arabie 1985, Comparing Partitions).
"""

from collections.abc import Iterable, Mapping

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
    precision_recall,
    ratio,
)
from provenance.evaluation.truth import Truth
from provenance.model import Cluster, Derivation, Match, MatchClass, Pair

# Two tokenisers give likenesses that differ a little: at the threshold neither is wrong.
_ASKED, _ALLOWED = 0.01, 0.05
_SHORT = 60


def score_pairs(
    pairs: Iterable[Pair],
    matches: Iterable[Match],
    truth: Truth,
    sample: Sample,
    *,
    threshold: float,
) -> list[Figure]:
    """Score near-duplicate pairs where likenesses are known, and pairs that share text.

    The true pairs that share text are those that `pairs` say so of, else those of the passages
    of reuse, else those within a cluster; the found ones have a match of reuse.
    """
    results: list[Figure] = []
    known = {(p.a, p.b): p for p in truth.pairs or () if p.jaccard is not None}
    if known:
        tally = Tally(sample)
        asked = {
            key
            for key, pair in known.items()
            if (pair.jaccard or 0) >= threshold + _ASKED
            and (_SHORT if pair.words is None else pair.words) >= _SHORT
        }
        reported = {(p.a, p.b): p.jaccard for p in pairs}
        found = {key for key, jaccard in reported.items() if jaccard >= threshold}
        allowed = {k for k, p in known.items() if (p.jaccard or 0) >= threshold - _ALLOWED}
        _add(tally, "true", asked)
        _add(tally, "hits", asked & reported.keys())
        _add(tally, "found", found)
        _add(tally, "right", found & allowed)
        words = f"pairs of Jaccard {threshold:g} or more"
        results += figures(
            "pairs",
            tally,
            precision_recall("near-duplicate", "hits", "found", "true", words, found_right="right"),
        )
    return results + _sharing(matches, truth, sample)


def _sharing(matches: Iterable[Match], truth: Truth, sample: Sample) -> list[Figure]:
    found = {
        (min(pair), max(pair))
        for m in matches
        if m.match_class is MatchClass.REUSE
        and (pair := (m.a.document, m.b.document))[0] != pair[1]
    }
    tally = Tally(sample)
    told = [pair for pair in truth.pairs or () if pair.shares is not None]
    if told or truth.passages is not None:
        if told:
            true = {(p.a, p.b) for p in told if p.shares}
        else:
            spans = [p for p in truth.passages or () if p.passage_class is MatchClass.REUSE]
            ends = [sorted((p.a.document, p.b.document)) for p in spans]
            true = {(a, b) for a, b in ends if a != b}
        if truth.only_listed:
            found &= {(p.a, p.b) for p in truth.pairs or ()}
        _add(tally, "true", true)
        _add(tally, "hits", true & found)
    elif truth.clusters is not None:
        label = {name: n for n, members in enumerate(truth.clusters) for name in members}
        for members in truth.clusters:
            numbers = [sample.index[name] for name in members if name in sample.index]
            tally.add("true", numbers, (len(numbers) - 1) / 2)
        _add(tally, "hits", {(a, b) for a, b in found if label.get(a, -1) == label.get(b, -2)})
    else:
        return []
    _add(tally, "found", found)
    words = "pairs that share text"
    return figures("pairs", tally, precision_recall("sharing", "hits", "found", "true", words))


def _add(tally: Tally, name: str, pairs: Iterable[tuple[str, str]]) -> None:
    index = tally.sample.index
    numbers = [(index[a], index[b]) for a, b in pairs if a in index and b in index]
    table = np.array(numbers, dtype=np.int64).reshape(-1, 2)
    tally.add_pairs(name, table[:, 0], table[:, 1])


def score_clusters(
    clusters: Iterable[Cluster], derivations: Iterable[Derivation], truth: Truth, sample: Sample
) -> list[Figure]:
    """Score the clusters, and the families, against the true clusters.

    A family is what the derivations given join, hidden sources included: true
    clusters may hold near-duplicates only, or all that is told of one story.
    """
    if truth.clusters is None:
        return []
    true = _labels(truth.clusters, sample)
    rows = [(row.source, row.derived) for row in derivations]
    results: list[Figure] = []
    for name, found in (
        ("cluster", _labels((cluster.members for cluster in clusters), sample)),
        ("family", components(rows, sample.index)),
    ):
        results += figures("clusters", _compare(true, found, sample), _measures(name))
    return results


def _labels(groups: Iterable[Iterable[str]], sample: Sample) -> Indexes:
    """Number each document's group; those in none are alone."""
    labels = np.arange(len(sample.ids), dtype=np.int64)
    for number, members in enumerate(groups):
        for name in members:
            if name in sample.index:
                labels[sample.index[name]] = len(sample.ids) + number
    return labels


def components(joined: Iterable[tuple[str, str]], index: Mapping[str, int]) -> Indexes:
    """Number the connected component of each document; nodes that are none only join."""
    above: dict[str, str] = {}

    def top(node: str) -> str:
        while (parent := above.setdefault(node, node)) != node:
            above[node] = above[parent]
            node = above[node]
        return node

    for a, b in joined:
        above[top(a)] = top(b)
    numbers: dict[str, int] = {}
    labels = [numbers.setdefault(top(name), len(numbers)) for name in index]
    return np.array(labels, dtype=np.int64)


def _compare(true: Indexes, found: Indexes, sample: Sample) -> Tally:
    documents = np.arange(len(true))
    _, true = np.unique(true, return_inverse=True)
    _, found = np.unique(found, return_inverse=True)
    _, cell = np.unique(true * (len(true) + 1) + found, return_inverse=True)
    in_true, in_found, in_both = (np.bincount(x)[x].astype(np.float64) for x in (true, found, cell))
    tally = Tally(sample)
    # Of the pairs within a group of n documents, each document has a half in n - 1.
    tally.add("true", documents, (in_true - 1) / 2)
    tally.add("found", documents, (in_found - 1) / 2)
    tally.add("hits", documents, (in_both - 1) / 2)
    tally.add("precision", documents, in_both / in_found)
    tally.add("recall", documents, in_both / in_true)
    tally.add("documents", documents)
    return tally


def _b_cubed(tally: Tally) -> tuple[Numbers, Numbers]:
    count = tally["documents"]
    return ratio(tally["precision"], count), ratio(tally["recall"], count)


def _adjusted_rand(tally: Tally) -> Numbers:
    n, true, found = tally["documents"], tally["true"], tally["found"]
    expected = ratio(true * found, n * (n - 1) / 2)
    highest = (true + found) / 2
    same = (tally["hits"] == true) & (true == found)
    return np.where(same, 1.0, ratio(tally["hits"] - expected, highest - expected))


def _measures(name: str) -> list[Measure]:
    b_cubed = "mean over documents, Bagga & Baldwin 1998"
    return [
        *precision_recall(f"{name} pair", "hits", "found", "true", f"pairs within a {name}"),
        Measure(f"{name} B-cubed precision", b_cubed, "documents", lambda t: _b_cubed(t)[0]),
        Measure(f"{name} B-cubed recall", b_cubed, "documents", lambda t: _b_cubed(t)[1]),
        Measure(f"{name} B-cubed F1", b_cubed, "documents", lambda t: harmonic(*_b_cubed(t))),
        Measure(f"{name} adjusted Rand index", "Hubert & Arabie 1985", "documents", _adjusted_rand),
    ]
