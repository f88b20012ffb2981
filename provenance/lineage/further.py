"""Further sources: text that arrives in a document and that its first source does not have."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from provenance.fingerprint.shingles import distinct_shingles, shingle_array
from provenance.lineage.arcs import Arcs, tree_roots
from provenance.lineage.dates import Order, middle, order
from provenance.match.collapse import Corpus
from provenance.model import Timestamp

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHINGLE = 5
_GAIN = 8  # shingles that a further source must bring
_GAIN_SHARE, _GAIN_SHARE_UNDATED = 0.2, 0.3  # of what the text has from elsewhere
_TAKEN = 0.5  # of the further source's own novelty that must have arrived
_OTHER_STORY, _OTHER_STORY_SHARE = 20, 0.08  # shingles that make a second story


def find_further_sources(
    corpus: Corpus, arcs: Arcs, primary: Sequence[int], published: Sequence[Timestamp | None]
) -> list[int]:
    """Return the arcs to further sources, each text's in the order they were added.

    Within a story a second source must have given most of its own novelty (what it has and its
    own sources lack): that tells a merged version from a shared template. Of another story, told
    by another root, the text that covers most of what is not yet explained is taken. `published`
    are the dates to go by, one a text.
    """
    shingles = _Shingles(corpus, arcs)
    entering: dict[int, list[int]] = {}
    for arc, child in enumerate(arcs.child.tolist()):
        entering.setdefault(child, []).append(arc)
    parents: dict[int, set[int]] = {
        child: {int(arcs.parent[arc])} for child, arc in enumerate(primary) if arc >= 0
    }
    root = tree_roots(primary, arcs)
    further: list[int] = []
    for child in sorted(parents, key=lambda text: (middle(published[text]) or 0.0, text)):
        choices = [
            arc
            for arc in entering[child]
            if order(published[int(arcs.parent[arc])], published[child]) != Order.LATER
        ]
        if len(choices) < 2:
            continue
        dated = published[child] is not None
        own = shingles.of(child)
        explained = shingles.union(parents[child])
        stories = {root[child]}
        while True:
            lacking = _without(own, explained)
            if len(lacking) < _GAIN:
                break
            best, rank = -1, (0.0, 0.0)
            for arc in choices:
                parent = int(arcs.parent[arc])
                if (
                    parent in parents[child]
                    or _descends(parent, child, parents)
                    or any(_descends(known, parent, parents) for known in parents[child])
                ):
                    continue
                gain = np.intersect1d(lacking, shingles.of(parent), assume_unique=True)
                value = (
                    _merged(shingles, parents, child, parent, own, lacking, gain, dated=dated)
                    if root[parent] in stories
                    else _other_story(own, gain)
                )
                if value > 0 and (value, float(arcs.score[arc])) > rank:
                    best, rank = arc, (value, float(arcs.score[arc]))
            if best < 0:
                break
            further.append(best)
            parent = int(arcs.parent[best])
            parents[child].add(parent)
            stories.add(root[parent])
            explained = np.union1d(explained, shingles.of(parent))
    return further


def _merged(  # noqa: PLR0913 - two texts, and what is known of the one's shingles
    shingles: "_Shingles",
    parents: dict[int, set[int]],
    child: int,
    parent: int,
    own: "NDArray[np.uint64]",
    lacking: "NDArray[np.uint64]",
    gain: "NDArray[np.uint64]",
    *,
    dated: bool,
) -> float:
    """Return how much of its own novelty a text gave to a child of its story, 0 if too little."""
    if len(gain) < max(_GAIN, (_GAIN_SHARE if dated else _GAIN_SHARE_UNDATED) * len(lacking)):
        return 0.0
    novelty = _without(shingles.of(parent), shingles.union(parents.get(parent, set())))
    arrived = len(np.intersect1d(gain, novelty, assume_unique=True))
    taken = arrived / max(len(novelty), 1)
    kept = np.intersect1d(own, shingles.union(parents[child]), assume_unique=True)
    if taken < _TAKEN or len(_without(kept, shingles.of(parent))) < _GAIN:
        return 0.0
    return len(gain) * taken


def _other_story(own: "NDArray[np.uint64]", gain: "NDArray[np.uint64]") -> float:
    least = max(_OTHER_STORY, _OTHER_STORY_SHARE * len(own))
    return float(len(gain)) if len(gain) >= least else 0.0


def _without(values: "NDArray[np.uint64]", others: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    return np.setdiff1d(values, others, assume_unique=True)


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


class _Shingles:
    """The distinct shingles of texts that have arcs."""

    def __init__(self, corpus: Corpus, arcs: Arcs) -> None:
        self._used = np.unique(arcs.child).astype(np.int64)
        table = corpus.table.select(self._used)
        self._values, self._bounds = distinct_shingles(
            shingle_array(table, _SHINGLE), table, _SHINGLE
        )

    def of(self, text: int) -> "NDArray[np.uint64]":
        """Return the shingles of one text, rising."""
        row = int(np.searchsorted(self._used, text))
        return self._values[self._bounds[row] : self._bounds[row + 1]]

    def union(self, texts: set[int]) -> "NDArray[np.uint64]":
        """Return the shingles of several texts, rising."""
        if not texts:
            return self._values[:0]
        if len(texts) == 1:
            return self.of(next(iter(texts)))
        return np.unique(np.concatenate([self.of(text) for text in sorted(texts)]))
