"""What a scan of a labelled corpus is worth: figures, each better where it is higher."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import Any, NamedTuple

Row = dict[str, Any]
Pair = tuple[str, str]


class Sides(NamedTuple):
    """Two spans of a pair of documents."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int


class Scored(NamedTuple):
    """A corpus, its truth by file, and the tables that a scan of it gave."""

    documents: dict[str, Row]
    truth: dict[str, list[Row]]
    found: dict[str, list[Row]]


def figures(scored: Scored) -> dict[str, float]:
    """Return every figure for which a corpus has truth; each is better where it is higher."""
    parts: tuple[Callable[[Scored], Iterable[tuple[str, float]]], ...] = (
        _passages,
        _furniture,
        _clusters,
        _lineage,
    )
    return {name: round(value, 4) for part in parts for name, value in part(scored)}


def spans_by_pair(matches: Iterable[Row]) -> dict[Pair, list[Sides]]:
    """Return the spans of matches by their pair of documents."""
    by_pair = defaultdict(list)
    for row in matches:
        sides = Sides(row["a_start"], row["a_end"], row["b_start"], row["b_end"])
        by_pair[row["a"], row["b"]].append(sides)
    return by_pair


def plagdet(true: dict[Pair, list[Sides]], found: dict[Pair, list[Sides]]) -> dict[str, float]:
    """Return precision, recall, granularity and plagdet as PAN defines them, macro averaged.

    Potthast et al., "An evaluation framework for plagiarism detection" (COLING 2010).
    """
    recalls = [share_covered(s, found.get(p, ())) for p, spans in true.items() for s in spans]
    precisions = [share_covered(s, true.get(p, ())) for p, spans in found.items() for s in spans]
    times = [sum(_touch(s, t) for t in found.get(p, ())) for p, ss in true.items() for s in ss]
    detected = [count for count in times if count]
    granularity = sum(detected) / len(detected) if detected else 1.0
    recall, precision = _mean(recalls), _mean(precisions)
    both = _harmonic(precision, recall)
    return {
        "precision": precision,
        "recall": recall,
        "granularity": granularity,
        "plagdet": both / math.log2(1 + granularity),
    }


def share_covered(sides: Sides, others: Iterable[Sides]) -> float:
    """Return the share of both spans' characters inside others that touch them on both sides."""
    touching = [other for other in others if _touch(sides, other)]
    inside = covered(sides[:2], (other[:2] for other in touching))
    inside += covered(sides[2:], (other[2:] for other in touching))
    return inside / (sides.a_end - sides.a_start + sides.b_end - sides.b_start)


def _touch(x: Sides, y: Sides) -> bool:
    on_a = x.a_start < y.a_end and y.a_start < x.a_end
    return on_a and x.b_start < y.b_end and y.b_start < x.b_end


def covered(span: tuple[int, ...], others: Iterable[tuple[int, ...]]) -> int:
    """Return how many characters of a span lie inside the union of others."""
    total, reached = 0, span[0]
    for start, end in sorted(others):
        start, end = max(start, reached), min(end, span[1])  # noqa: PLW2901 - clipped in place
        if start < end:
            total, reached = total + end - start, end
    return total


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 1.0


def _harmonic(x: float, y: float) -> float:
    return 2 * x * y / (x + y) if x + y else 0.0


def _both(name: str, true: set[Any], found: set[Any]) -> Iterator[tuple[str, float]]:
    hits = len(true & found)
    if true or found:
        yield f"{name}_precision", hits / len(found) if found else 1.0
        yield f"{name}_recall", hits / len(true) if true else 1.0


def _passages(scored: Scored) -> Iterator[tuple[str, float]]:
    wanted, got = scored.truth["matches"], scored.found["matches"]
    true = spans_by_pair(wanted)
    result = plagdet(true, spans_by_pair(got))
    yield "passages_precision", result["precision"]
    yield "passages_recall", result["recall"]
    yield "passages_plagdet", result["plagdet"]
    for kind in ("exact", "near"):
        of_kind = spans_by_pair(row for row in wanted if row["kind"] == kind)
        if of_kind:
            yield f"passages_{kind}_recall", plagdet(of_kind, spans_by_pair(got))["recall"]
    right = [row["class"] == true_class(row, wanted) for row in got if true_class(row, wanted)]
    yield "passages_right_class", _mean([float(x) for x in right])


def true_class(row: Row, wanted: list[Row]) -> str | None:
    """Return the class of the true match that covers most of a match, if any does."""
    (sides,) = spans_by_pair([row])[row["a"], row["b"]]
    best: Counter[str] = Counter()
    for other in wanted:
        if (other["a"], other["b"]) == (row["a"], row["b"]):
            (spans,) = spans_by_pair([other])[row["a"], row["b"]]
            best[other["class"]] += round(1e6 * share_covered(sides, [spans]))
    return best.most_common(1)[0][0] if best.total() else None


def _lines(spans: Iterable[tuple[str, int, int]]) -> dict[str, list[tuple[int, int]]]:
    by_document = defaultdict(list)
    for document, start, end in spans:
        by_document[document].append((start, end))
    return by_document


def furniture(scored: Scored) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the spans of page furniture by document: the true ones and those found."""
    true = ((r["document"], r["start"], r["end"]) for r in scored.truth["boilerplate"])
    found = (
        (span["document"], span["start"], span["end"])
        for row in scored.found["passages"]
        if row["class"] == "boilerplate"
        for span in row["spans"]
    )
    return _lines(true), _lines(found)


def _share_inside(spans: dict[str, Any], others: dict[str, Any]) -> float:
    total = sum(end - start for lines in spans.values() for start, end in lines)
    inside = sum(covered(s, others.get(d, ())) for d, lines in spans.items() for s in lines)
    return inside / total if total else 1.0


def _furniture(scored: Scored) -> Iterator[tuple[str, float]]:
    true, found = furniture(scored)
    yield "furniture_precision", _share_inside(found, true)
    yield "furniture_recall", _share_inside(true, found)
    matched = _lines(
        (row[side], row[f"{side}_start"], row[f"{side}_end"])
        for row in scored.found["matches"]
        for side in "ab"
    )
    yield "matches_outside_furniture", 1 - _share_inside(matched, true) if matched else 1.0


def pairs_within(groups: Iterable[Iterable[str]]) -> set[Pair]:
    """Return every unordered pair of members of a group."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def _clusters(scored: Scored) -> Iterator[tuple[str, float]]:
    true = pairs_within(row["members"] for row in scored.truth["clusters"])
    found = pairs_within(row["members"] for row in scored.found["clusters"])
    yield from _both("clusters", true, found)


def edges(derivations: Iterable[Row]) -> dict[Pair, Row]:
    """Return the rows between documents by their unordered pair, quotations aside."""
    return {
        (min(row["source"], row["derived"]), max(row["source"], row["derived"])): row
        for row in derivations
        if not row["source"].startswith("~") and row["kind"] != "quotation"
    }


def related(derivations: Iterable[Row]) -> set[Pair]:
    """Return the pairs of which one descends from the other or both from one source."""
    above = defaultdict(set)
    for row in derivations:
        if row["kind"] != "quotation":
            above[row["derived"]].add(row["source"])
    carriers = defaultdict(set)
    for document in above:
        todo, seen = [document], {document}
        while todo:
            fresh = above.get(todo.pop(), set()) - seen
            seen |= fresh
            todo.extend(fresh)
        for source in seen:
            carriers[source].add(document)
    for source, documents in carriers.items():
        documents.add(source)
    return {
        pair
        for pair in pairs_within(carriers.values())
        if not any(node.startswith("~") for node in pair)
    }


def hidden_documents(sources: Iterable[Row]) -> dict[str, frozenset[str]]:
    """Return the documents that each hidden source feeds, by its id."""
    return {row["id"]: frozenset(row["documents"]) for row in sources}


def _name(hidden: str) -> str:
    return hidden.rpartition("#")[0] or hidden


def same_hidden_sources(scored: Scored) -> dict[str, str]:
    """Return the true hidden source of each found one of its name with half its documents."""
    true = hidden_documents(scored.truth["hidden_sources"])
    found = hidden_documents(scored.found["hidden_sources"])
    return {
        mine: theirs
        for mine, fed in found.items()
        for theirs, documents in true.items()
        if _name(mine) == (_name(theirs) or theirs) and 2 * len(fed & documents) >= len(documents)
    }


def _lineage(scored: Scored) -> Iterator[tuple[str, float]]:
    wanted, got = scored.truth["derivations"], scored.found["derivations"]
    true = {
        (row["a"], row["b"])
        for row in scored.truth["matches"]
        if row["relation"] in ("parent", "ancestor", "sibling")
    }
    yield from _both("related", true, related(got))
    true_edges, found_edges = edges(wanted), edges(got)
    yield from _both("edges", set(true_edges), set(found_edges))
    shared = true_edges.keys() & found_edges.keys()
    sure = [pair for pair in shared if found_edges[pair]["decided"]]
    if true_edges:
        right = [found_edges[p]["source"] == true_edges[p]["source"] for p in sure]
        yield "direction_right_where_decided", _mean([float(x) for x in right])
        yield "decided_share", len(sure) / len(shared) if shared else 0.0
    same = same_hidden_sources(scored)
    if scored.truth["hidden_sources"]:
        found = scored.found["hidden_sources"]
        yield "hidden_sources_precision", len(same) / len(found) if found else 1.0
        share = len(set(same.values())) / len(scored.truth["hidden_sources"])
        yield "hidden_sources_recall", share
    with_source = {row["derived"] for row in wanted if row["kind"] != "quotation"}
    without = scored.documents.keys() - with_source
    accused = {row["derived"] for row in got if row["kind"] != "quotation"}
    yield "originals_left_alone", 1 - len(without & accused) / len(without)
