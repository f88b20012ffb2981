"""The lineage for people: its stories, who carries them, where each text came from, the tree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from provenance.lineage.dates import middle
from provenance.model import Derivation, DocumentReport, Lineage
from provenance.output import tree
from provenance.output.display import fit, fit_name, number, wrap
from provenance.output.outlets import find_outlets, ranked
from provenance.output.rows import Result, deciding
from provenance.output.sections import lines, table
from provenance.output.stories import (
    Origins,
    Story,
    find_stories,
    independent_sources,
    origins,
    sources_behind,
    stories_of,
)
from provenance.output.timeline import Dating, Event, dated, order

ROWS, CHILDREN, LINES = 50, 20, 400
NOTHING = "Lineage: no document is said to derive from another.\n"
UNSOUGHT = "Lineage: the scan looked for near-duplicate pairs and clusters only.\n"


def render(
    result: Result, *, columns: int = 100, limit: int | None = None, longest: int | None = None
) -> str:
    """Return the lineage of a result: stories, outlets, a row for each document, and a tree.

    `limit` bounds the rows, the trees and the children of a node, `longest` the tree's lines;
    without a limit they are bounded, too, but less.
    """
    if not result.lineage.derivations:
        return NOTHING if _sought(result) else UNSOUGHT
    named = {name for row in result.lineage.derivations for name in (row.source, row.derived)}
    alone = sum(report.document.id not in named for report in result.documents)
    stories = find_stories(result.documents, result.lineage)
    parts = [
        _stories(stories, columns, limit or ROWS),
        _sources(result, stories, columns, limit or ROWS),
        _documents(
            result.documents,
            result.lineage,
            origins(result.lineage.derivations),
            columns,
            limit or ROWS,
        ),
        _tree(result.documents, result.lineage, columns, limit, longest or _lines_for(limit)),
    ]
    rest = f"{number(alone, 'document')} joined to no other\n" if alone else ""
    return "\n".join(part for part in parts if part) + rest


def headline(result: Result) -> str:
    """Return how many documents a result has, and from how many independent sources, in a line.

    Where no lineage was sought, nothing is known of sources.
    """
    words = number(len(result.documents), "document")
    if _sought(result):
        independent = independent_sources(result.documents, result.lineage.derivations)
        words += f": {counted(str(independent))}"
    return f"{words}\n"


def _sought(result: Result) -> bool:
    return "derivations" in result.counts or bool(result.lineage.derivations)


def counted(independent: str) -> str:
    """Return a count of independent sources with its noun."""
    return f"{independent} independent source{'' if independent == '1' else 's'}"


def around(
    result: Result, nodes: Sequence[str], *, columns: int = 100, limit: int | None = None
) -> str:
    """Return what some nodes come from and what was taken from them, as a table and a tree.

    Their place among the others is told first; in the tree they are marked.
    """
    part = tree.around(result.lineage, nodes)
    named = {*nodes, *(name for row in part.derivations for name in (row.source, row.derived))}
    documents = [report for report in result.documents if report.document.id in named]
    parts = []
    above = origins(result.lineage.derivations)
    place = _place(result, part, above, nodes[0]) if len(nodes) == 1 else _behind(above, nodes)
    parts.append(lines(wrap(place, columns), columns))
    if part.derivations:
        parts.append(_documents(documents, part, above, columns, limit or ROWS))
        parts.append(_tree(documents, part, columns, limit, _lines_for(limit), nodes))
    return "\n".join(parts)


def _behind(above: Mapping[str, Origins], nodes: Sequence[str]) -> str:
    """Return from how many independent sources some documents come."""
    behind = counted(str(len(sources_behind(above, nodes))))
    return f"{number(len(nodes), 'document')}, {behind}"


def _place(result: Result, part: Lineage, above: Mapping[str, Origins], node: str) -> str:
    """Return where a node stands among the others."""
    name = fit_name(node, 60)
    higher = tree.reached(part.derivations, [node], up=True) - {node}
    lower = tree.reached(part.derivations, [node], up=False) - {node}
    if not part.derivations:
        return f"{name} is joined to no other: no source of it is known, and nothing took from it."
    words = [f"{name}: {number(len(higher), 'text')} above it, {len(lower):,} below"]
    top = above.get(node)
    if top is not None:
        shown = ", ".join(fit_name(origin, 40) for origin in top.names[:3])
        words.append(f"{'origin' if top.decided else 'origin undecided, likeliest'} {shown}")
    for story in stories_of(find_stories(result.documents, result.lineage), [node]):
        size = number(len(story.documents), "document")
        words.append(f"in a story of {size}, {counted(str(story.independent))}")
    return "; ".join(words)


def _stories(found: Sequence[Story], columns: int, limit: int) -> str:
    rows: list[dict[str, object]] = [
        {
            "documents": len(story.documents),
            "outlets": len(story.outlets),
            "independent": str(story.independent),
            "first": next((tree.when(report.document)[:10] for report in dated(story)), None),
            "origin": story.name,
            "title": _title(story),
        }
        for story in found[:limit]
    ]
    title = "Stories, largest first, with the number of their independent sources"
    return table(title, rows, len(found), columns, "title", ("first", "outlets"))


def _title(story: Story) -> str | None:
    titles = {report.document.id: report.document.title for report in story.documents}
    return titles.get(story.name) or next(filter(None, titles.values()), None)


def _sources(result: Result, stories: Sequence[Story], columns: int, limit: int) -> str:
    outlets = find_outlets(result, stories)
    found = [o for o in outlets if o.name and (o.taken or o.carried or o.undecided)]
    hidden = any(outlet.hidden for outlet in found[:limit])
    rows: list[dict[str, object]] = [
        {
            "outlet": outlet.name,
            "texts": outlet.documents,
            **({"unseen": outlet.hidden} if hidden else {}),
            "own": outlet.originated,
            "revised": outlet.revised,
            "carried": outlet.carried,
            "undecided": outlet.undecided,
            "taken": outlet.taken,
            "mostly from": next(iter(ranked(outlet.sources)), None),
            "delay": _delay(outlet.delay),
        }
        for outlet in found[:limit]
    ]
    title = "Sources, those first that others take most from"
    return table(title, rows, len(found), columns, "mostly from", ("delay", "revised", "unseen"))


def _delay(hours: float | None) -> str | None:
    if hours is None:
        return None
    return f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"


def _documents(
    documents: Iterable[DocumentReport],
    lineage: Lineage,
    above: Mapping[str, Origins],
    columns: int,
    limit: int,
) -> str:
    reports = {report.document.id: report for report in documents}
    rows = sorted(
        (row for row in lineage.derivations if row.primary),
        key=lambda row: (*_date(reports.get(row.derived)), row.derived),
    )
    found: list[dict[str, object]] = []
    for row in rows[:limit]:
        top = above.get(row.derived)
        origin = top.names[0] if top else row.source
        report = reports.get(row.derived)
        found.append(
            {
                "document": row.derived,
                "published": tree.when(report.document)[:10] if report else None,
                "source": row.source if row.decided else f"? {row.source}",
                "origin": origin if top is None or top.decided else f"? {origin}",
                "how": f"{row.kind.value}, {row.share:.0%}",
                "sure": _sure(row),
                "why": "; ".join(deciding(row)),
            }
        )
    title = "Where each came from, earliest first; ? is undecided"
    return table(title, found, len(rows), columns, "why", ("why", "origin"))


def _sure(row: Derivation) -> str:
    sure = f"{min(row.confidence, row.direction_confidence):.2f}"
    return sure if row.decided else f"? {sure}"


def _date(report: DocumentReport | None) -> tuple[bool, str]:
    """Return the sort key of a date: unknown ones and their placeholders come last."""
    date = report.document.published if report else None
    return (False, date.text) if date and middle(date) is not None else (True, "")


def _lines_for(limit: int | None) -> int | None:
    return LINES if limit is None else None


def _tree(
    documents: Sequence[DocumentReport],
    lineage: Lineage,
    columns: int,
    limit: int | None,
    longest: int | None,
    marked: Sequence[str] = (),
) -> str:
    title = "Lineage: sources above what was taken from them; % of a text that its source explains"
    drawn = tree.render(
        documents,
        lineage,
        children=limit or CHILDREN,
        trees=limit or ROWS,
        longest=longest,
        columns=columns,
        marked=marked,
    )
    return f"{lines([title], columns)}\n{drawn}"


def timeline(
    result: Result, nodes: Sequence[str] = (), *, columns: int = 100, limit: int | None = None
) -> str:
    """Return each story in order of time, no source after what was taken from it.

    With `nodes` only the stories they are in are told. `limit` bounds the stories and the
    documents of each.
    """
    found = find_stories(result.documents, result.lineage)
    if nodes:
        found = stories_of(found, nodes)
        if not found:
            return "None of these documents is joined to another.\n"
    if not found:
        return NOTHING if _sought(result) else UNSOUGHT
    most = limit or ROWS
    primary = {row.derived: row for row in result.lineage.derivations if row.primary}
    drawn: list[str] = []
    for story in found[:most]:
        events = order(story)
        drawn += [
            _title(story) or story.name,
            f"{number(len(events), 'document')}, {number(len(story.outlets), 'outlet')}, "
            + counted(str(story.independent)),
            *(line for event in events[:most] for line in _event(event, primary)),
        ]
        if len(events) > most:
            drawn.append(f"  … and {len(events) - most:,} more")
        drawn.append("")
    if len(found) > most:
        drawn.append(f"… and {number(len(found) - most, 'more story', 'more stories')}")
    return lines(drawn, columns).rstrip("\n") + "\n"


def _event(event: Event, primary: dict[str, Derivation]) -> Iterator[str]:
    document = event.report.document
    row = primary.get(document.id)
    mark = "!" if event.dating in (Dating.CONTRADICTED, Dating.PLACEHOLDER) else " "
    parts = [f"{mark} {tree.when(document):<16}  {fit_name(document.id, 30)}"]
    if document.source:
        parts.append(fit(document.source, 30))
    if row is None:
        parts.append("no source found")
    else:
        words = "from" if row.decided else "? —"
        parts.append(f"{words} {fit_name(row.source, 30)}")
    yield " · ".join(parts)
    if event.dating is Dating.PLACEHOLDER:
        yield f"{'':20}its date is what stands where none is known"
    if event.against:
        others = ", ".join(fit_name(name, 30) for name in event.against[:3])
        more = f" and {len(event.against) - 3:,} more" if len(event.against) > 3 else ""
        yield f"{'':20}its date cannot be, beside that of {others}{more}"
