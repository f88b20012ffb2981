"""Settings and texts from what a command was given."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from provenance.commands.messages import say_skipped
from provenance.commands.options import (
    Adapter,
    DateField,
    Encoding,
    IdField,
    MaxDocument,
    SourceField,
    TextField,
)
from provenance.errors import ConfigError, InputError
from provenance.output import terminal

if TYPE_CHECKING:
    from provenance.audit import Audit
    from provenance.config import Config
    from provenance.model import Document, Skipped
    from provenance.readers import Note, Reading, ReadOptions
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


@dataclass(frozen=True, slots=True)
class InputOptions:
    """How input is to be read; the names are those of `provenance.read`, None for its default."""

    encoding: Encoding = None
    text_field: TextField = None
    id_field: IdField = None
    date_field: DateField = None
    source_field: SourceField = None
    adapter: Adapter = None
    max_document: MaxDocument = None

    def read(
        self, paths: Sequence[str], duplicate_ids: Literal["error", "suffix"] = "error"
    ) -> "Reading":
        """Return the reading of paths.

        Raises:
            ConfigError: There is no such adapter.
        """
        from provenance.readers import Reading

        return Reading(paths, duplicate_ids, self.read_options())

    @classmethod
    def of_run(cls, run: Mapping[str, object]) -> "InputOptions":
        """Return the options that a result says it was made with."""
        given = {field.name: run.get(field.name) for field in fields(cls)}
        known = {n: v for n, v in given.items() if isinstance(v, int if "max" in n else str)}
        return cls(**known)  # type: ignore[arg-type]  # as the fields have it

    def read_options(self) -> "ReadOptions":
        """Return the options as readers take them.

        Raises:
            ConfigError: There is no such adapter.
        """
        from provenance.readers.options import MAX_DOCUMENT, FieldNames, ReadOptions

        names = FieldNames(self.text_field, self.id_field, self.date_field, self.source_field)
        adapter = load_function(self.adapter) if self.adapter else None
        limit = self.max_document or MAX_DOCUMENT
        return ReadOptions(self.encoding, names, adapter, limit)


def load_function(name: str) -> "Callable[[Any], object]":
    """Return the function that `module:function` or `file.py:function` names.

    Raises:
        ConfigError: It cannot be imported, or is no function.
    """
    import importlib.util

    module, _, function = name.rpartition(":")
    try:
        if module.endswith(".py"):
            spec = importlib.util.spec_from_file_location("provenance_adapter", module)
            assert spec is not None  # noqa: S101 - there is one for every name that ends in .py
            assert spec.loader is not None  # noqa: S101
            loaded = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded)
        else:
            sys.path.insert(0, os.curdir)
            try:
                loaded = importlib.import_module(module)
            finally:
                sys.path.remove(os.curdir)
        found: Callable[[Any], object] = getattr(loaded, function)
    except Exception as error:  # noqa: BLE001 - the user's code may raise anything
        raise ConfigError(f"--adapter {name}: {type(error).__name__}: {error}") from None
    if not callable(found):
        raise ConfigError(f"--adapter {name}: it is no function")
    return found


def scan_paths(
    paths: Sequence[str],
    config: "Config",
    duplicate_ids: Literal["error", "suffix"],
    options: InputOptions,
    *,
    quiet: bool,
    workers: int | None = None,
    stages: "Stages | None" = None,
    storage: "Storage | None" = None,
    text_out: Path | None = None,
    index: str | None = None,
) -> "Audit":
    """Audit what can be read from the paths, beside an index where one is given.

    The texts are written to `text_out`, if that is a folder.

    Raises:
        InputError: Nothing can.
    """
    from provenance.audit import scan as scan_documents
    from provenance.output.text_files import write_texts

    with terminal.progress(quiet=quiet) as progress:
        documents: Iterable[Document | Skipped | Note] = options.read(paths, duplicate_ids)
        if text_out:
            documents = write_texts(documents, text_out)
        if index is None:
            audit = scan_documents(
                documents,
                config,
                progress=progress,
                keep_texts=False,
                stages=stages,
                storage=storage,
                workers=workers,
            )
        else:
            from provenance.index.corpus import scan_beside
            from provenance.index.filter import DuplicateFilter

            with DuplicateFilter(index) as opened:
                audit = scan_beside(documents, opened, config, progress=progress, keep_texts=False)
    if not audit.documents:
        say_skipped(audit.skipped)
        raise InputError(
            f"nothing could be read from {', '.join(paths)}; "
            "give texts, pages, tables, archives or JSON Lines, or folders that hold some"
        )
    return audit


def read_one(path: str, options: InputOptions) -> "Document":
    """Return the one text of a file, or text `n` of `FILE#n`.

    Raises:
        InputError: There is none, or there are several and no number says which.
    """
    from provenance.model import Document, Skipped

    file, number = path, None
    name, _, digits = path.rpartition("#")
    if name and digits.isascii() and digits.isdigit() and not Path(path).exists():
        file, number = name, int(digits)
    items = list(options.read([file], "suffix"))
    found = [item for item in items if isinstance(item, Document)]
    if not found:
        reasons = "; ".join(item.reason for item in items if isinstance(item, Skipped))
        raise InputError(f"no text could be read from {file}: {reasons or 'it holds none'}")
    if number is None and len(found) > 1:
        raise InputError(
            f"{file} holds {len(found):,} texts; say which one to compare, "
            f"from {file}#1 to {file}#{len(found)}"
        )
    named = [document for document in found if (document.path or "").endswith(f"#{number}")]
    if number is not None and named:
        return named[0]
    if number is not None and not 1 <= number <= len(found):
        raise InputError(f"there is no {path}: {file} holds {len(found):,} texts")
    return found[(number or 1) - 1]
