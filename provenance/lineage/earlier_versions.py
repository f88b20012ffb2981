"""First texts of a story that are later versions: of a text that the corpus does not hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from provenance.lineage.attribution import Credits, count_given
from provenance.lineage.family import HEAD, Family
from provenance.lineage.signals.naming import Notes
from provenance.match.collapse import Corpus
from provenance.model import Span

_BELOW = 8  # tokens under which a common beginning is no new lead above it
_MANY = 0.5  # of the relatives that lack the head
_LEAST = 0.3  # of a text that stands in the root, or it may be from elsewhere
_RIVAL_SHARE = 0.5  # of the shorter text that another root must share to be its rival
_AGENCY = 3  # texts that credit an outlet which make it an agency


@dataclass(frozen=True, slots=True)
class Earlier:
    """An unseen earlier version of `root`, the texts it feeds, and the share of each explained."""

    root: int
    texts: tuple[int, ...]
    share: dict[int, float]
    name: str | None
    confidence: float
    reason: str
    spans: tuple[Span, ...]


def find_earlier_versions(
    corpus: Corpus,
    notes: Sequence[Notes],
    credit: Sequence[Credits],
    family: Family,
    fed: set[int],
) -> Iterator[Earlier]:
    """Yield the unseen texts that roots of stories are later versions of.

    A root is a later version where a new lead stands above its own dateline, where it says that
    it was corrected, or where several relatives begin at one place below its head: they were
    taken before the lead was written. Of what was taken from such a root, the texts that lack its
    head come from the unseen version, too.
    """
    children = family.children()
    trees: dict[int, list[int]] = {}
    for text, root in enumerate(family.root):
        trees.setdefault(root, []).append(text)
    given = count_given(credit)
    rivalled = _with_rival_roots(family)
    for root in sorted(children):
        if family.primary[root] >= 0 or root in fed:
            continue
        found = _signs(notes, family, root, credited=credit[root].times_credited(given))
        if found is None or root in rivalled:
            continue
        if _holds_version(corpus, notes, family, root, trees[root]):
            continue
        confidence, reason = found
        lead = _lead(corpus, notes, root)
        own = family.coverage.own(root)
        taken = [
            child
            for child in children[root]
            if child not in fed
            and family.lacks_head(child, root, lead)
            and _share(family, child, root) >= _LEAST
        ]
        share = {child: _share(family, child, root) for child in taken}
        everyone = np.any(
            [family.coverage.shared(root, other) for other in family.near[root]], axis=0
        )
        share[root] = float(everyone.sum() / max(int(own.sum()), 1))
        document = corpus.documents[corpus.members[root][0]]
        yield Earlier(
            root, (root, *taken), share, document.source, confidence, f"{document.id} {reason}", ()
        )


def _signs(
    notes: Sequence[Notes], family: Family, root: int, *, credited: int
) -> tuple[float, str] | None:
    """Return how sure it is that a root is a later version, and why."""
    if notes[root].lead_above_dateline:
        return 0.85, "has a new lead above its dateline, and no earlier version is here"
    if notes[root].corrections:
        return 0.8, "says that it was corrected, and no earlier version is here"
    if notes[root].dateline_at_head or credited < _AGENCY:
        return None
    own = np.flatnonzero(family.coverage.own(root))
    starts: dict[int, int] = {}
    lacking = 0
    for other in family.near[root]:
        shared = family.coverage.shared(root, other)[own]
        if shared.any():
            lacking += family.lacks_head(other, root)
            first = int(np.argmax(shared))
            if first >= _BELOW:
                starts[first] = starts.get(first, 0) + 1
    if lacking >= _MANY * len(family.near[root]) and max(starts.values(), default=0) > 1:
        count = max(starts.values())
        return 0.7, f"begins with words that others lack, and {count} of them begin below"
    return None


def _lead(corpus: Corpus, notes: Sequence[Notes], root: int) -> int:
    """Return the words of a lead above the dateline, else those of a usual head."""
    if not notes[root].lead_above_dateline:
        return HEAD
    starts = corpus.table.starts[corpus.table.slice(root)]
    return int(np.searchsorted(starts, notes[root].dateline))


def _with_rival_roots(family: Family) -> set[int]:
    """Return the texts with which a root shares so much that it may be the earlier version."""
    arcs = family.arcs
    from_root = np.array(family.primary, np.int64)[arcs.parent] < 0
    much = arcs.column("largest_share") >= _RIVAL_SHARE
    return set(arcs.child[from_root & much].tolist())


def _holds_version(
    corpus: Corpus, notes: Sequence[Notes], family: Family, root: int, tree: Sequence[int]
) -> bool:
    """Tell whether a text of the root's own outlet in its story may be the earlier version.

    It lacks the newer lead, or the root was corrected and it was not.
    """
    source = corpus.documents[corpus.members[root][0]].source
    return source is not None and any(
        any(corpus.documents[i].source == source for i in corpus.members[other])
        and (family.lacks_head(other, root) or notes[other].corrections < notes[root].corrections)
        for other in {*family.near[root], *tree} - {root}
    )


def _share(family: Family, text: int, partner: int) -> float:
    own = int(family.coverage.own(text).sum())
    return float(family.coverage.shared(text, partner).sum() / max(own, 1))
