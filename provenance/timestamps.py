"""Dates as people and machines write them, read with the precision they state."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Final

from provenance.calendar_names import months
from provenance.model import Precision, Timestamp

_EPOCH: Final = date(1970, 1, 1).toordinal()
_LAST_DAY: Final = date.max.toordinal()
_DAY: Final = 86_400
# A date without a time zone may mean any of them: UTC+14 is the first to begin a day,
# UTC-12 the last to end it.
_EARLIEST_ZONE: Final = 14 * 3600
_LATEST_ZONE: Final = 12 * 3600
_LONGEST: Final = 64

_CLOCK = (
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_ZONE = r"(?P<zone>[Zz]|[+\-\u2212][0-9]{2}(?::?[0-9]{2})?|[A-Za-z]{2,5})(?: ?\([^()]*\))?"
_MONTH = r"(?P<month>[^\W\d_]{3,14})\.?"
_WEEKDAY = r"(?:[^\W\d_]{3,14}(?:-feira)?[.,]{0,2} )?"

_ISO = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<separator>[-/])(?P<month>[0-9]{1,2})"
    r"(?:(?P=separator)(?P<day>[0-9]{1,2})"
    rf"(?:(?:[Tt]| ){_CLOCK} ?(?:{_ZONE})?)?)?)?"
)
_BASIC = re.compile(
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"(?:[Tt ]?(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?:(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    rf" ?(?:{_ZONE})?)?"
)
_DIGITS = re.compile(r"[0-9]{10}(?:\.[0-9]+)?|[0-9]{13}")
# 20.09.2023 10:15: with dots the day comes first wherever they are used
_DOTTED = re.compile(
    r"(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})\. ?(?P<year>[0-9]{4})"
    rf"(?:,? {_CLOCK}(?: ?{_ZONE})?)?"
)
# 20 September 2023; Wed, 20 Sep 2023 10:15:00 GMT; 20 de septiembre de 2023; 20-Sep-23 10:15 GMT
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er|\.)?[ \-](?:de |of )?{_MONTH},?[ \-]"
    rf"(?:de )?(?P<year>[0-9]{{4}}|[0-9]{{2}})(?:,?(?: at)? {_CLOCK}(?: ?{_ZONE})?)?"
)
# Sept. 20, 2023; September 20, 2023 10:15 am EDT
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}{_MONTH} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year>[0-9]{{4}})"
    rf"(?:,?(?: at)? {_CLOCK}(?: ?{_ZONE})?)?"
)
# Wed Sep 20 10:15:00 2023; Wed Sep 20 10:15:00 +0000 2023
_YEAR_LAST = re.compile(
    rf"[A-Za-z]{{3}} {_MONTH} (?P<day>[0-9]{{1,2}}) {_CLOCK}(?: {_ZONE})? (?P<year>[0-9]{{4}})"
)
# September 2023
_MONTH_ONLY = re.compile(rf"{_MONTH},? (?P<year>[0-9]{{4}})")
_IN_FULL: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_MONTH_NAMES: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
# RFC 2822, section 4.3; every other name of a zone is ambiguous and counts as none.
_ZONE_HOURS: Final = {
    **dict.fromkeys(("z", "ut", "utc", "gmt"), 0),
    **{f"{name}dt": hours for name, hours in zip("ecmp", (-4, -5, -6, -7), strict=True)},
    **{f"{name}st": hours for name, hours in zip("ecmp", (-5, -6, -7, -8), strict=True)},
}


def parse(value: object) -> Timestamp | None:
    """Read a date so that `parse(str(t)) == t`, or return None where there is none.

    Reads ISO 8601 (extended and basic, cut anywhere from the year to fractions of a second),
    RFC 2822 and HTTP dates, dates with dots (20.09.2023), dates with the month's name in English
    and other European languages, `date` and `datetime` objects,
    and Unix time: numbers, or strings of 10 digits (seconds) or 13 (milliseconds). A whole
    number that reads as a year (1000 to 2999) or as YYYYMMDD (1900 to 2100) is that date.
    Fractions of a second are cut off; an hour without minutes is cut to its day; a leap second
    counts as the second before it. Impossible dates and order-dependent ones (02/03/2023) are
    None.
    """
    if isinstance(value, str):
        return _parse_text(value.strip()) if len(value) <= _LONGEST else None
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _parse_number(value)
    if isinstance(value, Timestamp):
        return value
    if isinstance(value, datetime):
        return _parse_text(value.isoformat(timespec="seconds"))
    return _parse_text(value.isoformat()) if isinstance(value, date) else None


def _parse_text(text: str) -> Timestamp | None:
    if len(text) == 20 and _IN_FULL.fullmatch(text):  # the usual case, in a quarter of the time
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            second = (moment.toordinal() - _EPOCH) * _DAY
            second += moment.hour * 3600 + moment.minute * 60 + moment.second
            return Timestamp(text, Precision.SECOND, second, second)
    if match := _ISO.fullmatch(text):
        return _from_match(match)
    if _DIGITS.fullmatch(text):
        return _from_epoch(float(text))
    if match := _BASIC.fullmatch(text):
        return _from_match(match)
    text = " ".join(text.split())
    for pattern in (_DOTTED, _DAY_FIRST, _MONTH_FIRST, _YEAR_LAST, _MONTH_ONLY):
        if match := pattern.fullmatch(text):
            return _from_match(match)
    return None


def _parse_number(value: float) -> Timestamp | None:
    if isinstance(value, int):
        if 1000 <= value < 3000:  # the documented range of years
            return _parse_text(str(value))
        if 1900_00_00 < value < 2101_00_00 and (day := _parse_text(str(value))):
            return day
    return _from_epoch(value)


def _from_epoch(value: float) -> Timestamp | None:
    """Read Unix time, in milliseconds where seconds would lie past the year 5000."""
    if not abs(value) < 1e15:  # also false for NaN
        return None
    seconds = int(value // 1000 if abs(value) >= 1e11 else value // 1)
    days, rest = divmod(seconds, _DAY)
    if not 1 <= days + _EPOCH <= _LAST_DAY:
        return None
    day = date.fromordinal(days + _EPOCH)
    hour, minute, second = rest // 3600, rest // 60 % 60, rest % 60
    text = f"{day.isoformat()}T{hour:02}:{minute:02}:{second:02}Z"
    return Timestamp(text, Precision.SECOND, seconds, seconds)


def _from_match(match: re.Match[str]) -> Timestamp | None:
    parts = match.groupdict()
    try:
        year, month, day = _year(parts["year"]), _month(parts.get("month")), parts.get("day")
        if month is None:
            first, last = date(year, 1, 1), date(year, 12, 31)
            return _whole_days(f"{year:04}", Precision.YEAR, first, last)
        if day is None:
            first = date(year, month, 1)
            last = date(year, month, monthrange(year, month)[1])
            return _whole_days(f"{year:04}-{month:02}", Precision.MONTH, first, last)
        the_day = date(year, month, int(day))
        if parts.get("minute") is None and not parts.get("half"):
            if parts.get("hour") and int(parts["hour"]) > 24:
                return None
            return _whole_days(the_day.isoformat(), Precision.DAY, the_day, the_day)
        return _moment(the_day, parts)
    except (ValueError, OverflowError):
        return None


def _whole_days(text: str, precision: Precision, first: date, last: date) -> Timestamp:
    start = (first.toordinal() - _EPOCH) * _DAY
    end = (last.toordinal() - _EPOCH + 1) * _DAY - 1
    return Timestamp(text, precision, start - _EARLIEST_ZONE, end + _LATEST_ZONE)


def _moment(day: date, parts: dict[str, str | None]) -> Timestamp:
    """Give the minute or second that a clock shows; raise `ValueError` where no clock shows it."""
    hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
    second = None if parts["second"] is None else int(parts["second"])
    if second == 60:  # a leap second
        second = 59
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour == 24 and not minute and not second:  # ISO 8601's end of the day
        day, hour = day + timedelta(days=1), 0
    if hour > 23 or minute > 59 or (second or 0) > 59:
        raise ValueError
    text = f"{day.isoformat()}T{hour:02}:{minute:02}"
    start = (day.toordinal() - _EPOCH) * _DAY + hour * 3600 + minute * 60
    precision, length = Precision.MINUTE, 60
    if second is not None:
        text, start, precision, length = f"{text}:{second:02}", start + second, Precision.SECOND, 1
    offset = _offset(parts["zone"])
    if offset is None:
        return Timestamp(text, precision, start - _EARLIEST_ZONE, start + length - 1 + _LATEST_ZONE)
    sign, (hours, minutes) = "-" if offset < 0 else "+", divmod(abs(offset), 60)
    text += f"{sign}{hours:02}:{minutes:02}" if offset else "Z"
    return Timestamp(text, precision, start - offset * 60, start - offset * 60 + length - 1)


def _offset(zone: str | None) -> int | None:
    """Read a zone as minutes east of UTC; None where it is absent or its name is ambiguous."""
    if zone is None:
        return None
    if zone[0].isalpha():
        hours = _ZONE_HOURS.get(zone.lower())
        return None if hours is None else hours * 60
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    if hours > 23 or minutes > 59:
        raise ValueError
    return (hours * 60 + minutes) * (1 if zone[0] == "+" else -1)


def _year(text: str) -> int:
    """Read a year; two digits are read as RFC 2822 does (50 and above are the last century)."""
    year = int(text)
    if len(text) == 2:
        year += 2000 if year < 50 else 1900
    return year


def _month(text: str | None) -> int | None:
    """Read a month's number or name, in English cut after three letters or more."""
    if text is None:
        return None
    if text[0].isdigit():
        return int(text)
    name = "sep" if text.lower() == "sept" else text.lower()
    for number, full in enumerate(_MONTH_NAMES, 1):
        if full.startswith(name):
            return number
    if name in months():
        return months()[name]
    raise ValueError
