"""Whom a document credits, and by what it is credited."""

import pytest

from provenance.lineage.attribution import SOURCE_SIGNALS, credited_keys, read_credits
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
        cue("byline_agency", "PPA"),
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


def test_empty_names_are_no_keys():
    """A value without letters names no one."""
    assert credited_keys("") == credited_keys(" - ") == frozenset()
