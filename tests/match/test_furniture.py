"""Page furniture is known line by line, and prose with the same words is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.match.furniture import furniture_lines, is_furniture


@pytest.mark.parametrize(
    "line",
    [
        "ADVERTISEMENT",
        "Share this: Facebook Twitter Email Print",
        "Facebook Twitter Email Print",
        "Share via",
        "Copy link",
        "Listen to this article 4 min",
        "Exit mobile version",
        "Photo of author",
        "By Webdesk",
        "Leave a Reply",
        "Your email address will not be published.",
        "Leave a Reply. Your email address will not be published. Required fields are marked *",
        "© 2012 The Vale Herald. All Rights Reserved.",
        "(c) 2019 Hill Post",
        "Copyright 2014 Hill News Agency. All rights reserved. This material may not be published.",
        "Follow The Vale Herald on Facebook and Twitter. Send news tips to newsroom@vale.example.",
        "Follow us on Instagram",
        "Sign up for our free newsletter and get the day's top stories in your inbox.",
        "READ MORE: Six bridges that never were",
        "Related: What you need to know this week",
        "Click here to subscribe",
        "Home > News > Story",
        "News | Sport | Opinion",
        "Filed Under: News, Politics Tagged With: bridges",
        "This article originally appeared on Vale Herald.",
        "This site uses cookies to improve your experience.",
        "► Weiterlesen",
        "Lesen Sie auch: Sechs Brücken, die es nie gab",
        "Deine E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert",
        "À lire aussi : Six ponts",
        "Votre adresse e-mail ne sera pas publiée.",
        "Tu dirección de correo electrónico no será publicada.",
        "Lee también: Seis puentes",
        "O seu endereço de e-mail não será publicado. Campos obrigatórios são marcados com *",
        "Leia também: Seis pontes",
        "Leggi anche: Sei ponti",
        "© RIPRODUZIONE RISERVATA",
        "Читайте также: Шесть мостов",
        "Ваш адрес email не будет опубликован. Обязательные поля помечены *",
        "اقرأ أيضا: ستة جسور",
        "لن يتم نشر عنوان بريدك الإلكتروني.",
        "相关阅读：六座桥",
        "责任编辑：王明",
        "関連記事：六つの橋",
        "無断転載禁止",
        "ये भी पढ़ें: छह पुल",
        "आपका ईमेल पता प्रकाशित नहीं किया जाएगा.",
        "E-posta hesabınız yayımlanmayacak. Gerekli alanlar * ile işaretlenmişlerdir",
        "Haberin devamı için tıklayın",
    ],
)
def test_furniture_of_a_page_is_known(line):
    """Menus, buttons, forms, notices and teasers, in a dozen languages, with the name left open."""
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "***",
        "Share this story with the council, the mayor said on Monday.",
        "Read more than one book a year and you will be ahead of the mayor.",
        "The advertisement showed a bridge that was never built.",
        "More from the ministry was expected on Monday.",
        "Follow the money, said the auditor on Facebook, and you will find the bridge.",
        "He told reporters that his email address will not be published.",
        "Sign up was slow at the town hall, where the newsletter lay unread.",
        "Related charges against two builders were dropped on Friday.",
        "News of the vote reached the valley late on Monday.",
        "Comments by the mayor were closed to the public.",
        "Home is where the bridge is, she said.",
        "In 2012 the Vale Herald reserved all rights to the story.",
        "Listen to this, the mayor said, and played the tape for 4 minutes.",
        "Print and email are the two ways to reach the council.",
        "Die Werbung zeigte eine Brücke, die nie gebaut wurde.",
        "Lesen Sie auch die Akten, sagte der Richter am Montag dem Rat.",
        "Partager le pont avec la vallée reste un rêve, dit le maire.",
        "Поделиться мостом с долиной мэр не захотел.",
        "更多居民周一参加了投票。",
        "分享经验的居民说，这座桥很重要。",
        "広告は橋を見せたが、建てられなかった。",
        "और पढ़ें तो पता चलेगा कि पुल कभी नहीं बना।",
        "Share this: " + "word " * 60,
    ],
)
def test_prose_with_the_words_of_furniture_is_prose(line):
    """A sentence is never swallowed for the words that it holds."""
    assert not is_furniture(line)


def test_spans_are_those_of_the_lines_without_their_space():
    """Only the furniture, whatever ends the lines."""
    text = (
        "Skip to content\r\n\r\n  The vote is over.  \n\tCopy link \nThe end came late.\nShare via"
    )
    assert [text[start:end] for start, end in furniture_lines(text)] == [
        "Skip to content",
        "Copy link",
        "Share via",
    ]


@given(st.text(max_size=300))
def test_any_text_gives_spans_within_it(text):
    """Spans are in order, not empty, and hold furniture."""
    last = 0
    for start, end in furniture_lines(text):
        assert last <= start < end <= len(text)
        assert is_furniture(text[start:end])
        last = end


@pytest.mark.parametrize(
    "line",
    ["this site uses " * 20, "если вы " + "ошибку " * 40, "未经" * 150, "|" * 300, "a. " * 100],
)
def test_hostile_lines_take_no_time(line):
    """A megabyte of lines that nearly match is read within seconds."""
    text = f"{line}\n" * (300_000 // len(line))
    begin = time.process_time()
    furniture_lines(text)
    assert time.process_time() - begin < 3
