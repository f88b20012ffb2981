"""What two dates say of two documents."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.lineage.dates import Order, credible, is_placeholder, order, set_apart
from provenance.timestamps import parse


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2031-05-01", "2031-05-02", Order.EARLIER),
        ("2031-05-02", "2031-05-01", Order.LATER),
        ("2031-05-01", "2031-05-01", Order.TIE),
        ("2031-05", "2031-05-20", Order.TIE),
        ("2031", "2031-05-20", Order.TIE),
        ("2030", "2031-05-20", Order.EARLIER),
        ("2031-05-01", "2031-05-01T09:00:00Z", Order.TIE),
        ("2031-05-01T08:00:00Z", "2031-05-01T09:00:00Z", Order.EARLIER),
        ("2031-05-01T08:00:00Z", "2031-05-01T08:00:00Z", Order.TIE),
        ("2031-05-01T08:00Z", "2031-05-01T08:00:30Z", Order.TIE),
        ("2031-05-01T00:00:00Z", "2031-05-01T09:00:00Z", Order.TIE),
        ("2031-05-01T00:00Z", "2031-05-02T00:00Z", Order.EARLIER),
        ("2031-05-02T00:00:00+02:00", "2031-05-01T23:00:00Z", Order.TIE),
        ("2031-05-01T12:00:00+02:00", "2031-05-01T11:00:00+00:00", Order.EARLIER),
        (None, "2031-05-01", Order.UNKNOWN),
        ("2031-05-01", None, Order.UNKNOWN),
        (None, None, Order.UNKNOWN),
    ],
)
def test_order(first, second, expected):
    """Dates order documents as far as their precision goes, and no farther."""
    assert order(parse(first), parse(second)) == expected


days = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1))  # noqa: DTZ001
shapes = st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ"])


@given(days, shapes, days, shapes)
def test_order_is_that_of_time_or_a_tie(first, first_shape, second, second_shape):
    """A date that is said to be earlier is earlier; the other way round it is later."""
    one, other = parse(first.strftime(first_shape)), parse(second.strftime(second_shape))
    found = order(one, other)
    opposite = {Order.EARLIER: Order.LATER, Order.LATER: Order.EARLIER}
    assert order(other, one) == opposite.get(found, found)
    if found == Order.EARLIER:
        assert first < second
    elif found == Order.LATER:
        assert second < first


zones = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@given(days, zones, days, zones)
def test_stated_zones_are_obeyed(first, first_zone, second, second_zone):
    """Where both dates state their zones, the earlier moment is earlier, whatever clocks show.

    Midnight, which mostly stands for a day, is never said to be later than a later moment.
    """
    one = first.replace(tzinfo=UTC, microsecond=0)
    other = second.replace(tzinfo=UTC, microsecond=0)
    expected = Order.TIE if one == other else Order.EARLIER if one < other else Order.LATER
    stated = one.astimezone(first_zone), other.astimezone(second_zone)
    found = order(*map(parse, stated))
    midnight = any((date.hour, date.minute, date.second) == (0, 0, 0) for date in stated)
    assert found == expected or (midnight and found == Order.TIE)


@pytest.mark.parametrize(
    "text",
    [
        *("1970-01-01", "1970-01-01T00:00:00Z", "0001-01-01", "1970-01-02"),
        *("1900-01-01", "1900-01-01T00:00:00Z", "9999-12-31", "2999-01-01"),
    ],
)
def test_placeholders_say_nothing(text):
    """The dates that software writes for "unknown" order no one."""
    assert is_placeholder(parse(text))
    assert order(parse(text), parse("2031-05-01")) == Order.UNKNOWN
    assert order(parse("2031-05-01"), parse(text)) == Order.UNKNOWN


@pytest.mark.parametrize(
    "text", ["1971", "1970-03-01", "1605-01-01", "2031-05-01", "1900", "1900-01-02"]
)
def test_old_dates_are_dates(text):
    """A date long ago is no placeholder."""
    assert not is_placeholder(parse(text))


@pytest.mark.parametrize(
    ("published", "fetched", "kept"),
    [
        ("2031-05-01", "2031-05-03", True),
        ("2031-05-01", "2031-05-01", True),
        ("2031-05-02", "2031-05-01", True),
        ("2031-05-01T23:00:00Z", "2031-05-01T10:00:00Z", True),
        ("2031-05-05", "2031-05-01", False),
        ("2031-06", "2031-05-01", False),
        ("2031", "2031-05-01", True),
        ("1970-01-01", "2031-05-01", False),
        ("9999-12-31", None, False),
        ("2031-05-05", None, True),
        ("2031-05-05", "1970-01-01", True),
        (None, "2031-05-01", False),
    ],
)
def test_no_text_is_published_after_it_was_fetched(published, fetched, kept):
    """Such a date is an error, as is a placeholder; a day's difference of clocks is none."""
    date = parse(published)
    assert credible(date, parse(fetched)) == (date if kept else None)


def kept(near, *dates):
    """Return which of the dates are kept, `None` for those that are set apart or missing."""
    found = set_apart([parse(date) for date in dates], near)
    return [date and str(date) for date in found]


def everyone(count):
    """Return the relatives of texts that are all related."""
    return [[other for other in range(count) if other != text] for text in range(count)]


def test_a_date_far_from_all_of_its_story_is_set_apart():
    """A date weeks from all others, which lie within days of each other, says nothing."""
    dates = ["2031-05-01", "2031-05-02", "2031-05-03", "2029-01-01"]
    assert kept(everyone(4), *dates) == [*dates[:3], None]
    assert kept(everyone(4), *dates[:3], "2031-06-20") == [*dates[:3], None]


def test_a_date_near_one_of_its_story_is_kept():
    """Ten days from any relative are near; a late copy of a late copy keeps its date."""
    dates = ["2031-05-01", "2031-05-01", "2031-05-03", "2031-05-12"]
    assert kept(everyone(4), *dates) == dates


@pytest.mark.parametrize("count", [2, 3])
def test_few_dates_set_none_apart(count):
    """Against fewer than three dates no date is wrong, nor are missing ones counted."""
    dates = [*["2031-05-01", "2031-05-02"][: count - 1], "2029-01-01"]
    assert kept(everyone(count), *dates) == dates
    missing = [*dates, *[None] * (4 - count), None]
    assert kept(everyone(5), *missing) == missing


def test_a_story_of_scattered_dates_sets_none_apart():
    """Where the others lie weeks apart themselves, a distant date is one of many."""
    dates = ["2031-01-01", "2031-03-01", "2031-05-01", "2029-01-01"]
    assert kept(everyone(4), *dates) == dates


def test_a_composite_is_near_one_of_its_stories():
    """A text of two stories keeps its date where it is near that of either."""
    early = ["2031-01-01", "2031-01-02", "2031-01-03"]
    late = ["2031-05-01", "2031-05-02"]
    near = [[1, 2, 5], [0, 2, 5], [0, 1, 5], [4, 5], [3, 5], [0, 1, 2, 3, 4]]
    for published in (early[2], late[1]):
        dates = [*early, *late, published]
        assert kept(near, *dates) == dates
    assert kept(near, *early, *late, "2031-03-01") == [*early, *late, None]


def test_strangers_set_no_date_apart():
    """Only the dates of related texts are looked at."""
    dates = ["2031-05-01", "2031-05-02", "2031-05-03", "2029-01-01"]
    assert kept([[1, 2], [0, 2], [0, 1], []], *dates) == dates


def test_placeholders_are_no_dates_of_a_story():
    """The dates that software writes for "unknown" are not counted among the others."""
    dates = ["1970-01-01", "1970-01-01", "1970-01-01", "2031-05-01"]
    assert kept(everyone(4), *dates) == dates
