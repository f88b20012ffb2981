"""What two dates say of two documents."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.lineage.dates import Order, is_placeholder, order
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
    """Where both dates state their zones, the earlier moment is earlier, whatever clocks show."""
    one = first.replace(tzinfo=UTC, microsecond=0)
    other = second.replace(tzinfo=UTC, microsecond=0)
    expected = Order.TIE if one == other else Order.EARLIER if one < other else Order.LATER
    assert (
        order(parse(one.astimezone(first_zone)), parse(other.astimezone(second_zone))) == expected
    )


@pytest.mark.parametrize("text", ["1970-01-01", "1970-01-01T00:00:00Z", "0001-01-01", "1970-01-02"])
def test_placeholders_say_nothing(text):
    """The dates that software writes for "unknown" order no one."""
    assert is_placeholder(parse(text))
    assert order(parse(text), parse("2031-05-01")) == Order.UNKNOWN
    assert order(parse("2031-05-01"), parse(text)) == Order.UNKNOWN


@pytest.mark.parametrize("text", ["1971", "1970-03-01", "1605-01-01", "2031-05-01"])
def test_old_dates_are_dates(text):
    """A date long ago is no placeholder."""
    assert not is_placeholder(parse(text))
