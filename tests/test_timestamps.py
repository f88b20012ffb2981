from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.model import Precision
from provenance.timestamps import parse

HOUR = 3600
DAY = 24 * HOUR


def unix(*parts):
    """Unix time of a moment in UTC."""
    return int(datetime(*parts, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("value", "text", "precision"),
    [
        ("2023", "2023", "year"),
        ("2023-09", "2023-09", "month"),
        ("2023-09-20", "2023-09-20", "day"),
        ("2023/9/5", "2023-09-05", "day"),
        ("  2023-09-20\n", "2023-09-20", "day"),
        ("2023-09-20T10", "2023-09-20", "day"),
        ("2023-09-20T10:15", "2023-09-20T10:15", "minute"),
        ("2023-09-20T10:15Z", "2023-09-20T10:15Z", "minute"),
        ("2023-09-20 10:15:01", "2023-09-20T10:15:01", "second"),
        ("2023-09-20T10:15:01.999999", "2023-09-20T10:15:01", "second"),
        ("2023-09-20T10:15:01,5Z", "2023-09-20T10:15:01Z", "second"),
        ("2023-09-20 10:15:01.123456+00:00", "2023-09-20T10:15:01Z", "second"),
        ("2023-09-20T10:15:01+02:00", "2023-09-20T10:15:01+02:00", "second"),
        ("2023-09-20T10:15:01 +0200", "2023-09-20T10:15:01+02:00", "second"),
        ("2023-09-20T10:15:01-03", "2023-09-20T10:15:01-03:00", "second"),
        ("2023-09-20T10:15:01\u221203:30", "2023-09-20T10:15:01-03:30", "second"),
        ("2023-09-20T10:15:01 UTC", "2023-09-20T10:15:01Z", "second"),
        ("20230920", "2023-09-20", "day"),
        ("20230920T101501", "2023-09-20T10:15:01", "second"),
        ("20230920T101501+0200", "2023-09-20T10:15:01+02:00", "second"),
        ("20230920T1015Z", "2023-09-20T10:15Z", "minute"),
        ("20230920101501", "2023-09-20T10:15:01", "second"),
        ("Wed, 20 Sep 2023 10:15:01 GMT", "2023-09-20T10:15:01Z", "second"),
        ("Wed, 20 Sep 2023 10:15:01 -0400 (EDT)", "2023-09-20T10:15:01-04:00", "second"),
        ("20 Sep 2023 10:15 EST", "2023-09-20T10:15-05:00", "minute"),
        ("Wednesday, 20-Sep-23 10:15:01 GMT", "2023-09-20T10:15:01Z", "second"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z", "second"),
        ("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37", "second"),
        ("Wed Sep 20 10:15:01 +0000 2023", "2023-09-20T10:15:01Z", "second"),
        ("Sept. 20, 2023", "2023-09-20", "day"),
        ("september 20, 2023", "2023-09-20", "day"),
        ("20 September 2023", "2023-09-20", "day"),
        ("3rd May 2024", "2024-05-03", "day"),
        ("Tue. Dec 3rd, 2024", "2024-12-03", "day"),
        ("September 20, 2023 at 10:15 p.m.", "2023-09-20T22:15", "minute"),
        ("September 20, 2023 12:05 AM PDT", "2023-09-20T00:05-07:00", "minute"),
        ("September 2023", "2023-09", "month"),
        ("2023-09-20T24:00:00Z", "2023-09-21T00:00:00Z", "second"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", "second"),
        ("1695204901", "2023-09-20T10:15:01Z", "second"),
        ("1695204901.5", "2023-09-20T10:15:01Z", "second"),
        ("1695204901000", "2023-09-20T10:15:01Z", "second"),
        (1695204901, "2023-09-20T10:15:01Z", "second"),
        (1695204901.9, "2023-09-20T10:15:01Z", "second"),
        (1695204901999, "2023-09-20T10:15:01Z", "second"),
        (0, "1970-01-01T00:00:00Z", "second"),
        (-1, "1969-12-31T23:59:59Z", "second"),
        (-0.5, "1969-12-31T23:59:59Z", "second"),
        (2023, "2023", "year"),
        (20230920, "2023-09-20", "day"),
        (date(2023, 9, 20), "2023-09-20", "day"),
        (datetime(2023, 9, 20, 10, 15, 1, 5), "2023-09-20T10:15:01", "second"),  # noqa: DTZ001
        (datetime(2023, 9, 20, 10, 15, 1, tzinfo=UTC), "2023-09-20T10:15:01Z", "second"),
    ],
)
def test_usual_forms(value, text, precision):
    """Every usual way to write a date is read, and cut at the precision that it states."""
    read = parse(value)
    assert read is not None
    assert (str(read), read.precision) == (text, Precision(precision))


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "None", "null", "yesterday", "Not a date", "Marston 2023", "20 Foo 2023"),
        *("2023-02-30", "2023-13-01", "2023-00-10", "2023-09-00", "20230230", "0000", "0000-01-01"),
        *("2023-09-20T25:00", "2023-09-20T25", "2023-09-20T10:60", "2023-09-20T10:15:61"),
        *("2023-09-20T24:01", "2023-09-20T10:15+24:00", "2023-09-20T13:15 PM", "29 February 2023"),
        *("9999-12-31T24:00:00", "02/03/2023", "202309", "2023-09-20T10:15:01junkzone"),
        *("٢٠٢٣-٠٩-٢٠", "2023-09-20" + " " * 10_000 + "x", "1" * 5000, "12345"),
        *(float("nan"), float("inf"), -float("inf"), 1e300, 10**400, -(10**14), 9e14),
        *(True, False, None, [], {}, ["2023"], b"2023"),
    ],
)
def test_no_date(value):
    """What is no date, an impossible one, or could be two different ones is None."""
    assert parse(value) is None


def test_a_day_spans_every_time_zone():
    """A day without a zone begins where the first zone begins it and ends with the last."""
    day = parse("2023-09-20")
    assert day.earliest == unix(2023, 9, 20) - 14 * HOUR
    assert day.latest == unix(2023, 9, 21) - 1 + 12 * HOUR


def test_months_and_years_span_their_days():
    """A month ends with its own last day, and a year with December."""
    assert parse("2024-02").latest == unix(2024, 3, 1) - 1 + 12 * HOUR
    assert parse("2023").earliest == unix(2023, 1, 1) - 14 * HOUR
    assert parse("2023").latest == unix(2024, 1, 1) - 1 + 12 * HOUR


def test_a_zone_makes_a_moment():
    """A second with a zone is one second, a minute sixty; without one 26 hours are possible."""
    second = parse("2023-09-20T10:15:01+02:00")
    assert second.earliest == second.latest == unix(2023, 9, 20, 8, 15, 1)
    minute = parse("2023-09-20T10:15Z")
    assert (minute.earliest, minute.latest) == (
        unix(2023, 9, 20, 10, 15),
        unix(2023, 9, 20, 10, 15, 59),
    )
    floating = parse("2023-09-20T10:15:01")
    assert floating.earliest == unix(2023, 9, 20, 10, 15, 1) - 14 * HOUR
    assert floating.latest == unix(2023, 9, 20, 10, 15, 1) + 12 * HOUR


def test_an_ambiguous_zone_counts_as_none():
    """A zone's name that several places use says nothing: the time keeps all its readings."""
    assert parse("2023-09-20 10:15:01 IST") == parse("2023-09-20 10:15:01")


def test_a_date_is_never_midnight():
    """A date alone keeps the precision of a day, unlike the same day's stated midnight."""
    assert parse("2023-09-20").precision is Precision.DAY
    assert parse("2023-09-20T00:00:00").precision is Precision.SECOND


@pytest.mark.parametrize("text", ["0001", "0001-01-01", "9999", "9999-12-31", "9999-12-31T23:59Z"])
def test_first_and_last_years(text):
    """The first and the last year of the calendar do not overflow."""
    read = parse(text)
    assert str(read) == text
    assert read.earliest < read.latest


zones = st.one_of(
    st.none(),
    st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda m: timezone(timedelta(minutes=m))),
)


@given(st.datetimes(timezones=zones), st.sampled_from(["minutes", "seconds", "microseconds"]))
def test_round_trip(moment, timespec):
    """What is read is written so that reading it again gives the same, and means the moment."""
    read = parse(moment.isoformat(timespec=timespec))
    assert read is not None
    assert parse(str(read)) == read
    if moment.tzinfo:
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        assert read.earliest <= (moment - epoch) // timedelta(seconds=1) <= read.latest


@given(st.one_of(st.text(max_size=70), st.integers(), st.floats(), st.binary()))
def test_anything_is_a_date_or_none(value):
    """No value raises, and what is read survives a round trip."""
    read = parse(value)
    assert read is None or (parse(str(read)) == read and read.earliest <= read.latest)


@given(st.dates(), st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "%d %B %Y", "%b. %d, %Y"]))
def test_written_dates_hold_their_day(day, form):
    """However a day is written, noon of that day in UTC lies in the span that is read."""
    written = day.strftime(form.replace("%Y", f"{day.year:04}"))
    read = parse(written)
    noon = (day - date(1970, 1, 1)).days * DAY + DAY // 2
    assert read.earliest <= noon <= read.latest
    assert parse(str(read)) == read


@pytest.mark.parametrize(
    "value",
    [
        *("20.09.2023", "20. 9. 2023", "20. September 2023", "20 septembre 2023"),
        *("20 de septiembre de 2023", "mercoledì, 20 settembre 2023", "20 сентября 2023"),
        *("20 Eylül 2023", "20 września 2023", "1st September 2023".replace("1st", "20th")),
    ],
)
def test_dates_of_other_languages_are_read(value):
    """Months by their names in many languages; with dots the day comes first."""
    assert str(parse(value)) == "2023-09-20"
    assert str(parse("mayo 2023")) == "2023-05"
    assert str(parse("20.09.2023, 10:15 CET")) == "2023-09-20T10:15"
