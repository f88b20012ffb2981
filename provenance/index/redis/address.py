"""Where an index lies on a Redis server, and how large and how old it may get."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from provenance.errors import ConfigError

SCHEMES: Final = ("redis://", "rediss://", "unix://")
PREFIX: Final = "provenance"
LEAST: Final = 16  # documents; so many are added at once
_UNITS: Final = {"d": 86400, "h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """An index `redis://HOST:PORT/DATABASE?prefix=NAME&limit=DOCUMENTS&full=oldest&expire=30d`.

    Its keys begin with `prefix`. It holds at most `limit` documents; when it is `full`, the
    `oldest` leave, or it will `refuse` new ones. Documents leave after `expire` seconds. What is
    None stays as it is in an index that exists; a new one has no limit and forgets nothing.
    `url` is what the client connects to, `shown` the same without a password.
    """

    url: str
    shown: str
    prefix: str = PREFIX
    limit: int | None = None
    full: str | None = None
    expire: int | None = None

    @classmethod
    def parse(cls, address: str) -> "RedisAddress":
        """Return the parts of an address; raise `ConfigError` for one that cannot be."""
        base, _, query = address.partition("?")
        given: dict[str, str] = {}
        passed_on = []
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name in ("prefix", "limit", "full", "expire"):
                given[name] = value
            else:
                passed_on.append((name, value))
        scheme, _, rest = base.partition("://")
        login_and_host, slash, path = rest.partition("/")
        host = login_and_host.rpartition("@")[2]
        prefix = given.get("prefix", PREFIX)
        if not re.fullmatch(r"[\w.{}:-]+", prefix):
            raise ConfigError(
                f"the prefix {prefix!r} is no name: use letters, digits, . - _ : {{}}"
            )
        full = given.get("full")
        if full not in (None, "oldest", "refuse"):
            raise ConfigError(f"full is {full!r}; it can be oldest or refuse")
        return cls(
            f"{base}?{urlencode(passed_on)}" if passed_on else base,
            f"{scheme}://{host}{slash}{path}?prefix={prefix}",
            prefix,
            _limit(given.get("limit")),
            full,
            _seconds(given.get("expire")),
        )


def is_address(index: object) -> bool:
    """Tell whether an index is named by an address of a Redis server."""
    return isinstance(index, str) and index.startswith(SCHEMES)


def _limit(value: str | None) -> int | None:
    if value is None:
        return None
    if not value.isdigit() or 0 < int(value) < LEAST:
        raise ConfigError(
            f"limit is {value!r}; it is a number of documents, at least {LEAST}, or 0 for none"
        )
    return int(value)


def _seconds(value: str | None) -> int | None:
    if value is None:
        return None
    number, unit = value[:-1], value[-1:]
    if value == "0":
        return 0
    if unit not in _UNITS or not number.isdigit() or not int(number):
        raise ConfigError(f"expire is {value!r}; write an age, as 30d or 12h, or 0 for never")
    return int(number) * _UNITS[unit]
