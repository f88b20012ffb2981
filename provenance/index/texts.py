"""Texts as an index keeps them: zstandard, with a dictionary learned from its first documents."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from provenance.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

LEVEL: Final = 3
DICTIONARY_BYTES: Final = 1 << 16
SAMPLE: Final = 1 << 12  # bytes of a text that are learned from: more takes long and helps little
PLAIN: Final = 0  # the number of no dictionary


class Texts:
    """Compresses and decompresses with any dictionary it was given, by number."""

    def __init__(self) -> None:
        self._newest = PLAIN
        self._pack: dict[int, Callable[[bytes], bytes]] = {}
        self._unpack: dict[int, Callable[[bytes], bytes]] = {}
        self.use(PLAIN, b"")

    @property
    def newest(self) -> int:
        """The number of the dictionary that compresses."""
        return self._newest

    def use(self, number: int, dictionary: bytes) -> None:
        """Take a dictionary; the highest number compresses from now on."""
        self._pack[number], self._unpack[number] = _coders(dictionary)
        self._newest = max(self._newest, number)

    def pack(self, text: bytes) -> bytes:
        """Return a text compressed with the newest dictionary."""
        return self._pack[self._newest](text)

    def unpack(self, body: bytes, number: int) -> bytes:
        """Return a text that was compressed with a dictionary.

        Raises `StoreError` where it is damaged.
        """
        try:
            return self._unpack[number](body)
        except KeyError:
            raise StoreError(f"the index lacks dictionary {number} of its texts") from None
        except Exception as error:  # noqa: BLE001 - both modules have error types of their own
            raise StoreError(f"a text of the index is damaged: {error}") from None


def learn_dictionary(texts: Sequence[bytes]) -> bytes:
    """Return a dictionary for texts like these; empty where they are too few to learn from."""
    heads = [text[:SAMPLE] for text in texts]
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd

            return zstd.train_dict(heads, DICTIONARY_BYTES).dict_content
        import zstandard

        return zstandard.train_dictionary(DICTIONARY_BYTES, list(heads)).as_bytes()
    except Exception:  # noqa: BLE001 - no dictionary is needed
        return b""


def _coders(dictionary: bytes) -> "tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]":
    if sys.version_info >= (3, 14):
        from compression import zstd

        known = zstd.ZstdDict(dictionary) if dictionary else None
        return (
            lambda data: zstd.compress(data, level=LEVEL, zstd_dict=known),
            lambda data: zstd.decompress(data, zstd_dict=known),
        )
    import zstandard

    given: dict[str, Any] = {}
    if dictionary:
        given["dict_data"] = zstandard.ZstdCompressionDict(dictionary)
        given["dict_data"].precompute_compress(level=LEVEL)
    pack = zstandard.ZstdCompressor(level=LEVEL, **given).compress
    return pack, zstandard.ZstdDecompressor(**given).decompress
