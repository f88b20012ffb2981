"""The visible lineage of texts, and what is asked of it to find the sources that are not seen."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from provenance.lineage.arcs import Arcs
from provenance.lineage.coverage import Coverage
from provenance.lineage.relations import Relations

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEAD = 20  # own tokens at the head of a text
_PRIVATE = 8  # tokens of one text alone that show who took from it


@dataclass(frozen=True, slots=True)
class Family:
    """The chosen arc into each text (-1 for a root), the further ones, and what texts share.

    `near` are the relatives of each text, `root` the root of its tree.
    """

    arcs: Arcs
    primary: Sequence[int]
    further: Sequence[int]
    relations: Relations
    coverage: Coverage
    near: Sequence[Sequence[int]]
    root: Sequence[int]
    _carriers: "dict[int, NDArray[np.int64]]" = field(default_factory=dict, init=False, repr=False)
    _further_of: dict[int, set[int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the further sources by text."""
        found: dict[int, set[int]] = {}
        for arc in self.further:
            found.setdefault(int(self.arcs.child[arc]), set()).add(int(self.arcs.parent[arc]))
        object.__setattr__(self, "_further_of", found)

    def parent(self, text: int) -> int:
        """Return the primary source of a text, -1 for a root."""
        arc = self.primary[text]
        return -1 if arc < 0 else int(self.arcs.parent[arc])

    def children(self) -> dict[int, list[int]]:
        """Return the texts whose primary source each text is."""
        found: dict[int, list[int]] = {}
        for text in range(len(self.primary)):
            if self.primary[text] >= 0:
                found.setdefault(self.parent(text), []).append(text)
        return found

    def composites(self) -> set[int]:
        """Return the texts with several sources."""
        return {int(self.arcs.child[arc]) for arc in self.further}

    def sources_within(self, text: int, story: AbstractSet[int]) -> frozenset[int]:
        """Return the visible sources of a text that belong to a story, told by other texts of it.

        Without others it is the primary source of a text that has no further ones.
        """
        sources = ({self.parent(text)} - {-1}) | self._further_of.get(text, set())
        if not story:
            return frozenset(sources if len(sources) == 1 else ())
        return frozenset(
            source
            for source in sources
            if source in story or not story.isdisjoint(self.near[source])
        )

    def lacks_head(self, text: int, source: int, words: int = HEAD) -> bool:
        """Tell whether a text has less than half of the first own words of another."""
        head = np.flatnonzero(self.coverage.own(source))[:words]
        return 2 * int(self.coverage.shared(source, text)[head].sum()) < words

    def has_private_text(self, child: int, parent: int) -> bool:
        """Tell whether a text has words that only its source has, of all texts related to both.

        Without a third text nothing can be told.
        """
        left_out = [t for t in self.near[parent] if t == child or self.parent(t) == child]
        if len(left_out) == len(self.near[parent]):
            return False
        if parent not in self._carriers:
            self._carriers[parent] = self._count_carriers(parent, self.near[parent])
        common = self._carriers[parent] > self._count_carriers(parent, left_out)
        # what stands below all that others have may have been cut from them
        last = int(np.flatnonzero(common)[-1]) if common.any() else 0
        private = self.coverage.shared(parent, child) & ~common
        return int(private[:last].sum()) >= _PRIVATE

    def _count_carriers(self, text: int, others: Iterable[int]) -> "NDArray[np.int64]":
        """Count, an own token each, the texts among others that share it."""
        counts = np.zeros(len(self.coverage.own(text)), np.int64)
        for other in others:
            counts += self.coverage.shared(text, other)
        return counts
