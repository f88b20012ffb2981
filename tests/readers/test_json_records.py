import io
import json

import pytest

from provenance.errors import InputError
from provenance.model import Document, Skipped
from provenance.readers.items import Note, Opened, Unnamed
from provenance.readers.json_records import is_json_object, read_json, read_json_lines
from provenance.readers.options import ReadOptions


def iter_lines(data, **options):
    """Read bytes as the JSON Lines file 'wire.jsonl', item by item."""
    return read_json_lines(Opened("wire.jsonl", io.BytesIO(data), ReadOptions(**options)))


def read_lines(data, encoding=None, **options):
    """Read bytes as the JSON Lines file 'wire.jsonl'."""
    return list(iter_lines(data, encoding=encoding, **options))


def test_one_document_a_line():
    """Each line is a document, called by the file and the number of its record."""
    first, second = read_lines(b'{"id": "a", "text": "One."}\r\n\n{"text": "Two."}')
    assert (first.id, first.text, first.path) == ("a", "One.", "wire.jsonl#1")
    assert isinstance(second, Unnamed)
    assert (second.document.id, second.document.path) == ("wire.jsonl#2", "wire.jsonl#2")
    assert first.offsets_of == "field"


@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "koi8_r"])
def test_lines_of_another_encoding_are_read_with_a_note(encoding):
    """An old encoding is detected, as that of a text is; lines in UTF-8 among them stay that."""
    text = {
        "cp1252": "Über den Fluss führt eine schöne alte Brücke, sagte der Bürgermeister – müde.",
        "koi8_r": "Инженеры закрыли мост через реку после того, как нашли трещины в опорах.",
        "cp1250": "Inżynierowie zamknęli most na rzece, ponieważ znaleźli pęknięcia w filarach.",
    }[encoding]
    line = json.dumps({"text": text}, ensure_ascii=False)
    data = b"\n".join([line.encode(encoding)] * 3 + [line.encode()])
    items = read_lines(data)
    notes = [item for item in items if isinstance(item, Note)]
    assert [item.document.text for item in items if not isinstance(item, Note)] == [text] * 4
    assert {note.message for note in notes} == {
        f"not UTF-8; read as {encoding} by detection (--encoding names another)"
    }
    assert [note.place for note in notes] == [f"wire.jsonl#{number}" for number in (1, 2, 3)]


def test_a_broken_character_in_utf8_is_replaced_with_a_note():
    """A line whose other characters are UTF-8 is read, and what is broken in it is U+FFFD."""
    good = '{"text": "' + "Größe " * 30
    note, item = read_lines(good.encode() + b'\xf6"}\n')
    assert item.document.text.endswith("Größe \ufffd")
    assert note.message == "not valid UTF-8; broken characters read as U+FFFD"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_lines_with_a_byte_order_mark_are_read_as_they_come(encoding):
    """A file of wide characters may be longer than a document; only a line may not."""
    lines = "".join(f'{{"id": "{i}", "text": "Größe \U0001f426 {i}"}}\n' for i in range(300))
    long = f'{{"id": "long", "text": "{"x" * 5000}"}}\n'
    data = ("\ufeff" + lines + long + '{"id": "last", "text": "y"}').encode(encoding)
    *first, skipped, last = read_lines(data, max_document=2000)
    assert [item.text for item in first] == [f"Größe \U0001f426 {i}" for i in range(300)]
    assert skipped.place == "wire.jsonl, line 301"
    assert last.id == "last"


def test_what_is_broken_in_wide_characters_ends_the_file():
    """Records before the place are read."""
    lines = "".join(f'{{"text": "{i}"}}\n' for i in range(2000))
    data = f"\ufeff{lines}".encode("utf-16-le") + b"\x00\xdc\x0a\x00"
    with pytest.raises(InputError, match="not utf-16-le"):
        read_lines(data)
    items = iter_lines(data)
    assert [next(items).document.text for _ in range(1500)] == [str(i) for i in range(1500)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "cut', "broken JSON: Invalid control character at (character 14)"),
        (b'{"text": 1,}', "broken JSON"),
        (b"{'text': 'x'}", "broken JSON"),
        (b'{"text": "x"} trailing', "broken JSON: Extra data"),
        (b'["text"]', "the record is a list, not an object"),
        (b'"text"', "the record is a string, not an object"),
        (b"null", "the record is null, not an object"),
        (b'{"text": "\x01\x02\x03\xe9"}', "not utf-8"),
        (b'{"text": "\x01\x02\x03\xe9"}', "--encoding"),
        (b'{"text": "x", "n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
        (b'{"text": "x", "n": ' + b"9" * 5000 + b"}", "too many digits"),
        (b'{"id": 7, "headline": "No body"}', "no text: the fields are 'id', 'headline'"),
        (b"{}", "no text: no fields"),
        (b'{"text": null}', "no text: the fields are 'text'"),
        (b'{"text": NaN}', "no text: the fields are 'text'"),
        (b'{"text": 12}', "the text (text) is a number, not a string"),
        (b'{"text": ["a", "b"]}', "the text (text) is a list, not a string"),
        (b'{"text": ""}', "empty text (text)"),
        (b'{"text": " \\n\\t\\u00a0"}', "empty text (text)"),
        (b'{"text": "x", "id": ["a"]}', "the id is a list, not a string or a number"),
        (b'{"text": "x", "id": true}', "the id is true or false, not a string or a number"),
    ],
)
def test_an_unusable_line_is_skipped(line, reason):
    """A line that holds no usable record is named with its reason; the others are read."""
    before, skipped, after = read_lines(b'\n{"text": "A."}\n' + line + b'\n{"text": "B."}\n')
    assert skipped.place == "wire.jsonl, line 3"
    assert reason in skipped.reason
    assert (before.document.path, after.document.path) == ("wire.jsonl#1", "wire.jsonl#3")


def test_many_fields_are_not_all_listed():
    """The reason for a record without text stays short, however many fields there are."""
    [skipped] = read_lines(json.dumps({f"field{n}" * 100: n for n in range(100)}).encode())
    assert "and 88 more" in skipped.reason
    assert len(skipped.reason) < 1000


@pytest.mark.parametrize("data", [b"", b"\n \r\n\t\n", b"\xef\xbb\xbf"])
def test_a_file_without_records_is_unusable(data):
    """A file of no lines, or of white space only, is empty."""
    with pytest.raises(InputError, match="empty file"):
        read_lines(data)


def test_lone_surrogates_and_nul_survive():
    """Escapes that Unicode does not allow alone, and NUL, stay in the text as they are."""
    [item] = read_lines(rb'{"text": "a\ud800b\u0000c \ud83d\ude00"}')
    assert item.document.text == "a\ud800b\x00c \U0001f600"


def test_newlines_inside_a_text_stay():
    """Neither CR LF nor the separators of Unicode are newlines of the file or changed."""
    [item] = read_lines('{"text": "a\\r\\nb\\rc\u2028d\x85e"}'.encode())
    assert item.document.text == "a\r\nb\rc\u2028d\x85e"


def test_nan_elsewhere_is_a_missing_value():
    """NaN and Infinity, which pandas writes, are nulls: what follows stays valid JSON."""
    [item] = read_lines(b'{"text": "x", "title": NaN, "score": Infinity}')
    assert item.document.title is None
    assert item.document.metadata == {"score": None}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(encoding):
    """A byte order mark names the encoding and is removed."""
    data = '{"text": "Größe"}\n{"text": "\u0a0a"}\n'.encode(encoding)
    assert [item.document.text for item in read_lines(data)] == ["Größe", "\u0a0a"]


def test_a_given_encoding_decodes_each_line():
    """With an encoding given lines are in it, and one that is not does not stop the others."""
    data = '{"text": "Zürich"}\n'.encode("cp1252")
    [item] = read_lines(data, "cp1252")
    assert item.document.text == "Zürich"
    skipped, item = read_lines(b'{"text": "\x81"}\n' + data, "cp1252")
    assert isinstance(skipped, Skipped)
    assert item.document.text == "Zürich"


def test_a_mark_overrules_a_given_encoding():
    """A byte order mark is believed before what the user says of all files."""
    [item] = read_lines('{"text": "Zürich"}'.encode("utf-8-sig"), "cp1252")
    assert item.document.text == "Zürich"


def test_a_binary_file_is_not_many_broken_lines():
    """A file that begins as a known kind that is no text is refused as a whole."""
    with pytest.raises(InputError, match="gzip data without the suffix"):
        read_lines(b"\x1f\x8b\n\x00\n\x01\n")


def test_a_line_of_many_megabytes():
    """One record may be as long as a file."""
    text = "harbour " * 1_000_000
    [item] = read_lines(json.dumps({"text": text}).encode())
    assert item.document.text == text


def read_file(data, encoding=None):
    """Read bytes as the JSON file 'page.json'."""
    return list(read_json(Opened("page.json", io.BytesIO(data), ReadOptions(encoding))))


def test_a_json_file_of_one_record():
    """An object is one document, called by the file alone."""
    [item] = read_file(b'{\n "text": "One.",\n "k": 1\n}\n')
    assert (item.document.id, item.document.metadata) == ("page.json", {"k": 1})


def test_a_json_file_of_many_records():
    """An array gives a document for each usable record, and a reason for any other."""
    one, skipped, three = read_file(b'[{"text": "1"}, 5, {"id": 3, "text": "3"}]')
    assert one.document.path == "page.json#1"
    assert skipped == Skipped("page.json#2", "the record is a number, not an object")
    assert isinstance(three, Document)
    assert (three.id, three.path) == ("3", "page.json#3")


def test_a_json_file_of_lines():
    """A .json file that holds JSON Lines is read as such."""
    items = read_file(b'{"text": "1"}\n{"text": "2"\n{"text": "3"}\n')
    assert [type(item) for item in items] == [Unnamed, Skipped, Unnamed]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b" \n", "empty file"), (b"[]", "empty array"), (b"{", "broken JSON"), (b"\0\1", "binary")],
)
def test_an_unusable_json_file(data, reason):
    """A JSON file without records raises with the reason."""
    with pytest.raises(InputError, match=reason):
        read_file(data)


def test_a_json_file_in_another_encoding():
    """A JSON file that is not UTF-8 is detected, with a note."""
    note, item = read_file('{"text": "Ein schöner Tag für größere Züge."}'.encode("cp1252"))
    assert isinstance(note, Note)
    assert item.document.text == "Ein schöner Tag für größere Züge."


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b'{"a": 1}\n', True),
        (b'\xef\xbb\xbf{"a": 1}', True),
        (b"[1]", False),
        (b"{a}", False),
        (b"\xff", False),
        (b"[" * 100_000, False),
        (b"", False),
    ],
)
def test_is_json_object(line, answer):
    """Only a whole JSON object is one."""
    assert is_json_object(line) is answer
