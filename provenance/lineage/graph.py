"""The lineage of a corpus: primary sources, further ones, hidden ones, and what is undecided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.config import Config
from provenance.lineage.arcs import FEATURES, Arcs, components, make_arcs, marginals, weights
from provenance.lineage.branching import maximum_branching
from provenance.lineage.attribution import Credits, read_credits
from provenance.lineage.dates import Order, order
from provenance.lineage.hidden import Drawn, draw_hidden_sources
from provenance.lineage.relations import Relations, find_relations
from provenance.match.collapse import Corpus
from provenance.match.search import Reuse
from provenance.model import Cue, Derivation, DerivationKind, Document, Evidence, Lineage, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WHOLE = 0.8  # the share from which a text counts as wholly taken, or wholly passed on
_NEW_SHARE, _NEW_TOKENS = 0.15, 40  # text not yet explained that makes a further source
_REWRITTEN = 0.7  # the share of equal tokens below which a copy is a rewrite


@dataclass(frozen=True, slots=True)
class Story:
    """The lineage of texts: the chosen arc into each text (-1 for a root), and further arcs."""

    relations: Relations
    arcs: Arcs
    probability: "NDArray[np.float64]"
    component: "NDArray[np.int64]"
    primary: Sequence[int]
    further: Sequence[int]


def trace_lineage(
    corpus: Corpus, reuse: Reuse, cues: Sequence[Sequence[Cue]], config: Config
) -> Lineage:
    """Return which document derives from which; `cues` are those of each document.

    The result depends on the documents only, never on their order or their ids.
    """
    relations = find_relations(corpus, reuse)
    bearers = [group[0] for group in corpus.members]
    credit = [read_credits(corpus.documents[i], cues[i]) for i in bearers]
    arcs = make_arcs(corpus, relations, credit)
    component = components(len(corpus.members), arcs)
    root, _ = weights()
    probability = marginals(arcs, component, root)
    primary = maximum_branching(
        len(corpus.members),
        list(zip(arcs.parent.tolist(), arcs.child.tolist(), arcs.score.tolist(), strict=True)),
        root,
    )
    further = _further_sources(corpus, reuse, arcs, primary)
    story = Story(relations, arcs, probability, component, primary, further)
    drawn = draw_hidden_sources(corpus, cues, credit, arcs, component, primary, relations)
    rows = [
        *_of_texts(corpus, story, credit, config),
        *_of_equal_texts(corpus, config),
        *_of_hidden(corpus, drawn, primary, config),
    ]
    rows.sort(key=lambda row: (row.derived, not row.primary, row.source))
    return Lineage(tuple(rows), tuple(source.source for source in drawn))


def _further_sources(
    corpus: Corpus, reuse: Reuse, arcs: Arcs, primary: Sequence[int]
) -> list[int]:
    """Return arcs to further sources: each explains much text that no source before it does."""
    spans = _spans_by_pair(reuse)
    entering: dict[int, list[int]] = {}
    for arc, child in enumerate(arcs.child.tolist()):
        entering.setdefault(child, []).append(arc)
    parents = {
        child: {int(arcs.parent[arc])} for child, arc in enumerate(primary) if arc >= 0
    }
    further = []
    for child, first in enumerate(primary):
        if first < 0 or len(entering[child]) == 1:
            continue
        tokens = int(corpus.table.bounds[child + 1] - corpus.table.bounds[child])
        need = max(_NEW_TOKENS, _NEW_SHARE * tokens)
        explained = np.zeros(tokens, np.bool_)
        _cover(explained, spans, int(arcs.parent[first]), child)
        while True:
            best, gain = -1, 0
            for arc in entering[child]:
                parent = int(arcs.parent[arc])
                if parent in parents[child] or _descends(parent, child, parents):
                    continue
                if arcs.features[arc, FEATURES.index("published_later")]:
                    continue
                new = explained.copy()
                _cover(new, spans, parent, child)
                added = int(new.sum() - explained.sum())
                if added >= need and (
                    added > gain or (added == gain and arcs.score[arc] > arcs.score[best])
                ):
                    best, gain = arc, added
            if best < 0:
                break
            further.append(best)
            parents[child].add(int(arcs.parent[best]))
            _cover(explained, spans, int(arcs.parent[best]), child)
    return further


def _spans_by_pair(reuse: Reuse) -> dict[tuple[int, int], list[int]]:
    found: dict[tuple[int, int], list[int]] = {}
    rows = reuse.alignments
    kept = np.flatnonzero(reuse.classes == 0)
    for row, a, b in zip(
        kept.tolist(), rows.a[kept].tolist(), rows.b[kept].tolist(), strict=True
    ):
        found.setdefault((a, b), []).append(row)
    return {pair: [(rows, row) for row in group] for pair, group in found.items()}  # type: ignore[misc]


def _cover(
    explained: "NDArray[np.bool_]",
    spans: dict[tuple[int, int], list[int]],
    parent: int,
    child: int,
) -> None:
    """Flag the child's tokens that it shares with the parent."""
    low, high = min(parent, child), max(parent, child)
    for rows, row in spans.get((low, high), ()):  # type: ignore[misc]
        if child == low:
            explained[rows.a_start[row] : rows.a_end[row]] = True
        else:
            explained[rows.b_start[row] : rows.b_end[row]] = True


def _descends(text: int, ancestor: int, parents: dict[int, set[int]]) -> bool:
    """Tell whether a text derives, through any number of steps, from another."""
    todo, seen = [text], {text}
    while todo:
        for parent in parents.get(todo.pop(), ()):
            if parent == ancestor:
                return True
            if parent not in seen:
                seen.add(parent)
                todo.append(parent)
    return False


def _of_texts(
    corpus: Corpus, story: Story, credit: Sequence[Credits], config: Config
) -> list[Derivation]:
    rows = []
    chosen = [(arc, True) for arc in story.primary if arc >= 0]
    for arc, primary in [*chosen, *((arc, False) for arc in story.further)]:
        parent, child = int(story.arcs.parent[arc]), int(story.arcs.child[arc])
        source = corpus.documents[corpus.members[parent][0]]
        derived = corpus.documents[corpus.members[child][0]]
        forth = float(story.probability[arc])
        back = float(story.probability[story.arcs.reverse(arc)])
        joined = min(forth + back, 1.0)
        direction = forth / (forth + back) if forth + back > 0 else 0.5
        if not primary:
            joined = direction = max(forth, 1 - 1 / (1 + np.exp(story.arcs.score[arc])))
        evidence = _evidence(story.arcs, arc, source, derived, credit[child], credit[parent])
        rows.append(
            Derivation(
                source.id,
                derived.id,
                _kind(story, arc, source, derived),
                primary,
                bool(joined >= config.decided and direction >= config.decided),
                float(joined),
                float(direction),
                float(story.arcs.features[arc, FEATURES.index("share")]),
                evidence,
            )
        )
    return rows


def _kind(story: Story, arc: int, source: Document, derived: Document) -> DerivationKind:
    """Return how the derived text was made, from what it took and what it left."""
    taken = story.arcs.features[arc, FEATURES.index("share")]
    passed = taken - story.arcs.features[arc, FEATURES.index("contained")]
    same = derived.source is not None and source.source == derived.source
    if same and max(taken, passed) >= 0.5:  # noqa: PLR2004 - most of either
        return DerivationKind.REVISION
    if story.relations.similarity[story.arcs.relation[arc]] < _REWRITTEN:
        return DerivationKind.REWRITE
    if taken >= _WHOLE:
        return DerivationKind.COPY if passed >= _WHOLE else DerivationKind.EXCERPT
    return DerivationKind.EXPANSION if passed >= taken else DerivationKind.EXCERPT


def _evidence(
    arcs: Arcs,
    arc: int,
    source: Document,
    derived: Document,
    given: Credits,
    taken: Credits,
) -> tuple[Evidence, ...]:
    """Return the reasons for and against an arc, in words, the heaviest first."""
    _, table = weights()
    value = dict(zip(FEATURES, arcs.features[arc].tolist(), strict=True))
    weight = {name: w * value[name] for name, w in zip(FEATURES, table, strict=True)}
    found = [
        Evidence(
            "shared_text",
            weight["joined"] + weight["share"] + weight["likeness"],
            f"{value['share']:.0%} of {derived.id} stands in {source.id}",
        )
    ]
    if value["contained"]:
        less, more = ("less", "more") if value["contained"] > 0 else ("more", "less")
        found.append(
            Evidence(
                "contained_in",
                weight["contained"],
                f"{derived.id} has {less} text of its own, {source.id} has {more}",
            )
        )
    dates = order(source.published, derived.published)
    if dates in (Order.EARLIER, Order.LATER):
        name = "published_first" if dates == Order.EARLIER else "published_later"
        found.append(
            Evidence(
                name,
                weight["published_earlier"] + weight["published_later"],
                f"{source.id} is dated {source.published}, {derived.id} {derived.published}",
            )
        )
    for name, one, other in (("credited", derived, source), ("crediting", source, derived)):
        if value[name]:
            first, second = (given, taken) if name == "credited" else (taken, given)
            cue = first.credit_to(second)
            if cue is not None:
                found.append(
                    Evidence(
                        cue.signal,
                        weight[name],
                        f"{one.id} credits {cue.value}, the outlet of {other.id}",
                        (Span(one.id, cue.start, cue.end),),
                    )
                )
    if value["same_source"]:
        found.append(
            Evidence("same_source", weight["same_source"], f"both are from {source.source}")
        )
    return tuple(sorted(found, key=lambda e: (-abs(e.weight), e.signal, e.detail)))


def _of_equal_texts(corpus: Corpus, config: Config) -> list[Derivation]:
    """Return a row for each document that has the same tokens as its text's bearer."""
    rows = []
    for group in corpus.members:
        bearer = corpus.documents[group[0]]
        for index in group[1:]:
            copy = corpus.documents[index]
            dates = order(bearer.published, copy.published)
            direction = 0.95 if dates == Order.EARLIER else 0.5
            evidence = [Evidence("shared_text", 6.0, "both have the same words from end to end")]
            if dates == Order.EARLIER:
                evidence.append(
                    Evidence(
                        "published_first",
                        2.9,
                        f"{bearer.id} is dated {bearer.published}, {copy.id} {copy.published}",
                    )
                )
            kind = DerivationKind.COPY
            rows.append(
                Derivation(
                    bearer.id,
                    copy.id,
                    kind,
                    True,  # noqa: FBT003
                    direction >= config.decided,
                    1.0,
                    direction,
                    1.0,
                    tuple(evidence),
                )
            )
    return rows


def _of_hidden(
    corpus: Corpus, drawn: Sequence[Drawn], primary: Sequence[int], config: Config
) -> list[Derivation]:
    """Return the rows from hidden sources to the documents they feed."""
    rows = []
    seen: set[str] = set()
    for source in drawn:
        for text, confidence, share, evidence in source.feeds:
            derived = corpus.documents[corpus.members[text][0]].id
            rows.append(
                Derivation(
                    source.source.id,
                    derived,
                    DerivationKind.COPY if share >= _WHOLE else DerivationKind.EXCERPT,
                    primary[text] < 0 and derived not in seen,
                    confidence >= config.decided,
                    confidence,
                    confidence,
                    share,
                    evidence,
                )
            )
            seen.add(derived)
    return rows
