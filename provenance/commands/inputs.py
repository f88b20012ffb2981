"""Settings and texts from what a command was given."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from provenance.commands.messages import say_places
from provenance.errors import InputError
from provenance.output import terminal

if TYPE_CHECKING:
    from provenance.audit import Audit
    from provenance.config import Config
    from provenance.model import Document
    from provenance.stages import Stages
    from provenance.storage import Storage


def make_config(**settings: float | bool | None) -> "Config":
    """Return the settings that were given; None stands for the default.

    Raises:
        ConfigError: A setting is out of range.
    """
    from provenance.config import Config

    given: dict[str, Any] = {name: v for name, v in settings.items() if v is not None}
    return Config(**given)


def scan_paths(
    paths: Sequence[str],
    config: "Config",
    duplicate_ids: Literal["error", "suffix"],
    encoding: str | None,
    *,
    quiet: bool,
    stages: "Stages | None" = None,
    storage: "Storage | None" = None,
) -> "Audit":
    """Audit what can be read from the paths.

    Raises:
        InputError: Nothing can.
    """
    from provenance.audit import scan as scan_documents
    from provenance.readers import read

    with terminal.progress(quiet=quiet) as progress:
        documents = read(paths, duplicate_ids=duplicate_ids, encoding=encoding)
        audit = scan_documents(
            documents,
            config,
            progress=progress,
            keep_texts=False,
            stages=stages,
            storage=storage,
        )
    if not audit.documents:
        say_places((item.place, item.reason) for item in audit.skipped)
        raise InputError(
            f"nothing could be read from {', '.join(paths)}; "
            "give text, Markdown or JSON Lines files, or folders that hold some"
        )
    return audit


def read_one(path: str, encoding: str | None) -> "Document":
    """Return the one text of a file, or text `n` of `FILE#n`.

    Raises:
        InputError: There is none, or there are several and no number says which.
    """
    from provenance.model import Document, Skipped
    from provenance.readers import read

    file, number = path, None
    name, _, digits = path.rpartition("#")
    if name and digits.isascii() and digits.isdigit() and not Path(path).exists():
        file, number = name, int(digits)
    items = list(read([file], duplicate_ids="suffix", encoding=encoding))
    found = [item for item in items if isinstance(item, Document)]
    if not found:
        reasons = "; ".join(item.reason for item in items if isinstance(item, Skipped))
        raise InputError(f"no text could be read from {file}: {reasons or 'it holds none'}")
    if number is None and len(found) > 1:
        raise InputError(
            f"{file} holds {len(found):,} texts; say which one to compare, "
            f"from {file}#1 to {file}#{len(found)}"
        )
    if number is not None and not 1 <= number <= len(found):
        raise InputError(f"there is no {path}: {file} holds {len(found):,} texts")
    return found[(number or 1) - 1]
