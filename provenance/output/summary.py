"""What a scan prints for people: the figures first, then what they rest on."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import TYPE_CHECKING

from provenance.model import MatchClass, Passage
from provenance.output import lineage_report
from provenance.output.display import fit, number
from provenance.output.sections import lines, table
from provenance.output.stories import independent_sources, origins, sources_behind

if TYPE_CHECKING:
    from provenance.audit import Audit

LIMIT = 10
TREE_LINES = 60
_LEFT_OUT = ("capped", "sampled", "left_out", "dropped", "truncated")


def render(audit: "Audit", *, columns: int = 100, limit: int = LIMIT) -> str:
    """Return an audit in words, tables and a tree of at most `columns` columns.

    Each part shows its `limit` most telling rows and counts those that it does not show.
    """
    parts = [
        _figures(audit, columns),
        _clusters(audit, columns, limit),
        _passages(audit, columns, limit),
        lineage_report.render(audit, columns=columns, limit=limit, longest=TREE_LINES),
        _places("Skipped", [(item.place, item.reason) for item in audit.skipped], columns, limit),
        _places("Notes", [(item.place, item.message) for item in audit.notes], columns, limit),
    ]
    return "\n".join(part for part in parts if part)


def _figures(audit: "Audit", columns: int) -> str:
    documents, lineage = audit.documents, audit.lineage
    derivations = lineage.derivations
    decided = sum(derivation.decided for derivation in derivations)
    in_clusters = sum(len(cluster.members) for cluster in audit.clusters)
    tokens = audit.counts.get("tokens") or sum(report.tokens for report in documents)
    found = [f"{number(len(documents), 'document')}, {number(tokens, 'token')}"]
    if audit.config.passages:
        independent = independent_sources(documents, derivations)
        found[0] += f": {lineage_report.counted(str(independent))}"
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
        found.append(f"  {name:<{label}}  {count:>9,}{detail}")
    return lines(found, columns)


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
    shown = nsmallest(limit, audit.clusters, key=lambda c: (-len(c.members), c.id))
    above = origins(audit.lineage.derivations)
    sought = audit.config.passages
    rows: list[dict[str, object]] = [
        {
            "size": len(cluster.members),
            **({"independent": len(sources_behind(above, cluster.members))} if sought else {}),
            "similarity": cluster.similarity,
            "representative": cluster.representative,
            "title": _title(audit, cluster.representative),
            "others": [m for m in cluster.members if m != cluster.representative],
        }
        for cluster in shown
    ]
    return table("Clusters, largest first", rows, len(audit.clusters), columns, "others")


def _title(audit: "Audit", name: str) -> str | None:
    """Return the title of a document; documents are sorted by id."""
    at = bisect_left(audit.documents, name, key=lambda report: report.document.id)
    return audit.documents[at].document.title


def _passages(audit: "Audit", columns: int, limit: int) -> str:
    def rank(passage: Passage) -> tuple[bool, int, int, str]:
        furniture = passage.passage_class is MatchClass.BOILERPLATE
        return furniture, -passage.documents, -passage.tokens, passage.id

    shown = nsmallest(limit, audit.passages, key=rank)
    rows = [
        {
            "documents": passage.documents,
            "outlets": passage.sources,
            "tokens": passage.tokens,
            "class": passage.passage_class.value.replace("_", " "),
            "text": passage.text,
        }
        for passage in shown
    ]
    return table("Passages, most shared first", rows, len(audit.passages), columns, "text")


def _places(title: str, items: Sequence[tuple[str, str]], columns: int, limit: int) -> str:
    if not items:
        return ""
    found = [f"{title}", ""]
    found += [f"  {fit(place, columns // 2)}: {words}" for place, words in items[:limit]]
    if len(items) > limit:
        found.append(f"… and {len(items) - limit:,} more")
    return lines(found, columns)
