"""Dates that texts name, and what they say of when the texts were written."""

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.calendar_names import english_cuts, month_names, months, weekdays
from provenance.lineage.glance import Glancer
from provenance.lineage.text_dates import day_words, later_named, later_wording, read_text_dates

SPOKEN = (
    *("last", "monday", "Monday", "week", "last week", "yesterday", "today", "segunda-feira"),
    *("feira", "terça-feira", "aujourd'hui", "vorige", "vorige week", "dimanche", "été", "²", "0"),
    *(" ", " ", " ", "\n", "_", "-", "’", "“", ".", "month", "montag", "mon", "sobota", "sobotu"),
)


def latest(text, **limit):
    """Return the latest full date of a text, in ISO form, or an empty text."""
    day = read_text_dates(text, **limit).day
    return date.fromordinal(day).isoformat() if day else ""


@pytest.mark.parametrize(
    "text",
    [
        "20 September 2023",
        "September 20, 2023",
        "Sept. 20, 2023",
        "Sept 20-21, 2023",
        "Wed Sep 20 2023",
        "the 20th of September, 2023",
        "20-Sep-2023",
        "2023-09-20T10:15",
        "2023/9/20",
        "20.09.2023",
        "20. 9. 2023",
        "9/20/2023",
        "20/09/2023",
        "20. September 2023",
        "20 septembre 2023",
        "20 de septiembre de 2023",
        "20 de setembro de 2023",
        "20 settembre 2023",
        "20 september 2023",
        "20 września 2023",
        "20 сентября 2023 года",
        "20 вересня 2023",
        "20 Eylül 2023",
        "20. září 2023",
        "20 septembrie 2023",
        "2023. szeptember 20.",
        "20 Σεπτεμβρίου 2023",
        "2023年9月20日",
        "2023년 9월 20일",
    ],
)
def test_a_full_date_is_read_in_many_forms(text):
    """In the order and the words of many languages, within a sentence."""
    assert latest(f"The bridge was closed ({text}), the council said.") == "2023-09-20"


@pytest.mark.parametrize(
    "text",
    [
        "02/03/2023",
        "30 February 2023",
        "2023-02-30",
        "2023-13-01",
        "September 20",
        "20 list of 2023 names",
        "1 Marston 2023",
        "20 MARIAGE 2023",
        "20 September 0001",
        "20 September 9999",
        "20 September 20233",
        "2023-09-2000",
        "1-800-2023",
        "²0 September 2023",
        "20 September ２０２３",
        "٢٠ September 2023",
    ],
)
def test_what_is_no_date_is_none(text):
    """Impossible days, unknown orders, other words, other digits and other years."""
    assert latest(f"See {text}.") == ""


def test_the_latest_date_counts_and_no_promise():
    """A day that is still to come counts only where no other is named."""
    text = "It opened on 3 May 2021 and closed on 4 June 2022. It will open again on 5 July 2023."
    assert latest(text) == "2022-06-04"
    assert latest("Applications are open until 6 April 2022.") == "2022-04-06"
    assert latest("They met until noon. On 6 April 2022 it rained. On 1 May 2021 too.") == (
        "2022-04-06"
    )


def test_later_than_the_limit_is_not_read():
    """Dates and years after the day of the fetch are no dates of the past."""
    text = "The plan of 3 May 2021 runs to 1 June 2040, and the city's to 2050."
    assert latest(text, latest=date(2022, 1, 1).toordinal()) == "2021-05-03"
    found = read_text_dates(text, date(2022, 1, 1).toordinal())
    assert (found.year, found.month) == (2021, 2021 * 12 + 4)


def test_the_latest_year_and_month_are_read_alone():
    """A month with its year, and a year without anything."""
    found = read_text_dates("Request for comments, May 2005. Based on the draft of 1999.")
    assert (found.day, found.month, found.year) == (0, 2005 * 12 + 4, 2005)
    assert read_text_dates("The memo of 1999 cost 2500 crowns.").year == 1999
    nothing = read_text_dates("No number at all.")
    assert (nothing.day, nothing.month, nothing.year) == (0, 0, 0)


def test_days_without_a_year_are_those_of_the_lead():
    """Datelines and first paragraphs name weekdays, months and days."""
    text = "PARIS, Sept 20 (AP) — The council voted on Tuesday, a day before 21 septembre. "
    found = read_text_dates(text + "Filler. " * 200 + "On Friday, May 3, it rained.")
    assert found.weekdays == {1}
    assert found.month_days == {(9, 20), (9, 21)}


@pytest.mark.parametrize("text", ["in may 3 people", "a march 20 miles long", "Mart 5", "set 10"])
def test_words_that_are_months_too_need_their_capital(text):
    """Without a year beside them, common words are no months."""
    assert not read_text_dates(f"They saw {text.lower()} of it").month_days


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("on Tuesday", "Sept. 20"),
        ("yesterday", "last week"),
        ("today", "on Tuesday"),
        ("tomorrow", "today"),
        ("Sept. 20", "Sept. 20, 2023"),
        ("on Tuesday", "last Tuesday"),
        ("gestern", "am 20. September"),
        ("mardi", "le 20 septembre 2023"),
    ],
)
def test_the_less_immediate_wording_seems_later(earlier, later):
    """Where the words around it are the same; otherwise nothing is known."""
    form = "The mayor of the valley said {} that the new bridge is open."
    one, other = (read_text_dates(form.format(words)) for words in (earlier, later))
    assert later_wording(one, other) == 1
    assert later_wording(other, one) == -1
    assert later_wording(one, one) == 0
    elsewhere = read_text_dates(f"Nobody in the town remembered {later} why it had been closed.")
    assert later_wording(one, elsewhere) == 0


def test_most_places_decide():
    """Two places outweigh one, and as many on either side say nothing."""
    forms = (
        "The mayor of the valley said {} that the new bridge is open. ",
        "Engineers from the capital came {} and measured all of its arches. ",
        "Residents near the river were told {} about the cost of repairs. ",
    )
    early = "".join(form.format("yesterday") for form in forms)
    late = "".join(
        form.format(day) for form, day in zip(forms, ("today", "May 3", "last week"), strict=True)
    )
    one, other = read_text_dates(early), read_text_dates(late)
    assert later_wording(one, other) == 1
    even = read_text_dates("".join(forms[i].format(d) for i, d in ((0, "today"), (1, "May 3"))))
    assert later_wording(one, even) == 0


def test_the_later_named_date_is_by_the_finest_unit_of_both():
    """Months first, then days; years where a month is missing."""
    may, june = read_text_dates("May 2005"), read_text_dates("3 June 2005")
    day, year = read_text_dates("9 June 2005"), read_text_dates("In 2006")
    assert later_named(may, june) == 1
    assert later_named(day, june) == -1
    assert later_named(june, year) == 1
    assert later_named(may, read_text_dates("In 2005")) == 0
    assert later_named(may, read_text_dates("nothing")) == 0


def test_names_of_the_calendar_are_sane():
    """Twelve months and seven weekdays in every language, in lower case and letters."""
    for names, count in ((months(), 12), (weekdays(), 7)):
        assert len(set(names.values())) == count
        assert all(name == name.lower() for name in names)
    assert month_names() <= months().keys()
    assert english_cuts() <= months().keys()


def reference_latest(text):
    """Return the latest ISO date of a text, read in the plainest way."""
    found = [""]
    for year, month, day in re.findall(r"(?<![0-9])(\d{4})-(\d\d)-(\d\d)(?![0-9])", text, re.ASCII):
        try:
            date(int(year), int(month), int(day))
        except ValueError:
            continue
        if 1450 <= int(year) <= 2099:
            found.append(f"{year}-{month}-{day}")
    return max(found)


@given(st.lists(st.from_regex(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]", fullmatch=True), max_size=6))
def test_iso_dates_are_read_as_a_plain_reader_would(dates):
    """The latest possible one counts, whatever stands around it."""
    text = " and ".join(dates)
    assert latest(text) == reference_latest(text)


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    """No text breaks the reader, and what it finds lies within bounds."""
    found = read_text_dates(text)
    assert 0 <= found.year <= 2099
    assert all(0 <= day <= 6 for day in found.weekdays)
    assert read_text_dates(text) == found


@pytest.mark.parametrize("unit", ["2023 ", "3 May ", "1.", "20-", "on Tuesday ", "月", "9" * 50])
def test_time_is_linear(unit):
    """A hostile text of a million characters takes few seconds at the very worst."""
    begin = time.process_time()
    read_text_dates(unit * (1_000_000 // len(unit)))
    assert time.process_time() - begin < 6


@given(st.lists(st.sampled_from(SPOKEN), max_size=12).map("".join))
def test_days_are_the_same_with_the_words_known(text):
    """What is read of a text is the same where its words were looked up before."""
    pytest.importorskip("numba")
    (glance,) = Glancer((), day_words()).look([text])
    if glance is not None:
        assert read_text_dates(text, 0, glance.parts) == read_text_dates(text)
