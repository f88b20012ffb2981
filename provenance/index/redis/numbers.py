"""Which documents of an index on a Redis server arrived when."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from provenance.index.redis.creation import missing
from provenance.index.redis.server import Server

if TYPE_CHECKING:
    import redis

_FETCHED: Final = 100
_ASKED: Final = 1000


class Numbers:
    """Finds numbers of documents, which rise in order of arrival."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._since: tuple[int, int] | None = None

    def since(self, arrived: int) -> int:
        """Return the lowest number of a document that arrived then or later."""
        if self._since is not None and self._since[0] == arrived:
            return self._since[1]
        low, last = self._range()
        high = last + 1
        while low < high:
            middle = (low + high) // 2
            found = self._arrived(middle, high)
            if found is None or found >= arrived:
                high = middle
            else:
                low = middle + 1
        if low <= last:
            self._since = arrived, low
        return low

    def before(self, number: int) -> list[int]:
        """Return the numbers of all documents that came before one."""
        first, last = self._range()
        numbers = range(first, min(number, last + 1))
        found: list[int] = []
        for low in range(0, len(numbers), _ASKED):
            part = numbers[low : low + _ASKED]
            there = self._server.patiently(partial(self._there, part))
            found += [n for n, is_there in zip(part, there, strict=True) if is_there]
        return found

    def _range(self) -> tuple[int, int]:
        """Return the numbers of the first and the last document."""
        meta = self._server.key("meta")
        first, last = self._server.patiently(lambda r: r.hmget(meta, ["first", "last"]))
        if first is None:
            raise missing(self._server)
        return int(first), int(last)

    def _arrived(self, number: int, end: int) -> int | None:
        """Return when the first document from a number on arrived, None where none is left."""
        for low in range(number, end, _FETCHED):
            part = range(low, min(low + _FETCHED, end))
            for head in self._server.patiently(partial(self._heads, part)):
                if head:
                    return int.from_bytes(head, "little")
        return None

    def _heads(self, numbers: range, client: "redis.Redis") -> list[Any]:
        pipeline = client.pipeline(transaction=False)
        for number in numbers:
            pipeline.getrange(self._server.key("d", number), 0, 3)
        return list(pipeline.execute())

    def _there(self, numbers: range, client: "redis.Redis") -> list[Any]:
        pipeline = client.pipeline(transaction=False)
        for number in numbers:
            pipeline.exists(self._server.key("d", number))
        return list(pipeline.execute())
