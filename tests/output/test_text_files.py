import json
from pathlib import PurePosixPath

import pytest
from any_text import texts
from hypothesis import example, given
from hypothesis import strategies as st

from provenance.errors import ResultError
from provenance.model import Document, Skipped
from provenance.output.text_files import INDEX, file_name, prepare, write_texts


def test_texts_are_files_in_which_offsets_hold(tmp_path):
    """Each text is a file with its own newlines; the index says which, sorted by id."""
    documents = [
        Document("sub/b.txt", "One\r\ntwo\n\u2028three \ud800"),
        Document("https://a.example/x?y=1", "Größe"),
        Document("crawl.warc.gz#7", "Seven."),
    ]
    skipped = Skipped("x", "y")
    folder = prepare(tmp_path / "texts")
    assert list(write_texts([*documents, skipped], folder)) == [*documents, skipped]
    index = [json.loads(line) for line in (folder / INDEX).read_text().splitlines()]
    assert [row["id"] for row in index] == sorted(document.id for document in documents)
    assert index[0]["file"] == "crawl.warc.gz#7.txt"
    assert index[2]["file"] == "sub/b.txt"
    for document in documents:
        [file] = [row["file"] for row in index if row["id"] == document.id]
        assert (folder / file).read_bytes().decode("utf-8", "surrogatepass") == document.text


def test_a_folder_with_other_files_is_refused(tmp_path):
    """Nothing is written among other files, nor in place of one."""
    (tmp_path / "a").write_text("x")
    with pytest.raises(ResultError, match="not empty"):
        prepare(tmp_path)
    with pytest.raises(ResultError, match="cannot hold texts"):
        prepare(tmp_path / "a")


PIECES = (
    "..",
    ".",
    "/",
    "\\",
    "a",
    "A.",
    " ",
    "con",
    "~",
    "\0",
    "é",
    "#1",
    "://",
    ".txt",
    "x" * 99,
)
ids = texts | st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)


@given(st.sets(ids.filter(bool), max_size=5))
@example({".. ../", "a"})
def test_every_id_has_a_file_of_its_own_below_the_folder(names):
    """Whatever an id is, its file lies below the folder and is that of no other id."""
    files = [file_name(name) for name in names]
    assert len(set(files)) == len(names)
    for file in files:
        path = PurePosixPath(file)
        assert not path.is_absolute()
        assert not any(part.startswith(".") or part != part.strip(" ") for part in path.parts)
        assert "\\" not in file
        assert "\0" not in file
        assert file.endswith(".txt")
        assert str(path) == file
