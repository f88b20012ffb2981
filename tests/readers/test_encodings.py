import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import InputError
from provenance.readers.encodings import check_encoding, decode

WESTERN = (
    "Le café était fermé à cause de la grève. Les employés déçus rentrèrent. “Ça va” — dit-il.\n"
)
RUSSIAN = "Паром остался в гавани, рыбаки ждали утра. Ветер был сильным, море волновалось.\n"


@given(st.text())
def test_utf8_is_read_as_it_is(text):
    """Any text in UTF-8 comes back unchanged, newlines and all, unless it is called binary."""
    try:
        assert decode(text.encode()) == (text.removeprefix("\ufeff"), None)
    except InputError as error:
        assert "binary file" in str(error)  # noqa: PT017


def test_newlines_stay():
    """No newline is translated."""
    assert decode(b"a\r\nb\rc\n\x0bd")[0] == "a\r\nb\rc\n\x0bd"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"],
)
def test_byte_order_marks(encoding):
    """A byte order mark names the encoding, whatever is given, and is removed."""
    text = WESTERN if encoding in ("utf-8-sig", "utf-16", "utf-32") else "\ufeff" + WESTERN
    assert decode(text.encode(encoding)) == (WESTERN, None)
    assert decode(text.encode(encoding), "cp1252") == (WESTERN, None)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (WESTERN, "cp1252"),
        ("Die Fischer verließen früh den Hafen, größer als je zuvor.", "latin-1"),
        ("The harbour café closed early on Tuesday.", "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        ("غادر الصيادون الميناء في الصباح الباكر رغم الرياح القوية.", "cp1256"),
        ("Οι ψαράδες έφυγαν νωρίς από το λιμάνι, αν και φυσούσε.", "cp1253"),
        ("港の漁師たちは朝早く出かけた。今日は風が強い。", "shift_jis"),
        ("港の漁師たちは朝早く出かけた。今日は風が強い。", "euc_jp"),
        ("漁民們清晨離開了港口，今天風很大。市長說明天會下雨。", "big5"),
        ("어부들은 아침 일찍 항구를 떠났다. 오늘은 바람이 강하다.", "euc_kr"),
    ],
)
def test_detection(text, encoding):
    """Text in the usual encodings of the web is detected, short or long, with a note."""
    for times in (1, 3000):
        read, note = decode((text * times).encode(encoding))
        assert read == text * times
        assert "by detection" in note


def test_the_first_odd_byte_may_stand_anywhere():
    """Detection looks where the file stops being ASCII, not only at its start."""
    text = "The ferry stayed. " * 20_000 + RUSSIAN
    assert decode(text.encode("cp1251"))[0] == text


def test_damaged_utf8_is_not_something_else():
    """A few broken bytes in UTF-8 become U+FFFD, with a note that says where."""
    data = WESTERN.encode() * 5
    read, note = decode(data + b"\xff" + data)
    assert read == WESTERN * 5 + "\ufffd" + WESTERN * 5
    assert f"from byte {len(data)} on; 1 broken" in note
    assert decode(data[:-3])[0].startswith(WESTERN * 4)


@pytest.mark.parametrize(
    "data",
    [
        *(b"%PDF-1.7\nplain words", b"PK\x03\x04 words", b"{\\rtf1 words}", b"\x1f\x8b words"),
        *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", bytes(1000), bytes(range(256)), b"\x00\x01"),
        *("words without a mark".encode("utf-16-le"), random.Random(1).randbytes(5000)),
    ],
)
def test_binary_files(data):
    """Bytes that are no text, or are text only by accident, are called binary."""
    with pytest.raises(InputError, match="binary file"):
        decode(data)


def test_a_stray_nul_is_text():
    """NUL in a text stays where it is."""
    assert (
        decode(b"The ferry stayed\x00 in the harbour.")[0] == "The ferry stayed\x00 in the harbour."
    )


def test_a_given_encoding_is_strict():
    """A given encoding is used as it is, and bytes that it does not know are refused."""
    assert decode(b"caf\xe9", "latin-1") == ("café", None)
    assert decode("café".encode("utf-16-le"), "utf-16-le") == ("café", None)
    with pytest.raises(InputError, match="not ascii"):
        decode(b"caf\xe9", "ascii")


@given(st.binary(max_size=300))
def test_any_bytes_decode_the_same_way_twice(data):
    """Bytes are text or refused, and always the same."""
    answers = []
    for _ in range(2):
        try:
            answers.append(decode(data))
        except InputError as error:
            answers.append(str(error))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("name", ["nonsense", "base64", "rot13", "", "utf\x008"])
def test_unknown_encodings(name):
    """A name that is no text encoding is refused with others that are."""
    with pytest.raises(InputError, match="try utf-8"):
        check_encoding(name)
    check_encoding("UTF8")
