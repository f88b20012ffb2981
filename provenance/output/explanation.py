"""Why two documents of a result are said to be related, or that nothing relates them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from provenance.errors import InputError
from provenance.model import Cluster, Derivation, HiddenSource, Match, Pair, Passage, Span
from provenance.output.display import fit, fit_name, number, wrap
from provenance.output.rows import Result, Row
from provenance.output.sides import likeness
from provenance.output.tree import describe_row, sureness

LIMIT = 20
_CLOSE = 5_000


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that a result holds on two of its documents or hidden sources.

    `derivations` are the rows between the two, in either direction; `common` pairs, for each
    source that both derive from directly, the row of `a` and the row of `b`.
    """

    a: str
    b: str
    pair: Pair | None
    clusters: tuple[Cluster, ...]
    derivations: tuple[Derivation, ...]
    common: tuple[tuple[Derivation, Derivation], ...]
    matches: tuple[Match, ...]
    passages: tuple[Passage, ...]
    hidden_sources: tuple[HiddenSource, ...]

    @property
    def related(self) -> bool:
        """Whether anything at all relates the two."""
        found = (self.clusters, self.derivations, self.common, self.matches, self.passages)
        return self.pair is not None or any(found)


def explain(result: Result, a: str, b: str) -> Explanation:
    """Gather what a result says of two ids.

    Raises `InputError` for an id that the result does not hold.
    """
    hidden = {source.id: source for source in result.lineage.hidden_sources}
    known = {report.document.id for report in result.documents} | hidden.keys()
    for node in (a, b):
        check_id(node, known)
    if a == b:
        raise InputError(f"{a} is given twice; give two different documents")
    both = {a, b}
    rows = result.lineage.derivations
    sources_of_a = {row.source: row for row in rows if row.derived == a}
    sources_of_b = {row.source: row for row in rows if row.derived == b}
    common = sorted(sources_of_a.keys() & sources_of_b.keys())
    return Explanation(
        a=a,
        b=b,
        pair=next((pair for pair in result.pairs if {pair.a, pair.b} == both), None),
        clusters=tuple(c for c in result.clusters if both <= set(c.members)),
        derivations=tuple(row for row in rows if {row.source, row.derived} == both),
        common=tuple((sources_of_a[source], sources_of_b[source]) for source in common),
        matches=tuple(m for m in result.matches if {m.a.document, m.b.document} == both),
        passages=tuple(p for p in result.passages if both <= {span.document for span in p.spans}),
        hidden_sources=tuple(hidden[name] for name in (a, b, *common) if name in hidden),
    )


def check_id(node: str, known: Iterable[str]) -> None:
    """Raise `InputError`, with the closest ids, for an id that is not known."""
    known = set(known)
    if node in known:
        return
    few = sorted(known)
    close = [name for name in few if node and node in name][:3]
    close = close or get_close_matches(node, few[:_CLOSE], n=3, cutoff=0.7)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise InputError(f"no document {node!r} among {number(len(known), 'id')}{hint}")


def evidence_rows(explanation: Explanation) -> list[Row]:
    """Return one row for each piece of evidence, for and against, of the rows between the two."""
    return [
        {
            "source": row.source,
            "derived": row.derived,
            "decided": row.decided,
            "signal": evidence.signal,
            "weight": round(evidence.weight, 4),
            "detail": evidence.detail,
            "spans": [
                {"document": span.document, "start": span.start, "end": span.end}
                for span in evidence.spans
            ],
        }
        for row in explanation.derivations
        for evidence in row.evidence
    ]


EVIDENCE_COLUMNS = ("source", "derived", "decided", "signal", "weight", "detail", "spans")


def render(explanation: Explanation, *, columns: int = 100) -> str:
    """Return an explanation in words, each line at most `columns` wide."""
    lines = [f"{fit_name(explanation.a, 45)} and {fit_name(explanation.b, 45)}", ""]
    if explanation.related:
        for part in (_texts, _derivations, _common, _matches, _passages):
            lines.extend(part(explanation))
    else:
        lines.append("Nothing relates the two: no pair, no match, no derivation, no common source.")
    wrapped = (piece for line in lines for piece in wrap(line, columns))
    return "".join(piece + "\n" for piece in wrapped).rstrip("\n") + "\n"


def _texts(explanation: Explanation) -> Iterator[str]:
    if explanation.pair:
        yield from likeness(explanation.pair)
    else:
        yield "No near-duplicates: their texts as a whole are below the thresholds."
    for cluster in explanation.clusters:
        yield (
            f"Both are in cluster {cluster.id} of {number(len(cluster.members), 'document')}, "
            f"represented by {cluster.representative}."
        )
    yield ""


def _derivations(explanation: Explanation) -> Iterator[str]:
    if not explanation.derivations:
        yield "Neither is said to derive from the other."
        yield ""
    for row in explanation.derivations:
        source, derived = fit_name(row.source, 40), fit_name(row.derived, 40)
        if row.decided:
            yield f"{derived} derives from {source} · {describe_row(row)}"
            yield f"  joined: {sureness(row.confidence)}; direction: " + sureness(
                row.direction_confidence
            )
        else:
            yield f"{derived} ? — {source} · {describe_row(row)}"
            yield (
                f"  joined: {sureness(row.confidence)}; direction undecided, the likelier reading "
                f"({row.direction_confidence:.2f}) is that {derived} derives from {source}"
            )
        yield from _evidence(row)
        yield ""


def _evidence(row: Derivation) -> Iterator[str]:
    ordered = sorted(row.evidence, key=lambda e: (-abs(e.weight), e.signal, e.detail))
    for evidence in ordered:
        side = "against" if evidence.weight < 0 else "for"
        signal = evidence.signal.replace("_", " ")
        yield f"  {evidence.weight:+.2f} {side} {signal}: {evidence.detail}"
        for span in evidence.spans:
            yield f"      read in {_place(span)}"
    if not ordered:
        yield "  no evidence is recorded"


def _common(explanation: Explanation) -> Iterator[str]:
    names = {hidden.id: hidden.name for hidden in explanation.hidden_sources}
    for row_of_a, row_of_b in explanation.common:
        source = row_of_a.source
        kind = f", {names[source]}, not among the documents" if source in names else ""
        yield f"Both derive from {fit_name(source, 40)}{kind}:"
        for row in (row_of_a, row_of_b):
            mark = "" if row.decided else "? — "
            yield f"  {mark}{fit_name(row.derived, 40)} · {describe_row(row)}"
        yield ""


def _matches(explanation: Explanation) -> Iterator[str]:
    if not explanation.matches:
        return
    yield f"{number(len(explanation.matches), 'match', 'matches')}:"
    for match in explanation.matches[:LIMIT]:
        yield (
            f"  {_place(match.a)} = {_place(match.b)} · "
            f"{match.match_class.value.replace('_', ' ')}, {match.kind.value}, "
            f"{number(match.tokens, 'equal token')}, similarity {match.similarity:.2f}"
        )
    yield from _rest(len(explanation.matches))
    yield ""


def _passages(explanation: Explanation) -> Iterator[str]:
    if not explanation.passages:
        return
    yield f"In {number(len(explanation.passages), 'passage')}:"
    for passage in explanation.passages[:LIMIT]:
        kind = passage.passage_class.value.replace("_", " ")
        yield f"  {kind}, in {number(passage.documents, 'document')}: {fit(passage.text, 200)}"
    yield from _rest(len(explanation.passages))


def _rest(count: int) -> Iterator[str]:
    if count > LIMIT:
        yield f"  … and {count - LIMIT:,} more"


def _place(span: Span) -> str:
    return f"{fit_name(span.document, 30)} {span.start:,} to {span.end:,}"
