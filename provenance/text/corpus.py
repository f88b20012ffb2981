"""The tokens of many texts in flat arrays."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from provenance.machine_code import Lasting
from provenance.storage import Column, Storage
from provenance.text.folding import load_table
from provenance.text.spellings import grow_kernel
from provenance.text.tokens import tokenize
from provenance.text.utf8 import AHEAD, token_kernel

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from provenance.text.places import Ends, Starts

PADDING = 16  # bytes behind the last text that the tokenizer may read
_BATCH_BYTES = 1 << 19


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
    starts: "NDArray[np.uint32] | Starts"
    ends: "NDArray[np.uint32] | Ends"
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
        parts = [self.slice(text) for text in texts.tolist()]

        def taken(column: "NDArray[Any] | Starts | Ends") -> "NDArray[Any]":
            return np.concatenate([column[:0], *[column[part] for part in parts]])

        return TokenTable(
            np.concatenate([[0], np.cumsum(lengths)]),
            taken(self.ids),
            taken(self.starts),
            taken(self.ends),
            taken(self.breaks),
            self.vocabulary,
            self.weights,
        )

    def digest(self, text: int) -> bytes:
        """Return 16 bytes that are equal for texts with equal folded tokens."""
        return token_digest(self.vocabulary[self.ids[self.slice(text)]])


def token_digest(hashes: "NDArray[np.uint64]") -> bytes:
    """Return 16 bytes that are equal for equal hashes of tokens."""
    return xxhash.xxh3_128_digest(hashes.tobytes())


def join_tables(tables: Sequence[TokenTable]) -> TokenTable:
    """Return the texts of tables, of which each has the vocabulary of the one before and more."""
    ends = np.cumsum([table.bounds[-1] for table in tables])
    starts = ends - [table.bounds[-1] for table in tables]
    later = (table.bounds[1:] + start for table, start in zip(tables, starts, strict=True))
    return TokenTable(
        np.concatenate([np.zeros(1, np.int64), *later]),
        np.concatenate([table.ids for table in tables]),
        np.concatenate([table.starts[:] for table in tables]),
        np.concatenate([table.ends[:] for table in tables]),
        np.concatenate([table.breaks for table in tables]),
        tables[-1].vocabulary,
        tables[-1].weights,
    )


@dataclass(frozen=True, slots=True)
class TokenColumns:
    """What a `TokenTable` holds, in columns that can be taken one by one."""

    bounds: "NDArray[np.int64]"
    ids: Column
    starts: Column
    ends: Column
    breaks: Column
    vocabulary: "NDArray[np.uint64]"
    weights: "NDArray[np.uint8]"


def tokenize_texts(texts: Iterable[str], *, compile_kernels: bool) -> TokenTable:
    """Return the tokens of the texts; the compiled and the plain path give the same bits."""
    found = token_columns(texts, Storage(), compile_kernels=compile_kernels)
    places = found.ids.take(), found.starts.take(), found.ends.take(), found.breaks.take()
    return TokenTable(found.bounds, *places, found.vocabulary, found.weights)


def token_columns(
    texts: Iterable[str | bytes], storage: Storage, *, compile_kernels: bool
) -> TokenColumns:
    """Return the tokens of the texts, which may be in UTF-8, in columns of the storage."""
    columns = _token_columns(storage)
    write = _compiled if compile_kernels else _plain
    counts, vocabulary, weights = write(texts, columns)
    return TokenColumns(_bounds(counts), *columns, vocabulary, weights)


def _token_columns(storage: Storage) -> tuple[Column, Column, Column, Column]:
    """Return columns for ids, starts, ends and breaks."""
    return (
        storage.column(np.int32),
        storage.column(np.uint32),
        storage.column(np.uint32),
        storage.column(np.uint8),
    )


def _bounds(counts: "ArrayLike") -> "NDArray[np.int64]":
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _plain(
    texts: Iterable[str | bytes], columns: tuple[Column, ...]
) -> tuple[list[int], "NDArray[np.uint64]", "NDArray[np.uint8]"]:
    """Write ids, starts, ends and breaks; return the counts, the vocabulary and its weights."""
    numbers: dict[int, int] = {}
    vocabulary_weights: list[int] = []
    known: dict[str, int] = {}
    counts: list[int] = []
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    breaks: list[int] = []
    for text in texts:
        before = len(ids)
        if isinstance(text, bytes):
            text = text.decode("utf-8", "surrogatepass")  # noqa: PLW2901 - what it is a form of
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
    for column, values in zip(columns, (ids, starts, ends, breaks), strict=True):
        column.append(np.array(values, column.kind))
    vocabulary = np.fromiter(numbers, np.uint64, len(numbers))
    return counts, vocabulary, np.array(vocabulary_weights, np.uint8)


def encoded_batches(texts: Iterable[str | bytes]) -> Iterator[list[bytes]]:
    """Yield the texts in UTF-8, about half a megabyte at a time; surrogates pass."""
    batch: list[bytes] = []
    size = 0
    for text in texts:
        batch.append(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
        size += len(batch[-1])
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _compiled(
    texts: Iterable[str | bytes], columns: tuple[Column, ...]
) -> tuple["NDArray[np.int64]", "NDArray[np.uint64]", "NDArray[np.uint8]"]:
    """Do as `_plain`, with kernels."""
    tokenizer = Tokenizer()
    counts = tokenizer.write(texts, columns)
    return counts, tokenizer.vocabulary.copy(), tokenizer.weights.copy()


def pack(texts: Sequence[bytes]) -> tuple["NDArray[np.uint8]", "NDArray[np.int64]"]:
    """Return texts in UTF-8 as the tokenizer takes them: zero bytes behind each, and bounds."""
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=bounds[1:])
    data = bytearray(b"\0").join(texts)
    data += bytes(1 + PADDING)
    return np.frombuffer(data, np.uint8), bounds


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a few texts, one text behind the other, until the tokenizer's next call.

    As in a `TokenTable`; `hashes` has the xxh64 of each token, `counts` the tokens of each text.
    """

    ids: "NDArray[np.int32]"
    hashes: "NDArray[np.uint64]"
    starts: "NDArray[np.uint32]"
    ends: "NDArray[np.uint32]"
    breaks: "NDArray[np.uint8]"
    counts: "NDArray[np.int64]"

    def table(self, vocabulary: "NDArray[np.uint64]", weights: "NDArray[np.uint8]") -> TokenTable:
        """Return them as a table that stays."""
        return TokenTable(
            _bounds(self.counts),
            self.ids.copy(),
            self.starts.copy(),
            self.ends.copy(),
            self.breaks.copy(),
            vocabulary,
            weights,
        )


class Tokenizer:
    """The compiled tokenizer: a vocabulary, and room that is used again for each call.

    Without `places` no starts, ends and breaks are written.
    """

    def __init__(self, *, places: bool = True) -> None:
        self._places = places
        self._lasting: tuple[tuple[Lasting, ...], ...] = ()
        self._state = np.zeros(3, np.int64)  # tokens, words, spellings
        self._scratch = (
            np.zeros(40, np.uint8),
            np.zeros(4, np.uint64),
            np.zeros((4, AHEAD), np.uint64),
        )
        self._folded, self._edges = np.empty(0, np.uint8), np.empty(0, np.uint32)
        self._spellings: NDArray[np.uint64]
        self._hashes: NDArray[np.uint64]
        self._weights: NDArray[np.uint8]
        self._grow(1 << 14)
        self._room(1 << 16)

    @property
    def vocabulary(self) -> "NDArray[np.uint64]":
        """The xxh64 of each vocabulary number."""
        return self._hashes[: self._state[1]]

    @property
    def weights(self) -> "NDArray[np.uint8]":
        """The weight of each vocabulary number in half words."""
        return self._weights[: self._state[1]]

    def table(self, texts: Iterable[str]) -> TokenTable:
        """Return the tokens of texts; the vocabulary is that of all texts so far."""
        columns = _token_columns(Storage())
        counts = self.write(texts, columns)
        ids, starts, ends, breaks = (column.take() for column in columns)
        return TokenTable(_bounds(counts), ids, starts, ends, breaks, self.vocabulary, self.weights)

    def write(
        self, texts: Iterable[str | bytes], columns: tuple[Column, ...]
    ) -> "NDArray[np.int64]":
        """Write ids, starts, ends and breaks of texts; return the number of tokens of each."""
        counts = [np.empty(0, np.int64)]
        for batch in encoded_batches(texts):
            found = self.tokenize(*pack(batch))
            written: tuple[NDArray[Any], ...] = (found.ids, found.starts, found.ends, found.breaks)
            for column, values in zip(columns, written, strict=True):
                column.append(values)
            counts.append(found.counts)
        return np.concatenate(counts)

    def tokenize(self, data: "NDArray[np.uint8]", bounds: "NDArray[np.int64]") -> Tokens:
        """Return the tokens of texts in UTF-8; text `i` is `data[bounds[i]:bounds[i + 1] - 1]`.

        A zero byte lies behind each text, and `PADDING` bytes more behind the last; surrogates
        may be encoded like other code points.
        """
        texts = len(bounds) - 1
        if int(bounds[-1]) > self._size:
            self._room(2 * int(bounds[-1]))
        longest = int(np.diff(bounds).max(initial=0)) + 80
        if longest > len(self._folded):
            self._lasting = ()
            self._folded, self._edges = np.empty(longest, np.uint8), np.empty(longest, np.uint32)
        counts = np.empty(texts, np.int64)
        self._state[0] = 0
        text = 0
        while True:
            tables, scratch = self._lasting or self._last()
            text = token_kernel(data, bounds, text, *tables, counts, *scratch)
            if text == texts:
                break
            self._grow(2 * len(self._spellings))
        ids, hashes, starts, ends, breaks = (c[: self._state[0]] for c in self._columns)
        return Tokens(ids, hashes, starts, ends, breaks, counts)

    def _last(self) -> tuple[tuple[Lasting, ...], ...]:
        """Return what every call of the kernel is given, until there is more room."""
        table = load_table()
        folding = table.classes, table.fold_index, table.fold_start, table.fold_points
        words = self._slots, self._spellings, self._by_hash, self._hashes, self._weights
        groups: tuple[tuple[NDArray[Any], ...], ...] = (
            (*folding, *words, *self._columns),
            (self._state, *self._scratch, self._folded, self._edges),
        )
        self._lasting = tuple(tuple(map(Lasting, group)) for group in groups)
        return self._lasting

    def _room(self, size: int) -> None:
        self._lasting = ()
        self._size = size
        most = size // 2 + 8  # a token takes two bytes, with what parts it from the next
        kinds = (np.int32, np.uint64, np.uint32, np.uint32, np.uint8)
        of_places = most if self._places else 0
        sizes = (most, most, of_places, of_places, of_places)
        self._columns: list[NDArray[Any]] = [
            np.empty(size, kind) for size, kind in zip(sizes, kinds, strict=True)
        ]

    def _grow(self, most: int) -> None:
        """Make room for so many spellings; few of the usual ones are in each other's way."""
        self._lasting = ()
        words, spelled = int(self._state[1]), int(self._state[2])
        slots, by_hash = np.zeros(4 * most, np.int32), np.zeros(2 * most, np.int32)
        spellings = np.empty((most, 4), np.uint64)
        hashes, weights = np.empty(most, np.uint64), np.empty(most, np.uint8)
        if words:
            spellings[:spelled] = self._spellings[:spelled]
            hashes[:words], weights[:words] = self._hashes[:words], self._weights[:words]
            grow_kernel(slots, spellings, spelled, by_hash, hashes, words)
        self._slots, self._by_hash, self._spellings = slots, by_hash, spellings
        self._hashes, self._weights = hashes, weights
