"""Addresses (`s3://`, `gs://`, `https://`, `memory://`, ...) through fsspec."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, cast
from urllib.parse import unquote, urlsplit

from provenance.errors import InputError, MissingExtra
from provenance.model import Skipped
from provenance.readers.paths import InputFile

_WEB: Final = ("http://", "https://")
_BUFFER: Final = 1 << 18
_MAGIC: Final = frozenset("*?[")


def find_remote(address: str) -> Iterator[InputFile | Skipped]:
    """List the files at an address: one file, those of a folder, or what a pattern fits.

    They are called as local ones would be. Raises `InputError` where there is none or the
    place cannot be reached, `MissingExtra` where fsspec is not installed.
    """
    if address.startswith(_WEB):
        name = unquote(urlsplit(address).path.rstrip("/").rpartition("/")[2])
        yield _file(name or urlsplit(address).netloc, address, named=True)
        return
    system, path = _system(address)
    found: list[str] = []
    try:
        if _MAGIC & set(path):
            fixed = path[: min(path.index(mark) for mark in _MAGIC if mark in path)]
            root = fixed.rpartition("/")[0]
            found = [name for name in sorted(system.glob(path)) if system.isfile(name)]
        elif system.isdir(path):
            root, found = path, sorted(system.find(path))
        elif system.exists(path):
            yield _file(path.rpartition("/")[2], system.unstrip_protocol(path), named=True)
            return
    except Exception as error:  # whatever the service of the address raises
        raise InputError(_unreachable(address, error)) from error
    if not found:
        raise InputError(f"there is no file or folder {address!r}")
    for name in found:
        below = name[len(root) :].lstrip("/") if name.startswith(root) else name
        if any(part.startswith(".") for part in below.split("/")):
            yield Skipped(below, "hidden file")
        else:
            yield _file(below, system.unstrip_protocol(name), named=False)


def open_remote(address: str) -> BinaryIO:
    """Open a file at an address for reading; raise `InputError` where that fails."""
    system, path = _system(address)
    try:
        # fsspec's own buffer reads no line up to a limit
        return cast("BinaryIO", io.BufferedReader(system.open(path, "rb"), _BUFFER))
    except FileNotFoundError:
        raise InputError("the file vanished before it was read") from None
    except Exception as error:
        raise InputError(_unreachable(address, error)) from error


def _system(address: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise MissingExtra(f"reading {address}", "remote") from None
    try:
        system, path = url_to_fs(address)
    except Exception as error:
        raise InputError(_unreachable(address, error)) from error
    return system, path


def _file(path: str, address: str, *, named: bool) -> InputFile:
    return InputFile(path, address, named=named, linked=False, real=address)


def _unreachable(address: str, error: Exception) -> str:
    words = (str(error).splitlines() or [""])[0][:300] or type(error).__name__
    return f"cannot read {address}: {words}"
