"""The texts that were read, each as a file, so that every offset can be checked."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from provenance.errors import ResultError
from provenance.json_text import encode
from provenance.model import Document

INDEX: Final = "index.jsonl"

_Item = TypeVar("_Item")
_LONGEST: Final = 120
_UNSAFE: Final = re.compile(r"[^\w.,;=@+#()\[\] -]")
# Names that Windows keeps for itself, with any suffix.
_KEPT: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def prepare(directory: str | os.PathLike[str]) -> Path:
    """Return a new or empty folder for texts; raise `ResultError` where it is neither."""
    folder = Path(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        used = any(folder.iterdir())
    except OSError as error:
        raise ResultError(f"{folder} cannot hold texts: {error.strerror}") from None
    if used:
        raise ResultError(f"{folder} is not empty; give --text-out a new or empty folder")
    return folder


def write_texts(items: Iterable[_Item], folder: Path) -> Iterator[_Item]:
    """Yield items as they come, the text of each document among them written to a file.

    Files are UTF-8 with the newlines of the text; `index.jsonl` has the file of each id, sorted.
    Raises `ResultError` where writing fails.
    """
    files: dict[str, str] = {}
    for item in items:
        if isinstance(item, Document):
            files[item.id] = name = file_name(item.id)
            with _open(folder / name) as file:
                file.write(item.text.encode("utf-8", "surrogatepass"))
        yield item
    with _open(folder / INDEX) as file:
        lines = (encode({"id": name, "file": files[name]}) for name in sorted(files))
        file.writelines(f"{line}\n".encode() for line in lines)


def file_name(identifier: str) -> str:
    """Return a file's name for an id, below the folder: the id itself where it is a safe path.

    Any other id keeps what is safe of it, with eight digits of its SHA-256, so that two ids
    never have one file.
    """
    parts = [identifier] if "://" in identifier else identifier.split("/")
    safe = "/".join(_safe(part) for part in parts)
    if safe != identifier:
        digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        safe = f"{safe}.{digest}"
    return safe if safe.endswith(".txt") and safe == identifier else f"{safe}.txt"


def _safe(part: str) -> str:
    part = _UNSAFE.sub("_", part)[:_LONGEST].strip(" ")
    if not part or part.startswith(".") or part.endswith(".") or _KEPT.match(part):
        return f"_{part.strip('. ')}"
    return part


def _open(path: Path) -> BinaryIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")
    except OSError as error:
        raise ResultError(f"{path} cannot be written: {error.strerror}") from None
