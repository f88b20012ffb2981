"""Tables that are read off a result and not stored in it: one row a document, story or source."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from provenance.model import (
    Cluster,
    Derivation,
    DocumentReport,
    Lineage,
    Match,
    Pair,
    Passage,
)
from provenance.output import rows as stored
from provenance.output.outlets import find_outlets
from provenance.output.rows import Result, Row, choose, deciding, rounded
from provenance.output.stories import Story, find_stories, origins, stories_of
from provenance.output.timeline import Event, dated, order
from provenance.output.tree import around

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "lineage": (
        *("document", "published", "derives_from", "kind", "share", "confidence"),
        *("direction_confidence", "also_from", "undecided_with", "origins", "origins_decided"),
        "evidence",
    ),
    "stories": (
        *("story", "title", "first", "last", "documents", "outlets", "independent_sources"),
        *("independent_sources_at_most", "origins", "hidden_sources"),
    ),
    "sources": (
        *("source", "documents", "originated", "carried", "revised", "undecided", "hidden"),
        *("mostly_from", "mostly_from_documents", "taken", "taken_by", "median_delay_hours"),
    ),
    "timeline": (
        *("story", "position", "document", "source", "title", "published", "dating", "against"),
        *("derives_from", "kind", "also_from", "undecided_with"),
    ),
    **stored.COLUMNS,
}


def rows(result: Result, table: str, nodes: Sequence[str] = ()) -> Iterator[Row]:
    """Yield the rows of one table of :data:`COLUMNS`, sorted, floats rounded to 4 digits.

    With `nodes` the tables of the lineage have only what these come from and what was taken from
    them; stories, sources and timeline are those of the whole stories they are in. Raises
    `ConfigError` for an unknown table.
    """
    choose("table", table, COLUMNS)
    if not nodes:
        return _VIEWS[table](result) if table in _VIEWS else stored.rows(result, table)
    if table in ("stories", "sources", "timeline"):
        stories = stories_of(find_stories(result.documents, result.lineage), nodes)
        if table == "sources":
            return _VIEWS[table](_of_stories(stories))
        names = {story.name for story in stories}
        return (row for row in _VIEWS[table](result) if row["story"] in names)
    part = around(result.lineage, nodes)
    named = {*nodes, *(name for row in part.derivations for name in (row.source, row.derived))}
    documents = [report for report in result.documents if report.document.id in named]
    if table == "lineage":
        return (row for row in _lineage(result) if row["document"] in named)
    return stored.rows(Part(documents, part), table)


@dataclass(frozen=True, slots=True)
class Part:
    """Documents of a result and their lineage, without what they share."""

    documents: Sequence[DocumentReport]
    lineage: Lineage
    pairs: Sequence[Pair] = ()
    matches: Sequence[Match] = ()
    passages: Sequence[Passage] = ()
    clusters: Sequence[Cluster] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def _of_stories(stories: Iterable[Story]) -> Part:
    stories = list(stories)
    return Part(
        [report for story in stories for report in story.documents],
        Lineage(
            tuple(row for story in stories for row in story.derivations),
            tuple(hidden for story in stories for hidden in story.hidden_sources),
        ),
    )


class Links:
    """What each document is decided to come from, and what is undecided of it."""

    def __init__(self, result: Result) -> None:
        self.primary: dict[str, Derivation] = {}
        self.further: dict[str, list[str]] = {}
        self.undecided: dict[str, set[str]] = {}
        for row in sorted(result.lineage.derivations, key=stored.derivation_order):
            if not row.decided:
                self.undecided.setdefault(row.derived, set()).add(row.source)
                self.undecided.setdefault(row.source, set()).add(row.derived)
            elif row.primary:
                self.primary[row.derived] = row
            else:
                self.further.setdefault(row.derived, []).append(row.source)


def _lineage(result: Result) -> Iterator[Row]:
    links = Links(result)
    above = origins(result.lineage.derivations)
    for report in sorted(result.documents, key=lambda report: report.document.id):
        document = report.document
        link = links.primary.get(document.id)
        top = above.get(document.id)
        yield {
            "document": document.id,
            "published": document.published and document.published.text,
            "derives_from": link and link.source,
            "kind": link and link.kind.value,
            "share": link and rounded(link.share),
            "confidence": link and rounded(link.confidence),
            "direction_confidence": link and rounded(link.direction_confidence),
            "also_from": links.further.get(document.id, []),
            "undecided_with": sorted(links.undecided.get(document.id, ())),
            "origins": list(top.names) if top else [],
            "origins_decided": top and top.decided,
            "evidence": "; ".join(deciding(link)) if link else None,
        }


def _stories(result: Result) -> Iterator[Row]:
    for story in find_stories(result.documents, result.lineage):
        titles = {report.document.id: report.document.title for report in story.documents}
        independent = story.independent
        dates = [report.document.published for report in dated(story)]
        yield {
            "story": story.name,
            "title": titles.get(story.name) or next(filter(None, titles.values()), None),
            "first": dates[0] and dates[0].text if dates else None,
            "last": dates[-1] and dates[-1].text if dates else None,
            "documents": len(story.documents),
            "outlets": len(story.outlets),
            "independent_sources": independent.fewest,
            "independent_sources_at_most": independent.most,
            "origins": list(story.origins),
            "hidden_sources": [hidden.id for hidden in story.hidden_sources],
        }


def _sources(result: Result) -> Iterator[Row]:
    stories = find_stories(result.documents, result.lineage)
    return (outlet.row() for outlet in find_outlets(result, stories))


def _timeline(result: Result) -> Iterator[Row]:
    links = Links(result)
    for story in find_stories(result.documents, result.lineage):
        for position, event in enumerate(order(story), start=1):
            yield {"story": story.name, "position": position, **_event(event, links)}


def _event(event: Event, links: Links) -> Row:
    document = event.report.document
    link = links.primary.get(document.id)
    return {
        "document": document.id,
        "source": document.source,
        "title": document.title,
        "published": document.published and document.published.text,
        "dating": event.dating.value,
        "against": list(event.against),
        "derives_from": link and link.source,
        "kind": link and link.kind.value,
        "also_from": links.further.get(document.id, []),
        "undecided_with": sorted(links.undecided.get(document.id, ())),
    }


_VIEWS: Mapping[str, Callable[[Result], Iterator[Row]]] = {
    "lineage": _lineage,
    "stories": _stories,
    "sources": _sources,
    "timeline": _timeline,
}
