"""How two texts of a lineage hang together where no row joins them directly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provenance.model import Derivation
from provenance.output.stories import joining


@dataclass(frozen=True, slots=True)
class Connection:
    """The rows on the way between two nodes `a` and `b`.

    `source` is the text that both come from: one of the two where the other descends from it,
    and None where they have none in common and the way leads over texts below them. The rows of
    `of_a` lead from `a` to the source, those of `of_b` from `b`; without a source `of_a` leads
    from `a` all the way to `b`.
    """

    source: str | None
    of_a: tuple[Derivation, ...]
    of_b: tuple[Derivation, ...]

    @property
    def decided(self) -> bool:
        """Whether every row on the way is."""
        return all(row.decided for row in (*self.of_a, *self.of_b))


def connect(rows: Iterable[Derivation], a: str, b: str) -> Connection | None:
    """Return the closest connection of two nodes; None where there is none.

    A common source comes before a way over texts below, decided rows before undecided ones, and
    fewer rows before more. Quotations connect nothing. Takes time linear in the rows.
    """
    known = sorted(joining(rows), key=lambda row: (row.derived, not row.primary, row.source))
    for kept in ([row for row in known if row.decided], known):
        found = _common(kept, a, b)
        if found is not None:
            return found
    steps = _walk(_links(known, both=True), a)
    return Connection(None, _way(steps, b), ()) if b in steps else None


def _common(rows: Sequence[Derivation], a: str, b: str) -> Connection | None:
    links = _links(rows)
    of_a, of_b = _walk(links, a), _walk(links, b)
    ways = [(_way(of_a, node), _way(of_b, node), node) for node in of_a.keys() & of_b.keys()]
    if not ways:
        return None
    way_a, way_b, source = min(ways, key=lambda way: (len(way[0]) + len(way[1]), way[2]))
    return Connection(source, way_a, way_b)


_Steps = dict[str, tuple[str, Derivation] | None]


def _links(
    rows: Iterable[Derivation], *, both: bool = False
) -> Mapping[str, list[tuple[str, Derivation]]]:
    """Return what each node leads to: its sources, and with `both` what was taken from it."""
    links: dict[str, list[tuple[str, Derivation]]] = {}
    for row in rows:
        links.setdefault(row.derived, []).append((row.source, row))
        if both:
            links.setdefault(row.source, []).append((row.derived, row))
    return links


def _walk(links: Mapping[str, list[tuple[str, Derivation]]], start: str) -> _Steps:
    """Return every node that is reached, the nearest first, and the step that led to it."""
    steps: _Steps = {start: None}
    walk = [start]
    for node in walk:
        for far, row in links.get(node, ()):
            if far not in steps:
                steps[far] = node, row
                walk.append(far)
    return steps


def _way(steps: _Steps, end: str) -> tuple[Derivation, ...]:
    """Return the rows from the start of a walk to a node."""
    rows = []
    while (step := steps[end]) is not None:
        end, row = step
        rows.append(row)
    return tuple(reversed(rows))
