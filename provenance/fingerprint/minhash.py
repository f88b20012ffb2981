"""MinHash signatures, bit-identical to `datasketch.MinHash(scheme="affine32")`.

A signature is the row of minima of `a * f(h) + b mod 2^32` over a text's shingles, where `h` is
the low half of the shingle and `f` the finalizer of MurmurHash3; `a` (odd) and `b` are drawn as
datasketch 2 draws them. Source: Broder, "On the resemblance and containment of documents", 1997.
"""

import random
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datasketch import LeanMinHash, MinHash
    from numpy.typing import NDArray

SCHEME = "affine32"
EMPTY = np.uint32(0xFFFFFFFF)
_STATE = 624  # numbers of a Mersenne Twister
_TEXTS_AT_A_TIME = 1 << 14


def permutations(count: int, seed: int) -> tuple["NDArray[np.uint32]", "NDArray[np.uint32]"]:
    """Return the factors and the summands of the permutations, as datasketch draws them.

    That is from `numpy.random.RandomState`, which takes longer to load than many texts to read;
    the generator is that of Python, seeded as NumPy does. Source: Matsumoto and Nishimura,
    "Mersenne Twister", ACM TOMACS 1998, with `init_genrand` of its authors' code of 2002.
    """
    state = [seed]
    for place in range(1, _STATE):
        value = state[-1] ^ (state[-1] >> 30)
        state.append((1812433253 * value + place) & 0xFFFFFFFF)
    generator = random.Random()
    generator.setstate((3, (*state, _STATE), None))
    drawn = np.array([generator.getrandbits(32) for _ in range(2 * count)], np.uint32)
    factors = (drawn[:count] & np.uint32(0x7FFFFFFF)) * np.uint32(2) + np.uint32(1)
    return factors, drawn[count:]


def mix(hashes: "NDArray[np.uint32]") -> "NDArray[np.uint32]":
    """Apply the 32-bit finalizer of MurmurHash3, a bijection."""
    hashes = hashes ^ (hashes >> np.uint32(16))
    hashes = hashes * np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    hashes = hashes * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


def signatures(
    shingles: "NDArray[np.uint64]",
    bounds: "NDArray[np.int64]",
    counts: "NDArray[np.int64]",
    count: int,
    seed: int,
) -> "NDArray[np.uint32]":
    """Return one row of `count` values a text; a text without shingles has only `EMPTY`.

    Text `i` has its `counts[i]` shingles at `shingles[bounds[i]:]`; repeated ones do not matter.
    """
    factors, summands = permutations(count, seed)
    rows = np.full((len(counts), count), EMPTY, np.uint32)
    for first in range(0, len(counts), _TEXTS_AT_A_TIME):
        part = slice(first, min(first + _TEXTS_AT_A_TIME, len(counts)))
        low = int(bounds[part.start])
        mixed = mix(shingles[low : bounds[part.stop]].astype(np.uint32))
        _rows(mixed, bounds[part] - low, counts[part], factors, summands, rows[part])
    return rows


def _rows(
    mixed: "NDArray[np.uint32]",
    starts: "NDArray[np.int64]",
    counts: "NDArray[np.int64]",
    factors: "NDArray[np.uint32]",
    summands: "NDArray[np.uint32]",
    rows: "NDArray[np.uint32]",
) -> None:
    for text, (start, count) in enumerate(zip(starts.tolist(), counts.tolist(), strict=True)):
        for low in range(start, start + count, 4096):
            part = mixed[low : min(low + 4096, start + count)]
            values = (part[:, None] * factors + summands).min(axis=0)
            np.minimum(rows[text], values, out=rows[text])


def to_datasketch(row: "NDArray[np.uint32]", seed: int) -> "LeanMinHash":
    """Return a signature as a `datasketch.LeanMinHash` with the same values."""
    from datasketch import LeanMinHash

    return LeanMinHash(seed=seed, hashvalues=row, scheme=SCHEME)


def from_datasketch(minhash: "MinHash | LeanMinHash", seed: int) -> "NDArray[np.uint32]":
    """Return the values of a datasketch MinHash as a signature.

    Raises `ValueError` where its scheme or seed differ from ours: such values cannot be compared.
    """
    scheme = getattr(minhash, "scheme", "legacy")
    if scheme != SCHEME or minhash.seed != seed:
        message = (
            f"the MinHash was made with scheme {scheme!r} and seed {minhash.seed}, "
            f"this project's have scheme {SCHEME!r} and seed {seed}; make it again with these"
        )
        raise ValueError(message)
    return np.asarray(minhash.hashvalues, np.uint32)
