"""Documents as strings, and keys as places in buckets: what lies on the server."""

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.errors import StoreError
from provenance.index.arrivals import digest_of
from provenance.index.keys import KEY_BITS
from provenance.index.records import document_row, verdict_row
from provenance.index.settings import IndexSettings
from provenance.index.store import Entry, Stored
from provenance.index.texts import PLAIN, Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HEAD: Final = struct.Struct("<IB16sIII")  # arrived, kept, digest, bytes of id, about and verdict
_FIELDS: Final = 64  # of a bucket at most, when the index holds what it was made for
_PASSAGES: Final = 70  # passage keys of a usual article
_WORDS: Final = 3  # keys of an id, an address, a text
_MOST_BITS: Final = 24


@dataclass(frozen=True, slots=True)
class Buckets:
    """Keys of 40 bits as hash fields: the first `bits` name the bucket, the others the field."""

    bits: int

    @classmethod
    def of(cls, settings: IndexSettings, documents: int) -> "Buckets":
        """Return the buckets of an index for so many documents: small hashes, stored densely."""
        keys = settings.banding.bands + _WORDS + (_PASSAGES if settings.passages else 0)
        bits = math.ceil(math.log2(max(1, documents * keys / _FIELDS)))
        return cls(min(max(bits, 8), _MOST_BITS))

    @property
    def width(self) -> int:
        """The bytes of a field."""
        return -(-(KEY_BITS - self.bits) // 8)

    @property
    def size(self) -> int:
        """The bytes of a bucket and a field."""
        return 3 + self.width

    def pack(self, keys: "NDArray[np.uint64]") -> bytes:
        """Return the bucket (3 bytes) and the field of each key, one after the other."""
        rest = KEY_BITS - self.bits
        buckets = (keys >> np.uint64(rest)).astype(">u8").view(np.uint8).reshape(-1, 8)
        fields = (keys & np.uint64((1 << rest) - 1)).astype(">u8").view(np.uint8).reshape(-1, 8)
        return np.concatenate([buckets[:, 5:], fields[:, 8 - self.width :]], axis=1).tobytes()


def pack_keys(keys: "NDArray[np.uint64]") -> bytes:
    """Return five bytes for each key."""
    return keys.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 3:].tobytes()


def unpack_key(packed: bytes) -> int:
    """Return the key of five bytes."""
    return int.from_bytes(packed, "big")


def pack_row(entry: Entry, texts: Texts) -> bytes:
    """Return the string of a document."""
    document = entry.document
    name = document.id.encode("utf-8", "surrogatepass")
    about = document_row(document).encode()
    verdict = verdict_row(entry.verdict).encode()
    head = _HEAD.pack(entry.arrived, entry.kept, entry.digest, len(name), len(about), len(verdict))
    body = texts.pack(entry.data) if entry.kept else b""
    return b"".join((head, name, about, verdict, body))


def unpack_row(number: int, row: bytes, texts: Texts) -> Stored:
    """Return the document of a string; raise `StoreError` where it is damaged."""
    try:
        arrived, kept, digest, *sizes = _HEAD.unpack_from(row)
        parts = []
        at = _HEAD.size
        for size in sizes:
            parts.append(row[at : at + size].decode("utf-8", "surrogatepass"))
            at += size
    except (struct.error, UnicodeDecodeError):
        raise StoreError(f"document {number} of the index is damaged") from None
    name, about, verdict = parts
    data = texts.unpack(row[at:], PLAIN) if kept else b""
    if kept and digest_of(data) != digest:
        raise StoreError(f"the text of {name} in the index is damaged")
    return Stored(number, name, data, about, digest, verdict, bool(kept), arrived)
