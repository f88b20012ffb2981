"""What was inserted, deleted and replaced between two texts."""

from dataclasses import fields
from math import log

import numpy as np
import pytest

from provenance.lineage.edits import find_edits
from provenance.match.collapse import collapse
from provenance.model import Document

SWAPPED = {"inserted": "deleted", "inserted_log": "deleted_log", "inserted_long": "deleted_long"}
TURNED = ("top", "bottom", "growth")


def edits_of(one, other, marked=()):
    """Return the edits from the first list of sentences to the second one, by name."""
    texts = [Document("0", " ".join(one)), Document("1", " ".join(other))]
    corpus = collapse(texts, compile_kernels=False)
    flags = np.zeros(len(corpus.table.ids), np.bool_)
    for text, content in enumerate(corpus.texts):
        for line in marked:
            if line in content:
                part = corpus.table.slice(text)
                low = content.index(line)
                starts = corpus.table.starts[part]
                flags[part] |= (starts >= low) & (starts < low + len(line))
    a, b = (corpus.text_of[[i]].astype(np.int32) for i in (0, 1))
    found = find_edits(corpus, flags, a, b, np.zeros(len(corpus.table.vocabulary), np.bool_))
    return {f.name: float(getattr(found, f.name)[0]) for f in fields(found)}


def words(lines):
    """Return the number of words of sentences."""
    return len(" ".join(lines).split())


def test_equal_texts_have_no_edits(sentences):
    """Texts that differ in case only have no edit of any kind."""
    lines = sentences("lamp", 6)
    found = edits_of(lines, [*lines[:-1], f"{lines[-1]} More."])
    assert (found["inserted"], found["changed"]) == (1, 1)
    assert set(edits_of(lines, lines[:3] + lines[3:]).values()) == {0.0}


@pytest.mark.parametrize(("place", "top", "bottom"), [(0, 1, 0), (3, 0, 0), (6, 0, 1)])
def test_an_insertion_is_counted_where_it_stands(sentences, place, top, bottom):
    """A sentence that only the second text has is one long insertion, told at top and bottom."""
    lines, new = sentences("lamp", 6), sentences("new", 1)
    found = edits_of(lines, lines[:place] + new + lines[place:])
    size = log(1 + words(new))
    assert (found["inserted"], found["deleted"], found["replaced"]) == (1, 0, 0)
    assert (found["inserted_long"], found["changed"]) == (1, words(new))
    assert found["inserted_log"] == pytest.approx(size)
    assert found["top"] == pytest.approx(top * size)
    assert found["bottom"] == pytest.approx(bottom * size)


def test_a_replacement_tells_how_much_it_grew(sentences):
    """A sentence in another's place is a replacement, neither inserted nor deleted."""
    lines, new = sentences("lamp", 6), sentences("new", 3)
    found = edits_of(lines, [*lines[:2], *new, *lines[3:]])
    assert (found["inserted"], found["deleted"], found["replaced"]) == (0, 0, 1)
    assert found["growth"] == pytest.approx(log(1 + words(new)) - log(1 + words(lines[2:3])))
    assert found["changed"] == words(new) + words(lines[2:3])


def test_a_word_or_two_is_no_long_edit(sentences):
    """Only from eight words on an insertion is long."""
    lines = sentences("lamp", 6)
    found = edits_of(lines, [*lines[:3], "He said so again.", *lines[3:]])
    assert (found["inserted"], found["inserted_long"]) == (1, 0)


def test_edits_read_backwards_are_the_opposite_edits(sentences):
    """What is inserted one way is deleted the other way, and growth changes its sign."""
    lines, new = sentences("lamp", 10), sentences("new", 4)
    other = [*new[:1], *lines[:2], *new[1:3], *lines[3:6], *lines[7:9], *new[3:]]
    forth, back = edits_of(lines, other), edits_of(other, lines)
    assert min(forth["inserted"], forth["deleted"], forth["replaced"]) > 0
    swapped = SWAPPED | {value: key for key, value in SWAPPED.items()}
    for name, value in forth.items():
        sign = -1 if name in TURNED else 1
        assert back[swapped.get(name, name)] == pytest.approx(sign * value), name


def test_boilerplate_is_no_edit(sentences):
    """A marked line that only one text has was neither inserted nor deleted."""
    lines, line = sentences("lamp", 6), sentences("foot", 1)[0]
    plain = edits_of(lines, [*lines[:3], line, *lines[3:]])
    assert plain["inserted"] == 1
    assert set(edits_of(lines, [*lines[:3], line, *lines[3:]], [line]).values()) == {0.0}
