"""Which texts share so much that what they have in common says nothing about other texts."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from provenance.match.postings import CARRIERS, WINDOW, Postings, SharedPairs, count_shared

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DENSITY = 2 / (WINDOW + 1)  # winnowed shingles a token (Schleimer et al. 2003)
RELATED_TOKENS = 150
RELATED_SHARE = 0.4
_TEMPLATE = 10  # texts of one source that make a wording the source's own


@dataclass(frozen=True, slots=True)
class Kinship:
    """The related texts of each text, rising: `kin[bounds[i]:bounds[i + 1]]`.

    `leader` is the first of a text and its kin. Of a wording with more carriers than all were
    compared, those with one leader count as related, too: it is a very big story.
    """

    bounds: "NDArray[np.int64]"
    kin: "NDArray[np.int32]"
    leader: "NDArray[np.int32]"

    def related(self, a: "NDArray[np.int32]", b: "NDArray[np.int32]") -> "NDArray[np.bool_]":
        """Tell, pair by pair, whether the two texts are related."""
        texts = len(self.bounds) - 1
        owner = np.repeat(np.arange(texts, dtype=np.int64), np.diff(self.bounds))
        keys = owner * texts + self.kin
        wanted = a.astype(np.int64) * texts + b
        place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        return keys[place] == wanted if len(keys) else np.zeros(len(a), np.bool_)


def find_kinship(
    postings: Postings, sources: "NDArray[np.int32]", *, compile_kernels: bool
) -> Kinship:
    """Return which texts share 150 tokens or two fifths of the shorter text.

    Wordings that stand in ten texts of one source do not count between texts of that source,
    else one long photo gallery would make hundreds of articles related. There is no transitive
    closure: composites would join everything.
    """
    group = np.repeat(np.arange(len(postings.carriers)), postings.carriers)
    source = sources[postings.texts].astype(np.int64)
    known = source >= 0
    keys = group[known] * (int(source.max(initial=0)) + 1) + source[known]
    _, inverse, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    template = np.zeros(len(postings.texts), np.bool_)
    template[known] = sizes[inverse] >= _TEMPLATE
    pairs = count_shared(
        postings,
        least=round(RELATED_TOKENS * _DENSITY),
        share=RELATED_SHARE,
        ignored=template,
        sources=sources,
        compile_kernels=compile_kernels,
    )
    return kinship_of(pairs, len(postings.selected))


def kinship_of(pairs: SharedPairs, texts: int) -> Kinship:
    """Return the kinship that the pairs state."""
    owner = np.concatenate([pairs.a, pairs.b])
    kin = np.concatenate([pairs.b, pairs.a])
    order = np.lexsort((kin, owner))
    counts = np.bincount(owner, minlength=texts)
    leader = np.arange(texts, dtype=np.int32)
    np.minimum.at(leader, owner, kin)
    return Kinship(np.concatenate([[0], np.cumsum(counts)]), kin[order], leader)


def count_unrelated(
    bounds: "NDArray[np.int64]",
    texts: "NDArray[np.int32]",
    kinship: Kinship,
    most: int,
    big: "NDArray[np.bool_] | None" = None,
    *,
    compile_kernels: bool,
) -> "NDArray[np.int32]":
    """Count, a group each, mutually unrelated texts, up to `most`.

    The texts of group `g` are `texts[bounds[g]:bounds[g + 1]]`; they are taken in order, and one
    that is related to none taken before is counted. In `big` groups, by default those with more
    texts than all were compared, texts with one leader are related.
    """
    if big is None:
        big = np.diff(bounds) > CARRIERS
    counts = np.zeros(len(bounds) - 1, np.int32)
    if compile_kernels:
        from provenance.match.kernels import unrelated_kernel

        unrelated_kernel(
            bounds,
            texts,
            kinship.bounds,
            kinship.kin,
            kinship.leader,
            big,
            most,
            counts,
        )
        return counts
    kin = [set(kinship.kin[low:high].tolist()) for low, high in pairwise(kinship.bounds.tolist())]
    leader = kinship.leader.tolist()
    for group, (low, high) in enumerate(pairwise(bounds.tolist())):
        taken: list[int] = []
        leaders: set[int] = set()
        for text in texts[low:high].tolist():
            if len(taken) == most:
                break
            if kin[text].isdisjoint(taken) and not (big[group] and leader[text] in leaders):
                taken.append(text)
                leaders.add(leader[text])
        counts[group] = len(taken)
    return counts


def count_unrelated_of_source(
    bounds: "NDArray[np.int64]",
    texts: "NDArray[np.int32]",
    sources: "NDArray[np.int32]",
    kinship: Kinship,
    most: int,
    *,
    compile_kernels: bool,
) -> "NDArray[np.int32]":
    """Count, a group each, mutually unrelated texts of the source that has most, up to `most`."""
    group = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    source = sources[texts]
    known = source >= 0
    group, source, texts = group[known], source[known], texts[known]
    order = np.lexsort((texts, source, group))
    group, source, texts = group[order], source[order], texts[order]
    fresh = np.ones(len(group), np.bool_)
    fresh[1:] = (group[1:] != group[:-1]) | (source[1:] != source[:-1])
    parts = np.append(np.flatnonzero(fresh), len(group))
    big = (np.diff(bounds) > CARRIERS)[group[fresh]]
    counts = count_unrelated(parts, texts, kinship, most, big, compile_kernels=compile_kernels)
    highest = np.zeros(len(bounds) - 1, np.int32)
    np.maximum.at(highest, group[fresh], counts)
    return highest
