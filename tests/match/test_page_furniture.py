"""Furniture is known on a single page by the lines around it, and prose stays prose."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled_pages import PAGES, pages, score

from provenance.match.furniture import furniture_lines
from provenance.match.page_furniture import page_furniture

OTHER_PAGES = PAGES.parent / "other_pages"
PROSE = (
    "The night ferry will sail again from June, the harbour board said on Tuesday, eleven years "
    "after the line was given up.\n\n"
)
POLICY = """Privacy Policy

Contact Us

Cookies remember your settings, and our website uses them to measure how many readers it has.

When you subscribe to the newsletter, we keep your email address until you unsubscribe from it.

Our partners may store information on your device if you give your consent in your account.

You may log in to your account and change the terms of your subscription or download your data.

Terms of Service

If you comment on an article, the text of your comment and your IP address are kept by us.
"""


def marked(text):
    """Return the lines that are marked."""
    return [text[start:end] for start, end in page_furniture(text)]


@pytest.mark.parametrize(
    ("folder", "precision", "recall", "worst"),
    [(PAGES, 0.995, 0.96, 0.85), (OTHER_PAGES, 0.995, 0.9, 0.82)],
    ids=["pages", "other_pages"],
)
def test_most_furniture_of_labelled_pages_is_found_and_nothing_else(
    folder, precision, recall, worst
):
    """By characters, in every language, and on the mean of all."""
    scores = {page.name: score(page, page_furniture(page.text)) for page in pages(folder)}
    assert len(scores) >= 12
    assert all(found >= precision for found, _ in scores.values()), scores
    assert all(found >= worst for _, found in scores.values()), scores
    assert sum(found for _, found in scores.values()) / len(scores) >= recall


def test_lines_that_are_known_by_themselves_are_always_marked():
    """What the lexicon finds is a part of what the page shows."""
    for page in [*pages(), *pages(OTHER_PAGES)]:
        assert set(furniture_lines(page.text)) <= set(page_furniture(page.text))


def test_names_among_known_names_are_a_menu():
    """Without blank lines between, and only between lines that are known."""
    menu = "Valley\nHome\nHarbour\nSport\nFens\nWeather\nTides\n\n"
    assert marked(menu + PROSE) == menu.split()
    assert marked("Valley\n\nHarbour\n\nFens\n\n" + PROSE) == []


def test_a_headline_between_menu_and_share_bar_is_no_furniture():
    """It is longer than a name."""
    head = "Home\nNews\nSport\nNight ferry returns after eleven years\nShare this\nCopy link\n"
    assert marked(head + PROSE) == ["Home", "News", "Sport", "Share this", "Copy link"]


def test_headlines_below_a_heading_of_links_end_at_a_blank_line_or_prose():
    """A heading of the article that comes later is no link."""
    links = "Related stories\nTunnel fund runs dry\nCouncil rejects second bridge\n"
    page = f"{PROSE}{links}\nWho pays for it\n\n{PROSE}{links}{PROSE}"
    assert marked(page) == links.splitlines() * 2


def test_a_word_at_the_end_of_a_wrapped_line_heads_no_list():
    """Lower case or a full stop: prose, although the word is known."""
    page = f"{PROSE}The committee said that this is strongly\nrecommended.\nIt was not heard\n"
    assert "It was not heard" not in marked(page + PROSE)


def test_a_text_about_pages_is_prose():
    """Its sentences are in the words of pages, but they are its subject."""
    assert [line for line in marked(POLICY) if line.endswith(".")] == []


def test_a_promise_beside_a_form_is_furniture_and_alone_it_is_prose():
    """Words of pages need known lines beside them."""
    promise = (
        "Our five best stories, in your inbox every weekday. You can unsubscribe with one click."
    )
    alone = f"{PROSE}{promise}\n\n{PROSE}"
    assert promise not in marked(alone)
    assert promise in marked(f"{PROSE}Enter your email\n{promise}\nSign up\n\n{PROSE}")


def test_short_lines_after_the_last_prose_are_furniture_where_much_is_known():
    """But for signatures and credits, which come before, and not where nothing is known."""
    tail = "Most read\nBaker finds bomb\nClock strikes thirteen\nOur brands\nContact us\n"
    assert marked(f"{PROSE}With Agency\n— Reuters\n{tail}") == tail.splitlines()
    assert marked(f"{PROSE}Ardlin 3, Kelmont 1\nPort Anselm 0, Fens 0\n") == []


@pytest.mark.parametrize(
    "caption",
    [
        "The ferry at the quay in 2009. Photograph: Odile Marsh/Vale Herald",
        "Die Fähre am Kai im Jahr 2009. Foto: Odile Marsch",
        "Il traghetto al molo nel 2009 (foto Odilia Marca)",
        "2009年停靠码头的渡轮。图片来源：欧迪",
        "2009年、岸壁のフェリー＝小出まり撮影",
    ],
)
def test_a_line_that_ends_in_the_credit_of_a_picture_is_a_caption(caption):
    """Beside known lines; between paragraphs it is a part of the article."""
    assert marked(f"{PROSE}{caption}\nShare this\nCopy link\n\n{PROSE}")[0] == caption
    assert caption not in marked(f"Home\nNews\n\n{PROSE}{caption}\n\n{PROSE}")


@pytest.mark.parametrize(
    "line",
    [
        "The photo, she said: a ferry, a quay, and nobody who would sail on a Monday morning.",
        "News of the strike, sport and weather were all that the Home Office would talk about.",
        "Subscribers to the canal bonds were told to sign in at the town hall by noon on Friday.",
        "The minister asked readers to share the article and to comment on it in their own words.",
        "Cookies and newsletters were banned from the office, the board said, and nobody noticed.",
    ],
)
def test_a_sentence_with_the_words_of_pages_is_prose(line):
    """On a page with furniture at both ends."""
    page = f"Home\nNews\nSport\n\n{line}\n\n{PROSE}{line}\n\nShare this\nCopy link\nMost read\n"
    assert line not in marked(page)


@given(st.text(max_size=300), st.booleans())
def test_any_text_gives_spans_in_order(text, beside):
    """Within the text, not empty, none upon another, no white space at their ends."""
    text = f"Home\nShare\n{text}\nMost read\nComments" if beside else text
    last = 0
    for start, end in page_furniture(text):
        assert last <= start < end <= len(text)
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        last = end


HOSTILE = [
    "|" * 290,
    "| a " * 70,
    "(photo " * 40,
    "foto/ " * 40,
    "newsletter " * 25,
    "cookie, subscribe our partners. " * 9,
    "を友だち追加" * 40,
    "我们和" * 90,
    "Фото: " * 40,
    "   |  " * 50,
    "a" * 290,
]


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_pages_take_no_time(line):
    """Lines that nearly match, each of them new, beside known ones: seconds for a megabyte."""
    count = 300_000 // len(line)
    text = "".join(f"Share\n{line}{number}\nMost read\n" for number in range(count))
    begin = time.process_time()
    page_furniture(text)
    assert time.process_time() - begin < 6


def test_the_pages_say_what_they_hold():
    """Every labelled page has prose and furniture."""
    for page in [*pages(), *pages(OTHER_PAGES)]:
        inside = sum(end - start for start, end in page.furniture)
        assert 0.2 < inside / len(page.text) < 0.8, Path(page.name)
