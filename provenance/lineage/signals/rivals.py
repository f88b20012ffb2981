"""What else could be the source: whether others are closer, explain more, or stand between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from provenance.lineage.dates import Order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = dict[str, NDArray[np.float64]]


def rival_columns(
    parent: "NDArray[np.int32]",
    child: "NDArray[np.int32]",
    orders: "NDArray[np.int64]",
    known: "Columns",
    texts: int,
) -> "Columns":
    """Return how each arc compares with the others at its ends.

    `orders` says of each arc what the dates say of its ends; `known` holds the columns of
    likeness and edits. A rival in time is one that is not dated after the child.
    """
    likeness = known["common_shingles"]
    changed, edits, own = known["changed_words"], known["edits"], known["explained"]
    half = len(parent) // 2
    best, most = np.zeros(texts), np.zeros(texts)
    cheapest, fewest = np.full(texts, np.inf), np.full(texts, np.inf)
    np.maximum.at(best, child, likeness)
    np.maximum.at(most, child, own)
    np.minimum.at(cheapest, child, changed)
    np.minimum.at(fewest, child, edits)
    in_time = (orders == Order.EARLIER) | (orders == Order.TIE)
    possible = orders != Order.LATER
    best_in_time, most_in_time = np.zeros(texts), np.zeros(texts)
    np.maximum.at(best_in_time, child[possible], likeness[possible])
    np.maximum.at(most_in_time, child[possible], own[possible])
    degree = np.log(np.maximum(np.bincount(child, minlength=texts), 1))
    sum_of = np.bincount(child, likeness, minlength=texts)
    central = sum_of / np.maximum(np.bincount(child, minlength=texts), 1)
    stories = _stories(parent[:half], child[:half], texts)
    between = find_triangles(parent[:half], child[:half], texts)
    closer = (likeness[between.first] > likeness[between.arc]) & (
        likeness[between.second] > likeness[between.arc]
    )
    timely = closer & (orders[between.first] != Order.LATER)
    timely &= (orders[between.second] != Order.LATER) & in_time[between.arc]
    counts = np.bincount(between.arc[closer], minlength=2 * half)
    timely_counts = np.bincount(between.arc[timely], minlength=2 * half)
    return {
        "rival_likeness": best[child] - likeness,
        "rival_of_parent": best[parent] - likeness,
        "extra_changes": changed - cheapest[child],
        "extra_edits": edits - fewest[child],
        "rival_explains": most[child] - own,
        "best_explained": most[child],
        "relations_of_child": degree[child],
        "relations_of_parent": degree[parent],
        "closest_to_child": (likeness >= best[child]).astype(np.float64),
        "closest_to_parent": (likeness >= best[parent]).astype(np.float64),
        "more_central": central[parent] - central[child],
        "stories_of_child": stories[child],
        "stories_of_parent": stories[parent],
        "texts_between": np.log1p(counts),
        "rival_in_time": (best_in_time[child] - likeness) * in_time,
        "rival_in_time_explains": (most_in_time[child] - own) * in_time,
        "closest_in_time": ((likeness >= best_in_time[child]) & in_time).astype(np.float64),
        "between_in_time": np.log1p(timely_counts),
    }


@dataclass(frozen=True, slots=True)
class Triangles:
    """Texts related to both ends of an arc: the rows of arc p->c, of p->k, and of k->c."""

    arc: "NDArray[np.int64]"
    first: "NDArray[np.int64]"
    second: "NDArray[np.int64]"


def find_triangles(a: "NDArray[np.int32]", b: "NDArray[np.int32]", texts: int) -> Triangles:
    """Return the triangles of all arcs: relation `i` is arc `i` from `a`, and `i + n` from `b`."""
    half = len(a)
    parent, child = np.concatenate([a, b]).astype(np.int64), np.concatenate([b, a]).astype(np.int64)
    keys = parent * texts + child
    by_key = np.argsort(keys, kind="stable")
    sorted_keys = keys[by_key]
    bounds = np.searchsorted(parent[by_key], np.arange(texts + 1))
    degree = np.diff(bounds)
    # walk from the end that has fewer relatives, so that a hub costs nothing
    near = np.where(degree[a] <= degree[b], a, b).astype(np.int64)
    far = np.where(degree[a] <= degree[b], b, a).astype(np.int64)
    sizes = degree[near]
    relation = np.repeat(np.arange(half), sizes)
    step = np.arange(len(relation)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    hop = by_key[bounds[near[relation]] + step]  # the arc near -> k
    wanted = child[hop] * texts + far[relation]
    place = np.minimum(np.searchsorted(sorted_keys, wanted), max(len(keys) - 1, 0))
    found = sorted_keys[place] == wanted if len(keys) else np.zeros(0, np.bool_)
    relation, hop, last = relation[found], hop[found], by_key[place[found]]

    def reverse(arcs: "NDArray[np.int64]") -> "NDArray[np.int64]":
        return np.where(arcs < half, arcs + half, arcs - half)

    onward = np.where(near[relation] == a[relation], relation, relation + half)
    return Triangles(
        np.concatenate([onward, reverse(onward)]),
        np.concatenate([hop, reverse(last)]),
        np.concatenate([last, reverse(hop)]),
    )


def _stories(a: "NDArray[np.int32]", b: "NDArray[np.int32]", texts: int) -> "NDArray[np.float64]":
    """Return ln of the number of groups that each text's relatives fall into."""
    near: list[set[int]] = [set() for _ in range(texts)]
    for first, second in zip(a.tolist(), b.tolist(), strict=True):
        near[first].add(second)
        near[second].add(first)
    return np.log([_separate(text, near) if len(near[text]) > 1 else 1 for text in range(texts)])


def _separate(text: int, near: Sequence[set[int]]) -> int:
    """Count the groups of a text's relatives that are related within a group only.

    A text that takes from two stories stands between two groups.
    """
    left = set(near[text])
    groups = 0
    while left:
        groups += 1
        todo = [left.pop()]
        while todo:
            joined = left & near[todo.pop()]
            left -= joined
            todo.extend(joined)
    return groups
