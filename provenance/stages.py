"""The finished stages of a scan, kept in a folder until its result is saved.

A scan that was interrupted finds what it had done, if its documents, its settings and the program
are what they were; else it starts afresh. A stage is in the folder as a whole or not at all.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Final, TypeVar

import xxhash

from provenance.config import Config
from provenance.errors import ResultError
from provenance.filed_texts import encoded_text, text_length
from provenance.model import Document

T = TypeVar("T")

STAGES: Final = ("near-duplicates", "passages", "lineage")
_KEY: Final = "key"
_PARTIAL: Final = ".partial"
_OWN: Final = frozenset([_KEY, *(f"{stage}.npz" for stage in STAGES)])


class Stages:
    """What a scan has done already; `tell` is called with what a person should know.

    `resumed` is the last stage that was not done again.
    """

    def __init__(
        self, folder: str | os.PathLike[str], tell: Callable[[str], None] = lambda _words: None
    ) -> None:
        self._folder = Path(folder)
        self._tell = tell
        self._key = ""
        self.resumed: str | None = None

    def begin(self, documents: Iterable[Document], config: Config) -> None:
        """Keep what was done with these documents and settings, and nothing else.

        Raises `ResultError` where the folder cannot be written.
        """
        self._key = _digest(documents, config)
        try:
            if self._kept_key() != self._key:
                if self._kept_key():
                    self._tell(
                        "an unfinished scan was of other input or settings, or made by another "
                        "version: starting afresh"
                    )
                self.clear()
                self._folder.mkdir(parents=True)
                self._write(_KEY, lambda path: path.write_text(self._key, "ascii"))
        except OSError as error:
            raise ResultError(f"{self._folder} cannot be used: {error.strerror}") from None

    def recall(self, stage: str, kind: type[T]) -> T | None:
        """Return what a stage found, a dataclass of a kind; None where it is to be done."""
        import numpy as np

        from provenance.flat import restore

        try:
            with np.load(self._folder / f"{stage}.npz") as kept:
                arrays = {name: kept[name] for name in kept.files}
            if arrays.pop(_KEY).tobytes().decode() != self._key:
                return None
            found = restore(kind, arrays)
        except (OSError, ValueError, LookupError, TypeError, EOFError, zipfile.BadZipFile):
            return None  # there is none, or it is damaged
        self.resumed = stage
        self._tell(f"an unfinished scan goes on after its stage {stage}")
        return found

    def keep(self, stage: str, found: object) -> None:
        """Keep what a stage found; where that cannot be written the scan goes on without."""
        import numpy as np

        from provenance.flat import flatten

        arrays = {_KEY: np.frombuffer(self._key.encode(), np.uint8), **flatten(found)}

        def write(path: Path) -> None:
            with path.open("wb") as file:
                np.savez(file, **arrays)  # type: ignore[arg-type]
                file.flush()
                os.fsync(file.fileno())

        try:
            self._write(f"{stage}.npz", write)
        except OSError as error:
            self._tell(f"the stage {stage} cannot be kept in {self._folder}: {error.strerror}")

    def forget(self) -> None:
        """Remove what is kept, and tell so if there is any: the scan that begins cannot use it."""
        if self._kept_key():
            self._tell("an unfinished scan had other settings: starting afresh")
        self.clear()

    def clear(self) -> None:
        """Remove everything that is kept."""
        for name in (*sorted(_OWN - {_KEY}), _KEY):
            (self._folder / name).unlink(missing_ok=True)
            (self._folder / f"{name}{_PARTIAL}").unlink(missing_ok=True)
        if self._folder.is_dir():
            self._folder.rmdir()

    def _kept_key(self) -> str:
        try:
            return (self._folder / _KEY).read_text("ascii", "replace")
        except OSError:
            return ""

    def _write(self, name: str, write: Callable[[Path], object]) -> None:
        """Write a file as a whole or not at all."""
        partial = self._folder / f"{name}{_PARTIAL}"
        try:
            write(partial)
            partial.replace(self._folder / name)
        finally:
            partial.unlink(missing_ok=True)


def is_kept(folder: str | os.PathLike[str]) -> bool:
    """Tell whether a folder holds kept stages and nothing else."""
    try:
        names = {entry.name.removesuffix(_PARTIAL) for entry in os.scandir(folder)}
    except OSError:
        return False
    return names <= _OWN


def _digest(documents: Iterable[Document], config: Config) -> str:
    """Return what changes wherever a document, a setting or the program does."""
    names = [field.name for field in fields(Document) if field.name != "text"]
    digest = xxhash.xxh3_128(f"{config.fingerprint} {_program()}".encode())
    for document in documents:
        said = repr([text_length(document), *(getattr(document, name) for name in names)])
        digest.update(said.encode("utf-8", "surrogatepass"))
        digest.update(encoded_text(document))
    return digest.hexdigest()


def _program() -> str:
    """Return a digest of the package's own files."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".json", ".npz"} and path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
