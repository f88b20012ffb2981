"""What speaks for and against one text being the source of another, as numbers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.config import Config
from provenance.lineage.attribution import Credits
from provenance.lineage.dates import DAY, Order, middle, order
from provenance.lineage.edits import find_edits
from provenance.lineage.relations import Relations
from provenance.match.collapse import Corpus
from provenance.match.pairs import compare_texts
from provenance.match.postings import weigh_shared
from provenance.match.search import Reuse
from provenance.model import Cue, Document, Timestamp

if TYPE_CHECKING:
    from numpy.typing import NDArray

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", re.ASCII)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATE = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<m1>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? "
    r"(?P<d1>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<y1>(?:19|20)[0-9]{2})"
    r"|(?P<d2>[0-9]{1,2})(?:st|nd|rd|th)? (?P<m2>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"[a-z]{0,6}\.?,? (?P<y2>(?:19|20)[0-9]{2})"
    r"|(?P<y3>(?:19|20)[0-9]{2})-(?P<m3>[01][0-9])-(?P<d3>[0-3][0-9]))(?![0-9])",
    re.ASCII | re.IGNORECASE,
)

SIGNALS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "shared_text": (
            "joined",
            "edits",
            "changed_words",
            "changed_share",
            "likeness",
            "likeness_squared",
            "common_shingles",
            "rare_shingles",
            "rare_contained",
            "rare_evidence",
            "explained",
            "largest_share",
            "shared_words",
            "agreement",
            "rival_likeness",
            "rival_of_parent",
            "texts_between",
            "closest_to_child",
            "closest_to_parent",
            "unexplained_elsewhere",
            "extra_changes",
            "relations_of_child",
            "relations_of_parent",
            "stories_of_child",
            "stories_of_parent",
        ),
        "third_witness": ("third_witness", "more_central"),
        "contained_in": ("contained", "longer"),
        "edit_kind": (
            "inserted_more",
            "inserted_words_more",
            "inserted_long_more",
            "added_at_top",
            "cut_at_end",
            "replacements_grow",
        ),
        "dates_in_text": ("later_year_in_text", "later_date_in_text"),
        "correction_notice": ("more_corrections",),
        "published_first": (
            "dates_known",
            "published_earlier",
            "published_later",
            "date_gap",
            "dated_between",
            "latest_earlier",
        ),
        "credit": ("credited", "crediting", "same_credit"),
        "same_source": ("same_source",),
        "agency_page": ("parent_is_agency", "child_is_agency", "child_credits_others"),
    }
)
"""The features of an arc, under the signal that explains them to a reader."""

FEATURES: Final = tuple(name for names in SIGNALS.values() for name in names)


@dataclass(frozen=True, slots=True)
class Notes:
    """What is read once from each text: dates, corrections, whether an agency names itself."""

    year: int
    date: int
    corrections: int
    agency: bool


def take_notes(document: Document, cues: Sequence[Cue]) -> Notes:
    """Return the latest year and the latest full date (days, from year 0) that a text names."""
    years = [int(year) for year in _YEAR.findall(document.text)]
    dates = [0]
    for found in _DATE.finditer(document.text):
        group = found.groupdict()
        year = group["y1"] or group["y2"] or group["y3"]
        month = group["m1"] or group["m2"]
        number = _MONTHS.index(month[:3].lower()) if month else int(group["m3"]) - 1
        day = int(group["d1"] or group["d2"] or group["d3"])
        dates.append((int(year) * 12 + number) * 31 + day)
    corrections = sum(cue.signal == "correction_notice" for cue in cues)
    agency = any(cue.signal == "self_naming" for cue in cues)
    return Notes(max(years, default=0), max(dates), corrections, agency)


def make_features(
    corpus: Corpus,
    reuse: Reuse,
    relations: Relations,
    credit: Sequence[Credits],
    notes: Sequence[Notes],
    published: Sequence[Timestamp | None],
) -> "NDArray[np.float64]":
    """Return one row an arc: `relations` from `a` to `b`, then from `b` to `a`.

    Columns are `FEATURES`; those that tell direction change sign with the arc. `published` are
    the dates to go by, one a text.
    """
    count = len(relations)
    a, b = relations.a, relations.b
    parent, child = np.concatenate([a, b]), np.concatenate([b, a])
    column: dict[str, NDArray[np.float64]] = {"joined": np.ones(2 * count)}
    _edit_features(corpus, reuse, relations, column)
    covered = np.tile(relations.jaccard * relations.similarity, 2)
    column["likeness"] = covered
    column["likeness_squared"] = covered**2
    likeness = _shingle_features(corpus, reuse, relations, column)
    own = np.concatenate([relations.b_share, relations.a_share])
    other = np.concatenate([relations.a_share, relations.b_share])
    column["explained"] = own
    column["contained"] = own - other
    column["largest_share"] = np.maximum(own, other)
    column["shared_words"] = np.tile(np.log1p(relations.equal), 2)
    column["agreement"] = np.tile(relations.similarity, 2)
    column["longer"] = np.log(relations.lengths[child] / relations.lengths[parent])
    year = np.array([n.year for n in notes])
    date = np.array([n.date for n in notes])
    column["later_year_in_text"] = np.sign(year[child] - year[parent]) * (
        (year[child] > 0) & (year[parent] > 0)
    )
    column["later_date_in_text"] = np.sign(date[child] - date[parent]) * (
        (date[child] > 0) & (date[parent] > 0)
    )
    corrections = np.array([n.corrections for n in notes])
    column["more_corrections"] = np.sign(corrections[child] - corrections[parent])
    _rival_features(corpus, parent, child, likeness, column)
    _witness_features(corpus, reuse, relations, column)
    _date_features(published, parent, child, column)
    _credit_features(corpus, parent, child, credit, notes, column)
    return np.stack([column[name] for name in FEATURES], axis=1).astype(np.float64)


def _signed_log(values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    return np.sign(values) * np.log1p(np.abs(values))


def _both_ways(values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    return np.concatenate([values, -values])


def _edit_features(
    corpus: Corpus, reuse: Reuse, relations: Relations, column: "dict[str, NDArray[np.float64]]"
) -> None:
    edits = find_edits(corpus, reuse.common.boilerplate, relations.a, relations.b)
    total = edits.inserted + edits.deleted + edits.replaced
    words = (relations.lengths[relations.a] + relations.lengths[relations.b]).astype(np.float64)
    column["edits"] = np.tile(np.log1p(total), 2)
    column["changed_words"] = np.tile(np.log1p(edits.changed), 2)
    column["changed_share"] = np.tile(edits.changed / words, 2)
    column["inserted_more"] = _both_ways(_signed_log(edits.inserted - edits.deleted))
    column["inserted_words_more"] = _both_ways(_signed_log(edits.inserted_log - edits.deleted_log))
    column["inserted_long_more"] = _both_ways(_signed_log(edits.inserted_long - edits.deleted_long))
    column["added_at_top"] = _both_ways(edits.top)
    column["cut_at_end"] = _both_ways(-edits.bottom)
    column["replacements_grow"] = _both_ways(_signed_log(edits.growth))


def _shingle_features(
    corpus: Corpus, reuse: Reuse, relations: Relations, column: "dict[str, NDArray[np.float64]]"
) -> "NDArray[np.float64]":
    """Compare the shingles of each pair: all alike, and each as a vote split among its carriers."""
    used = np.unique(np.concatenate([relations.a, relations.b]))
    part = corpus.table.select(used.astype(np.int64))
    a, b = np.searchsorted(used, relations.a), np.searchsorted(used, relations.b)
    exact = compare_texts(
        part,
        Config(),
        a.astype(np.int32),
        b.astype(np.int32),
        compile_kernels=corpus.compile_kernels,
    )
    postings = reuse.postings
    vote = (1.0 / (postings.carriers - 1)).astype(np.float64)
    shared = weigh_shared(
        postings, vote, relations.a, relations.b, compile_kernels=corpus.compile_kernels
    )
    posted = np.diff(postings.text_bounds)
    owner = np.repeat(np.arange(len(posted)), posted)
    total = np.bincount(owner, vote[postings.shingles], minlength=len(posted))
    total += np.maximum(postings.selected - posted, 0)
    a_total, b_total = total[relations.a], total[relations.b]
    rare = shared / np.maximum(a_total + b_total - shared, 1e-9)
    column["common_shingles"] = np.tile(exact.jaccard, 2)
    column["rare_shingles"] = np.tile(rare, 2)
    column["rare_contained"] = np.tile(shared / np.maximum(np.minimum(a_total, b_total), 1e-9), 2)
    column["rare_evidence"] = np.tile(np.log1p(shared), 2)
    return np.tile(exact.jaccard, 2)


def _rival_features(
    corpus: Corpus,
    parent: "NDArray[np.int32]",
    child: "NDArray[np.int32]",
    likeness: "NDArray[np.float64]",
    column: "dict[str, NDArray[np.float64]]",
) -> None:
    """Compare each arc with the others at its ends."""
    texts = len(corpus.members)
    changed = column["changed_words"]
    best, cheapest = np.zeros(texts), np.full(texts, np.inf)
    np.maximum.at(best, child, likeness)
    np.minimum.at(cheapest, child, changed)
    column["rival_likeness"] = best[child] - likeness
    column["rival_of_parent"] = best[parent] - likeness
    column["extra_changes"] = changed - cheapest[child]
    relations = np.log(np.maximum(np.bincount(child, minlength=texts), 1))
    column["relations_of_child"] = relations[child]
    column["relations_of_parent"] = relations[parent]
    column["closest_to_child"] = (likeness >= best[child]).astype(np.float64)
    column["closest_to_parent"] = (likeness >= best[parent]).astype(np.float64)
    near: list[dict[int, float]] = [{} for _ in range(texts)]
    half = len(parent) // 2
    for p, c, value in zip(
        parent[:half].tolist(), child[:half].tolist(), likeness[:half].tolist(), strict=True
    ):
        near[p][c] = value
        near[c][p] = value
    total = np.zeros(texts)
    for text, others in enumerate(near):
        if others:
            total[text] = sum(sorted(others.values(), reverse=True)) / len(others)
    column["more_central"] = total[parent] - total[child]
    stories = np.log([max(_separate(text, near), 1) for text in range(texts)])
    column["stories_of_child"] = stories[child]
    column["stories_of_parent"] = stories[parent]
    between = np.zeros(half)
    for row in range(half):
        p, c, value = int(parent[row]), int(child[row]), likeness[row]
        few, many = (p, c) if len(near[p]) <= len(near[c]) else (c, p)
        between[row] = sum(
            first > value and near[many].get(k, 0.0) > value for k, first in near[few].items()
        )
    column["texts_between"] = np.tile(np.log1p(between), 2)


def _separate(text: int, near: Sequence[Mapping[int, float]]) -> int:
    """Count the groups of a text's relatives that are related within a group only.

    A text that takes from two stories stands between two groups.
    """
    left = set(near[text])
    groups = 0
    while left:
        groups += 1
        todo = [left.pop()]
        while todo:
            joined = left & near[todo.pop()].keys()
            left -= joined
            todo.extend(joined)
    return groups


def _witness_features(
    corpus: Corpus, reuse: Reuse, relations: Relations, column: "dict[str, NDArray[np.float64]]"
) -> None:
    """Look, in what only one of two texts has, for words that a third one shares."""
    table, rows = corpus.table, reuse.alignments
    wanted = relations.a.astype(np.int64) * len(table) + relations.b
    keys = rows.a.astype(np.int64) * len(table) + rows.b
    place = np.minimum(np.searchsorted(wanted, keys), max(len(wanted) - 1, 0))
    kept = (reuse.classes == 0) & (wanted[place] == keys) if len(wanted) else keys < 0
    place = place[kept]
    steps = np.zeros(len(table.ids) + 1, np.int64)
    sides = []
    for text, start, end in (
        (rows.a[kept], rows.a_start[kept], rows.a_end[kept]),
        (rows.b[kept], rows.b_start[kept], rows.b_end[kept]),
    ):
        low, high = table.bounds[text] + start, table.bounds[text] + end
        np.add.at(steps, low, 1)
        np.add.at(steps, high, -1)
        sides.append((low, high))
    seen = np.concatenate([[0], np.cumsum(np.cumsum(steps[:-1]) > 0)])
    only = []
    for (low, high), text in zip(sides, (relations.a, relations.b), strict=True):
        shared = np.bincount(place, seen[high] - seen[low], minlength=len(relations))
        everywhere = seen[table.bounds[text + 1]] - seen[table.bounds[text]]
        only.append(np.maximum(everywhere - shared, 0.0))
    a_only, b_only = only
    a_rest = np.maximum(relations.lengths[relations.a] * (1 - relations.a_share), 1.0)
    b_rest = np.maximum(relations.lengths[relations.b] * (1 - relations.b_share), 1.0)
    a_seen, b_seen = np.minimum(a_only / a_rest, 1.0), np.minimum(b_only / b_rest, 1.0)
    column["third_witness"] = _both_ways(a_seen - b_seen)
    column["unexplained_elsewhere"] = np.log1p(np.concatenate([b_only, a_only]))


def _date_features(
    published: Sequence[Timestamp | None],
    parent: "NDArray[np.int32]",
    child: "NDArray[np.int32]",
    column: "dict[str, NDArray[np.float64]]",
) -> None:
    when = [middle(date) for date in published]
    entering: dict[int, list[int]] = {}
    orders = np.zeros(len(parent), np.int64)
    gap = np.zeros(len(parent))
    for arc, (p, c) in enumerate(zip(parent.tolist(), child.tolist(), strict=True)):
        orders[arc] = order(published[p], published[c])
        first, second = when[p], when[c]
        if first is not None and second is not None:
            gap[arc] = np.log1p(abs(second - first) / DAY)
        if orders[arc] == Order.EARLIER:
            entering.setdefault(c, []).append(arc)
    between, latest = np.zeros(len(parent)), np.zeros(len(parent))
    for arcs in entering.values():
        times = np.array([when[int(parent[arc])] for arc in arcs], np.float64)
        later = (times[None, :] > times[:, None]).sum(axis=1)
        between[arcs] = np.log1p(later)
        latest[arcs] = later == 0
    column["dates_known"] = (orders != Order.UNKNOWN).astype(np.float64)
    column["published_earlier"] = (orders == Order.EARLIER).astype(np.float64)
    column["published_later"] = (orders == Order.LATER).astype(np.float64)
    column["date_gap"] = gap * (orders == Order.EARLIER)
    column["dated_between"] = between
    column["latest_earlier"] = latest


def _credit_features(
    corpus: Corpus,
    parent: "NDArray[np.int32]",
    child: "NDArray[np.int32]",
    credit: Sequence[Credits],
    notes: Sequence[Notes],
    column: "dict[str, NDArray[np.float64]]",
) -> None:
    source = [corpus.documents[group[0]].source for group in corpus.members]
    rows = np.zeros((len(parent), 7))
    for arc, (p, c) in enumerate(zip(parent.tolist(), child.tolist(), strict=True)):
        to_parent = not credit[c].given.keys().isdisjoint(credit[p].own)
        rows[arc] = (
            to_parent,
            not credit[p].given.keys().isdisjoint(credit[c].own),
            not credit[p].given.keys().isdisjoint(credit[c].given),
            source[p] is not None and source[p] == source[c],
            notes[p].agency,
            notes[c].agency,
            bool(credit[c].given) and not to_parent,
        )
    for name, values in zip(FEATURES[-7:], rows.T, strict=True):
        column[name] = values
