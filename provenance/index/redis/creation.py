"""How an index on a Redis server is made, and what one has to be to be used."""

import json
from typing import Final

from provenance.errors import StoreError
from provenance.index.redis.rows import Buckets
from provenance.index.redis.server import Server
from provenance.index.settings import FORMAT, IndexSettings

CAPACITY: Final = 1_000_000  # documents that an index without a limit is made for


def create(
    server: Server, settings: IndexSettings, *, highest: int = 0, read_only: bool = False
) -> dict[bytes, bytes]:
    """Return what the server knows of the index, which is made unless it is there.

    No document gets a number up to `highest`. Raises `StoreError` where there is no index and
    it may only be read.
    """
    address = server.address
    buckets = Buckets.of(settings, address.limit or CAPACITY)
    new: dict[str, object] = {
        "format": FORMAT,
        "settings": json.dumps(settings.to_json(), sort_keys=True),
        "fingerprint": settings.fingerprint,
        "bits": buckets.bits,
        "width": buckets.width,
        "limit": 0,
        "full": "oldest",
        "expire": 0,
        "last": 0,
        "first": 1,
        "count": 0,
        "epoch": 0,
        "sweep": 0,
    }
    given = {"limit": address.limit, "full": address.full, "expire": address.expire}
    stated = {} if read_only else {k: v for k, v in given.items() if v is not None}
    arguments = [value for pair in new.items() for value in pair]
    arguments += ["", *(value for pair in stated.items() for value in pair)]
    flat = server.run("create", int(not read_only), highest, *arguments)
    if not flat:
        raise missing(server)
    return dict(zip(flat[::2], flat[1::2], strict=True))


def missing(server: Server) -> StoreError:
    """Return the error that there is no index."""
    return StoreError(f"there is no index at {server.address.shown}")


def settings_of(
    known: dict[bytes, bytes], shown: str, wanted: IndexSettings | None
) -> IndexSettings:
    """Return the settings of an index; raise `StoreError` where they are not those wanted."""
    if int(known[b"format"]) > FORMAT:
        raise StoreError(
            f"the index {shown} has format {int(known[b'format'])}, and this version reads up to "
            f"{FORMAT}; upgrade the program"
        )
    found = IndexSettings.from_json(json.loads(known[b"settings"]))
    if wanted is not None and wanted != found:
        raise StoreError(
            f"the index {shown} has other settings: {found.difference(wanted)}; leave yours out, "
            "or name another prefix"
        )
    return found


def check_eviction(server: Server) -> None:
    """Raise `StoreError` for a server that may drop any key when its memory is full."""
    try:
        memory = server.patiently(lambda client: client.info("memory"))
    except StoreError:  # a user who may not ask
        return
    policy = str(memory.get("maxmemory_policy", ""))
    if policy.startswith("allkeys"):
        raise StoreError(
            f"the server of {server.address.shown} drops any key when its memory is full "
            f"(maxmemory-policy {policy}): set it to noeviction, and give the index a limit"
        )
