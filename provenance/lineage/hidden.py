"""Hidden sources: what texts credit, or share unexplained, and what the corpus does not hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from provenance.lineage.agencies import abbreviates, canonical_name, same_name
from provenance.lineage.arcs import Arcs, tree_roots
from provenance.lineage.attribution import SOURCE_SIGNALS, Credits, credited_keys
from provenance.lineage.relations import Relations
from provenance.match.clusters import content_id
from provenance.match.collapse import Corpus, text_digest
from provenance.match.joining import join
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
_OWN_FORMS = frozenset(["dateline", "byline_agency"])  # what an agency's own page has, too
_AGENCY = 3  # texts that credit an outlet which make it an agency
_SHARED = 0.5  # share of the shorter text that two roots must have in common
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
    primary: Sequence[int],
    relations: Relations,
) -> list[Drawn]:
    """Return the hidden sources, sorted by id.

    A story is a tree of `primary` arcs, or several whose roots share much. Where a root credits
    someone of whom the story holds no document, all texts of it that give this credit were fed
    by one hidden source of that name, whatever copies of each other they seem to be; one that
    credits the text above it was not. Outlets that several others credit are agencies here, and
    what their own pages name is no source of theirs; nor is a dateline one on a page whose outlet
    is unknown, which may be the agency's. Roots that share much of their wording and credit
    nobody have a source that is inferred.
    """
    root = _stories(tree_roots(primary, arcs), relations)
    holds: dict[int, set[str]] = {}
    outlets: dict[int, set[str]] = {}
    given: Counter[str] = Counter()
    for text, names in enumerate(credit):
        holds.setdefault(root[text], set()).update(names.own)
        given.update(list(names.given))
        source = corpus.documents[corpus.members[text][0]].source
        if source is not None:
            outlets.setdefault(root[text], set()).add(source)
    named: dict[tuple[int, str], list[tuple[int, Cue]]] = {}
    for text, names in enumerate(credit):
        above = primary[text] < 0 or names.credit_to(credit[int(arcs.parent[primary[text]])])
        if primary[text] >= 0 and above is not None:
            continue
        if any(given[key] >= _AGENCY for key in names.own):
            continue
        document = corpus.documents[corpus.members[text][0]]
        nowhere = document.source is None and document.url is None
        for cue in cues[corpus.members[text][0]]:
            if cue.signal not in SOURCE_SIGNALS or not cue.value:
                continue
            keys = credited_keys(cue.value)
            if keys & holds[root[text]] or not keys & names.given.keys():
                continue
            if cue.covers_end - cue.covers_start < len(document.text) * 0.02:
                continue
            if nowhere and cue.signal in _OWN_FORMS:
                continue
            if any(
                same_name(cue.value, name) or abbreviates(cue.value, name)
                for name in outlets.get(root[text], ())
            ):
                continue
            named.setdefault((root[text], min(keys)), []).append((text, cue))
    groups = [group for group in _joined(named) if any(primary[text] < 0 for text, _ in group)]
    drawn = [_named(corpus, group) for group in groups]
    fed = {text for source in drawn for text, *_ in source.feeds}
    drawn += _inferred(corpus, relations, primary, fed)
    return sorted(drawn, key=lambda d: d.source.id)


def _stories(root: Sequence[int], relations: Relations) -> list[int]:
    """Return each text's story: the first root of the trees whose roots share much text."""
    share = np.minimum(relations.a_share, relations.b_share)
    rows = np.flatnonzero(share >= _SHARED)
    pairs = zip(relations.a[rows].tolist(), relations.b[rows].tolist(), strict=True)
    first = join(len(root), ((a, b) for a, b in pairs if root[a] == a and root[b] == b))
    return [first[text] for text in root]


def _joined(
    named: dict[tuple[int, str], list[tuple[int, Cue]]],
) -> list[list[tuple[int, Cue]]]:
    """Return the credits of each story and name; an abbreviation joins its full name."""
    full: dict[tuple[int, str], tuple[int, str]] = {}
    stories: dict[int, list[str]] = {}
    for story, key in sorted(named):
        stories.setdefault(story, []).append(key)
    for story, keys in stories.items():
        for key in keys:
            short = named[story, key][0][1].value
            for other in keys:
                if abbreviates(short, named[story, other][0][1].value):
                    full[story, key] = (story, other)
    groups: dict[tuple[int, str], list[tuple[int, Cue]]] = {}
    for place in sorted(named):
        groups.setdefault(full.get(place, place), []).extend(named[place])
    return [groups[place] for place in sorted(groups)]


def _named(corpus: Corpus, group: list[tuple[int, Cue]]) -> Drawn:
    name = min((_shown(cue.value) for _, cue in group), key=lambda value: (len(value), value))
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
