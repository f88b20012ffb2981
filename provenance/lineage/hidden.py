"""Hidden sources: what texts credit, or share unexplained, and what the corpus does not hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from provenance.lineage.agencies import canonical_name
from provenance.lineage.attribution import Credits, count_given
from provenance.lineage.credited import find_credited
from provenance.lineage.earlier_versions import Earlier, find_earlier_versions
from provenance.lineage.family import Family
from provenance.lineage.signals.naming import Notes
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
    "staff_line": 0.9,
    "credit_line": 0.8,
    "contributor_line": 0.6,
    "self_naming": 0.8,
}
_SHARED = 0.5  # share of the shorter text that two roots must have in common
_AGENCY = 3  # texts that credit an outlet which make it an agency
_CLEAN = 0.8  # share of equal tokens from which two texts alone show an unseen source
_INFERRED = 0.7


@dataclass(frozen=True, slots=True)
class Feed:
    """A text that a hidden source feeds: how sure that is, and the share of it explained.

    `replaces` are the visible sources of the text in whose place it stands.
    """

    text: int
    confidence: float
    share: float
    evidence: tuple[Evidence, ...]
    replaces: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A hidden source and what it feeds."""

    source: HiddenSource
    feeds: tuple[Feed, ...]


def draw_hidden_sources(
    corpus: Corpus,
    cues: Sequence[Sequence[Cue]],
    credit: Sequence[Credits],
    notes: Sequence[Notes],
    family: Family,
) -> list[Drawn]:
    """Return the hidden sources, sorted by id.

    Three things show one: credits of a source that is not among the related texts
    (`find_credited`), signs that the first text of a story is a later version
    (`find_earlier_versions`), and roots that share much of their wording while none of them can
    be the source of the others.
    """
    drawn = [
        _of_credits(corpus, group, family) for group in find_credited(corpus, cues, credit, family)
    ]
    fed = {feed.text for source in drawn for feed in source.feeds}
    for found in find_earlier_versions(corpus, notes, credit, family, fed):
        drawn.append(_of_version(corpus, found))
        fed.update(found.texts)
    drawn += _inferred(corpus, family, credit, fed)
    return sorted(drawn, key=lambda d: d.source.id)


def _of_credits(corpus: Corpus, group: dict[int, list[Cue]], family: Family) -> Drawn:
    name = min(
        (_shown(cue.value) for cues in group.values() for cue in cues), key=lambda v: (len(v), v)
    )
    best = {text: min(cues, key=_rank) for text, cues in group.items()}
    feeds = []
    for text, cue in sorted(best.items()):
        document = corpus.documents[corpus.members[text][0]]
        share = (cue.covers_end - cue.covers_start) / max(len(document.text), 1)
        confidence = _CONFIDENCE[cue.signal]
        evidence = Evidence(
            cue.signal,
            _log_odds(confidence),
            f"{document.id} names {cue.value} as the source of its text",
            (Span(document.id, cue.start, cue.end),),
        )
        replaces = family.sources_within(text, group.keys() - {text})
        feeds.append(Feed(text, confidence, min(share, 1.0), (evidence,), replaces))
    return _drawn(corpus, name, min(best.values(), key=_rank).signal, feeds)


def _of_version(corpus: Corpus, found: Earlier) -> Drawn:
    feeds = []
    for text in found.texts:
        root = corpus.documents[corpus.members[found.root][0]].id
        detail = found.reason if text == found.root else f"it lacks the newer lead of {root}"
        evidence = Evidence("earlier_version", _log_odds(found.confidence), detail, found.spans)
        replaces = frozenset([found.root] if text != found.root else [])
        feeds.append(Feed(text, found.confidence, found.share[text], (evidence,), replaces))
    return _drawn(corpus, found.name or "unseen", "earlier_version", feeds)


def _inferred(
    corpus: Corpus, family: Family, credit: Sequence[Credits], fed: set[int]
) -> list[Drawn]:
    """Return one source for each group of roots that all share text and have no named source.

    An outlet that several texts credit is an agency, and has its text from nobody. Those that
    share most come together first; a composite does not join two stories.
    """
    relations = family.relations
    given = count_given(credit)

    @cache
    def apart(text: int) -> bool:
        return (
            text in fed
            or family.primary[text] >= 0
            or credit[text].times_credited(given) >= _AGENCY
        )

    shared: dict[int, dict[int, float]] = {}
    clean: set[tuple[int, int]] = set()
    for row, (a, b) in enumerate(zip(relations.a.tolist(), relations.b.tolist(), strict=True)):
        a_share, b_share = float(relations.a_share[row]), float(relations.b_share[row])
        if max(a_share, b_share) >= _SHARED and not apart(a) and not apart(b):
            shared.setdefault(a, {})[b] = a_share
            shared.setdefault(b, {})[a] = b_share
            if relations.similarity[row] >= _CLEAN:
                clean.add((a, b))
    drawn = []
    done: set[int] = set()
    for start in sorted(shared, key=lambda t: (-max(shared[t].values()), t)):
        group = {start}
        for other in sorted(shared[start], key=lambda t: (-shared[start][t], t)):
            if other not in done and all(other in shared[member] for member in group):
                group.add(other)
        if start in done or len(group) == 1:
            continue
        if len(group) == 2 and (min(group), max(group)) not in clean:
            continue
        done |= group
        feeds = []
        for text in sorted(group):
            share = max(shared[text][other] for other in group if other != text)
            detail = f"{share:.0%} of its text is shared, and none of those that share it gave it"
            evidence = Evidence("shared_unexplained", _log_odds(_INFERRED), detail)
            feeds.append(Feed(text, _INFERRED, share, (evidence,)))
        drawn.append(_drawn(corpus, "unseen", "shared_unexplained", feeds))
    return drawn


def _drawn(corpus: Corpus, name: str, signal: str, feeds: list[Feed]) -> Drawn:
    """Return a hidden source whose id says its name and what it feeds."""
    documents = sorted(corpus.documents[corpus.members[f.text][0]].id for f in feeds)
    digests = sorted(text_digest(corpus.texts[f.text]) for f in feeds)
    key = content_id("", *([name] if name != "unseen" else []), *digests)[:8]
    return Drawn(HiddenSource(f"~{name}#{key}", name, signal, tuple(documents)), tuple(feeds))


def _rank(cue: Cue) -> tuple[float, int, int]:
    return -_CONFIDENCE[cue.signal], cue.start, cue.end


def _shown(value: str) -> str:
    return value if "://" in value else canonical_name(value)


def _log_odds(confidence: float) -> float:
    return float(np.log(confidence / (1 - confidence)))
