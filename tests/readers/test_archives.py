import gzip
import io
import json
import stat
import struct
import tarfile
import zipfile

import pytest

from provenance.model import Document, Skipped
from provenance.readers import Note, read

FILES = {
    "b/two.jsonl": b'{"id": "j", "text": "Two."}\n{"text": "Three."}\n',
    "one.txt": b"One.",
    "packed.txt.gz": gzip.compress(b"Packed.", mtime=0),
    "photo.jpg": b"\xff\xd8\xff",
}


def read_all(*paths, **options):
    """Read paths to lists of documents, skipped input and notes."""
    items = list(read(paths, **options))
    kinds = (Document, Skipped, Note)
    return tuple([item for item in items if isinstance(item, kind)] for kind in kinds)


def zipped(files):
    """Return a zip of files by their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def tarred(files, mode="w"):
    """Return a tar of files by their names."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.zip", zipped(FILES)),
        ("x.zip.gz", gzip.compress(zipped(FILES), mtime=0)),
        ("x.tar", tarred(FILES)),
        ("x.tar.gz", gzip.compress(tarred(FILES), mtime=0)),
        ("x.tgz", gzip.compress(tarred(FILES), mtime=0)),
        ("x.tar.bz2", tarred(FILES, "w:bz2")),
        ("x.txz", tarred(FILES, "w:xz")),
        ("x", zipped(FILES)),
        ("x", tarred(FILES)),
        ("y.zip", None),
    ],
    ids=["zip", "zip.gz", "tar", "tar.gz", "tgz", "tar.bz2", "txz", "zip?", "tar?", "nested"],
)
def test_the_files_of_an_archive(tmp_path, name, data):
    """Files in an archive are read by their suffixes and called by both paths."""
    if data is None:
        data = zipped({"x.tar": tarred(FILES)})
    (tmp_path / name).write_bytes(data)
    documents, skipped, notes = read_all(tmp_path)
    prefix = "y.zip/x.tar" if name == "y.zip" else name
    assert sorted((d.id, d.text) for d in documents) == sorted(
        [
            ("j", "Two."),
            (f"{prefix}/b/two.jsonl#2", "Three."),
            (f"{prefix}/one.txt", "One."),
            (f"{prefix}/packed.txt.gz", "Packed."),
        ]
    )
    assert [s.place for s in skipped] == [f"{prefix}/photo.jpg"]
    assert notes == []


@pytest.mark.parametrize("make", [zipped, tarred])
@pytest.mark.parametrize(
    "name", ["../out.txt", "/etc/out.txt", "a/../../out.txt", "C:\\out.txt", "..\\out.txt"]
)
def test_a_path_that_leads_out_of_the_archive_is_not_followed(tmp_path, make, name):
    """A file whose path leaves the archive is skipped, and nothing is written anywhere."""
    folder = tmp_path / "in" / "side"
    folder.mkdir(parents=True)
    (folder / "x.arc").write_bytes(make({name: b"Out.", "one.txt": b"One."}))
    (folder / "x.arc").rename(folder / ("x.zip" if make is zipped else "x.tar"))
    before = sorted(tmp_path.rglob("*"))
    [document], [skipped], _ = read_all(folder)
    assert document.text == "One."
    assert skipped.reason == "its path leads out of the archive"
    assert sorted(tmp_path.rglob("*")) == before


def test_links_devices_and_hidden_files_are_passed_over(tmp_path):
    """What is no plain file of its own is skipped by name."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind in (("l.txt", tarfile.SYMTYPE), ("h.txt", tarfile.LNKTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        device = tarfile.TarInfo("d.txt")
        device.type = tarfile.CHRTYPE
        archive.addfile(device)
    (tmp_path / "x.tar").write_bytes(stream.getvalue())
    link = zipfile.ZipInfo("l.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("__MACOSX/._a.txt", "x")
        archive.writestr(".git/a.txt", "x")
    documents, skipped, _ = read_all(tmp_path)
    assert documents == []
    assert {s.place: s.reason for s in skipped} == {
        "x.tar/l.txt": "a link",
        "x.tar/h.txt": "a link",
        "x.tar/d.txt": "a device or another special file",
        "x.zip/l.txt": "a link",
        "x.zip/__MACOSX/._a.txt": "hidden file",
        "x.zip/.git/a.txt": "hidden file",
    }


def test_a_file_without_a_name_is_passed_over(tmp_path):
    """The others of the archive are read."""
    data = zipped({"x": b"Nameless.", "b.txt": b"Named."})
    end = data.index(b"PK\x01\x02")
    head, central = data[:end], data[end:]
    # of the first member both heads, with names of no length; places behind move by a byte
    head = head[:26] + b"\0\0" + head[28:30] + head[31:]
    central = central[:28] + b"\0\0" + central[30:46] + central[47:]
    second = central.index(b"PK\x01\x02", 4)
    place = struct.pack("<I", struct.unpack_from("<I", central, second + 42)[0] - 1)
    central = central[: second + 42] + place + central[second + 46 :]
    last = central.index(b"PK\x05\x06")
    central = central[: last + 12] + struct.pack("<II", last, len(head)) + central[last + 20 :]
    (tmp_path / "a.zip").write_bytes(head + central)
    documents, skipped, _ = read_all(tmp_path / "a.zip")
    assert [document.text for document in documents] == ["Named."]
    assert skipped == [Skipped("a.zip/", "it has no name")]


def test_a_bomb_is_not_unpacked(tmp_path):
    """Data that grows more than text can is refused; what is beside it is read."""
    zeros = bytes(300_000_000)
    (tmp_path / "a.zip").write_bytes(zipped({"a.txt": b"A.", "bomb.txt": zeros}))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "B."}\n' + zeros, 9))
    (tmp_path / "c.tar.gz").write_bytes(gzip.compress(tarred({"bomb.csv": zeros}), 9))
    (tmp_path / "d.txt").write_text("D.")
    documents, skipped, _ = read_all(tmp_path)
    assert {d.text for d in documents} == {"A.", "B.", "D."}
    assert {s.place.split("/")[0] for s in skipped} == {"a.zip", "b.jsonl.gz", "c.tar.gz"}
    assert all("bomb" in s.reason or "--max-document" in s.reason for s in skipped)


def test_a_bomb_of_files_that_share_their_data(tmp_path):
    """Many large files in a small archive are refused together, though each alone is not."""
    part = json.dumps({"text": "word" + " " * 10_000_000}).encode()
    (tmp_path / "a.zip").write_bytes(zipped({f"{n:03}.jsonl": part for n in range(10)}))
    documents, skipped, _ = read_all(tmp_path)
    assert len(documents) < 10
    assert "bomb" in skipped[-1].reason


def test_archives_in_archives_end(tmp_path):
    """A file with more than three archives around it is passed over."""
    data = zipped({"a.txt": b"A."})
    for number in range(6):
        data = zipped({f"{number}.zip": data, f"{number}.txt": f"Text {number}.".encode()})
    (tmp_path / "x.zip").write_bytes(data)
    documents, skipped, _ = read_all(tmp_path)
    assert {d.text for d in documents} == {"Text 5.", "Text 4.", "Text 3."}
    assert [s.place.rpartition("/")[2] for s in skipped] == ["2.txt", "2.zip"]
    assert {s.reason for s in skipped} == {"more than 3 archives around it"}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("x.zip", b"", "damaged zip"),
        ("x.zip", b"PK\x03\x04 no zip", "damaged zip"),
        ("x.zip", zipped(FILES)[:-30], "damaged zip"),
        ("x.zip", zipped({}), "an empty archive"),
        ("x.tar", b"", "damaged or cut off tar"),
        ("x.tar", b"no tar" * 200, "damaged or cut off tar"),
        ("x.tar", tarred({"a.txt": b"words " * 500})[:2000], "damaged or cut off tar"),
    ],
)
def test_a_damaged_archive_is_skipped(tmp_path, name, data, reason):
    """An archive that cannot be opened, or ends too soon, is told of, and others are read."""
    (tmp_path / name).write_bytes(data)
    (tmp_path / "z.txt").write_text("Z.")
    documents, skipped, _ = read_all(tmp_path)
    assert documents[-1].text == "Z."
    assert skipped[-1].place == name
    assert skipped[-1].reason.startswith(reason)


def test_a_damaged_file_harms_no_other_in_a_zip(tmp_path):
    """A file whose sum is wrong is told of by its path; the others are read."""
    data = zipped({"a.txt": b"words " * 100, "b.txt": b"B."})
    at = data.index(b"a.txt") + len("a.txt") + 2
    (tmp_path / "x.zip").write_bytes(data[:at] + b"\xff\xff" + data[at + 2 :])
    [document], [skipped], _ = read_all(tmp_path)
    assert document.text == "B."
    assert skipped.place == "x.zip/a.txt"
