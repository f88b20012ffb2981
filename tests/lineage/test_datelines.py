"""Datelines, with agencies of the lexicon and with agencies that nobody listed."""

import pytest

from provenance.lineage.datelines import place_head, read_datelines
from provenance.lineage.page import Page
from provenance.model import Document

LEAD = "The council voted late on the plan for a new bridge."


def values(text):
    """The agencies of a text's datelines."""
    return [dateline.value for dateline in read_datelines(Page(Document("d", text)))]


@pytest.mark.parametrize(
    ("dateline", "agency"),
    [
        ("PARIS (AP) — ", "AP"),
        ("PARIS (AP)-", "AP"),
        ("MOSCOW, Sept 20 (Reuters) - ", "Reuters"),
        ("NEW YORK/LONDON, Sept. 20, 2023 (Reuters) -- ", "Reuters"),
        ("PARIS, 20 sept 2023 (AFP) - ", "AFP"),
        ("New Delhi, Sep 20 (PTI) ", "PTI"),
        ("BERLIN (dpa) - ", "dpa"),
        ("Berlin (dpa/bb) - ", "dpa"),
        ("Madrid, 20 sep (EFE).- ", "EFE"),
        ("(ANSA) - ROMA, 20 SET - ", "ANSA"),
        ("(Reuters) - ", "Reuters"),
        ("ANKARA (AA) - ", "Anadolu"),
        ("SEOUL, Sept. 20 (Yonhap) -- ", "Yonhap"),
        ("ISLAMABAD, Sep 20 (APP): ", "APP"),
        ("MOSCOW, September 20. /TASS/. ", "TASS"),
        ("МОСКВА, 20 сен - РИА Новости. ", "RIA Novosti"),
        ("Москва. 20 сентября. INTERFAX.RU - ", "Interfax"),
        ("新华社北京9月20日电（记者王明）", "Xinhua"),
        ("（中央社台北20日電）", "CNA-Taiwan"),
        ("【法新社巴黎20日電】", "AFP"),
        ("【ワシントン共同】", "Kyodo"),
        ("(서울=연합뉴스) 김민수 기자 = ", "Yonhap"),
        ("القاهرة 20 سبتمبر (رويترز) - ", "Reuters"),
        ("باريس (أ ف ب) – ", "AFP"),
        ("تهران- ایرنا- ", "IRNA"),
        ("नई दिल्ली, 20 सितंबर (भाषा) ", "PTI"),
        ("HELSINKI (Rеuters) - ", "Reuters"),
        ("OSLO (<a href='/t'>AP</a>) &mdash; ", "AP"),
    ],
)
def test_agencies_of_the_lexicon_are_read_in_their_own_forms(dateline, agency):
    """Each agency's form of dateline gives its id."""
    assert values(f"A Headline\n\n{dateline}{LEAD}") == [agency]


@pytest.mark.parametrize(
    ("dateline", "name"),
    [
        ("OAKLEY (Far Shore Wire) — ", "Far Shore Wire"),
        ("PORT ELLIS  (Hill News Service)  -  ", "Hill News Service"),
        ("NAIROBI (KBX) — ", "KBX"),
        ("Vale, Sept 20 (Hillpress) - ", "Hillpress"),
        ("TAIPEI (CNA) - ", "CNA"),
    ],
)
def test_the_form_alone_names_an_unlisted_agency(dateline, name):
    """A place in capitals, a date, or a newsroom's name make a dateline of an unknown name."""
    found = read_datelines(Page(Document("d", dateline + LEAD)))
    assert [(dateline.value, dateline.known) for dateline in found] == [(name, False)]


@pytest.mark.parametrize(
    "line",
    [
        "PORTLAND (OR) - ",
        "Android (AOSP) - ",
        "JSON (RFC) — ",
        "(XYZ) - ",
        "UPDATE (Tuesday, 8:47 p.m.): ",
        "Senator Ann Roe (D-Vale) - ",
        '-- "Bridge Vote Splits Vale." (Vale Herald) -- ',
        "The plan, said Reuters - ",
        "He went to Paris (he said) - ",
        "PARIS (Getty Images) - ",
        "THE COUNCIL VOTED ON ITS BRIDGE - AP: ",
    ],
)
def test_brackets_and_dashes_in_other_places_are_no_datelines(line):
    """States, acronyms, times, lists, prose and photo agencies are not wire datelines."""
    assert values(line + LEAD) == []


def test_a_dispatch_without_a_name_is_read_as_unnamed():
    """The mark "电" after place and day says wire copy, but not whose."""
    assert values("北京9月20日电（记者王明）委员会投票通过计划。") == [""]


def test_text_that_lost_its_line_breaks_keeps_its_datelines():
    """A dateline in the middle of a line is read after a full stop."""
    assert values(f"{LEAD} OSLO (NTB) — {LEAD} BONN (Hill Wire) — {LEAD}") == ["NTB", "Hill Wire"]


@pytest.mark.parametrize("head", ["PARIS", "NEW YORK/BONN, Sept 20", "Москва. 20 сентября"])
def test_capitals_or_a_date_make_a_place_certain(head):
    """A head that shows its form needs no lexicon."""
    place = place_head(head)
    assert place is not None
    assert place.certain
