"""The features of an arc, under the signals that explain them, and how they are gathered."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.lineage.attribution import Credits
from provenance.lineage.relations import Relations
from provenance.lineage.signals.likeness import edit_columns, likeness_columns
from provenance.lineage.signals.naming import Notes, credit_columns, note_columns
from provenance.lineage.signals.publication import order_of_arcs, publication_columns, slow_columns
from provenance.lineage.signals.rivals import rival_columns
from provenance.lineage.signals.witnesses import witness_columns
from provenance.match.collapse import Corpus
from provenance.match.search import Reuse
from provenance.model import Timestamp

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
        ),
        "closest": (
            "rival_likeness",
            "rival_of_parent",
            "texts_between",
            "closest_to_child",
            "closest_to_parent",
            "unexplained_elsewhere",
            "extra_changes",
            "extra_edits",
            "rival_explains",
            "best_explained",
            "rival_in_time",
            "rival_in_time_explains",
            "closest_in_time",
            "between_in_time",
            "slow_rival_in_time",
            "slow_closest_in_time",
            "slow_between_in_time",
            "relations_of_child",
            "relations_of_parent",
            "stories_of_child",
            "stories_of_parent",
        ),
        "third_witness": ("third_witness", "more_central", "head_lacking_more"),
        "contained_in": ("contained", "longer"),
        "edit_kind": (
            "inserted_more",
            "inserted_words_more",
            "inserted_long_more",
            "added_at_top",
            "cut_at_end",
            "replacements_grow",
            "odd_words_more",
        ),
        "dates_in_text": (
            "later_year_in_text",
            "later_date_in_text",
            "later_wording_of_dates",
        ),
        "correction_notice": ("more_corrections",),
        "new_lead": ("lead_above_dateline",),
        "published_first": (
            "dates_known",
            "published_earlier",
            "published_later",
            "at_once",
            "later_by_one_clock",
            "days_earlier",
            "days_later",
            "date_gap",
            "date_gap_later",
            "dated_between",
            "latest_earlier",
            "slow_latest_earlier",
            "child_dated_first",
            "parent_dated_first",
        ),
        "credit": ("credited", "crediting", "same_credit"),
        "same_source": ("same_source", "same_rare_source"),
        "title": ("titles_known", "titles_alike"),
        "agency_page": (
            "parent_is_agency",
            "child_is_agency",
            "child_credits_others",
            "parent_often_credited",
            "child_often_credited",
        ),
    }
)
"""The features of an arc, under the signal that explains them to a reader."""

FEATURES: Final = tuple(name for names in SIGNALS.values() for name in names)


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
    a, b = relations.a, relations.b
    parent, child = np.concatenate([a, b]), np.concatenate([b, a])
    orders = order_of_arcs(published, corpus.sources, a, b)
    column = edit_columns(corpus, reuse, relations) | likeness_columns(corpus, reuse, relations)
    column |= rival_columns(parent, child, orders, column, len(corpus.members))
    column |= witness_columns(corpus, reuse, relations)
    column |= note_columns(notes, parent, child)
    one_clock = corpus.sources[parent] == corpus.sources[child]
    column |= publication_columns(published, parent, child, orders, one_clock)
    column |= credit_columns(corpus, credit, notes, parent, child)
    column |= slow_columns(published, parent, child, orders, column)
    features = np.empty((len(parent), len(FEATURES)))
    for place, name in enumerate(FEATURES):
        features[:, place] = column.pop(name)
    return features
