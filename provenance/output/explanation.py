"""Why two documents of a result are said to be related, or that nothing relates them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from provenance.errors import InputError
from provenance.model import (
    Cluster,
    Cue,
    Derivation,
    HiddenSource,
    Match,
    MatchClass,
    Pair,
    Passage,
    Span,
)
from provenance.output.connection import Connection, connect
from provenance.output.display import fit, fit_name, number, wrap
from provenance.output.rows import Result, Row, deciding
from provenance.output.sides import likeness
from provenance.output.texts import Texts
from provenance.output.tree import describe_hidden, describe_row, sureness

LIMIT = 20
_CLOSE = 5_000
_UNTELLING = {
    MatchClass.QUOTATION: "quotation of the same spoken words",
    MatchClass.WIDELY_SHARED: "background prose that unrelated stories share",
    MatchClass.BOILERPLATE: "page furniture",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that a result holds on two of its documents or hidden sources.

    `derivations` are the rows between the two, in either direction; `common` pairs, for each
    source that both derive from directly, the row of `a` and the row of `b`; `connection` leads
    from one to the other where neither of these does. `cues` are those of the two, by id.
    """

    a: str
    b: str
    pair: Pair | None
    clusters: tuple[Cluster, ...]
    derivations: tuple[Derivation, ...]
    common: tuple[tuple[Derivation, Derivation], ...]
    connection: Connection | None
    cues: Mapping[str, tuple[Cue, ...]]
    matches: tuple[Match, ...]
    passages: tuple[Passage, ...]
    hidden_sources: tuple[HiddenSource, ...]

    @property
    def related(self) -> bool:
        """Whether anything at all relates the two."""
        found = (self.clusters, self.derivations, self.common, self.matches, self.passages)
        return self.pair is not None or self.connection is not None or any(found)

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that spans of it lie in, sorted."""
        rows = [*self.derivations, *(row for rows in self.common for row in rows)]
        spans = [s for row in rows for evidence in row.evidence for s in evidence.spans]
        return tuple(sorted({*self.cues, *(span.document for span in spans)}))


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
    between = tuple(row for row in rows if {row.source, row.derived} == both)
    connection = None if between or common else connect(rows, a, b)
    source = {connection.source} if connection and connection.source else set[str]()
    return Explanation(
        a=a,
        b=b,
        pair=next((pair for pair in result.pairs if {pair.a, pair.b} == both), None),
        clusters=tuple(c for c in result.clusters if both <= set(c.members)),
        derivations=between,
        common=tuple((sources_of_a[source], sources_of_b[source]) for source in common),
        connection=connection,
        cues={r.document.id: r.cues for r in result.documents if r.document.id in both},
        matches=tuple(m for m in result.matches if {m.a.document, m.b.document} == both),
        passages=tuple(p for p in result.passages if both <= {span.document for span in p.spans}),
        hidden_sources=tuple(
            hidden[name] for name in sorted({a, b, *common} | source) if name in hidden
        ),
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


EVIDENCE_COLUMNS = (
    *("source", "derived", "decided", "signal", "weight", "detail", "spans", "words"),
)


def evidence_rows(explanation: Explanation, texts: Texts) -> list[Row]:
    """Return one row for each piece of evidence, for and against, of the rows between the two.

    `words` are those of its spans, null where the text is not there.
    """
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
            "words": [texts.words(span) for span in evidence.spans],
        }
        for row in explanation.derivations
        for evidence in row.evidence
    ]


def render(
    explanation: Explanation, texts: Texts, *, columns: int = 100, limit: int | None = None
) -> str:
    """Return an explanation in words, each line at most `columns` wide.

    What was read is quoted in [brackets] from `texts`. At most `limit` matches and passages are
    shown, 20 without a limit.
    """
    words = _Words(explanation, texts, limit or LIMIT)
    lines = [f"{fit_name(explanation.a, 45)} and {fit_name(explanation.b, 45)}", ""]
    if explanation.related:
        lines += words.all()
    else:
        lines.append(
            "Nothing relates the two: no pair, no match, no derivation, no common source, and no "
            "way from one to the other over other texts."
        )
    wrapped = (piece for line in lines for piece in wrap(line, columns))
    return "".join(piece + "\n" for piece in wrapped).rstrip("\n") + "\n"


class _Words:
    """An explanation in lines, part by part, each followed by an empty line."""

    def __init__(self, explanation: Explanation, texts: Texts, limit: int) -> None:
        self._of = explanation
        self._texts = texts
        self._limit = limit
        self._hidden = {hidden.id: hidden for hidden in explanation.hidden_sources}

    def all(self) -> Iterator[str]:
        parts = (
            self._likeness(),
            self._derivations(),
            self._common(),
            self._connection(),
            self._cues(),
            self._matches(),
            self._passages(),
            self._missing(),
        )
        for part in parts:
            lines = list(part)
            yield from lines
            if lines:
                yield ""

    def _likeness(self) -> Iterator[str]:
        if self._of.pair:
            yield from likeness(self._of.pair)
        elif not self._hidden.keys() & {self._of.a, self._of.b}:
            yield "No near-duplicates: their texts as a whole are below the thresholds."
        for cluster in self._of.clusters:
            yield (
                f"Both are in cluster {cluster.id} of {number(len(cluster.members), 'document')}, "
                f"represented by {cluster.representative}."
            )

    def _derivations(self) -> Iterator[str]:
        if not self._of.derivations:
            yield "Neither is said to derive from the other directly."
        for index, row in enumerate(self._of.derivations):
            if index:
                yield ""
            source, derived = fit_name(row.source, 40), fit_name(row.derived, 40)
            if row.decided:
                yield f"{derived} derives from {source} · {describe_row(row)}"
                yield f"  directly joined: {sureness(row.confidence)}; direction: " + sureness(
                    row.direction_confidence
                )
            else:
                yield f"{derived} ? — {source} · {describe_row(row)}"
                yield (
                    f"  the likelier reading is that {derived} derives from {source}; "
                    f"directly joined: {sureness(row.confidence)}; direction: "
                    + sureness(row.direction_confidence)
                )
            yield from self._evidence(row)

    def _evidence(self, row: Derivation) -> Iterator[str]:
        ordered = sorted(row.evidence, key=lambda e: (-abs(e.weight), e.signal, e.detail))
        for evidence in ordered:
            side = "against" if evidence.weight < 0 else "for"
            signal = evidence.signal.replace("_", " ")
            yield f"  {evidence.weight:+.2f} {side} {signal}: {evidence.detail}"
            for span in evidence.spans:
                yield f"      read in {self._read(span)}"
        if ordered:
            yield "  (weights are log-odds: +0.7 makes it about twice as likely, -0.7 half)"
        else:
            yield "  no evidence is recorded"

    def _read(self, span: Span) -> str:
        quote = self._texts.quote(span)
        return f"{_place(span)}: {quote}" if quote else _place(span)

    def _common(self) -> Iterator[str]:
        for row_of_a, row_of_b in self._of.common:
            yield f"Both derive from {self._named(row_of_a.source)}:"
            yield from map(self._step, (row_of_a, row_of_b))

    def _named(self, node: str) -> str:
        name = fit_name(node, 40)
        hidden = self._hidden.get(node)
        return f"{name}, {describe_hidden(hidden)}" if hidden else name

    def _step(self, row: Derivation) -> str:
        mark = "from" if row.decided else "? —"
        reason = "".join(f": {detail}" for detail in deciding(row, 1))
        derived, source = fit_name(row.derived, 40), fit_name(row.source, 40)
        return f"  {derived} {mark} {source} · {describe_row(row)}{reason}"

    def _connection(self) -> Iterator[str]:
        a, b, way = self._of.a, self._of.b, self._of.connection
        if way is None:
            yield from self._unconnected()
            return
        open_ = "" if way.decided else ", as far as undecided rows (?) hold"
        if way.source is None:
            yield (
                "They have no source in common. Other texts lead from one to the other, and "
                f"some of these were taken from several{open_}:"
            )
        elif way.source in (a, b):
            other = a if way.source == b else b
            yield (
                f"{fit_name(other, 40)} comes from {fit_name(way.source, 40)} by way of others"
                f"{open_}:"
            )
        else:
            yield f"Both come from {self._named(way.source)}{open_}:"
        yield from map(self._step, (*way.of_a, *way.of_b))

    def _unconnected(self) -> Iterator[str]:
        if self._of.derivations or self._of.common:
            return
        classes = {match.match_class for match in self._of.matches}
        classes |= {passage.passage_class for passage in self._of.passages}
        if MatchClass.REUSE in classes:
            yield (
                "They share text, but neither is a likely source of the other, and no source of "
                "both is known: which came first, or whether both had it from elsewhere, is open."
            )
        elif classes:
            kinds = " and ".join(sorted(_UNTELLING[kind] for kind in classes))
            yield f"What they share is {kinds}: no reason to say that one was taken from the other."

    def _cues(self) -> Iterator[str]:
        for name, cues in sorted(self._of.cues.items()):
            if cues:
                yield f"{fit_name(name, 40)} says of its source:"
            for cue in cues[: self._limit]:
                signal = cue.signal.replace("_", " ")
                quote = self._texts.quote(Span(name, cue.start, cue.end)) or cue.value
                yield f"  {signal}, {cue.start:,} to {cue.end:,}: {quote}"
            yield from self._rest(len(cues))

    def _matches(self) -> Iterator[str]:
        if self._of.matches:
            yield f"{number(len(self._of.matches), 'match', 'matches')}:"
        for match in self._of.matches[: self._limit]:
            yield (
                f"  {_place(match.a)} = {_place(match.b)} · "
                f"{match.match_class.value.replace('_', ' ')}, {match.kind.value}, "
                f"{number(match.tokens, 'equal token')}, similarity {match.similarity:.2f}"
            )
            quote = self._texts.quote(match.a)
            if quote:
                yield f"      {quote}"
        yield from self._rest(len(self._of.matches))

    def _passages(self) -> Iterator[str]:
        if self._of.passages:
            yield f"In {number(len(self._of.passages), 'passage')}:"
        for passage in self._of.passages[: self._limit]:
            kind = passage.passage_class.value.replace("_", " ")
            documents = number(passage.documents, "document")
            yield f"  {kind}, in {documents}: {fit(passage.text, 200)}"
        yield from self._rest(len(self._of.passages))

    def _missing(self) -> Iterator[str]:
        for name, why in sorted(self._texts.missing.items()):
            yield f"The text of {fit_name(name, 40)} is not quoted: {why}."

    def _rest(self, count: int) -> Iterator[str]:
        if count > self._limit:
            yield f"  … and {count - self._limit:,} more"


def _place(span: Span) -> str:
    return f"{fit_name(span.document, 30)} {span.start:,} to {span.end:,}"
