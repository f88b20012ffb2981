"""Whom a document credits, and by what it is credited."""

import pytest

from provenance.lineage.attribution import (
    PARTIAL_SIGNALS,
    SOURCE_SIGNALS,
    credited_keys,
    read_credits,
    taking_credits,
)
from provenance.lineage.cues import read_cues
from provenance.model import Cue, Document


def cue(signal, value, start=0):
    """Return a cue that speaks for a text of a hundred characters."""
    return Cue(signal, value, start, start + len(value), 0, 100)


def credits_of(source=None, url=None, cues=(), **fields):
    """Return what a document from this source and address gives and is known by."""
    return read_credits(Document("d", "x" * 100, source=source, url=url, **fields), cues)


@pytest.mark.parametrize("signal", sorted(SOURCE_SIGNALS))
def test_a_credit_is_to_the_outlet_it_names(signal):
    """Each crediting signal that names an outlet credits that outlet's documents, and no others."""
    given = credits_of("Courier", cues=[cue(signal, "Pellan Gazette")])
    assert given.credit_to(credits_of("pellan gazette")).signal == signal
    assert given.credit_to(credits_of("Vale Herald")) is None
    assert credits_of("Pellan Gazette").credit_to(given) is None


@pytest.mark.parametrize("signal", ["mention", "link", "photo_credit", "page_clock"])
def test_a_mention_is_no_credit(signal):
    """Signals that only name someone credit no one."""
    given = credits_of("Courier", cues=[cue(signal, "Pellan Gazette")])
    assert given.credit_to(credits_of("Pellan Gazette")) is None
    assert given.given == {}


@pytest.mark.parametrize(
    "url",
    [
        "https://www.gazette.example/2031/lamp",
        "http://gazette.example/2031/lamp/",
        "https://gazette.example/2031/lamp#top",
    ],
)
def test_an_address_is_met_however_it_is_written(url):
    """Scheme, `www.`, fragment and closing slash make no other address."""
    given = credits_of("Courier", cues=[cue("source_line", "https://gazette.example/2031/lamp")])
    assert given.credit_to(credits_of(url=url)) is not None


def test_a_link_to_a_site_credits_its_pages():
    """The host of a credited address stands for the site's other documents; others' do not."""
    given = credits_of(cues=[cue("source_line", "https://gazette.example/2031/lamp")])
    assert given.credit_to(credits_of(url="https://gazette.example/2031/other"))
    assert given.credit_to(credits_of(url="https://herald.example/2031/lamp")) is None


def test_no_one_credits_themselves():
    """An outlet that names itself, in full or in short, or its own site gives no credit."""
    cues = [
        cue("credit_line", "The Pellan Press Agency"),
        cue("byline_agency", "PPA", 40),
        cue("source_line", "https://press.example/a"),
    ]
    own = credits_of("Pellan Press Agency", "https://www.press.example/b", cues)
    assert own.given == {}
    other = credits_of("Courier", "https://www.courier.example/b", cues)
    assert other.credit_to(credits_of("Pellan Press Agency")) == cues[0]
    assert other.credit_to(credits_of(url="https://press.example/a")) == cues[2]


def test_the_first_cue_speaks():
    """Where several cues credit one document, the first in the text is given."""
    address = "https://gazette.example/2031/lamp"
    cues = [cue("byline_agency", "Pellan Gazette", 3), cue("source_line", address, 80)]
    other = credits_of("Pellan Gazette", address)
    assert credits_of("Courier", cues=cues).credit_to(other) == cues[0]
    assert credits_of("Courier", cues=cues[1:]).credit_to(other) == cues[1]


def test_an_agency_is_one_under_all_its_names():
    """A credit to an agency's short name is met by its full one."""
    assert credited_keys("AP") == credited_keys("The Associated Press") != credited_keys("AFP")
    given = credits_of("Courier", cues=[cue("dateline", "AP")])
    assert given.credit_to(credits_of("Associated Press")) is not None


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("PPA", "Pellan Press Agency"),
        ("NLA", "Northline Agency"),
        ("Sextant", "Sextant Wire"),
        ("Bayliner", "Bayliner News Service"),
    ],
)
def test_an_unlisted_agency_is_met_by_its_short_forms(short, full):
    """Initials, or the name without the words that agencies share; a stranger's are not met."""
    given = credits_of("Courier", cues=[cue("dateline", short)])
    assert given.credit_to(credits_of(full)) is not None
    assert given.credit_to(credits_of("Kestrel Gazette")) is None
    assert credits_of(full, cues=[cue("dateline", short)]).given == {}


def test_partial_credits_are_credits():
    """Those who contributed are credited, for an unknown part."""
    assert PARTIAL_SIGNALS < SOURCE_SIGNALS
    assert "copyright_line" not in SOURCE_SIGNALS


LEAD = "The council voted late on the plan, and the mayor said that it would go ahead next year."


def taken_from(text, **known):
    """Return signal and value of the cues that say that a text was taken from somebody."""
    document = Document("d", text, **known)
    return [(cue.signal, cue.value) for cue in taking_credits(document, read_cues(document))]


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        (f"OSLO (AP) — {LEAD}\n\n{LEAD}", "dateline"),
        (f"By Ann Roe, Associated Press\n\n{LEAD}", "byline_agency"),
        (f"{LEAD}\n\n{LEAD}\n\n(AP)", "credit_line"),
        (f"{LEAD}\n\nSource: AP", "source_line"),
        (f"{LEAD}\n\nAssociated Press writer Ann Roe contributed to this report.", "staff_line"),
        (f"{LEAD}\n\nThis article was originally published by AP.", "originally_published"),
    ],
)
def test_agency_copy_says_that_it_is(text, signal):
    """Dateline, byline, closing credit, source, first publication, and the agency's own staff."""
    assert taken_from(text, source="Vale Herald") == [(signal, "AP")]
    assert taken_from(text, source="Associated Press") == []


@pytest.mark.parametrize(
    "text",
    [
        f"{LEAD}\n\nThe Associated Press contributed to this report.",
        f"{LEAD}\n\n© 2023 The Associated Press. All rights reserved.",
        f"{LEAD}\n\nAdditional reporting by AP.",
        f"{LEAD} {LEAD}\n\n{LEAD}\n\nOSLO (AP) — {LEAD}",
        f"VALE (Hill News Service) — 7 years ago\n\nOSLO (AP) — {LEAD}",
        f"A spokesman told AP: {LEAD}",
        f"{LEAD} (AP Photo/Ann Roe)\n\n{LEAD}",
    ],
)
def test_what_only_names_an_agency_does_not(text):
    """Contributors, copyright, a paragraph quoted late, leftovers, mentions and pictures."""
    assert taken_from(text, source="Hill News Service") == []


def test_empty_names_are_no_keys():
    """A value without letters names no one."""
    assert credited_keys("") == credited_keys(" - ") == frozenset()
