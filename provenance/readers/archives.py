"""Zip and tar: each file in them is read as if it lay in a folder; nothing is unpacked to disk.

A file that would leave the archive's folder, a link, and what is locked are passed over.
"""

import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final, cast

from provenance.errors import InputError
from provenance.model import Skipped
from provenance.readers.compression import check_expansion
from provenance.readers.items import Item, Opened
from provenance.readers.streams import copied

_LARGEST_COPY: Final = 16 << 30
_DAMAGED: Final = (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, OSError)


def read_zip(opened: Opened) -> Iterator[Item]:
    """Yield what the files in a zip hold, called by the archive's path and their own.

    Raises `InputError` where it is damaged, or grows like a bomb when unpacked.
    """
    stream = opened.stream if opened.seekable else copied(opened.stream, _LARGEST_COPY)
    try:
        yield from _read_zip(opened, stream)
    finally:
        if stream is not opened.stream:
            stream.close()


def _read_zip(opened: Opened, stream: BinaryIO) -> Iterator[Item]:
    size = stream.seek(0, os.SEEK_END)
    try:
        archive = zipfile.ZipFile(stream)
    except (*_DAMAGED, ValueError, UnicodeDecodeError) as error:
        raise InputError(f"damaged zip: {_words(error)}") from None
    with archive:
        expanded = 0
        members = [m for m in archive.infolist() if not m.filename.endswith("/")]
        for member in sorted(members, key=lambda member: member.filename):
            path = f"{opened.path}/{member.filename}"
            if reason := _refused(member.filename):
                yield Skipped(path, reason)
            elif member.external_attr >> 16 & 0o170000 == 0o120000:
                yield Skipped(path, "a link")
            elif member.flag_bits & 1:
                yield Skipped(path, "locked with a password")
            else:
                # Files of an archive may share their data: what counts is all of them together.
                expanded += member.file_size
                check_expansion(expanded, size)
                try:
                    with archive.open(member) as inner:
                        yield from opened.inside(path, cast("BinaryIO", inner))
                except (*_DAMAGED, RuntimeError, ValueError) as error:
                    yield Skipped(path, f"damaged in the zip: {_words(error)}")
        if not members:
            raise InputError("an empty archive")


def read_tar(opened: Opened) -> Iterator[Item]:
    """Yield what the files in a tar hold, in its order, called by the archive's path and their own.

    Raises `InputError` where it is damaged or cut off.
    """
    count = 0
    try:
        with tarfile.open(fileobj=opened.stream, mode="r|") as archive:
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined] # else it keeps them all
                count += 1
                path = f"{opened.path}/{member.name}"
                if member.isdir():
                    continue
                if reason := _refused(member.name):
                    yield Skipped(path, reason)
                elif member.issym() or member.islnk():
                    yield Skipped(path, "a link")
                elif not member.isreg() or (inner := archive.extractfile(member)) is None:
                    yield Skipped(path, "a device or another special file")
                else:
                    with inner:
                        yield from opened.inside(path, cast("BinaryIO", inner))
    except (tarfile.TarError, ValueError, OverflowError) as error:
        raise InputError(f"damaged or cut off tar: {_words(error)}") from None
    if not count:
        raise InputError("an empty archive")


def _refused(name: str) -> str | None:
    """Say why a name in an archive is no path in its folder; None where it is one."""
    if not name:
        return "it has no name"
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ":" in parts[0][:2] or ".." in parts:
        return "its path leads out of the archive"
    if "\0" in name:
        return "its path is no name of a file"
    if any(part.startswith(".") and part != "." for part in parts) or parts[0] == "__MACOSX":
        return "hidden file"
    return None


def _words(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:300] or type(error).__name__
