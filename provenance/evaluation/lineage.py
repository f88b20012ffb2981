"""How well the lineage was found: edges, directions, roots, ancestors, several and hidden sources.

Both graphs are compared on the documents: a hidden source is contracted, so that the sources of
a document are its nearest ancestors that are documents. Quotations are no edges. An edge between
two units (groups of the truth, else stories that nothing true joins) counts where its derived
document stands. Ancestors are followed within a unit.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from provenance.errors import ResultError
from provenance.evaluation.intervals import (
    Figure,
    Measure,
    Sample,
    Tally,
    figures,
    harmonic,
    precision_recall,
    ratio,
)
from provenance.evaluation.truth import TrueDerivation, Truth, is_hidden
from provenance.model import Derivation, DerivationKind, DocumentReport, Lineage

Edge = tuple[str, str]
Sources = Mapping[str, set[str]]


@dataclass(frozen=True, slots=True)
class Edges:
    """What is true, not asked for, and found; each edge is (source, derived), both documents."""

    true: frozenset[Edge]
    free: frozenset[Edge]
    found: frozenset[Edge]
    uncertain: frozenset[Edge]

    @classmethod
    def of(
        cls,
        rows: Sequence[TrueDerivation],
        found: Iterable[Derivation],
        truth: Truth,
        documents: Mapping[str, int],
    ) -> "Edges":
        """Contract hidden sources, and leave out what the truth does not judge."""
        true = project((row for row in rows if row.asked), documents)
        free = project(rows, documents) - true
        traced = truth.traced
        kept = frozenset(
            (source, derived)
            for source, derived in project(found, documents)
            if traced is None or derived in traced or (derived, source) in true
        )
        uncertain = frozenset((r.source, r.derived) for r in rows if not r.certain)
        return cls(true, free, kept, uncertain & true)

    def joins(self, edge: Edge) -> bool:
        """Return whether a true edge joins the two, in either direction."""
        return edge in self.true or edge[::-1] in self.true

    def judged(self, edge: Edge) -> bool:
        """Return whether it is known if the two are joined."""
        return self.joins(edge) or (edge not in self.free and edge[::-1] not in self.free)


def project(
    rows: Iterable[TrueDerivation | Derivation], documents: Mapping[str, int]
) -> frozenset[Edge]:
    """Return the edges between documents, hidden sources contracted; others are left out."""
    sources: dict[str, set[str]] = {}
    for row in rows:
        sources.setdefault(row.derived, set()).add(row.source)
    edges = set()
    for derived, direct in sources.items():
        if is_hidden(derived) or derived not in documents:
            continue
        todo, seen = list(direct), {derived}
        while todo:
            source = todo.pop()
            if source in seen:
                continue
            seen.add(source)
            if is_hidden(source):
                todo.extend(sources.get(source, ()))
            elif source in documents:
                edges.add((source, derived))
    return frozenset(edges)


def derivations_of(lineage: Lineage) -> tuple[Derivation, ...]:
    """Return the derivations that are edges: all but quotations."""
    return tuple(row for row in lineage.derivations if row.kind is not DerivationKind.QUOTATION)


def score(
    lineage: Lineage,
    documents: Sequence[DocumentReport],
    edges: Edges | None,
    truth: Truth,
    sample: Sample,
) -> list[Figure]:
    """Score derivations and hidden sources; `edges` is None where true ones are not known."""
    found = derivations_of(lineage)
    results: list[Figure] = []
    if edges is not None:
        results += _edges(edges, sample)
        results += _structure(edges, truth, sample)
        results += _sources(edges, found, documents, truth, sample)
    results += _relations(found, truth, sample)
    return results + _hidden(lineage, truth, sample)


def _add(tally: Tally, name: str, documents: Iterable[str]) -> None:
    tally.add(name, [tally.sample.index[document] for document in documents])


def _edges(edges: Edges, sample: Sample) -> list[Figure]:
    tally = Tally(sample)
    found = edges.found - edges.free
    judged = {edge for edge in found if edges.judged(edge)}
    hits = {edge for edge in judged if edges.joins(edge)}
    certain = {e for e in hits if e not in edges.uncertain and e[::-1] not in edges.uncertain}
    for name, rows in (
        ("true", edges.true),
        ("found", found),
        ("right", found & edges.true),
        ("joined", judged),
        ("hits", hits),
        ("certain", certain),
        ("directed", certain & edges.true),
    ):
        _add(tally, name, (derived for _, derived in rows))
    direction = Measure(
        "direction accuracy",
        "share of undirected hits whose direction is right",
        "certain",
        lambda t: ratio(t["directed"], t["certain"]),
    )
    return figures(
        "lineage",
        tally,
        [
            *precision_recall("directed", "right", "found", "true", "edges (with direction)"),
            *precision_recall("undirected", "hits", "joined", "true", "edges (either direction)"),
            direction,
        ],
    )


def _sources_of(edges: Iterable[Edge]) -> dict[str, set[str]]:
    sources: dict[str, set[str]] = {}
    for source, derived in edges:
        sources.setdefault(derived, set()).add(source)
    return sources


def _structure(edges: Edges, truth: Truth, sample: Sample) -> list[Figure]:
    tally = Tally(sample)
    true, found = _sources_of(edges.true), _sources_of(edges.found - edges.free)
    doubtful = {derived for _, derived in edges.free if derived not in true}
    sure = [
        name
        for name in sample.ids
        if name not in doubtful and (truth.traced is None or name in truth.traced)
    ]
    none: set[str] = set()
    right = [name for name in sure if true.get(name, none) == found.get(name, none)]
    _add(tally, "documents", sure)
    _add(tally, "whole", right)
    unit = dict(zip(sample.ids, sample.units.tolist(), strict=True))
    first = {number: name for name, number in reversed(unit.items())}
    wrong = {unit[name] for name in sure if (name in true) != (name in found)}
    rooted = set(unit.values()) if truth.groups else {unit[derived] for derived in true}
    _add(tally, "units", (first[number] for number in rooted))
    _add(tally, "rooted", (first[number] for number in rooted - wrong))
    several = {name: sources for name, sources in true.items() if len(sources) > 1}
    _add(tally, "several", (name for name, sources in several.items() for _ in sources))
    _add(
        tally,
        "several_found",
        (n for n, sources in several.items() for _ in sources & found.get(n, none)),
    )
    _add(tally, "composites", several)
    _add(tally, "complete", (n for n, s in several.items() if s <= found.get(n, none)))
    for name, counts in _ancestry(edges, unit, frozenset(sure)).items():
        tally.add(name, [sample.index[document] for document in counts], list(counts.values()))
    return figures("lineage", tally, _STRUCTURE)


_STRUCTURE = (
    Measure(
        "all sources right",
        "share of documents whose set of sources is right",
        "documents",
        lambda t: ratio(t["whole"], t["documents"]),
    ),
    Measure(
        "root accuracy",
        "share of stories whose set of roots is right",
        "units",
        lambda t: ratio(t["rooted"], t["units"]),
    ),
    Measure(
        "ancestry F1",
        "F1 of all pairs of ancestor and descendant",
        "ancestors",
        lambda t: harmonic(
            ratio(t["ancestor_hits"], t["ancestors_found"]),
            ratio(t["ancestor_hits"], t["ancestors"]),
        ),
    ),
    Measure(
        "several-source recall",
        "found edges into documents of several true sources",
        "several",
        lambda t: ratio(t["several_found"], t["several"]),
    ),
    Measure(
        "several sources complete",
        "of these documents, share with every true source found",
        "composites",
        lambda t: ratio(t["complete"], t["composites"]),
    ),
)


def _ancestry(
    edges: Edges, unit: Mapping[str, int], sure: frozenset[str]
) -> dict[str, dict[str, int]]:
    """Count ancestors by document: true, found, and both."""
    bits: dict[tuple[int, str], int] = {}
    sizes: Counter[int] = Counter()

    def bit(number: int, name: str) -> int:
        key = number, name
        if key not in bits:
            bits[key] = 1 << sizes[number]
            sizes[number] += 1
        return bits[key]

    def ancestors(rows: Iterable[Edge]) -> dict[str, int]:
        sources = _sources_of(rows)
        masks: dict[str, int] = {}
        for name in _in_order(sources):
            mask = 0
            for source in sources.get(name, ()):
                mask |= bit(unit[name], source)
                if unit[source] == unit[name]:
                    mask |= masks[source]
            masks[name] = mask
        return masks

    true, found = ancestors(edges.true), ancestors(edges.found)
    free = ancestors(edges.true | edges.free) if edges.free else true
    counts: dict[str, dict[str, int]] = {
        "ancestors": {},
        "ancestors_found": {},
        "ancestor_hits": {},
    }
    for name in true.keys() | found.keys():
        wanted, got = true.get(name, 0), found.get(name, 0)
        got &= ~(free.get(name, 0) & ~wanted)
        if name in sure or wanted:
            counts["ancestors"][name] = wanted.bit_count()
            counts["ancestors_found"][name] = got.bit_count()
            counts["ancestor_hits"][name] = (wanted & got).bit_count()
    return counts


def _in_order(sources: Sources) -> list[str]:
    """Return every node after its sources."""
    try:
        return list(TopologicalSorter(sources).static_order())
    except CycleError as error:
        circle = " from ".join(error.args[1][::-1])
        raise ResultError(
            f"the derivations go in a circle, which no audit gives: {circle}; make the result again"
        ) from None


def _sources(
    edges: Edges,
    found: Iterable[Derivation],
    documents: Sequence[DocumentReport],
    truth: Truth,
    sample: Sample,
) -> list[Figure]:
    """Score the primary source that each document is given."""
    tally = Tally(sample)
    true = _sources_of(edges.true)
    digest = {report.document.id: report.digest for report in documents}
    primary, decided, visible = {}, set(), set()
    for row in found:
        if not is_hidden(row.source):
            visible.add(row.derived)
            if row.primary:
                primary[row.derived] = row.source
        if row.primary and row.decided:
            decided.add(row.derived)
    single = [name for name, sources in true.items() if len(sources) == 1]
    right = [name for name in single if primary.get(name) in true[name]]
    equal = [
        name
        for name, sources in true.items()
        if (given := primary.get(name)) is not None
        and (given in sources or digest[given] in {digest.get(source) for source in sources})
    ]
    traced = sample.ids if truth.traced is None else sorted(truth.traced & sample.index.keys())
    doubtful = {derived for _, derived in edges.free}
    originals = [
        name
        for name in traced
        if name not in true and name not in doubtful and name not in (truth.fed or ())
    ]
    _add(tally, "single", single)
    _add(tally, "right", right)
    _add(tally, "decided", (name for name in single if name in decided))
    _add(tally, "decided_right", (name for name in right if name in decided))
    _add(tally, "derived", true)
    _add(tally, "equal", equal)
    _add(tally, "originals", originals)
    _add(tally, "alone", (name for name in originals if name not in visible))
    return figures("lineage", tally, _SOURCES)


_SOURCES = (
    Measure(
        "right primary source",
        "share of documents of one true source that are given it",
        "single",
        lambda t: ratio(t["right"], t["single"]),
    ),
    Measure(
        "right primary source, decided",
        "the same, of documents whose source is decided",
        "decided",
        lambda t: ratio(t["decided_right"], t["decided"]),
    ),
    Measure(
        "share decided",
        "documents of one true source whose source is decided",
        "single",
        lambda t: ratio(t["decided"], t["single"]),
    ),
    Measure(
        "right primary source, or equal text",
        "share of derived documents given a source or its copy",
        "derived",
        lambda t: ratio(t["equal"], t["derived"]),
    ),
    Measure(
        "originals left alone",
        "share of documents without a source that get none",
        "originals",
        lambda t: ratio(t["alone"], t["originals"]),
    ),
)


def _relations(found: Iterable[Derivation], truth: Truth, sample: Sample) -> list[Figure]:
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
    sources = _sources_of((row.source, row.derived) for row in found)
    origins: dict[str, frozenset[str]] = {}
    for name in _in_order(sources):
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


def _hidden(lineage: Lineage, truth: Truth, sample: Sample) -> list[Figure]:
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
            _add(tally, name, documents)
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
            _add(tally, name, (min(documents) for documents in sets))
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
