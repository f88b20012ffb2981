"""What the dates of two texts say: who was first, by how much, and who was published between."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from provenance.lineage.dates import DAY, Order, is_moment, is_placeholder, middle, order
from provenance.model import Precision, Timestamp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = dict[str, NDArray[np.float64]]

_SLOW = 60  # days to the nearest earlier relative


def order_of_arcs(
    published: Sequence[Timestamp | None],
    sources: "NDArray[np.int32]",
    a: "NDArray[np.int32]",
    b: "NDArray[np.int32]",
) -> "NDArray[np.int64]":
    """Return the `Order` of parent and child: of all relations from `a`, then from `b`.

    Texts of one source, or of none that is known, were stamped by one clock.
    """
    same = sources[a] == sources[b]
    stated = [None if d is None or is_placeholder(d) else d for d in published]
    first = np.array([d.earliest if d else np.nan for d in stated])
    last = np.array([d.latest if d else np.nan for d in stated])
    plain = np.array([d is None or is_moment(d) for d in stated], np.bool_)
    forth = (last[a] < first[b]).astype(np.int64) - (last[b] < first[a])
    forth[np.isnan(first[a]) | np.isnan(first[b])] = Order.UNKNOWN
    for row in np.flatnonzero(~(plain[a] & plain[b])).tolist():  # days compare as days
        forth[row] = order(stated[a[row]], stated[b[row]], one_clock=bool(same[row]))
    return np.concatenate([forth, np.where(forth == Order.UNKNOWN, forth, -forth)])


def publication_columns(
    published: Sequence[Timestamp | None],
    parent: "NDArray[np.int32]",
    child: "NDArray[np.int32]",
    orders: "NDArray[np.int64]",
    one_clock: "NDArray[np.bool_]",
) -> "Columns":
    """Return the order of the dates, their distance, and how many others lie between.

    `published` are the dates to go by, one a text. Of texts from different places only dates
    more than a day apart are sure to be in order: `days_...` are those. `one_clock` tells of each
    arc whether one outlet stamped both; what it published `at_once`, to the minute or second, can
    hardly be taken from each other.
    """
    texts = len(published)
    when = np.array([np.nan if (m := middle(date)) is None else m for date in published])
    days = np.abs(when[child] - when[parent]) / DAY
    gap = np.where(np.isnan(days), 0.0, np.log1p(np.nan_to_num(days)))
    earlier, later = orders == Order.EARLIER, orders == Order.LATER
    far = np.nan_to_num(days) >= 1
    between = _dated_between(when, parent, child, earlier)
    before = np.bincount(child[earlier], minlength=texts)
    known = np.bincount(child[orders != Order.UNKNOWN], minlength=texts)
    first = (before == 0) & (known > 0)
    return {
        "dates_known": (orders != Order.UNKNOWN).astype(np.float64),
        "published_earlier": earlier.astype(np.float64),
        "published_later": later.astype(np.float64),
        "at_once": (_same_moment(published, parent, child) & one_clock).astype(np.float64),
        "later_by_one_clock": (later & one_clock).astype(np.float64),
        "days_earlier": (earlier & far).astype(np.float64),
        "days_later": (later & far).astype(np.float64),
        "date_gap": gap * earlier,
        "date_gap_later": gap * later,
        "dated_between": np.log1p(between),
        "latest_earlier": (earlier & (between == 0)).astype(np.float64),
        "child_dated_first": first[child].astype(np.float64),
        "parent_dated_first": first[parent].astype(np.float64),
    }


def _same_moment(
    published: Sequence[Timestamp | None],
    parent: "NDArray[np.int32]",
    child: "NDArray[np.int32]",
) -> "NDArray[np.bool_]":
    """Tell of each arc whether both dates are one minute or one second."""
    moments = [
        d.text if d is not None and d.precision in (Precision.MINUTE, Precision.SECOND) else ""
        for d in published
    ]
    _, number = np.unique(np.array(moments, np.str_), return_inverse=True)
    stated = np.array([bool(moment) for moment in moments], np.bool_)
    same: NDArray[np.bool_] = (number[parent] == number[child]) & stated[parent]
    return same


def slow_columns(
    published: Sequence[Timestamp | None],
    parent: "NDArray[np.int32]",
    child: "NDArray[np.int32]",
    orders: "NDArray[np.int64]",
    known: "Columns",
) -> "Columns":
    """Repeat what tells rivals in time apart, for texts no relative of which is near in time.

    News spreads within days, and many pages hold the same at once; where months lie between, as
    with editions and codes of law, the closest one before is the source.
    """
    when = np.array([np.nan if (m := middle(date)) is None else m for date in published])
    days = np.nan_to_num(np.abs(when[child] - when[parent]) / DAY)
    earlier = orders == Order.EARLIER
    nearest = np.full(len(published), np.inf)
    np.minimum.at(nearest, child[earlier], days[earlier])
    slow = (np.isfinite(nearest) & (nearest > _SLOW))[child]
    names = ("rival_in_time", "closest_in_time", "between_in_time", "latest_earlier")
    return {f"slow_{name}": known[name] * slow for name in names}


def _dated_between(
    when: "NDArray[np.float64]",
    parent: "NDArray[np.int32]",
    child: "NDArray[np.int32]",
    earlier: "NDArray[np.bool_]",
) -> "NDArray[np.int64]":
    """Count, for each arc from an earlier text, the other earlier texts that are dated later."""
    rows = np.flatnonzero(earlier)
    ranked = rows[np.lexsort((when[parent[rows]], child[rows]))]
    of_child, date = child[ranked], when[parent[ranked]]
    change = np.ones(len(ranked), np.bool_)
    change[1:] = (of_child[1:] != of_child[:-1]) | (date[1:] != date[:-1])
    run_end = np.append(np.flatnonzero(change)[1:], len(ranked))[np.cumsum(change) - 1]
    last_of_child = np.searchsorted(of_child, of_child, "right")
    found = np.zeros(len(parent), np.int64)
    found[ranked] = last_of_child - run_end
    return found
