"""Dates that a text names, as weak evidence of when it was written.

A text names days that have passed more often than days to come, and the day of its story more
fully as time goes by: "on Tuesday" is written within a week of it, "Sept. 20" perhaps later.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from provenance.calendar_names import (
    english_cuts,
    month_names,
    months,
    near_days,
    small_words,
    weekdays,
)

EARLIEST_YEAR: Final = 1450
EARLIEST_YEAR_ALONE: Final = 1900
LATEST_YEAR: Final = 2099
LONGEST_LEAD: Final = 1200
LONGEST_READ: Final = 12_000
MOST_PLACES: Final = 60
WORDS_OF_A_PLACE: Final = 3
FEWEST_LETTERS_OF_A_PLACE: Final = 9
A_WEEKDAY: Final = 1
A_MONTH_AND_DAY: Final = 3
A_FULL_DATE: Final = 4

_SEVERAL: Final = -9
_REACH: Final = 60

_NUMBER: Final = re.compile(r"[0-9]+")
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
    r"|\s?[年년]\s?(?P<east_month>[0-9]{1,2})\s?[月월]\s?(?P<east_day>[0-9]{1,2})\s?[日號号일])"
    r"(?![0-9])"
)
_YEAR_LAST: Final = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<mark>[-/.])\s?(?P<second>[0-9]{1,2})(?P=mark)\s?"
    r"(?P<year>[0-9]{4})(?![0-9])"
)
_EASTERN: Final = re.compile(r"(?P<month>[0-9]{1,2})\s?[月월]\s?(?P<day>[0-9]{1,2})\s?[日號号일]")
_MONTH_AFTER: Final = re.compile(
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|º|°|-го)?\.?[\s-]{1,3}(?:of |de |di |d['’])?"
    r"(?P<month>[^\W\d_]{3,14})"
    r"(?:\.?,?[\s-]{1,3}(?:de |del |of )?(?P<year>[0-9]{4})(?![0-9]))?"
)
_MONTH_BEFORE: Final = re.compile(
    r"(?<![^\W_])(?:(?P<year>[0-9]{4})[.,]?\s)?(?P<month>[^\W\d_]{3,14})[.,]?\s{1,3}(?:de |del )?$"
)
_YEAR_AFTER: Final = re.compile(
    r"(?P<day>[0-9]{1,2})(?:\s?[-–]\s?[0-9]{1,2})?(?:st|nd|rd|th)?\b"
    r"(?:,?\s{1,3}(?P<year>[0-9]{4})(?![0-9]))?"
)
_TO_COME: Final = re.compile(
    r"\b(?:will|until|till|deadline|scheduled|due|expires?|wird|werden|bis|sera|seront|jusqu['’]au"
    r"|d['’]ici|será|serán|serão|hasta|até|sarà|saranno|entro|будет|будут|до)\b[^.\n]{0,50}$",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W_]+")
_BEFORE_A_DAY: Final = "(\"“«'’—–-"


@dataclass(frozen=True, slots=True)
class TextDates:
    """The dates that one text names.

    `day` is the latest full date, as a proleptic Gregorian ordinal, `month` the latest month
    (counted from year 0) of full dates and of months with a year ("May 2023"), and `year` the
    latest year; each is 0 where none is named. `weekdays` (0 is Monday) and `month_days` (month,
    day; without a year) are those of the first 1,200 characters. `places` gives for the words
    before and after a date how long after that day its form is used: -1 "tomorrow", 0 "today",
    1 "yesterday" or a weekday, 2 "last week", 3 a month and day, 4 a full date.
    """

    day: int
    month: int
    year: int
    weekdays: frozenset[int]
    month_days: frozenset[tuple[int, int]]
    places: Mapping[tuple[str, ...], int]


UNREAD: Final = TextDates(0, 0, 0, frozenset(), frozenset(), {})
"""The dates of a text that was not read."""


@dataclass(frozen=True, slots=True)
class _Named:
    """One date of a text, at `start:end`; `year` is 0 where it states none."""

    year: int
    month: int
    day: int
    start: int
    end: int

    def ordinal(self) -> int:
        """Its proleptic Gregorian ordinal; 0 without a year."""
        return date(self.year, self.month, self.day).toordinal() if self.year else 0


def day_words() -> frozenset[str]:
    """The words of weekdays and near days."""
    return frozenset().union(*(own for forms in _forms_by_word().values() for _, own in forms))


def read_text_dates(text: str, latest: int = 0, words: frozenset[str] | None = None) -> TextDates:
    """Return the dates that a text names, in time linear in its length.

    Full dates are read from 1450 on and years from 1900, up to the end of 2099 or the ordinal
    `latest` (the day on which the text was fetched, say). Days said to be still to come ("until
    6 April 2022") count only where no other full date is named. Numerals are ASCII digits;
    02/03/2023, whose order is unknown, is no date, nor is 30 February. `words` are the words of
    `day_words` that the text has in lower case, those that underscores part too, where they are
    known.
    """
    latest = latest or date(LATEST_YEAR, 12, 31).toordinal()
    last_year = date.fromordinal(latest).year
    last_month = _month_number(last_year, date.fromordinal(latest).month)
    passed = to_come = month = year = end = 0
    month_days: set[tuple[int, int]] = set()
    places: list[tuple[int, int, int]] = []
    for number in _NUMBER.finditer(text):
        digits, start = number.group(), number.start()
        if len(digits) > 4 or len(digits) == 3:
            continue
        if len(digits) == 4 and EARLIEST_YEAR_ALONE <= int(digits) <= last_year:
            year = max(year, int(digits))
            that_month = _month_number(int(digits), _month_of_year(text, start))
            month = max(month, that_month) if that_month <= last_month else month
        named = _date_at(text, start, digits) if start >= end else None
        if named is None:
            continue
        ordinal, end = named.ordinal(), named.end
        if ordinal > latest:
            continue
        if not ordinal:
            if named.start < LONGEST_LEAD:
                month_days.add((named.month, named.day))
        elif _TO_COME.search(text, max(0, named.start - 70), named.start):
            to_come = max(to_come, ordinal)
        else:
            passed = max(passed, ordinal)
        if named.year:
            year = max(year, named.year)
            month = max(month, _month_number(named.year, named.month))
        if named.end < LONGEST_READ:
            form = A_FULL_DATE if ordinal else A_MONTH_AND_DAY
            places.append((named.start, named.end, form))
    low = text[:LONGEST_READ].replace("İ", "i").lower()
    if words is None:
        spoken = list(_spoken_days(low))
    else:
        known = _forms_by_word()
        forms = [f for word in words for f, own in known.get(word, ()) if own <= words]
        spoken = _spoken_forms(low, forms)
    places += [(begin, stop, form) for begin, stop, form, _ in spoken]
    named_weekdays = {weekday for begin, *_, weekday in spoken if begin < LONGEST_LEAD} - {-1}
    return TextDates(
        passed or to_come,
        month,
        year,
        frozenset(named_weekdays),
        frozenset(month_days),
        _places(low, sorted(places)[:MOST_PLACES]),
    )


def later_named(first: TextDates, second: TextDates) -> int:
    """Return 1 where the second text names the later date, -1 where the first does, else 0.

    The latest months decide, then the latest days, each where both texts name one; without
    a month in either text, the latest years.
    """
    units = [(first.month, second.month), (first.day, second.day)]
    if not (first.month and second.month):
        units = [(first.day, second.day), (first.year, second.year)]
    for one, other in units:
        if one and other and one != other:
            return 1 if other > one else -1
    return 0


def later_wording(first: TextDates, second: TextDates) -> int:
    """Return 1 where the second text seems to be written later by its words, -1 earlier, else 0.

    Where both have the same words around a date, the one that puts it less immediately ("Sept.
    20" for "on Tuesday", "last week" for "yesterday") seems later; most places decide.
    """
    shared = first.places.keys() & second.places.keys()
    votes = sum(
        (second.places[place] > first.places[place]) - (second.places[place] < first.places[place])
        for place in shared
    )
    return (votes > 0) - (votes < 0)


def _date_at(text: str, start: int, digits: str) -> _Named | None:
    """The date whose first number stands at `start`."""
    if len(digits) == 4:
        match = _YEAR_FIRST.match(text, start)
        if match is None:
            return None
        month, day = match["month"] or match["east_month"], match["day"] or match["east_day"]
        return _checked(match["year"], int(month), day, start, match.end())
    follows = text[start + len(digits) : start + len(digits) + 2]
    if follows[:1] in ("-", "/", "."):
        match = _YEAR_LAST.match(text, start)
        if match:
            return _numeric(match)
    if "月" in follows or "월" in follows:
        match = _EASTERN.match(text, start)
        return match and _checked(None, int(match["month"]), match["day"], start, match.end())
    return _month_after(text, start) or _month_before(text, start)


def _numeric(match: re.Match[str]) -> _Named | None:
    """A date in numbers whose order is sure: dots put the day first, else one is above 12."""
    first, second = int(match["first"]), int(match["second"])
    if match["mark"] != "." and first <= 12 and second <= 12 and first != second:
        return None
    day, month = (first, second) if second <= 12 else (second, first)
    return _checked(match["year"], month, str(day), match.start(), match.end())


def _month_after(text: str, start: int) -> _Named | None:
    match = _MONTH_AFTER.match(text, start)
    month = match and _month(match["month"], match["year"])
    if not match or not month:
        return None
    end = match.end() if match["year"] else match.end("month")
    return _checked(match["year"], month, match["day"], start, end)


def _month_before(text: str, start: int) -> _Named | None:
    if start == 0 or not text[start - 1].isspace():
        return None
    before = _MONTH_BEFORE.search(text, max(0, start - 24), start)
    after = _YEAR_AFTER.match(text, start) if before else None
    if not before or not after:
        return None
    year = after["year"] or before["year"]
    month = _month(before["month"], year)
    begin = before.start() if before["year"] and not after["year"] else before.start("month")
    return _checked(year, month, after["day"], begin, after.end()) if month else None


def _month_of_year(text: str, start: int) -> int:
    """The month named right before a year, 0 without one."""
    if start == 0 or not text[start - 1].isspace():
        return 0
    before = _MONTH_BEFORE.search(text, max(0, start - 24), start)
    return _month(before["month"], "year") if before else 0


def _month_number(year: int, month: int) -> int:
    return 12 * year + month - 1 if month else 0


def _month(name: str, year: str | None) -> int:
    """The month that a word stands for; without a year beside it, only where it is plain."""
    low = name.lower()
    month = months().get(low, 0)
    if year or not month:
        return month
    if name[0].isupper():
        return month if low in month_names() or low in english_cuts() else 0
    return month if low in month_names() and low not in ("may", "march", "mart") else 0


def _checked(year: str | None, month: int, day: str, start: int, end: int) -> _Named | None:
    """The date, where the calendar has it."""
    number = int(year) if year else 0
    if number and not EARLIEST_YEAR <= number <= LATEST_YEAR:
        return None
    try:
        date(number or 2000, month, int(day))
    except ValueError:
        return None
    return _Named(number, month, int(day), start, end)


def _spoken_days(low: str) -> Iterator[tuple[int, int, int, int]]:
    """Weekdays and words such as "yesterday": where, the form, and the weekday or -1."""
    for match in _spoken().finditer(f" {low}"):
        word = match["day"]
        start, end = match.span("day")
        weekday = weekdays().get(word, -1)
        yield start - 1, end - 1, A_WEEKDAY if weekday >= 0 else near_days()[word], weekday


@cache
def _forms_by_word() -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Weekdays and near days with their words, under the longest of these."""
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for form in weekdays().keys() | near_days().keys():
        words = re.findall(r"\w+", form)
        found.setdefault(max(words, key=len), []).append((form, frozenset(words)))
    return found


def _spoken_forms(low: str, forms: Iterable[str]) -> list[tuple[int, int, int, int]]:
    """What `_spoken_days` finds in a text that has no forms but these."""
    found: list[tuple[int, int, str]] = []
    for form in forms:
        at = low.find(form)
        while at >= 0:
            end = at + len(form)
            before = low[at - 1] if at else " "
            if (before.isspace() or before in _BEFORE_A_DAY) and not low[end : end + 1].isalnum():
                found.append((at, -end, form))
            at = low.find(form, at + 1)
    spoken = []
    reach = -1
    for start, end, form in sorted(found):
        if start > reach:
            reach = -end
            weekday = weekdays().get(form, -1)
            spoken.append((start, reach, A_WEEKDAY if weekday >= 0 else near_days()[form], weekday))
    return spoken


@cache
def _spoken() -> re.Pattern[str]:
    """Weekdays and near days after a space or mark, by their first letters for speed."""
    by_letter: dict[str, list[str]] = {}
    for word in weekdays().keys() | near_days().keys():
        by_letter.setdefault(word[0], []).append(re.escape(word[1:]))
    choices = "|".join(
        re.escape(letter) + "(?:" + "|".join(sorted(rest, key=lambda r: (-len(r), r))) + ")"
        for letter, rest in sorted(by_letter.items())
    )
    return re.compile(rf"[\s{_BEFORE_A_DAY}](?P<day>{choices})(?![^\W_])")


def _places(low: str, found: Iterable[tuple[int, int, int]]) -> dict[tuple[str, ...], int]:
    """The forms of dates by the words around them; words around two forms tell nothing."""
    forms: dict[tuple[str, ...], int] = {}
    for start, end, form in found:
        before = _large_words(low[max(0, start - _REACH) : start])[-WORDS_OF_A_PLACE:]
        after = _large_words(low[end : end + _REACH])[:WORDS_OF_A_PLACE]
        for words, place in ((before, (*before, "")), (after, ("", *after))):
            if len(words) == WORDS_OF_A_PLACE and len("".join(words)) >= FEWEST_LETTERS_OF_A_PLACE:
                forms[place] = form if forms.get(place, form) == form else _SEVERAL
    return {place: form for place, form in forms.items() if form != _SEVERAL}


def _large_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word not in small_words()]
