"""Who originates and who carries: the outlets of a corpus, and the sources it only hears of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlsplit

from provenance.lineage.agencies import abbreviates, canonical_name
from provenance.lineage.dates import middle
from provenance.model import Derivation, Document, HiddenSource
from provenance.output.rows import Result
from provenance.output.stories import Story, joining
from provenance.output.timeline import Dating, order

HOUR = 3600


@dataclass(slots=True)
class Outlet:
    """What one outlet wrote and took; rows that are undecided count for nobody.

    Each document is one of four: `originated` (nothing it could have come from is in the
    corpus), `carried` (it derives from another outlet's, or from a hidden source), `revised` (it
    derives from the outlet's own only), or `undecided`. `hidden` counts the texts of this source
    that the corpus does not hold and others derive from. `sources` and `takers` count documents
    by outlet, where it is known; `delays` are the hours between a document and its source.
    """

    name: str | None
    documents: int = 0
    originated: int = 0
    carried: int = 0
    revised: int = 0
    undecided: int = 0
    hidden: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    takers: Counter[str] = field(default_factory=Counter)
    taken: int = 0
    delays: list[float] = field(default_factory=list)

    @property
    def delay(self) -> float | None:
        """The median of the hours between its documents and their sources elsewhere."""
        return median(self.delays) if self.delays else None

    def row(self) -> dict[str, object]:
        """Return the outlet as a row of the table of sources."""
        most = ranked(self.sources)
        return {
            "source": self.name,
            "documents": self.documents,
            "originated": self.originated,
            "carried": self.carried,
            "revised": self.revised,
            "undecided": self.undecided,
            "hidden": self.hidden,
            "mostly_from": most[0] if most else None,
            "mostly_from_documents": self.sources[most[0]] if most else 0,
            "taken": self.taken,
            "taken_by": ranked(self.takers),
            "median_delay_hours": None if self.delay is None else round(self.delay, 2),
        }


def ranked(counts: Counter[str]) -> list[str]:
    """Return names by count, the highest first, then by name."""
    return sorted(counts, key=lambda name: (-counts[name], name))


def find_outlets(result: Result, stories: Iterable[Story]) -> list[Outlet]:
    """Return the outlets of a result: those that others take most from first, then by size.

    `stories` are all of the result. A hidden source counts for the outlet of its name or address;
    one of no name counts as `unseen`. Documents without an outlet count together, under no name.
    """
    documents = {report.document.id: report.document for report in result.documents}
    named = _names(result)
    found: dict[str, Outlet] = {}

    def outlet(node: str) -> Outlet:
        name = named[node]
        return found.setdefault(name, Outlet(name or None))

    rows = [row for row in joining(result.lineage.derivations) if _known(row, named)]
    above: dict[str, list[Derivation]] = {}
    unsettled: set[str] = set()
    for row in rows:
        if row.decided:
            above.setdefault(row.derived, []).append(row)
        else:
            unsettled |= {row.derived}
            if row.direction_confidence <= row.confidence:
                unsettled |= {row.source}
    for node in sorted(documents):
        carrier = outlet(node)
        carrier.documents += 1
        sources = {named[row.source] for row in above.get(node, ())}
        if not sources:
            carrier.undecided += node in unsettled
            carrier.originated += node not in unsettled
        elif sources == {named[node]} and named[node]:
            carrier.revised += 1
        else:
            carrier.carried += 1
    for hidden in sorted(result.lineage.hidden_sources, key=lambda hidden: hidden.id):
        outlet(hidden.id).hidden += 1
    dates = _dates(stories)
    for row in (row for rows_of_one in above.values() for row in rows_of_one):
        giver, taker = outlet(row.source), outlet(row.derived)
        if giver is taker and giver.name:
            continue
        giver.taken += 1
        giver.takers.update([taker.name] if taker.name else [])
        taker.sources.update([giver.name] if giver.name else [])
        if row.source in dates and row.derived in dates:
            hours = (dates[row.derived] - dates[row.source]) / HOUR
            taker.delays.append(max(hours, 0.0))
    return sorted(
        found.values(), key=lambda o: (-o.taken, -o.documents, o.name is None, o.name or "")
    )


def _known(row: Derivation, named: Mapping[str, str]) -> bool:
    return row.source in named and row.derived in named


def _dates(stories: Iterable[Story]) -> dict[str, float]:
    """Return the Unix times of the documents whose date does not contradict the lineage."""
    return {
        event.report.document.id: middle(event.report.document.published) or 0.0
        for story in stories
        for event in order(story)
        if event.dating is Dating.STATED and event.report.document.published
    }


def _names(result: Result) -> dict[str, str]:
    """Return the outlet of every document and hidden source; empty where there is none."""
    named: dict[str, str] = {}
    hosts: dict[str, Counter[str]] = {}
    for report in result.documents:
        document = report.document
        named[document.id] = name = document.source or _host(document) or ""
        if name and (host := _host(document)):
            hosts.setdefault(host, Counter())[name] += 1
    outlets = sorted(set(named.values()) - {""})
    for hidden in result.lineage.hidden_sources:
        host = _host(hidden)
        if host is not None:
            named[hidden.id] = ranked(hosts[host])[0] if host in hosts else host
        else:
            named[hidden.id] = _outlet_of(hidden.name, outlets)
    return named


def _outlet_of(name: str, outlets: Sequence[str]) -> str:
    """Return the outlet that a name stands for, in full or shortened; else the name."""
    for outlet in outlets:
        if name.casefold() == outlet.casefold() or name == canonical_name(outlet):
            return outlet
    full = [outlet for outlet in outlets if abbreviates(name, outlet)]
    return full[0] if len(full) == 1 else name


def _host(of: Document | HiddenSource) -> str | None:
    """Return the host of a document's or hidden source's address, without 'www.'."""
    address = (of.url or "") if isinstance(of, Document) else of.name
    if "://" not in address:
        return None
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
