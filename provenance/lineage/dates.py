"""Publication dates as evidence: what they say of two documents, and what they cannot say."""

from enum import IntEnum

from provenance.model import Timestamp

_YEAR = 366 * 86400


class Order(IntEnum):
    """What two stated dates say: the first is earlier, the two may coincide, or it is later."""

    EARLIER = 1
    TIE = 0
    LATER = -1
    UNKNOWN = 2


def is_placeholder(date: Timestamp) -> bool:
    """Tell whether a date is what software writes for "unknown": the first days of Unix time,
    or a year before printing.
    """
    return -86400 <= date.earliest <= 2 * 86400 or date.text < "1450"


def order(first: Timestamp | None, second: Timestamp | None) -> Order:
    """Return whether `first` was surely before, or surely after, `second`."""
    if first is None or second is None or is_placeholder(first) or is_placeholder(second):
        return Order.UNKNOWN
    if _zoneless_order(first, second) == Order.TIE:
        return Order.TIE
    return _zoneless_order(first, second)


def _zoneless_order(first: Timestamp, second: Timestamp) -> Order:
    # Dates of one corpus mostly mean one zone: days compare as days, not as zones apart.
    cut = min(len(first.text), len(second.text), 10)
    if first.text[:cut] != second.text[:cut]:
        return Order.EARLIER if first.text[:cut] < second.text[:cut] else Order.LATER
    if first.latest < second.earliest:
        return Order.EARLIER
    return Order.LATER if second.latest < first.earliest else Order.TIE


def middle(date: Timestamp | None) -> float | None:
    """Return the middle of what a date can mean, in Unix time; None where it says nothing."""
    if date is None or is_placeholder(date):
        return None
    return (date.earliest + date.latest) / 2
