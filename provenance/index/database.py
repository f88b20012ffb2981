"""The SQLite file of an index: how it is made, opened, locked, and what its errors mean."""

import json
import os
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from provenance.errors import StoreError
from provenance.index.settings import FORMAT, IndexSettings

DATABASE: Final = "index.sqlite"
LOCK: Final = "lock.sqlite"
WRITER: Final = "writer.json"
_APPLICATION: Final = int.from_bytes(b"PROV", "big")
_PAGE: Final = 8192
_BUSY: Final = 10.0  # seconds that a short transaction of others is waited for
_SCHEMA: Final = """
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE document(
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, digest BLOB NOT NULL,
    kept INTEGER NOT NULL, arrived INTEGER NOT NULL, verdict TEXT NOT NULL,
    dictionary INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE recent(number INTEGER PRIMARY KEY, keys BLOB NOT NULL);
CREATE TABLE removed(number INTEGER PRIMARY KEY);
CREATE TABLE common(key INTEGER PRIMARY KEY);
CREATE TABLE run(
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, name TEXT NOT NULL, level INTEGER NOT NULL,
    count INTEGER NOT NULL);
CREATE TABLE dictionary(number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
"""


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Raise what SQLite or the file system says of an index as `StoreError`, with what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_words(folder, error)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"the index {folder} cannot be used: {reason}; nothing acknowledged is lost"
        ) from error


def _words(folder: Path, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return (
            f"the disk of the index {folder} is full; nothing acknowledged is lost: "
            "make room and go on"
        )
    if code == sqlite3.SQLITE_NOTADB:
        return f"{folder / DATABASE} is no index (not an SQLite file); it is left as it is"
    if code == sqlite3.SQLITE_CORRUPT:
        return (
            f"{folder / DATABASE} is damaged ({error}); `provenance index verify` says where, "
            "and `provenance index export` saves what can be read"
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return f"the index {folder} cannot be written; open it read-only, or change its permissions"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"the index {folder} is locked by another program; try again when it has finished"
    return f"the index {folder} cannot be used: {error}"


def exists(folder: Path) -> bool:
    """Tell whether a folder holds an index."""
    return (folder / DATABASE).exists()


def create(folder: Path, settings: IndexSettings) -> None:
    """Make an empty index in a folder that is new or empty, all or nothing."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file; an index is a folder: name another one")
    folder.mkdir(parents=True, exist_ok=True)
    foreign = sorted(p.name for p in folder.iterdir() if p.name not in (LOCK, WRITER))
    if any(not name.startswith(DATABASE) for name in foreign):
        raise StoreError(
            f"{folder} holds other files ({foreign[0]}) and no index; name a new or empty folder"
        )
    made = folder / f"{DATABASE}.{os.getpid()}.new"
    try:
        connection = sqlite3.connect(made, isolation_level=None)
        try:
            connection.execute(f"PRAGMA page_size = {_PAGE}")
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.executescript(_SCHEMA)
            rows = {
                "settings": json.dumps(settings.to_json(), sort_keys=True),
                "fingerprint": settings.fingerprint,
            }
            connection.executemany("INSERT INTO settings VALUES(?, ?)", rows.items())
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
        made.replace(folder / DATABASE)
    finally:
        for left in folder.glob(f"{made.name}*"):
            left.unlink(missing_ok=True)


def check_writable(folder: Path) -> None:
    """Raise `StoreError` where an index cannot be written."""
    for place in (folder, folder / DATABASE):
        if place.exists() and not os.access(place, os.W_OK):
            raise StoreError(
                f"the index {folder} cannot be written; open it read-only, "
                "or change its permissions"
            )


def connect(folder: Path, *, read_only: bool) -> sqlite3.Connection:
    """Return a connection to an index, checked to be one of a format that is known."""
    file = folder / DATABASE
    if not file.exists():
        raise StoreError(f"there is no index in {folder}")
    mode = "rw"
    if read_only and not (os.access(folder, os.W_OK) and os.access(file, os.W_OK)):
        mode = "ro&immutable=1"  # nobody can write there either, so no lock is needed
    connection = sqlite3.connect(
        f"{file.resolve().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=_BUSY,
        check_same_thread=False,
    )
    try:
        _check_format(folder, connection)
        if read_only:
            connection.execute("PRAGMA query_only = 1")
        connection.execute("PRAGMA mmap_size = 2147418112")
    except BaseException:
        connection.close()
        raise
    return connection


def _check_format(folder: Path, connection: sqlite3.Connection) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != _APPLICATION:
        raise StoreError(
            f"{folder / DATABASE} is an SQLite file of another program and no index; "
            "it is left as it is"
        )
    if version > FORMAT:
        raise StoreError(
            f"the index {folder} has format {version}, and this version reads up to {FORMAT}; "
            "upgrade the program"
        )


def read_settings(
    folder: Path, connection: sqlite3.Connection, wanted: IndexSettings | None = None
) -> IndexSettings:
    """Return the settings of an index; raise `StoreError` where others are wanted."""
    found = connection.execute("SELECT value FROM settings WHERE key = 'settings'").fetchone()
    if found is None:
        raise StoreError(f"the index {folder} lacks its settings: it is damaged")
    settings = IndexSettings.from_json(json.loads(found[0]))
    if wanted is not None and wanted != settings:
        raise StoreError(
            f"the index {folder} has other settings: {settings.difference(wanted)}; "
            "leave yours out, or name a new folder"
        )
    return settings


class WriterLock:
    """The right to write an index, which one process has at a time and loses when it ends.

    It is the exclusive lock of a small SQLite file, which works wherever SQLite does.
    """

    def __init__(self, folder: Path, wait: float) -> None:
        """Take the lock, waiting so many seconds; raise `StoreError` with who holds it."""
        self._folder = folder
        self._connection = sqlite3.connect(
            folder / LOCK, isolation_level=None, timeout=wait, check_same_thread=False
        )
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._connection.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            raise StoreError(
                f"the index {folder} is being written by {_holder(folder)}; wait for it "
                "(--wait SECONDS), or open the index read-only"
            ) from None
        own = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        (folder / WRITER).write_text(json.dumps(own), "utf-8")

    def release(self) -> None:
        """Let others write."""
        with suppress(OSError):
            (self._folder / WRITER).unlink(missing_ok=True)
        self._connection.close()


def _holder(folder: Path) -> str:
    try:
        known = json.loads((folder / WRITER).read_text("utf-8"))
        return f"process {known['pid']} on {known['host']} since {known['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
