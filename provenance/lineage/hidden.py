"""Hidden sources: what texts credit, or share unexplained, and what the corpus does not hold."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from provenance.lineage.agencies import canonical_name
from provenance.lineage.arcs import Arcs
from provenance.lineage.attribution import CREDITS, Credits, credited_keys
from provenance.lineage.relations import Relations
from provenance.match.clusters import content_id
from provenance.match.collapse import Corpus, text_digest
from provenance.model import Cue, Evidence, HiddenSource, Span

_CONFIDENCE = {
    "source_line": 0.95,
    "originally_published": 0.95,
    "canonical_link": 0.9,
    "declared_source": 0.9,
    "dateline": 0.9,
    "byline_agency": 0.9,
    "credit_line": 0.8,
    "self_naming": 0.8,
}
_SHARED = 0.3  # share of the shorter text that two roots must have in common
_INFERRED = 0.7


@dataclass(frozen=True, slots=True)
class Drawn:
    """A hidden source and what it feeds: text, confidence, share explained, evidence."""

    source: HiddenSource
    feeds: tuple[tuple[int, float, float, tuple[Evidence, ...]], ...]


def draw_hidden_sources(
    corpus: Corpus,
    cues: Sequence[Sequence[Cue]],
    credit: Sequence[Credits],
    arcs: Arcs,
    component: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    primary: Sequence[int],
    relations: Relations,
) -> list[Drawn]:
    """Return the hidden sources, sorted by id.

    A text that no document of its story explains, and that credits someone of whom the story
    holds no document, has a hidden source of that name; texts of one story share it. Texts
    without a source that share much of their wording have one that is inferred.
    """
    inside: dict[int, set[str]] = {}
    for text, names in enumerate(credit):
        inside.setdefault(int(component[text]), set()).update(names.own)
    named: dict[tuple[int, str], list[tuple[int, Cue]]] = {}
    for text, arc in enumerate(primary):
        if arc >= 0:
            continue
        document = corpus.documents[corpus.members[text][0]]
        known = inside[int(component[text])]
        for cue in cues[corpus.members[text][0]]:
            if cue.signal not in CREDITS or not cue.value:
                continue
            keys = credited_keys(cue.value)
            if keys & known or not keys & credit[text].given.keys():
                continue
            if cue.covers_end - cue.covers_start < len(document.text) * 0.02:
                continue
            named.setdefault((int(component[text]), min(keys)), []).append((text, cue))
    drawn = [_named(corpus, story, group) for (story, _), group in sorted(named.items())]
    fed = {text for source in drawn for text, *_ in source.feeds}
    drawn += _inferred(corpus, relations, primary, fed)
    return sorted(drawn, key=lambda d: d.source.id)


def _named(corpus: Corpus, story: int, group: list[tuple[int, Cue]]) -> Drawn:
    name = min(_shown(cue.value) for _, cue in group)
    best: dict[int, Cue] = {}
    for text, cue in group:
        if text not in best or _rank(cue) < _rank(best[text]):
            best[text] = cue
    documents = sorted(corpus.documents[corpus.members[t][0]].id for t in best)
    digests = sorted(text_digest(corpus.texts[t]) for t in best)
    key = content_id("", name, *digests)[:8]
    signal = min(best.values(), key=_rank).signal
    feeds = []
    for text, cue in sorted(best.items()):
        document = corpus.documents[corpus.members[text][0]]
        share = (cue.covers_end - cue.covers_start) / max(len(document.text), 1)
        confidence = _CONFIDENCE[cue.signal]
        evidence = Evidence(
            cue.signal,
            float(np.log(confidence / (1 - confidence))),
            f"{document.id} names {cue.value} as the source of its text",
            (Span(document.id, cue.start, cue.end),),
        )
        feeds.append((text, confidence, min(share, 1.0), (evidence,)))
    return Drawn(HiddenSource(f"~{name}#{key}", name, signal, tuple(documents)), tuple(feeds))


def _rank(cue: Cue) -> tuple[float, int, int]:
    return -_CONFIDENCE[cue.signal], cue.start, cue.end


def _shown(value: str) -> str:
    return value if "://" in value else canonical_name(value)


def _inferred(
    corpus: Corpus, relations: Relations, primary: Sequence[int], fed: set[int]
) -> list[Drawn]:
    """Return one source for each group of roots that all share text and have no named source.

    Those that share most come together first; a composite does not join two stories.
    """
    shared: dict[int, dict[int, float]] = {}
    for a, b, a_share, b_share in zip(
        relations.a.tolist(),
        relations.b.tolist(),
        relations.a_share.tolist(),
        relations.b_share.tolist(),
        strict=True,
    ):
        roots = primary[a] < 0 and primary[b] < 0 and a not in fed and b not in fed
        if roots and max(a_share, b_share) >= _SHARED:
            shared.setdefault(a, {})[b] = a_share
            shared.setdefault(b, {})[a] = b_share
    drawn = []
    done: set[int] = set()
    for start in sorted(shared, key=lambda t: (-max(shared[t].values()), t)):
        group = {start}
        for other in sorted(shared[start], key=lambda t: (-shared[start][t], t)):
            if other not in done and all(other in shared[member] for member in group):
                group.add(other)
        if start in done or len(group) == 1:
            continue
        done |= group
        documents = sorted(corpus.documents[corpus.members[t][0]].id for t in group)
        key = content_id("", *sorted(text_digest(corpus.texts[t]) for t in group))[:8]
        feeds = []
        for text in sorted(group):
            share = max(shared[text][other] for other in group if other != text)
            detail = f"{share:.0%} of its text is shared, and none of those that share it gave it"
            weight = float(np.log(_INFERRED / (1 - _INFERRED)))
            evidence = Evidence("shared_unexplained", weight, detail)
            feeds.append((text, _INFERRED, share, (evidence,)))
        source = HiddenSource(f"~unseen#{key}", "unseen", "shared_unexplained", tuple(documents))
        drawn.append(Drawn(source, tuple(feeds)))
    return drawn
