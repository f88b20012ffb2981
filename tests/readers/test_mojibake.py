import json

import pytest

import provenance
from provenance.readers import Note, read
from provenance.readers.items import gather_notes
from provenance.readers.mojibake import NOTE, is_mojibake

TEXTS = [
    "Das Fährhaus öffnet später für Gäste.",
    "“We stayed,” the keeper’s daughter said — twice.",
    "Маяк погас во вторник ночью.",
    "La lámpara del faro se apagó; él subió.",
    "灯台の灯が消えた。守り人は",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_text_read_in_another_encoding_is_noticed(text, encoding):
    """UTF-8 that was read as windows-1252 or latin-1 is mojibake; the text itself is none."""
    assert not is_mojibake(text)
    wrong = "".join(
        bytes([byte]).decode(encoding, "replace").replace("\ufffd", chr(byte))
        for byte in text.encode()
    )
    assert is_mojibake(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "NÃO À VENDA, SÃO PAULO, ÂMBAR",
        "Ñandú, AÑO, MAÑANA «Â»",
        "€5, £6, ½ – ©2023",
        "one CafÃ© alone",
    ],
)
def test_letters_that_look_like_it_are_none(text):
    """Capital letters with marks, symbols, and a single such place are no mojibake."""
    assert not is_mojibake(text)


def test_the_note_is_the_same_in_bulk(tmp_path):
    """Read in bulk or one by one, the same records are noted, and the text is not repaired."""
    wrong = TEXTS[0].encode().decode("cp1252")
    texts = [wrong, TEXTS[0], f'"{wrong}"', wrong, TEXTS[2]]
    lines = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(texts)]
    lines[3] = lines[3].replace('"text"', '"metadata": {}, "text"')
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    items = list(read(tmp_path))
    assert [i.place for i in items if isinstance(i, Note)] == [f"a.jsonl#{n}" for n in (1, 3, 4)]
    assert items[0].text == wrong
    notes = []
    for compiled in (True, False):
        audit = provenance.scan(
            read(tmp_path),
            provenance.Config(passages=False),
            compile_kernels=compiled,
            keep_texts=not compiled,
        )
        notes.append(audit.notes)
    said = Note("a.jsonl", f"{NOTE} (3 times, first in a.jsonl#1)")
    assert notes == [(said,), (said,)]


def test_what_is_said_of_many_records_is_said_once():
    """Notes of one file with the same words are one, in the order of places."""
    notes = [Note("b#10", "x"), Note("b#9", "x"), Note("b#2", "y"), Note("a", "x")]
    assert gather_notes(notes) == (
        Note("a", "x"),
        Note("b", "x (2 times, first in b#9)"),
        Note("b#2", "y"),
    )
