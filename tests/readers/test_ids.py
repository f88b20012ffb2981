import hashlib
import re
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import InputError
from provenance.model import Document, Skipped
from provenance.readers.ids import assign_ids
from provenance.readers.items import Note, Unnamed


def named(name, text="Text.", path="a.jsonl#1"):
    """Make a document with an id of its own."""
    return Document(name, text, path=path)


def unnamed(name, text="Text.", path="a.txt"):
    """Make a document that is called by its URL or path."""
    return Unnamed(Document(name, text, path=path))


def ids(items, duplicate_ids="error"):
    """Return the ids of all documents."""
    given = [("news/a", item) for item in items]
    return [document.id for document in assign_ids(given, duplicate_ids)]


def test_single_ids_stay():
    """What nobody shares stays as it is."""
    assert ids([named("x"), unnamed("y"), named("z")]) == ["x", "z", "y"]


def test_other_items_pass():
    """What is no document passes through."""
    others = [Skipped("a", "b"), Note("c", "d")]
    assert list(assign_ids(("", item) for item in others)) == others


def test_own_ids_are_not_held_back():
    """Documents with ids of their own are given at once."""
    stream = assign_ids(iter([("", named("x")), ("", unnamed("y")), ("", named("z"))]))
    assert next(stream).id == "x"


def test_an_own_id_twice_is_an_error():
    """An id given twice names both places and the option that goes on."""
    first = ("news/a.jsonl", named("x", path="a.jsonl#3"))
    second = ("more/b.json", named("x", path="b.json"))
    with pytest.raises(InputError) as raised:
        list(assign_ids([first, second]))
    sentence = str(raised.value)
    assert "'x'" in sentence
    assert "record 3 of news/a.jsonl and more/b.json" in sentence
    assert "--duplicate-ids suffix" in sentence


def test_own_ids_with_suffixes():
    """With suffixes, all that share an id get the start of their text's SHA-256; others stay."""
    marks = [hashlib.sha256(text).hexdigest()[:8] for text in (b"A.", b"B.")]
    items = [named("x", "A."), named("y"), named("x", "B.")]
    assert ids(items, "suffix") == [f"x#{marks[0]}", "y", f"x#{marks[1]}"]


def test_shared_urls_are_told_apart_by_text():
    """Documents of one URL each get a mark of their text; none of them keeps the bare URL."""
    url = "https://example.org/ferry"
    first, second = ids([unnamed(url, "A."), unnamed(url, "B.")])
    assert re.fullmatch(rf"{url}#[0-9a-f]{{8}}", first)
    assert re.fullmatch(rf"{url}#[0-9a-f]{{8}}", second)
    assert first != second


def test_equal_texts_are_counted():
    """Equal texts of one URL are told apart by number."""
    one, two, three = ids([unnamed("u")] * 3)
    assert (two, three) == (f"{one}-2", f"{one}-3")


def test_an_own_id_comes_before_a_path():
    """A path that is somebody's own id gives way, whichever is read first."""
    for items in ([named("a.txt"), unnamed("a.txt")], [unnamed("a.txt"), named("a.txt")]):
        own, other = ids(items)
        assert own == "a.txt"
        assert other.startswith("a.txt#")


def test_a_mark_that_is_taken_is_not_used():
    """A suffix never makes an id that another document has."""
    marked, _ = ids([unnamed("u", "A."), unnamed("u", "B.")])
    everyone = ids([unnamed("u", "A."), unnamed("u", "B."), named(marked), unnamed(f"{marked}-2")])
    assert len(set(everyone)) == 4


@pytest.mark.parametrize("kind", [named, unnamed])
def test_the_mark_of_hidden_sources_is_escaped(kind):
    """An id that would begin with '~' begins with '%7E'; any other '~' stays."""
    assert ids([kind("~AP#1"), kind("a~b")]) == ["%7EAP#1", "a~b"]


def test_escaped_ids_are_compared():
    """An id that is the same only once escaped is a duplicate too."""
    with pytest.raises(InputError, match="given twice"):
        ids([named("~x"), named("%7Ex")])


def test_lone_surrogates():
    """A text that is no valid Unicode has a mark like any other."""
    assert len(set(ids([unnamed("u", "\ud800"), unnamed("u", "\ud801")]))) == 2


pieces = st.sampled_from(["u", "v", "~w", "u#559aead0"])
documents = st.builds(unnamed, pieces, st.sampled_from(["A.", "B."]), st.sampled_from("xyz"))


@given(st.lists(documents, max_size=5))
def test_ids_do_not_depend_on_order(items):
    """Every order of the same documents gives the same ids, all of them different."""

    def described(order):
        given = assign_ids(("", item) for item in order)
        return sorted((d.id, d.text, d.path) for d in given)

    expected = described(items)
    assert len({name for name, _, _ in expected}) == len(items)
    for order in list(permutations(items))[:24]:
        assert described(order) == expected


def test_what_is_known_breaks_ties_before_the_path():
    """Equal texts are ordered by what is known about them, not by where they stand."""
    early = replace(unnamed("u", path="b").document, title="A")
    late = replace(unnamed("u", path="a").document, title="B")
    marked = {d.title: d.id for d in assign_ids([("", Unnamed(late)), ("", Unnamed(early))])}
    assert marked["B"] == marked["A"] + "-2"
