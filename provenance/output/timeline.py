"""A story in order of time: no source after what was taken from it, whatever the dates say."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heapify, heappop, heappush
from math import inf

from provenance.lineage.dates import Order, middle
from provenance.lineage.dates import order as compare
from provenance.model import Derivation, DocumentReport, Timestamp
from provenance.output.stories import Story, later, sources_first


class Dating(StrEnum):
    """What a document's date says of its place in the order."""

    STATED = "stated"
    MISSING = "missing"
    PLACEHOLDER = "placeholder"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Event:
    """One document of a story; `against` are the documents that its date contradicts."""

    report: DocumentReport
    dating: Dating
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Conflict:
    source: str
    derived: str


def order(story: Story) -> list[Event]:
    """Return the documents of a story, each after the sources that it is sure to be later than.

    These are the ones that it is decided to come from, and those of most of its text from which
    to it the text went, be it by way of another.

    Beside that they go by date: the middle of the time that it can mean. A document without a
    date follows its sources, else it stands before what was taken from it, else at the end; so
    does one whose date is a placeholder. A date contradicts the lineage where it is surely
    before that of a source; of the two, the one that more such rows name is marked, else the
    derived one, and counts as unknown.
    """
    stated = {report.document.id: report.document.published for report in story.documents}
    dates = {node: date if middle(date) is not None else None for node, date in stated.items()}
    above: dict[str, dict[str, Derivation]] = {node: {} for node in dates}
    for row in story.derivations:
        if later(row) and row.source in dates and row.derived in dates:
            above[row.derived][row.source] = row
    nodes = sources_first(above)
    against: dict[str, set[str]] = {}
    while conflicts := _conflicts(nodes, above, dates, against):
        for node, others in _blamed(conflicts).items():
            against.setdefault(node, set()).update(others)
    known = {node: d for node, d in dates.items() if d is not None and node not in against}
    reports = {report.document.id: report for report in story.documents}
    events = []
    for node in _sorted(nodes, above, _times(nodes, above, known), known):
        if node in known:
            dating = Dating.STATED
        elif node in against:
            dating = Dating.CONTRADICTED
        else:
            dating = Dating.MISSING if stated[node] is None else Dating.PLACEHOLDER
        events.append(Event(reports[node], dating, tuple(sorted(against.get(node, ())))))
    return events


def dated(story: Story) -> list[DocumentReport]:
    """Return the documents whose date is stated and not contradicted, the earliest first."""
    found = [
        (event.report.document.published, event.report)
        for event in order(story)
        if event.dating is Dating.STATED
    ]
    known = [(middle(date) or 0.0, report.document.id, report) for date, report in found if date]
    return [report for *_, report in sorted(known, key=lambda entry: entry[:2])]


def _conflicts(
    nodes: Sequence[str],
    above: Mapping[str, Mapping[str, Derivation]],
    dates: Mapping[str, Timestamp | None],
    unknown: Mapping[str, object],
) -> list[_Conflict]:
    """Return the pairs whose dates cannot be: of each document's last dated source, and its own."""
    latest: dict[str, tuple[float, str, Timestamp]] = {}
    found = []
    for node in nodes:
        bounds = [latest[source] for source in above[node] if source in latest]
        date = None if node in unknown else dates[node]
        if date is not None:
            found += [
                _Conflict(source, node)
                for _, source, earlier in bounds
                if compare(earlier, date) is Order.LATER
            ]
            latest[node] = middle(date) or 0.0, node, date
        elif bounds:
            latest[node] = max(bounds, key=lambda bound: bound[:2])
    return found


def _blamed(conflicts: Sequence[_Conflict]) -> dict[str, set[str]]:
    """Return documents that explain all conflicts, with those each is in conflict with."""
    others: dict[str, set[str]] = {}
    for conflict in conflicts:
        others.setdefault(conflict.source, set()).add(conflict.derived)
        others.setdefault(conflict.derived, set()).add(conflict.source)
    blamed: dict[str, set[str]] = {}
    left = list(conflicts)
    while left:
        times = Counter(name for c in left for name in (c.source, c.derived))
        derived = Counter(c.derived for c in left)
        worst = max((times[name], derived[name]) for name in times)
        blamed.update(
            (name, others[name]) for name in times if (times[name], derived[name]) == worst
        )
        left = [c for c in left if c.source not in blamed and c.derived not in blamed]
    return blamed


def _times(
    nodes: Sequence[str],
    above: Mapping[str, Mapping[str, Derivation]],
    known: Mapping[str, Timestamp],
) -> dict[str, float]:
    """Return when each document is taken to have appeared, as Unix time; infinity if unknown."""
    times: dict[str, float] = {node: middle(date) or 0.0 for node, date in known.items()}
    for node in nodes:
        bounds = [times[source] for source in above[node] if source in times]
        if node not in times and bounds:
            times[node] = max(bounds)
    for node in reversed(nodes):
        for source in above[node]:
            if source not in known and node in times:
                times[source] = min(times.get(source, inf), times[node])
    return {node: times.get(node, inf) for node in nodes}


def _sorted(
    nodes: Sequence[str],
    above: Mapping[str, Mapping[str, Derivation]],
    times: Mapping[str, float],
    known: Mapping[str, object],
) -> list[str]:
    below: dict[str, list[str]] = {}
    waiting = {node: len(above[node]) for node in nodes}
    for node in nodes:
        for source in above[node]:
            below.setdefault(source, []).append(node)
    ready = [(times[node], node not in known, node) for node in nodes if not waiting[node]]
    heapify(ready)
    found = []
    while ready:
        _, _, node = heappop(ready)
        found.append(node)
        for child in below.get(node, ()):
            waiting[child] -= 1
            if not waiting[child]:
                heappush(ready, (times[child], child not in known, child))
    return found
