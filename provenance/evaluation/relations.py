"""How well documents were related beyond edges: common origins, and hidden sources."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from provenance.evaluation.intervals import (
    Figure,
    Measure,
    Sample,
    Tally,
    figures,
    precision_recall,
    ratio,
)
from provenance.evaluation.lineage import in_order, sources_of
from provenance.evaluation.truth import Truth, is_hidden
from provenance.model import Derivation, Lineage


def score_relations(found: Iterable[Derivation], truth: Truth, sample: Sample) -> list[Figure]:
    """Score the pairs that an ancestor joins, and count quotations taken for derivations."""
    told = [
        p
        for p in truth.pairs or ()
        if p.relation is not None and p.a in sample.index and p.b in sample.index
    ]
    if not told:
        return []
    found = list(found)
    tally, index = Tally(sample), sample.index
    origins = _origins(found, sample)
    related = [(p.a, p.b) for p in told if p.shares]
    hits = [(a, b) for a, b in related if not origins[a].isdisjoint(origins[b])]
    for name, pairs in (("true", related), ("hits", hits)):
        tally.add_pairs(name, [index[a] for a, _ in pairs], [index[b] for _, b in pairs])
    kin = _kin(origins)
    tally.add("found", [index[name] for name in kin], [count / 2 for count in kin.values()])
    linked = {(min(row.source, row.derived), max(row.source, row.derived)) for row in found}
    unrelated = [(p.a, p.b) for p in told if not p.shares]
    joined = [pair for pair in unrelated if pair in linked]
    for name, pairs in (("unrelated", unrelated), ("linked", joined)):
        tally.add_pairs(name, [index[a] for a, _ in pairs], [index[b] for _, b in pairs])
    quotations = Measure(
        "quotations and background joined",
        "share of pairs sharing only such that an edge joins",
        "unrelated",
        lambda t: ratio(t["linked"], t["unrelated"]),
    )
    words = "pairs with a common origin"
    return figures(
        "lineage",
        tally,
        [*precision_recall("related", "hits", "found", "true", words), quotations],
    )


def _origins(found: Iterable[Derivation], sample: Sample) -> dict[str, frozenset[str]]:
    """Return the roots above each document, hidden sources included; a root is its own."""
    sources = sources_of((row.source, row.derived) for row in found)
    origins: dict[str, frozenset[str]] = {}
    for name in in_order(sources):
        above = [origins[source] for source in sources.get(name, ())]
        origins[name] = frozenset().union(*above) if above else frozenset([name])
    return {name: origins.get(name, frozenset([name])) for name in sample.ids}


def _kin(origins: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """Count for each document the others that share an origin with it."""
    sizes = Counter(origins.values())
    having: dict[str, list[frozenset[str]]] = {}
    for roots in sizes:
        for root in roots:
            having.setdefault(root, []).append(roots)
    kin = {
        roots: sum(sizes[other] for other in {o for root in roots for o in having[root]}) - 1
        for roots in sizes
    }
    return {name: kin[roots] for name, roots in origins.items()}


def score_hidden(lineage: Lineage, truth: Truth, sample: Sample) -> list[Figure]:
    """Score who is fed by hidden sources, and the hidden sources themselves."""
    results: list[Figure] = []
    if truth.fed is not None:
        tally = Tally(sample)
        traced = sample.index.keys() if truth.traced is None else truth.traced
        true = truth.fed & sample.index.keys()
        found = {
            row.derived
            for row in lineage.derivations
            if is_hidden(row.source) and row.derived in sample.index and row.derived in traced
        }
        for name, documents in (("true", true), ("found", found), ("hits", true & found)):
            tally.add_ids(name, documents)
        words = "documents fed by a hidden source"
        results += figures(
            "lineage",
            tally,
            precision_recall("hidden-source document", "hits", "found", "true", words),
        )
    if truth.hidden_sources is not None:
        tally = Tally(sample)
        true_sets = _known(truth.hidden_sources, sample)
        found_sets = _known((hidden.documents for hidden in lineage.hidden_sources), sample)
        for name, sets in (
            ("true", true_sets),
            ("found", found_sets),
            ("hits", _alike(true_sets, found_sets)),
            ("right", _alike(found_sets, true_sets)),
        ):
            tally.add_ids(name, (min(documents) for documents in sets))
        words = "hidden sources (mostly alike)"
        results += figures(
            "lineage",
            tally,
            precision_recall("hidden-source", "hits", "found", "true", words, found_right="right"),
        )
    return results


def _known(groups: Iterable[Iterable[str]], sample: Sample) -> list[frozenset[str]]:
    parts = (frozenset(name for name in group if name in sample.index) for group in groups)
    return [part for part in parts if part]


def _alike(
    sets: Sequence[frozenset[str]], others: Sequence[frozenset[str]]
) -> list[frozenset[str]]:
    """Return the sets that have more than half of all documents in common with another one.

    As for segments of images in Kirillov et al. 2019, Panoptic Segmentation: where sets do not
    overlap, each has at most one such partner.
    """
    holding: dict[str, list[int]] = {}
    for number, documents in enumerate(others):
        for name in documents:
            holding.setdefault(name, []).append(number)
    alike = []
    for documents in sets:
        shared = Counter(number for name in documents for number in holding.get(name, ()))
        if any(
            2 * count > len(documents) + len(others[number]) - count
            for number, count in shared.items()
        ):
            alike.append(documents)
    return alike
