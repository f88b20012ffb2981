"""`provenance index`: what is done with a whole index."""
# ruff: noqa: D301 - a \b in the docstring of a command keeps the lines that follow as they are

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provenance.commands.groups import takes_groups
from provenance.commands.inputs import InputOptions
from provenance.commands.messages import say, say_skipped
from provenance.commands.options import Columns, DuplicateIds, Format, Paths, Quiet, Sort
from provenance.commands.view import TableOptions
from provenance.errors import ConfigError, InputError
from provenance.output import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provenance.index.filter import DuplicateFilter
    from provenance.index.folder import FolderStore

PROBLEMS = 1
_GROUP = 256

Folder = Annotated[Path, typer.Argument(help="The folder of the index.", metavar="INDEX")]
Index = Annotated[
    str,
    typer.Argument(help="The folder of the index, or redis://HOST/0?prefix=NAME.", metavar="INDEX"),
]
Wait = Annotated[float, typer.Option(help="Seconds to wait for another writer of the index.")]

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def index() -> None:
    """Look after the index that filter and trace ask.

    \b
    Examples:
      provenance index add news.index articles/
      provenance index stats news.index
      provenance index verify news.index
      provenance index remove news.index --before 90d
      provenance index compact news.index
      provenance index export news.index > documents.jsonl
    """


@app.command()
@takes_groups
def add(
    index: Index,
    paths: Paths,
    *,
    duplicate_ids: DuplicateIds = "error",
    options: InputOptions,
    wait: Wait = 0.0,
    quiet: Quiet = False,
) -> None:
    """Add texts to an index, copies too, in the order they are read; it is made if need be.

    \b
    Examples:
      provenance index add news.index articles/
      provenance index add news.index archive.jsonl.gz --duplicate-ids suffix
    """
    from provenance.model import Document, Skipped

    skipped: list[Skipped] = []
    group: list[Document] = []
    added = 0
    with _opened(index, wait) as opened:
        for item in options.read(paths, duplicate_ids):
            if isinstance(item, Document):
                group.append(item)
            elif isinstance(item, Skipped):
                skipped.append(item)
            if len(group) == _GROUP:
                added += len(opened.add_many(group))
                group = []
        added += len(opened.add_many(group))
    if not added:
        say_skipped(skipped)
        raise InputError(f"nothing could be read from {', '.join(paths)}")
    if not quiet:
        say_skipped(skipped)
        say(f"{added:,} texts are in {index}")


@app.command()
def remove(
    index: Index,
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of documents.", metavar="ID")] = None,
    *,
    before: Annotated[
        str | None,
        typer.Option(help="Remove what arrived before this: a date, or an age (90d, 12h)."),
    ] = None,
    wait: Wait = 0.0,
    quiet: Quiet = False,
) -> None:
    """Remove documents from an index, by id or by age; compact gives back their room.

    \b
    Examples:
      provenance index remove news.index http://example.org/a
      provenance index remove news.index --before 90d
    """
    from provenance.commands.ages import second_of

    if not ids and before is None:
        raise ConfigError("name the ids to remove, or --before and a date or an age")
    removed = 0
    with _opened(index, wait, make=False) as opened:
        if ids:
            removed += opened.remove(ids)
        if before is not None:
            removed += opened.remove_before(second_of(before, "--before"))
    if not quiet:
        say(f"{removed:,} documents are removed")


@app.command()
def stats(
    index: Folder, *, format: Format = None, columns: Columns = None, sort: Sort = None
) -> None:
    """Print the figures of an index: documents, verdicts, sizes, settings.

    \b
    Examples:
      provenance index stats news.index
      provenance index stats news.index --format json
    """
    from provenance.index.folder import open_index
    from provenance.index.upkeep import COLUMNS, figures

    view = TableOptions(format, columns, sort).view("figures", "figures")
    view.check({"figures": COLUMNS})
    store = open_index(index, read_only=True)
    try:
        view.print(figures(store), COLUMNS)
    finally:
        store.close()


@app.command()
def verify(index: Folder, *, quiet: Quiet = False) -> None:
    """Check an index against itself; exit code 1 and a line for each problem found.

    Every page of the database, every run, every text against its digest, and every key of every
    document are looked at. Others may write meanwhile.

    \b
    Examples:
      provenance index verify news.index
    """
    from provenance.index.arrivals import Keyer
    from provenance.index.folder import open_index
    from provenance.index.upkeep import problems

    found = 0
    with closing(open_index(index, read_only=True, damaged=True)) as store:
        for problem in problems(store, Keyer(store.settings)):
            found += 1
            terminal.write(f"{problem}\n")
    if found:
        raise typer.Exit(PROBLEMS)
    if not quiet:
        say(f"{index} is sound")


@app.command()
def compact(index: Folder, *, wait: Wait = 0.0, quiet: Quiet = False) -> None:
    """Merge the runs of an index, drop what was removed, and give back unused room.

    \b
    Examples:
      provenance index compact news.index
    """
    with _store(index, wait) as store:
        before = _size(index)
        store.compact()
    if not quiet:
        say(f"{index} had {before:,} bytes and has {_size(index):,}")


@app.command()
def rebuild(index: Folder, *, wait: Wait = 0.0, quiet: Quiet = False) -> None:
    """Make the runs of an index anew from its texts, where a run is damaged or missing.

    \b
    Examples:
      provenance index rebuild news.index
    """
    from provenance.index.arrivals import Keyer
    from provenance.index.upkeep import stored_keys

    with _store(index, wait, damaged=True) as store:
        keyer = Keyer(store.settings)
        store.rebuild(lambda stored: stored_keys(keyer, stored))
    if not quiet:
        say(f"the runs of {index} are made anew")


@app.command()
def export(index: Folder) -> None:
    """Write the kept documents of an index as JSON Lines, in order of arrival, with verdicts.

    \b
    Examples:
      provenance index export news.index > documents.jsonl
    """
    from provenance.index.folder import open_index
    from provenance.index.upkeep import export as export_documents
    from provenance.json_text import encode

    with closing(open_index(index, read_only=True, damaged=True)) as store:
        for record in export_documents(store):
            terminal.write_data(encode(record) + "\n")


@contextmanager
def _opened(index: str, wait: float, *, make: bool = True) -> "Iterator[DuplicateFilter]":
    from provenance.index.filter import DuplicateFilter
    from provenance.index.opening import open_store

    if not make:
        open_store(index, read_only=True).close()
    with DuplicateFilter(index, wait=wait) as opened:
        yield opened


@contextmanager
def _store(index: Path, wait: float, *, damaged: bool = False) -> "Iterator[FolderStore]":
    from provenance.index.folder import open_index

    _check(index)
    store = open_index(index, wait=wait, damaged=damaged)
    try:
        yield store
    finally:
        store.close()


def _check(index: Path) -> None:
    """Raise `StoreError` where there is no index."""
    from provenance.index.folder import open_index

    open_index(index, read_only=True, damaged=True).close()


def _size(index: Path) -> int:
    return sum(path.stat().st_size for path in index.iterdir())
