"""Publication dates as evidence: what they say of two documents, and what they cannot say."""

from collections.abc import Sequence
from enum import IntEnum
from statistics import median

from provenance.model import Timestamp

_HOUR = 3600

DAY = 86400.0
FEWEST_DATES = 3
DENSE_DAYS = 3
FAR_DAYS = 10


class Order(IntEnum):
    """What two stated dates say: the first is earlier, the two may coincide, or it is later."""

    EARLIER = 1
    TIE = 0
    LATER = -1
    UNKNOWN = 2


def is_placeholder(date: Timestamp) -> bool:
    """Tell whether a date stands for "unknown": the first days of Unix time, or before 1450."""
    return -86400 <= date.earliest <= 2 * 86400 or date.text < "1450"


def order(first: Timestamp | None, second: Timestamp | None) -> Order:
    """Return whether `first` was surely before, or surely after, `second`."""
    if first is None or second is None or is_placeholder(first) or is_placeholder(second):
        return Order.UNKNOWN
    if not (_is_moment(first) and _is_moment(second)):
        # Dates of one corpus mostly mean one zone: days compare as days, not as zones apart.
        cut = min(len(first.text), len(second.text), 10)
        if first.text[:cut] != second.text[:cut]:
            return Order.EARLIER if first.text[:cut] < second.text[:cut] else Order.LATER
    if first.latest < second.earliest:
        return Order.EARLIER
    return Order.LATER if second.latest < first.earliest else Order.TIE


def _is_moment(date: Timestamp) -> bool:
    """Tell whether a date states a clock and its zone."""
    return date.latest - date.earliest < _HOUR


def middle(date: Timestamp | None) -> float | None:
    """Return the middle of what a date can mean, in Unix time; None where it says nothing."""
    if date is None or is_placeholder(date):
        return None
    return (date.earliest + date.latest) / 2


def set_apart(
    published: Sequence[Timestamp | None], near: Sequence[Sequence[int]]
) -> list[Timestamp | None]:
    """Return the dates, `None` for one that is far from the dates of the texts it shares with.

    `near` lists each text's relatives. A date is set apart that lies more than 10 days from every
    one of theirs, where three and more of them lie within days of each other. A composite is
    near one of its stories, however far the other.
    """
    when = [middle(date) for date in published]
    kept = list(published)
    for text, date in enumerate(when):
        others = [other for i in near[text] if (other := when[i]) is not None]
        if date is None or len(others) < FEWEST_DATES:
            continue
        centre = median(others)
        spread = median(abs(other - centre) for other in others)
        if (
            spread < DENSE_DAYS * DAY
            and min(abs(date - other) for other in others) > FAR_DAYS * DAY
        ):
            kept[text] = None
    return kept
