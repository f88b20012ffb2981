"""What a lineage says of a corpus as a whole: stories, their origins, independent sources."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from provenance.model import Derivation, DerivationKind, DocumentReport, HiddenSource, Lineage

SURE = 0.8
MOST = 0.5


@dataclass(frozen=True, slots=True)
class Independent:
    """How many texts nothing explains: `fewest` if every row holds, `most` if no unsure one does.

    A quotation explains no text. A row is unsure where the confidence that the two are joined is
    below 0.8 and the source explains less than half of the derived text: above, the text is not
    of its own making, whichever copy it was taken from.
    """

    fewest: int
    most: int

    def __str__(self) -> str:
        few, many = f"{self.fewest:,}", f"{self.most:,}"
        return few if few == many else f"{few} to {many}"


@dataclass(frozen=True, slots=True)
class Origins:
    """The texts at the top of a document's chains, the one above its primary source first.

    `decided` says whether every row on the way is.
    """

    names: tuple[str, ...]
    decided: bool


@dataclass(frozen=True, slots=True)
class Story:
    """Documents and hidden sources that have their text from each other.

    `origins` are those without a source in it, the one that most of the story comes from first.
    """

    documents: tuple[DocumentReport, ...]
    hidden_sources: tuple[HiddenSource, ...]
    derivations: tuple[Derivation, ...]
    origins: tuple[str, ...]

    @property
    def name(self) -> str:
        """The id of its first origin."""
        return self.origins[0]

    @property
    def nodes(self) -> frozenset[str]:
        """The ids of its documents and hidden sources."""
        hidden = (source.id for source in self.hidden_sources)
        return frozenset([*(report.document.id for report in self.documents), *hidden])

    @property
    def independent(self) -> Independent:
        """How many of the story's texts nothing explains."""
        return independent_sources(self.documents, self.derivations)

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that carry the story, sorted."""
        found = {report.document.source for report in self.documents}
        return tuple(sorted(name for name in found if name))


def joining(rows: Iterable[Derivation]) -> list[Derivation]:
    """Return the rows that make a text depend on another: all but quotations."""
    return [
        row
        for row in rows
        if row.kind is not DerivationKind.QUOTATION and row.source != row.derived
    ]


def independent_sources(
    documents: Iterable[DocumentReport], rows: Iterable[Derivation]
) -> Independent:
    """Count the documents without a source, and the hidden sources that feed any.

    A document without tokens does not count.
    """
    joined = joining(rows)
    sure = [row for row in joined if row.confidence >= SURE or row.share >= MOST or row.decided]
    texts = {report.document.id for report in documents if report.tokens}
    counts = []
    for kept in (joined, sure):
        hidden = {row.source for row in kept if row.source.startswith("~")}
        counts.append(len((texts | hidden) - {row.derived for row in kept}))
    return Independent(min(counts), max(counts))


def origins(rows: Iterable[Derivation]) -> dict[str, Origins]:
    """Return the origins of every node that a row other than a quotation derives from another.

    Undecided rows are followed in their likelier direction. Takes time linear in the rows, but
    for texts that are merged of many.
    """
    above: dict[str, dict[str, Derivation]] = {}
    for row in sorted(joining(rows), key=lambda row: (row.derived, not row.primary, row.source)):
        above.setdefault(row.derived, {}).setdefault(row.source, row)
    found: dict[str, Origins] = {}
    for node in sources_first(above):
        names: dict[str, None] = {}
        decided = True
        for source, row in above.get(node, {}).items():
            top = found.get(source)
            names.update(dict.fromkeys(top.names if top else (source,)))
            decided = decided and row.decided and (top is None or top.decided)
        if names:
            found[node] = Origins(tuple(names), decided)
    return found


def sources_behind(above: Mapping[str, Origins], nodes: Iterable[str]) -> set[str]:
    """Return the independent sources of some documents: their origins, or themselves."""
    return {name for node in nodes for name in (above[node].names if node in above else (node,))}


def sources_first(above: dict[str, dict[str, Derivation]]) -> tuple[str, ...]:
    """Order nodes so that each comes after its sources; a row that closes a cycle is removed."""
    while True:
        try:
            return tuple(TopologicalSorter(above).static_order())
        except CycleError as error:
            source, node = error.args[1][:2]
            del above[node][source]


def later(row: Derivation) -> bool:
    """Whether the derived text is surely later, although another copy may have been its source."""
    return row.decided or (row.direction_confidence >= SURE and row.share >= MOST)


def find_stories(documents: Iterable[DocumentReport], lineage: Lineage) -> list[Story]:
    """Return the stories of two texts or more, hidden ones among them; the largest come first.

    A story is a tree of primary sources; quotations join nothing. A document merged of two
    stories belongs to that of its primary source. Two trees are one story only where documents
    of both origins are half as many as the smaller tree has. Stories of one size come by the id
    of their first origin.
    """
    rows = joining(lineage.derivations)
    above = origins(rows)
    reports = {report.document.id: report for report in documents}
    hidden = {source.id: source for source in lineage.hidden_sources}
    group = _group(above)
    members: dict[str, list[str]] = {}
    for node in sorted(group):
        members.setdefault(group[node], []).append(node)
    inside: dict[str, list[Derivation]] = {}
    for row in rows:
        if group[row.derived] == group[row.source]:
            inside.setdefault(group[row.derived], []).append(row)
    fed = Counter(found.names[0] for found in above.values())
    stories = []
    for name, nodes in members.items():
        derived = {row.derived for row in inside.get(name, ())}
        tops = sorted((n for n in nodes if n not in derived), key=lambda n: (-fed[n], n))
        stories.append(
            Story(
                tuple(reports[node] for node in nodes if node in reports),
                tuple(hidden[node] for node in nodes if node in hidden),
                tuple(inside.get(name, ())),
                tuple(tops or nodes[:1]),
            )
        )
    stories.sort(key=lambda story: (-len(story.documents), story.origins))
    return stories


def _group(above: Mapping[str, Origins]) -> dict[str, str]:
    """Return the story of every node, named after one of its origins."""
    root = {node: found.names[0] for node, found in above.items()}
    for found in above.values():
        root.update((name, name) for name in found.names)
    sizes = Counter(root.values())
    shared = Counter(
        tuple(sorted((found.names[0], other)))
        for found in above.values()
        for other in found.names[1:]
    )
    joined: dict[str, str] = {}

    def top(name: str) -> str:
        while name in joined:
            name = joined[name]
        return name

    for (one, other), count in sorted(shared.items()):
        if 2 * count >= min(sizes[one], sizes[other]) and top(one) != top(other):
            joined[top(other)] = top(one)
    return {node: top(name) for node, name in root.items()}


def stories_of(stories: Iterable[Story], nodes: Iterable[str]) -> list[Story]:
    """Return the stories that some nodes are in."""
    wanted = set(nodes)
    return [story for story in stories if wanted & story.nodes]
