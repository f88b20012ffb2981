"""The lineage as a tree of text: sources above, what was taken from them below."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from provenance.model import Derivation, DerivationKind, Document, DocumentReport, Lineage
from provenance.output.display import fit, fit_name, number
from provenance.output.rows import deciding

DEPTH = 20
FURTHER = 3
_SURENESS = ((0.99, "almost certain"), (0.95, "very likely"), (0.8, "likely"), (0.0, "unsure"))


@dataclass(frozen=True, slots=True)
class Forest:
    """Every node that a derivation names, under its primary source.

    `links` holds the primary row of each node below a root, `further` the other rows of a node,
    `sizes` the nodes of each subtree. Roots come largest first; roots of one size and children
    come by date, undated last, then by id.
    """

    roots: Sequence[str]
    children: Mapping[str, Sequence[str]]
    links: Mapping[str, Derivation]
    further: Mapping[str, Sequence[Derivation]]
    sizes: Mapping[str, int]


def plant(documents: Iterable[DocumentReport], lineage: Lineage) -> Forest:
    """Return the forest of a lineage; a cycle of primary rows is cut, and no node is lost."""
    dates = {
        report.document.id: report.document.published.text
        for report in documents
        if report.document.published
    }

    def order(node: str) -> tuple[bool, str, str]:
        return node not in dates, dates.get(node, ""), node

    nodes: set[str] = set()
    links: dict[str, Derivation] = {}
    further: dict[str, list[Derivation]] = {}
    for derivation in lineage.derivations:
        nodes.update((derivation.source, derivation.derived))
        if derivation.primary and derivation.derived not in links:
            links[derivation.derived] = derivation
        else:
            further.setdefault(derivation.derived, []).append(derivation)
    ordered = sorted(nodes, key=order)
    for node in list(_one_of_each_cycle(ordered, links)):
        further.setdefault(node, []).append(links.pop(node))
    children: dict[str, list[str]] = {}
    for node in ordered:
        if node in links:
            children.setdefault(links[node].source, []).append(node)
    sizes = _sizes([node for node in ordered if node not in links], children)
    roots = [node for node in ordered if node not in links]
    roots.sort(key=lambda node: -sizes[node])
    return Forest(roots, children, links, further, sizes)


def _one_of_each_cycle(nodes: Iterable[str], links: Mapping[str, Derivation]) -> Iterator[str]:
    seen: set[str] = set()
    for start in nodes:
        path: dict[str, None] = {}
        node = start
        while node in links and node not in seen and node not in path:
            path[node] = None
            node = links[node].source
        if node in path:
            yield node
        seen.update(path)


def _sizes(roots: Iterable[str], children: Mapping[str, Sequence[str]]) -> dict[str, int]:
    above: dict[str, str] = {}
    walk = list(roots)
    for node in walk:
        for child in children.get(node, ()):
            above[child] = node
            walk.append(child)
    sizes = dict.fromkeys(walk, 1)
    for node in reversed(walk):
        if node in above:
            sizes[above[node]] += sizes[node]
    return sizes


def independent_sources(documents: Iterable[DocumentReport], lineage: Lineage) -> int:
    """Count the texts that nothing explains: documents without a source, and hidden sources.

    Quotations make no text dependent; two texts joined by an undecided row count once; a
    document without tokens does not count.
    """
    joined = [d for d in lineage.derivations if d.kind is not DerivationKind.QUOTATION]
    derived = {derivation.derived for derivation in joined}
    hidden = {hidden.id for hidden in lineage.hidden_sources}
    texts = {report.document.id for report in documents if report.tokens}
    return len((texts | (hidden & {d.source for d in joined})) - derived)


def around(lineage: Lineage, node: str) -> Lineage:
    """Return the part of a lineage that one node descends from or that descends from it.

    Undecided rows of the node itself are kept on both sides.
    """
    kept: set[int] = set()
    for near, far in (("derived", "source"), ("source", "derived")):
        rows: dict[str, list[int]] = {}
        for index, derivation in enumerate(lineage.derivations):
            rows.setdefault(getattr(derivation, near), []).append(index)
        walk, seen = [node], {node}
        for reached in walk:
            for index in rows.get(reached, ()):
                kept.add(index)
                next_node = getattr(lineage.derivations[index], far)
                if next_node not in seen:
                    seen.add(next_node)
                    walk.append(next_node)
    derivations = tuple(lineage.derivations[index] for index in sorted(kept))
    named = {node} | {name for d in derivations for name in (d.source, d.derived)}
    hidden = tuple(hidden for hidden in lineage.hidden_sources if hidden.id in named)
    return Lineage(derivations, hidden)


def render(
    documents: Sequence[DocumentReport],
    lineage: Lineage,
    *,
    children: int | None = None,
    trees: int | None = None,
    longest: int | None = None,
    columns: int = 100,
) -> str:
    """Return the lineage as lines of at most `columns` columns, each ending in a line break.

    A source stands above what was taken from it; further sources follow a document as
    `+ also from`; undecided rows are marked `? —` and state no direction. At most `children`
    of a node, `trees` roots and `longest` lines are shown, to a depth of 20, and what is left out
    is counted.
    Documents that share nothing are not shown. Takes time linear in nodes and rows.
    """
    forest = plant(documents, lineage)
    describe = _Describe(documents, lineage, forest)
    shown = forest.roots[:trees]
    every_line = (line for root in shown for line in _lines(root, forest, describe, children))
    lines = list(islice(every_line, longest))
    cut = sum(1 for _ in every_line)
    if cut:
        lines.append(f"… and {number(cut, 'more line')}")
    if len(forest.roots) > len(shown):
        lines.append(f"… and {number(len(forest.roots) - len(shown), 'more tree')}")
    return "".join(fit(line, columns).rstrip() + "\n" for line in lines)


def _lines(root: str, forest: Forest, describe: "_Describe", children: int | None) -> Iterator[str]:
    stack: list[tuple[str, str, str, int]] = [(describe.root(root), root, "", 0)]
    while stack:
        text, node, indent, depth = stack.pop()
        yield text
        if not node:
            continue
        below = forest.children.get(node, ())
        for line in describe.further(node):
            yield f"{indent}{'│  ' if below else '   '}{line}"
        if depth == DEPTH and below:
            yield f"{indent}└─ … and {number(forest.sizes[node] - 1, 'more', 'more')} further down"
            continue
        shown = below[:children]
        entries = [(describe.child(child), child) for child in shown]
        if len(below) > len(shown):
            entries.append((f"… and {number(len(below) - len(shown), 'more', 'more')}", ""))
        for index, (label, child) in reversed(list(enumerate(entries))):
            last = index == len(entries) - 1
            connector, deeper = ("└─ ", "   ") if last else ("├─ ", "│  ")
            stack.append((indent + connector + label, child, indent + deeper, depth + 1))


class _Describe:
    """One node or row in words."""

    def __init__(
        self, documents: Iterable[DocumentReport], lineage: Lineage, forest: Forest
    ) -> None:
        self._documents = {report.document.id: report.document for report in documents}
        self._hidden = {hidden.id: hidden for hidden in lineage.hidden_sources}
        self._forest = forest
        self._feeds: dict[str, int] = {}
        for rows in forest.further.values():
            for row in rows:
                self._feeds[row.source] = self._feeds.get(row.source, 0) + 1

    def root(self, node: str) -> str:
        parts = [self._name(node)]
        if not self._forest.children.get(node) and node in self._feeds:
            parts.append(
                f"a further source of {number(self._feeds[node], 'text')} listed elsewhere"
            )
        return " · ".join(parts)

    def child(self, node: str) -> str:
        row = self._forest.links[node]
        mark = "" if row.decided else "? — "
        return f"{mark}{self._name(node)} · {describe_row(row)}"

    def further(self, node: str) -> Iterator[str]:
        rows = sorted(
            self._forest.further.get(node, ()), key=lambda row: (not row.decided, row.source)
        )
        for row in rows[:FURTHER]:
            words = "+ also from" if row.decided else "? — also shares text with"
            yield f"{words} {fit_name(row.source, 40)} · {describe_row(row)}"
        if len(rows) > FURTHER:
            yield f"+ {number(len(rows) - FURTHER, 'more', 'more')}"

    def _name(self, node: str) -> str:
        if node in self._hidden:
            name = fit(self._hidden[node].name, 40)
            return f"{fit_name(node, 40)} · {name}, not among the documents"
        document = self._documents.get(node)
        return " · ".join([fit_name(node, 40), *(_known(document) if document else ())])


def _known(document: Document) -> Iterator[str]:
    if document.published:
        # To the minute: seconds and zone say little here, and the documents table has them.
        yield document.published.text[:16].replace("T", " ")
    if document.source:
        yield fit(document.source, 30)


def describe_row(row: Derivation) -> str:
    """Return a derivation in words: kind, share, how sure, and the strongest evidence."""
    if row.decided:
        sure = sureness(min(row.confidence, row.direction_confidence))
    elif row.direction_confidence <= row.confidence:
        sure = f"direction undecided ({row.direction_confidence:.2f})"
    else:
        sure = f"undecided whether joined ({row.confidence:.2f})"
    reason = "".join(f": {detail}" for detail in deciding(row, 1))
    return f"{row.kind.value}, {row.share:.0%} · {sure}{reason}"


def sureness(probability: float) -> str:
    """Return a probability in words and figures: `very likely (0.96)`."""
    words = next(words for low, words in _SURENESS if probability >= low)
    return f"{words} ({probability:.2f})"
