"""The lineage as a tree of text: sources above, what was taken from them below."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from provenance.model import Derivation, Document, DocumentReport, HiddenSource, Lineage
from provenance.output.display import fit, fit_name, number, printable, width
from provenance.output.rows import deciding
from provenance.output.stories import MOST

DEPTH = 20
FURTHER = 3
UNSEEN = "unseen"
_LONG = 400
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


def around(lineage: Lineage, nodes: Sequence[str]) -> Lineage:
    """Return the part of a lineage that nodes descend from or that descends from them.

    Undecided rows of the nodes themselves are kept on both sides. Of a text that descends from
    them by a further source, the primary source is kept, too.
    """
    higher = reached(lineage.derivations, nodes, up=True)
    lower = reached(lineage.derivations, nodes, up=False)
    derivations = tuple(
        row
        for row in lineage.derivations
        if row.derived in higher or row.source in lower or (row.primary and row.derived in lower)
    )
    named = {*nodes, *(row.source for row in derivations)}
    hidden = tuple(hidden for hidden in lineage.hidden_sources if hidden.id in named)
    return Lineage(derivations, hidden)


def reached(rows: Sequence[Derivation], nodes: Iterable[str], *, up: bool) -> set[str]:
    """Return the nodes that rows lead to, upward to sources or down to what was taken, and these.

    Takes time linear in the rows.
    """
    beyond: dict[str, list[str]] = {}
    for row in rows:
        near, far = (row.derived, row.source) if up else (row.source, row.derived)
        beyond.setdefault(near, []).append(far)
    walk = list(dict.fromkeys(nodes))
    seen = set(walk)
    for node in walk:
        new = [far for far in beyond.get(node, ()) if far not in seen]
        seen.update(new)
        walk.extend(dict.fromkeys(new))
    return seen


def render(
    documents: Sequence[DocumentReport],
    lineage: Lineage,
    *,
    children: int | None = None,
    trees: int | None = None,
    longest: int | None = None,
    columns: int = 100,
    marked: Iterable[str] = (),
) -> str:
    """Return the lineage as lines of at most `columns` columns, each ending in a line break.

    A source stands above what was taken from it, the strongest reason beside or below; further
    sources follow a document as `+ also from`; undecided rows are marked `? —` and state no
    direction; `marked` nodes begin with `>`. At most `children` of a node, `trees` roots and
    `longest` lines are shown, to a depth of 20, and what is left out is counted. Documents that
    share nothing are not shown. Takes time linear in nodes and rows.
    """
    forest = plant(documents, lineage)
    describe = _Describe(documents, lineage, forest, marked)
    shown = forest.roots[:trees]
    every_line = (
        line for root in shown for line in _lines(root, forest, describe, children, columns)
    )
    lines = list(islice(every_line, longest))
    cut = sum(1 for _ in every_line)
    if cut:
        lines.append(f"… and {number(cut, 'more line')}")
    if len(forest.roots) > len(shown):
        lines.append(f"… and {number(len(forest.roots) - len(shown), 'more tree')}")
    return "".join(fit(line, columns).rstrip() + "\n" for line in lines)


def _lines(
    root: str, forest: Forest, describe: "_Describe", children: int | None, columns: int
) -> Iterator[str]:
    stack: list[tuple[str, str, str, int]] = [("", root, "", 0)]
    while stack:
        first, node, indent, depth = stack.pop()
        if not node:
            yield first
            continue
        below = forest.children.get(node, ())
        rest = indent + ("│     " if below else "      ")
        if node in forest.links:
            yield from _said(first + describe.child(node), *_why(forest.links[node]), rest, columns)
        else:
            yield first + describe.root(node)
        for label, row in describe.further(node):
            if row is None:
                yield rest + label
            else:
                yield from _said(rest + label, *_why(row), f"{rest}  ", columns)
        if depth == DEPTH and below:
            yield f"{indent}└─ … and {number(forest.sizes[node] - 1, 'more', 'more')} further down"
            continue
        shown = below[:children]
        entries = [("├─ ", child, indent + "│  ") for child in shown]
        if len(below) > len(shown):
            entries.append((f"└─ … and {_left_out(below[len(shown) :], forest)}", "", ""))
        else:
            entries[-1:] = [("└─ ", child, indent + "   ") for child in shown[-1:]]
        stack.extend(
            (indent + connector, child, deeper, depth + 1)
            for connector, child, deeper in reversed(entries)
        )


def _said(line: str, sure: str, why: str, indent: str, columns: int) -> Iterator[str]:
    """Yield a line with how sure it is and why, beside it as far as there is room, else below."""
    whole = f"{sure}: {why}" if why else sure
    for here, below in ((whole, ""), (sure, why), ("", whole)):
        if not here or width(line) + width(here) + 3 <= columns:
            yield f"{line} · {here}" if here else line
            if below:
                yield indent + below
            return


def _left_out(nodes: Sequence[str], forest: Forest) -> str:
    below = sum(forest.sizes[node] for node in nodes) - len(nodes)
    more = number(len(nodes), "more", "more")
    return f"{more}, with {number(below, 'text')} below them" if below else more


class _Describe:
    """One node or row in words."""

    def __init__(
        self,
        documents: Iterable[DocumentReport],
        lineage: Lineage,
        forest: Forest,
        marked: Iterable[str],
    ) -> None:
        self._marked = frozenset(marked)
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
        return f"{mark}{self._name(node)} · {_how(row)}"

    def further(self, node: str) -> Iterator[tuple[str, Derivation | None]]:
        rows = sorted(
            self._forest.further.get(node, ()), key=lambda row: (not row.decided, row.source)
        )
        for row in rows[:FURTHER]:
            words = "+ also from" if row.decided else "? — also shares text with"
            yield f"{words} {fit_name(row.source, 40)} · {_how(row)}", row
        if len(rows) > FURTHER:
            yield f"+ {number(len(rows) - FURTHER, 'more', 'more')}", None

    def _name(self, node: str) -> str:
        shown = fit_name(node, 40)
        if node in self._marked:
            shown = f"> {shown}"
        if node in self._hidden:
            return f"{shown} · {describe_hidden(self._hidden[node])}"
        document = self._documents.get(node)
        return " · ".join([shown, *(_known(document) if document else ())])


def _known(document: Document) -> Iterator[str]:
    if document.published:
        yield when(document)
    if document.source:
        yield fit(document.source, 30)


def when(document: Document) -> str:
    """Return the date of a document to the minute; the documents table has seconds and zone."""
    return document.published.text[:16].replace("T", " ") if document.published else "no date"


def describe_hidden(hidden: HiddenSource) -> str:
    """Return in words what a hidden source is."""
    if hidden.name == UNSEEN:
        return "a text that is not among the documents"
    return f"{fit_name(hidden.name, 40)}, not among the documents"


def describe_row(row: Derivation) -> str:
    """Return a derivation in words: kind, share of the derived text, and how sure."""
    return f"{_how(row)} · {_why(row)[0]}"


def _how(row: Derivation) -> str:
    return f"{row.kind.value}, {row.share:.0%}"


def _why(row: Derivation) -> tuple[str, str]:
    """Return how sure a row is, and its strongest reason."""
    sure = sureness(min(row.confidence, row.direction_confidence)) if row.decided else doubt(row)
    return sure, printable("".join(deciding(row, 1))[:_LONG])


def doubt(row: Derivation) -> str:
    """Return what an undecided row leaves open, with the probability of the likelier answer."""
    if row.source.startswith("~"):
        return f"undecided: whether it has this source ({row.confidence:.2f})"
    if row.direction_confidence <= row.confidence:
        return f"undecided: which is the source ({row.direction_confidence:.2f})"
    if row.share >= MOST:
        return f"undecided: from this text or another ({row.confidence:.2f})"
    return f"undecided: whether from it at all ({row.confidence:.2f})"


def sureness(probability: float) -> str:
    """Return a probability in words and figures: `very likely (0.96)`."""
    words = next(words for low, words in _SURENESS if probability >= low)
    return f"{words} ({probability:.2f})"
