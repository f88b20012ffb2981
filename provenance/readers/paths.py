"""What there is to read: files, folders, patterns, addresses, standard input; each file once."""

import glob
import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from provenance.errors import InputError
from provenance.model import Skipped

STANDARD_INPUT = "-"
# A shell's <(command) and a redirected standard input: pipes, but ones that somebody fills.
_OPEN_FILES = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read: what it is called (relative, with '/'), where it lies, who asked for it."""

    path: str
    location: str
    named: bool
    linked: bool
    real: str


def find(paths: Iterable[str | os.PathLike[str]]) -> list[InputFile | Skipped]:
    """List the files that paths lead to, those of a folder sorted, and what is passed over.

    Hidden files, links that lead back or nowhere, and special files are `Skipped`. Of several
    ways to one file the same one counts, whatever the order of the paths. Raises `InputError`
    where a path does not exist or none is given.
    """
    found: list[InputFile | Skipped] = []
    for path in paths:
        found += _find(os.fspath(path))
    if not found:
        raise InputError("nothing to read: name files or folders, or - for standard input")
    best: dict[str, InputFile] = {}
    for file in found:
        if isinstance(file, InputFile):
            known = best.get(file.real)
            if known is None or _preference(file) < _preference(known):
                best[file.real] = file
    return list(_once(found, best))


def _preference(file: InputFile) -> tuple[bool, str, bool]:
    return file.linked, file.path, not file.named


def _once(
    found: Iterable[InputFile | Skipped], best: dict[str, InputFile]
) -> Iterator[InputFile | Skipped]:
    used: set[str] = set()
    for file in found:
        if isinstance(file, Skipped):
            yield file
        elif file == best[file.real] and file.real not in used:
            used.add(file.real)
            yield file
        else:
            yield Skipped(file.path, f"the same file as {best[file.real].path}")


def _find(path: str) -> Iterator[InputFile | Skipped]:
    if path == STANDARD_INPUT:
        yield InputFile(path, path, named=True, linked=False, real=path)
        return
    if not path:
        raise InputError("a path is empty; name a file or a folder")
    if "://" in path:
        from provenance.readers.remote import find_remote

        yield from find_remote(path)
        return
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError) as error:
        if glob.has_magic(path) and "\0" not in path:
            yield from _match(path)
            return
        raise InputError(_missing(path, error)) from None
    if stat.S_ISDIR(mode):
        name = Path(path).resolve().name
        files = list(_walk(path, name))
        yield from files
        if not any(isinstance(file, InputFile) for file in files):
            yield Skipped(f"{name}/", "no readable files in this folder")
    elif stat.S_ISREG(mode) or path.startswith(_OPEN_FILES):
        real, linked = os.path.realpath(path), Path(path).is_symlink()
        yield InputFile(Path(path).name, path, named=True, linked=linked, real=real)
    else:
        yield Skipped(Path(path).name, "a pipe, socket or device; give - to read standard input")


def _match(pattern: str) -> Iterator[InputFile | Skipped]:
    """List what a pattern fits, called by the path below its last folder without a wildcard."""
    parts = pattern.split("/")
    fixed = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    root = "/".join(parts[:fixed])
    base = f"{root}/" if fixed else ""
    found = sorted(glob.glob("/".join(parts[fixed:]), root_dir=base or None, recursive=True))  # noqa: PTH207 - Path.glob follows no links
    if not found:
        raise InputError(f"no file fits the pattern {pattern!r}")
    for name in found:
        for item in _find(f"{base}{name}"):
            if isinstance(item, InputFile):
                inside = "" if Path(base, name).is_file() else f"/{item.path}"
                yield replace(item, path=f"{name.rstrip('/')}{inside}")
            elif not Path(base, name).is_dir():  # the files of a folder may fit, too
                yield item


def _missing(path: str, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"there is no file or folder {path!r}"
    return f"cannot read {path!r}: {getattr(error, 'strerror', None) or error}"


def _walk(root: str, name: str) -> Iterator[InputFile | Skipped]:
    """Walk a folder without recursion, real folders before linked ones, each once."""
    found: list[tuple[str, InputFile | Skipped]] = []
    real_folders, linked_folders = deque([("", root)]), deque[tuple[str, str]]()
    seen: set[str] = set()
    while real_folders or linked_folders:
        prefix, folder = (real_folders or linked_folders).popleft()
        real = os.path.realpath(folder)
        if real in seen:
            found.append((prefix, Skipped(prefix, "a link to a folder that is read already")))
            continue
        seen.add(real)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            place = prefix or f"{name}/"
            found.append((prefix, Skipped(place, f"unreadable folder: {error.strerror}")))
            continue
        for entry in entries:
            path = prefix + entry.name
            kind = _kind(entry)
            if entry.name.startswith("."):
                skipped = f"{path}/" if kind == "folder" else path
                found.append((path, Skipped(skipped, f"hidden {kind}")))
            elif kind == "folder":
                folders = linked_folders if entry.is_symlink() else real_folders
                folders.append((f"{path}/", entry.path))
            elif kind == "file":
                linked = entry.is_symlink()
                at = os.path.realpath(entry.path) if linked else f"{real}{os.sep}{entry.name}"
                file = InputFile(path, entry.path, named=False, linked=linked, real=at)
                found.append((path, file))
            else:
                found.append((path, Skipped(path, kind)))
    return iter(item for _, item in sorted(found, key=lambda pair: pair[0]))


def _kind(entry: os.DirEntry[str]) -> str:
    try:
        if entry.is_dir():
            return "folder"
        if entry.is_file():
            return "file"
        if entry.is_symlink() and not Path(entry.path).exists():
            return "a link that leads nowhere"
    except OSError as error:
        return f"unreadable: {error.strerror}"
    return "a pipe, socket or device"
