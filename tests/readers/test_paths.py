import os
import socket

import pytest

from provenance.errors import InputError
from provenance.model import Skipped
from provenance.readers.paths import InputFile, find


def names(found):
    """List what is called what: files by path, the rest by place and reason."""
    return [
        item.path if isinstance(item, InputFile) else (item.place, item.reason) for item in found
    ]


@pytest.fixture
def folder(tmp_path):
    """Make a folder with files at two depths."""
    for name in ("b.txt", "a.txt", "sub/deep/c.txt", "sub/a.txt", "sub.txt"):
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "news"


def test_a_folder_is_read_with_its_folders(folder):
    """Files are sorted by their path, which begins below the folder and has '/' in it."""
    expected = ["a.txt", "b.txt", "sub.txt", "sub/a.txt", "sub/deep/c.txt"]
    assert names(find([folder])) == expected
    assert names(find([f"{folder}/"])) == expected


def test_the_current_folder(folder, monkeypatch):
    """A dot names a folder like any other."""
    monkeypatch.chdir(folder / "sub")
    assert names(find(["."])) == ["a.txt", "deep/c.txt"]


def test_a_file_is_called_by_its_name(folder):
    """A file given by name is called by the name alone."""
    [file] = find([str(folder / "sub" / "a.txt")])
    assert (file.path, file.named) == ("a.txt", True)


def test_paths_keep_their_order(folder):
    """Paths are read as given; what is sorted is what is inside a folder."""
    assert names(find([folder / "b.txt", folder / "a.txt"])) == ["b.txt", "a.txt"]


@pytest.mark.parametrize("path", ["", "nowhere", "a\0b", "a.txt/inside", "x" * 5000])
def test_a_path_that_is_not_there(folder, path, monkeypatch):
    """A path that cannot exist is an error at once, and its sentence names it."""
    monkeypatch.chdir(folder)
    with pytest.raises(InputError, match=r"path is empty|no file or folder|cannot read"):
        find([folder, path])


def test_an_address_of_the_web_is_one_file():
    """An address is called by the last part of its path, else by its host."""
    addresses = ["https://example.org/news/ferry.html?page=1", "https://example.org/"]
    assert names(find(addresses)) == ["ferry.html", "example.org"]


def test_an_address_of_an_unknown_scheme():
    """A scheme that nothing reads is an error that names the address."""
    with pytest.raises(InputError, match="cannot read carrier://pigeon"):
        find(["carrier://pigeon"])


def test_no_paths():
    """No path at all is an error."""
    with pytest.raises(InputError, match="nothing to read"):
        find([])


def test_hidden_entries_are_counted(folder):
    """A hidden file or folder is passed over with a word, unless it is given by name."""
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("x")
    (folder / "sub" / ".draft.txt").write_text("x")
    skipped = [item for item in find([folder]) if isinstance(item, Skipped)]
    assert skipped == [
        Skipped(".git/", "hidden folder"),
        Skipped("sub/.draft.txt", "hidden file"),
    ]
    assert names(find([folder / ".git"])) == ["x.txt"]
    assert names(find([folder / "sub" / ".draft.txt"])) == [".draft.txt"]


def test_a_folder_without_files(tmp_path):
    """A folder in which there is nothing to read says so."""
    (tmp_path / "empty" / "emptier").mkdir(parents=True)
    assert names(find([tmp_path / "empty"])) == [("empty/", "no readable files in this folder")]


def test_links_that_lead_back_end(folder):
    """A link to a folder above or beside is followed once and no further."""
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "0sub").symlink_to(folder / "sub")
    (folder / "self").symlink_to(folder / "self")
    found = find([folder])
    assert [item for item in names(found) if isinstance(item, str)] == [
        *("a.txt", "b.txt", "sub.txt", "sub/a.txt", "sub/deep/c.txt"),
    ]
    reasons = {item.place: item.reason for item in found if isinstance(item, Skipped)}
    assert reasons.keys() == {"0sub/", "sub/up/", "self"}
    assert reasons["0sub/"] == "a link to a folder that is read already"


def test_a_linked_folder_is_read(folder, tmp_path):
    """A link to a folder elsewhere is followed."""
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "d.txt").write_text("d")
    (folder / "linked").symlink_to(tmp_path / "else")
    assert "linked/d.txt" in names(find([folder]))


def test_a_file_is_read_once(folder):
    """Two ways to one file count once, and the same one whatever the order of the paths."""
    (folder / "0link.txt").symlink_to(folder / "b.txt")
    assert ("0link.txt", "the same file as b.txt") in names(find([folder]))
    paths = [folder, folder / "sub" / "a.txt", folder / "sub"]
    for order in (paths, paths[::-1]):
        found = find(order)
        kept = sorted(item.path for item in found if isinstance(item, InputFile))
        assert kept == ["a.txt", "a.txt", "b.txt", "deep/c.txt", "sub.txt"]
    twice = find([folder / "a.txt", folder / "a.txt"])
    assert names(twice) == ["a.txt", ("a.txt", "the same file as a.txt")]


def test_what_is_no_file_is_not_opened(folder):
    """Pipes, sockets and links that lead nowhere are passed over, not waited for."""
    os.mkfifo(folder / "pipe")
    (folder / "lost").symlink_to(folder / "gone")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "s"))
        reasons = {i.place: i.reason for i in find([folder]) if isinstance(i, Skipped)}
    special = "a pipe, socket or device"
    assert reasons == {"pipe": special, "s": special, "lost": "a link that leads nowhere"}
    [skipped] = find([folder / "pipe"])
    assert skipped.reason.startswith(special)


def test_an_unreadable_folder_is_skipped(folder, monkeypatch):
    """A folder that may not be listed is named, and the rest is read."""
    scan = os.scandir

    def refuse(path):
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = find([folder])
    assert Skipped("sub/deep/", "unreadable folder: Permission denied") in found
    assert len(found) == 5


def test_a_deep_folder(tmp_path):
    """A folder may be deeper than Python's recursion."""
    path = tmp_path
    for _ in range(400):
        path /= "a"
    path.mkdir(parents=True)
    (path / "x.txt").write_text("x")
    [file] = find([tmp_path])
    assert file.path == "a/" * 400 + "x.txt"
