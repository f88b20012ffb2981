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
    found: Sequence[Derivation],
    documents: Sequence[DocumentReport],
    edges: Edges,
    truth: Truth,
    sample: Sample,
) -> list[Figure]:
    """Score the derivations that are edges against the true ones."""
    return [
        *_edges(edges, sample),
        *_structure(edges, truth, sample),
        *_sources(edges, found, documents, truth, sample),
    ]


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
        tally.add_ids(name, (derived for _, derived in rows))
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


def sources_of(edges: Iterable[Edge]) -> dict[str, set[str]]:
    """Return the sources of each derived document."""
    sources: dict[str, set[str]] = {}
    for source, derived in edges:
        sources.setdefault(derived, set()).add(source)
    return sources


def _structure(edges: Edges, truth: Truth, sample: Sample) -> list[Figure]:
    tally = Tally(sample)
    true, found = sources_of(edges.true), sources_of(edges.found - edges.free)
    doubtful = {derived for _, derived in edges.free if derived not in true}
    sure = [
        name
        for name in sample.ids
        if name not in doubtful and (truth.traced is None or name in truth.traced)
    ]
    none: set[str] = set()
    right = [name for name in sure if true.get(name, none) == found.get(name, none)]
    tally.add_ids("documents", sure)
    tally.add_ids("whole", right)
    unit = dict(zip(sample.ids, sample.units.tolist(), strict=True))
    first = {number: name for name, number in reversed(unit.items())}
    wrong = {unit[name] for name in sure if (name in true) != (name in found)}
    rooted = set(unit.values()) if truth.groups else {unit[derived] for derived in true}
    tally.add_ids("units", (first[number] for number in rooted))
    tally.add_ids("rooted", (first[number] for number in rooted - wrong))
    several = {name: sources for name, sources in true.items() if len(sources) > 1}
    tally.add_ids("several", (name for name, sources in several.items() for _ in sources))
    tally.add_ids(
        "several_found",
        (n for n, sources in several.items() for _ in sources & found.get(n, none)),
    )
    tally.add_ids("composites", several)
    tally.add_ids("complete", (n for n, s in several.items() if s <= found.get(n, none)))
    for name, counts in _ancestry(edges, unit, truth.traced).items():
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
    edges: Edges, unit: Mapping[str, int], traced: frozenset[str] | None
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
        sources = sources_of(rows)
        masks: dict[str, int] = {}
        for name in in_order(sources):
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
        if traced is None or name in traced:
            counts["ancestors"][name] = wanted.bit_count()
            counts["ancestors_found"][name] = got.bit_count()
            counts["ancestor_hits"][name] = (wanted & got).bit_count()
    return counts


def in_order(sources: Sources) -> list[str]:
    """Return every node after its sources; raises `ResultError` where they go in a circle."""
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
    true = sources_of(edges.true)
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
        and (
            given in sources
            or digest.get(given, given) in {digest.get(source, source) for source in sources}
        )
    ]
    traced = sample.ids if truth.traced is None else sorted(truth.traced & sample.index.keys())
    doubtful = {derived for _, derived in edges.free}
    originals = [
        name
        for name in traced
        if name not in true and name not in doubtful and name not in (truth.fed or ())
    ]
    tally.add_ids("single", single)
    tally.add_ids("right", right)
    tally.add_ids("decided", (name for name in single if name in decided))
    tally.add_ids("decided_right", (name for name in right if name in decided))
    tally.add_ids("derived", true)
    tally.add_ids("equal", equal)
    tally.add_ids("originals", originals)
    tally.add_ids("alone", (name for name in originals if name not in visible))
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
