"""Where tokens begin and end in their texts, in three bytes a token."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from provenance.storage import Column, Storage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BITS: Final = 16
_SHORT: Final = 255  # the longest size that fits into a byte


class Starts:
    """Starts of tokens, which are taken as those of an array are.

    The lower bits of each are held. From the token `turns[i]` on the upper bits are `upper[i]`.
    """

    dtype = np.dtype(np.uint32)

    def __init__(
        self,
        low: "NDArray[np.uint16]",
        turns: "NDArray[np.int64]",
        upper: "NDArray[np.uint32]",
    ) -> None:
        self._low, self._turns, self._upper = low, turns, upper

    def __len__(self) -> int:
        return len(self._low)

    def __getitem__(self, tokens: Any) -> Any:  # noqa: ANN401 - what an array takes and gives
        found = self._low[tokens].astype(np.uint32)
        if len(self._turns):
            turn = np.searchsorted(self._turns, _numbers(tokens, len(self)), "right")
            found += np.append(np.uint32(0), self._upper)[turn] << np.uint32(_BITS)
        return found


class Ends:
    """Ends of tokens, which are taken as those of an array are: starts and sizes are held.

    The token `long[i]` is `more[i]` longer than its size says.
    """

    dtype = np.dtype(np.uint32)

    def __init__(
        self,
        starts: Starts,
        sizes: "NDArray[np.uint8]",
        long: "NDArray[np.int64]",
        more: "NDArray[np.uint32]",
    ) -> None:
        self._starts, self._sizes, self._long, self._more = starts, sizes, long, more

    def __len__(self) -> int:
        return len(self._sizes)

    def __getitem__(self, tokens: Any) -> Any:  # noqa: ANN401 - what an array takes and gives
        found = self._starts[tokens] + self._sizes[tokens]
        if len(self._long):
            numbers = _numbers(tokens, len(self))
            place = np.minimum(np.searchsorted(self._long, numbers), len(self._long) - 1)
            found += np.where(self._long[place] == numbers, self._more[place], np.uint32(0))
        return found


class PlaceColumns:
    """Starts and ends of tokens that are appended; columns of the storage hold them."""

    def __init__(self, storage: Storage, expected: int) -> None:
        self._low = storage.column(np.uint16, 0, expected)
        self._sizes = storage.column(np.uint8, 0, expected)
        self._turns, self._upper = Column(np.int64), Column(np.uint32)
        self._long, self._more = Column(np.int64), Column(np.uint32)
        self._count = 0
        self._last_upper = 0

    def append(self, starts: "NDArray[np.uint32]", ends: "NDArray[np.uint32]") -> None:
        """Take the places of tokens that stand behind those before."""
        upper, sizes = starts >> np.uint32(_BITS), ends - starts
        turns = np.flatnonzero(np.diff(upper, prepend=np.uint32(self._last_upper)))
        long = np.flatnonzero(sizes > _SHORT)
        self._turns.append(turns + self._count)
        self._upper.append(upper[turns])
        self._long.append(long + self._count)
        self._more.append(sizes[long] - _SHORT)
        self._low.append(starts.astype(np.uint16))
        self._sizes.append(np.minimum(sizes, _SHORT).astype(np.uint8))
        self._count += len(starts)
        self._last_upper = int(upper[-1]) if len(upper) else self._last_upper

    def take(self) -> tuple[Starts, Ends]:
        """Return the starts and the ends of all that was appended."""
        starts = Starts(self._low.values(), self._turns.values(), self._upper.values())
        return starts, Ends(starts, self._sizes.values(), self._long.values(), self._more.values())


def _numbers(tokens: Any, count: int) -> Any:  # noqa: ANN401 - what an array takes
    return np.arange(*tokens.indices(count)) if isinstance(tokens, slice) else tokens
