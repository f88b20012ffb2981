"""The tokens of many texts in flat arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from provenance.text.folding import load_table
from provenance.text.tokens import tokenize

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH_CHARACTERS = 1 << 20


@dataclass(frozen=True, slots=True)
class TokenTable:
    """The tokens of texts `0..n-1`: text `i` owns the slice `bounds[i]:bounds[i + 1]`.

    `ids` are vocabulary numbers (equal numbers, equal folded tokens); `starts` and `ends` are
    code-point offsets in the text; `breaks` tell line starts (1) and blank lines (2) before a
    token. `vocabulary` gives the xxh64 of each vocabulary number, `weights` its weight in half
    words.
    """

    bounds: "NDArray[np.int64]"
    ids: "NDArray[np.int32]"
    starts: "NDArray[np.uint32]"
    ends: "NDArray[np.uint32]"
    breaks: "NDArray[np.uint8]"
    vocabulary: "NDArray[np.uint64]"
    weights: "NDArray[np.uint8]"

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def slice(self, text: int) -> slice:
        """Return where the tokens of a text lie in the flat arrays."""
        return slice(int(self.bounds[text]), int(self.bounds[text + 1]))

    def select(self, texts: "NDArray[np.int64]") -> "TokenTable":
        """Return the table of some of the texts, in the order given."""
        lengths = np.diff(self.bounds)[texts]
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(self.bounds[:-1][texts] - bounds[:-1], lengths)
        places += np.arange(bounds[-1])
        return TokenTable(
            bounds,
            self.ids[places],
            self.starts[places],
            self.ends[places],
            self.breaks[places],
            self.vocabulary,
            self.weights,
        )

    def digest(self, text: int) -> bytes:
        """Return 16 bytes that are equal for texts with equal folded tokens."""
        return xxhash.xxh3_128_digest(self.vocabulary[self.ids[self.slice(text)]].tobytes())


def tokenize_texts(texts: Sequence[str], *, compile_kernels: bool) -> TokenTable:
    """Return the tokens of the texts; the compiled and the plain path give the same bits."""
    return _compiled(texts) if compile_kernels else _plain(texts)


def _plain(texts: Sequence[str]) -> TokenTable:
    numbers: dict[int, int] = {}
    vocabulary_weights: list[int] = []
    known: dict[str, int] = {}
    counts = [0]
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    breaks: list[int] = []
    for text in texts:
        before = len(ids)
        for token in tokenize(text):
            number = known.get(token.folded)
            if number is None:
                number = numbers.setdefault(token.hash, len(numbers))
                known[token.folded] = number
                if number == len(vocabulary_weights):
                    vocabulary_weights.append(token.weight)
            ids.append(number)
            starts.append(token.start)
            ends.append(token.end)
            breaks.append(token.line_break)
        counts.append(len(ids) - before)
    return TokenTable(
        np.cumsum(counts, dtype=np.int64),
        np.array(ids, np.int32),
        np.array(starts, np.uint32),
        np.array(ends, np.uint32),
        np.array(breaks, np.uint8),
        np.fromiter(numbers, np.uint64, len(numbers)),
        np.array(vocabulary_weights, np.uint8),
    )


def _batches(texts: Iterable[str]) -> Iterable[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _compiled(texts: Sequence[str]) -> TokenTable:
    from provenance.text.kernels import token_kernel

    table = load_table()
    vocabulary = _Vocabulary()
    columns: list[list[NDArray[Any]]] = [[], [], [], []]
    counts: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
    for batch in _batches(texts):
        points = np.frombuffer("".join(batch).encode("utf-32-le", "surrogatepass"), np.uint32)
        bounds = np.cumsum([0, *map(len, batch)], dtype=np.int64)
        room = len(points)
        hashes = np.empty(room, np.uint64)
        starts, ends = np.empty(room, np.uint32), np.empty(room, np.uint32)
        weights, breaks = np.empty(room, np.uint8), np.empty(room, np.uint8)
        count = np.empty(len(batch), np.int64)
        size = token_kernel(
            points,
            bounds,
            table.classes,
            table.fold_index,
            table.fold_start,
            table.fold_points,
            hashes,
            starts,
            ends,
            weights,
            breaks,
            count,
        )
        ids = vocabulary.intern(hashes[:size], weights[:size])
        written: tuple[NDArray[Any], ...] = (ids, starts[:size], ends[:size], breaks[:size])
        for column, values in zip(columns, written, strict=True):
            column.append(values.copy())
        counts.append(count)
    ids, starts, ends, breaks = (
        np.concatenate(column) if column else np.empty(0, kind)
        for column, kind in zip(columns, (np.int32, np.uint32, np.uint32, np.uint8), strict=True)
    )
    return TokenTable(
        np.cumsum(np.concatenate(counts)),
        ids,
        starts,
        ends,
        breaks,
        vocabulary.hashes[: vocabulary.size].copy(),
        vocabulary.weights[: vocabulary.size].copy(),
    )


class _Vocabulary:
    """Vocabulary numbers by token hash, in a table that grows by doubling."""

    def __init__(self) -> None:
        self.size = 0
        self._resize(1 << 16)
        self.hashes = np.empty(0, np.uint64)
        self.weights = np.empty(0, np.uint8)

    def _resize(self, slots: int) -> None:
        self._keys = np.zeros(slots, np.uint64)
        self._numbers = np.full(slots, -1, np.int32)

    def intern(
        self, hashes: "NDArray[np.uint64]", weights: "NDArray[np.uint8]"
    ) -> "NDArray[np.int32]":
        """Return the vocabulary number of every hash."""
        from provenance.text.kernels import intern_kernel

        most = self.size + len(hashes)
        if most > len(self.hashes):
            self.hashes = np.concatenate([self.hashes, np.empty(most, np.uint64)])
            self.weights = np.concatenate([self.weights, np.empty(most, np.uint8)])
        slots = len(self._keys)
        while slots < 2 * most:
            slots *= 2
        if slots > len(self._keys):
            self._resize(slots)
            known = self.hashes[: self.size].copy()
            again = np.empty(self.size, np.int32)
            intern_kernel(
                known,
                self.weights[: self.size].copy(),
                self._keys,
                self._numbers,
                self.hashes,
                self.weights,
                0,
                again,
            )
        ids = np.empty(len(hashes), np.int32)
        self.size = intern_kernel(
            hashes, weights, self._keys, self._numbers, self.hashes, self.weights, self.size, ids
        )
        return ids
