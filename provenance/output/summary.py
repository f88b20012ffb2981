"""What a scan prints for people: the figures first, then what they rest on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import TYPE_CHECKING

from provenance.model import DocumentReport, MatchClass, Passage
from provenance.output import tables, tree
from provenance.output.display import fit, fit_name, number, width
from provenance.output.rows import Result, deciding

if TYPE_CHECKING:
    from provenance.audit import Audit

LIMIT = 10
TREE_LINES = 60
NARROWEST = 16
_PROSE = frozenset(["title", "text", "why"])
_LEFT_OUT = ("capped", "sampled", "left_out", "dropped", "truncated")


def render(audit: "Audit", *, columns: int = 100, limit: int = LIMIT) -> str:
    """Return an audit in words, tables and a tree of at most `columns` columns.

    Each part shows its `limit` most telling rows and counts those that it does not show.
    """
    parts = [
        _figures(audit, columns),
        _clusters(audit, columns, limit),
        _passages(audit, columns, limit),
        lineage(audit, columns=columns, limit=limit, longest=TREE_LINES),
        _places("Skipped", [(item.place, item.reason) for item in audit.skipped], columns, limit),
        _places("Notes", [(item.place, item.message) for item in audit.notes], columns, limit),
    ]
    return "\n".join(part for part in parts if part)


def _figures(audit: "Audit", columns: int) -> str:
    documents, lineage = audit.documents, audit.lineage
    derivations = lineage.derivations
    decided = sum(derivation.decided for derivation in derivations)
    in_clusters = sum(len(cluster.members) for cluster in audit.clusters)
    tokens = sum(report.tokens for report in documents)
    lines = [f"{number(len(documents), 'document')}, {number(tokens, 'token')}"]
    if audit.config.passages:
        independent = tree.independent_sources(documents, lineage)
        lines[0] += f": {number(independent, 'independent source')}"
    figures = [
        ("near-duplicate pairs", len(audit.pairs), _threshold(audit)),
        ("clusters", len(audit.clusters), f"with {number(in_clusters, 'document')}"),
        ("passages", len(audit.passages), _classes(audit.passages)),
        (
            "derivations",
            len(derivations),
            f"{decided:,} decided, {len(derivations) - decided:,} undecided",
        ),
        (
            "hidden sources",
            len(lineage.hidden_sources),
            ", ".join(hidden.id for hidden in lineage.hidden_sources[:6]),
        ),
        ("skipped", len(audit.skipped), "listed below"),
        *((name.replace("_", " "), count, "") for name, count in _left_out(audit)),
    ]
    label = max(len(name) for name, _, _ in figures)
    for name, count, words in figures:
        detail = f"   {words}" if count and words else ""
        lines.append(f"  {name:<{label}}  {count:>9,}{detail}")
    return _lines(lines, columns)


def _threshold(audit: "Audit") -> str:
    config = audit.config
    return f"Jaccard ≥ {config.threshold:g} or containment ≥ {config.containment:g}"


def _classes(passages: Iterable[Passage]) -> str:
    found = Counter(passage.passage_class for passage in passages)
    return ", ".join(
        f"{found[kind]:,} {kind.value.replace('_', ' ')}" for kind in MatchClass if found[kind]
    )


def _left_out(audit: "Audit") -> Iterator[tuple[str, int]]:
    for name in sorted(audit.counts):
        if audit.counts[name] and any(word in name for word in _LEFT_OUT):
            yield name, audit.counts[name]


def _clusters(audit: "Audit", columns: int, limit: int) -> str:
    titles = {report.document.id: report.document.title for report in audit.documents}
    shown = nsmallest(limit, audit.clusters, key=lambda c: (-len(c.members), c.id))
    rows: list[dict[str, object]] = [
        {
            "size": len(cluster.members),
            "similarity": cluster.similarity,
            "representative": cluster.representative,
            "title": titles.get(cluster.representative),
            "others": [m for m in cluster.members if m != cluster.representative],
        }
        for cluster in shown
    ]
    return _table("Clusters, largest first", rows, len(audit.clusters), columns, "others")


def _passages(audit: "Audit", columns: int, limit: int) -> str:
    def rank(passage: Passage) -> tuple[bool, int, int, str]:
        furniture = passage.passage_class is MatchClass.BOILERPLATE
        return furniture, -passage.documents, -passage.tokens, passage.id

    shown = nsmallest(limit, audit.passages, key=rank)
    rows = [
        {
            "documents": passage.documents,
            "sources": passage.sources,
            "tokens": passage.tokens,
            "class": passage.passage_class.value.replace("_", " "),
            "text": passage.text,
        }
        for passage in shown
    ]
    return _table("Passages, most shared first", rows, len(audit.passages), columns, "text")


def lineage(
    result: Result, *, columns: int = 100, limit: int | None = None, longest: int | None = None
) -> str:
    """Return the lineage of a result as a table and a tree.

    `limit` bounds the rows, the trees and the children of a node, `longest` the tree's lines.
    """
    if not result.lineage.derivations:
        return "Lineage: no document is said to derive from another.\n"
    named = {name for row in result.lineage.derivations for name in (row.source, row.derived)}
    alone = sum(report.document.id not in named for report in result.documents)
    drawn = tree.render(
        result.documents,
        result.lineage,
        children=limit,
        trees=limit,
        longest=longest,
        columns=columns,
    )
    rest = f"{number(alone, 'document')} joined to no other\n" if alone else ""
    table = _derivations(result, columns, limit)
    title = "Lineage: sources above what was taken from them; % of a text that its source explains"
    return f"{table}\n{_lines([title], columns)}\n{drawn}{rest}"


def _derivations(result: Result, columns: int, limit: int | None) -> str:
    reports = {report.document.id: report for report in result.documents}
    rows = sorted(
        (row for row in result.lineage.derivations if row.primary),
        key=lambda row: (*_date(reports.get(row.derived)), row.derived),
    )
    table: list[dict[str, object]] = [
        {
            "document": row.derived,
            "published": _published(reports.get(row.derived)),
            "": "from" if row.decided else "? —",
            "source": row.source,
            "how": row.kind.value,
            "share": f"{row.share:.0%}",
            "sure": (
                f"{min(row.confidence, row.direction_confidence):.2f}"
                if row.decided
                else "undecided"
            ),
            "why": "; ".join(deciding(row)),
        }
        for row in rows[:limit]
    ]
    return _table("Where each came from, earliest first", table, len(rows), columns, "why")


def _date(report: DocumentReport | None) -> tuple[bool, str]:
    if report and report.document.published:
        return False, report.document.published.text
    return True, ""


def _published(report: DocumentReport | None) -> str | None:
    published = report and report.document.published
    return published.text[:10] if published else None


def _table(
    title: str, rows: Sequence[dict[str, object]], total: int, columns: int, last: str
) -> str:
    if not rows:
        return ""
    narrow = max((columns - 52) // 2, 16)
    cells = [{name: _fitted(name, row[name], narrow) for name in row} for row in rows]
    others = [{name: row[name] for name in row if name != last} for row in cells]
    table = tables.render(others, "simple")
    room = columns - width(table.split("\n", 2)[1]) - 2
    if room >= NARROWEST:
        for row, cell in zip(rows, cells, strict=True):
            cell[last] = _fitted(last, row[last], room)
        table = tables.render(cells, "simple", cell=columns)
    lines = [f"{title} ({total:,})", "", *table.splitlines()]
    if total > len(rows):
        lines.append(f"… and {total - len(rows):,} more")
    return _lines(lines, columns)


def _fitted(name: str, value: object, columns: int) -> object:
    match value:
        case [*names]:
            return fit(", ".join(map(str, names[:columns])), columns)
        case str():
            return (fit if name in _PROSE else fit_name)(value, columns)
        case _:
            return value


def _places(title: str, items: Sequence[tuple[str, str]], columns: int, limit: int) -> str:
    if not items:
        return ""
    lines = [f"{title}", ""]
    lines += [f"  {fit(place, columns // 2)}: {words}" for place, words in items[:limit]]
    if len(items) > limit:
        lines.append(f"… and {len(items) - limit:,} more")
    return _lines(lines, columns)


def _lines(lines: Iterable[str], columns: int) -> str:
    return "".join(fit(line, columns).rstrip() + "\n" for line in lines)
