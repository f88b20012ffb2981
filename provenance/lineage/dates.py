"""Publication dates as evidence: what they say of two documents, and what they cannot say."""

from enum import IntEnum

from provenance.model import Timestamp

_HOUR = 3600


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
