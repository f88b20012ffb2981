"""Which texts share so much that what they have in common says nothing about other texts."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from provenance.match.ordering import stable_order
from provenance.match.postings import CARRIERS, WINDOW, Postings, SharedPairs, count_shared

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DENSITY = 2 / (WINDOW + 1)  # winnowed shingles a token (Schleimer et al. 2003)
RELATED_TOKENS = 150
RELATED_SHARE = 0.4
_POSTINGS_AT_A_TIME = 1 << 20
_TEMPLATE = 10  # texts of one source that make a wording the source's own


@dataclass(frozen=True, slots=True)
class Kinship:
    """The related texts of each text, rising: `kin[bounds[i]:bounds[i + 1]]`.

    Texts with one `leader` are related, too: in a story with more texts than all were compared,
    each has the leader of its first kin. Other texts are their own leaders.
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
    template = _templates(postings, sources)
    least = round(RELATED_TOKENS * _DENSITY)
    pairs = count_shared(
        postings,
        least=least,
        share=RELATED_SHARE,
        ignored=template,
        sources=sources,
        compile_kernels=compile_kernels,
    )
    # texts that are related by wordings of which not all carriers were compared, if at all
    sampled = np.repeat(postings.carriers > CARRIERS, postings.carriers) & ~template
    shared = np.bincount(postings.texts[sampled], minlength=len(postings.selected))
    of_big_story = (shared >= least) | (shared >= RELATED_SHARE * postings.selected)
    return kinship_of(pairs, len(postings.selected), of_big_story & (shared > 0))


def _templates(postings: Postings, sources: "NDArray[np.int32]") -> "NDArray[np.bool_]":
    """Flag the postings of shingles that `_TEMPLATE` texts of the same source carry."""
    template = np.zeros(len(postings.texts), np.bool_)
    carriers = postings.carriers
    block = postings.bounds[:-1] // _POSTINGS_AT_A_TIME
    firsts = np.append(np.flatnonzero(np.diff(block, prepend=-1)), len(block)).tolist()
    for first, last in pairwise(firsts):
        low, high = postings.bounds[[first, last]].tolist()
        several = np.repeat(carriers[first:last] >= _TEMPLATE, carriers[first:last])
        source = sources[postings.texts[low:high]]
        rows = np.flatnonzero(several & (source >= 0))
        group = np.repeat(np.arange(last - first), carriers[first:last])[rows]
        keys = group * (int(source.max(initial=0)) + 1) + source[rows]
        order = stable_order(keys.astype(np.uint64))
        starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
        sizes = np.diff(np.append(starts, len(keys)))
        template[low + rows[order]] = np.repeat(sizes >= _TEMPLATE, sizes)
    return template


def kinship_of(
    pairs: SharedPairs, texts: int, of_big_story: "NDArray[np.bool_] | None" = None
) -> Kinship:
    """Return the kinship that the pairs state.

    Flagged texts have the leader of their first flagged kin, and so have the other texts beside
    them; nobody is led through a text that is not flagged.
    """
    owner = np.concatenate([pairs.a, pairs.b])
    kin = np.concatenate([pairs.b, pairs.a])
    order = np.lexsort((kin, owner))
    counts = np.bincount(owner, minlength=texts)
    leader = np.arange(texts, dtype=np.int32)
    if of_big_story is not None:
        both = of_big_story[owner] & of_big_story[kin]
        np.minimum.at(leader, owner[both], kin[both])
        while (leader[leader] != leader).any():
            leader = leader[leader]
        beside = ~of_big_story[owner] & of_big_story[kin]
        np.minimum.at(leader, owner[beside], leader[kin[beside]])
    return Kinship(np.concatenate([[0], np.cumsum(counts)]), kin[order], leader)


def count_unrelated(
    bounds: "NDArray[np.int64]",
    texts: "NDArray[np.int32]",
    kinship: Kinship,
    most: int,
    *,
    compile_kernels: bool,
) -> "NDArray[np.int32]":
    """Count, a group each, mutually unrelated texts, up to `most`.

    The texts of group `g` are `texts[bounds[g]:bounds[g + 1]]`; they are taken in order, and one
    that is related to none taken before is counted.
    """
    counts = np.zeros(len(bounds) - 1, np.int32)
    if compile_kernels:
        from provenance.match.kernels import unrelated_kernel

        unrelated_kernel(
            bounds,
            texts,
            kinship.bounds,
            kinship.kin,
            kinship.leader,
            most,
            np.empty(most, np.int32),
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
            if kin[text].isdisjoint(taken) and leader[text] not in leaders:
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
    # texts rise within a group already
    order = stable_order((group * (int(source.max(initial=0)) + 1) + source).astype(np.uint64))
    group, source, texts = group[order], source[order], texts[order]
    fresh = np.ones(len(group), np.bool_)
    fresh[1:] = (group[1:] != group[:-1]) | (source[1:] != source[:-1])
    parts = np.append(np.flatnonzero(fresh), len(group))
    counts = count_unrelated(parts, texts, kinship, most, compile_kernels=compile_kernels)
    highest = np.zeros(len(bounds) - 1, np.int32)
    np.maximum.at(highest, group[fresh], counts)
    return highest
