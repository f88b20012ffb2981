"""Opens the index that a user names: a folder, or an address of a Redis server."""

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Literal

from provenance.index.redis.address import is_address
from provenance.index.settings import IndexSettings
from provenance.index.store import Store


def open_store(  # noqa: PLR0913 - options of every kind of index, all by name
    index: str | PathLike[str],
    settings: IndexSettings | None = None,
    *,
    new: IndexSettings | None = None,
    read_only: bool = False,
    wait: float = 0.0,
    durable: bool = True,
    on_error: Literal["fail", "wait"] = "fail",
    waiting: Callable[[str], object] | None = None,
) -> Store:
    """Return an index; unless it is opened read-only, it is made where there is none.

    `settings` are those of a new one, and what an existing one has to have; `new` are those of a
    new one only. Of a folder, `wait` is how many seconds to wait for another writer, and with
    `durable` what is acknowledged outlives a loss of power. Of a Redis server, `on_error` says
    what to do when it is lost: `fail`, or `wait` until it is back, of which `waiting` is told.
    Raises `StoreError` where the index cannot be used.
    """
    if isinstance(index, str) and is_address(index):
        from provenance.index.redis.store import open_redis

        return open_redis(
            index, settings, new=new, read_only=read_only, on_error=on_error, waiting=waiting
        )
    from provenance.index.database import exists
    from provenance.index.folder import open_index

    if settings is None and not exists(Path(index)):
        settings = new
    return open_index(index, settings, read_only=read_only, wait=wait, durable=durable)
