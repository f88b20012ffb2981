"""Further sources: text that arrives in a document and that its first source does not have."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from provenance.fingerprint.shingles import shingle_array
from provenance.lineage.arcs import Arcs
from provenance.lineage.coverage import Coverage
from provenance.lineage.dates import middle
from provenance.match.collapse import Corpus
from provenance.model import Timestamp

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHINGLE = 5
_GAIN = 8  # shingles that a further source of the same story must bring
_GAIN_SHARE, _GAIN_SHARE_UNDATED = 0.2, 0.3  # of what the text has from elsewhere
_TAKEN = 0.5  # of the further source's own novelty that must have arrived
_OTHER_STORY, _OTHER_STORY_SHARE = 25, 0.05  # tokens that make a second story
_MUCH = 150  # shingles that count however small a part they are
_LIKELY_BY_ITSELF = 0.0
_NEARLY = 3.0  # log-odds that a text may lose where another tells that it hangs too low
_AS_MUCH = 0.95  # of the most that any text covers: as good as the most
_OTHER_WORDS = 2.0  # log-odds that other words cost, by the logarithm of their number
_LIKELY, _LIKELY_OF_ANOTHER = 0.0, -2.0  # log-odds that a further source must have


def find_sources(
    corpus: Corpus,
    coverage: Coverage,
    arcs: Arcs,
    tree: Sequence[int],
    published: Sequence[Timestamp | None],
) -> tuple[list[int], list[int]]:
    """Return the arc into each text (-1 for a root), and the arcs to further sources.

    `tree` is the best tree, which gives each text one source. A second source of the same story
    must have given most of its own novelty (what it has and its own sources lack): that tells a
    merged version from a shared template. A second story is one that covers text which the first
    does not, and that is not related to it; of each story the likeliest among the texts that
    cover most is taken. `published` are the dates to go by, one a text.
    """
    return _Search(corpus, coverage, arcs, tree, published).run()


class _Search:
    """The sources found so far, and what is asked of them again and again."""

    def __init__(
        self,
        corpus: Corpus,
        coverage: Coverage,
        arcs: Arcs,
        tree: Sequence[int],
        published: Sequence[Timestamp | None],
    ) -> None:
        self.arcs, self.coverage, self.published = arcs, coverage, published
        self.shingles = _Shingles(corpus)
        self.primary = list(tree)
        self.further: list[int] = []
        self.parents = {
            child: {int(arcs.parent[arc])} for child, arc in enumerate(tree) if arc >= 0
        }
        self.near: dict[int, set[int]] = {}
        self.entering: dict[int, list[int]] = {}
        late, at_once = arcs.column("published_later"), arcs.column("at_once")
        self.one_clock = corpus.sources[arcs.parent] == corpus.sources[arcs.child]
        for arc, (parent, child) in enumerate(
            zip(arcs.parent.tolist(), arcs.child.tolist(), strict=True)
        ):
            self.near.setdefault(child, set()).add(parent)
            if not late[arc] and not at_once[arc]:
                self.entering.setdefault(child, []).append(arc)

    def run(self) -> tuple[list[int], list[int]]:
        """Look at every text that has a source, oldest first."""
        self.turn_round()
        order = sorted(self.parents, key=lambda t: (middle(self.published[t]) or 0.0, t))
        for child in order:
            if len(self.entering.get(child, ())) > 1:
                self.add_stories(child)
                self.add_merged(child)
        return self.primary, self.further

    def turn_round(self) -> None:
        """Free texts that the tree hung below a text of two stories, being unable to hold both.

        They are not related to its source, and are likelier a source of it than taken from it.
        """
        for text, arc in enumerate(self.primary):
            if arc < 0:
                continue
            above = self.parents.get(int(self.arcs.parent[arc]))
            other = self.arcs.reverse(arc)
            if (
                above is not None
                and self.arcs.score[other] > self.arcs.score[arc]
                and self.near[text].isdisjoint(above)
            ):
                self.primary[text] = -1
                del self.parents[text]

    def possible(self, child: int, arc: int) -> bool:
        """Tell whether an arc adds a source without a cycle or a step over a known one."""
        parent = int(self.arcs.parent[arc])
        known = self.parents[child]
        return not (
            parent in known
            or _descends(parent, child, self.parents)
            or any(_descends(one, parent, self.parents) for one in known)
        )

    def add_stories(self, child: int) -> None:
        """Add a source for each story that covers text which the known ones do not."""
        own = self.coverage.own(child)
        least = max(_OTHER_STORY, _OTHER_STORY_SHARE * int(own.sum()))
        first = int(self.arcs.parent[self.primary[child]])
        stories = [first]
        lacking = own & ~self.coverage.shared(child, first)
        if int(lacking.sum()) < least:
            return
        shared: dict[int, NDArray[np.bool_]] = {}
        for arc in self.entering[child]:
            parent = int(self.arcs.parent[arc])
            shared[arc] = self.coverage.shared(child, parent)
        while int(lacking.sum()) >= least:
            others = [
                arc
                for arc, covered in shared.items()
                if self.arcs.score[arc] >= (_LIKELY if self.one_clock[arc] else _LIKELY_OF_ANOTHER)
                and int((covered & lacking).sum()) >= least
                and self.near[int(self.arcs.parent[arc])].isdisjoint(stories)
                and self.possible(child, arc)
            ]
            best = self.likeliest(others, shared, lacking)
            if best is None:
                break
            if len(stories) == 1:
                self.settle_first(child, first, shared)
            self.further.append(best)
            stories.append(int(self.arcs.parent[best]))
            self.parents[child].add(stories[-1])
            lacking &= ~shared[best]

    def settle_first(self, child: int, first: int, shared: "dict[int, NDArray[np.bool_]]") -> None:
        """Choose the first source of a text with several again, by the part that is its story's."""
        family = [
            arc
            for arc in shared
            if (parent := int(self.arcs.parent[arc])) == first
            or (parent in self.near[first] and not _descends(parent, child, self.parents))
        ]
        part = np.any([shared[arc] for arc in family], axis=0) if family else None
        if part is None:
            return
        best = self.likeliest(family, shared, part)
        if best is not None:
            self.primary[child] = best
            self.parents[child] = {int(self.arcs.parent[best])}

    def likeliest(
        self, choices: list[int], shared: "dict[int, NDArray[np.bool_]]", part: "NDArray[np.bool_]"
    ) -> int | None:
        """Return the likeliest arc among those that cover most of a part, in the same words."""
        gains = {arc: int((shared[arc] & part).sum()) for arc in choices}
        most = max(gains.values(), default=0)

        def odds(arc: int) -> float:
            text, parent = int(self.arcs.child[arc]), int(self.arcs.parent[arc])
            other_words = max(most - self.coverage.equal(text, parent), 0)
            return float(self.arcs.score[arc]) - _OTHER_WORDS * math.log1p(other_words)

        full = [arc for arc in choices if gains[arc] >= _AS_MUCH * most]
        return max(full, key=lambda arc: (odds(arc), -arc), default=None)

    def add_merged(self, child: int) -> None:
        """Add sources of the same story that gave the text most of their own novelty."""
        own = self.shingles.of(child)
        explained = self.shingles.union(self.parents[child])
        dated = self.published[child] is not None
        while len(lacking := _without(own, explained)) >= _GAIN:
            best, rank = -1, (0.0, 0.0)
            for arc in self.entering[child]:
                if self.arcs.score[arc] < _LIKELY:
                    continue
                if not self.possible(child, arc) and self.wrongly_above(child, arc) is None:
                    continue
                value = self.merged(child, arc, own, lacking, dated=dated)
                if value > 0 and (value, float(self.arcs.score[arc])) > rank:
                    best, rank = arc, (value, float(self.arcs.score[arc]))
            if best < 0:
                break
            if not self.possible(child, best):
                self.hang_higher(child, best)
            self.further.append(best)
            parent = int(self.arcs.parent[best])
            self.parents[child].add(parent)
            explained = np.union1d(explained, self.shingles.of(parent))

    def wrongly_above(self, child: int, arc: int) -> tuple[int, int] | None:
        """Return a text that stands below a source in the tree, and an arc to hang it higher by.

        What a source of `child` has and the known one lacks cannot have come through that; where
        the known one seems to descend from it, they are rather two branches of one text.
        """
        parent = int(self.arcs.parent[arc])
        text = int(self.arcs.parent[self.primary[child]])
        if parent == text or _descends(parent, child, self.parents):
            return None
        while self.primary[text] >= 0 and int(self.arcs.parent[self.primary[text]]) != parent:
            text = int(self.arcs.parent[self.primary[text]])
        if self.primary[text] < 0 or len(self.parents[text]) > 1 or self.primary[parent] < 0:
            return None
        above = int(self.arcs.parent[self.primary[parent]])
        least = float(self.arcs.score[self.primary[text]]) - _NEARLY
        for other in self.entering.get(text, ()):
            if int(self.arcs.parent[other]) == above and self.arcs.score[other] >= least:
                return text, other
        return None

    def hang_higher(self, child: int, arc: int) -> None:
        """Make two branches of what the tree has as one."""
        found = self.wrongly_above(child, arc)
        if found is not None:
            text, other = found
            self.primary[text] = other
            self.parents[text] = {int(self.arcs.parent[other])}

    def merged(
        self,
        child: int,
        arc: int,
        own: "NDArray[np.uint64]",
        lacking: "NDArray[np.uint64]",
        *,
        dated: bool,
    ) -> float:
        """Return what a text gave to a child of its story: shingles by share of its novelty.

        Too little is 0. A likely source that brings very much need not have given most of its own.
        """
        parent = int(self.arcs.parent[arc])
        shingles = self.shingles.of(parent)
        gain = lacking[_among(lacking, shingles)]
        much = len(gain) >= _MUCH and self.arcs.score[arc] >= _LIKELY_BY_ITSELF
        share = _GAIN_SHARE if dated else _GAIN_SHARE_UNDATED
        if len(gain) < max(_GAIN, share * len(lacking)) and not much:
            return 0.0
        above = self.shingles.union(self.parents.get(parent, set()))
        novelty = _without(shingles, above)
        arrived = int(_among(gain, novelty).sum())
        taken = arrived / max(len(novelty), 1)
        known = self.shingles.union(self.parents[child])
        kept = own[_among(own, known)]
        if (taken < _TAKEN and not much) or len(_without(kept, shingles)) < _GAIN:
            return 0.0
        return len(gain) * taken


def _without(values: "NDArray[np.uint64]", others: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    """Return the values, distinct and rising, that are not among others of the kind."""
    return values[~_among(values, others)]


def _among(values: "NDArray[np.uint64]", others: "NDArray[np.uint64]") -> "NDArray[np.bool_]":
    """Tell which values are among others, which are distinct and rising."""
    if not len(others):
        return np.zeros(len(values), np.bool_)
    place = np.minimum(np.searchsorted(others, values), len(others) - 1)
    found: NDArray[np.bool_] = others[place] == values
    return found


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
    """The distinct shingles of texts, each text's made when they are first asked for."""

    def __init__(self, corpus: Corpus) -> None:
        self._table = corpus.table
        self._known: dict[int, NDArray[np.uint64]] = {}

    def of(self, text: int) -> "NDArray[np.uint64]":
        """Return the shingles of one text, rising."""
        if text not in self._known:
            tokens = int(self._table.bounds[text + 1] - self._table.bounds[text])
            count = max(tokens - _SHINGLE, 0) + 1
            values = np.sort(shingle_array(self._table, _SHINGLE, text, text + 1)[:count])
            fresh = np.ones(len(values), np.bool_)
            fresh[1:] = values[1:] != values[:-1]
            self._known[text] = values[fresh]
        return self._known[text]

    def union(self, texts: set[int]) -> "NDArray[np.uint64]":
        """Return the shingles of several texts, rising."""
        if not texts:
            return np.empty(0, np.uint64)
        if len(texts) == 1:
            return self.of(next(iter(texts)))
        return np.unique(np.concatenate([self.of(text) for text in sorted(texts)]))
