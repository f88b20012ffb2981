"""Publication dates as evidence: what they say of two documents, and what they cannot say."""

import re
from collections.abc import Sequence
from enum import IntEnum
from statistics import median

from provenance.model import Timestamp

_HOUR = 3600
_MIDNIGHT = re.compile(r"T00:00(?::00)?(?![0-9:])")

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
    """Tell whether a date stands for "unknown", as software writes it.

    The first days of Unix time, the first day of 1900, what lies before 1450 or after 2099.
    """
    return (
        -86400 <= date.earliest <= 2 * 86400
        or not "1450" <= date.text < "2100"
        or date.text.startswith("1900-01-01")
    )


def credible(published: Timestamp | None, fetched: Timestamp | None) -> Timestamp | None:
    """Return the date of publication, None where it is a placeholder or after the fetch.

    A text was published before it was fetched; clocks may differ by a day.
    """
    if published is None or is_placeholder(published):
        return None
    if fetched is None or is_placeholder(fetched):
        return published
    return None if published.earliest > fetched.latest + DAY else published


def order(first: Timestamp | None, second: Timestamp | None, *, one_clock: bool = False) -> Order:
    """Return whether `first` was surely before, or surely after, `second`.

    Times that state no zone compare as they stand where `one_clock` gave both, else by their day.
    """
    if first is None or second is None or is_placeholder(first) or is_placeholder(second):
        return Order.UNKNOWN
    moments = Order.TIE
    if first.latest < second.earliest:
        moments = Order.EARLIER
    elif second.latest < first.earliest:
        moments = Order.LATER
    if is_moment(first) and is_moment(second):
        return moments
    # Dates of one corpus mostly mean one zone: days compare as days, not as zones apart.
    cut = min(len(first.text), len(second.text), 19 if one_clock else 10)
    if first.text[:cut] == second.text[:cut]:
        return Order.TIE
    days = Order.EARLIER if first.text[:cut] < second.text[:cut] else Order.LATER
    return Order.TIE if moments == -days else days


def is_moment(date: Timestamp) -> bool:
    """Tell whether a date states a clock and its zone; midnight mostly stands for the day."""
    return date.latest - date.earliest < _HOUR and not _MIDNIGHT.match(date.text, 10)


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
        if date is None or len(near[text]) < FEWEST_DATES:
            continue
        others = [other for i in near[text] if (other := when[i]) is not None]
        if (
            len(others) < FEWEST_DATES
            or min(abs(date - other) for other in others) <= FAR_DAYS * DAY
        ):
            continue
        centre = median(others)
        if median(abs(other - centre) for other in others) < DENSE_DAYS * DAY:
            kept[text] = None
    return kept
