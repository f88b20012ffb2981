"""A Redis server as an index needs it: scripts, patience when it is lost, and words for errors."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from provenance.errors import ConfigError, MissingExtra, StoreError
from provenance.index.redis.address import RedisAddress

if TYPE_CHECKING:
    import redis

OnError: TypeAlias = Literal["fail", "wait"]
_TIMEOUT: Final = 10.0  # seconds without a reply after which a server counts as lost
_PAUSES: Final = (0.05, 2.0)  # first and longest pause between attempts while it is waited for


class Server:
    """A connection to the server of an index.

    Every script can be sent again when its reply was lost: `on_error` says whether it is, until
    the server is back (`wait`), or `StoreError` is raised (`fail`). `waiting` is told once each
    time that the wait begins.
    """

    def __init__(
        self,
        address: RedisAddress,
        on_error: OnError = "fail",
        waiting: Callable[[str], object] | None = None,
    ) -> None:
        self.address = address
        self._on_error = on_error
        self._waiting = waiting
        self._client = _connected(address)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - a reply is of any type
        """Run a script of this package on the index and return its reply."""
        return self.patiently(lambda client: self._evaluate(client, script, arguments))

    def patiently(self, ask: "Callable[[redis.Redis], Any]") -> Any:  # noqa: ANN401
        """Return a reply, and ask again where the server is lost and may be waited for."""
        from redis import exceptions

        lost = (exceptions.ConnectionError, exceptions.TimeoutError)
        pause, longest = _PAUSES
        told = False
        while True:
            try:
                with self._told():
                    return ask(self._client)
            except lost as error:
                if self._on_error == "fail":
                    raise StoreError(
                        f"the server of {self.address.shown} is lost: {error}; what was being "
                        "added may or may not be there, and gets the same answer when it is fed "
                        "again"
                    ) from None
                if not told and self._waiting is not None:
                    self._waiting(f"waiting for {self.address.shown}: {error}")
                told = True
            time.sleep(pause)
            pause = min(2 * pause, longest)

    def key(self, *parts: object) -> str:
        """Return the name of something of this index on the server."""
        return ":".join(map(str, (self.address.prefix, *parts)))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _evaluate(self, client: "redis.Redis", script: str, arguments: tuple[Any, ...]) -> Any:  # noqa: ANN401
        from redis.exceptions import NoScriptError

        source, name = _source(script)
        try:
            return client.evalsha(name, 1, self.address.prefix, *arguments)
        except NoScriptError:  # the server has not seen it since it was started
            return client.eval(source, 1, self.address.prefix, *arguments)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Raise what the server says as `StoreError`, with what to do; a lost one as it is."""
        from redis import exceptions

        try:
            yield
        except exceptions.AuthenticationError as error:
            shown = self.address.shown
            raise StoreError(f"the server of {shown} refuses this user: {error}") from None
        except (exceptions.ConnectionError, exceptions.TimeoutError):
            raise
        except exceptions.RedisError as error:
            raise StoreError(_words(self.address.shown, str(error))) from error


def _connected(address: RedisAddress) -> "redis.Redis":
    try:
        import redis
        from redis.backoff import ExponentialBackoff
        from redis.retry import Retry
    except ImportError:
        raise MissingExtra("an index on a Redis server", "redis") from None
    try:
        client = redis.Redis.from_url(
            address.url,
            socket_timeout=_TIMEOUT,
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 2),
        )
        pool = client.connection_pool
        pool.connection_class(**pool.connection_kwargs)  # unknown options show only here
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{address.shown} is no address of a Redis server: {error}") from None
    return client


def _words(shown: str, said: str) -> str:
    """Return what to do about an answer of the server."""
    if "maxmemory" in said:
        return (
            f"the server of {shown} is out of memory; nothing acknowledged is lost: raise its "
            "maxmemory, or give the index a limit"
        )
    if "read only replica" in said:
        return f"the server of {shown} is a replica, which cannot be written; name its primary"
    if "wrong kind of value" in said:
        return f"{shown} holds keys of another program; name another prefix"
    return f"the server of {shown} says: {said}"


@cache
def _source(script: str) -> tuple[str, str]:
    """Return a script and the name that a server has for it."""
    source = files("provenance.index.redis").joinpath(f"{script}.lua").read_text("utf-8")
    return source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()
